// ssh_config(5), PATTERNS.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesAny, matchesPattern } from '../../../../src/edge/guest/ssh/wildcard.ts';

function check(name: string, pattern: string, matches: boolean): void {
  test(`${name} ${matches ? 'is' : 'is not'} meant by ${pattern}`, () => {
    assert.equal(matchesPattern(name, pattern), matches);
  });
}

check('vm1.co.uk', '*.co.uk', true);
check('co.uk', '*.co.uk', false);
check('192.168.0.7', '192.168.0.?', true);
check('192.168.0.17', '192.168.0.?', false);
check('vm1', '*', true);
check('', '*', true);
check('', '?', false);
check('vm1', 'vm1*', true);
check('abcabd', '*abd', true);
check('VM1', 'vm*', false);
check('vm1', 'v[m]1', false);

test('a denial wins, wherever it stands', () => {
  assert.equal(matchesAny('dialup.example', ['*.example', '!dialup.example']), false);
  assert.equal(matchesAny('other.example', ['!dialup.example', '*.example']), true);
  // "a negated match will never produce a positive result by itself"
  assert.equal(matchesAny('host1', ['!host3']), false);
});

test('a pattern of stars takes no time', () => {
  const started = performance.now();
  assert.equal(matchesPattern('a'.repeat(2000), `${'*a'.repeat(200)}b`), false);
  assert.ok(performance.now() - started < 1000);
});
