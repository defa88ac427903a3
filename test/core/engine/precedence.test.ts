import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAUSES } from '../../../src/core/causes/index.ts';
import { diagnose } from '../../../src/core/engine/diagnosis.ts';
import { judgeAll } from '../../../src/core/engine/judge.ts';
import { EXPLAINS } from '../../../src/core/engine/precedence.ts';
import type { NamedUser } from '../../../src/core/model/cause.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import { renderText } from '../../../src/core/report/text.ts';
import { failure, tally } from '../causes/account-rows.ts';
import { connect, MODERN, seen } from '../causes/evidence.ts';
import { card, event, firewall, MEMBER, onDisk, service, set, timeline } from '../causes/windows-evidence.ts';
import { causeOf, JUDGE } from './reports.ts';

const CONTEXT = { client: undefined, supportedClients: [MODERN] };

/** What the pages of the causes say of their effect, a pair each. */
const PAIRS: readonly (readonly [cause: string, symptom: string])[] = [
  ['rdp-disabled', 'port-unreachable'],
  ['rdp-disabled', 'firewall-blocks'],
  ['rdp-disabled', 'rdp-service-disabled'],
  ['machine-not-ready', 'port-unreachable'],
  ['machine-not-ready', 'rdp-service-disabled'],
  ['machine-not-ready', 'netlogon-service-disabled'],
  ['certificate-binding-orphaned', 'certificate-missing'],
  ['certificate-binding-orphaned', 'tls-handshake-refused'],
  ['rdp-service-disabled', 'port-unreachable'],
  ['rdp-service-disabled', 'listener-closes-connection'],
  ['rdp-service-disabled', 'listener-silent'],
  ['port-changed', 'port-unreachable'],
  ['port-changed', 'other-service-on-port'],
  ['firewall-blocks', 'port-unreachable'],
  ['connection-flood', 'listener-closes-connection'],
  ['connection-flood', 'listener-silent'],
  ['certificate-missing', 'listener-closes-connection'],
  ['certificate-missing', 'tls-handshake-refused'],
  ['certificate-key-unreadable', 'listener-closes-connection'],
  ['certificate-key-unreadable', 'tls-handshake-refused'],
  ['certificate-key-unreadable', 'certificate-missing'],
  ['tls-server-disabled', 'tls-no-common-version'],
  ['tls-server-disabled', 'tls-handshake-refused'],
  ['fips-only', 'tls-no-common-suite'],
  ['fips-only', 'encryption-level-too-high'],
  ['lsa-packages-damaged', 'ntlm-blocked'],
  ['dns-misconfigured', 'domain-controller-unreachable'],
  ['netlogon-service-disabled', 'domain-controller-unreachable'],
  ['netlogon-service-disabled', 'secure-channel-broken'],
  ['computer-account-missing', 'secure-channel-broken'],
  ['machine-password-mismatch', 'secure-channel-broken'],
  ['account-locked', 'connection-flood'],
  ['account-disabled', 'connection-flood'],
  ['account-expired', 'connection-flood'],
  ['account-restricted', 'connection-flood'],
  ['credentials-wrong', 'connection-flood'],
  ['password-expired', 'connection-flood'],
  ['user-right-missing', 'connection-flood'],
];

test('the table has these pairs and no others', () => {
  const table = Object.entries(EXPLAINS).flatMap(([cause, symptoms]) =>
    symptoms.map((symptom) => `${cause} ${symptom}`),
  );
  assert.deepEqual(table.sort(), PAIRS.map((pair) => pair.join(' ')).sort());
});

for (const [cause, symptom] of PAIRS) {
  test(`${cause} before ${symptom}, however sure that is and wherever it stops`, () => {
    const rank = (why: () => ReturnType<typeof JUDGE.likely>): readonly string[] =>
      judgeAll({}, CONTEXT, [
        causeOf(symptom, JUDGE.confirmed, { stage: 'reach', prior: 0.9 }),
        causeOf('another', JUDGE.confirmed, { stage: 'tls' }),
        causeOf(cause, why, { stage: 'session' }),
      ]).findings.map((finding) => finding.cause);
    assert.deepEqual(rank(JUDGE.likely), [cause, symptom, 'another']);
    assert.deepEqual(rank(JUDGE['ruled-out']), [symptom, 'another', cause]);
    assert.deepEqual(rank(JUDGE.inconclusive), [symptom, 'another', cause]);
  });
}

test('a symptom that was not found moves nothing', () => {
  const ranked = judgeAll({}, CONTEXT, [
    causeOf('port-unreachable', JUDGE['ruled-out'], { stage: 'reach' }),
    causeOf('another', JUDGE.confirmed, { stage: 'tls' }),
    causeOf('rdp-disabled', JUDGE.likely, { stage: 'reach' }),
  ]);
  assert.deepEqual(
    ranked.findings.map(({ cause }) => cause),
    ['another', 'rdp-disabled', 'port-unreachable'],
  );
});

test('a chain is told from its beginning', () => {
  const ids = ['listener-closes-connection', 'certificate-missing', 'certificate-key-unreadable'];
  const ranked = judgeAll(
    {},
    CONTEXT,
    ids.map((id, at) => causeOf(id, at === 0 ? JUDGE.confirmed : JUDGE.likely, { prior: 0.5 - at / 10 })),
  );
  assert.deepEqual(
    ranked.findings.map(({ cause }) => cause),
    ids.toReversed(),
  );
});

