// Wine as a Windows: its registry, its reg.exe and cmd.exe are real. Each user of it gets a Windows of its own, whose
// files are those of one that was made once, since that takes Wine half a minute.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Scope, temporaryFolder } from './processes.ts';

const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rdpdoctor');

/** Making one takes a minute on a busy machine, and somebody else may be at it. */
const MAKING_MILLIS = 280_000;
const POLL_MILLIS = 200;
const ENDING_MILLIS = 10_000;

export interface WinePrefix {
  readonly path: string;
  /** Drive C. */
  readonly driveC: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs a program of it to its end; throws where it fails. */
  run(...words: readonly string[]): string;
}

/** A Windows of one's own, whose server runs until the scope ends. */
export async function startWine(scope: Scope): Promise<WinePrefix> {
  const template = await templatePrefix();
  const ends: (() => void | Promise<void>)[] = [];
  const path = temporaryFolder({ after: (end) => void ends.push(end) }, 'wine');
  const driveC = join(path, 'drive_c');
  mkdirSync(join(path, 'dosdevices'));
  mkdirSync(driveC);
  symlinkSync('../drive_c', join(path, 'dosdevices', 'c:'));
  symlinkSync('/', join(path, 'dosdevices', 'z:'));
  for (const name of ['system.reg', 'user.reg', 'userdef.reg', '.update-timestamp']) {
    copyFileSync(join(template, name), join(path, name));
  }
  for (const name of readdirSync(join(template, 'drive_c'))) {
    symlinkSync(join(template, 'drive_c', name), join(driveC, name));
  }
  const env = environment(path);
  scope.after(async () => {
    // It writes its registry when it ends, and is found by its folder.
    spawnSync('wineserver', ['-k'], { env, stdio: 'ignore' });
    spawnSync('wineserver', ['-w'], { env, stdio: 'ignore', timeout: ENDING_MILLIS });
    for (const end of ends) await end();
  });
  // The server stays between two runs, and no service of Wine inherits a stream that somebody waits for.
  spawnSync('wineserver', ['-p'], { env, stdio: 'ignore' });
  spawnSync('wine', ['cmd', '/c', 'exit'], { env, stdio: 'ignore' });
  return {
    path,
    driveC,
    env,
    run(...words) {
      const { status, stdout } = spawnSync('wine', [...words], { env, stdio: ['ignore', 'pipe', 'ignore'] });
      if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stdout}`);
      return stdout.toString('latin1');
    },
  };
}

function environment(path: string): NodeJS.ProcessEnv {
  const { DISPLAY: _, ...env } = process.env;
  return {
    ...env,
    WINEPREFIX: path,
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
  };
}

/** The one that was made once, by whoever came first. */
async function templatePrefix(): Promise<string> {
  const version = spawnSync('wine', ['--version'], { encoding: 'utf8' }).stdout.trim().split(/\s/)[0];
  const path = join(CACHE, `prefix-${version}`);
  const lock = `${path}.lock`;
  mkdirSync(CACHE, { recursive: true });
  const until = Date.now() + MAKING_MILLIS;
  while (!existsSync(path)) {
    if (take(lock)) {
      try {
        makeTemplate(path);
      } finally {
        rmSync(lock, { force: true });
      }
    } else if (Date.now() > until) throw new Error(`${lock} is held for too long`);
    else await sleep(POLL_MILLIS);
  }
  return path;
}

/** A lock whose holder is gone is nobody's. */
function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = existsSync(lock) ? Number.parseInt(readFileSync(lock, 'utf8'), 10) : Number.NaN;
    if (holder > 1 && !existsSync(`/proc/${holder}`)) rmSync(lock, { force: true });
    return false;
  }
}

function makeTemplate(path: string): void {
  if (existsSync(path)) return;
  const making = `${path}.making`;
  rmSync(making, { recursive: true, force: true });
  const env = environment(making);
  const { status } = spawnSync('wine', ['wineboot', '-i'], { env, stdio: 'ignore', timeout: MAKING_MILLIS });
  // The registry is in its files when the server has ended.
  spawnSync('wineserver', ['-w'], { env, stdio: 'ignore', timeout: MAKING_MILLIS });
  if (status !== 0) throw new Error(`wineboot ended with ${status}`);
  renameSync(making, path);
}
