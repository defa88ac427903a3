import { findTlsAlert } from '../knowledge/tls-alerts.ts';
import type { Judgement } from '../model/cause.ts';
import type { ClientProfile } from '../model/client.ts';
import {
  type Evidence,
  TLS_VERSIONS,
  type TlsCiphers,
  type TlsVersion,
  type TlsVersions,
} from '../model/facts.ts';
import type { SchannelProtocol } from '../model/windows-facts.ts';
import { cannotTell, type Effect, seenValue, stoppedBy } from './_judge.ts';
import { list } from './_words.ts';

/** Alerts by number: [RFC 8446] 6, [RFC 5246] 7.2. */
export const HANDSHAKE_FAILURE = 40;
export const PROTOCOL_VERSION = 70;
export const INSUFFICIENT_SECURITY = 71;
export const INTERNAL_ERROR = 80;
export const UNRECOGNIZED_NAME = 112;
/** What a server says of a certificate of the client's: bad_certificate to unknown_ca, access_denied, certificate_required. */
export const ABOUT_CLIENT_CERTIFICATE: readonly number[] = [42, 43, 44, 45, 46, 48, 49, 116];

/** `alert 70, protocol_version` or `alert 123`. */
export function describeAlert(alert: number): string {
  const name = findTlsAlert(alert)?.name;
  return name === undefined ? `alert ${alert}` : `alert ${alert}, ${name}`;
}

/** `TLS 1.0 and TLS 1.1 refused (alert 70, protocol_version), TLS 1.2 accepted`: every version, by answer. */
export function describeVersions(versions: TlsVersions): string {
  const byAnswer = new Map<string, TlsVersion[]>();
  for (const version of TLS_VERSIONS) {
    const words = describeAnswer(versions, version);
    byAnswer.set(words, [...(byAnswer.get(words) ?? []), version]);
  }
  return [...byAnswer]
    .map(([words, same]) => `${list(same.map((version) => `TLS ${version}`))} ${words}`)
    .join(', ');
}

function describeAnswer(versions: TlsVersions, version: TlsVersion): string {
  const alert = versions.alerts[version];
  switch (versions[version]) {
    case 'accepted':
      return 'accepted';
    case 'refused':
      return alert === undefined ? 'refused without an alert' : `refused (${describeAlert(alert)})`;
    case 'closed':
      return versions.how?.[version] === 'reset' ? 'reset without an alert' : 'closed without an alert';
    case 'foreign':
      return `answered with something other than TLS${versions.foreign === undefined ? '' : ` (${versions.foreign})`}`;
    case 'timeout':
      return 'not answered in time';
  }
}

export function acceptedVersions(versions: TlsVersions): readonly TlsVersion[] {
  return TLS_VERSIONS.filter((version) => versions[version] === 'accepted');
}

/** Whether any version was left without an answer, so that nothing follows from the others being refused. */
export function hasTimeout(versions: TlsVersions): boolean {
  return TLS_VERSIONS.some((version) => versions[version] === 'timeout');
}

/** Whether the server refused the version and said with which alert; a bare close is no word. */
export function refusedWith(
  versions: TlsVersions,
  version: TlsVersion,
  ...alerts: readonly number[]
): boolean {
  const alert = versions.alerts[version];
  return alert !== undefined && alerts.includes(alert);
}

/**
 * Whether every handshake ended and at least one without a word of why, or with an internal error: the
 * server could not create its TLS credential (knowledge: Schannel 36870 and 36871).
 */
export function diesWithoutWord(versions: TlsVersions): boolean {
  return (
    acceptedVersions(versions).length === 0 &&
    !hasTimeout(versions) &&
    TLS_VERSIONS.some((version) => !refusedWith(versions, version, PROTOCOL_VERSION)) &&
    // Every other alert has a reason of its own, and what is not TLS says nothing of a credential for it.
    TLS_VERSIONS.every((version) =>
      versions.alerts[version] === undefined
        ? versions[version] !== 'foreign'
        : refusedWith(versions, version, PROTOCOL_VERSION, INTERNAL_ERROR),
    )
  );
}

/** Alerts that appeared, each once, in the order of the versions. */
export function alertsOf(versions: TlsVersions): readonly number[] {
  return [...new Set(TLS_VERSIONS.flatMap((version) => versions.alerts[version] ?? []))];
}

/**
 * Whether this listener speaks TLS at all. `rdp.tls` counts CredSSP in, since it runs inside TLS.
 * `undefined`: not known.
 */
export function speaksTls(evidence: Pick<Evidence, 'rdp.tls'>): boolean | undefined {
  const tls = evidence['rdp.tls'];
  if (tls?.state === 'absent') return false;
  const willingness = seenValue(tls);
  return willingness === undefined ? undefined : willingness !== 'refused';
}

/** Versions that the server accepts and the client speaks. */
export function commonVersions(client: ClientProfile, versions: TlsVersions): readonly TlsVersion[] {
  return acceptedVersions(versions).filter((version) => client.tlsVersions.includes(version));
}

/**
 * What the accepted suites do to a client. Versions that are not in common are another cause's
 * matter, so a client without one passes here.
 * @param versions undefined when the versions were not seen: then the lists of suites speak alone
 */
