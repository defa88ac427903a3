// npm run fuzz -- FORMAT|all [--seconds 60] [--seed N]
// Feeds a reader with damaged input. A crash or a hang is written to test/regressions/FORMAT/, where
// every test run reads it again, and ends the run with status 1.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { mutate } from './mutate.ts';
import { TARGETS } from './targets.ts';

/** No input of a few megabytes takes this long to read. */
const HANG_MILLIS = 10_000;

const words = process.argv.slice(2);
const numberAfter = (flag: string, otherwise: number): number => {
  const at = words.indexOf(flag);
  return at === -1 ? otherwise : Number(words[at + 1]);
};
const seconds = numberAfter('--seconds', 60);
const firstSeed = numberAfter('--seed', Math.floor(Math.random() * 2 ** 30));
const asked = words[0] === 'all' ? Object.keys(TARGETS) : [words[0] ?? ''];
if (asked.some((name) => TARGETS[name] === undefined) || !(seconds > 0) || !Number.isInteger(firstSeed)) {
  console.error(
    `usage: npm run fuzz -- FORMAT [--seconds N] [--seed N]; formats: ${Object.keys(TARGETS).join(', ')}, or all`,
  );
  process.exitCode = 2;
} else {
  for (const name of asked) await fuzz(name);
}

async function fuzz(name: string): Promise<void> {
  const until = Date.now() + seconds * 1000;
  let from = firstSeed;
  let tried = 0;
  const findings: string[] = [];
  while (Date.now() < until && findings.length < 10) {
    const { last, hung } = await runWorker(name, from, until, (seed, problem) =>
      findings.push(keep(name, seed, problem)),
    );
    tried += last - from;
    if (hung) findings.push(keep(name, last, `no answer within ${HANG_MILLIS} ms`));
    from = last + 1;
  }
  console.log(`${name}: ${tried} inputs in ${seconds} s from seed ${firstSeed}, ${findings.length} findings`);
  for (const finding of findings) console.log(`  ${finding}`);
  if (findings.length > 0) process.exitCode = 1;
}

function runWorker(
  name: string,
  from: number,
  until: number,
  found: (seed: number, problem: string) => void,
): Promise<{ readonly last: number; readonly hung: boolean }> {
  // The number of the input at hand, whether to stop, and whether the worker has begun.
  const progress = new SharedArrayBuffer(12);
  const counter = new Int32Array(progress);
  Atomics.store(counter, 0, from);
  const worker = new Worker(new URL('./start-worker.mjs', import.meta.url), {
    workerData: { name, from, progress },
  });
  return new Promise((resolve) => {
    let seen = from;
    let since = Date.now();
    let hung = false;
    const watch = setInterval(() => {
      const now = Atomics.load(counter, 0);
      // A busy machine takes seconds to start a worker, which is no hang.
      if (now !== seen || Atomics.load(counter, 2) === 0) {
        seen = now;
        since = Date.now();
      }
      hung = Date.now() - since > HANG_MILLIS;
      if (hung || Date.now() >= until) {
        Atomics.store(counter, 1, 1);
        clearInterval(watch);
        void worker.terminate().then(() => resolve({ last: seen, hung }));
      }
    }, 200);
    worker.on('message', ({ seed, problem }: { seed: number; problem: string }) => found(seed, problem));
    worker.on('exit', () => {
      clearInterval(watch);
      // Ending a worker that hangs comes by here as well.
      resolve({ last: Atomics.load(counter, 0), hung });
    });
    worker.on('error', (error) => {
      clearInterval(watch);
      found(Atomics.load(counter, 0), error.stack ?? error.message);
      resolve({ last: Atomics.load(counter, 0), hung: false });
    });
  });
}

function keep(name: string, seed: number, problem: string): string {
  const target = TARGETS[name];
  if (target === undefined) return problem;
  const bytes = mutate(target.seeds(), seed);
  const folder = fileURLToPath(new URL(`../test/regressions/${name}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  const file = `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.bin`;
  writeFileSync(`${folder}${file}`, bytes);
  return `seed ${seed} (${file}): ${problem.split('\n').slice(0, 4).join(' | ')}`;
}
