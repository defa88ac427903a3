// The contract of `ruledOutBy`: what must have been seen before a cause may be ruled out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeAll } from '../../../src/core/engine/judge.ts';
import type { Cause, Judgement } from '../../../src/core/model/cause.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
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
