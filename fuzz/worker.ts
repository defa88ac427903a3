// Tries one input after the other; the main thread watches the counter and keeps the time.
import { parentPort, workerData } from 'node:worker_threads';
import { mutate } from './mutate.ts';
import { TARGETS } from './targets.ts';

const { name, from, progress } = workerData as {
  readonly name: string;
  readonly from: number;
  readonly progress: SharedArrayBuffer;
};
/** Findings that a run keeps. */
const MOST_FINDINGS = 10;

const target = TARGETS[name];
if (target === undefined) throw new TypeError(`no target ${name}`);
const counter = new Int32Array(progress);
const seeds = target.seeds();
let found = 0;
// A fault that every second input meets is one fault; the main thread has seen enough of it.
for (let seed = from; found < MOST_FINDINGS; seed += 1) {
  Atomics.store(counter, 0, seed);
  Atomics.store(counter, 2, 1);
  try {
    target.read(mutate(seeds, seed));
  } catch (error) {
    found += 1;
    parentPort?.postMessage({
      seed,
      problem: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
  if (Atomics.load(counter, 1) === 1) break;
}
