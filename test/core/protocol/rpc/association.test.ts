import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reader } from '../../../../src/core/bytes/reader.ts';
import { prepare, type RpcAssociation } from '../../../../src/core/protocol/rpc/association.ts';
import { bind } from '../../../../src/core/protocol/rpc/bind.ts';
import { DSSETUP } from '../../../../src/core/protocol/rpc/dssetup.ts';
import { FAULT_STATUS, faultName } from '../../../../src/core/protocol/rpc/fault-status.ts';
import { LSARPC } from '../../../../src/core/protocol/rpc/lsarpc.ts';
import type { RpcOperation } from '../../../../src/core/protocol/rpc/operation.ts';
import type { SecurityOptions } from '../../../../src/core/protocol/rpc/packet-security.ts';
import { decodePdu, encodePdu, PDU_TYPE, PFC, WHOLE } from '../../../../src/core/protocol/rpc/pdu.ts';
import { decodeBind, encodeBindAck, encodeBindNak } from '../../../../src/core/protocol/rpc/pdu-bind.ts';
import { decodeRequest, encodeResponse } from '../../../../src/core/protocol/rpc/pdu-call.ts';
import { PASSWORD, USER } from '../ntlm-samples.ts';
import { FakeServer, type FakeServerOptions, faultOf, responsesOf, run } from './fake-server.ts';

/** Says back what it is told. */
const ECHO: RpcOperation<Uint8Array, Uint8Array> = {
  interface: LSARPC,
  name: 'Echo',
  opnum: 7,
  encode: (bytes) => bytes,
  decode: (stub) => stub,
};

/** Its response has four bytes and no more. */
const NUMBER: RpcOperation<Uint8Array, number> = {
  ...ECHO,
  name: 'Number',
  decode: (stub) => {
    const r = new Reader(stub, 'Number');
    const value = r.u32le();
    r.expectEnd();
    return value;
  },
};

const echo: NonNullable<FakeServerOptions['answer']> = ({ stub }) => stub;

const SECURITY = {
  level: 'privacy' as const,
  credential: { domain: 'Domain', user: USER, password: PASSWORD },
  random: { exportedSessionKey: new Uint8Array(16).fill(5), clientChallenge: new Uint8Array(8).fill(6) },
  now: 133_000_000_000_000_000n,
  workstation: 'HERE',
};

function bound(server: FakeServer, security?: SecurityOptions, concurrent = true): RpcAssociation {
  const answer = run(bind(server, [LSARPC], { ...(security && { security }), concurrent }));
  assert.equal(answer.kind, 'bound', JSON.stringify(answer));
  return answer.kind === 'bound' ? answer.association : assert.fail();
}

const bytesOf = (length: number, first = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (first + index) & 0xff);

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

const nothing = (callId: number, type: number, body: Uint8Array): Uint8Array =>
  encodePdu({ type, flags: WHOLE, callId, body });
const ACK = { maxTransmit: 4280, maxReceive: 4280, group: 1, address: '', results: [] };

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

test('a call: the stub goes there and back, in one message each way', () => {
  const server = new FakeServer({ answer: echo });
  const association = bound(server);
  assert.deepEqual(run(association.call(ECHO, bytesOf(12))), { kind: 'answered', value: bytesOf(12) });
  assert.deepEqual(server.messages, ['transact', 'transact']);
  assert.deepEqual(
    server.calls.map(({ opnum, callId, contextId, allocHint }) => ({ opnum, callId, contextId, allocHint })),
    [{ opnum: 7, callId: 2, contextId: 0, allocHint: 12 }],
  );
});

test('a long stub goes out in fragments of the size that the server takes, cut at eight bytes', () => {
  const server = new FakeServer({ answer: echo, maxReceive: 1500 });
  const association = bound(server);
  const long = bytesOf(10_001);
  assert.deepEqual(run(association.call(ECHO, long)), { kind: 'answered', value: long });
  const fragments = server.pdus.slice(1).map(decodePdu);
  assert.ok(server.pdus.slice(1).every(({ length }) => length <= 1500));
  assert.deepEqual(
    fragments.map(({ flags }) => flags),
    [PFC.FIRST_FRAG, ...Array(5).fill(0), PFC.LAST_FRAG],
  );
  assert.ok(fragments.slice(0, -1).every(({ body }) => decodeRequest(body).stub.length % 8 === 0));
  assert.deepEqual(server.messages.slice(1), [...Array(6).fill('write'), 'transact']);
});

