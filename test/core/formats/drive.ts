// A driver for walkers over bytes in memory that counts what a read costs and minds the manners of a walker.
import type { Walker } from '../../../src/core/formats/walker.ts';

export interface Driven<T> {
  readonly value: T;
  /** Batches: the round trips that depend on each other. */
  readonly rounds: number;
  readonly ranges: number;
  readonly bytesRead: number;
}

/** More rounds than any walk takes: a walker that goes on has lost its way. */
const ROUNDS_MAX = 10_000;

/** The same, for one that only computes. */
const PAUSES_MAX = 1_000_000;

/** Performs a walker's reads. A range that is none is a fault of the walker; a pause (an empty batch) costs no round. */
export function drive<T>(
  walker: Walker<T>,
  read: Uint8Array | ((offset: number, length: number, source: number) => Uint8Array),
): Driven<T> {
  const bytesAt =
    read instanceof Uint8Array
      ? (offset: number, length: number) => read.subarray(offset, offset + length)
      : read;
  let rounds = 0;
  let pauses = 0;
  let ranges = 0;
  let bytesRead = 0;
  for (let step = walker.next(); ; ) {
    if (step.done) return { value: step.value, rounds, ranges, bytesRead };
    if (step.value.length === 0) {
      pauses += 1;
      if (pauses > PAUSES_MAX) throw new Error(`not done after ${PAUSES_MAX} pauses`);
      step = walker.next([]);
      continue;
    }
    rounds += 1;
    if (rounds > ROUNDS_MAX) throw new Error(`not done after ${ROUNDS_MAX} rounds`);
    const answers = step.value.map(({ offset, length, source = 0 }) => {
      if (!(Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) && length >= 0)) {
        throw new Error(`a range of ${length} bytes at ${offset}`);
      }
      ranges += 1;
      const bytes = bytesAt(offset, length, source);
      bytesRead += bytes.length;
      return { ok: true as const, bytes };
    });
    step = walker.next(answers);
  }
}
