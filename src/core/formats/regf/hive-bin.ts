import { Reader } from '../../bytes/reader.ts';
import { isHiveBinsSize } from './base-block.ts';

/** Of a hive bin's header; cells follow it. */
export const HIVE_BIN_HEADER_SIZE = 32;

export interface HiveBin {
  /** Where the bin says it lies, from the start of the hive bins. */
  readonly offset: number;
  /** Bytes, the header included. */
  readonly size: number;
  /** FILETIME, in the first bin only: a copy of the base block's. */
  readonly timestamp: bigint;
}

/** [msuhanov/regf] Hive bin: its header of 32 bytes. Throws DecodeError for another signature or a size that cannot be. */
export function decodeHiveBin(bytes: Uint8Array): HiveBin {
  const reader = new Reader(bytes, 'hive bin');
  // 'hbin'
  if (!(reader.u32le() === 0x6e696268)) reader.fail('the signature is not "hbin"');
  const offset = reader.u32le();
  const size = reader.u32le();
  reader.skip(8);
  const timestamp = reader.u64le();
  reader.skip(4);
  if (!isHiveBinsSize(size)) reader.fail(`its size of ${size} bytes is no multiple of 4096`);
  return { offset, size, timestamp };
}