for (const chop of [1, 7, 24, 4096]) {
  test(`a long response comes back in fragments, ${chop} bytes a message`, () => {
    const server = new FakeServer({ answer: () => bytesOf(5_000), part: 1_400, chop });
    assert.deepEqual(run(bound(server).call(ECHO, bytesOf(1))), { kind: 'answered', value: bytesOf(5_000) });
  });
}

test('several PDUs in one message are taken one by one', () => {
  const server = new FakeServer({
    answer: echo,
    part: 4,
    twist: (pdus) => [Uint8Array.from(pdus.flatMap((pdu) => [...pdu]))],
  });
  assert.deepEqual(run(bound(server).call(ECHO, bytesOf(20))), { kind: 'answered', value: bytesOf(20) });
});

test('a fault is an answer, and the next call goes on', () => {
  const server = new FakeServer({ answer: ({ opnum, stub }) => (opnum === 7 ? 0x1c01_0002 : stub) });
  const association = bound(server);
  assert.deepEqual(run(association.call(ECHO, bytesOf(1))), {
    kind: 'fault',
    status: FAULT_STATUS.nca_s_op_rng_error,
    executed: false,
  });
  assert.equal(faultName(0x1c01_0002), 'nca_s_op_rng_error');
  assert.equal(faultName(0x1234), undefined);
  assert.equal(run(association.call({ ...ECHO, opnum: 8 }, bytesOf(1))).kind, 'answered');
});

test('a response that its decoder refuses is foreign, and the connection stays good', () => {
  const server = new FakeServer({ answer: ({ stub }) => stub });
  const association = bound(server);
  assert.deepEqual(run(association.call(NUMBER, bytesOf(5))), {
    kind: 'foreign',
    problem: 'Number at byte 4: 1 bytes follow the end',
  });
  assert.deepEqual(run(association.call(NUMBER, Uint8Array.of(9, 0, 0, 0))), { kind: 'answered', value: 9 });
});

/** How a server may misbehave after a good bind, and what is said of it. Afterwards the connection is broken. */
const HOSTILE: readonly (readonly [
  name: string,
  said: (callId: number) => readonly Uint8Array[],
  problem: RegExp,
])[] = [
  [
    'another call id',
    (id) => responsesOf(id + 5, bytesOf(4)).map((pdu) => encodePdu(pdu)),
    /answer to call 7, which is not open/,
  ],
  [
    'the call id of the bind',
    () => responsesOf(1, bytesOf(4)).map((pdu) => encodePdu(pdu)),
    /answer to call 1,/,
  ],
  ['a bind_ack', (id) => [nothing(id, PDU_TYPE.bind_ack, encodeBindAck(ACK))], /received a PDU of type 12/],
  ['a type that does not exist', (id) => [nothing(id, 99, new Uint8Array(8))], /received a PDU of type 99/],
  [
    'a response without its beginning',
    (id) => [encodePdu({ ...response(id, 4), flags: PFC.LAST_FRAG })],
    /without its beginning/,
  ],
  [
    'a response that begins twice',
    (id) => [0, 0].map(() => encodePdu({ ...response(id, 4), flags: PFC.FIRST_FRAG })),
    /begins twice/,
  ],
  [
    'an empty fragment that goes on',
    (id) => [encodePdu({ ...response(id, 0), flags: PFC.FIRST_FRAG })],
    /empty fragment/,
  ],
  [
    'fragments that never end',
    (id) =>
      Array.from({ length: 3_000 }, (_, at) =>
        encodePdu({ ...response(id, 1), flags: at === 0 ? PFC.FIRST_FRAG : 0 }),
      ),
    /more than 2929 fragments/,
  ],
  [
    'more bytes than anybody asks for',
    (id) =>
      Array.from({ length: 70 }, (_, at) =>
        encodePdu({ ...response(id, 65_000), flags: at === 0 ? PFC.FIRST_FRAG : 0 }),
      ),
    /more than 4194304 bytes/,
  ],
  ['half a PDU', (id) => [encodePdu(response(id, 40)).subarray(0, 30)], /the server says nothing/],
  [
    'a short response',
    (id) => [nothing(id, PDU_TYPE.response, new Uint8Array(7))],
    /response at byte 22: expected 2 more bytes/,
  ],
  [
    'big-endian data',
    (id) => [encodePdu(response(id, 4)).map((byte, at) => (at === 4 ? 0 : byte))],
    /expected little-endian data/,
  ],
  [
    'a length below the header',
    (id) => [encodePdu(response(id, 4)).map((byte, at) => (at === 8 ? 15 : byte))],
    /at least 16 bytes, received 15/,
  ],
  [
    'a verifier larger than the PDU',
    (id) => [encodePdu(response(id, 4)).map((byte, at) => (at === 10 ? 200 : byte))],
    /a verifier of 200 bytes has no room in 28/,
  ],
  ['nothing', () => [], /the server says nothing/],
];

