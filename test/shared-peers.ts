// What real peers said, recorded: it lies beside the repository, in ../shared/peers, and is never copied
// into it. As with ../shared/data, tests on it skip in plain words where it is not there, and fail where
// RDPDOCTOR_REQUIRE_PEERS=1 is set.
import { existsSync, readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { skipOrFail } from './require-all.ts';

const FOLDER = fileURLToPath(new URL('../../shared/peers/', import.meta.url));

/** JSON of a file by its name in ../shared/peers; `undefined` where the test was skipped. */
export function readSharedPeer(t: TestContext, name: string): unknown {
  if (existsSync(FOLDER + name)) return JSON.parse(readFileSync(FOLDER + name, 'utf8'));
  skipOrFail(t, `no ${name} in ${FOLDER}`);
  return undefined;
}
