// XPRESS Huffman and LZX against wimlib, whose compressor chooses among everything that the formats have.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { concat } from '../../../../src/core/bytes/writer.ts';
import { type WofAlgorithm, wofMedium } from '../../../../src/core/formats/ntfs/wof.ts';
import { bottom, type ReadResult, readAt } from '../../../../src/core/formats/walker.ts';
import { requirePeer } from '../../../peers/require-peer.ts';
import { type Driven, drive } from '../drive.ts';
import { compressByWimlib } from './wim.ts';

const FORMATS = [
  ['XPRESS4K', 'XPRESS', 4096],
  ['XPRESS8K', 'XPRESS', 8192],
  ['XPRESS16K', 'XPRESS', 16384],
  ['LZX', 'LZX', 32768],
] as const satisfies readonly (readonly [WofAlgorithm, string, number])[];

/** Calls so far forwards that their absolute target leaves the translated range and comes in again from below. */
const FAR_CALLS = concat(
  ...[5, 20, 33].map((distance) => {
    const call = new Uint8Array(16).fill(0x90).fill(0xe8, 0, 1);
    new DataView(call.buffer).setInt32(1, 12_000_000 - distance, true);
    return call;
  }),
);

/** A program (x86 calls, tables, text), then what hardly compresses, then what compresses to nothing. */
const DATA = concat(
  new Uint8Array(40).fill(0x90),
  FAR_CALLS,
  new Uint8Array(readFileSync(process.execPath).subarray(30_000_000, 30_900_001)),
  new Uint8Array(randomBytes(100_000)),
  new Uint8Array(150_000),
);

for (const [algorithm, wimlibName, chunkSize] of FORMATS) {
  test(`${algorithm} as wimlib compresses it`, (t) => {
    if (!requirePeer(t, 'wimlib-imagex')) return;
    for (const plain of [DATA, DATA.slice(0, chunkSize * 3), DATA.slice(100, 100 + chunkSize / 2)]) {
      const packed = compressByWimlib(t, plain, wimlibName, chunkSize);
      assert.ok(packed !== undefined);
      const medium = wofMedium(bottom(packed.length), algorithm, plain.length);
      const whole = drive(readAt(medium, 0, plain.length), packed);
      assert.ok(whole.value.ok, JSON.stringify(whole.value));
      assert.ok(Buffer.from(whole.value.bytes).equals(plain), 'the data');
      assert.ok(whole.rounds <= 2);
      // Parts, across chunks and past the end, read only the chunks they touch.
      for (const [offset, length] of [
        [0, 1],
        [chunkSize - 1, 2],
        [plain.length - 5, 100],
        [chunkSize * 2 + 7, chunkSize * 3],
        [plain.length, 10],
      ] as const) {
        const part: Driven<ReadResult> = drive(readAt(medium, offset, length), packed);
        assert.ok(part.value.ok);
        assert.deepEqual(Buffer.from(part.value.bytes), Buffer.from(plain.subarray(offset, offset + length)));
        assert.ok(part.bytesRead <= (Math.ceil(length / chunkSize) + 1) * chunkSize + 64 * 8);
      }
    }
  });
}

test('WOF: a damaged chunk is lost, those beside it are not; a damaged table takes what it places', (t) => {
  if (!requirePeer(t, 'wimlib-imagex')) return;
  const plain = DATA.slice(0, 32768 * 4);
  const packed = compressByWimlib(t, plain, 'LZX', 32768);
  assert.ok(packed !== undefined);
  const secondAt = 3 * 4 + new DataView(packed.buffer).getUint32(0, true);
  const readAll = (bytes: Uint8Array) => {
    const medium = wofMedium(bottom(bytes.length), 'LZX', plain.length);
    return [0, 1, 2, 3].map((chunk) => drive(readAt(medium, chunk * 32768, 32768), bytes).value.ok);
  };
  assert.deepEqual(readAll(packed), [true, true, true, true]);
  const damaged = packed.slice();
  damaged.fill(0, secondAt, secondAt + 8);
  assert.deepEqual(readAll(damaged), [true, false, true, true]);
  const misplaced = packed.slice();
  misplaced.fill(0xff, 0, 4);
  assert.deepEqual(readAll(misplaced), [false, false, true, true]);
  // The last chunk is all that is left of a stream that ends early.
  assert.deepEqual(readAll(packed.slice(0, -10)), [true, true, true, false]);
  assert.deepEqual(readAll(packed.slice(0, 5)), [false, false, false, false]);
});
