// Disks with a Windows on them, made by tools that know nothing of us: mkntfs and ntfs-3g for the volume,
// sgdisk and sfdisk for the partitions, qemu-img for the containers, hivexregedit for the registry.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type MadeVolume, makeVolume } from '../core/formats/ntfs/ntfs-3g.ts';

const MIB = 1 << 20;
const SECTOR = 512;
export const VOLUME_SIZE = 128 * MIB;
export const DISK_SIZE = 192 * MIB;
const FIRST_MIB = 33;
/** Where the volume begins on every disk made here, in bytes. */
export const VOLUME_AT = FIRST_MIB * MIB;

/** A file of the volume: bytes, or a file to copy; with a security descriptor where it matters who may read it. */
export interface PlacedFile {
  readonly content: Uint8Array | { readonly copyOf: string };
  readonly security?: Uint8Array;
}

/** Formats a volume and fills it, by paths with slashes. */
export function makeWindowsVolume(
  t: TestContext,
  files: Readonly<Record<string, PlacedFile>>,
): Promise<MadeVolume> {
  return makeVolume(t, { size: VOLUME_SIZE, clusterSize: 4096, label: 'Windows' }, (folder) => {
    for (const [path, { content, security }] of Object.entries(files)) {
      const place = join(folder, path);
      mkdirSync(dirname(place), { recursive: true });
      if (content instanceof Uint8Array) writeFileSync(place, content);
      else copyFileSync(content.copyOf, place);
      if (security !== undefined) {
        const value = `0x${Buffer.from(security).toString('hex')}`;
        execFileSync('setfattr', ['-h', '-n', 'system.ntfs_acl', '-v', value, place]);
      }
    }
  });
}

/** A GPT disk as Azure makes them (EFI, reserved, Windows), with the volume in its third partition. */
export function makeGptDisk(path: string, volume: MadeVolume): void {
  makeEmpty(path, DISK_SIZE);
  run('sgdisk', [
    ...['-o', '-n1:2048:+16M', '-t1:EF00', '-n2:0:+16M', '-t2:0C01'],
    ...[`-n3:${FIRST_MIB}M:+${VOLUME_SIZE / MIB}M`, '-t3:0700', path],
  ]);
  splice(volume, path, VOLUME_AT);
}

/** An MBR disk, as VMs of the first generation have them: a small active partition and Windows. */
export function makeMbrDisk(path: string, volume: MadeVolume): void {
  makeEmpty(path, DISK_SIZE);
  const first = VOLUME_AT / SECTOR;
  run(
    'sfdisk',
    [path],
    `label: dos\nstart=2048,size=32768,type=7,bootable\nstart=${first},size=${VOLUME_SIZE / SECTOR},type=7\n`,
  );
  splice(volume, path, VOLUME_AT);
}

/** The same disk in another container. */
export function convert(from: string, to: string, format: 'vpc' | 'vhdx', options: string): void {
  run('qemu-img', ['convert', '-f', 'raw', '-O', format, '-o', options, from, to]);
}

export function makeEmpty(path: string, size: number): void {
  const file = openSync(path, 'w');
  ftruncateSync(file, size);
  closeSync(file);
}

/** Writes the volume into the disk, leaving holes where it holds nothing. */
function splice(volume: MadeVolume, disk: string, at: number): void {
  const file = openSync(disk, 'r+');
  const from = openSync(volume.path, 'r');
  const block = Buffer.alloc(MIB);
  for (let offset = 0; offset < volume.size; offset += block.length) {
    const length = readSync(from, block, 0, block.length, offset);
    const bytes = block.subarray(0, length);
    if (!bytes.every((byte) => byte === 0)) writeSync(file, bytes, 0, length, at + offset);
  }
  closeSync(from);
  closeSync(file);
}

function run(program: string, words: readonly string[], input = ''): void {
  execFileSync(program, words, {
    input,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  });
}
