import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAUSES } from '../../../src/core/causes/index.ts';
import { type DiagnosisInput, diagnose } from '../../../src/core/engine/diagnosis.ts';
import { adviseNext, type NextOptions, priorOf } from '../../../src/core/engine/next.ts';
import { CAUSE_CATALOGUE, findCatalogueEntry } from '../../../src/core/knowledge/cause-catalogue.ts';
import { CAUSE_PRIORS } from '../../../src/core/knowledge/cause-priors.ts';
import type { Evidence, FactName, Facts } from '../../../src/core/model/facts.ts';
import { unknown } from '../../../src/core/model/observation.ts';
import type { Finding, Next, Report } from '../../../src/core/model/report.ts';
import { findingOf, HEALTHY, seeing, stagesOf } from './reports.ts';

const OPTIONS: NextOptions = {
  evidence: {},
  taken: ['HOST'],
  available: ['HOST', '--user', '--client', '--full'],
  suspected: [],
};

/** A confirmed cause: then only what is given here is open. */
const SURE = findingOf('tls-server-disabled', 'confirmed', 'session');

function advise(found: readonly Finding[], letters: string, but: Partial<NextOptions> = {}): readonly Next[] {
  return adviseNext([...found, SURE], stagesOf(letters), { ...OPTIONS, ...but });
}

function looksOf(next: readonly Next[]): readonly string[] {
  return next.map(({ look }) => look);
}

/** What a listener that shows this from outside leaves open, judged by every cause there is. */
function reportOn(facts: Partial<Facts>, but: Partial<DiagnosisInput> = {}): Report {
  return diagnose({
    target: 'vm1',
    at: '2026-03-01T12:00:00.000Z',
    context: { client: undefined, supportedClients: [] },
    warnings: [],
    ...OPTIONS,
    evidence: seeing(facts),
    ...but,
  });
}

/** The cause ids that a sentence names. */
function named({ why }: Next): readonly string[] {
  const list = /^would settle (?:what the error points to: )?(.*?)(?: and \d+ more)?$/.exec(why)?.[1];
  return list?.split(', ') ?? assert.fail(why);
}

const DEAD = {
  'tcp.connect': { state: 'timeout', millis: 5000, address: '192.0.2.4', addresses: [] },
} as const;
const OPEN = { 'tcp.connect': { ...DEAD['tcp.connect'], state: 'open' } } as const;

const WAYS = ['HOST', '--disk', '--rpc', '--ssh', '--answers'] as const;
const ASKED: Evidence = { 'listener.owner': unknown('no-channel', 'RPC does not tell it') };
const inside: readonly (readonly [string, Partial<NextOptions>, readonly string[]])[] = [
  ['nobody was asked: by RPC first', {}, ['--rpc']],
  ['RPC failed: the next way', { failed: ['--rpc'] }, ['--ssh']],
  ['RPC and SSH failed: a person', { failed: ['--rpc', '--ssh'] }, ['--answers']],
  ['all failed: the best of them', { failed: ['--rpc', '--ssh', '--answers'] }, ['--rpc']],
  ['RPC was taken and could not tell this', { taken: ['--rpc'], evidence: ASKED }, ['--ssh']],
  [
    'RPC was taken and could not tell this, and SSH failed',
    { taken: ['--rpc'], failed: ['--ssh'], evidence: ASKED },
    ['--answers'],
  ],
  ['RPC was taken, and nobody asks for this', { taken: ['--rpc'] }, []],
  ['a shell was taken: RPC tells no more', { taken: ['--ssh'], evidence: ASKED }, []],
];
test('advice to bring answers says how to get them', () => {
  const all = ['--rpc', '--ssh'] as const;
  const { next } = reportOn({}, { taken: ['HOST'], failed: all, available: WAYS });
  assert.match(next.find(({ look }) => look === '--answers')?.why ?? '', /what rdpdoctor collect prints$/);
});

test('the way inside: what no way tells is no reason for another', () => {
  // A domain controller is not asked about its own domain.
  const open: Finding = {
    ...findingOf('secure-channel-broken', 'inconclusive', 'logon'),
    missing: ['secureChannel.state'],
    settledBy: ['--rpc'],
  };
  const evidence: Evidence = { 'secureChannel.state': unknown('no-channel', 'a domain controller') };
  assert.deepEqual(looksOf(advise([open], '?????', { available: WAYS, taken: ['--rpc'], evidence })), []);
  const denied: Evidence = { 'secureChannel.state': unknown('denied') };
  const but = { available: WAYS, taken: ['--rpc'], evidence: denied } as const;
  assert.deepEqual(looksOf(advise([open], '?????', but)), ['--ssh']);
});

