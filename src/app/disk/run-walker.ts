import type { Range, ReadResult } from '../../core/formats/walker.ts';

/** What the driver of a walker needs besides the reads. */
export interface Surroundings {
  /** Whether to end it: asked before every batch and at every pause, so that the time limit holds for computing too. */
  readonly stopped: () => boolean;
  /** Lets others have their turn, where this one has had it for long; `undefined` where it has not. */
  readonly breathe?: () => Promise<void> | undefined;
}

/** Performs a walker's reads. `undefined` when `stopped` says so. */
export async function runWalker<T>(
  walker: Generator<readonly Range[], T, readonly ReadResult[]>,
  read: (ranges: readonly Range[]) => Promise<readonly ReadResult[]>,
  { stopped, breathe }: Surroundings,
): Promise<T | undefined> {
  let step = walker.next();
  while (!step.done) {
    if (stopped()) return undefined;
    const turn = breathe?.();
    if (turn !== undefined) await turn;
    step = walker.next(step.value.length === 0 ? [] : await read(step.value));
  }
  return step.value;
}
