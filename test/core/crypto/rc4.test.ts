import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import { Rc4 } from '../../../src/core/crypto/rc4.ts';

/** [RFC 6229] section 2: key, and the key stream's 16 bytes at some offsets. */
const VECTORS: readonly (readonly [
  key: string,
  stream: readonly (readonly [at: number, bytes: string])[],
])[] = [
  [
    '0102030405',
    [
      [0, 'b2396305f03dc027ccc3524a0a1118a8'],
      [16, '6982944f18fc82d589c403a47a0d0919'],
      [240, '28cb1132c96ce286421dcaadb8b69eae'],
      [256, '1cfcf62b03eddb641d77dfcf7f8d8c93'],
      [4096, 'ff25b58995996707e51fbdf08b34d875'],
    ],
  ],
  [
    '0102030405060708090a0b0c0d0e0f10',
    [
      [0, '9ac7cc9a609d1ef7b2932899cde41b97'],
      [16, '5248c4959014126a6e8a84f11d1a9e1c'],
      [240, '065902e4b620f6cc36c8589f66432f2b'],
      [256, 'd39d566bc6bce3010768151549f3873f'],
      [4096, 'a36a4c301ae8ac13610ccbc12256cacc'],
    ],
  ],
];

for (const [key, stream] of VECTORS) {
  test(`rc4 key stream of ${key}`, () => {
    const produced = new Rc4(fromHex(key)).apply(new Uint8Array(4112));
    for (const [at, bytes] of stream) assert.equal(toHex(produced.subarray(at, at + 16)), bytes, `at ${at}`);
  });
}

test('rc4 goes on where the last call stopped', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 256 }),
      fc.uint8Array({ maxLength: 600 }),
      fc.nat(600),
      (key, message, cut) => {
        const whole = new Rc4(key).apply(message);
        const pieces = new Rc4(key);
        const first = pieces.apply(message.subarray(0, cut));
        assert.equal(toHex(first) + toHex(pieces.apply(message.subarray(cut))), toHex(whole));
        assert.deepEqual(new Rc4(key).apply(whole), message);
      },
    ),
  );
});

test('rc4 refuses a key that is none', () => {
  assert.throws(() => new Rc4(new Uint8Array(0)), RangeError);
  assert.throws(() => new Rc4(new Uint8Array(257)), RangeError);
});
