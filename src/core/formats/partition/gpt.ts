import { copyBytes } from '../../bytes/copy.ts';
import { crc32 } from '../../bytes/crc32.ts';
import { readGuid } from '../../bytes/guid.ts';
import { Reader } from '../../bytes/reader.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';

/** UEFI Specification 2.10, 5.3.2 "GPT Header". LBAs are in sectors of the disk. */
export interface GptHeader {
  readonly myLba: number;
  readonly alternateLba: number;
  readonly diskGuid: string;
  readonly entriesLba: number;
  readonly entryCount: number;
  readonly entrySize: number;
  readonly entriesCrc: number;
}

/** UEFI Specification 2.10, 5.3.3 "GPT Partition Entry Array". */
export interface GptEntry {
  /** From 1: its place in the array, as other tools number it. */
  readonly index: number;
  readonly type: string;
  readonly id: string;
  readonly firstLba: number;
  /** The last sector belongs to the partition. */
  readonly lastLba: number;
  readonly legacyBootable: boolean;
  readonly name: string;
}

const SIGNATURE = 'EFI PART';
const HEADER_SIZE_MIN = 92;
const HEADER_CRC_AT = 16;
const ENTRY_SIZE_MIN = 128;
const ENTRY_NAME_SIZE = 72;
const UNUSED = '00000000-0000-0000-0000-000000000000';

/** Windows writes 128 entries of 128 bytes; a table past this bound is taken for damage. */
const ENTRIES_SIZE_MAX = 1 << 20;

export function hasGptSignature(sector: Uint8Array): boolean {
  return String.fromCharCode(...sector.subarray(0, SIGNATURE.length)) === SIGNATURE;
}

/**
 * Decodes a GPT header and checks its own CRC.
 * @param sector the whole sector it stands in: 512 or 4096 bytes
 */
export function decodeGptHeader(sector: Uint8Array): GptHeader {
  const reader = new Reader(sector, 'GPT Header');
  const signature = String.fromCharCode(...reader.bytes(SIGNATURE.length));
  if (!(signature === SIGNATURE)) reader.fail('the signature EFI PART is missing');
  reader.skip(4); // Revision
  const headerSize = reader.u32le();
  if (!(headerSize >= HEADER_SIZE_MIN)) reader.fail(`a header size of ${headerSize} bytes is not valid`);
  const stated = reader.u32le();
  reader.skip(4); // Reserved
  const header = copyBytes(new Reader(sector, 'GPT Header').bytes(headerSize));
  header.fill(0, HEADER_CRC_AT, HEADER_CRC_AT + 4);
  if (!(crc32(header) === stated)) reader.fail('the CRC of the header is wrong');
  const myLba = reader.u64leNumber();
  const alternateLba = reader.u64leNumber();
  reader.skip(8 + 8); // FirstUsableLBA, LastUsableLBA
  const diskGuid = readGuid(reader);
  const entriesLba = reader.u64leNumber();
  const entryCount = reader.u32le();
  const entrySize = reader.u32le();
  const entriesCrc = reader.u32le();
  if (!(entrySize >= ENTRY_SIZE_MIN && entryCount * entrySize <= ENTRIES_SIZE_MAX)) {
    reader.fail(`a table of ${entryCount} entries of ${entrySize} bytes is not valid`);
  }
  return { myLba, alternateLba, diskGuid, entriesLba, entryCount, entrySize, entriesCrc };
}

/**
 * Decodes the used entries of the array.
 * @param bytes the whole array, `entryCount` × `entrySize` bytes; its CRC is the caller's to check,
 *   since an array with a wrong one can still be worth showing
 */
export function decodeGptEntries(bytes: Uint8Array, header: GptHeader): readonly GptEntry[] {
  const reader = new Reader(bytes, 'GPT Partition Entry Array');
  const entries: GptEntry[] = [];
  for (let index = 1; index <= header.entryCount; index += 1) {
    const entry = reader.sub(header.entrySize, 'GPT Partition Entry');
    const type = readGuid(entry);
    if (type === UNUSED) continue;
    const id = readGuid(entry);
    const firstLba = entry.u64leNumber();
    const lastLba = entry.u64leNumber();
    // Attribute bit 2 is "Legacy BIOS Bootable".
    const legacyBootable = (entry.u64le() & 4n) !== 0n;
    const name = decodeUtf16le(entry.bytes(ENTRY_NAME_SIZE)).replace(/\0.*$/s, '');
    entries.push({ index, type, id, firstLba, lastLba, legacyBootable, name });
  }
  return entries;
}