function response(callId: number, size: number) {
  // The hint lies: nothing is made as large as it says.
  const body = encodeResponse({ allocHint: 0xffff_ffff, contextId: 0, stub: new Uint8Array(size) });
  return { type: PDU_TYPE.response, flags: WHOLE, callId, body };
}

for (const [name, said, problem] of HOSTILE) {
  test(`a call answered with ${name}`, () => {
    const server = new FakeServer({
      answer: echo,
      twist: (pdus, { type, callId }) => (type === PDU_TYPE.request ? said(callId) : pdus),
    });
    const association = bound(server);
    const answer = run(association.call(ECHO, bytesOf(4)));
    assert.ok(answer.kind === 'foreign' || answer.kind === 'failed', answer.kind);
    assert.match(answer.problem, problem);
    const sent = server.pdus.length;
    assert.deepEqual(run(association.call(ECHO, bytesOf(4))), answer, 'every later call has the same answer');
    assert.deepEqual(run(association.add(DSSETUP)), answer);
    assert.deepEqual(association.broken, answer);
    assert.equal(server.pdus.length, sent, 'nothing more is sent');
  });
}

test('a fault in the middle of a response ends the call', () => {
  const server = new FakeServer({
    answer: () => bytesOf(100),
    part: 40,
    twist: (pdus, { type, callId }) =>
      type === PDU_TYPE.request ? [...pdus.slice(0, 1), faultOf(callId, 0x1c00_0012)] : pdus,
  });
  assert.deepEqual(run(bound(server).call(ECHO, bytesOf(4))), {
    kind: 'fault',
    status: FAULT_STATUS.nca_s_fault_unspec,
    executed: false,
  });
});

const calls = (count: number, size = 8) =>
  Array.from({ length: count }, (_, index) => prepare(ECHO, bytesOf(size, index)));
const echoes = (count: number, size = 8) =>
  Array.from({ length: count }, (_, index) => ({ kind: 'answered' as const, value: bytesOf(size, index) }));

test('several calls, one at a time where bind_ack has no PFC_CONC_MPX', () => {
  const server = new FakeServer({ answer: echo });
  const association = bound(server);
  assert.deepEqual(run(association.callAll(calls(5))), echoes(5));
  assert.deepEqual(server.messages, Array(6).fill('transact'));
});

test('several calls in flight where bind_ack has it: written, then read', () => {
  const server = new FakeServer({ answer: echo, concurrent: true });
  const association = bound(server);
  assert.equal(association.concurrent, true);
  assert.deepEqual(run(association.callAll(calls(5))), echoes(5));
  assert.deepEqual(server.messages.slice(1), [...Array(5).fill('write'), ...Array(5).fill('read')]);
});

test('calls in flight: each read says how many answers are still to come', () => {
  const server = new FakeServer({ answer: echo, concurrent: true });
  run(bound(server).callAll(calls(5)));
  assert.deepEqual(server.expected, [5, 4, 3, 2, 1]);
});

