/**
 * Whether a missing peer or missing data is a fault: where RDPDOCTOR_REQUIRE_PEERS=1 is set, as .ci/run
 * sets it. CI alone says only that a machine runs the tests, not that anybody installed the peers on it.
 */
export function skipsAreFaults(): boolean {
  return process.env['RDPDOCTOR_REQUIRE_PEERS'] === '1';
}

export const NOTHING_IS_SKIPPED = 'with RDPDOCTOR_REQUIRE_PEERS=1 nothing is skipped';
