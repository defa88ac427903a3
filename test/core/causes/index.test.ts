import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSeen } from '../../../src/core/causes/_judge.ts';
import { CAUSES } from '../../../src/core/causes/index.ts';
import { isRuledOutBy } from '../../../src/core/engine/ruled-out.ts';
import type { JudgeContext } from '../../../src/core/model/cause.ts';
import {
  type Evidence,
  FACT_NAMES,
  type FactName,
  type Facts,
  TLS_VERSIONS,
} from '../../../src/core/model/facts.ts';
import type { Observation } from '../../../src/core/model/observation.ts';
import {
  AES13,
  CBC,
  CERTIFICATE,
  CHACHA,
  cipher,
  connect,
  failed,
  GCM,
  GCM_ID,
  MODERN,
  none,
  OLD,
  PLAIN,
  seen,
  selected,
  unseen,
  versions,
} from './evidence.ts';
import { WINDOWS_VALUES } from './windows-values.ts';

// Arbitrary partial evidence: contradictory too, since a stranger's server may answer anything.

const willingness = fc.constantFrom('required', 'offered', 'refused');
const answer = fc.constantFrom('accepted', 'refused', 'closed', 'timeout', 'foreign');
const suite = fc.constantFrom(GCM, CBC, AES13, CHACHA, '0x1234');
const alert = fc.constantFrom(40, 42, 47, 70, 71, 80, 86, 112, 116, 255);
const status = fc.constantFrom(
  ...[0, 0xc0000418, 0x80090302, 0xc000006a, 0xc000005e, 0xc0000133, 7],
  ...[0xc0000234, 0xc000006e, 0xc0000193, 0xc0000224, 0xc0000072, 0xc000018b, 0xc000015b],
);
const state = fc.constantFrom('open', 'refused', 'timeout', 'unreachable');
const ciphers = fc.array(fc.constantFrom(cipher(GCM, GCM_ID), cipher('0x1234', 0x1234, false)), {
  maxLength: 2,
});
const perVersion = <T>(value: fc.Arbitrary<T>) =>
  fc.record(
    { '1.0': value, '1.1': value, '1.2': value, '1.3': value },
    { requiredKeys: [], noNullPrototype: true },
  );

