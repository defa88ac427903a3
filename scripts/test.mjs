// Collects *.test.ts and hands the list to node's test runner. `node --test test/` and `tsx --test`
// run zero TypeScript tests on Node 20 and exit 0, so an empty list is an error here.
// usage: node scripts/test.mjs [FOLDER|FILE ...]        default: test
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** The test files of a folder; a file stands for itself. */
function testsIn(place) {
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) return [place];
  const names = readdirSync(place, { recursive: true }).map((name) => join(place, String(name)));
  return names.filter((name) => name.endsWith('.test.ts'));
}

const places = process.argv.slice(2);
const files = (places.length > 0 ? places : ['test']).flatMap(testsIn).sort();
const lost = files.filter((file) => !statSync(file, { throwIfNoEntry: false })?.isFile());
if (files.length === 0 || lost.length > 0) {
  console.error(lost.length > 0 ? `no such test: ${lost.join(', ')}` : 'no test files found');
  process.exitCode = 1;
} else {
  const options = [
    '--import=tsx',
    '--test',
    // A test that hangs is ended and named; the slowest file takes a fifth of this.
    '--test-timeout=600000',
    // Node's own choice is one less than there are cores, which halves the speed of a machine with two.
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    // Without a terminal Node 20 would print TAP; spec repeats the failures and the counts at the end.
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
  ];
  // A runner that inherits this variable takes itself for a test file: it runs nothing and exits 0.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  // Servers and disk tools live where the PATH of an ordinary user does not look.
  if (process.platform !== 'win32') env.PATH = `${env.PATH ?? ''}:/usr/sbin:/sbin`;
  const { status } = spawnSync(process.execPath, [...options, ...files], { stdio: 'inherit', env });
  process.exitCode = status ?? 1;
}
