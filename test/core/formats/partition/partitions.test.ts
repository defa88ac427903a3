import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { recogniseVolume } from '../../../../src/core/formats/partition/boot-sector.ts';
import { decodeGptHeader } from '../../../../src/core/formats/partition/gpt.ts';
import { decodeMbr } from '../../../../src/core/formats/partition/mbr.ts';
import { readPartitions } from '../../../../src/core/formats/partition/partitions.ts';
import { bottom } from '../../../../src/core/formats/walker.ts';
import { temporaryFolder } from '../../../peers/processes.ts';
import { requirePeer } from '../../../peers/require-peer.ts';
import { readRealData } from '../../../shared-data.ts';
import { checkManners } from '../../decoder-manners.ts';
import { drive } from '../drive.ts';
import { gptDisk, putMbr } from './build-disk.ts';

const LINUX = '0fc63daf-8483-4772-8e79-3d69d8477de4';

function partitionsOf(disk: Uint8Array, sectorSize?: 512 | 4096) {
  return drive(readPartitions(bottom(disk.length), sectorSize), disk);
}

checkManners('Master Boot Record', decodeMbr, [gptDisk(512).slice(0, 512)]);
checkManners('GPT Header', decodeGptHeader, [gptDisk(512).slice(512, 512 + 92)]);

test('a real MBR with an extended partition, as mmls reads it', (t) => {
  const disk = readRealData(t, 'disk/mbr.raw.xz');
  if (disk === undefined) return;
  const { value, rounds } = partitionsOf(disk);
  assert.deepEqual(value, {
    scheme: 'mbr',
    sectorSize: 512,
    partitions: [
      { index: 1, type: 0x83, offset: 512, size: 129 * 512, active: false },
      { index: 5, type: 0x83, offset: 131 * 512, size: 129 * 512, active: false },
    ],
    anomalies: [],
  });
  assert.equal(rounds, 2);
});

test('a real GPT, as mmls reads it, in one round', (t) => {
  const disk = readRealData(t, 'disk/gpt.raw.xz');
  if (disk === undefined) return;
  const { value, rounds } = partitionsOf(disk);
  assert.equal(value.scheme, 'gpt');
  assert.deepEqual(value.anomalies, []);
  assert.deepEqual(
    value.partitions.map(({ index, type, offset, size }) => ({ index, type, offset, size })),
    [
      { index: 1, type: LINUX, offset: 2048 * 512, size: 128 * 512 },
      { index: 2, type: LINUX, offset: 4096 * 512, size: 128 * 512 },
    ],
  );
  assert.equal(rounds, 1);
});

test('what a volume is, by its first sector', (t) => {
  const kindOf = (bytes: Uint8Array) => drive(recogniseVolume(bottom(bytes.length)), bytes).value;
  const withOem = (oem: string) => {
    const sector = new Uint8Array(512);
    sector.set(new TextEncoder().encode(oem), 3);
    return sector;
  };
  assert.equal(kindOf(withOem('NTFS    ')), 'ntfs');
  assert.equal(kindOf(withOem('-FVE-FS-')), 'bitlocker');
  assert.equal(kindOf(withOem('ReFS\0\0\0\0')), 'refs');
  assert.equal(kindOf(new Uint8Array(512)), 'unknown');
  assert.equal(kindOf(new Uint8Array(100)), 'unknown');
  const toGo = readRealData(t, 'disk/bdetogo-head1M.raw.xz');
  const ntfs = readRealData(t, 'disk/ntfs.raw.xz');
  if (toGo === undefined || ntfs === undefined) return;
  assert.equal(kindOf(toGo), 'bitlocker-to-go');
  assert.equal(kindOf(ntfs), 'ntfs');
  assert.equal(partitionsOf(ntfs).value.scheme, 'none');
  assert.equal(partitionsOf(toGo).value.scheme, 'none');
});

