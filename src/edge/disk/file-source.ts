import { constants } from 'node:fs';
import { type FileHandle, open, readFile, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ByteSource, OpenedSource } from '../../app/ports/byte-source.ts';
import type { Range, ReadResult } from '../../core/formats/walker.ts';
import { isWindowsDevice, sizeByReading } from './windows-device.ts';

/** Opens a disk image or a block device for reading; it is never written. */
export async function openFileSource(path: string): Promise<OpenedSource> {
  let handle: FileHandle;
  try {
    // Opening a named pipe would wait for its writer otherwise. Windows has no such flag.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return { ok: false, ...explain(path, codeOf(error)) };
  }
  if (isWindowsDevice(path)) {
    const size = await sizeByReading(handle);
    if (size > 0) return { ok: true, source: new FileSource(handle, path, size) };
    await handle.close();
    return { ok: false, ...explain(path, 'nothing can be read') };
  }
  const stats = await handle.stat();
  if (stats.isDirectory()) {
    await handle.close();
    return { ok: false, problem: `${path} is a folder`, advice: 'Name the disk image itself.' };
  }
  if (!stats.isFile() && !stats.isBlockDevice()) {
    await handle.close();
    return {
      ok: false,
      problem: `${path} is neither a file nor a block device`,
      advice: 'Name the disk image itself.',
    };
  }
  const size = stats.isBlockDevice() ? await sizeOfDevice(path) : stats.size;
  if (size === 0) {
    await handle.close();
    return { ok: false, problem: `${path} is empty`, advice: 'Check that the copy of the disk is complete.' };
  }
  return { ok: true, source: new FileSource(handle, path, size) };
}

class FileSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly cost = { bytes: 0, requests: 0, rounds: 0 };
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, name: string, size: number) {
    this.#handle = handle;
    this.name = name;
    this.size = size;
  }

  read(ranges: readonly Range[]): Promise<readonly ReadResult[]> {
    this.cost.rounds += 1;
    return Promise.all(ranges.map((range) => this.#readOne(range)));
  }

  async #readOne({ offset, length }: Range): Promise<ReadResult> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    let filled = 0;
    try {
      while (filled < bytes.length) {
        const { bytesRead } = await this.#handle.read(bytes, filled, bytes.length - filled, offset + filled);
        this.cost.requests += 1;
        this.cost.bytes += bytesRead;
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
    } catch (error) {
      return { ok: false, problem: `the file cannot be read at ${offset} (${codeOf(error)})` };
    }
    return { ok: true, bytes: bytes.subarray(0, filled) };
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Linux states a block device's size in sectors of 512 bytes; a stat says 0. */
async function sizeOfDevice(path: string): Promise<number> {
  try {
    return Number(await readFile(`/sys/class/block/${basename(await realpath(path))}/size`, 'utf8')) * 512;
  } catch {
    return 0;
  }
}

function explain(path: string, code: string): { readonly problem: string; readonly advice: string } {
  if (isWindowsDevice(path)) {
    return {
      problem: `${path} is a device of this machine and cannot be read (${code})`,
      advice:
        'Run rdpdoctor as administrator and use the number that Get-Disk shows, or name an image of the disk (VHD, VHDX, raw).',
    };
  }
  switch (code) {
    case 'ENOENT':
      return { problem: `there is no file ${path}`, advice: 'Check the path of the disk image.' };
    case 'EACCES':
    case 'EPERM':
      return {
        problem: `this user may not read ${path}`,
        advice: 'Run rdpdoctor as a user who may read it.',
      };
    default:
      return { problem: `${path} cannot be opened (${code})`, advice: 'Check that it is a disk image.' };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
}
