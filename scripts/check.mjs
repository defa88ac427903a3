// Everything that decides whether a change lands, in one command: exactly what .ci/run runs.
import { spawnSync } from 'node:child_process';

const steps = [
  ['generated files', 'node', ['scripts/gen.mjs', '--check']],
  ['format and lint', 'npx', ['biome', 'check', '--error-on-warnings', '.']],
  ['types of the product', 'node', ['scripts/build.mjs']],
  ['types of tests and bench', 'npx', ['tsc', '-p', 'test']],
  ["README's test command, after its npm ci", 'npm', ['test']],
];
let failed = '';
for (const [name, command, args] of steps) {
  console.error(`\n== ${name}: ${command} ${args.join(' ')}`);
  // npm and npx are .cmd files on Windows, which only a shell can start.
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) {
    failed = name;
    process.exitCode = status ?? 1;
    break;
  }
}
console.error(failed === '' ? '\nall checks passed' : `\nfailed: ${failed}`);