for (const [name, but, looks] of inside) {
  test(`the way inside: ${name}`, () => {
    const open: Finding = {
      ...findingOf('other-service-on-port', 'inconclusive', 'reach'),
      missing: ['listener.owner'],
      settledBy: ['--rpc'],
    };
    assert.deepEqual(looksOf(advise([open], '?????', { available: WAYS, ...but })), looks);
  });
}

test('every cause has an estimate', () => {
  const judged = new Set(CAUSES.map(({ id }) => id));
  const without = CAUSE_CATALOGUE.filter(({ id }) => !judged.has(id) && CAUSE_PRIORS[id] === undefined);
  assert.deepEqual(
    without.map(({ id }) => id),
    [],
    'add a row to cause-priors.ts, or a prior to the cause',
  );
  assert.deepEqual(
    Object.keys(CAUSE_PRIORS).filter((id) => judged.has(id)),
    [],
    'the prior of the cause counts: take the row away',
  );
  for (const { id } of CAUSE_CATALOGUE) assert.ok(priorOf(id) > 0 && priorOf(id) < 1, id);
});

test('at most three entries, each names at most three causes that exist, the likeliest first', () => {
  for (const facts of [{}, HEALTHY, DEAD, OPEN]) {
    const { next } = reportOn(facts);
    assert.ok(next.length > 0 && next.length <= 3);
    for (const each of next) {
      const causes = named(each);
      assert.ok(causes.length >= 1 && causes.length <= 3, each.why);
      for (const cause of causes) assert.ok(findCatalogueEntry(cause) !== undefined, cause);
      const priors = causes.map(priorOf);
      assert.deepEqual(
        priors,
        priors.toSorted((a, b) => b - a),
        each.why,
      );
    }
  }
});

test('a healthy listener: who could see the account, the domain, the machine', () => {
  const { next, outcome } = reportOn(HEALTHY);
  assert.equal(outcome, 'healthy');
  const user = next.find(({ look }) => look === '--user');
  assert.equal(user?.available, true);
  assert.match(user.why, /^would settle credentials-wrong/);
  // What stops a sign-in before the stages that were passed is no question any more.
  for (const cause of next.flatMap(named)) {
    assert.ok(['credssp', 'logon', 'session'].includes(findCatalogueEntry(cause)?.stage ?? ''), cause);
  }
});

test('a port that does not answer leaves open what is behind it, and nothing that comes later', () => {
  const suspected = CAUSE_CATALOGUE.map(({ id }) => id);
  for (const { next, outcome } of [reportOn(DEAD), reportOn(DEAD, { suspected })]) {
    assert.equal(outcome, 'explained');
    const causes = next.flatMap(named);
    assert.ok(causes.includes('firewall-blocks') && causes.includes('rdp-disabled'), String(causes));
    for (const cause of causes) assert.equal(findCatalogueEntry(cause)?.stage, 'reach', cause);
  }
  // Also what no version can judge yet.
  const { next } = reportOn(DEAD, { suspected: ['machine-not-ready'] });
  assert.ok(next.flatMap(named).includes('machine-not-ready'));
});

test('any other confirmed cause leaves only what is inconclusive, up to its stage', () => {
  const next = advise(
    [
      findingOf('listener-inconsistent', 'inconclusive', 'negotiate', ['--disk', '--rpc']),
      findingOf('clock-skew', 'inconclusive', 'credssp', ['--dc']),
    ],
    'pff',
  );
  assert.deepEqual(
    next.map(({ look, why }) => [look, why]),
    [
      ['--disk', 'would settle listener-inconsistent'],
      ['--rpc', 'would settle listener-inconsistent'],
    ],
  );
});

test('a stage that was passed closes what no vantage of the run was asked for', () => {
  const missing = (cause: string, stage: Finding['stage'], fact: FactName): Finding => ({
    ...findingOf(cause, 'inconclusive', stage, ['--disk']),
    missing: [fact],
  });
  const found = [
    missing('firewall-blocks', 'reach', 'firewall.rdp'),
    missing('other-service-on-port', 'reach', 'rdp.negotiation'),
    missing('tls-no-common-suite', 'tls', 'tls.ciphers'),
    missing('credssp-policy', 'credssp', 'credssp.allowEncryptionOracle'),
  ];
  const evidence: Evidence = {
    ...seeing({ 'rdp.negotiation': [] }),
    'tls.ciphers': unknown('not-gathered', 'only with --full'),
  };
  const open = (letters: string): readonly string[] =>
    advise(found, letters, { evidence, suspected: found.map(({ cause }) => cause).slice(0, 3) }).flatMap(
      named,
    );
  // What was seen and left open stays; a challenge by NTLM does not settle the stage of CredSSP.
  assert.deepEqual(open('ppp').toSorted(), ['other-service-on-port', 'tls-no-common-suite']);
  assert.deepEqual(advise([found[3] ?? SURE], 'pppp', { evidence }).flatMap(named), ['credssp-policy']);
  assert.ok(open('uppp').includes('firewall-blocks'));
});

