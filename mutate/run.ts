// npm run mutate [-- FOLDER…] [--sample 400|all] [--seed N] [--only survivors]
// Changes one thing at a time in the sources and sees whether a test notices. Folders are those of
// src/core that judge: causes, windows, engine, report. Mutants that no test can notice stand in
// mutate/accepted.ts with the reason. Ends with status 1 where fewer than 90 % are noticed.
// `--only survivors` tries again those that .tmp/mutate/FOLDER-survivors.json lists, against the tests
// of that folder alone, and takes the noticed ones out of it: for a quick look at whether a new test
// bites. Its share is no result.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ACCEPTED } from './accepted.ts';
import { bundleTests } from './bundle.ts';
import { instrument, type Mutant } from './instrument.ts';

const FOLDERS = ['causes', 'windows', 'engine', 'report'];
/** Tests of the judging core: no network, no disk, no process. */
const TESTS = ['test/core/causes', 'test/core/engine', 'test/core/report', 'test/core/windows', 'test/cases'];
const ENOUGH = 0.9;
/** A mutant that runs for ever is noticed too. */
const LONGEST_MILLIS = 60_000;
/** Without a mutant the slowest test, of every denied question, may take its time on a busy machine. */
const UNTOUCHED_MILLIS = 600_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const work = join(root, '.tmp', 'mutate');

const words = process.argv.slice(2);
const after = (flag: string): string | undefined => {
  const at = words.indexOf(flag);
  return at === -1 ? undefined : words[at + 1];
};
const sample = after('--sample') ?? '400';
const onlySurvivors = after('--only') === 'survivors';
const seed = Number(after('--seed') ?? Math.floor(Math.random() * 2 ** 31));
const named = words.filter(
  (word, at) => !word.startsWith('--') && !(words[at - 1]?.startsWith('--') ?? false),
);
const folders = named.length > 0 ? named : FOLDERS;
if (folders.some((folder) => !FOLDERS.includes(folder)) || !Number.isInteger(seed)) {
  console.error(
    `usage: npm run mutate [-- ${FOLDERS.join('|')}] [--sample N|all] [--seed N] [--only survivors]`,
  );
  process.exitCode = 2;
} else {
  console.log(onlySurvivors ? 'survivors again' : `seed ${seed}`);
  for (const folder of folders) await mutateFolder(folder);
}

type Fate = 'noticed' | 'too long' | 'survived' | 'accepted';

async function mutateFolder(folder: string): Promise<void> {
  const started = Date.now();
  const copy = join(work, folder);
  const mutants = await instrument(root, copy, `core/${folder}`);
  const places = onlySurvivors ? [`test/core/${folder}`] : TESTS;
  const tests = places.flatMap((place) => testsBelow(join(copy, place)).map((name) => `${place}/${name}`));
  const bundles = await bundleTests(copy, tests, join(copy, '.tests'));
  const covers = new Map<string, readonly string[]>();
  await inParallel([...bundles], async ([test, bundle], index) => {
    const list = join(copy, `.cover-${index}.json`);
    const status = await runTest([bundle], { COVER: list }, UNTOUCHED_MILLIS);
    if (status !== 0) throw new Error(`${test} fails without any mutant`);
    covers.set(test, JSON.parse(readFileSync(list, 'utf8')));
  });
  const chosen = choose(folder, mutants);
  const fates = new Map<Mutant, Fate>();
  await inParallel(chosen, async (mutant) => {
    fates.set(mutant, await fateOf(mutant, covers, bundles));
    if (fates.size % 100 === 0) console.error(`${folder}: ${fates.size} of ${chosen.length}`);
  });
  report(folder, mutants.length, fates, (Date.now() - started) / 1000);
  rmSync(copy, { recursive: true, force: true });
}

async function inParallel<T>(
  all: readonly T[],
  work: (each: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = all.entries();
  const one = async (): Promise<void> => {
    for (const [index, each] of queue) await work(each, index);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, one));
}

