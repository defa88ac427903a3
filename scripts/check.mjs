// Everything that decides whether a change lands, in one command: exactly what .ci/run runs.
import { spawnSync } from 'node:child_process';

const steps = [
  ['generated files', 'node', ['scripts/gen.mjs', '--check']],
  ['format and lint', 'npx', ['biome', 'check', '.']],
  ['types of the product', 'npx', ['tsc', '-b']],
  ['types of tests and bench', 'npx', ['tsc', '-p', 'test']],
  ["README's test command, after its npm ci", 'npm', ['test']],
];
for (const [name, command, args] of steps) {
  console.error(`\n== ${name}: ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`\nfailed: ${name}`);
    process.exit(status ?? 1);
  }
}
console.error('\nall checks passed');
