// Real data with recorded truth lies beside the repository, in ../shared/data, and is never copied into it.
// Tests on it skip in plain words where it is not there, and fail where
// RDPDOCTOR_REQUIRE_PEERS=1 is set, as .ci/run sets it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { skipOrFail } from './require-all.ts';

const FOLDER = fileURLToPath(new URL('../../shared/data/', import.meta.url));

/** More than any file in there has. */
const MAX_BYTES = 1 << 29;

/** Whether the data is there. Otherwise the test is marked as skipped (the caller returns), or fails where RDPDOCTOR_REQUIRE_PEERS=1 is set. */
export function requireSharedData(t: TestContext): boolean {
  return existsSync(FOLDER) || skipOrFail(t, `no data in ${FOLDER}`);
}

/** A file by its name in ../shared/data, decompressed where it is stored as `.xz`: `hives/hivex/minimal`. */
export function readSharedData(name: string): Uint8Array {
  const stored = [name, `${name}.xz`].find((candidate) => existsSync(FOLDER + candidate));
  if (stored === undefined) throw new Error(`${FOLDER} has no ${name}`);
  if (!stored.endsWith('.xz')) return new Uint8Array(readFileSync(FOLDER + stored));
  return new Uint8Array(execFileSync('xz', ['-dc', FOLDER + stored], { maxBuffer: MAX_BYTES }));
}

/** truth.json or manifest.json, as they are. */
export function readSharedJson(name: 'truth.json' | 'manifest.json'): unknown {
  return JSON.parse(readFileSync(FOLDER + name, 'utf8'));
}

/** What `requireSharedData` and `readSharedData` do, in one: `undefined` where the test was skipped. `.xz` may be left out. */
export function readRealData(t: TestContext, name: string): Uint8Array | undefined {
  return requireSharedData(t) ? readSharedData(name.replace(/\.xz$/, '')) : undefined;
}

/** What independent tools read from such a file: its row of truth.json. */
export function truthOf(kind: 'disk' | 'hives' | 'evtx', name: string): unknown {
  const truth = readSharedJson('truth.json') as Record<string, Record<string, unknown>>;
  return truth[kind]?.[name];
}
