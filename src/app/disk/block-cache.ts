import { copyBytes } from '../../core/bytes/copy.ts';
import { NO_ANSWER, type Range, type ReadResult } from '../../core/formats/walker.ts';
import type { ByteSource } from '../ports/byte-source.ts';

export interface CacheOptions {
  /** Bytes that are fetched and kept together; a power of two. */
  readonly blockSize: number;
  /** Bytes that are kept at the most; the least recently used go first. */
  readonly capacity: number;
  /** A single fetch is not longer than this, so that several run side by side. */
  readonly longestFetch: number;
}

type Block = Uint8Array | { readonly problem: string };

/** Bytes of blocks that a batch holds at once; a batch that needs more is answered in portions. */
const MOST_AT_ONCE = 32 * 1024 * 1024;

/** A block's number is below this for every disk of 2^53 bytes; what is above tells the disks apart. */
const BLOCKS_A_SOURCE = 2 ** 40;

/** Blocks of one or several sources, the least recently used forgotten first. */
export class BlockStore {
  readonly #capacity: number;
  /** In the order of their last use. */
  readonly #blocks = new Map<number, Uint8Array>();
  #kept = 0;
  #sources = 0;

  /** @param capacity bytes */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Where the keys of a further source begin. */
  addSource(): number {
    this.#sources += 1;
    return (this.#sources - 1) * BLOCKS_A_SOURCE;
  }

  get(key: number): Uint8Array | undefined {
    return this.#blocks.get(key);
  }

  keep(key: number, block: Uint8Array): void {
    if (this.#blocks.delete(key)) this.#kept -= block.length;
    this.#blocks.set(key, block);
    this.#kept += block.length;
    for (const [oldest, { length }] of this.#blocks) {
      if (this.#kept <= this.#capacity) break;
      this.#blocks.delete(oldest);
      this.#kept -= length;
    }
  }
}

/**
 * Fetches whole blocks, each once while it is kept. Neighbouring blocks that a batch misses become
 * one fetch, and all fetches of a batch go out together.
 */
export class BlockCache {
  readonly #source: ByteSource;
  readonly #options: CacheOptions;
  readonly #store: BlockStore;
  readonly #base: number;

  /** @param store what keeps the blocks, where several sources share one capacity */
  constructor(source: ByteSource, options: CacheOptions, store = new BlockStore(options.capacity)) {
    this.#source = source;
    this.#options = options;
    this.#store = store;
    this.#base = store.addSource();
  }

  async read(ranges: readonly Range[]): Promise<readonly ReadResult[]> {
    const portions = this.#portions(ranges);
    const [only] = portions;
    if (portions.length === 1 && only !== undefined) return this.#readPortion(only);
    const results: ReadResult[] = [];
    for (const portion of portions) results.push(...(await this.#readPortion(portion)));
    return results;
  }

  /** The results of a batch whose blocks are all kept; `undefined` where one has to be fetched. */
  atHand(ranges: readonly Range[]): readonly ReadResult[] | undefined {
    const batch = new Map<number, Block>();
    for (const range of ranges) {
      for (const index of this.#blocksOf(range)) {
        const block = this.#store.get(this.#base + index);
        if (block === undefined) return undefined;
        batch.set(index, block);
      }
    }
    for (const [index, block] of batch) this.#keep(index, block);
    return ranges.map((range) => this.#assemble(range, batch));
  }

  /** Cuts a batch so that the blocks of no portion are more than is held at once, a single range excepted. */
  #portions(ranges: readonly Range[]): readonly (readonly Range[])[] {
    const portions: Range[][] = [];
    let blocks = new Set<number>();
    for (const range of ranges) {
      const mine = this.#blocksOf(range);
      const last = portions.at(-1);
      for (const block of mine) blocks.add(block);
      if (last !== undefined && blocks.size * this.#options.blockSize <= MOST_AT_ONCE) last.push(range);
      else {
        portions.push([range]);
        blocks = new Set(mine);
      }
    }
    return portions;
  }

  async #readPortion(ranges: readonly Range[]): Promise<readonly ReadResult[]> {
    const wanted = new Set(ranges.flatMap((range) => this.#blocksOf(range)));
    // What this batch needs stays reachable until it is answered, however small the capacity is.
    const batch = new Map<number, Block>();
    const missing: number[] = [];
    for (const index of wanted) {
      const block = this.#store.get(this.#base + index);
      if (block === undefined) missing.push(index);
      else batch.set(index, block);
    }
    const fetches = this.#plan(missing.sort((a, b) => a - b));
    if (fetches.length > 0) {
      const results = await this.#source.read(fetches);
      for (const [at, fetch] of fetches.entries()) this.#split(fetch, results[at], batch);
    }
    for (const index of wanted) this.#keep(index, batch.get(index));
    return ranges.map((range) => this.#assemble(range, batch));
  }

  #blocksOf({ offset, length }: Range): number[] {
    const { blockSize } = this.#options;
    const end = Math.min(offset + length, this.#source.size);
    if (!(offset >= 0 && end > offset)) return [];
    const first = Math.floor(offset / blockSize);
    return Array.from({ length: Math.ceil(end / blockSize) - first }, (_, index) => first + index);
  }

  /** Runs of neighbouring blocks as ranges. */
  #plan(missing: readonly number[]): Range[] {
    const { blockSize, longestFetch } = this.#options;
    const fetches: { offset: number; length: number }[] = [];
    for (const index of missing) {
      const offset = index * blockSize;
      const length = this.#lengthOf(index);
      const last = fetches.at(-1);
      if (
        last !== undefined &&
        last.offset + last.length === offset &&
        last.length + length <= longestFetch
      ) {
        last.length += length;
      } else {
        fetches.push({ offset, length });
      }
    }
    return fetches;
  }

  /** Bytes; the last block may be short. */
  #lengthOf(index: number): number {
    const { blockSize } = this.#options;
    return Math.min(blockSize, this.#source.size - index * blockSize);
  }

  #split(fetch: Range, result: ReadResult | undefined, batch: Map<number, Block>): void {
    const { blockSize } = this.#options;
    const alone = fetch.length <= blockSize;
    for (let at = 0; at < fetch.length; at += blockSize) {
      const index = (fetch.offset + at) / blockSize;
      batch.set(
        index,
        result === undefined
          ? { problem: NO_ANSWER.problem }
          : result.ok
            ? // A view would hold the whole fetch in memory for as long as one of its blocks is kept.
              alone
              ? result.bytes
              : copyBytes(result.bytes, at, at + blockSize)
            : { problem: result.problem },
      );
    }
  }

  #keep(index: number, block: Block | undefined): void {
    // A failed block is not kept, nor one that came short: the next read may fare better.
    if (!(block instanceof Uint8Array) || block.length < this.#lengthOf(index)) return;
    this.#store.keep(this.#base + index, block);
  }

  #assemble(range: Range, batch: ReadonlyMap<number, Block>): ReadResult {
    const { blockSize } = this.#options;
    const { offset } = range;
    const length = Math.max(0, Math.min(range.length, this.#source.size - offset));
    const bytes = new Uint8Array(length);
    for (const index of this.#blocksOf(range)) {
      const block = batch.get(index);
      if (!(block instanceof Uint8Array)) return { ok: false, problem: block?.problem ?? NO_ANSWER.problem };
      const start = index * blockSize;
      const from = Math.max(offset, start);
      const part = block.subarray(from - start, Math.min(offset + length, start + block.length) - start);
      bytes.set(part, from - offset);
      const expected = Math.min(offset + length, start + blockSize) - from;
      if (part.length < expected) return { ok: true, bytes: bytes.subarray(0, from - offset + part.length) };
    }
    return { ok: true, bytes };
  }
}
