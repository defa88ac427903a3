import { copyBytes } from '../../bytes/copy.ts';
import { type Medium, NO_ANSWER, type Range, type ReadResult, type Walker } from '../walker.ts';
import { BinChain } from './hive-bin.ts';

/** Bytes of a page: what Windows itself writes hives in. */
export const PAGE_SIZE = 4096;

/** 16 MiB: all of a SYSTEM hive, so that a second question about it reads nothing again. */
const DEFAULT_CACHED_PAGES = 4096;

/** Pages of one range at most, so that no read is longer than 4 MiB. */
const PAGES_A_RANGE = 1024;

/**
 * Pages that are asked for in one round, 8 MiB of them: what keys say of their lists must not decide how
 * much is held at once. Whatever wants more is given it in portions.
 */
export const PAGES_A_ROUND = 2048;

/** A page as it was read; shorter than PAGE_SIZE where the medium ends inside it. */
export type Page =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly problem: string };

/**
 * Work on pages that are here, for as long as they are: it yields the numbers of all the pages that
 * it needs next whenever one of them is not here, and is continued when all are. Nothing needed is a
 * pause (see Batched); pages that were here may be gone after it, and are asked for again.
 * Many tasks run side by side (`all`), and pages that several of them need are read once.
 */
export type Task<T> = Generator<readonly number[], T, void>;

/**
 * The pages of a medium that were read, the latest kept.
 * INVARIANT: after `load(wanted)` every page of `wanted` is here until the next `load`.
 */
export class Pages {
  readonly #medium: Medium;
  readonly #limit: number;
  /** In the order of their last use, the latest last. */
  readonly #cached = new Map<number, Page>();
  #read = 0;
  /** What the pages that were here so far tell about the hive's bins. */
  readonly bins = new BinChain();

  constructor(medium: Medium, limit: number = DEFAULT_CACHED_PAGES) {
    this.#medium = medium;
    this.#limit = limit;
  }

  /** Bytes of the medium. */
  get size(): number {
    return this.#medium.size;
  }

  /** Pages read so far, those read again counted again. */
  get pagesRead(): number {
    return this.#read;
  }

  /** A page that is here; `undefined` when it must be loaded first. */
  get(number: number): Page | undefined {
    return this.#cached.get(number);
  }

  /** Puts in a page that was read by other means. */
  put(number: number, bytes: Uint8Array): void {
    this.#cached.set(number, { ok: true, bytes });
    this.bins.see(number, bytes);
  }

  /**
   * Reads those of the pages that are not here: neighbours in one range, all ranges in one batch.
   * One round, a second one only where a range of several pages could not be read: then page by page.
   */
  *load(wanted: readonly number[]): Walker<void> {
    const missing: number[] = [];
    for (const number of new Set(wanted)) {
      const page = this.#cached.get(number);
      if (page === undefined) missing.push(number);
      else {
        this.#cached.delete(number);
        this.#cached.set(number, page);
      }
    }
    if (missing.length === 0) return;
    missing.sort((a, b) => a - b);

    // Make room before reading; what is wanted was moved to the end and is left alone.
    const kept = new Set(wanted);
    for (const number of this.#cached.keys()) {
      if (this.#cached.size + missing.length <= this.#limit || kept.has(number)) break;
      this.#cached.delete(number);
    }

    const runs = neighbours(missing);
    const failed: number[] = [];
    const answers = yield* this.#medium.read(runs.map((run) => this.#rangeOf(run)));
    for (const [index, run] of runs.entries()) {
      const answer = answers[index] ?? NO_ANSWER;
      if (!answer.ok && run.count > 1)
        failed.push(...Array.from({ length: run.count }, (_, i) => run.first + i));
      else this.#keep(run, answer);
    }
    this.#read += missing.length;
    if (failed.length === 0) return;

    const alone = failed.map((first) => ({ first, count: 1 }));
    const second = yield* this.#medium.read(alone.map((run) => this.#rangeOf(run)));
    for (const [index, run] of alone.entries()) this.#keep(run, second[index] ?? NO_ANSWER);
  }

  /** Runs a task to its end. As many rounds as it has steps whose pages are not here yet. */
  *perform<T>(task: Task<T>): Walker<T> {
    for (let step = task.next(); ; step = task.next()) {
      if (step.done) return step.value;
      if (step.value.length === 0) yield [];
      else yield* this.load(step.value);
    }
  }

  #rangeOf(run: Run): Range {
    const offset = run.first * PAGE_SIZE;
    return { offset, length: Math.max(0, Math.min(run.count * PAGE_SIZE, this.#medium.size - offset)) };
  }

  #keep(run: Run, answer: ReadResult): void {
    for (let index = 0; index < run.count; index += 1) {
      if (!answer.ok) {
        this.#cached.set(run.first + index, answer);
        continue;
      }
      const at = index * PAGE_SIZE;
      // A copy where it is a part: one page that is kept must not keep megabytes.
      const bytes = run.count === 1 ? answer.bytes : copyBytes(answer.bytes, at, at + PAGE_SIZE);
      this.#cached.set(run.first + index, { ok: true, bytes });
      this.bins.see(run.first + index, bytes);
    }
  }
}

interface Waiting<T> {
  readonly task: Task<T>;
  readonly index: number;
  readonly wanted: readonly number[];
}

/**
 * Runs tasks side by side; together they take as many rounds as the longest of them, or one for each
 * PAGES_A_ROUND pages where they want more.
 * A task that fails does so by its value.
 */
export function* all<T>(tasks: readonly Task<T>[]): Task<T[]> {
  const values: T[] = new Array(tasks.length);
  /** Runs a task up to where it needs pages; `undefined` where it is done. */
  function* advance(task: Task<T>, index: number): Task<Waiting<T> | undefined> {
    for (let step = task.next(); ; step = task.next()) {
      if (step.done) {
        values[index] = step.value;
        return undefined;
      }
      if (step.value.length > 0) return { task, index, wanted: step.value };
      yield [];
    }
  }

  let waiting: Waiting<T>[] = [];
  for (const [index, task] of tasks.entries()) {
    const entry = yield* advance(task, index);
    if (entry !== undefined) waiting.push(entry);
  }
  while (waiting.length > 0) {
    const wanted = new Set<number>();
    const now: Waiting<T>[] = [];
    const next: Waiting<T>[] = [];
    for (const entry of waiting) {
      if (wanted.size >= PAGES_A_ROUND) next.push(entry);
      else {
        now.push(entry);
        for (const number of entry.wanted) wanted.add(number);
      }
    }
    yield [...wanted];
    for (const { task, index } of now) {
      const entry = yield* advance(task, index);
      if (entry !== undefined) next.push(entry);
    }
    waiting = next;
  }
  return values;
}

interface Run {
  readonly first: number;
  readonly count: number;
}

/** Sorted page numbers → runs of neighbours. */
function neighbours(numbers: readonly number[]): Run[] {
  const runs: { first: number; count: number }[] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last.first + last.count === number && last.count < PAGES_A_RANGE)
      last.count += 1;
    else runs.push({ first: number, count: 1 });
  }
  return runs;
}
