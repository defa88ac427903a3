import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bind } from '../../../../src/core/protocol/rpc/bind.ts';
import { DSSETUP } from '../../../../src/core/protocol/rpc/dssetup.ts';
import { LSARPC } from '../../../../src/core/protocol/rpc/lsarpc.ts';
import { decodePdu, PDU_TYPE, PFC, WHOLE } from '../../../../src/core/protocol/rpc/pdu.ts';
import { decodeBind, encodeBindAck, encodeBindNak } from '../../../../src/core/protocol/rpc/pdu-bind.ts';
import { ACK, bound, bytesOf, ECHO, echo, nothing } from './echo.ts';
import { FakeServer, faultOf, run } from './fake-server.ts';

test('bind: one PDU with every interface and the features, whole, asking for calls in flight', () => {
  const server = new FakeServer();
  const answer = run(bind(server, [LSARPC, DSSETUP]));
  assert.equal(answer.kind, 'bound');
  assert.equal(server.pdus.length, 1);
  const pdu = decodePdu(server.pdus[0] ?? new Uint8Array(0));
  assert.equal(pdu.type, PDU_TYPE.bind);
  assert.equal(pdu.flags, WHOLE | PFC.CONC_MPX);
  assert.deepEqual(
    decodeBind(pdu.body).contexts.map(({ id, abstractSyntax, transferSyntaxes }) => [
      id,
      abstractSyntax.uuid,
      transferSyntaxes[0]?.uuid,
    ]),
    [
      [0, LSARPC.syntax.uuid, '8a885d04-1ceb-11c9-9fe8-08002b104860'],
      [1, DSSETUP.syntax.uuid, '8a885d04-1ceb-11c9-9fe8-08002b104860'],
      [2, LSARPC.syntax.uuid, '6cb71c2c-9812-4540-0300-000000000000'],
    ],
  );
});

test('bind: what the server agreed to stands in the association', () => {
  const answer = run(bind(new FakeServer({ serves: [DSSETUP.syntax.uuid] }), [LSARPC, DSSETUP]));
  const association = answer.kind === 'bound' ? answer.association : assert.fail();
  assert.equal(association.serves(LSARPC), false);
  assert.equal(association.serves(DSSETUP), true);
  assert.equal(association.concurrent, false);
  assert.equal(association.features, 3);
  assert.equal(association.address, '\\PIPE\\fake');
  assert.deepEqual(run(association.call(ECHO, bytesOf(4))), {
    kind: 'failed',
    problem: 'lsarpc is not served here',
  });
});

test('bind: no interface of ours', () => {
  const answer = run(bind(new FakeServer({ serves: [] }), [LSARPC]));
  assert.equal(answer.kind, 'no-interface');
  assert.deepEqual(answer.kind === 'no-interface' && answer.results[0]?.reason, 1);
});

test('alter_context adds an interface, and says where there is none', () => {
  const server = new FakeServer({ answer: echo, serves: [LSARPC.syntax.uuid, DSSETUP.syntax.uuid] });
  const association = bound(server);
  assert.deepEqual(run(association.add(DSSETUP)), { kind: 'added' });
  assert.equal(decodePdu(server.pdus[1] ?? new Uint8Array(0)).type, PDU_TYPE.alter_context);
  assert.deepEqual(run(association.add(DSSETUP)), { kind: 'added' }, 'the second time costs nothing');
  assert.equal(server.pdus.length, 2);
  assert.equal(run(association.call({ ...ECHO, interface: DSSETUP }, bytesOf(3))).kind, 'answered');
  assert.equal(server.calls[0]?.contextId, 1);
  const elsewhere = {
    ...DSSETUP,
    syntax: { ...DSSETUP.syntax, uuid: '11111111-2222-3333-4444-555555555555' },
  };
  assert.deepEqual(run(association.add(elsewhere)), { kind: 'no-interface', reason: 1 });
  assert.equal(association.broken, undefined);
});

/** What a bind is answered with, and what comes of it. */
const BIND_ANSWERS: readonly (readonly [name: string, answer: Uint8Array, expected: object])[] = [
  ['bind_nak', nothing(1, PDU_TYPE.bind_nak, encodeBindNak({ reason: 4 })), { kind: 'rejected', reason: 4 }],
  ['a fault', faultOf(1, 5), { kind: 'fault', status: 5 }],
  [
    'another call id',
    nothing(9, PDU_TYPE.bind_nak, encodeBindNak({ reason: 0 })),
    { kind: 'foreign', problem: 'an answer to call 9, not to ours' },
  ],
  [
    'a response',
    nothing(1, PDU_TYPE.response, new Uint8Array(8)),
    { kind: 'foreign', problem: 'expected a PDU of type 12, received type 2' },
  ],
  [
    'fragments of no size',
    nothing(1, PDU_TYPE.bind_ack, encodeBindAck({ ...ACK, maxReceive: 24 })),
    { kind: 'foreign', problem: 'the server takes fragments of 24 bytes at the most' },
  ],
  [
    'no results',
    nothing(1, PDU_TYPE.bind_ack, encodeBindAck(ACK)),
    { kind: 'foreign', problem: '0 results for 1 interfaces' },
  ],
  [
    'a transfer syntax that was not offered',
    nothing(
      1,
      PDU_TYPE.bind_ack,
      encodeBindAck({
        ...ACK,
        results: [{ result: 0, reason: 0, transferSyntax: { uuid: LSARPC.syntax.uuid, major: 1, minor: 0 } }],
      }),
    ),
    {
      kind: 'foreign',
      problem: `the server chose the transfer syntax ${LSARPC.syntax.uuid}, which was not offered`,
    },
  ],
  [
    'another protocol',
    new TextEncoder().encode('HTTP/1.1 400 Bad Request'),
    { kind: 'foreign', problem: 'PDU at byte 0: expected version 5, received 72' },
  ],
  ['no bytes', new Uint8Array(0), { kind: 'failed', problem: 'the server gave an empty message' }],
];

for (const [name, said, expected] of BIND_ANSWERS) {
  test(`bind answered with ${name}`, () => {
    assert.deepEqual(run(bind(new FakeServer({ twist: () => [said] }), [LSARPC])), expected);
  });
}
