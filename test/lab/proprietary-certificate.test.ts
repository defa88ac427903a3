import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../../src/core/bytes/hex.ts';
import { encodeProprietaryCertificate } from '../../src/lab/proprietary-certificate.ts';
import { PUBLISHED_SERVER_SETTINGS } from '../core/protocol/connect-samples.ts';

test('is the published one, signature included, for its key', () => {
  // [MS-RDPBCGR] 4.1.4: the certificate is the last 184 bytes of the settings; its modulus, little-endian, stands at 36.
  const published = PUBLISHED_SERVER_SETTINGS.subarray(-184);
  const modulus = published.slice(36, 36 + 64).toReversed();
  assert.equal(toHex(encodeProprietaryCertificate(modulus, 65537)), toHex(published));
});

test('its signature opens with the public exponent to MD5 and padding', () => {
  const modulus = Uint8Array.from({ length: 256 }, (_, index) => (index * 7 + 129) & 0xff);
  const certificate = encodeProprietaryCertificate(modulus, 65537);
  // 16 bytes of header, 20 of blob header, modulus and 8 of padding; 4 of signature header, 64, 8.
  assert.equal(certificate.length, 16 + 20 + 256 + 8 + 4 + 64 + 8);
  const signature = littleEndian(certificate.subarray(-72, -8));
  const opened = power(signature, 0xc0887b5bn, littleEndian(KEY)).toString(16).padStart(128, '0');
  const bytes = toHex(fromHex(opened).toReversed());
  assert.equal(bytes.slice(32), `00${'ff'.repeat(45)}0100`);
});

/** [MS-RDPBCGR] 5.3.3.1.1, the public half. */
const KEY = fromHex(
  '3d3a5ebd72433ec94dbbc11e4aba5fcb3e882087eff5c1e2d7b76b9af2524595ce63656b583afeef7ce7bffe3df65c7d6c5e06091af561bb2093095f056dea87',
);

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes.toReversed())}`);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) result = (result * result * (bit === '1' ? base : 1n)) % modulus;
  return result;
}
