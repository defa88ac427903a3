import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bind } from '../../../../src/core/protocol/rpc/bind.ts';
import { FAULT_STATUS } from '../../../../src/core/protocol/rpc/fault-status.ts';
import { LSARPC } from '../../../../src/core/protocol/rpc/lsarpc.ts';
import { decodePdu, encodePdu, PDU_TYPE, PFC } from '../../../../src/core/protocol/rpc/pdu.ts';
import { PASSWORD } from '../ntlm-samples.ts';
import { bound, bytesOf, calls, ECHO, echo, echoes, SECURITY } from './echo.ts';
import { FakeServer, type FakeServerOptions, faultOf, responsesOf, run } from './fake-server.ts';

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

test('a sign-in that is refused in the name of the bind: every call has that fault, and no more is sent', () => {
  const server = new FakeServer({
    answer: echo,
    password: PASSWORD,
    twist: (pdus, { type }) => (type === PDU_TYPE.request ? [faultOf(1, 5)] : pdus),
  });
  const association = bound(server, SECURITY);
  const refused = { kind: 'fault' as const, status: FAULT_STATUS.rpc_s_access_denied, executed: false };
  assert.deepEqual(run(association.call(ECHO, bytesOf(4))), refused);
  assert.deepEqual(run(association.call(ECHO, bytesOf(4))), refused);
  assert.equal(server.calls.length, 1);
});
