// Unknown stays unknown: every question of the inquiry is denied in turn, and no fact may take a default for it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Evidence, FactName } from '../../../src/core/model/facts.ts';
import type { EventTimeline, Setting } from '../../../src/core/model/windows-facts.ts';
import type { Answer, PlaceQuestion } from '../../../src/core/windows/inquiry.ts';
import { inquireMachine } from '../../../src/core/windows/machine.ts';
import { throughRegistry } from '../../../src/core/windows/through-registry.ts';
import { answer, CONTEXT, type FakeMachine, type Key, placeOf } from './fake-machine.ts';
import { HEALTHY_MACHINE } from './healthy-machine.ts';

type Denied = (question: PlaceQuestion) => boolean;

/** The evidence of a machine that does not answer some questions, and what it was asked. */
function inquire(
  machine: FakeMachine,
  isDenied: Denied = () => false,
): { readonly evidence: Evidence; readonly asked: readonly PlaceQuestion[] } {
  const asked: PlaceQuestion[] = [];
  const inquiry = throughRegistry(inquireMachine(CONTEXT));
  let step = inquiry.next();
  while (!step.done) {
    asked.push(...step.value);
    step = inquiry.next(
      step.value.map((question): Answer => {
        const at = placeOf(question);
        return isDenied(question)
          ? { state: 'unknown', at, why: 'denied', detail: `${at} is denied` }
          : answer(machine, question);
      }),
    );
  }
  return { evidence: step.value, asked };
}

/** A machine on which everything is set to what is not the default, and one that a policy governs. */
const SET: FakeMachine = withKeys({
  'SYSTEM\\CurrentControlSet\\Control\\Terminal Server': {
    fDenyTSConnections: 0,
    TSEnabled: 0,
    TSUserEnabled: 1,
    TSServerDrainMode: 2,
    TSAppCompat: 1,
  },
  'SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp': {
    fEnableWinStation: 0,
    fLogonDisabled: 1,
    PortNumber: 3390,
    SecurityLayer: 1,
    UserAuthentication: 0,
    MinEncryptionLevel: 2,
    fAllowSecProtocolNegotiation: 0,
  },
  'SYSTEM\\CurrentControlSet\\Services\\Netlogon\\Parameters': {
    DisablePasswordChange: 1,
    MaximumPasswordAge: 90,
  },
  'SYSTEM\\CurrentControlSet\\Control\\Lsa': {
    DisableDomainCreds: 1,
    LmCompatibilityLevel: 5,
    'Authentication Packages': ['msv1_0'],
  },
  'SYSTEM\\CurrentControlSet\\Control\\Lsa\\FIPSAlgorithmPolicy': { Enabled: 1 },
  'SYSTEM\\Setup': { SystemSetupInProgress: 1 },
  'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State': { ImageState: 'IMAGE_STATE_COMPLETE' },
  'SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters': { Type: 'NT5DS' },
  'SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0': {
    RestrictReceivingNTLMTraffic: 2,
    RestrictSendingNTLMTraffic: 2,
  },
  'SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server': {
    Enabled: 0,
  },
  'SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo\\0123ABCD': {},
  'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon': {
    CachedLogonsCount: '3',
    WinStationsDisabled: '1',
  },
  'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\CredSSP\\Parameters': {
    AllowEncryptionOracle: 2,
  },
  'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Kerberos\\Parameters': {
    SupportedEncryptionTypes: 4,
  },
});

const GOVERNED: FakeMachine = withKeys({
  'SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services': {
    fDenyTSConnections: 1,
    SecurityLayer: 0,
    UserAuthentication: 0,
    MinEncryptionLevel: 4,
    fAllowSecProtocolNegotiation: 0,
  },
  'SOFTWARE\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002': {
    Functions: 'TLS_AES_256_GCM_SHA384',
  },
  'SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\DomainProfile': {
    EnableFirewall: 0,
    AllowLocalPolicyMerge: 0,
  },
  'SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules': {
    block: 'v2.31|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=3389|Name=Block|',
  },
});

function withKeys(keys: Readonly<Record<string, Key>>): FakeMachine {
  return { ...HEALTHY_MACHINE, registry: { ...HEALTHY_MACHINE.registry, ...keys } };
}

/**
 * Fields that say of themselves that they may be left out because nobody could read them; no cause
 * takes their absence for an answer.
 */
const MAY_BE_LEFT_OUT: Readonly<Partial<Record<FactName, readonly string[]>>> = {
  'os.version': ['revision', 'displayVersion'],
  // entraJoined: of a member of a domain alone.
  'domain.membership': ['domain', 'netbiosDomain', 'entraJoined'],
  'os.setup': ['imageState'],
};

