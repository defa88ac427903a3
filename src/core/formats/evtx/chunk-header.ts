import { crc32 } from '../../bytes/crc32.ts';
import { Reader } from '../../bytes/reader.ts';
import { expectSignature, type FileHeader, judgeChecksum } from './file-header.ts';

/** [libevtx] Chunk header. Offsets are counted from the chunk's first byte. */
export interface ChunkHeader {
  /** Nothing was written to it yet, or its header was not since: neither identifier says anything. */
  readonly isEmpty: boolean;
  /** EventRecordID of its first and last record; first is greater than last where there is none yet. */
  readonly firstRecordId: number;
  readonly lastRecordId: number;
  /** Where the next record would be written: what stands behind it are leftovers. */
  readonly freeSpace: number;
  readonly flags: number;
  readonly recordsChecksum: number;
}

/** Bytes of a chunk: they stand one after the other behind the file header's block. */
export const CHUNK_SIZE = 65536;

/** Bytes of the chunk header with its tables of strings and templates; records follow it. */
export const CHUNK_HEADER_SIZE = 512;

/** "ElfChnk" and a zero. */
const SIGNATURE = [0x45, 0x6c, 0x66, 0x43, 0x68, 0x6e, 0x6b, 0x00];

const HEADER_SIZE = 128;

/** Windows prepares a chunk with this in place of the last record's number and of both identifiers. */
const NO_RECORD = 0xffff_ffff_ffff_ffffn;

/** The chunk header out of a chunk's first bytes, 128 at the least. */
export function decodeChunkHeader(bytes: Uint8Array): ChunkHeader {
  const reader = new Reader(bytes, 'EVTX chunk header');
  expectSignature(reader, SIGNATURE);
  // Numbers of records since the file was made; of no use beside their identifiers.
  reader.skip(16);
  const first = reader.u64le();
  const last = reader.u64le();
  const headerSize = reader.u32le();
  if (!(headerSize === HEADER_SIZE)) reader.fail(`expected a header of 128 bytes, received ${headerSize}`);
  // Where the last record stands.
  reader.skip(4);
  const freeSpace = reader.u32le();
  if (!(freeSpace >= CHUNK_HEADER_SIZE && freeSpace <= CHUNK_SIZE)) {
    reader.fail(`free space at ${freeSpace} lies outside the records`);
  }
  const isEmpty = first === NO_RECORD && last === NO_RECORD && freeSpace === CHUNK_HEADER_SIZE;
  const id = (value: bigint): number => {
    if (!(value <= Number.MAX_SAFE_INTEGER)) reader.fail('an identifier of more than 53 bits');
    return Number(value);
  };
  const [firstRecordId, lastRecordId] = isEmpty ? [0, -1] : [id(first), id(last)];
  const recordsChecksum = reader.u32le();
  reader.skip(64);
  const flags = reader.u32le();
  // Its own checksum.
  reader.skip(4);
  return { isEmpty, firstRecordId, lastRecordId, freeSpace, flags, recordsChecksum };
}

/** Compares both checksums of a whole chunk: that of its header with the tables, and that of its records. */
export function checkChunk(
  bytes: Uint8Array,
  header: ChunkHeader,
): { readonly header: FileHeader['checksum']; readonly records: FileHeader['checksum'] } {
  const stored = new Reader(bytes.subarray(124, 128), 'EVTX chunk header').u32le();
  const tables = crc32(bytes.subarray(128, CHUNK_HEADER_SIZE), crc32(bytes.subarray(0, 120)));
  const records = crc32(bytes.subarray(CHUNK_HEADER_SIZE, header.freeSpace));
  return {
    header: judgeChecksum(header.flags, stored, tables),
    records: judgeChecksum(header.flags, header.recordsChecksum, records),
  };
}

/** Whether a chunk's first bytes are those of a slot that was never written to. */
export function isUnused(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
