/** [MS-VHDX] 2.2 Header Section, 2.3 Log, 2.6 Metadata Region. Little-endian. */
import { crc32c } from '../../bytes/crc32.ts';
import { readGuid } from '../../bytes/guid.ts';
import { Reader } from '../../bytes/reader.ts';

export const VHDX_SIGNATURE = 0x656c696678646876n; // vhdxfile

export const VHDX_HEADER_LENGTH = 4096;
const HEADER_SIGNATURE = 0x64616568; // head

/** [MS-VHDX] 2.2.2 Headers. */
export interface VhdxHeader {
  readonly sequenceNumber: bigint;
  /** Changes whenever the disk's content changes; a child names its parent by it. */
  readonly dataWriteGuid: string;
  /** All zeros: the log is empty. */
  readonly logGuid: string;
  readonly logVersion: number;
  readonly logLength: number;
  readonly logOffset: bigint;
}

/** Throws `DecodeError` on a wrong signature, checksum or version. */
export function decodeVhdxHeader(bytes: Uint8Array): VhdxHeader {
  const r = new Reader(bytes, 'VHDX header').sub(VHDX_HEADER_LENGTH);
  if (!(r.u32le() === HEADER_SIGNATURE)) r.fail('expected the signature head');
  const checksum = r.u32le();
  if (!(checksum === checksumOf(bytes.subarray(0, VHDX_HEADER_LENGTH)))) r.fail('the checksum is wrong');
  const sequenceNumber = r.u64le();
  r.skip(16); // FileWriteGuid
  const dataWriteGuid = readGuid(r);
  const logGuid = readGuid(r);
  const logVersion = r.u16le();
  const version = r.u16le();
  if (!(version === 1)) r.fail(`expected version 1, received ${version}`);
  return { sequenceNumber, dataWriteGuid, logGuid, logVersion, logLength: r.u32le(), logOffset: r.u64le() };
}

export const VHDX_REGION_TABLE_LENGTH = 65_536;
const REGION_SIGNATURE = 0x69676572; // regi
/** [MS-VHDX] 2.2.3.1: EntryCount must be at most 2,047. */
const MOST_REGIONS = 2047;

export const VHDX_REGION = {
  bat: '2dc27766-f623-4200-9d64-115e9bfd4a08',
  metadata: '8b7ca206-4790-4b9a-b8fe-575f050f886e',
} as const;

export interface VhdxRegion {
  readonly guid: string;
  readonly offset: number;
  readonly length: number;
  readonly required: boolean;
}

/** [MS-VHDX] 2.2.3 Region Table. Throws `DecodeError` on a wrong signature, checksum or count. */
export function decodeVhdxRegionTable(bytes: Uint8Array): readonly VhdxRegion[] {
  const r = new Reader(bytes, 'VHDX region table').sub(VHDX_REGION_TABLE_LENGTH);
  if (!(r.u32le() === REGION_SIGNATURE)) r.fail('expected the signature regi');
  const checksum = r.u32le();
  if (!(checksum === checksumOf(bytes.subarray(0, VHDX_REGION_TABLE_LENGTH))))
    r.fail('the checksum is wrong');
  const count = r.u32le();
  if (!(count <= MOST_REGIONS)) r.fail(`expected at most ${MOST_REGIONS} entries, received ${count}`);
  r.skip(4);
  return Array.from({ length: count }, () => ({
    guid: readGuid(r),
    offset: Number(r.u64le()),
    length: r.u32le(),
    required: (r.u32le() & 1) === 1,
  }));
}

export const VHDX_METADATA_TABLE_LENGTH = 65_536;
const METADATA_SIGNATURE = 0x617461646174656dn; // metadata
/** [MS-VHDX] 2.6.1.1: EntryCount must be at most 2,047. */
const MOST_METADATA = 2047;

export const VHDX_METADATA = {
  fileParameters: 'caa16737-fa36-4d43-b3b6-33f0aa44e76b',
  virtualDiskId: 'beca12ab-b2e6-4523-93ef-c309e000c746',
  physicalSectorSize: 'cda348c7-445d-4471-9cc9-e9885251c556',
  virtualDiskSize: '2fa54224-cd1b-4876-b211-5dbed83bf4b8',
  logicalSectorSize: '8141bf1d-a96f-4709-ba47-f233a8faab5f',
  parentLocator: 'a8d35f2d-b30b-454d-abf7-d3d84834ab0c',
} as const;

