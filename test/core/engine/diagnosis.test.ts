import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type DiagnosisInput,
  diagnose,
  exitStatusOf,
  warningsOfLooking,
} from '../../../src/core/engine/diagnosis.ts';
import type { Cause } from '../../../src/core/model/cause.ts';
import { type Evidence, FACT_NAMES } from '../../../src/core/model/facts.ts';
import { unknown } from '../../../src/core/model/observation.ts';
import type { Outcome } from '../../../src/core/model/report.ts';
import { textsOf } from '../../notices.ts';
import { MODERN } from '../causes/evidence.ts';
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
  const { warnings } = diagnose(input(seen, { warnings: [{ code: 'disk-hibernated', text: 'before' }] }), [
    calm,
    broken,
  ]);
  assert.deepEqual(warnings, [
    { code: 'disk-hibernated', text: 'before' },
    {
      code: 'cause-crashed',
      text: 'broken: Judging this cause failed (a fault in judging): this is a bug in rdpdoctor, not a fault of the target.',
    },
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
  // Who asks the machine itself reads its registry and logs there.
  [['HOST', '--winrm', '--dc'], [/no sign-in was tried/], [/from its disk/, /from inside/, /the domain/]],
];
for (const [taken, says, saysNot] of places) {
  test(`not examined, after ${taken.join(' ')}`, () => {
    const text = textsOf(diagnose(input(seen, { taken })).notExamined).join('\n');
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

const WINDOWS: Evidence = seeing({
  'os.version': { productName: 'Windows Server 2022', build: 20348, installationType: 'Server' },
  'listener.fDenyTSConnections': { effective: 0, setBy: 'machine', machine: 0, where: 'SYSTEM' },
  'service.TermService': { startType: 3 },
});
const denied = { ...WINDOWS, 'service.TermService': unknown<never>('denied') };
const accepted = seeing({ ...HEALTHY, 'nla.logon': { status: 0, name: 'STATUS_SUCCESS' } });
const BY_LOOK: readonly (readonly [string, Evidence, DiagnosisInput['taken'], Outcome])[] = [
  ['from the disk, and which Windows it is was seen', WINDOWS, ['--disk'], 'healthy'],
  ['from inside, which let us see no service', denied, ['--rpc'], 'blind'],
  ['from inside, and all of that was seen', WINDOWS, ['--ssh'], 'healthy'],
  ['from the disk, and not even that was', {}, ['--disk'], 'blind'],
  ['from the disk, and that is not there', { 'os.version': unknown('corrupt') }, ['--disk'], 'blind'],
  ['from outside, and the disk alone was seen', WINDOWS, ['HOST', '--disk'], 'blind'],
  ['from outside and with a credential, of which nothing is known', seen, ['HOST', '--user'], 'blind'],
  ['from outside and with a credential that is taken', accepted, ['HOST', '--user'], 'healthy'],
];
for (const [name, evidence, taken, outcome] of BY_LOOK) {
  test(`outcome ${name}: ${outcome}`, () => {
    assert.equal(diagnose(input(evidence, { taken }), [calm]).outcome, outcome);
  });
}

test('user and the mask stand in the report where they were given, and nowhere else', () => {
  const bare = diagnose(input(seen), [calm]);
  assert.ok(!('user' in bare) && !('redacted' in bare));
  assert.ok(!('redacted' in diagnose(input(seen, { redacted: false }), [calm])));
  const user = { name: 'alice', domain: 'CORP' };
  const named = diagnose(
    input(seen, { redacted: true, context: { client: MODERN, supportedClients: [], user } }),
    [calm],
  );
  assert.deepEqual(named.user, user);
  assert.equal(named.client, MODERN.id);
  assert.equal(named.redacted, true);
  assert.deepEqual(named.looks, ['HOST']);
});

test('a cause is told what the error points to; what the context says of it wins', () => {
  const told: unknown[] = [];
  const curious = causeOf('curious', JUDGE.likely, {
    judge: (_, { suspected }) => {
      told.push(suspected);
      return JUDGE.likely();
    },
  });
  diagnose(input(seen, { suspected: ['x'] }), [curious]);
  const context = { client: undefined, supportedClients: [], suspected: ['y'] };
  diagnose(input(seen, { suspected: ['x'], context }), [curious]);
  assert.deepEqual(told, [['x'], ['y']]);
});

test('of a saved report the warnings of looking stay, those of judging are made again', () => {
  const twoMachines: Evidence = {
    ...seen,
    ...seeing({ 'computer.name': 'OTHER' }),
  };
  const dirty = { code: 'disk-anomaly', text: 'the disk is dirty' } as const;
  const report = diagnose(input(twoMachines, { warnings: [dirty] }), [broken]);
  assert.equal(report.warnings.length, 3);
  assert.deepEqual(warningsOfLooking(report), [dirty]);
  assert.deepEqual(diagnose(input(twoMachines, { warnings: warningsOfLooking(report) }), [broken]), report);
});

test('every place is examined where somebody looked from it, whichever way', () => {
  for (const inside of ['--rpc', '--ssh', '--winrm'] as const) {
    const taken = ['HOST', '--user', '--disk', inside, '--dc'] as const;
    assert.deepEqual(diagnose(input(seen, { taken }), [calm]).notExamined, []);
  }
  assert.equal(diagnose(input(seen, { taken: [] }), [calm]).notExamined.length, 5);
});