test('nothing explains itself, by whatever way round, and every name is a cause', () => {
  const known = new Set(CAUSES.map(({ id }) => id));
  const visit = (id: string, above: readonly string[]): void => {
    assert.ok(known.has(id), id);
    assert.ok(!above.includes(id), [...above, id].join(' explains '));
    for (const symptom of EXPLAINS[id] ?? []) visit(symptom, [...above, id]);
  };
  for (const id of Object.keys(EXPLAINS)) visit(id, []);
});

const CLOSED = { ...seen(connect('refused')) } as const;
const ON: Evidence = {
  'listener.fDenyTSConnections': set(0),
  'listener.fEnableWinStation': set(1),
  'listener.portNumber': set(3389),
  'service.TermService': service(3),
  'firewall.rdp': firewall('open open open'),
};

// Disk and wire of one machine: what each saw, the cause that has to be named first, and what the headline says.
const BOTH: readonly {
  readonly name: string;
  readonly evidence: Evidence;
  readonly user?: NamedUser;
  readonly causes: readonly [first: string, second?: string];
  readonly headline: RegExp;
}[] = [
  {
    name: 'the service is disabled, and the port is closed',
    evidence: { ...ON, 'tcp.connect': CLOSED, 'service.TermService': service(4) },
    causes: ['rdp-service-disabled', 'port-unreachable'],
    headline: /stops at reach: The Remote Desktop service does not run/,
  },
  {
    name: 'the listener is at another port',
    evidence: { ...ON, 'tcp.connect': CLOSED, 'listener.portNumber': set(3390) },
    causes: ['port-changed', 'port-unreachable'],
    headline: /stops at reach: The listener uses a different port from the one tried/,
  },
  {
    name: 'Remote Desktop is off',
    evidence: { ...ON, 'tcp.connect': CLOSED, 'listener.fDenyTSConnections': set(1) },
    causes: ['rdp-disabled', 'port-unreachable'],
    headline: /stops at reach: Remote Desktop is switched off/,
  },
  {
    name: 'the firewall drops it in one profile, which is likely alone',
    evidence: { ...ON, 'tcp.connect': seen(connect('timeout')), 'firewall.rdp': firewall('on open open') },
    causes: ['firewall-blocks', 'port-unreachable'],
    headline: /stops at reach; the likely cause: A firewall on the machine or in front of it/,
  },
  {
    name: 'the port is closed, and the disk shows no reason',
    evidence: { ...ON, 'tcp.connect': CLOSED },
    causes: ['port-unreachable'],
    headline: /stops at reach: Nothing answers on the Remote Desktop port/,
  },
  {
    name: 'the DNS server knows no domain, and no controller is found',
    evidence: {
      'domain.membership': MEMBER,
      'dns.servers': onDisk([card('8.8.8.8')]),
      'events.relevant': timeline(event('NETLOGON', 5719, 30)),
    },
    causes: ['dns-misconfigured', 'domain-controller-unreachable'],
    headline: /No stage failed here, .*: The machine's DNS does not know the domain/,
  },
  {
    name: 'no controller, said before any name was sent',
    evidence: {
      'tcp.connect': seen(connect('open')),
      'rdp.nla': seen('required'),
      'rdp.negotiation': seen([{ requested: 0xb, answer: 'selected', selected: 8 }]),
      'ntlm.refusal': seen({ status: 0xc000005e, name: 'STATUS_NO_LOGON_SERVERS' }),
    },
    causes: ['domain-controller-unreachable'],
    headline: /stops at credssp; the likely cause: The machine cannot reach a domain controller/,
  },
  {
    name: 'the clocks, said of the attempt',
    evidence: { 'nla.logon': seen({ status: 0xc0000133, name: 'STATUS_TIME_DIFFERENCE_AT_DC' }) },
    causes: ['clock-skew'],
    headline: /stops at logon; the likely cause: The clocks are too far apart/,
  },
  {
    name: 'the account that was named is locked while the machine is under attack',
    evidence: {
      'logon.failures': onDisk(
        tally({
          ...{ total: 900, remote: 900, names: 90, namesNeverIn: 90, addresses: 2 },
          accounts: [failure(0xc0000234)],
        }),
      ),
    },
    user: { name: 'alice', domain: '' },
    causes: ['account-locked', 'connection-flood'],
    headline: /No stage failed here, .*: The account is locked out/,
  },
];

for (const { name, evidence, user, causes, headline } of BOTH) {
  test(`${name}: ${causes.join(', then ')}`, () => {
    const report = diagnose({
      target: 'vm1',
      at: '2026-03-01T12:00:00.000Z',
      evidence,
      context: { ...CONTEXT, ...(user === undefined ? {} : { user }) },
      warnings: [],
      taken: ['HOST', '--disk'],
      available: [],
      suspected: [],
    });
    const found = report.findings.filter(({ verdict }) => verdict === 'confirmed' || verdict === 'likely');
    assert.deepEqual(
      found.map(({ cause }) => cause),
      causes,
    );
    const text = renderText(report, { width: 400, colour: false, verbose: false });
    assert.match(text, headline);
  });
}