test('a FAT volume without a table is told from a disk', () => {
  const volume = new Uint8Array(64 * 1024);
  volume.set(new TextEncoder().encode('FAT32   '), 0x52);
  volume.fill(0x90, 446, 510);
  volume.set([0x55, 0xaa], 510);
  assert.deepEqual(partitionsOf(volume).value, {
    scheme: 'none',
    partitions: [],
    sectorSize: 512,
    anomalies: [],
  });
});

for (const sectorSize of [512, 4096] as const) {
  const expected = {
    index: 1,
    type: 'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7',
    name: 'Basic data partition',
    offset: 64 * sectorSize,
    size: 64 * sectorSize,
    active: false,
  };
  const check = (damage: (disk: Uint8Array) => void, problems: readonly RegExp[], rounds: number) => {
    const disk = gptDisk(sectorSize);
    damage(disk);
    const driven = partitionsOf(disk);
    assert.equal(driven.value.scheme, 'gpt');
    assert.equal(driven.value.sectorSize, sectorSize);
    assert.deepEqual(driven.value.partitions, [expected]);
    const said = driven.value.anomalies.map(({ where, problem }) => `${where}: ${problem}`);
    assert.equal(said.length, problems.length, said.join('; '));
    for (const [index, problem] of problems.entries()) assert.match(said[index] ?? '', problem);
    assert.equal(driven.rounds, rounds);
  };
  test(`GPT with sectors of ${sectorSize} bytes: intact, and by its backup`, () => {
    check(() => undefined, [], 1);
    check((disk) => disk.fill(0, sectorSize, sectorSize * 2), [/primary GPT Header: the signature/], 2);
    check((disk) => disk.fill(0, 0, 512), [/Master Boot Record: it has no protective/], 1);
    // One bit of the header, one of the entries' GUID: the CRC tells, the backup serves.
    check((disk) => disk.fill(0xaa, sectorSize + 60, sectorSize + 61), [/primary GPT Header: .*CRC/], 2);
    check(
      (disk) => disk.fill(0xaa, sectorSize * 2 + 20, sectorSize * 2 + 21),
      [/GPT Partition Entry Array at sector 2: .*CRC/],
      2,
    );
  });

  test(`GPT with sectors of ${sectorSize} bytes: any one changed byte still gives a table`, () => {
    const disk = gptDisk(sectorSize);
    for (let at = 0; at < sectorSize * 3; at += 23) {
      const damaged = disk.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      const { value } = partitionsOf(damaged);
      // The MBR's own bytes may turn it into another table; the GPT's never get lost.
      if (at >= 512) assert.deepEqual(value.partitions, [expected], `byte ${at}`);
    }
  });
}

test('both halves of a GPT damaged', () => {
  const disk = gptDisk(512);
  disk.fill(0, 512, 1024);
  disk.fill(0, disk.length - 512);
  const { value } = partitionsOf(disk);
  assert.equal(value.scheme, 'mbr');
  assert.deepEqual(value.partitions, []);
  assert.equal(value.anomalies.length, 2);
});

test('both arrays of a GPT damaged: what they say is shown with its anomalies', () => {
  const disk = gptDisk(512);
  disk[2 * 512 + 20] = 1;
  disk[disk.length - 33 * 512 + 20] = 1;
  const { value } = partitionsOf(disk);
  assert.equal(value.partitions.length, 1);
  assert.equal(value.anomalies.length, 2);
});

