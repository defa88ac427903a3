// A process that holds bundled tests and runs those that it is told, with one mutant switched on or none.
// Orders come over IPC (mutate/process.ts); a mutant that is on from the start stands in the environment.
import { pathToFileURL } from 'node:url';

const gathered = [];
globalThis.__gathered__ = gathered;
globalThis.__stryker__ = {};
const switchboard = globalThis.__stryker__;
/** Where the tests of each bundle begin. */
const firsts = new Map();

async function load(bundles) {
  for (const bundle of bundles) {
    firsts.set(bundle, gathered.length);
    await import(pathToFileURL(bundle).href);
  }
  return {};
}

/** Which mutants loading came by, and each test, and how long it took. */
async function cover() {
  const coverage = () => switchboard.mutantCoverage ?? { static: {}, perTest: {} };
  const tests = [];
  for (const [index, { name, body }] of gathered.entries()) {
    switchboard.currentTestId = String(index + 1);
    const started = performance.now();
    try {
      await body();
    } catch (error) {
      return { failed: name, reason: String(error) };
    }
    tests.push({
      millis: performance.now() - started,
      mutants: Object.keys(coverage().perTest[index + 1] ?? {}),
    });
  }
  return { atLoad: Object.keys(coverage().static), tests };
}

async function passes(body) {
  try {
    await body();
    return true;
  } catch {
    return false;
  }
}

/** Runs tests, each named by its bundle and its place there, until one fails. */
async function run({ tests, mutant }) {
  const bodies =
    tests === undefined
      ? gathered.map(({ body }) => body)
      : tests.map(({ bundle, index }) => gathered[firsts.get(bundle) + index].body);
  for (const body of bodies) {
    if (mutant !== undefined) switchboard.activeMutant = mutant;
    const passed = await passes(body);
    if (mutant !== undefined) switchboard.activeMutant = undefined;
    if (passed) continue;
    // What a mutant left behind in this process would be held against the next one.
    return { noticed: true, soiled: mutant !== undefined && !(await passes(body)) };
  }
  return { noticed: false, soiled: false };
}

process.on('message', async ({ kind, ...order }) => {
  try {
    if (kind === 'load') process.send(await load(order.bundles));
    else if (kind === 'cover') process.send(await cover());
    else process.send(await run(order));
  } catch (error) {
    process.send({ failed: kind, reason: String(error) });
  }
});