function choose(folder: string, mutants: readonly Mutant[]): readonly Mutant[] {
  if (onlySurvivors) {
    // Lines move with every edit, so a mutant is known by what it changes.
    const keyOf = ({ file, original, replacement }: Mutant): string =>
      JSON.stringify([file, original, replacement]);
    const wanted = new Set(
      (JSON.parse(readFileSync(survivorsOf(folder), 'utf8')) as readonly Mutant[]).map(keyOf),
    );
    return mutants.filter((mutant) => wanted.has(keyOf(mutant)));
  }
  return sample === 'all' ? mutants : draw(mutants, Number(sample), seed);
}

function survivorsOf(folder: string): string {
  return join(work, `${folder}-survivors.json`);
}

function testsBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true })
      .map((name) => String(name).replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.test.ts'))
      .sort();
  } catch {
    return [];
  }
}

/** The test of the same name first, then those of the folder: they notice most of what they should, and are quick. */
async function fateOf(
  mutant: Mutant,
  covers: ReadonlyMap<string, readonly string[]>,
  bundles: ReadonlyMap<string, string>,
): Promise<Fate> {
  const own = `${basename(mutant.file, '.ts')}.test.ts`;
  const beside = `${dirname(mutant.file).replace(/^src/, 'test')}/`;
  const distanceOf = (test: string): number => (basename(test) === own ? 0 : test.startsWith(beside) ? 1 : 2);
  const covering = [...bundles].filter(([test]) => covers.get(test)?.includes(mutant.id) ?? false);
  for (const distance of [0, 1, 2]) {
    const group = covering.filter(([test]) => distanceOf(test) === distance);
    if (group.length === 0) continue;
    const status = await runTest(
      group.map(([, bundle]) => bundle),
      { __STRYKER_ACTIVE_MUTANT__: mutant.id },
    );
    if (status === undefined) return 'too long';
    if (status !== 0) return 'noticed';
  }
  return isAccepted(mutant) ? 'accepted' : 'survived';
}

function isAccepted({ file, original, replacement }: Mutant): boolean {
  return ACCEPTED.some(
    (row) => row.file === file && row.original === original && row.replacement === replacement,
  );
}

/** Runs test bundles in one process; its status, or undefined where it had to be ended. */
function runTest(
  bundles: readonly string[],
  env: Readonly<Record<string, string>>,
  longest = LONGEST_MILLIS,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const program = join(root, 'mutate', 'runner.mjs');
    const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
    const child = spawn(process.execPath, [program, ...bundles], {
      cwd: root,
      stdio: 'ignore',
      env: { ...inherited, ...env },
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), longest);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve(status ?? undefined);
    });
  });
}

/** A sample without repetition, the same for the same seed: mulberry32. */
function draw<T>(all: readonly T[], count: number, from: number): readonly T[] {
  let state = from >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const left = [...all];
  const drawn: T[] = [];
  while (drawn.length < count && left.length > 0) {
    drawn.push(...left.splice(Math.floor(next() * left.length), 1));
  }
  return drawn;
}

function report(folder: string, all: number, fates: ReadonlyMap<Mutant, Fate>, seconds: number): void {
  const having = (fate: Fate): readonly Mutant[] =>
    [...fates].filter(([, its]) => its === fate).map(([mutant]) => mutant);
  const noticed = having('noticed').length + having('too long').length;
  const survivors = having('survived');
  const share = noticed / fates.size;
  console.log(
    `${folder}: ${noticed} of ${fates.size} noticed (${(share * 100).toFixed(1)} %), ${survivors.length} survived, ${having('accepted').length} accepted with a reason; ${all} mutants in all, ${seconds.toFixed(0)} s`,
  );
  for (const { file, line, mutator, original, replacement } of survivors) {
    console.log(`  ${file}:${line} ${mutator}: ${brief(original)} -> ${brief(replacement)}`);
  }
  mkdirSync(work, { recursive: true });
  writeFileSync(survivorsOf(folder), JSON.stringify(survivors, null, 2));
  if (!onlySurvivors && share < ENOUGH) process.exitCode = 1;
}

function brief(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ').trim();
  return line.length > 90 ? `${line.slice(0, 90)}…` : line;
}
