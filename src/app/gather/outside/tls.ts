import { OFFERED_GROUPS, suiteName, suitesFor } from '../../../core/knowledge/tls-suites.ts';
import type { ClientProfile } from '../../../core/model/client.ts';
import {
  TLS_VERSIONS,
  type TlsAsClient,
  type TlsVersion,
  type TlsVersionAnswer,
  type TlsVersions,
} from '../../../core/model/facts.ts';
import { absent, type Observation, present, unknown } from '../../../core/model/observation.ts';
import type { HelloOptions, TlsProbeAnswer } from '../../../core/protocol/tls-probe.ts';
import type { Random } from '../../ports/random.ts';
import { type Outside, provenance } from './outside.ts';
import type { HelloProbe } from './probes.ts';

/** Version numbers of [RFC 8446] 4.2.1 and its forerunners. */
export const WIRE_VERSION = {
  SSLv3: 0x0300,
  '1.0': 0x0301,
  '1.1': 0x0302,
  '1.2': 0x0303,
  '1.3': 0x0304,
} as const;

/** The hello that asks for one version alone, with every suite that it knows. */
export function helloFor(
  version: keyof typeof WIRE_VERSION,
  random: Random,
  serverName: string | undefined,
  suites: readonly number[] = suitesFor(WIRE_VERSION[version]),
): HelloOptions {
  return {
    versions: [WIRE_VERSION[version]],
    suites,
    groups: OFFERED_GROUPS,
    random: random.bytes(32),
    keyShare: random.bytes(32),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

/** The hello that the named client would send. */
export function helloAs(client: ClientProfile, random: Random, serverName: string | undefined): HelloOptions {
  return {
    versions: client.tlsVersions.map((version) => WIRE_VERSION[version]),
    suites: client.tlsSuites,
    groups: client.tlsGroups,
    random: random.bytes(32),
    keyShare: random.bytes(32),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

/** What a hello's answer says of the versions that it asked for with these suites. */
export function answerOf(
  answer: TlsProbeAnswer | undefined,
  versions: readonly number[],
  suites: readonly number[],
): TlsVersionAnswer {
  if (answer === undefined) return 'closed';
  switch (answer.kind) {
    case 'hello':
      // Chose, and then could not go on: with a word about it, or without.
      if (answer.alert !== undefined) return 'refused';
      if (answer.problem !== undefined && answer.certificates.length === 0) return 'closed';
      // No client goes on with what it did not offer.
      return versions.includes(answer.version) && suites.includes(answer.suite) ? 'accepted' : 'refused';
    case 'alert':
      return 'refused';
    case 'foreign':
      return 'refused';
    case 'interrupted':
      return answer.by.kind === 'timeout' ? 'timeout' : 'closed';
  }
}

/** `tls.versions`, from the hellos that asked for one version each. */
export function observeTlsVersions(
  outside: Outside,
  hellos: ReadonlyMap<TlsVersion, HelloProbe>,
): Observation<TlsVersions> {
  const tried = TLS_VERSIONS.map((version) => ({ version, tls: hellos.get(version)?.tls }));
  if (tried.every(({ tls }) => tls === undefined)) {
    const probes = [...hellos.values()];
    return probes.length > 0 && probes.every(({ negotiation }) => negotiation.kind !== 'interrupted')
      ? absent(provenance(outside, 'tls'), 'the listener selects no protocol that runs inside TLS')
      : unknown('no-channel', 'the negotiation did not come as far as TLS');
  }
  const alerts: Partial<Record<TlsVersion, number>> = {};
  const suites: Partial<Record<TlsVersion, string>> = {};
  const answers: Record<TlsVersion, TlsVersionAnswer> = {
    '1.0': 'closed',
    '1.1': 'closed',
    '1.2': 'closed',
    '1.3': 'closed',
  };
  for (const { version, tls } of tried) {
    answers[version] = answerOf(tls, [WIRE_VERSION[version]], suitesFor(WIRE_VERSION[version]));
    const alert = alertOf(tls);
    if (alert !== undefined) alerts[version] = alert;
    if (tls?.kind === 'hello' && answers[version] === 'accepted') suites[version] = suiteName(tls.suite);
  }
  return present({ ...answers, alerts, suites }, provenance(outside, 'tls'));
}

/** `tls.asClient`, from the hello that the named client would send. */
export function observeAsClient(
  outside: Outside,
  client: ClientProfile,
  probe: HelloProbe | undefined,
): Observation<TlsAsClient> {
  if (probe === undefined) return unknown('not-gathered');
  if (probe.tls === undefined) {
    return probe.negotiation.kind === 'interrupted'
      ? unknown('no-channel', 'the negotiation did not come as far as TLS')
      : absent(provenance(outside, 'tls'), 'the listener selects no protocol that runs inside TLS');
  }
  const answer = answerOf(
    probe.tls,
    client.tlsVersions.map((version) => WIRE_VERSION[version]),
    client.tlsSuites,
  );
  const { tls } = probe;
  const alert = alertOf(tls);
  return present(
    {
      client: client.id,
      answer,
      ...(alert === undefined ? {} : { alert }),
      ...(tls.kind === 'hello' ? { version: versionName(tls.version), suite: suiteName(tls.suite) } : {}),
    },
    provenance(outside, 'tls'),
  );
}

function versionName(wire: number): string {
  const known = Object.entries(WIRE_VERSION).find(([, number]) => number === wire);
  return known?.[0] ?? `0x${wire.toString(16)}`;
}

function alertOf(answer: TlsProbeAnswer | undefined): number | undefined {
  if (answer?.kind === 'alert') return answer.description;
  return answer?.kind === 'hello' ? answer.alert?.description : undefined;
}