export interface VhdxMetadataEntry {
  readonly item: string;
  /** Within the metadata region. */
  readonly offset: number;
  readonly length: number;
  /** Whoever does not know the item may not use the disk. */
  readonly required: boolean;
}

/** [MS-VHDX] 2.6.1 Metadata Table. Throws `DecodeError` on a wrong signature or count. */
export function decodeVhdxMetadataTable(bytes: Uint8Array): readonly VhdxMetadataEntry[] {
  const r = new Reader(bytes, 'VHDX metadata table').sub(VHDX_METADATA_TABLE_LENGTH);
  if (!(r.u64le() === METADATA_SIGNATURE)) r.fail('expected the signature metadata');
  r.skip(2);
  const count = r.u16le();
  if (!(count <= MOST_METADATA)) r.fail(`expected at most ${MOST_METADATA} entries, received ${count}`);
  r.skip(20);
  return Array.from({ length: count }, () => {
    const item = readGuid(r);
    const offset = r.u32le();
    const length = r.u32le();
    const flags = r.u32le();
    r.skip(4); // reserved
    return { item, offset, length, required: (flags & 4) !== 0 };
  });
}

/** [MS-VHDX] 2.6.2.6.3: the only type of locator there is. */
const VHDX_LOCATOR = 'b04aefb7-d19e-4a81-b789-25b8e9445913';

/** [MS-VHDX] 2.6.2.6 Parent Locator: keys and values. Throws `DecodeError` on another type, too many entries, or offsets outside. */
export function decodeVhdxParentLocator(
  bytes: Uint8Array,
  decodeText: (bytes: Uint8Array) => string,
): ReadonlyMap<string, string> {
  const r = new Reader(bytes, 'VHDX parent locator');
  const type = readGuid(r);
  if (!(type === VHDX_LOCATOR)) r.fail(`expected a locator of type ${VHDX_LOCATOR}, received ${type}`);
  r.skip(2);
  const count = r.u16le();
  if (!(count <= MOST_LOCATOR_ENTRIES))
    r.fail(`expected at most ${MOST_LOCATOR_ENTRIES} entries, received ${count}`);
  const entries = Array.from({ length: count }, () => ({
    key: r.u32le(),
    value: r.u32le(),
    keyLength: r.u16le(),
    valueLength: r.u16le(),
  }));
  return new Map(
    entries.map((entry) => {
      r.seek(entry.key);
      const key = decodeText(r.bytes(entry.keyLength));
      r.seek(entry.value);
      return [key, decodeText(r.bytes(entry.valueLength))] as const;
    }),
  );
}

/** Five keys are defined; the field could count 65,535. */
const MOST_LOCATOR_ENTRIES = 64;

/** CRC-32C with the checksum's own four bytes taken as zero. */
function checksumOf(bytes: Uint8Array): number {
  return crc32c(bytes.subarray(8), crc32c(new Uint8Array(4), crc32c(bytes.subarray(0, 4))));
}

export const VHDX_LOG_SECTOR = 4096;
const LOG_ENTRY_HEADER_LENGTH = 64;
const ENTRY_SIGNATURE = 0x65676f6c; // loge
const ZERO_SIGNATURE = 0x6f72657a; // zero
const DATA_SIGNATURE = 0x63736564; // desc
const SECTOR_SIGNATURE = 0x61746164; // data

/** [MS-VHDX] 2.3.1.1 Log Entry Header. */
export interface VhdxLogEntryHeader {
  /** Bytes of the whole entry, a multiple of 4096. */
  readonly length: number;
  /** Where the sequence that this entry belongs to begins, in bytes from the log's start. */
  readonly tail: number;
  readonly sequenceNumber: bigint;
  readonly descriptorCount: number;
  readonly logGuid: string;
  /** The file was at least as long when the entry was written, bytes. */
  readonly flushedFileOffset: number;
  /** Everything that is allocated fits into this many bytes. */
  readonly lastFileOffset: number;
}

