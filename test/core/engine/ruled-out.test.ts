// The contract of `ruledOutBy`: what must have been seen before a cause may be ruled out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeAll } from '../../../src/core/engine/judge.ts';
import type { Cause, Judgement } from '../../../src/core/model/cause.ts';
import type { Evidence, FactName } from '../../../src/core/model/facts.ts';
import type { Finding } from '../../../src/core/model/report.ts';
import { none, seen, unseen } from '../causes/evidence.ts';
import { service } from '../causes/windows-evidence.ts';
import { causeOf } from './reports.ts';

const CONTEXT = { client: undefined, supportedClients: [] };
const RULED_OUT: Judgement = {
  verdict: 'ruled-out',
  because: ['rdp.nla'],
  explanation: 'It is not so.',
  remark: 'By the way.',
};

/** A cause that is always ruled out, unless `judge` says otherwise. */
function contracted(ruledOutBy: Cause['ruledOutBy'], judge: Cause['judge'] = () => RULED_OUT): Cause {
  return {
    ...causeOf('kept', () => RULED_OUT),
    uses: ['rdp.nla', 'rdp.tls', 'service.gpsvc', 'nla.logon'],
    ruledOutBy,
    judge,
  };
}

function findingOf(cause: Cause, evidence: Evidence): Finding {
  return judgeAll(evidence, CONTEXT, [cause]).findings[0] ?? assert.fail('no finding');
}

test('one whole set is enough', () => {
  const cause = contracted([['rdp.tls', 'service.gpsvc'], ['rdp.nla']]);
  assert.equal(findingOf(cause, { 'rdp.nla': seen('required') }).verdict, 'ruled-out');
  const other: Evidence = { 'rdp.tls': seen('required'), 'service.gpsvc': service(2) };
  assert.equal(findingOf(cause, other).verdict, 'ruled-out');
});

test('absent counts as seen', () => {
  assert.equal(findingOf(contracted([['rdp.nla']]), { 'rdp.nla': none() }).verdict, 'ruled-out');
});

test('a set in part is not: what is missing is named, with why and who can tell', () => {
  const finding = findingOf(contracted([['rdp.tls', 'service.gpsvc', 'nla.logon'], ['rdp.nla']]), {
    'rdp.tls': seen('required'),
    'service.gpsvc': unseen('corrupt', 'the key is damaged'),
  });
  assert.equal(finding.verdict, 'inconclusive');
  assert.deepEqual(finding.missing, ['service.gpsvc', 'nla.logon']);
  assert.deepEqual(finding.settledBy, ['--disk', '--rpc', '--user']);
  assert.equal(
    finding.explanation,
    'It is not so. That alone does not rule it out: service.gpsvc came back unusable (the key is damaged) and nla.logon was not gathered.',
  );
});

test('a set that was seen and says nothing does not vouch for another that was seen in part', () => {
  const cause = contracted([['rdp.nla'], ['rdp.tls', 'service.gpsvc']], (evidence) =>
    evidence['rdp.tls'] === undefined
      ? { verdict: 'inconclusive', missing: ['rdp.tls'], explanation: 'Open.', settledBy: ['HOST'] }
      : RULED_OUT,
  );
  const part: Evidence = { 'rdp.nla': none(), 'rdp.tls': seen('required') };
  assert.deepEqual(findingOf(cause, part).missing, ['service.gpsvc']);
  const whole = findingOf(cause, { ...part, 'service.gpsvc': service(2) });
  assert.equal(whole.verdict, 'ruled-out');
});

test('a remark stays', () => {
  const { remarks } = judgeAll({}, CONTEXT, [contracted([['rdp.nla']])]);
  assert.deepEqual(remarks, [{ code: 'kept', text: 'By the way.' }]);
});

test('every other verdict is left alone', () => {
  for (const verdict of ['confirmed', 'likely'] as const) {
    const cause = contracted([['rdp.nla']], () => ({
      verdict,
      because: ['rdp.tls'],
      explanation: 'It is so.',
    }));
    assert.equal(findingOf(cause, { 'rdp.tls': seen('required') }).verdict, verdict);
  }
});

test('of a judgement that was left alone the remark stays, and without one there is none', () => {
  const silent = contracted([['rdp.nla']], () => ({
    verdict: 'ruled-out',
    because: ['rdp.nla'],
    explanation: 'It is not so.',
  }));
  assert.deepEqual(judgeAll({}, CONTEXT, [silent]).remarks, []);
});

test('of two sets the one that was begun is asked for, then the one with the least to add', () => {
  const begun = contracted([['rdp.nla'], ['rdp.tls', 'service.gpsvc', 'nla.logon']]);
  assert.deepEqual(findingOf(begun, { 'rdp.tls': seen('required') }).missing, ['service.gpsvc', 'nla.logon']);
  const neither = contracted([['rdp.tls', 'service.gpsvc'], ['rdp.nla']]);
  assert.deepEqual(findingOf(neither, {}).missing, ['rdp.nla']);
  const both = contracted([
    ['rdp.tls', 'service.gpsvc', 'nla.logon'],
    ['rdp.tls', 'rdp.nla'],
  ]);
  assert.deepEqual(findingOf(both, { 'rdp.tls': seen('required') }).missing, ['rdp.nla']);
});

test('a set that was seen whole and does not suffice is not asked for again', () => {
  const cause = contracted([['rdp.nla'], ['rdp.tls', 'service.gpsvc']], (evidence) =>
    evidence['rdp.tls'] === undefined
      ? { verdict: 'inconclusive', missing: ['rdp.tls'], explanation: 'Open.', settledBy: ['HOST'] }
      : RULED_OUT,
  );
  assert.deepEqual(findingOf(cause, { 'rdp.nla': seen('required'), 'rdp.tls': seen('required') }).missing, [
    'service.gpsvc',
  ]);
});

test('facts that are in no set may support a judgement', () => {
  const cause = contracted([['rdp.nla']], (evidence) =>
    evidence['rdp.tls'] === undefined
      ? { verdict: 'inconclusive', missing: ['rdp.tls'], explanation: 'Open.', settledBy: ['HOST'] }
      : RULED_OUT,
  );
  const evidence: Evidence = { 'rdp.nla': seen('required'), 'rdp.tls': seen('required') };
  assert.equal(findingOf(cause, evidence).verdict, 'ruled-out');
});

const WHO_TELLS: readonly (readonly [FactName, readonly string[]])[] = [
  ['service.gpsvc', ['--disk', '--rpc']],
  ['nla.logon', ['--user']],
  ['tls.ciphers', ['HOST', '--full']],
  ['tls.features', ['HOST', '--full']],
  ['tls.asClient', ['HOST', '--client']],
  ['rdp.nla', ['HOST']],
];
for (const [fact, looks] of WHO_TELLS) {
  test(`${fact} is told by ${looks.join(', ')}`, () => {
    const cause = { ...contracted([[fact]]), uses: [fact] };
    assert.deepEqual(findingOf(cause, {}).settledBy, looks);
  });
}

test('who can tell several is named once', () => {
  assert.deepEqual(findingOf(contracted([['rdp.nla', 'rdp.tls']]), {}).settledBy, ['HOST']);
});
