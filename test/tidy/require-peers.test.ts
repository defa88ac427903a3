// What is missing is skipped visibly, wherever the tests run; only RDPDOCTOR_REQUIRE_PEERS=1 makes it a fault.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { requireProgram } from '../peers/require-peer.ts';

const NOBODY_HAS_IT = 'no-such-program-of-rdpdoctor';

/** Asks for a program that nobody has, in such an environment; the reasons given for skipping. */
function askFor(t: TestContext, env: Readonly<Record<string, string | undefined>>): readonly unknown[] {
  const before = { ...process.env };
  t.after(() => Object.assign(process.env, before));
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  const skip = t.mock.method(t, 'skip', () => undefined);
  assert.equal(requireProgram(t, NOBODY_HAS_IT, 'there is no way'), false);
  return skip.mock.calls.map((call) => call.arguments[0]);
}

for (const value of [undefined, '', '0']) {
  test(`with CI set and RDPDOCTOR_REQUIRE_PEERS ${value ?? 'unset'} a missing peer is skipped, with the reason`, (t) => {
    const reasons = askFor(t, { CI: 'true', RDPDOCTOR_REQUIRE_PEERS: value });
    assert.deepEqual(reasons, [`not installed: ${NOBODY_HAS_IT} (there is no way)`]);
  });
}

test('with RDPDOCTOR_REQUIRE_PEERS=1 a missing peer is a fault, without CI too', (t) => {
  assert.throws(() => askFor(t, { CI: undefined, RDPDOCTOR_REQUIRE_PEERS: '1' }), /nothing is skipped/);
});
