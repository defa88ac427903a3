import { type Medium, NO_ANSWER, type Range, type ReadResult, type Walker } from '../walker.ts';

/** The smallest read that is worth a request: it holds four records of the usual size. */
const PAGE_SIZE = 4096;
/** 16 MiB: the records of some 16,000 files. */
const PAGES_MAX = 4096;

/** FILE records as they lie on disk, by number. Neighbours of what was read once come from memory. */
export class RecordSource {
  readonly #mft: Medium;
  readonly #recordSize: number;
  readonly #pageSize: number;
  /** INVARIANT: at most PAGES_MAX, the oldest first. */
  readonly #pages = new Map<number, Uint8Array>();

  /**
   * @param mft the $MFT's data
   * @param head its first bytes, where they are known
   */
  constructor(mft: Medium, recordSize: number, head: Uint8Array) {
    this.#mft = mft;
    this.#recordSize = recordSize;
    this.#pageSize = Math.max(PAGE_SIZE, recordSize);
    for (let at = 0; at + this.#pageSize <= head.length; at += this.#pageSize) {
      this.#pages.set(at / this.#pageSize, head.subarray(at, at + this.#pageSize));
    }
  }

  /** How many records the $MFT has room for. */
  get count(): number {
    return Math.floor(this.#mft.size / this.#recordSize);
  }

  /** Reads records, one result a number, in their order. At most one round. */
  *read(numbers: readonly number[]): Walker<readonly ReadResult[]> {
    const wanted = new Set<number>();
    for (const number of numbers) {
      const page = this.#pageOf(number);
      if (number < this.count && !this.#pages.has(page)) wanted.add(page);
    }
    const ranges = [...wanted].map(
      (page): Range => ({ offset: page * this.#pageSize, length: this.#pageSize }),
    );
    const fetched = new Map<number, ReadResult>();
    if (ranges.length > 0) {
      const results = yield* this.#mft.read(ranges);
      for (const [index, page] of [...wanted].entries()) {
        const result = results[index] ?? NO_ANSWER;
        fetched.set(page, result);
      }
    }
    const answers = numbers.map((number): ReadResult => {
      if (number >= this.count) return { ok: false, problem: `the $MFT has ${this.count} records` };
      const page = this.#pageOf(number);
      const known = this.#pages.get(page);
      const result: ReadResult | undefined =
        known === undefined ? fetched.get(page) : { ok: true, bytes: known };
      if (!result?.ok) return result ?? NO_ANSWER;
      const from = number * this.#recordSize - page * this.#pageSize;
      return { ok: true, bytes: result.bytes.subarray(from, from + this.#recordSize) };
    });
    for (const [page, result] of fetched) if (result.ok) this.#keep(page, result.bytes);
    return answers;
  }

  #pageOf(number: number): number {
    return Math.floor((number * this.#recordSize) / this.#pageSize);
  }

  #keep(page: number, bytes: Uint8Array): void {
    this.#pages.set(page, bytes);
    if (this.#pages.size <= PAGES_MAX) return;
    for (const oldest of this.#pages.keys()) {
      this.#pages.delete(oldest);
      break;
    }
  }
}
