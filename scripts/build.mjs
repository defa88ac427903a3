// Compiles to dist/ and makes the command executable, since the compiler writes plain files.
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const { status } = spawnSync(process.execPath, [tsc, '-b'], { cwd: root, stdio: 'inherit' });
if (status === 0) chmodSync(new URL('../dist/bin.js', import.meta.url), 0o755);
process.exitCode = status ?? 1;