const VALUES: { readonly [F in FactName]: fc.Arbitrary<Facts[F]> } = {
  'tcp.connect': fc.record({
    state,
    millis: fc.nat(),
    address: fc.ipV4(),
    addresses: fc.array(fc.record({ address: fc.ipV4(), state, millis: fc.nat() }), { maxLength: 3 }),
  }),
  'rdp.negotiation': fc.array(
    fc.record(
      {
        requested: fc.constantFrom(0, 1, 2, 3, 4, 8, 0xb, 0x10),
        answer: fc.constantFrom('selected', 'failure', 'no-negotiation', 'closed', 'silent', 'foreign'),
        selected: fc.constantFrom(0, 1, 2, 4, 8, 0x10),
        failureCode: fc.nat(8),
        detail: fc.string(),
      },
      { requiredKeys: ['requested', 'answer'], noNullPrototype: true },
    ),
    { maxLength: 4 },
  ),
  'rdp.nla': willingness,
  'rdp.tls': willingness,
  'rdp.standard': fc.constantFrom('accepted', 'refused'),
  'rdp.encryption': fc.record({ level: fc.nat(6), methods: fc.constantFrom(0, 1, 2, 8, 16) }),
  'tls.versions': fc
    .tuple(
      fc.record({ '1.0': answer, '1.1': answer, '1.2': answer, '1.3': answer }, { noNullPrototype: true }),
      perVersion(alert),
      perVersion(suite),
    )
    .map(([answers, alerts, suites]) => ({ ...answers, alerts, suites })),
  'tls.ciphers': perVersion(ciphers),
  'tls.features': fc.constant({
    sslv3: 'refused',
    fallbackScsv: 'unknown',
    secureRenegotiation: true,
    compression: false,
    heartbeat: false,
    groups: [],
  }),
  'tls.asClient': fc.record(
    { client: fc.constantFrom(MODERN.id, OLD.id), answer, version: fc.constant('1.2'), suite, alert },
    { requiredKeys: ['client', 'answer'], noNullPrototype: true },
  ),
  'tls.asClients': fc.array(
    fc.record(
      {
        client: fc.constantFrom(MODERN.id, OLD.id),
        hello: fc.constantFrom('own', 'common'),
        answer,
        version: fc.constant('1.2'),
        suite,
        alert,
      },
      { requiredKeys: ['client', 'hello', 'answer'], noNullPrototype: true },
    ),
    { maxLength: 2 },
  ),
  'tls.certificate': fc
    .record({
      subject: fc.string(),
      notBefore: fc.constantFrom('2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z', ''),
      notAfter: fc.constantFrom('2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z', ''),
      selfSigned: fc.boolean(),
    })
    .map((part) => ({ ...CERTIFICATE, ...part })),
  'tls.clientCertificate': fc.record(
    { demand: fc.constantFrom('required', 'requested', 'none'), alert, hungUp: fc.boolean() },
    { requiredKeys: ['demand'], noNullPrototype: true },
  ),
  'tls.serverName': fc.record(
    { name: fc.domain(), withoutName: answer, alert },
    { requiredKeys: ['name', 'withoutName'], noNullPrototype: true },
  ),
  'tls.direct': fc.record(
    {
      answer: fc.constantFrom('secured', 'alert', 'foreign', 'closed', 'silent'),
      version: fc.constant('1.2'),
      alert,
      subject: fc.string(),
      inside: fc.constantFrom('rdp' as const, 'nothing' as const, { foreign: 'a web server' }),
    },
    { requiredKeys: ['answer'], noNullPrototype: true },
  ),
  'credssp.version': fc.nat(8),
  'ntlm.challenge': fc.constant({ netbiosComputer: 'VM1' }),
  'ntlm.refusal': fc.record({ status, name: fc.string() }, { requiredKeys: ['name'], noNullPrototype: true }),
  'clock.skewSeconds': fc.oneof(fc.integer({ min: -400, max: 400 }), fc.integer()),
  'nla.logon': fc.record({ status, name: fc.string() }),
  ...WINDOWS_VALUES,
};