/** Of a setting what is in force counts: which layers lie below it may not be known. */
function inForce(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('effective' in value) || !('setBy' in value))
    return value;
  const {
    policy: _policy,
    machine: _machine,
    default: _default,
    where: _where,
    ...rest
  } = value as Partial<Setting<unknown>>;
  return rest;
}

/** Whether the fact says the same as before, or says that it does not know. */
function isHonest(name: FactName, before: Evidence, after: Evidence): boolean {
  const [was, is] = [before[name], after[name]];
  if (is?.state === 'unknown') return true;
  // The provenance names the place that decides: it moves with the value alone.
  const told = (observation: typeof was): string =>
    JSON.stringify(observation?.state === 'present' ? observation.value : observation?.state, inForce);
  if (told(was) === told(is)) return true;
  if (was?.state !== 'present' || is?.state !== 'present') return false;
  switch (name) {
    case 'events.relevant':
      return isPartOf(was.value as EventTimeline, is.value as EventTimeline);
    case 'service.TermService.program':
      return JSON.stringify(is.value).includes('"unknown"') && 'problem' in (is.value as object);
    case 'listener.certificate':
      return (is.value as { readonly key: string }).key === 'unknown';
    default: {
      const optional = MAY_BE_LEFT_OUT[name] ?? [];
      const entries = Object.entries(was.value).filter(
        ([field]) => !optional.includes(field) || field in (is.value as object),
      );
      return optional.length > 0 && JSON.stringify(Object.fromEntries(entries)) === JSON.stringify(is.value);
    }
  }
}

/** A log that was denied is named, and nothing is told of it. */
function isPartOf(was: EventTimeline, is: EventTimeline): boolean {
  const unread = is.unread?.map(({ channel }) => channel) ?? [];
  return (
    unread.length > 0 &&
    JSON.stringify(is.events) ===
      JSON.stringify(was.events.filter(({ channel }) => !unread.includes(channel))) &&
    is.spans.every(({ channel }) => !unread.includes(channel))
  );
}

function checkDenied(machine: FakeMachine, before: Evidence, isDenied: Denied, what: string): void {
  const { evidence: after } = inquire(machine, isDenied);
  const wrong = (Object.keys(before) as FactName[]).filter((name) => !isHonest(name, before, after));
  assert.deepEqual(
    wrong.map((name) => `${name}: ${JSON.stringify(before[name])} became ${JSON.stringify(after[name])}`),
    [],
    `without ${what}`,
  );
}

describe('a question that is denied never becomes a default', () => {
  for (const [title, machine] of [
    ['as installed', HEALTHY_MACHINE],
    ['everything set', SET],
    ['by policy', GOVERNED],
  ] as const) {
    const { asked, evidence: before } = inquire(machine);
    const places = [...new Set(asked.map((question) => `${question.kind} ${placeOf(question)}`))];

    test(`${title}: each question alone`, () => {
      assert.ok(places.length > 100);
      for (const place of places) {
        checkDenied(machine, before, (question) => `${question.kind} ${placeOf(question)}` === place, place);
      }
    });

    test(`${title}: each key, with what is below it`, () => {
      const keys = [
        ...new Set(
          asked.flatMap((question) => ('key' in question ? [`${question.hive}\\${question.key}`] : [])),
        ),
      ];
      for (const key of keys) {
        checkDenied(
          machine,
          before,
          (question) => 'key' in question && `${question.hive}\\${question.key}\\`.startsWith(`${key}\\`),
          key,
        );
      }
    });

    test(`${title}: each hive, all files, all logs`, () => {
      for (const hive of ['SYSTEM', 'SOFTWARE', 'SECURITY', 'SAM']) {
        checkDenied(machine, before, (question) => 'hive' in question && question.hive === hive, hive);
      }
      checkDenied(machine, before, (question) => 'path' in question, 'files');
      checkDenied(machine, before, (question) => question.kind === 'events', 'logs');
    });
  }

  test('a denied question makes at least one fact unknown', () => {
    const { asked, evidence: before } = inquire(SET);
    const idle = [...new Set(asked.map((question) => `${question.kind} ${placeOf(question)}`))].filter(
      (place) => {
        const { evidence } = inquire(SET, (question) => `${question.kind} ${placeOf(question)}` === place);
        return JSON.stringify(evidence) === JSON.stringify(before);
      },
    );
    assert.deepEqual(idle, WITHOUT_EFFECT);
  });
});

/** What stands in for nothing here: the place of old that a newer one overrules, a witness, drivers that only older Windows needs. */
const WITHOUT_EFFECT: readonly string[] = [
  'value SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters!Domain',
  'value SYSTEM\\CurrentControlSet\\Control\\Lsa!FIPSAlgorithmPolicy',
  'values SYSTEM\\CurrentControlSet\\Services\\TermDD',
  'values SYSTEM\\CurrentControlSet\\Services\\MRxSmb10',
  'file \\Windows\\System32\\services.exe',
];
