import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32, crc32c } from '../../../src/core/bytes/crc32.ts';
import { fromHex } from '../../../src/core/bytes/hex.ts';

test('CRC-32 of the catalogue of parametrised algorithms (CRC-32/ISO-HDLC)', () => {
  assert.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf4_3926);
  assert.equal(crc32(new Uint8Array(0)), 0);
});

test('CRC-32 continues over parts', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (one, two) => {
      assert.equal(crc32(two, crc32(one)), crc32(Uint8Array.from([...one, ...two])));
    }),
  );
});

for (const [name, bytes, crc] of [
  ['32 bytes of zeros', new Uint8Array(32), 0x8a91_36aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8_ab43],
  ['32 bytes that rise', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd_794e],
  ['32 bytes that fall', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113f_db5c],
  [
    'an iSCSI SCSI Read (10) Command PDU',
    fromHex(`
      01c00000 00000000 00000000 00000000 14000000 00000400
      00000014 00000018 28000000 00000000 02000000 00000000`),
    0xd996_3a56,
  ],
  ['nothing', new Uint8Array(0), 0],
] as const) {
  test(`CRC-32C of RFC 3720 B.4: ${name}`, () => {
    assert.equal(crc32c(bytes), crc);
  });
}

test('CRC-32C continues over parts', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (one, two) => {
      assert.equal(crc32c(two, crc32c(one)), crc32c(Uint8Array.from([...one, ...two])));
    }),
  );
});
