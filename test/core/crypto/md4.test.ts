import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../../../src/core/bytes/hex.ts';
import { md4 } from '../../../src/core/crypto/md4.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '1234567890';

/** [RFC 1320] A.5 Test suite. */
const VECTORS: readonly (readonly [message: string, digest: string])[] = [
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['message digest', 'd9130a8164549fe818874806e1c7014b'],
  [ALPHABET, 'd79e1c308aa5bbcdeea8ed63df412da9'],
  [`${ALPHABET.toUpperCase()}${ALPHABET}0123456789`, '043f8582f241db351ce627e153e7f0e4'],
  [DIGITS.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
];

for (const [message, digest] of VECTORS) {
  test(`md4 of ${JSON.stringify(message)}`, () => {
    assert.equal(toHex(md4(new TextEncoder().encode(message))), digest);
  });
}

test('md4 pads at the edges of a block as an independent implementation does', () => {
  // Digests of as many zero bytes, computed with OpenSSL's legacy provider.
  const digests: readonly (readonly [number, string])[] = [
    [55, '2df5a83f688f18c0866c64173be82a8f'],
    [56, '7b9b4593cd9322ea492cf0bcdd84f0ae'],
    [63, '594697fc0810937e0e899a65911293b5'],
    [64, '2f6f7b10c5cadca6d5770f428c899ba7'],
    [65, '4fc27bbf517522311018663e59ced7a5'],
    [119, '8bf9d82d3cd1246ab64363d6da010259'],
    [120, '888e0376839fc84239dba15a308df398'],
  ];
  for (const [length, digest] of digests)
    assert.equal(toHex(md4(new Uint8Array(length))), digest, `${length}`);
});
