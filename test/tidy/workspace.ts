import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's own folder, without a slash at the end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script with this Node and waits for it. `script` is a path inside the repository. */
export function runNode(script: string, args: readonly string[], cwd: string = ROOT): Outcome {
  return spawnSync(process.execPath, [join(ROOT, script), ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
}

export const BIOME = 'node_modules/@biomejs/biome/bin/biome';
export const TSC = 'node_modules/typescript/bin/tsc';

/** An empty temporary folder that `use` may fill; it is removed afterwards, whatever happened. */
export function withFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'rdpdoctor-tidy-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies the sources with everything that guards them, and borrows the installed packages. */
export function copySources(folder: string): void {
  const configs = readdirSync(ROOT).filter((name) => /^(biome|package|tsconfig\S*)\.json$/.test(name));
  for (const name of ['src', 'guards', '.gitignore', ...configs]) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
}

/** Writes a file and the folders above it. */
export function plant(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
