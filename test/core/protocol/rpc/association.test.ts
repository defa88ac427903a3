import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DSSETUP } from '../../../../src/core/protocol/rpc/dssetup.ts';
import { FAULT_STATUS, faultName } from '../../../../src/core/protocol/rpc/fault-status.ts';
import { decodePdu, encodePdu, PDU_TYPE, PFC, WHOLE } from '../../../../src/core/protocol/rpc/pdu.ts';
import { decodeBind, encodeBindAck } from '../../../../src/core/protocol/rpc/pdu-bind.ts';
import { decodeRequest, encodeResponse } from '../../../../src/core/protocol/rpc/pdu-call.ts';
import { ACK, bound, bytesOf, calls, ECHO, echo, echoes, NUMBER, nothing } from './echo.ts';
import { FakeServer, faultOf, responsesOf, run } from './fake-server.ts';

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

test('no more than 256 are in flight', () => {
  const server = new FakeServer({ answer: echo, concurrent: true });
  assert.deepEqual(run(bound(server).callAll(calls(300))), echoes(300));
  assert.equal(server.messages.slice(1).indexOf('read'), 256);
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
  const association = bound(server);
  assert.deepEqual(run(association.callAll(calls(5))), expected);
  assert.equal(association.broken, undefined, 'nothing more was waited for');
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
