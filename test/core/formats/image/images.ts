// Opening images in memory and reading the disks inside; qemu as the second opinion.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { Image } from '../../../../src/core/formats/image/image.ts';
import { openImage } from '../../../../src/core/formats/image/open-image.ts';
import { bottom, type Medium, type ReadResult } from '../../../../src/core/formats/walker.ts';
import { drive } from '../drive.ts';

/** Bytes of a file, or what gives them. */
export type Bytes = Uint8Array | ((offset: number, length: number) => Uint8Array);

export interface Opened {
  readonly image: Image;
  /** One range of the disk. */
  read(offset: number, length: number): ReadResult;
  readMany(ranges: readonly { readonly offset: number; readonly length: number }[]): {
    readonly results: readonly ReadResult[];
    readonly rounds: number;
  };
  /** Batches it took to open the image and its parents. */
  readonly rounds: number;
}

/** Opens a chain, the child first; fails the test where an image of it cannot be opened. */
export function openChain(...files: readonly Uint8Array[]): Opened {
  const opened = tryOpen(files);
  assert.ok(opened.ok, opened.ok ? '' : opened.problem);
  return opened;
}

export function tryOpen(
  files: readonly Bytes[],
  sizes: readonly number[] = [],
): ({ readonly ok: true } & Opened) | { readonly ok: false; readonly problem: string } {
  const read = (offset: number, length: number, source: number): Uint8Array => {
    const file = files[source];
    if (file instanceof Uint8Array) return file.subarray(offset, offset + length);
    return file?.(offset, length) ?? new Uint8Array(0);
  };
  let parent: Medium | undefined;
  let image: Image | undefined;
  let rounds = 0;
  for (const [source, file] of [...files.entries()].reverse()) {
    const size = sizes[source] ?? (file instanceof Uint8Array ? file.length : 0);
    const opened = drive(openImage(bottom(size, source), parent), read);
    rounds += opened.rounds;
    if (!opened.value.ok) return opened.value;
    image = opened.value.image;
    parent = image.disk;
  }
  assert.ok(image !== undefined, 'no files');
  const { disk } = image;
  const readMany: Opened['readMany'] = (ranges) => {
    const driven = drive(disk.read(ranges), read);
    return { results: driven.value, rounds: driven.rounds };
  };
  return {
    ok: true,
    image,
    rounds,
    readMany,
    read: (offset, length) =>
      readMany([{ offset, length }]).results[0] ?? { ok: false, problem: 'the test got no answer' },
  };
}

/** The bytes of a result; fails the test where it is a problem. */
export function bytesOf(result: ReadResult | undefined): Uint8Array {
  assert.ok(result?.ok === true, result === undefined ? 'no result' : result.ok ? '' : result.problem);
  return result.bytes;
}

/** Compares without building a message of megabytes. */
export function assertSameBytes(actual: Uint8Array, expected: Uint8Array, where: string): void {
  assert.equal(actual.length, expected.length, `length ${where}`);
  if (Buffer.compare(actual, expected) === 0) return;
  const at = actual.findIndex((byte, index) => byte !== expected[index]);
  assert.fail(`${where}: byte ${at} is ${actual[at]}, expected ${expected[at]}`);
}

export function qemuImg(...args: readonly string[]): string {
  return execFileSync('qemu-img', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs commands of qemu-io on an image: `write -P 0x5a 1M 4k`. */
export function qemuIo(format: string, path: string, ...commands: readonly string[]): void {
  const said = execFileSync('qemu-io', ['-f', format, ...commands.flatMap((c) => ['-c', c]), path], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // It exits 0 after a command that failed.
  assert.equal(/failed|error/i.test(said), false, said);
}

/** Extents of an image that hold data, as qemu sees them. */
export function dataExtents(
  format: string,
  path: string,
): readonly { readonly start: number; readonly length: number }[] {
  const map: { start: number; length: number; data: boolean; zero: boolean }[] = JSON.parse(
    qemuImg('map', '--output=json', '-f', format, path),
  );
  return map.filter(({ data, zero }) => data && !zero);
}
