import type { Range, ReadResult } from '../../core/formats/walker.ts';

/** Performs a walker's reads. `undefined` when `stopped` says so between two batches. */
export async function runWalker<T>(
  walker: Generator<readonly Range[], T, readonly ReadResult[]>,
  read: (ranges: readonly Range[]) => Promise<readonly ReadResult[]>,
  stopped: () => boolean,
): Promise<T | undefined> {
  let step = walker.next();
  while (!step.done) {
    if (stopped()) return undefined;
    step = walker.next(await read(step.value));
  }
  return step.value;
}
