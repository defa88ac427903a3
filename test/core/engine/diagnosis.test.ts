import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DiagnosisInput, diagnose, exitStatusOf } from '../../../src/core/engine/diagnosis.ts';
import type { Cause } from '../../../src/core/model/cause.ts';
import { type Evidence, FACT_NAMES } from '../../../src/core/model/facts.ts';
import { unknown } from '../../../src/core/model/observation.ts';
import type { Outcome } from '../../../src/core/model/report.ts';
import { causeOf, HEALTHY, JUDGE, seeing } from './reports.ts';

function input(evidence: Evidence, but: Partial<DiagnosisInput> = {}): DiagnosisInput {
  return {
    target: 'vm1',
    at: '2026-03-01T12:00:00.000Z',
    evidence,
    context: { client: undefined, supportedClients: [] },
    warnings: [],
    taken: ['HOST'],
    available: ['HOST', '--user'],
    suspected: [],
    ...but,
  };
}

const refused = { ...HEALTHY['tcp.connect'], state: 'refused' } as (typeof HEALTHY)['tcp.connect'];
const seen = seeing(HEALTHY);
const silentTls: Evidence = { ...seen, 'tls.versions': unknown('timeout', 'silence') };
const noChallenge: Evidence = { ...seen, 'ntlm.challenge': unknown('corrupt', 'garbage') };
const unreached: Evidence = seeing({
  ...HEALTHY,
  ...(refused === undefined ? {} : { 'tcp.connect': refused }),
});

const calm = causeOf('calm', JUDGE['ruled-out']);
const open = causeOf('open', JUDGE.inconclusive);
const likely = causeOf('maybe', JUDGE.likely);
const confirmed = causeOf('sure', JUDGE.confirmed);
const broken = causeOf('broken', JUDGE.crashed);

const ROWS: readonly (readonly [
  name: string,
  evidence: Evidence,
  causes: readonly Cause[],
  outcome: Outcome,
  exit: number,
])[] = [
  ['every stage passed, nothing found', seen, [calm, open], 'healthy', 0],
  ['a confirmed cause', seen, [calm, confirmed], 'explained', 1],
  ['a likely cause', seen, [calm, likely], 'explained', 1],
  ['a cause found beside a crash', seen, [likely, broken], 'explained', 1],
  ['a crash, and everything else is fine', seen, [calm, broken], 'healthy', 2],
  ['a crash, and the sign-in stops', unreached, [calm, broken], 'unexplained', 2],
  ['a crash, and nothing was seen', {}, [broken], 'blind', 2],
  ['a stage failed, and nothing explains it', unreached, [calm, open], 'unexplained', 3],
  ['a stage failed, and a cause explains it', unreached, [likely], 'explained', 1],
  ['nothing was seen', {}, [calm, open], 'blind', 3],
  ['silence inside TLS is not health', silentTls, [calm], 'blind', 3],
  ['garbage inside CredSSP is not health', noChallenge, [calm], 'blind', 3],
  ['no cause exists at all', seen, [], 'healthy', 0],
];

for (const [name, evidence, causes, outcome, exit] of ROWS) {
  test(`outcome: ${name}`, () => {
    const report = diagnose(input(evidence), causes);
    assert.equal(report.outcome, outcome);
    assert.equal(exitStatusOf(report), exit);
  });
}

test('a crash is a warning too', () => {
  const { warnings } = diagnose(input(seen, { warnings: ['before'] }), [calm, broken]);
  assert.deepEqual(warnings, [
    'before',
    'broken: Judging this cause failed (a fault in judging): this is a bug in rdpdoctor, not a fault of the target.',
  ]);
});

test('every fact has a place in the report; what nobody gathered says so', () => {
  const { evidence } = diagnose(input(seeing({ 'rdp.nla': 'offered' })));
  assert.deepEqual(Object.keys(evidence), FACT_NAMES);
  assert.equal(evidence['rdp.nla']?.state, 'present');
  assert.deepEqual(evidence['nla.logon'], { state: 'unknown', why: 'not-gathered' });
});

const places: readonly (readonly [taken: DiagnosisInput['taken'], RegExp[], RegExp[]])[] = [
  [['HOST'], [/no sign-in was tried/, /from its disk/, /from inside/, /the domain/], [/from the network/]],
  [['HOST', '--user'], [/from its disk/], [/no sign-in was tried/, /from the network/]],
  [['--disk'], [/from the network/, /from inside/], [/from its disk/]],
  [['HOST', '--ssh'], [/the domain/], [/from inside/]],
  [['HOST', '--winrm', '--dc'], [/from its disk/], [/from inside/, /the domain/]],
];
for (const [taken, says, saysNot] of places) {
  test(`not examined, after ${taken.join(' ')}`, () => {
    const text = diagnose(input(seen, { taken })).notExamined.join('\n');
    for (const words of says) assert.match(text, words);
    for (const words of saysNot) assert.doesNotMatch(text, words);
  });
}

test('client and symptom stand in the report where they were given, and nowhere else', () => {
  const bare = diagnose(input(seen));
  assert.ok(!('client' in bare) && !('symptom' in bare));
  const named = diagnose(input(seen, { symptom: 'An authentication error has occurred.' }));
  assert.equal(named.symptom, 'An authentication error has occurred.');
});

test("what the server's own status points to is looked for first", () => {
  const refused = seeing({ ...HEALTHY, 'nla.logon': { status: 0xc000018d, name: 'X' } });
  const { next } = diagnose(input(refused, { taken: ['HOST', '--user'] }), []);
  assert.match(
    JSON.stringify(next),
    /would settle what the error points to: secure-channel-broken, machine-password-mismatch/,
  );
  const accepted = seeing({ ...HEALTHY, 'nla.logon': { status: 0, name: 'X' } });
  assert.doesNotMatch(JSON.stringify(diagnose(input(accepted)).next), /points to/);
});

test('the same input gives the same report', () => {
  assert.deepEqual(diagnose(input(seen)), diagnose(input(seen)));
});
