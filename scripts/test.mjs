// Collects *.test.ts and hands the list to node's test runner. `node --test test/` and `tsx --test`
// run zero TypeScript tests on Node 20 and exit 0, so an empty list is an error here.
// usage: node scripts/test.mjs [FOLDER|FILE ...]        default: test
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const asked = process.argv.slice(2);
const files = (asked.length > 0 ? asked : ['test']).flatMap((place) =>
  statSync(place).isDirectory()
    ? readdirSync(place, { recursive: true })
        .map((name) => join(place, String(name)))
        .filter((name) => name.endsWith('.test.ts'))
    : [place],
);
if (files.length === 0) {
  console.error('no test files found');
  process.exit(1);
}
const run = spawnSync(process.execPath, ['--import', 'tsx', '--test', ...files.sort()], { stdio: 'inherit' });
process.exitCode = run.status ?? 1;
