import { signatureName } from '../../../core/knowledge/client-signatures.ts';
import type { CommonOffer } from '../../../core/knowledge/common-offer.ts';
import { groupName, OFFERED_GROUPS, suiteName, suitesFor } from '../../../core/knowledge/tls-suites.ts';
import type { ClientProfile } from '../../../core/model/client.ts';
import type { Ending, TlsAsClient, TlsVersionAnswer, TlsVersions } from '../../../core/model/facts.ts';
import { absent, type Observation, present, unknown } from '../../../core/model/observation.ts';
import type { TlsVersion } from '../../../core/model/tls.ts';
import type { Interruption } from '../../../core/protocol/dialog.ts';
import type { HelloOptions, TlsProbeAnswer } from '../../../core/protocol/tls-probe.ts';
import type { Random } from '../../ports/random.ts';
import { nameService } from './foreign-service.ts';
import { type Outside, provenance } from './outside.ts';
import type { HelloProbe, Probed } from './probes.ts';

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

/** AlertDescription: the server knows no such version, whatever else is asked (RFC 8446 section 6.2). */
export const PROTOCOL_VERSION = 70;

/** The hello of TLS 1.2 with nothing but what every client of the offer has. */
export function helloInCommon(
  { suites, groups, signatures }: CommonOffer,
  random: Random,
  serverName: string | undefined,
): HelloOptions {
  return { ...helloFor('1.2', random, serverName, suites), groups, signatures };
}

/** The hello that the named client would send. */
export function helloAs(client: ClientProfile, random: Random, serverName: string | undefined): HelloOptions {
  return {
    versions: client.tlsVersions.map((version) => WIRE_VERSION[version]),
    suites: client.tlsSuites,
    groups: client.tlsGroups,
    signatures: client.tlsSignatures,
    random: random.bytes(32),
    keyShare: random.bytes(32),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

/** What a hello's answer says of the versions that it asked for with these suites. */
export function answerOf(
  probe: HelloProbe | undefined,
  versions: readonly number[],
  suites: readonly number[],
): TlsVersionAnswer {
  // No connection opened in time for it.
  if (probe === undefined) return 'timeout';
  const { negotiation, tls } = probe;
  if (tls === undefined) return negotiation.kind === 'interrupted' ? silenceOf(negotiation.by) : 'closed';
  switch (tls.kind) {
    case 'hello':
      // Chose, and then could not go on: with a word about it, or without.
      if (tls.alert !== undefined) return 'refused';
      if (tls.by !== undefined) return silenceOf(tls.by);
      // No client goes on with what it did not offer.
      return versions.includes(tls.version) && suites.includes(tls.suite) ? 'accepted' : 'refused';
    case 'alert':
      return 'refused';
    case 'foreign':
      return 'foreign';
    case 'interrupted':
      return silenceOf(tls.by);
  }
}

function silenceOf(by: Interruption): TlsVersionAnswer {
  return by.kind === 'timeout' ? 'timeout' : 'closed';
}

/** `tls.versions`, from the hellos that asked for one version each. */
export function observeTlsVersions(
  outside: Outside,
  hellos: ReadonlyMap<TlsVersion, HelloProbe>,
): Observation<TlsVersions> {
  const probes = [...hellos.values()];
  if (probes.every(({ tls }) => tls === undefined)) return whyNoTls(outside, probes);
  const alerts: Partial<Record<TlsVersion, number>> = {};
  const suites: Partial<Record<TlsVersion, string>> = {};
  const groups: Partial<Record<TlsVersion, string>> = {};
  const signatures: Partial<Record<TlsVersion, string>> = {};
  const how: Partial<Record<TlsVersion, Ending>> = {};
  let foreign: string | undefined;
  const answerTo = (version: TlsVersion): TlsVersionAnswer => {
    const probe = hellos.get(version);
    const answer = answerOf(probe, [WIRE_VERSION[version]], suitesFor(WIRE_VERSION[version]));
    const alert = alertOf(probe?.tls);
    if (alert !== undefined) alerts[version] = alert;
    if (probe?.tls?.kind === 'hello' && answer === 'accepted') {
      const { suite, group, signature } = probe.tls;
      suites[version] = suiteName(suite);
      if (group !== undefined) groups[version] = groupName(group);
      if (signature !== undefined) signatures[version] = signatureName(signature);
    }
    const ending = answer === 'closed' ? endingOf(probe) : undefined;
    if (ending !== undefined) how[version] = ending;
    if (probe?.tls?.kind === 'foreign') foreign ??= nameService(probe.tls.head, probe.tls.problem);
    return answer;
  };
  const answers = {
    '1.0': answerTo('1.0'),
    '1.1': answerTo('1.1'),
    '1.2': answerTo('1.2'),
    '1.3': answerTo('1.3'),
  };
  return present(
    {
      ...answers,
      alerts,
      suites,
      ...(Object.keys(groups).length === 0 ? {} : { groups }),
      ...(Object.keys(signatures).length === 0 ? {} : { signatures }),
      ...(Object.keys(how).length === 0 ? {} : { how }),
      ...(foreign === undefined ? {} : { foreign }),
    },
    provenance(outside, 'tls'),
  );
}

/** How the server ended the connection that brought no answer to the hello. */
function endingOf(probe: HelloProbe | undefined): Ending | undefined {
  const { tls } = probe ?? {};
  const by = tls?.kind === 'interrupted' || tls?.kind === 'hello' ? tls.by : undefined;
  return by?.kind === 'closed' ? by.how : undefined;
}

/** Absent where the listener itself said that it goes on without TLS; whoever said nothing, or something else, said no such thing. */
function whyNoTls<T>(outside: Outside, probes: readonly Probed[]): Observation<T> {
  const kinds = new Set(probes.map(({ negotiation }) => negotiation.kind));
  return probes.length > 0 && !kinds.has('interrupted') && !kinds.has('foreign')
    ? absent(provenance(outside, 'tls'), 'the listener selects no protocol that runs inside TLS')
    : unknown('no-channel', 'the negotiation did not get as far as TLS');
}

/** `tls.asClient`, from the hello that the named client would send. */
export function observeAsClient(
  outside: Outside,
  client: ClientProfile,
  probe: HelloProbe | undefined,
): Observation<TlsAsClient> {
  if (client.tlsVersions.length === 0) return unknown('not-gathered', `${client.title} does not support TLS`);
  if (probe?.tls === undefined) return whyNoTls(outside, probe === undefined ? [] : [probe]);
  const answer = answerOf(
    probe,
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
