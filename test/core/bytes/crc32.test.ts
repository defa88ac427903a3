import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32 } from '../../../src/core/bytes/crc32.ts';

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
