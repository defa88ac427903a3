// What the tests of hives share: files side by side in one medium, and a driver that counts.
import type { Medium, Walker } from '../../../../src/core/formats/walker.ts';
import { bottom, slice } from '../../../../src/core/formats/walker.ts';

/** Files in memory, each a medium of its own, all read from the same bytes. */
export interface Files {
  readonly bytes: Uint8Array;
  readonly media: readonly Medium[];
}

export function filesOf(files: readonly Uint8Array[]): Files {
  const bytes = new Uint8Array(files.reduce((sum, file) => sum + file.length, 0));
  const whole = bottom(bytes.length);
  let at = 0;
  const media = files.map((file) => {
    bytes.set(file, at);
    at += file.length;
    return slice(whole, at - file.length, file.length);
  });
  return { bytes, media };
}

export interface Driven<T> {
  readonly value: T;
  readonly rounds: number;
  readonly ranges: number;
  readonly bytesRead: number;
}

/** More rounds than any walk of a hive takes: a walker that goes on has lost its way. */
const MAX_ROUNDS = 10_000;

/** Performs a walker's reads and counts them; a pause (an empty batch) costs no round. */
export function drive<T>(walker: Walker<T>, bytes: Uint8Array): Driven<T> {
  let rounds = 0;
  let ranges = 0;
  let bytesRead = 0;
  for (let step = walker.next(); ; ) {
    if (step.done) return { value: step.value, rounds, ranges, bytesRead };
    if (step.value.length === 0) {
      step = walker.next([]);
      continue;
    }
    rounds += 1;
    if (rounds > MAX_ROUNDS) throw new Error(`not done after ${MAX_ROUNDS} rounds`);
    const answers = step.value.map(({ offset, length }) => {
      if (!(Number.isInteger(offset) && offset >= 0 && Number.isInteger(length) && length >= 0)) {
        throw new Error(`a range of ${length} bytes at ${offset}`);
      }
      ranges += 1;
      bytesRead += length;
      return { ok: true as const, bytes: bytes.subarray(offset, offset + length) };
    });
    step = walker.next(answers);
  }
}
