import { Reader } from '../../bytes/reader.ts';
import { marvin32 } from '../../crypto/marvin32.ts';
import { isHiveBinsSize } from './base-block.ts';
import { SECTOR_SIZE } from './overlay.ts';

/** [msuhanov/regf] Log entries, note 3: 82 EF 4D 88 7A 4E 55 C5. */
const LOG_SEED = 0x82ef4d887a4e55c5n;

/** Of a log entry's header, which the references to its pages follow. */
const LOG_ENTRY_HEADER_SIZE = 40;

/** Offset and length of a page. */
const REFERENCE_SIZE = 4 + 4;

/** A part of the hive as a log holds it. */
export interface DirtyPage {
  /** From the start of the hive bins, a multiple of SECTOR_SIZE. */
  readonly offset: number;
  /** A view of the log; its length is a multiple of SECTOR_SIZE. */
  readonly bytes: Uint8Array;
}

/** What stands before a log entry is read as a whole. */
export interface LogEntryHeader {
  /** Bytes of the entry, this header included; a multiple of SECTOR_SIZE. */
  readonly size: number;
  readonly sequence: number;
}

/** The first 16 bytes of a log entry; `undefined` where none begins or its size cannot be. */
export function peekLogEntry(bytes: Uint8Array): LogEntryHeader | undefined {
  if (bytes.length < 16) return undefined;
  const reader = new Reader(bytes, 'log entry');
  // 'HvLE'
  if (reader.u32le() !== 0x454c7648) return undefined;
  const size = reader.u32le();
  reader.skip(4);
  const sequence = reader.u32le();
  return size >= SECTOR_SIZE && size % SECTOR_SIZE === 0 ? { size, sequence } : undefined;
}

export interface LogEntry {
  readonly sequence: number;
  /** Bytes of all hive bins once the entry is applied. */
  readonly hiveBinsSize: number;
  readonly pages: readonly DirtyPage[];
}

/**
 * [msuhanov/regf] Log entries, new format (Windows 8.1, 2012 R2 and later).
 * Throws DecodeError where either hash is not the one of what is there: such an entry, and all that
 * follow it, must not be applied.
 * @param bytes the whole entry, as long as its header says
 */
export function decodeLogEntry(bytes: Uint8Array): LogEntry {
  const reader = new Reader(bytes, 'log entry');
  // 'HvLE'
  if (!(reader.u32le() === 0x454c7648)) reader.fail('the signature is not "HvLE"');
  const size = reader.u32le();
  if (!(size >= SECTOR_SIZE && size % SECTOR_SIZE === 0))
    reader.fail(`a size of ${size} bytes is impossible`);
  reader.skip(4);
  const sequence = reader.u32le();
  const hiveBinsSize = reader.u32le();
  const count = reader.u32le();
  const bodyHash = reader.u64le();
  const headerHash = reader.u64le();
  if (!(headerHash === marvin32(bytes.subarray(0, 32), LOG_SEED))) {
    reader.fail('the hash of its header is not the one stored');
  }
  const body = reader.bytes(size - LOG_ENTRY_HEADER_SIZE);
  if (!(bodyHash === marvin32(body, LOG_SEED))) reader.fail('the hash of its pages is not the one stored');
  if (!isHiveBinsSize(hiveBinsSize)) reader.fail(`hive bins of ${hiveBinsSize} bytes are impossible`);
  // Each reference has at least a sector to bring: more of them than that are a count that costs nothing.
  if (!(count * (REFERENCE_SIZE + SECTOR_SIZE) <= body.length)) {
    reader.fail(`${count} pages in ${body.length} bytes are impossible`);
  }

  const references = new Reader(body, 'log entry', LOG_ENTRY_HEADER_SIZE);
  const contents = references.sub(count * REFERENCE_SIZE);
  const pages: DirtyPage[] = [];
  while (contents.remaining > 0) {
    const offset = contents.u32le();
    const length = contents.u32le();
    const isWhole = length > 0 && length % SECTOR_SIZE === 0 && offset % SECTOR_SIZE === 0;
    if (!(isWhole && offset + length <= hiveBinsSize)) {
      contents.fail(`a page of ${length} bytes at ${offset} is impossible`);
    }
    pages.push({ offset, bytes: references.bytes(length) });
  }
  return { sequence, hiveBinsSize, pages };
}

/** How long the dirty vector of a log of the old format is, with its signature and padding: bytes, whole sectors. */
export function dirtyVectorSize(hiveBinsSize: number): number {
  const signatureAndBits = 4 + Math.ceil(hiveBinsSize / SECTOR_SIZE / 8);
  return Math.ceil(signatureAndBits / SECTOR_SIZE) * SECTOR_SIZE;
}

/**
 * [msuhanov/regf] Dirty vector, old format (up to Windows 8): a bit for each sector of the hive bins.
 * @param most how many sectors the log has room for; a vector that names more is refused
 * @returns numbers of the sectors, from the start of the hive bins, which the log holds in this order
 */
export function decodeDirtyVector(
  bytes: Uint8Array,
  hiveBinsSize: number,
  most = Number.POSITIVE_INFINITY,
): number[] {
  const reader = new Reader(bytes, 'dirty vector');
  // 'DIRT'
  if (!(reader.u32le() === 0x54524944)) reader.fail('the signature is not "DIRT"');
  let count = 0;
  for (const byte of bytes.subarray(
    reader.offset,
    reader.offset + Math.ceil(hiveBinsSize / SECTOR_SIZE / 8),
  )) {
    for (let bits = byte; bits !== 0; bits &= bits - 1) count += 1;
  }
  if (!(count <= most)) reader.fail(`its ${count} dirty pages run past its end`);
  const sectors: number[] = [];
  for (let sector = 0; sector < hiveBinsSize / SECTOR_SIZE; sector += 8) {
    const bits = reader.u8();
    for (let bit = 0; bit < 8; bit += 1) if ((bits & (1 << bit)) !== 0) sectors.push(sector + bit);
  }
  return sectors;
}