function observation<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Observation<T> | undefined> {
  return fc.oneof(
    { weight: 5, arbitrary: value.map((known) => seen(known)) },
    { weight: 2, arbitrary: fc.constant(none<T>()) },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom('not-gathered', 'no-channel', 'denied', 'timeout', 'corrupt')
        .map((why) => unseen<T>(why)),
    },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

/** Partial evidence of these facts. */
function evidenceOf(facts: readonly FactName[]): fc.Arbitrary<Evidence> {
  return fc
    .tuple(...facts.map((name) => observation<unknown>(VALUES[name]).map((seen) => [name, seen] as const)))
    .map((entries) => Object.fromEntries(entries.filter(([, seen]) => seen !== undefined)));
}

const evidences = evidenceOf(FACT_NAMES);

const contexts: fc.Arbitrary<JudgeContext> = fc
  .record({
    client: fc.constantFrom(undefined, MODERN, OLD, PLAIN),
    supportedClients: fc.constantFrom([MODERN], [MODERN, OLD], [MODERN, PLAIN], []),
    user: fc.constantFrom(undefined, { name: 'alice', domain: '' }, { name: 'bob', domain: 'CORP' }),
  })
  .map(({ user, ...rest }) => (user === undefined ? rest : { ...rest, user }));

/**
 * Whether a fact can still be called missing: it was not seen, or what was seen of it leaves out
 * what matters. A fact that was seen in full, and says so, can not.
 */
function leavesOpen(name: FactName, evidence: Evidence): boolean {
  const observed = evidence[name];
  if (observed === undefined || observed.state === 'unknown') return true;
  if (observed.state === 'absent') return absenceSaysNothing(name);
  switch (name) {
    case 'rdp.negotiation': {
      const rows = evidence['rdp.negotiation'];
      if (rows?.state !== 'present') return false;
      const unanswered = rows.value.some(
        ({ answer: word }) => word === 'closed' || word === 'silent' || word === 'foreign',
      );
      return (
        unanswered ||
        !rows.value.some((row) => row.requested === 0) ||
        !rows.value.some((row) => row.requested > 0) ||
        // What is asked for alone and last, and so mostly not at all.
        ![4, 0x10].every((mask) => rows.value.some((row) => row.requested === mask))
      );
    }
    case 'tls.versions': {
      const versions = evidence['tls.versions'];
      return (
        versions?.state === 'present' &&
        TLS_VERSIONS.some(
          (version) =>
            versions.value[version] === 'closed' ||
            versions.value[version] === 'timeout' ||
            versions.value[version] === 'foreign' ||
            (versions.value[version] === 'refused' && versions.value.alerts[version] !== 70),
        )
      );
    }
    case 'tls.ciphers': {
      const listed = evidence['tls.ciphers'];
      return (
        listed?.state === 'present' &&
        TLS_VERSIONS.some((version) => (listed.value[version] ?? []).length === 0)
      );
    }
    case 'tls.asClient':
    case 'tls.asClients':
      return evidence[name]?.state === 'present';
    case 'rdp.encryption': {
      const encryption = evidence['rdp.encryption'];
      return encryption?.state === 'present' && encryption.value.level > 4;
    }
    case 'listener.minEncryptionLevel': {
      const level = evidence['listener.minEncryptionLevel'];
      return level?.state === 'present' && level.value.effective > 4;
    }
    case 'tls.certificate': {
      const certificate = evidence['tls.certificate'];
      return (
        certificate?.state === 'present' &&
        Number.isNaN(Date.parse(certificate.value.notBefore) + Date.parse(certificate.value.notAfter))
      );
    }
    case 'nla.logon': {
      const logon = evidence['nla.logon'];
      // A refusal for one reason says nothing of the others.
      return logon?.state === 'present' && logon.value.status !== 0;
    }
    default:
      return LEFT_OPEN_INSIDE.includes(name);
  }
}

/** Logs and settings that may be silent on a question, or hold only one side's half of the answer. */
const LEFT_OPEN_INSIDE: readonly FactName[] = [
  'events.relevant',
  'logon.failures',
  'listener.certificate',
  'machinePassword.changedAt',
  'dns.servers',
  'credssp.fileVersion',
  'listener.fAllowSecProtocolNegotiation',
  // Tried or only remembered; what is left of one thing; set to start, and not known to run.
  'secureChannel.state',
  'resources.state',
  'service.Netlogon',
  'service.TermService',
  'service.TermService.program',
  'service.MpsSvc',
  'service.BFE',
  'service.TermService.dependencies',
  'service.Netlogon.dependencies',
  'service.gpsvc.dependencies',
  'service.MpsSvc.dependencies',
  // Whether Remote Desktop serves TLS 1.3 where Schannel does is not settled.
  'schannel.server',
];

/** Facts whose absence is an answer: no certificate, no limit, no such service, no account in a domain. */
const TOLD_BY_ABSENCE: readonly FactName[] = ['listener.certificate', 'kerberos.encryptionTypes'];

/** Of these it is an answer that there is no such service; not of what enforces a firewall, nor of what one needs. */
const SERVICE_ITSELF = /^service\.(?!MpsSvc$|BFE$)\w+$/;

/**
 * The server may not state its clock, and an attempt may not have been possible: that is no answer. A
 * setting that is nowhere, default included, was not found out either.
 */
function absenceSaysNothing(name: FactName): boolean {
  if (name === 'clock.skewSeconds' || name === 'nla.logon') return true;
  return name in WINDOWS_VALUES && !TOLD_BY_ABSENCE.includes(name) && !SERVICE_ITSELF.test(name);
}

for (const cause of CAUSES) {
  test(`${cause.id}: on any evidence it cites what was seen and misses what was not`, () => {
    fc.assert(
      fc.property(evidenceOf(cause.uses), contexts, (evidence, context) => {
        const judgement = cause.judge(evidence, context);
        assert.match(judgement.explanation, /^[A-Z].*\.$/s);
        if (judgement.verdict === 'inconclusive') {
          assert.ok(judgement.missing.length > 0 && judgement.settledBy.length > 0);
          for (const name of judgement.missing) {
            assert.ok(cause.uses.includes(name), `${name} is missing but not used`);
            assert.ok(leavesOpen(name, evidence), `${name} was seen: ${judgement.explanation}`);
          }
          return;
        }
        assert.ok(judgement.because.length > 0);
        assert.equal(new Set(judgement.because).size, judgement.because.length);
        for (const name of judgement.because) {
          assert.ok(cause.uses.includes(name), `${name} is cited but not used`);
          assert.ok(
            ['present', 'absent'].includes(evidence[name]?.state ?? 'not gathered'),
            `${name} was not seen`,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test(`${cause.id}: where all that it declares was seen, one set of it is what rules it out`, () => {
    fc.assert(
      fc.property(evidenceOf(cause.uses), contexts, (evidence, context) => {
        if (cause.judge(evidence, context).verdict !== 'ruled-out') return;
        const sets = cause.ruledOutBy;
        const isWhole = sets.flat().every((name) => isSeen(evidence[name]));
        if (!isWhole) return;
        assert.ok(
          sets.some((set) => isRuledOutBy(cause, set, evidence, context)),
          cause.judge(evidence, context).explanation,
        );
      }),
      { numRuns: 1000 },
    );
  });

  test(`${cause.id}: it reads nothing but the facts it uses`, () => {
    fc.assert(
      fc.property(evidences, contexts, (evidence, context) => {
        const used: Evidence = Object.fromEntries(
          Object.entries(evidence).filter(([name]) => (cause.uses as readonly string[]).includes(name)),
        );
        assert.deepEqual(cause.judge(evidence, context), cause.judge(used, context));
      }),
      { numRuns: 25 },
    );
  });

  test(`${cause.id}: where nothing was seen it is inconclusive`, () => {
    for (const client of [undefined, MODERN, OLD, PLAIN]) {
      const context: JudgeContext = { client, supportedClients: [MODERN, OLD] };
      for (const why of ['not-gathered', 'no-channel', 'denied', 'timeout', 'corrupt'] as const) {
        const unknown: Evidence = Object.fromEntries(FACT_NAMES.map((name) => [name, unseen(why)]));
        assert.equal(cause.judge(unknown, context).verdict, 'inconclusive');
      }
      assert.equal(cause.judge({}, context).verdict, 'inconclusive');
    }
  });
}

const outsideEvidences = evidenceOf(FACT_NAMES.filter((name) => !(name in WINDOWS_VALUES)));

test('no cause is confirmed by connections that were closed or timed out', () => {
  const mute = fc.constantFrom('closed', 'timeout');
  fc.assert(
    fc.property(
      outsideEvidences,
      contexts,
      fc.record({ '1.0': mute, '1.1': mute, '1.2': mute, '1.3': mute }, { noNullPrototype: true }),
      (evidence, context, answers) => {
        const { 'tls.asClient': _, 'tls.asClients': __, 'tls.ciphers': ___, ...rest } = evidence;
        const silent: Evidence = { ...rest, 'tls.versions': seen({ ...answers, alerts: {}, suites: {} }) };
        for (const cause of CAUSES.filter(({ id }) => id.startsWith('tls-'))) {
          assert.notEqual(cause.judge(silent, context).verdict, 'confirmed', cause.id);
        }
      },
    ),
  );
});

test('what the listener was seen to do wins: no setting confirms the opposite', () => {
  const contradicted = [
    ...['rdp-disabled', 'rdp-service-disabled', 'port-changed', 'firewall-blocks', 'certificate-missing'],
    ...['certificate-key-unreadable', 'tls-server-disabled', 'lsa-packages-damaged'],
  ];
  fc.assert(
    fc.property(evidences, contexts, (settings, context) => {
      const evidence: Evidence = {
        ...settings,
        'tcp.connect': seen(connect('open')),
        'rdp.negotiation': seen([failed(0, 5), selected(0xb, 2)]),
        'rdp.tls': seen('required'),
        'rdp.nla': seen('required'),
        'tls.versions': seen(versions(`70 70 ${GCM} 70`)),
        'tls.certificate': seen(CERTIFICATE),
        'ntlm.challenge': seen({ netbiosComputer: 'VM1' }),
      };
      for (const cause of CAUSES.filter(({ id }) => contradicted.includes(id))) {
        assert.notEqual(cause.judge(evidence, context).verdict, 'confirmed', cause.id);
      }
    }),
  );
});
