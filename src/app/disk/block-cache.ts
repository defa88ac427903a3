import { copyBytes } from '../../core/bytes/copy.ts';
import type { Range, ReadResult } from '../../core/formats/walker.ts';
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

/**
 * Fetches whole blocks, each once while it is kept. Neighbouring blocks that a batch misses become
 * one fetch, and all fetches of a batch go out together.
 */
export class BlockCache {
  readonly #source: ByteSource;
  readonly #options: CacheOptions;
  /** In the order of their last use. */
  readonly #blocks = new Map<number, Uint8Array>();
  #kept = 0;

  constructor(source: ByteSource, options: CacheOptions) {
    this.#source = source;
    this.#options = options;
  }

  async read(ranges: readonly Range[]): Promise<readonly ReadResult[]> {
    const wanted = new Set(ranges.flatMap((range) => this.#blocksOf(range)));
    // What this batch needs stays reachable until it is answered, however small the capacity is.
    const batch = new Map<number, Block>();
    const missing: number[] = [];
    for (const index of wanted) {
      const block = this.#blocks.get(index);
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
          ? { problem: 'no answer' }
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
    if (this.#blocks.delete(index)) this.#kept -= block.length;
    this.#blocks.set(index, block);
    this.#kept += block.length;
    for (const [oldest, { length }] of this.#blocks) {
      if (this.#kept <= this.#options.capacity) break;
      this.#blocks.delete(oldest);
      this.#kept -= length;
    }
  }

  #assemble(range: Range, batch: ReadonlyMap<number, Block>): ReadResult {
    const { blockSize } = this.#options;
    const { offset } = range;
    const length = Math.max(0, Math.min(range.length, this.#source.size - offset));
    const bytes = new Uint8Array(length);
    for (const index of this.#blocksOf(range)) {
      const block = batch.get(index);
      if (!(block instanceof Uint8Array)) return { ok: false, problem: block?.problem ?? 'no answer' };
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
