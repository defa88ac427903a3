import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { toHex } from '../../../../src/core/bytes/hex.ts';
import { Rc4 } from '../../../../src/core/crypto/rc4.ts';
import { NtlmSession } from '../../../../src/core/protocol/ntlm-session.ts';
import { PacketProtection } from '../../../../src/core/protocol/rpc/packet-security.ts';
import { decodePdu, PDU_TYPE, WHOLE } from '../../../../src/core/protocol/rpc/pdu.ts';
import { encodeRequest } from '../../../../src/core/protocol/rpc/pdu-call.ts';
import { RANDOM_SESSION_KEY } from '../ntlm-samples.ts';

/** Of [MS-NLMP] 4.2.4: extended session security, 128 bits, an exchanged key. */
const FLAGS = 0xe288_8235;
const md5 = (...parts: (Uint8Array | string)[]): Buffer => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const SIGN = md5(RANDOM_SESSION_KEY, 'session key to client-to-server signing key magic constant\0');
const SEAL = md5(RANDOM_SESSION_KEY, 'session key to client-to-server sealing key magic constant\0');

const protection = (level: number, side: 'client' | 'server', contextId = 1): PacketProtection =>
  new PacketProtection(new NtlmSession(RANDOM_SESSION_KEY, FLAGS, side), {
    type: 10,
    level,
    contextId,
    value: new Uint8Array(16),
  });
const STUB = Uint8Array.from({ length: 13 }, (_, index) => index + 1);
const REQUEST = {
  type: PDU_TYPE.request,
  flags: WHOLE,
  callId: 2,
  body: encodeRequest({ allocHint: STUB.length, contextId: 0, opnum: 3, stub: STUB }),
};

for (const [name, level] of [
  ['integrity', 5],
  ['privacy', 6],
] as const) {
  test(`${name}: two PDUs, computed step by step after [MS-NLMP] 3.4.4.2 and [MS-RPCE] 3.3.1.5.2.2`, () => {
    const client = protection(level, 'client');
    const cipher = new Rc4(SEAL);
    for (const number of [0, 1]) {
      const bytes = client.protect(REQUEST);
      const { auth } = decodePdu(bytes);
      // Header 16, request header 8, stub 13 with padding to a multiple of 16 of the body, trailer 8, signature 16.
      assert.equal(bytes.length, 16 + 32 + 8 + 16);
      assert.equal(auth?.level, level);
      const covered = Buffer.from(bytes.subarray(0, bytes.length - 16));
      const [stubAt, trailerAt] = [24, 48];
      if (level === 6) {
        covered.set(cipher.apply(covered.subarray(stubAt, trailerAt)), stubAt);
      }
      assert.equal(toHex(covered.subarray(stubAt, stubAt + STUB.length)), toHex(STUB));
      const sequence = Buffer.alloc(4);
      sequence.writeUInt32LE(number);
      const checksum = createHmac('md5', SIGN).update(sequence).update(covered).digest().subarray(0, 8);
      assert.equal(
        toHex(auth?.value ?? new Uint8Array(0)),
        `01000000${toHex(cipher.apply(checksum))}${toHex(sequence)}`,
      );
    }
  });

  test(`${name}: the other side opens it, and no changed byte goes unnoticed`, () => {
    const bytes = protection(level, 'client').protect(REQUEST);
    const opened = protection(level, 'server').open(bytes);
    assert.deepEqual({ ...opened, auth: undefined }, { ...REQUEST, auth: undefined });
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
      let result: unknown;
      try {
        result = protection(level, 'server').open(changed);
      } catch (error) {
        assert.equal((error as Error).name, 'DecodeError');
      }
      assert.equal(result, undefined, `byte ${at}`);
    }
  });

  test(`${name}: a PDU of the other level, of another context or without a verifier is not opened`, () => {
    const other = protection(level === 5 ? 6 : 5, 'client').protect(REQUEST);
    assert.equal(protection(level, 'server').open(other), undefined);
    const elsewhere = protection(level, 'client', 2).protect(REQUEST);
    assert.equal(protection(level, 'server').open(elsewhere), undefined);
    assert.ok(protection(level, 'server', 2).open(elsewhere));
    const plain = Uint8Array.from([5, 0, 2, 3, 16, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0]);
    assert.equal(protection(level, 'server').open(plain), undefined);
  });
}
