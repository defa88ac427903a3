import { crc32 } from '../../bytes/crc32.ts';
import { Reader } from '../../bytes/reader.ts';

/**
 * [libevtx] File header: the first block of an event log.
 *
 * Its counters are those of the last time that Windows wrote it, which on a copy of a live log may be
 * years ago: they are hints about where to look, and say nothing about what is there.
 */
export interface FileHeader {
  readonly majorVersion: number;
  readonly minorVersion: number;
  /** Slot of the chunk with the oldest records. */
  readonly firstChunk: number;
  /** Slot of the chunk that is written to. */
  readonly lastChunk: number;
  readonly nextRecordId: number;
  readonly chunkCount: number;
  readonly dirty: boolean;
  readonly full: boolean;
  readonly checksum: 'valid' | 'wrong' | 'absent';
}

/** Bytes of the block that the file header stands in; chunks follow it. */
export const HEADER_BLOCK_SIZE = 4096;

const HEADER_SIZE = 128;
const CHECKED_SIZE = 120;

/** "ElfFile" and a zero. */
const SIGNATURE = [0x45, 0x6c, 0x66, 0x46, 0x69, 0x6c, 0x65, 0x00];

const DIRTY = 0x1;
const FULL = 0x2;
/** Set by Windows 10 and later where it writes no checksums. */
const NO_CHECKSUMS = 0x4;

/** The file header out of the file's first bytes, 128 at the least. */
export function decodeFileHeader(bytes: Uint8Array): FileHeader {
  const reader = new Reader(bytes, 'EVTX file header');
  expectSignature(reader, SIGNATURE);
  const firstChunk = reader.u64leNumber();
  const lastChunk = reader.u64leNumber();
  const nextRecordId = reader.u64leNumber();
  const headerSize = reader.u32le();
  if (!(headerSize === HEADER_SIZE)) reader.fail(`expected a header of 128 bytes, received ${headerSize}`);
  const minorVersion = reader.u16le();
  const majorVersion = reader.u16le();
  if (!(majorVersion === 3)) reader.fail(`expected version 3, received ${majorVersion}`);
  const blockSize = reader.u16le();
  if (!(blockSize === HEADER_BLOCK_SIZE))
    reader.fail(`expected a block of 4096 bytes, received ${blockSize}`);
  const chunkCount = reader.u16le();
  reader.skip(76);
  const flags = reader.u32le();
  const stored = reader.u32le();
  return {
    majorVersion,
    minorVersion,
    firstChunk,
    lastChunk,
    nextRecordId,
    chunkCount,
    dirty: (flags & DIRTY) !== 0,
    full: (flags & FULL) !== 0,
    checksum: judgeChecksum(flags, stored, crc32(bytes.subarray(0, CHECKED_SIZE))),
  };
}

/** What a stored CRC-32 says. `flags` of the header that it stands in. */
export function judgeChecksum(flags: number, stored: number, computed: number): FileHeader['checksum'] {
  if (stored === computed) return 'valid';
  return (flags & NO_CHECKSUMS) !== 0 && stored === 0 ? 'absent' : 'wrong';
}

export function expectSignature(reader: Reader, signature: readonly number[]): void {
  const found = reader.bytes(signature.length);
  if (!signature.every((byte, index) => found[index] === byte)) {
    reader.seek(0);
    reader.fail(`expected the signature ${String.fromCharCode(...signature.slice(0, -1))}`);
  }
}
