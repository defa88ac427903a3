// Images that qemu writes on the spot, with patterns at the seams of their blocks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../peers/processes.ts';
import { requirePeer } from '../../../peers/require-peer.ts';
import { assertSameBytes, bytesOf, openChain, qemuImg, qemuIo } from './images.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

interface Row {
  readonly format: 'vpc' | 'vhdx';
  readonly options: string;
  /** Bytes of disk. */
  readonly size: number;
  /** Bytes of a block: where the seams are. */
  readonly block: number;
  readonly container: string;
}

const ROWS: readonly Row[] = [
  // force_size: without it qemu rounds the size to a geometry.
  {
    format: 'vpc',
    options: 'subformat=fixed,force_size=on',
    size: 7 * MIB + 512,
    block: 2 * MIB,
    container: 'VHD, fixed',
  },
  {
    format: 'vpc',
    options: 'subformat=dynamic,force_size=on',
    size: 9 * MIB + 1536,
    block: 2 * MIB,
    container: 'VHD, dynamic',
  },
  {
    format: 'vpc',
    options: 'subformat=dynamic,force_size=on',
    size: 40 * 1024 * MIB,
    block: 2 * MIB,
    container: 'VHD, dynamic',
  },
  {
    format: 'vhdx',
    options: 'subformat=fixed,block_size=1M',
    size: 5 * MIB + 4096,
    block: MIB,
    container: 'VHDX, fixed',
  },
  {
    format: 'vhdx',
    options: 'subformat=dynamic,block_size=1M',
    size: 9 * MIB + 512,
    block: MIB,
    container: 'VHDX, dynamic',
  },
  {
    format: 'vhdx',
    options: 'subformat=dynamic,block_size=8M,block_state_zero=off',
    size: 100 * MIB,
    block: 8 * MIB,
    container: 'VHDX, dynamic',
  },
  // More than one chunk of 4 GiB, so that entries of sector bitmaps stand between those of blocks.
  {
    format: 'vhdx',
    options: 'subformat=dynamic,block_size=32M',
    size: 40 * 1024 * MIB,
    block: 32 * MIB,
    container: 'VHDX, dynamic',
  },
];

for (const { format, options, size, block, container } of ROWS) {
  test(`${format} by qemu (${options}, ${size} bytes): patterns at the seams of its blocks`, (t) => {
    if (!requirePeer(t, 'qemu-img', 'qemu-io')) return;
    const folder = temporaryFolder(t, 'image');
    const path = join(folder, 'image');
    qemuImg('create', '-q', '-f', format, '-o', options, path, String(size));
    // Four sectors over each of these seams, and the disk's last three sectors.
    const seams = [block, 3 * block, Math.floor(size / 2 / block) * block].filter((at) => at + KIB <= size);
    const writes = [...new Set(seams)].map((at, index) => ({
      at: at - KIB,
      length: 2 * KIB,
      pattern: 0x41 + index,
    }));
    writes.push({ at: size - 1536, length: 1536, pattern: 0x7a });
    qemuIo(
      format,
      path,
      ...writes.map(({ at, length, pattern }) => `write -q -P ${pattern} ${at} ${length}`),
    );

    const opened = openChain(new Uint8Array(readFileSync(path)));
    assert.equal(opened.image.container, container);
    assert.equal(opened.image.disk.size, size);
    assert.deepEqual(opened.image.anomalies, []);
    const ranges = writes.map(({ at, length }) => {
      const offset = Math.max(0, at - 700);
      return { offset, length: Math.min(size, at + length + 700) - offset };
    });
    const { results, rounds } = opened.readMany(ranges);
    for (const [index, { offset, length }] of ranges.entries()) {
      const expected = new Uint8Array(length);
      for (const { at, length: written, pattern } of writes) {
        const from = Math.max(0, at - offset);
        expected.fill(pattern, from, Math.max(from, Math.min(length, at + written - offset)));
      }
      assertSameBytes(bytesOf(results[index]), expected, `at ${offset}`);
    }
    assert.ok(rounds <= 2, `${rounds} rounds for all of them`);
  });
}
