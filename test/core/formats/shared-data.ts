// Real hives, logs and disks with their recorded truth, kept beside the repository.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** Skips the test with a reason where the data is missing; where CI is set a missing peer is a failure. */
export function requireSharedData(t: TestContext): boolean {
  if (existsSync(FOLDER)) return true;
  if (process.env['CI'] !== undefined)
    throw new Error('../shared/data is missing, and CI must not skip its tests');
  t.skip('../shared/data is not beside the repository');
  return false;
}

/** A file's bytes, unpacked where it is stored compressed. */
export function sharedData(name: string): Uint8Array {
  const path = `${FOLDER}${name}`;
  if (existsSync(path) && !path.endsWith('.xz')) return new Uint8Array(readFileSync(path));
  const packed = path.endsWith('.xz') ? path : `${path}.xz`;
  return new Uint8Array(execFileSync('xz', ['-dc', packed], { maxBuffer: 2 ** 31 - 1 }));
}

/** `truth.json`, as it stands. */
export function sharedTruth(): Record<string, Record<string, Record<string, unknown>>> {
  return JSON.parse(readFileSync(`${FOLDER}truth.json`, 'utf8'));
}
