import { tryDecode } from '../../bytes/decode-error.ts';
import { Reader } from '../../bytes/reader.ts';
import type { Anomaly } from '../walker.ts';
import { HIVE_BIN_ALIGNMENT, isHiveBinsSize } from './base-block.ts';

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
  if (!isHiveBinsSize(size)) reader.fail(`its size of ${size} bytes is not a multiple of 4096`);
  return { offset, size, timestamp };
}

/** Pages of a hive of 512 MiB: what lies behind is not watched. */
const MAX_PAGES = 1 << 17;

/** A hive with more damaged bins than this has been told to be damaged. */
const MAX_TOLD = 50;

/**
 * Follows the bins from the first one, as far as their headers came by.
 * Only what the bins before it show to be the place of a header is judged: a page inside a bin may
 * hold anything, the header of a bin that was there before included.
 */
export class BinChain {
  /** By page, from the start of the hive bins: how many pages its bin has; 0 where it has no sound header. */
  readonly #seen = new Map<number, number>();
  readonly #anomalies: Anomaly[] = [];
  /** Where the next bin begins, by those before it. */
  #next = 0;
  /** The bin before has no sound header: where the next one begins is looked for. */
  #lost = false;

  /** A page that was read. @param number of the page in the file, whose first is the base block */
  see(number: number, bytes: Uint8Array): void {
    const page = number - 1;
    if (page < this.#next || page >= MAX_PAGES || this.#seen.has(page)) return;
    const bin = tryDecode(() => decodeHiveBin(bytes));
    const isSound = bin.ok && bin.value.offset === page * HIVE_BIN_ALIGNMENT;
    this.#seen.set(page, isSound ? bin.value.size / HIVE_BIN_ALIGNMENT : 0);
  }

  /** Damaged headers that were met so far. @param size bytes of all hive bins */
  anomalies(size: number): readonly Anomaly[] {
    for (;;) {
      const pages = this.#seen.get(this.#next);
      if (pages === undefined || this.#next * HIVE_BIN_ALIGNMENT >= size) return this.#anomalies;
      if (pages === 0 && !this.#lost && this.#anomalies.length < MAX_TOLD) {
        const at = this.#next * HIVE_BIN_ALIGNMENT;
        this.#anomalies.push({ where: `hive bin at 0x${at.toString(16)}`, problem: 'its header is damaged' });
      }
      this.#lost = pages === 0;
      this.#seen.delete(this.#next);
      this.#next += Math.max(1, pages);
    }
  }
}
