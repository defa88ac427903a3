// Volumes that mkntfs formats and ntfs-3g fills, in a plain file through FUSE.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../../peers/processes.ts';

const READY_MILLIS = 10_000;

export interface MadeVolume {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes at an offset, fewer at the end: what `drive` reads by. */
  readonly read: (offset: number, length: number) => Uint8Array;
}

/** Formats a volume, mounts it, lets `fill` write into the folder it is given, and unmounts it. */
export async function makeVolume(
  t: TestContext,
  options: { readonly size: number; readonly clusterSize: number; readonly label: string },
  fill: (folder: string) => void,
): Promise<MadeVolume> {
  const folder = temporaryFolder(t, 'ntfs');
  const path = join(folder, 'volume');
  const file = openSync(path, 'w+');
  ftruncateSync(file, options.size);
  const words = ['-Q', '-F', '-q', '-c', String(options.clusterSize), '-L', options.label, path];
  execFileSync('mkntfs', words, { stdio: 'ignore', env: withSbin() });

  const mount = join(folder, 'mount');
  mkdirSync(mount);
  const device = statSync(mount).dev;
  const daemon = spawn('ntfs-3g', ['-o', 'no_detach,compression,streams_interface=windows', path, mount], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: withSbin(),
  });
  let said = '';
  daemon.stderr.on('data', (chunk) => (said += chunk));
  const ended = new Promise((resolve) => daemon.on('close', resolve));
  const until = Date.now() + READY_MILLIS;
  while (statSync(mount).dev === device) {
    if (daemon.exitCode !== null || Date.now() > until) throw new Error(`ntfs-3g did not mount: ${said}`);
    await sleep(10);
  }
  try {
    fill(mount);
  } finally {
    execFileSync('umount', [mount], { env: withSbin() });
    await ended;
  }
  t.after(() => closeSync(file));
  const { size } = fstatSync(file);
  const read = (offset: number, length: number) => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    readSync(file, bytes, 0, bytes.length, offset);
    return bytes;
  };
  return { path, size, read };
}

function withSbin(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
}