/** Its first 64 bytes. Throws `DecodeError` on a wrong signature or a length that cannot be. */
export function decodeVhdxLogEntryHeader(bytes: Uint8Array): VhdxLogEntryHeader {
  const r = new Reader(bytes, 'VHDX log entry').sub(LOG_ENTRY_HEADER_LENGTH);
  if (!(r.u32le() === ENTRY_SIGNATURE)) r.fail('expected the signature loge');
  r.skip(4); // checksum
  const length = r.u32le();
  if (!(length > 0 && length % VHDX_LOG_SECTOR === 0)) r.fail(`${length} is not the length of an entry`);
  const tail = r.u32le();
  const sequenceNumber = r.u64le();
  const descriptorCount = r.u32le();
  r.skip(4);
  const logGuid = readGuid(r);
  const flushedFileOffset = r.u64leNumber();
  const lastFileOffset = r.u64leNumber();
  return { length, tail, sequenceNumber, descriptorCount, logGuid, flushedFileOffset, lastFileOffset };
}

/** What one descriptor does to the file. */
export type VhdxLogWrite =
  | { readonly kind: 'zero'; readonly offset: number; readonly length: number }
  | { readonly kind: 'data'; readonly offset: number; readonly bytes: Uint8Array };

/** The writes of one entry; bytes behind its end do not matter. Throws `DecodeError` where checksum, signatures or sequence numbers do not agree. */
export function decodeVhdxLogEntry(bytes: Uint8Array): readonly VhdxLogWrite[] {
  const header = decodeVhdxLogEntryHeader(bytes);
  const r = new Reader(bytes, 'VHDX log entry').sub(header.length);
  const entry = bytes.subarray(0, header.length);
  r.seek(4);
  if (!(r.u32le() === checksumOf(entry))) r.fail('the checksum is wrong');
  r.seek(LOG_ENTRY_HEADER_LENGTH);
  const writes: VhdxLogWrite[] = [];
  // Data sectors follow the last sector that holds descriptors.
  let sector =
    Math.ceil((LOG_ENTRY_HEADER_LENGTH + header.descriptorCount * 32) / VHDX_LOG_SECTOR) * VHDX_LOG_SECTOR;
  for (let index = 0; index < header.descriptorCount; index += 1) {
    const signature = r.u32le();
    if (signature === ZERO_SIGNATURE) {
      r.skip(4);
      const length = r.u64leNumber();
      const offset = readFileOffset(r);
      if (!(length % VHDX_LOG_SECTOR === 0))
        r.fail(`a run of ${length} zero bytes, which is not a whole number of sectors`);
      if (!(r.u64le() === header.sequenceNumber)) r.fail('a descriptor belongs to another entry');
      writes.push({ kind: 'zero', offset, length });
      continue;
    }
    if (!(signature === DATA_SIGNATURE)) r.fail('expected a zero or data descriptor');
    const trailing = r.bytes(4);
    const leading = r.bytes(8);
    const offset = readFileOffset(r);
    if (!(r.u64le() === header.sequenceNumber)) r.fail('a descriptor belongs to another entry');
    const data = new Reader(entry, 'VHDX data sector');
    data.seek(sector);
    sector += VHDX_LOG_SECTOR;
    if (!(data.u32le() === SECTOR_SIGNATURE)) data.fail('expected the signature data');
    const high = data.u32le();
    const middle = data.bytes(4084);
    const low = data.u32le();
    if (!(((BigInt(high) << 32n) | BigInt(low)) === header.sequenceNumber))
      data.fail('a data sector is torn');
    const page = new Uint8Array(VHDX_LOG_SECTOR);
    page.set(leading);
    page.set(middle, 8);
    page.set(trailing, 4092);
    writes.push({ kind: 'data', offset, bytes: page });
  }
  return writes;
}

/** [MS-VHDX] 2.3.1.2 and 2.3.1.3: FileOffset is a multiple of 4 KB. */
function readFileOffset(r: Reader): number {
  const offset = r.u64leNumber();
  if (!(offset % VHDX_LOG_SECTOR === 0)) r.fail(`${offset} is not the offset of a log sector`);
  return offset;
}
