import { availableParallelism } from 'node:os';

/** Does a piece of work for each, as many at a time as the machine has processors; a lane does one at a time. */
export async function inLanes<T>(
  all: Iterable<T>,
  work: (each: T, index: number, lane: number) => Promise<void>,
): Promise<void> {
  const queue = [...all].entries();
  const one = async (lane: number): Promise<void> => {
    for (const [index, each] of queue) await work(each, index, lane);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, (_, lane) => one(lane)));
}
