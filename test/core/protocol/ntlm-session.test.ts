import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../../../src/core/bytes/hex.ts';
import { encodeUtf16le } from '../../../src/core/bytes/utf16.ts';
import { flagsOf, NTLM_FLAG } from '../../../src/core/protocol/ntlm-flags.ts';
import { NtlmSession, sealKey, signKey } from '../../../src/core/protocol/ntlm-session.ts';
import * as sample from './ntlm-samples.ts';

const FLAGS = 0xe2888235;

test('GSS_WrapEx: the values of [MS-NLMP] 4.2.4.4', () => {
  assert.equal(toHex(signKey(sample.RANDOM_SESSION_KEY, 'client')), '4788dc861b4782f35d43fd98fe1a2d39');
  assert.equal(
    toHex(sealKey(sample.RANDOM_SESSION_KEY, FLAGS, 'client')),
    '59f600973cc4960a25480a7c196e4c58',
  );
  const session = new NtlmSession(sample.RANDOM_SESSION_KEY, FLAGS, 'client');
  assert.equal(
    toHex(session.wrap(encodeUtf16le('Plaintext'))),
    // Version, Checksum, SeqNum, and the sealed message
    '01000000 7fb38ec5c55d4976 00000000 54e50165bf1936dc996020c1811b0f06fb5f'.replaceAll(' ', ''),
  );
});

test('GSS_WrapEx: the sequence number counts', () => {
  const session = new NtlmSession(sample.RANDOM_SESSION_KEY, FLAGS, 'client');
  const numbers = [0, 1, 2].map(() => toHex(session.wrap(new Uint8Array(1)).subarray(12, 16)));
  assert.deepEqual(numbers, ['00000000', '01000000', '02000000']);
});

test('SEALKEY: 56 and 40 bits use the first seven and five bytes of the key', () => {
  const of = (flags: number, key: Uint8Array): string => toHex(sealKey(key, flags, 'client'));
  const changedAt = (at: number): Uint8Array =>
    sample.RANDOM_SESSION_KEY.map((byte, i) => (i === at ? 0 : byte));
  const strengths: readonly (readonly [flags: number, used: number])[] = [
    [flagsOf(NTLM_FLAG.NEGOTIATE_128, NTLM_FLAG.NEGOTIATE_56), 16],
    [NTLM_FLAG.NEGOTIATE_56, 7],
    [0, 5],
  ];
  for (const [flags, used] of strengths) {
    for (let at = 0; at < 16; at += 1) {
      const same = of(flags, changedAt(at)) === of(flags, sample.RANDOM_SESSION_KEY);
      assert.equal(same, at >= used, `byte ${at} of ${used}`);
    }
  }
});

const kept = flagsOf(NTLM_FLAG.NEGOTIATE_EXTENDED_SESSIONSECURITY, NTLM_FLAG.NEGOTIATE_128);
const messages = fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 5 });
const key = fc.uint8Array({ minLength: 16, maxLength: 16 });

test('GSS_WrapEx: each side unwraps what the other wrapped, in order', () => {
  fc.assert(
    fc.property(key, fc.constantFrom(FLAGS, kept), messages, messages, (exported, flags, asked, answered) => {
      const client = new NtlmSession(exported, flags, 'client');
      const server = new NtlmSession(exported, flags, 'server');
      for (const message of asked) assert.deepEqual(server.unwrap(client.wrap(message)), message);
      for (const message of answered) assert.deepEqual(client.unwrap(server.wrap(message)), message);
    }),
  );
});

test('GSS_WrapEx: a changed, a short, a repeated and a foreign message have no content', () => {
  const fresh = (side: 'client' | 'server'): NtlmSession =>
    new NtlmSession(sample.RANDOM_SESSION_KEY, FLAGS, side);
  const wrapped = fresh('client').wrap(encodeUtf16le('Plaintext'));
  for (let at = 0; at < wrapped.length; at += 1) {
    const changed = wrapped.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(fresh('server').unwrap(changed), undefined, `byte ${at}`);
  }
  assert.equal(fresh('server').unwrap(wrapped.subarray(0, 15)), undefined);
  assert.equal(fresh('client').unwrap(wrapped), undefined, 'sent back by a mirror');
  const server = fresh('server');
  assert.ok(server.unwrap(wrapped));
  assert.equal(server.unwrap(wrapped), undefined);
});

test('a session without extended session security is refused', () => {
  assert.throws(() => new NtlmSession(sample.RANDOM_SESSION_KEY, 0, 'client'), RangeError);
});

test('a packet that is sealed in part: the whole of it is signed, and the part is what wrap makes of it', () => {
  const packet = new Uint8Array(40).map((_, at) => at);
  const fresh = (side: 'client' | 'server'): NtlmSession =>
    new NtlmSession(sample.RANDOM_SESSION_KEY, FLAGS, side);
  const guarded = fresh('client').protect(packet, 24, 32);
  assert.deepEqual(guarded.packet.subarray(0, 24), packet.subarray(0, 24));
  assert.deepEqual(guarded.packet.subarray(32), packet.subarray(32));
  assert.deepEqual(
    guarded.packet.subarray(24, 32),
    fresh('client').wrap(packet.subarray(24, 32)).subarray(16),
  );
  assert.deepEqual(fresh('server').unprotect(guarded, 24, 32), packet);
  for (let at = 0; at < packet.length; at += 1) {
    const changed = guarded.packet.map((byte, index) => (index === at ? byte ^ 1 : byte));
    assert.equal(fresh('server').unprotect({ ...guarded, packet: changed }, 24, 32), undefined, `byte ${at}`);
  }
  const signed = fresh('client').protect(packet, 24, 24);
  assert.deepEqual(signed.packet, packet);
  assert.deepEqual(fresh('server').unprotect(signed, 24, 24), packet);
});