export function effectOfSuites(
  client: ClientProfile,
  ciphers: TlsCiphers,
  versions: TlsVersions | undefined,
): Effect {
  const common =
    versions === undefined
      ? client.tlsVersions.filter((version) => (ciphers[version]?.length ?? 0) > 0)
      : commonVersions(client, versions);
  if (common.length === 0) return 'passes';
  const accepts = (ids: readonly number[]): boolean =>
    common.some((version) => ciphers[version]?.some((suite) => ids.includes(suite.id)) ?? false);
  if (accepts(client.tlsSuites)) return 'passes';
  if (accepts(client.unsettledSuites)) return 'unsettled';
  // A version that is accepted with no suite listed was not looked through.
  return common.every((version) => (ciphers[version]?.length ?? 0) > 0)
    ? stoppedBy(client.sure.suites)
    : 'open';
}

type SchannelServer = Readonly<Record<TlsVersion, SchannelProtocol>>;

/** Versions that Schannel offers as a server. */
export function versionsOn(server: SchannelServer): readonly TlsVersion[] {
  return TLS_VERSIONS.filter((version) => server[version].effective);
}

/** Versions that are off for DisabledByDefault alone: a program that asks for them by name still gets them. */
export function versionsHidden(server: SchannelServer): readonly TlsVersion[] {
  return TLS_VERSIONS.filter((version) => {
    const { effective, enabled, disabledByDefault } = server[version];
    return !effective && enabled !== 0 && disabledByDefault !== undefined && disabledByDefault !== 0;
  });
}

/** `TLS 1.2 on, TLS 1.0 and TLS 1.1 off (Enabled 0), TLS 1.3 off (the default)`. */
export function describeSchannel(server: SchannelServer): string {
  const byState = new Map<string, TlsVersion[]>();
  const hidden = versionsHidden(server);
  for (const version of TLS_VERSIONS) {
    const { effective, setBy } = server[version];
    const why = hidden.includes(version) ? 'DisabledByDefault 1' : 'Enabled 0';
    const words = effective ? 'on' : `off (${setBy === 'default' ? 'the default' : why})`;
    byState.set(words, [...(byState.get(words) ?? []), version]);
  }
  return [...byState]
    .map(([words, same]) => `${list(same.map((version) => `TLS ${version}`))} ${words}`)
    .join(', ');
}

/** Versions that Remote Desktop can use as a server. `doubted`: on in Schannel, but it is not known whether Remote Desktop can. */
export interface ListenerVersions {
  readonly on: readonly TlsVersion[];
  readonly doubted: readonly TlsVersion[];
}

/** Windows 8 and Server 2012: from then on Remote Desktop uses TLS 1.1 and 1.2 as Schannel offers them. */
const FOLLOWS_SCHANNEL_BUILD = 9200;

/**
 * What is on in Schannel, with what Remote Desktop may not be able to use set apart. Windows 7 and Server
 * 2008 R2 need KB3080079 for 1.1 and 1.2; that update's absence proves nothing, since a later rollup may
 * carry it, so they are doubted there and not off; on Server 2008, for which no such update is known,
 * likewise. Whether Remote Desktop serves TLS 1.3 where Schannel does is not settled ([MS-RDPBCGR] 5.4.5
 * allows it).
 */
export function listenerVersions(
  server: SchannelServer,
  evidence: Pick<Evidence, 'os.version' | 'schannel.rdsUpdate'>,
): ListenerVersions {
  const on = versionsOn(server);
  const build = seenValue(evidence['os.version'])?.build;
  const follows =
    (build !== undefined && build >= FOLLOWS_SCHANNEL_BUILD) ||
    evidence['schannel.rdsUpdate']?.state === 'present';
  const isSure = (version: TlsVersion): boolean => version === '1.0' || (follows && version !== '1.3');
  return { on: on.filter(isSure), doubted: on.filter((version) => !isSure(version)) };
}

/** It is not known whether Remote Desktop of this Windows can use what Schannel has on. */
export function doubtVersions(
  evidence: Evidence,
  doubted: readonly TlsVersion[],
  words: string,
): Judgement & { readonly verdict: 'inconclusive' } {
  const old = doubted.filter((version) => version !== '1.3');
  const known = seenValue(evidence['os.version']) !== undefined;
  const { explanation, ...rest } = cannotTell(
    evidence,
    `whether Remote Desktop on this Windows can use TLS ${list(doubted)}`,
    old.length === 0 ? ['schannel.server'] : known ? ['schannel.rdsUpdate'] : ['os.version'],
    ['HOST', '--disk', '--rpc'],
  );
  return {
    ...rest,
    explanation: `${explanation} Schannel settings: ${words}. ${old.length === 0 ? 'Schannel on this Windows can accept TLS 1.3, but whether Remote Desktop can is not known for certain' : KB3080079}.`,
  };
}

const KB3080079 =
  'Remote Desktop of Windows 7 and Server 2008 R2 speaks only TLS 1.0 unless KB3080079, or a later rollup that includes it, is installed';