test('what was looked at already is left out', () => {
  const found = [findingOf('clock-skew', 'inconclusive', 'credssp', ['HOST', '--dc', '--disk'])];
  assert.deepEqual(looksOf(advise(found, 'ppp')), ['--dc', '--disk']);
  assert.deepEqual(looksOf(advise(found, 'ppp', { taken: ['HOST', '--dc'] })), ['--disk']);
  assert.deepEqual(advise(found, 'ppp', { taken: ['HOST', '--dc', '--disk'] }), []);
});

test('several ways to the same vantage are one look: the one that can be taken, else the best', () => {
  const found = [
    findingOf('clock-skew', 'inconclusive', 'credssp', ['--rpc', '--ssh']),
    findingOf('ntlm-blocked', 'inconclusive', 'credssp', ['--winrm']),
  ];
  const inside = (but: Partial<NextOptions>) =>
    advise(found, 'ppp', but).map(({ look, available }) => [look, available]);
  assert.deepEqual(inside({}), [['--rpc', false]]);
  assert.deepEqual(inside({ available: ['--ssh'] }), [['--ssh', true]]);
  assert.deepEqual(inside({ taken: ['HOST', '--winrm'] }), []);
});

test('the weightiest look comes first, by how often its causes are the reason', () => {
  const found = [
    findingOf('domain-credentials-disabled', 'inconclusive', 'logon', ['--disk']),
    findingOf('lsa-packages-damaged', 'inconclusive', 'logon', ['--disk']),
    findingOf('secure-channel-broken', 'inconclusive', 'logon', ['--dc']),
  ];
  assert.deepEqual(looksOf(advise(found, 'pppp')), ['--dc', '--disk']);
  const suspected = ['domain-credentials-disabled'];
  const [first] = advise(found, 'pppp', { suspected });
  assert.deepEqual(first, {
    look: '--disk',
    why: 'would settle what the error points to: domain-credentials-disabled and 1 more',
    available: false,
  });
});

test('what can be done at once is not crowded out by what cannot be done yet', () => {
  const found = [
    findingOf('secure-channel-broken', 'inconclusive', 'logon', ['--rpc', '--dc', '--disk']),
    findingOf('tls-no-common-suite', 'inconclusive', 'tls', ['--client']),
  ];
  const next = advise(found, 'ppp');
  assert.equal(next.length, 3);
  assert.deepEqual(looksOf(next).slice(-1), ['--client']);
});

test('of two that are equal the one that can be done comes first', () => {
  const found = [findingOf('tls-no-common-suite', 'inconclusive', 'tls', ['--disk', '--full'])];
  assert.deepEqual(
    advise(found, 'ppf').map(({ look, available }) => [look, available]),
    [
      ['--full', true],
      ['--disk', false],
    ],
  );
});

test('nothing open, nothing to advise', () => {
  assert.deepEqual(advise([], 'ppp'), []);
});

test('from outside an account is looked at with its password, everything else without', () => {
  const asked = (cause: string): readonly string[] =>
    adviseNext([], stagesOf('pppppp'), { ...OPTIONS, taken: [], suspected: [cause] })
      .filter((next) => named(next).includes(cause))
      .map(({ look }) => look);
  for (const { id, stage, vantages } of CAUSE_CATALOGUE) {
    if (!vantages.includes('outside') || !['credssp', 'logon', 'session'].includes(stage)) continue;
    const [own, other] = stage === 'logon' ? ['--user', 'HOST'] : ['HOST', '--user'];
    const looks = asked(id);
    assert.ok(looks.includes(own ?? '') && !looks.includes(other ?? ''), `${id}: ${looks.join(' ')}`);
  }
});

test('who asked the machine itself is not sent to its disk, but for what was denied there', () => {
  const open = (missing: readonly FactName[]): Finding => ({
    ...findingOf('rdp-disabled', 'inconclusive', 'logon'),
    missing,
    settledBy: ['--disk', '--rpc', '--dc'],
  });
  const looks = (evidence: Evidence, missing: readonly FactName[], taken: NextOptions['taken']) =>
    looksOf(advise([open(missing)], 'pppp', { evidence, taken }));
  const denied: Evidence = { 'user.rights': unknown('denied'), 'os.startedAt': unknown('denied') };
  assert.deepEqual(looks(denied, ['user.rights'], ['--rpc']), ['--disk', '--dc']);
  assert.deepEqual(looks({}, ['tcp.connect'], ['--ssh']), ['--dc']);
  // A disk does not know it either.
  assert.deepEqual(looks(denied, ['os.startedAt'], ['--answers']), ['--dc']);
  assert.ok(looks({}, ['tcp.connect'], ['HOST']).includes('--disk'));
});
