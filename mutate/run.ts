// npm run mutate [-- FOLDER…] [--sample 400|all] [--seed N] [--only survivors]
// Changes one thing at a time in the sources and sees whether a test notices. Folders are those of
// src/core that judge: causes, windows, engine, report. Mutants that no test can notice stand in
// mutate/accepted.ts with the reason. Ends with status 1 where fewer than 90 % are noticed.
// `--only survivors` tries again those that .tmp/mutate/FOLDER-survivors.json lists, against the tests
// of that folder alone, and takes the noticed ones out of it: for a quick look at whether a new test
// bites. Its share is no result.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ACCEPTED } from './accepted.ts';
import { bundleTests } from './bundle.ts';
import { instrument, type Mutant } from './instrument.ts';
import { inLanes } from './lanes.ts';
import { type Noticing, TestBench } from './test-bench.ts';

const FOLDERS = ['causes', 'windows', 'engine', 'report'];
/** Tests of the judging core: no network, no disk, no process. */
const TESTS = ['test/core/causes', 'test/core/engine', 'test/core/report', 'test/core/windows', 'test/cases'];
const ENOUGH = 0.9;
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

type Fate = Noticing | 'accepted';

async function mutateFolder(folder: string): Promise<void> {
  const started = Date.now();
  const copy = join(work, folder);
  const mutants = await instrument(root, copy, `core/${folder}`);
  const places = onlySurvivors ? [`test/core/${folder}`] : TESTS;
  const tests = places.flatMap((place) => testsBelow(join(copy, place)).map((name) => `${place}/${name}`));
  const bundles = await bundleTests(copy, tests, join(copy, '.tests'));
  const bench = await TestBench.of(root, bundles);
  const chosen = choose(folder, mutants);
  const fates = new Map<Mutant, Fate>();
  await inLanes(chosen, async (mutant, _, lane) => {
    const fate = await bench.try(mutant, lane);
    fates.set(mutant, fate === 'survived' && isAccepted(mutant) ? 'accepted' : fate);
    if (fate === 'survived' && !isAccepted(mutant)) console.error(describe(mutant));
    if (fates.size % 100 === 0) console.error(`${folder}: ${fates.size} of ${chosen.length}`);
  });
  bench.end();
  report(folder, mutants.length, fates, (Date.now() - started) / 1000);
  rmSync(copy, { recursive: true, force: true });
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

function isAccepted({ file, original, replacement }: Mutant): boolean {
  return ACCEPTED.some(
    (row) => row.file === file && row.original === original && row.replacement === replacement,
  );
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
  for (const mutant of survivors) console.log(describe(mutant));
  mkdirSync(work, { recursive: true });
  writeFileSync(survivorsOf(folder), JSON.stringify(survivors, null, 2));
  if (!onlySurvivors && share < ENOUGH) process.exitCode = 1;
}

function describe({ file, line, mutator, original, replacement }: Mutant): string {
  return `  ${file}:${line} ${mutator}: ${brief(original)} -> ${brief(replacement)}`;
}

function brief(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ').trim();
  return line.length > 90 ? `${line.slice(0, 90)}…` : line;
}
