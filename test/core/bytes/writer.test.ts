import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../../../src/core/bytes/hex.ts';
import { Writer } from '../../../src/core/bytes/writer.ts';

/** Every method, with what it writes. */
const ROWS: readonly (readonly [name: string, write: (w: Writer) => Writer, bytes: string])[] = [
  ['u8', (w) => w.u8(0x12), '12'],
  ['u16le', (w) => w.u16le(0x1234), '3412'],
  ['u16be', (w) => w.u16be(0x1234), '1234'],
  ['u24be', (w) => w.u24be(0x123456), '123456'],
  ['u32le', (w) => w.u32le(0x89abcdef), 'efcdab89'],
  ['u32be', (w) => w.u32be(0x89abcdef), '89abcdef'],
  ['u64le', (w) => w.u64le(0x0123456789abcdefn), 'efcdab8967452301'],
  ['bytes', (w) => w.bytes(Uint8Array.of(1, 2, 3)), '010203'],
  ['bytes of a list', (w) => w.bytes([1, 2, 3]), '010203'],
  ['zeros', (w) => w.zeros(2), '0000'],
];

for (const [name, write, bytes] of ROWS) {
  test(`Writer.${name} writes the same wherever its buffer has to grow`, () => {
    for (let capacity = 0; capacity < 10; capacity += 1) {
      for (let before = 0; before < 10; before += 1) {
        const w = write(new Writer(capacity).bytes(new Uint8Array(before)));
        assert.equal(
          toHex(w.toBytes()),
          '00'.repeat(before) + bytes,
          `capacity ${capacity}, ${before} before`,
        );
      }
    }
  });
}