test('a transport that carries more than a PDU can have: fragments stay at 5840 bytes', () => {
  const server = new FakeServer({ answer: echo, maxTransmit: 0x1_0000, maxReceive: 0xffff });
  const association = bound(server);
  const { maxTransmit, maxReceive } = decodeBind(decodePdu(server.pdus[0] ?? new Uint8Array(0)).body);
  assert.deepEqual([maxTransmit, maxReceive], [5840, 5840]);
  assert.deepEqual(run(association.call(ECHO, bytesOf(20_000))), {
    kind: 'answered',
    value: bytesOf(20_000),
  });
  assert.deepEqual(
    server.pdus.slice(1).map(({ length }) => length),
    [5840, 5840, 5840, 2576],
  );
});

test('no more than 32 are in flight', () => {
  const server = new FakeServer({ answer: echo, concurrent: true });
  assert.deepEqual(run(bound(server).callAll(calls(70))), echoes(70));
  assert.equal(server.messages.slice(1).indexOf('read'), 32);
});

test('answers may come in any order, their fragments mixed, a fault among them', () => {
  const held: Uint8Array[] = [];
  const server = new FakeServer({
    answer: ({ stub, callId }) => (callId === 4 ? 0x1c01_0014 : stub),
    part: 4,
    concurrent: true,
    twist: (pdus, { type }) => {
      if (type !== PDU_TYPE.request) return pdus;
      held.push(...pdus);
      if (held.length < 9) return [];
      // The second fragments in reverse order, after all of the first.
      const first = held.filter((pdu) => (decodePdu(pdu).flags & PFC.FIRST_FRAG) !== 0);
      return [...first, ...held.filter((pdu) => !first.includes(pdu)).reverse()];
    },
  });
  const expected = [...echoes(5)] as object[];
  expected[2] = { kind: 'fault', status: FAULT_STATUS.nca_s_server_too_busy, executed: false };
  assert.deepEqual(run(bound(server).callAll(calls(5))), expected);
});

test('a busy pipe breaks the connection, with its status, and nothing is sent twice', () => {
  // Message 0 binds, 1 and 2 are taken, 3 is refused.
  const busy = { status: 0xc000_00ae, problem: 'the pipe is busy' };
  const server = new FakeServer({
    answer: echo,
    concurrent: true,
    refuse: (message) => (message === 3 ? busy : undefined),
  });
  const association = bound(server);
  assert.deepEqual(run(association.callAll(calls(5))), Array(5).fill({ kind: 'failed', ...busy }));
  assert.deepEqual(server.messages.slice(1), ['write', 'write', 'write']);
  assert.deepEqual(
    server.calls.map(({ callId }) => callId),
    [2, 3],
  );
});

test('one call at a time where the caller wants it so, whatever the server offers', () => {
  const server = new FakeServer({ answer: echo, concurrent: true });
  const association = bound(server, undefined, false);
  assert.equal(association.concurrent, false);
  assert.equal((decodePdu(server.pdus[0] ?? new Uint8Array(0)).flags & PFC.CONC_MPX) === 0, true);
  assert.deepEqual(run(association.callAll(calls(5))), echoes(5));
  assert.deepEqual(server.messages, Array(6).fill('transact'));
});

test('a connection that dies among several calls: answers that came are kept', () => {
  const server = new FakeServer({
    answer: echo,
    concurrent: true,
    twist: (pdus, { type, callId }) => (type === PDU_TYPE.request && callId > 3 ? [] : pdus),
  });
  const dead = { kind: 'failed' as const, problem: 'the server says nothing' };
  const association = bound(server);
  assert.deepEqual(run(association.callAll(calls(4))), [...echoes(2), dead, dead]);
  assert.deepEqual(association.broken, dead);
});

