import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAUSES } from '../../../src/core/causes/index.ts';
import { adviseNext, type NextOptions } from '../../../src/core/engine/next.ts';
import { CAUSE_CATALOGUE } from '../../../src/core/knowledge/cause-catalogue.ts';
import { CAUSE_PRIORS } from '../../../src/core/knowledge/cause-priors.ts';
import type { Finding } from '../../../src/core/model/report.ts';
import { findingOf, stagesOf } from './reports.ts';

const OPTIONS: NextOptions = {
  taken: ['HOST'],
  available: ['HOST', '--user', '--client', '--full'],
  suspected: [],
};

/** A finding for every cause that can be judged, except for what is given. */
function findings(but: readonly Finding[] = []): readonly Finding[] {
  const others = CAUSES.filter(({ id }) => !but.some(({ cause }) => cause === id));
  return [...but, ...others.map(({ id, stage }) => findingOf(id, 'ruled-out', stage))];
}

function looks(found: readonly Finding[], letters: string, but: Partial<NextOptions> = {}) {
  return adviseNext(found, stagesOf(letters), { ...OPTIONS, ...but });
}

test('every cause has an estimate', () => {
  const judged = new Set(CAUSES.map(({ id }) => id));
  const without = CAUSE_CATALOGUE.filter(({ id }) => !judged.has(id) && CAUSE_PRIORS[id] === undefined);
  assert.deepEqual(
    without.map(({ id }) => id),
    [],
    'add a row to cause-priors.ts, or a prior to the cause',
  );
  for (const prior of [...Object.values(CAUSE_PRIORS), ...CAUSES.map((cause) => cause.prior)]) {
    assert.ok(prior > 0 && prior < 1, `${prior}`);
  }
});

test('at most three entries, and each sentence names at most three causes', () => {
  for (const letters of ['', 'p', 'pp', 'ppp', 'pppp', 'f', 'ppf']) {
    const next = looks(findings(), letters);
    assert.ok(next.length <= 3, letters);
    for (const { why } of next) {
      assert.match(why, /^would settle [a-z-]+(, [a-z-]+){0,2}( and \d+ more)?$/);
    }
  }
});

test('a healthy listener: who could see the account, the domain, the machine', () => {
  const next = looks(findings(), 'pppp');
  // How many more is the catalogue's matter.
  const said = next.map(({ look, why, available }) => ({
    look,
    why: why.replace(/ and \d+ more$/, ''),
    available,
  }));
  assert.deepEqual(said, [
    {
      look: '--rpc',
      why: 'would settle credentials-wrong, domain-controller-unreachable, secure-channel-broken',
      available: false,
    },
    {
      look: '--dc',
      why: 'would settle domain-controller-unreachable, secure-channel-broken, machine-password-mismatch',
      available: false,
    },
    {
      look: '--user',
      why: 'would settle credentials-wrong, name-form-wrong, user-right-missing',
      available: true,
    },
  ]);
});

test('what can be done at once is not crowded out by what cannot be done yet', () => {
  const open = findingOf('tls-no-common-suite', 'inconclusive', 'tls', ['--client']);
  const next = looks(findings([open]), 'ppp', { taken: ['HOST', '--user'] });
  assert.deepEqual(
    next.map(({ look, available }) => [look, available]),
    [
      ['--rpc', false],
      ['--dc', false],
      ['--client', true],
    ],
  );
});

test('a port that does not answer leaves open what is behind it, and nothing that comes later', () => {
  const later = CAUSES.filter(({ stage }) => stage !== 'reach').map(({ id, stage }) =>
    findingOf(id, 'inconclusive', stage, ['--disk']),
  );
  const next = looks(findings([findingOf('port-unreachable', 'confirmed', 'reach'), ...later]), 'f');
  assert.deepEqual(
    next.map(({ look, why }) => [look, why]),
    [
      ['--rpc', 'would settle firewall-blocks, rdp-disabled, machine-not-ready and 3 more'],
      ['--disk', 'would settle firewall-blocks, rdp-disabled, rdp-service-disabled and 2 more'],
    ],
  );
});

test('any other confirmed cause leaves only what is inconclusive up to its stage', () => {
  const next = looks(
    findings([
      findingOf('tls-server-disabled', 'confirmed', 'tls'),
      findingOf('listener-inconsistent', 'inconclusive', 'negotiate', ['--disk', '--rpc']),
      findingOf('clock-skew', 'inconclusive', 'credssp', ['--dc']),
    ]),
    'ppf',
  );
  assert.deepEqual(
    next.map(({ look, why }) => [look, why]),
    [
      ['--disk', 'would settle listener-inconsistent'],
      ['--rpc', 'would settle listener-inconsistent'],
    ],
  );
});

test('a stage that was passed leaves none of its causes open, but CredSSP does', () => {
  const all = (letters: string): string => {
    const named = CAUSE_CATALOGUE.map(({ id }) => id);
    // Suspecting everything makes the sentences count everything.
    const next = looks(findings(), letters, { suspected: named, available: [] });
    return JSON.stringify(next);
  };
  assert.match(all('u'), /firewall-blocks/);
  assert.doesNotMatch(all('p'), /firewall-blocks/);
  const credssp = findings().filter(({ stage }) => stage === 'credssp');
  assert.ok(credssp.length > 0);
  const ntlm = looks(findings(), 'pppp', { suspected: ['ntlm-restricted'] });
  assert.match(JSON.stringify(ntlm), /what the error points to: ntlm-restricted/);
  const untrusted = looks(findings(), 'pppp', { suspected: ['certificate-key-unreadable'] });
  assert.doesNotMatch(JSON.stringify(untrusted), /certificate-key-unreadable/);
});

test('what was looked at already is left out', () => {
  const rest = looks(findings(), 'pppp', { taken: ['HOST', '--rpc', '--user'] });
  assert.deepEqual(
    rest.map(({ look }) => look),
    ['--dc', '--disk'],
  );
  assert.deepEqual(looks(findings(), 'pppp', { taken: ['HOST', '--rpc', '--user', '--dc', '--disk'] }), []);
});

test('what the error points to outweighs every estimate, and is named first', () => {
  // Rare, and to be seen only there: without the error the disk comes last.
  const before = looks(findings(), 'pppp').map(({ look }) => look);
  assert.ok(!before.includes('--disk'));
  const [first] = looks(findings(), 'pppp', {
    suspected: ['domain-credentials-disabled'],
    taken: ['HOST', '--rpc'],
  });
  assert.equal(first?.look, '--disk');
  assert.match(
    first?.why ?? '',
    /^would settle what the error points to: domain-credentials-disabled and \d+ more$/,
  );
});

test('of two that are equal the one that can be done comes first', () => {
  const open = [findingOf('tls-no-common-suite', 'inconclusive', 'tls', ['--disk', '--full'])];
  const confirmed = findingOf('tls-server-disabled', 'confirmed', 'tls');
  assert.deepEqual(
    looks(findings([confirmed, ...open]), 'ppf').map(({ look, available }) => [look, available]),
    [
      ['--full', true],
      ['--disk', false],
    ],
  );
});

test('nothing open, nothing to advise', () => {
  assert.deepEqual(looks(findings([findingOf('certificate-missing', 'confirmed', 'tls')]), 'ppf'), []);
});
