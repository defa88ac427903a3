import type { TestContext } from 'node:test';

/**
 * Whether a missing peer or missing data is a fault: where RDPDOCTOR_REQUIRE_PEERS=1 is set, as .ci/run
 * sets it. CI alone says only that a machine runs the tests, not that anybody installed the peers on it.
 */
function skipsAreFaults(): boolean {
  return process.env['RDPDOCTOR_REQUIRE_PEERS'] === '1';
}

const NOTHING_IS_SKIPPED = 'with RDPDOCTOR_REQUIRE_PEERS=1 nothing is skipped';

/** Marks a test as skipped in plain words, or fails where nothing may be skipped; the caller returns. */
export function skipOrFail(t: TestContext, reason: string): false {
  if (skipsAreFaults()) throw new Error(`${reason}; ${NOTHING_IS_SKIPPED}`);
  t.skip(reason);
  return false;
}