for (const level of ['privacy', 'integrity'] as const) {
  test(`a sign-in at the level of ${level}: bind, rpc_auth_3 as a secret, protected calls`, () => {
    const server = new FakeServer({ answer: echo, password: PASSWORD, part: 1_000, concurrent: true });
    const association = bound(server, { ...SECURITY, level });
    const [first, last] = server.pdus.map(decodePdu);
    assert.equal((first?.flags ?? 0) & PFC.SUPPORT_HEADER_SIGN, PFC.SUPPORT_HEADER_SIGN);
    assert.equal(first?.auth?.type, 10);
    assert.equal(last?.type, PDU_TYPE.rpc_auth_3);
    assert.equal(last?.callId, first?.callId);
    assert.deepEqual(server.secrets, [server.pdus[1]]);
    assert.deepEqual(server.messages, ['transact', 'write']);

    const secret = new TextEncoder().encode('a value that is nobody else’s business');
    const long = bytesOf(20_000);
    assert.deepEqual(run(association.call(ECHO, secret)), { kind: 'answered', value: secret });
    assert.deepEqual(run(association.call(ECHO, long)), { kind: 'answered', value: long });
    assert.deepEqual(run(association.callAll(calls(5))), echoes(5));
    assert.ok(server.pdus.every(({ length }) => length <= 4280));
    assert.ok(
      server.pdus.slice(2).every((pdu) => decodePdu(pdu).auth?.level === (level === 'privacy' ? 6 : 5)),
    );
    const readable = server.pdus.some((pdu) => Buffer.from(pdu).includes(Buffer.from(secret)));
    assert.equal(readable, level === 'integrity');
  });
}

test('a sign-in with a server that answers without a challenge, or with another token', () => {
  const refused = (server: FakeServer, problem: RegExp) => {
    const answer = run(bind(server, [LSARPC], { security: SECURITY }));
    assert.match(answer.kind === 'foreign' ? answer.problem : answer.kind, problem);
    assert.equal(server.pdus.length, 1, 'nothing that was made with the password is sent');
  };
  refused(new FakeServer(), /without an NTLM challenge/);
  const twist: FakeServerOptions['twist'] = (pdus) =>
    pdus.map((pdu) => {
      const decoded = decodePdu(pdu);
      return encodePdu({
        ...decoded,
        ...(decoded.auth && { auth: { ...decoded.auth, value: bytesOf(30) } }),
      });
    });
  refused(new FakeServer({ password: PASSWORD, twist }), /expected the signature NTLMSSP/);
});

test('a sign-in: an answer that is not signed, changed on its way, or repeated, breaks the connection', () => {
  const twists: readonly NonNullable<FakeServerOptions['twist']>[] = [
    (_, { callId }) => responsesOf(callId, bytesOf(4)).map((pdu) => encodePdu(pdu)),
    (pdus) => pdus.map((pdu) => pdu.map((byte, at) => (at === 26 ? byte ^ 1 : byte))),
    (pdus) => pdus.map((pdu) => pdu.map((byte, at) => (at === pdu.length - 1 ? byte ^ 1 : byte))),
    // Of the header: its call stays open, the flags alone are changed.
    (pdus) => pdus.map((pdu) => pdu.map((byte, at) => (at === 3 ? byte | PFC.DID_NOT_EXECUTE : byte))),
    (pdus) => pdus.map((pdu) => pdu.map((byte, at) => (at === 20 ? byte ^ 1 : byte))),
  ];
  for (const twist of twists) {
    const server = new FakeServer({
      answer: echo,
      password: PASSWORD,
      twist: (pdus, asked) => (asked.type === PDU_TYPE.request ? twist(pdus, asked) : pdus),
    });
    const association = bound(server, SECURITY);
    const answer = run(association.call(ECHO, bytesOf(4)));
    assert.deepEqual(answer, {
      kind: 'foreign',
      problem: 'an answer without the signature that was agreed on',
    });
    assert.deepEqual(association.broken, answer);
  }
});

test('a sign-in: a fault may come without a signature, and is a refusal', () => {
  const server = new FakeServer({ answer: () => FAULT_STATUS.rpc_s_access_denied, password: PASSWORD });
  assert.deepEqual(run(bound(server, SECURITY).call(ECHO, bytesOf(4))), {
    kind: 'fault',
    status: 5,
    executed: false,
  });
});
