// What was set up once and is kept for later runs, in the cache folder of the user.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PREFIX = 'guest-lab@';
const UNUSED_MILLIS = 7 * 86_400_000;
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rdpdoctor');

/**
 * The folder of what `setUp` sets up: made now, or found. Tests that need it at the same time wait for the
 * one that makes it.
 * @param recipe the files that `setUp` is made of: another recipe makes another folder, and so does another Samba
 */
export async function kept(
  recipe: readonly URL[],
  setUp: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(CACHE, nameOf(recipe));
  mkdirSync(CACHE, { recursive: true });
  sweep(folder);
  while (!existsSync(folder)) {
    if (!lock(folder)) {
      await sleep(200);
      continue;
    }
    const building = mkdtempSync(`${folder}.new-`);
    try {
      await setUp(building);
      // A half-made one is never found under this name.
      if (!existsSync(folder)) renameSync(building, folder);
    } finally {
      rmSync(building, { recursive: true, force: true });
      rmSync(lockOf(folder), { force: true });
    }
  }
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
}

/** What nobody has used for long: of other recipes, and what somebody began and was stopped in. */
function sweep(current: string): void {
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name);
    if (!name.startsWith(PREFIX) || path === current) continue;
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > UNUSED_MILLIS) rmSync(path, { recursive: true, force: true });
  }
}

/** So that the next call sets it up anew: what was found does not work. */
export function forget(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function nameOf(recipe: readonly URL[]): string {
  const { stdout } = spawnSync('samba', ['--version'], { encoding: 'utf8' });
  const hash = createHash('sha256').update(stdout ?? '');
  for (const file of recipe) hash.update(readFileSync(fileURLToPath(file)));
  return `${PREFIX}${hash.digest('hex').slice(0, 12)}`;
}

const lockOf = (folder: string): string => `${folder}.lock`;

/** Takes the lock, also from somebody who is gone. */
function lock(folder: string): boolean {
  const path = lockOf(folder);
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isHeld(path)) rmSync(path, { force: true });
    return false;
  }
}

function isHeld(path: string): boolean {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    // Just created, and not written yet.
    return pid === 0 || process.kill(pid, 0);
  } catch {
    return false;
  }
}