test('an MBR: active, logical, cut off, going in circles', () => {
  const disk = new Uint8Array(512 * 400);
  putMbr(disk, 0, [
    { type: 7, first: 2, sectors: 8, status: 0x80 },
    { type: 0x0f, first: 100, sectors: 200 },
    { type: 7, first: 390, sectors: 100 },
  ]);
  putMbr(disk, 100 * 512, [
    { type: 7, first: 2, sectors: 10 },
    { type: 5, first: 50, sectors: 50 },
  ]);
  putMbr(disk, 150 * 512, [
    { type: 7, first: 3, sectors: 11 },
    { type: 5, first: 50, sectors: 50 },
  ]);
  const { value, rounds } = partitionsOf(disk);
  assert.deepEqual(value.partitions, [
    { index: 1, type: 7, offset: 1024, size: 4096, active: true },
    { index: 3, type: 7, offset: 390 * 512, size: 100 * 512, active: false },
    { index: 5, type: 7, offset: 102 * 512, size: 10 * 512, active: false },
    { index: 6, type: 7, offset: 153 * 512, size: 11 * 512, active: false },
  ]);
  assert.deepEqual(
    value.anomalies.map(({ where, problem }) => `${where}: ${problem}`),
    [
      'partition 3: ends at byte 250880, but the disk ends at 204800',
      'Extended Boot Record at sector 150: the chain comes back to it',
    ],
  );
  assert.equal(rounds, 3);
});

test('an extended partition that never ends is left after 128 records', () => {
  const disk = new Uint8Array(512 * 400);
  putMbr(disk, 0, [{ type: 5, first: 1, sectors: 399 }]);
  for (let at = 1; at < 399; at += 1)
    putMbr(disk, at * 512, [
      { type: 7, first: 1, sectors: 1 },
      { type: 5, first: at, sectors: 1 },
    ]);
  const { value, rounds } = partitionsOf(disk);
  assert.equal(value.partitions.length, 128);
  assert.match(value.anomalies.at(-1)?.problem ?? '', /goes on past 128/);
  assert.equal(rounds, 129);
});

test('an MBR with sectors of 4096 bytes, where the container says so', () => {
  const disk = new Uint8Array(4096 * 64);
  putMbr(disk, 0, [{ type: 7, first: 2, sectors: 8 }]);
  const [partition] = partitionsOf(disk, 4096).value.partitions;
  assert.deepEqual(partition, { index: 1, type: 7, offset: 8192, size: 32768, active: false });
});

test('a GPT that the MBR does not point to is stale', () => {
  const disk = gptDisk(512);
  putMbr(disk, 0, [{ type: 7, first: 2, sectors: 8 }]);
  const { value } = partitionsOf(disk);
  assert.equal(value.scheme, 'mbr');
  assert.match(value.anomalies[0]?.problem ?? '', /the MBR was used/);
});

test('a disk with nothing on it', () => {
  const { value } = partitionsOf(new Uint8Array(100_000));
  assert.equal(value.scheme, 'none');
  assert.equal(value.anomalies.length, 1);
  assert.equal(partitionsOf(new Uint8Array(0)).value.scheme, 'none');
});

test('random disks give a table and end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 66, maxLength: 66 }), fc.boolean(), (rows, protective) => {
      const disk = gptDisk(512);
      disk.set(rows, 446);
      if (protective) disk[450] = 0xee;
      disk.set([0x55, 0xaa], 510);
      partitionsOf(disk);
    }),
  );
});

test('disks that sgdisk partitions', (t) => {
  if (!requirePeer(t, 'sgdisk')) return;
  const path = join(temporaryFolder(t, 'gpt'), 'disk');
  const file = openSync(path, 'w');
  ftruncateSync(file, 32 << 20);
  closeSync(file);
  const words = [
    '-o',
    '-n1:2048:+4M',
    '-t1:EF00',
    '-c1:EFI system partition',
    '-n7:0:0',
    '-t7:0700',
    '-c7:Größe 7',
  ];
  execFileSync('sgdisk', [...words, path]);
  const { value } = partitionsOf(new Uint8Array(readFileSync(path)));
  assert.deepEqual(value.anomalies, []);
  assert.deepEqual(value.partitions, [
    {
      index: 1,
      type: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
      name: 'EFI system partition',
      offset: 2048 * 512,
      size: 4 << 20,
      active: false,
    },
    {
      index: 7,
      type: 'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7',
      name: 'Größe 7',
      offset: 10240 * 512,
      size: (32 << 20) - 10240 * 512 - 33 * 512,
      active: false,
    },
  ]);
});
