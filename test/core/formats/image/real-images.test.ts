// Images that Windows, Hyper-V, Virtual PC and Disk2vhd wrote, against what qemu-img reads from them.
import assert from 'node:assert/strict';
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { temporaryFolder } from '../../../peers/processes.ts';
import { requirePeer } from '../../../peers/require-peer.ts';
import { readSharedData, readSharedJson, requireSharedData } from '../../../shared-data.ts';
import { assertSameBytes, bytesOf, dataExtents, openChain, qemuImg } from './images.ts';

const MIB = 1024 * 1024;

interface Row {
  readonly name: string;
  /** qemu's name of the format: a fixed VHD has to be told to it. */
  readonly format: 'vpc' | 'vhdx' | 'raw';
  readonly container: string;
  /** Bytes, as the footer or the metadata say, not as the geometry does. */
  readonly size: number;
  /** Dependent rounds to open it. */
  readonly rounds: number;
}

const IMAGES: readonly Row[] = [
  { name: 'ntfs-fixed.vhd', format: 'vpc', container: 'VHD, fixed', size: 4 * MIB, rounds: 1 },
  { name: 'ntfs-dynamic.vhd', format: 'vpc', container: 'VHD, dynamic', size: 4 * MIB, rounds: 2 },
  { name: 'ntfs-fixed.vhdx', format: 'vhdx', container: 'VHDX, fixed', size: 4 * MIB, rounds: 3 },
  { name: 'ntfs-dynamic.vhdx', format: 'vhdx', container: 'VHDX, dynamic', size: 4 * MIB, rounds: 3 },
  { name: 'iotest-dynamic-1G.vhdx', format: 'vhdx', container: 'VHDX, dynamic', size: 1024 * MIB, rounds: 3 },
  { name: 'test-disk2vhd.vhdx', format: 'vhdx', container: 'VHDX, dynamic', size: 256 * MIB, rounds: 3 },
  { name: 'ntfs.raw', format: 'raw', container: 'raw', size: 4 * MIB, rounds: 1 },
  { name: 'gpt.raw', format: 'raw', container: 'raw', size: 4 * MIB, rounds: 1 },
];

for (const { name, format, container, size, rounds } of IMAGES) {
  test(`${name} gives the disk that qemu-img converts it to, byte for byte`, (t) => {
    if (!requireSharedData(t) || !requirePeer(t, 'qemu-img')) return;
    const bytes = readSharedData(`disk/${name}`);
    const opened = openChain(bytes);
    assert.equal(opened.image.container, container);
    assert.equal(opened.image.disk.size, size);
    assert.deepEqual(opened.image.anomalies, []);
    assert.equal(opened.rounds, rounds);

    const folder = temporaryFolder(t, 'image');
    const [source, raw] = [join(folder, 'image'), join(folder, 'raw')];
    writeFileSync(source, bytes);
    qemuImg('convert', '-f', format, '-O', 'raw', source, raw);
    const file = openSync(raw, 'r');
    t.after(() => closeSync(file));
    const expected = new Uint8Array(8 * MIB);
    for (let at = 0; at < size; at += expected.length) {
      const length = readSync(file, expected, 0, expected.length, at);
      assertSameBytes(bytesOf(opened.read(at, length)), expected.subarray(0, length), `${name} at ${at}`);
    }
    assert.equal(readSync(file, expected, 0, 1, size), 0, 'qemu-img gave a larger disk');
    assert.deepEqual(bytesOf(opened.read(size, 512)), new Uint8Array(0));
    assert.equal(bytesOf(opened.read(size - 100, 512)).length, 100);
  });
}

test('sizes and identifiers are those that libvhdi reads', (t) => {
  if (!requireSharedData(t)) return;
  const { disk } = readSharedJson('truth.json') as {
    disk: Record<string, { vhdiinfo?: Record<string, string> }>;
  };
  let compared = 0;
  for (const [path, { vhdiinfo }] of Object.entries(disk)) {
    if (vhdiinfo === undefined) continue;
    const { image } = openChain(readSharedData(path));
    const size = /\((\d+) bytes\)/.exec(vhdiinfo['Media size'] ?? '')?.[1];
    assert.equal(String(image.disk.size), size, path);
    assert.equal(image.id, vhdiinfo['Identifier'], path);
    compared += 1;
  }
  assert.equal(compared, 7);
});

test('a Virtual PC disk of 127 GiB: the current size counts, not the geometry, and all of it is zero', (t) => {
  if (!requireSharedData(t) || !requirePeer(t, 'qemu-img')) return;
  const bytes = readSharedData('disk/virtualpc-dynamic.vhd');
  const opened = openChain(bytes);
  assert.equal(opened.image.disk.size, 136_365_211_648);
  const path = join(temporaryFolder(t, 'image'), 'image.vhd');
  writeFileSync(path, bytes);
  // Nothing was ever written to it.
  assert.deepEqual(dataExtents('vpc', path), []);
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 136_365_211_648n - 1n }),
      fc.integer({ min: 1, max: 70_000 }),
      (at, length) => {
        const offset = Number(at);
        const expected = new Uint8Array(Math.min(length, 136_365_211_648 - offset));
        assertSameBytes(bytesOf(opened.read(offset, length)), expected, `zeros at ${offset}`);
      },
    ),
  );
});
