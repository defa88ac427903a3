import assert from 'node:assert/strict';
import { Reader } from '../../../../src/core/bytes/reader.ts';
import { prepare, type RpcAssociation } from '../../../../src/core/protocol/rpc/association.ts';
import { bind } from '../../../../src/core/protocol/rpc/bind.ts';
import { LSARPC } from '../../../../src/core/protocol/rpc/lsarpc.ts';
import type { RpcOperation } from '../../../../src/core/protocol/rpc/operation.ts';
import type { SecurityOptions } from '../../../../src/core/protocol/rpc/packet-security.ts';
import { encodePdu, WHOLE } from '../../../../src/core/protocol/rpc/pdu.ts';
import { PASSWORD, USER } from '../ntlm-samples.ts';
import { type FakeServer, type FakeServerOptions, run } from './fake-server.ts';

/** Says back what it is told. */
export const ECHO: RpcOperation<Uint8Array, Uint8Array> = {
  interface: LSARPC,
  name: 'Echo',
  opnum: 7,
  encode: (bytes) => bytes,
  decode: (stub) => stub,
};

/** Its response has four bytes and no more. */
export const NUMBER: RpcOperation<Uint8Array, number> = {
  ...ECHO,
  name: 'Number',
  decode: (stub) => {
    const r = new Reader(stub, 'Number');
    const value = r.u32le();
    r.expectEnd();
    return value;
  },
};

export const echo: NonNullable<FakeServerOptions['answer']> = ({ stub }) => stub;

export const SECURITY = {
  level: 'privacy' as const,
  credential: { domain: 'Domain', user: USER, password: PASSWORD },
  random: { exportedSessionKey: new Uint8Array(16).fill(5), clientChallenge: new Uint8Array(8).fill(6) },
  now: 133_000_000_000_000_000n,
  workstation: 'HERE',
};

export function bound(server: FakeServer, security?: SecurityOptions, concurrent = true): RpcAssociation {
  const answer = run(bind(server, [LSARPC], { ...(security && { security }), concurrent }));
  assert.equal(answer.kind, 'bound', JSON.stringify(answer));
  return answer.kind === 'bound' ? answer.association : assert.fail();
}

export const bytesOf = (length: number, first = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (first + index) & 0xff);

export const nothing = (callId: number, type: number, body: Uint8Array): Uint8Array =>
  encodePdu({ type, flags: WHOLE, callId, body });
export const ACK = { maxTransmit: 4280, maxReceive: 4280, group: 1, address: '', results: [] };

export const calls = (count: number, size = 8) =>
  Array.from({ length: count }, (_, index) => prepare(ECHO, bytesOf(size, index)));
export const echoes = (count: number, size = 8) =>
  Array.from({ length: count }, (_, index) => ({ kind: 'answered' as const, value: bytesOf(size, index) }));
