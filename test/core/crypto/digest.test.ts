import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import { counterModeKdf, hmacSha256, sha512 } from '../../../src/core/crypto/digest.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

test('SHA-512 of "abc", FIPS 180-2 appendix C.1, in one part and in several', () => {
  const expected =
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
    '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f';
  assert.equal(toHex(sha512(ascii('abc'))), expected);
  assert.equal(toHex(sha512(ascii('a'), ascii(''), ascii('bc'))), expected);
});

test('HMAC-SHA256, RFC 4231 test case 2', () => {
  assert.equal(
    toHex(hmacSha256(ascii('Jefe'), ascii('what do ya want '), ascii('for nothing?'))),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

// Microsoft Open Specifications blog, "SMB 2 and SMB 3 security in Windows 10: the anatomy of signing
// and cryptographic keys" (2017-05-26), its test vectors of keys.
const PUBLISHED_3_0 = fromHex('7cd451825d0450d235424e44ba6e78cc');
const PUBLISHED_3_1_1 = fromHex('270e1ba896585eeb7af3472d3b4c75a7');
const PREAUTH_HASH = fromHex(
  '0dd13628cc3ed218ef9df9772d436d0887ab9814bfae63a80aa845f36909db79' +
    '28622dddad522d9751640a459762c5a9d6bb084cbb3ce6bdadef5d5bce3c6c01',
);
for (const [key, label, context, expected] of [
  [PUBLISHED_3_0, 'SMB2AESCMAC\0', ascii('SmbSign\0'), '0b7e9c5cac36c0f6ea9ab275298cedce'],
  [PUBLISHED_3_0, 'SMB2AESCCM\0', ascii('ServerIn \0'), 'fad27796665b313ebb578f388632b4f7'],
  [PUBLISHED_3_0, 'SMB2AESCCM\0', ascii('ServerOut\0'), 'b0f0427f7ceb416d1d9dcc0cd4f99447'],
  [PUBLISHED_3_1_1, 'SMBSigningKey\0', PREAUTH_HASH, '73fe7a9a77bef0bde49c650d8ccb5f76'],
  [PUBLISHED_3_1_1, 'SMBC2SCipherKey\0', PREAUTH_HASH, '629bcbc54422a0f572b97f45989b6073'],
  [PUBLISHED_3_1_1, 'SMBS2CCipherKey\0', PREAUTH_HASH, 'e2af0dcefac68da71a0dfbd0d1350d74'],
] as const) {
  test(`SP 800-108: the published key of ${label.slice(0, -1)}, ${expected.slice(0, 4)}`, () => {
    assert.equal(toHex(counterModeKdf(key, ascii(label), context, 16)), expected);
  });
}

test('SP 800-108: a longer key is another one, and of the length asked for', () => {
  const lengths = [16, 32, 40].map((length) => counterModeKdf(PUBLISHED_3_0, ascii('a'), ascii('b'), length));
  assert.deepEqual(
    lengths.map((key) => key.length),
    [16, 32, 40],
  );
  assert.equal(new Set(lengths.map((key) => toHex(key.subarray(0, 16)))).size, 3);
});
