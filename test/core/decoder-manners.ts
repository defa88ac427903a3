import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tryDecode } from '../../src/core/bytes/decode-error.ts';

/**
 * What every decoder owes whatever it is fed: a truncated sample is called truncated, and damaged
 * or random bytes give a value or a DecodeError, never another error (`tryDecode` lets those pass).
 */
export function checkManners(
  name: string,
  decode: (bytes: Uint8Array) => unknown,
  samples: readonly Uint8Array[],
): void {
  test(`${name}: every truncation of a valid sample is truncated`, () => {
    for (const sample of samples) {
      assert.ok(tryDecode(() => decode(sample)).ok, 'the sample itself decodes');
      for (let length = 0; length < sample.length; length += 1) {
        const decoded = tryDecode(() => decode(sample.slice(0, length)));
        assert.ok(!decoded.ok, `${length} of ${sample.length} bytes decoded`);
        assert.equal(decoded.error.problem.kind, 'truncated', `${length} bytes: ${decoded.error.message}`);
      }
    }
  });

  test(`${name}: one changed byte gives a value or a DecodeError`, () => {
    for (const sample of samples) {
      for (let at = 0; at < sample.length; at += 1) {
        for (const change of [0x01, 0x80, 0xff]) {
          const damaged = sample.slice();
          damaged[at] = (damaged[at] ?? 0) ^ change;
          tryDecode(() => decode(damaged));
        }
      }
    }
  });

  test(`${name}: random bytes give a value or a DecodeError`, () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void tryDecode(() => decode(bytes))));
    // The same behind a valid beginning, which gets further in.
    for (const sample of samples) {
      fc.assert(
        fc.property(fc.nat(sample.length), fc.uint8Array({ maxLength: 120 }), (kept, tail) => {
          tryDecode(() => decode(Uint8Array.from([...sample.subarray(0, kept), ...tail])));
        }),
      );
    }
  });
}
