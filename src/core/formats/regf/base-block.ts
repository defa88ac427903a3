import { Reader } from '../../bytes/reader.ts';
import { decodeNameUnits } from './names.ts';

/** The base block of a primary file: hive bins follow it, and every offset counts from them. */
export const BASE_BLOCK_SIZE = 4096;

/** What a transaction log keeps of the base block, whatever the sector size of the disk. */
export const LOG_BASE_BLOCK_SIZE = 512;

/** Windows' own limit of a hive is below this; a larger size is damage. */
export const MAX_HIVE_BINS_SIZE = 2 ** 31;

/** Hive bins, and therefore their sum, come in multiples of this. */
export const HIVE_BIN_ALIGNMENT = 4096;

/** Values of `fileType`: any other is kept as a number. */
export const FILE_TYPE = {
  PRIMARY: 0,
  /** Transaction log, old format; Windows 2000 and before wrote 2. */
  LOG_OLD: 1,
  LOG_VERY_OLD: 2,
  /** Transaction log, new format (Windows 8.1, 2012 R2 and later). */
  LOG_NEW: 6,
} as const;

/** Whether a file of this type is a transaction log, which holds pages of a hive and no keys. */
export function isLogType(fileType: number): boolean {
  return (
    fileType === FILE_TYPE.LOG_OLD || fileType === FILE_TYPE.LOG_VERY_OLD || fileType === FILE_TYPE.LOG_NEW
  );
}

export interface BaseBlock {
  /** Counted up when a write begins; equal to the secondary one when it has ended. */
  readonly primarySequence: number;
  readonly secondarySequence: number;
  /** FILETIME. Windows 8.1 and later no longer keep it up to date. */
  readonly lastWritten: bigint;
  readonly majorVersion: number;
  readonly minorVersion: number;
  readonly fileType: number;
  readonly fileFormat: number;
  /** Of the root key, from the start of the hive bins. */
  readonly rootCell: number;
  /** Bytes of all hive bins. */
  readonly hiveBinsSize: number;
  /** The end of the file's path, for debugging. */
  readonly fileName: string;
  /** Whether the checksum stored is the one of what is there. */
  readonly checksumValid: boolean;
}

/**
 * [msuhanov/regf] Base block; of its 4096 bytes the first 512 carry all that has a meaning on a disk.
 * Throws DecodeError for another signature or fewer than 512 bytes; a wrong checksum is no error,
 * it means that the hive is to be recovered.
 */
export function decodeBaseBlock(bytes: Uint8Array): BaseBlock {
  const reader = new Reader(bytes, 'base block');
  // 'regf'
  if (!(reader.u32le() === 0x66676572)) reader.fail('the signature is not "regf"');
  const primarySequence = reader.u32le();
  const secondarySequence = reader.u32le();
  const lastWritten = reader.u64le();
  const majorVersion = reader.u32le();
  const minorVersion = reader.u32le();
  const fileType = reader.u32le();
  const fileFormat = reader.u32le();
  const rootCell = reader.u32le();
  const hiveBinsSize = reader.u32le();
  reader.skip(4); // Clustering factor: always 1 as of Windows 8, whatever the sector size.
  const fileName = decodeNameUnits(reader.bytes(64), false).replace(/\0.*$/su, '');
  reader.skip(508 - 112);
  const checksumValid = reader.u32le() === baseBlockChecksum(bytes);
  return {
    primarySequence,
    secondarySequence,
    lastWritten,
    majorVersion,
    minorVersion,
    fileType,
    fileFormat,
    rootCell,
    hiveBinsSize,
    fileName,
    checksumValid,
  };
}

/**
 * [msuhanov/regf] Base block, note 2: the XOR of the first 127 words, of which 0 becomes 1 and -1
 * becomes -2. `bytes`: 508 or more.
 */
function baseBlockChecksum(bytes: Uint8Array): number {
  const reader = new Reader(bytes, 'base block');
  let sum = 0;
  while (reader.offset < 508) sum ^= reader.u32le();
  if (sum === 0) return 1;
  return sum === -1 ? 0xfffffffe : sum >>> 0;
}

/** Whether a write was begun and not ended: without its log, the file may be half old and half new. */
export function isDirty(base: BaseBlock): boolean {
  return !base.checksumValid || base.primarySequence !== base.secondarySequence;
}

/** Whether hive bins of this size can be: at least one, and whole ones. */
export function isHiveBinsSize(size: number): boolean {
  return size >= HIVE_BIN_ALIGNMENT && size % HIVE_BIN_ALIGNMENT === 0;
}
