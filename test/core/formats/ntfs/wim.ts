// wimlib as a compressor: a compressed resource of a WIM file has the form of WOF's stream, a table of
// chunk offsets and the chunks.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../../peers/processes.ts';

const HEADER_BLOB_TABLE_AT = 48;
const BLOB_ENTRY_SIZE = 50;
const FLAG_METADATA = 2;
const FLAG_COMPRESSED = 4;

/** Compresses data as wimlib does; undefined where it gets no smaller, for then wimlib stores it as it is. */
export function compressByWimlib(
  t: TestContext,
  data: Uint8Array,
  algorithm: 'XPRESS' | 'LZX',
  chunkSize: number,
): Uint8Array | undefined {
  const folder = temporaryFolder(t, 'wim');
  mkdirSync(join(folder, 'source'));
  writeFileSync(join(folder, 'source', 'data'), data);
  execFileSync(
    'wimlib-imagex',
    [
      'capture',
      join(folder, 'source'),
      join(folder, 'out.wim'),
      `--compress=${algorithm}`,
      `--chunk-size=${chunkSize}`,
    ],
    { stdio: 'ignore' },
  );
  const wim = readFileSync(join(folder, 'out.wim'));
  const tableAt = Number(wim.readBigUInt64LE(HEADER_BLOB_TABLE_AT + 8));
  const tableSize = Number(wim.readBigUInt64LE(HEADER_BLOB_TABLE_AT + 16));
  for (let at = tableAt; at < tableAt + tableSize; at += BLOB_ENTRY_SIZE) {
    const size = wim.readUIntLE(at, 6);
    const flags = wim.readUInt8(at + 7);
    const offset = Number(wim.readBigUInt64LE(at + 8));
    if ((flags & FLAG_METADATA) !== 0) continue;
    return (flags & FLAG_COMPRESSED) === 0 ? undefined : new Uint8Array(wim.subarray(offset, offset + size));
  }
  throw new Error('the WIM has no data');
}
