import { findSignature } from '../knowledge/client-signatures.ts';
import { findGroup } from '../knowledge/tls-suites.ts';
import type { JudgeContext } from '../model/cause.ts';
import { type ClientProfile, isSure } from '../model/client.ts';
import { TLS_VERSIONS, type TlsAsClient, type TlsVersions } from '../model/facts.ts';
import type { TlsVersion } from '../model/tls.ts';
import { type Effect, stoppedBy } from './_judge.ts';
import { everyoneHasAVersion, suiteOf } from './_suites.ts';
import {
  ABOUT_CLIENT_CERTIFICATE,
  acceptedVersions,
  commonVersions,
  HANDSHAKE_FAILURE,
  INSUFFICIENT_SECURITY,
  PROTOCOL_VERSION,
  UNRECOGNIZED_NAME,
} from './_tls.ts';
import { list } from './_words.ts';

/**
 * Whether it is not settled that this client lacks every version that is accepted: it may offer one of
 * them, or what it is said to offer is hearsay.
 */
export function mayHaveVersion(client: ClientProfile, accepted: readonly TlsVersion[]): boolean {
  return (
    client.unsettledVersions.some((version) => accepted.includes(version)) || !isSure(client.sure.versions)
  );
}

/** What of a server's choice a client does not offer. */
type Part = 'suites' | 'groups' | 'signatures';

/**
 * What the refusal of a client's own hello means for its suites, groups and signature algorithms.
 * Versions that are not in common are another cause's matter, so such a client passes here.
 * @param versions undefined where they were not seen: then the alert speaks alone
 */
export function effectOfAnswer(
  client: ClientProfile,
  { answer, alert }: TlsAsClient,
  versions: TlsVersions | undefined,
): Effect {
  if (answer === 'accepted') return 'passes';
  if (answer !== 'refused') return 'open';
  // A name that must be sent and a certificate of the client's are other causes' matter.
  const another = [PROTOCOL_VERSION, UNRECOGNIZED_NAME, ...ABOUT_CLIENT_CERTIFICATE];
  if (alert !== undefined && another.includes(alert)) return 'passes';
  const speaksOfSuites = alert === HANDSHAKE_FAILURE || alert === INSUFFICIENT_SECURITY;
  if (versions === undefined) {
    return !speaksOfSuites ? 'open' : allSure(client) ? 'suspect' : 'unsettled';
  }
  const common = commonVersions(client, versions).at(-1);
  // Nothing was accepted that it could have been given, so its hello shows nothing of its own.
  if (common === undefined) return acceptedVersions(versions).length > 0 ? 'passes' : 'open';
  const lacking = lackedBy(client, versions, common);
  const suite = suiteOf(versions, common);
  if (suite !== undefined && client.unsettledSuites.includes(suite)) return 'unsettled';
  const parts: readonly Part[] = lacking.length > 0 ? lacking : ['suites', 'groups', 'signatures'];
  return stoppedBy(...parts.map((part) => client.sure[part]));
}

function allSure({ sure }: ClientProfile): boolean {
  return isSure(sure.suites) && isSure(sure.groups) && isSure(sure.signatures);
}

/** What the server chose in this version, when it was offered everything, and the client does not offer. */
function lackedBy(client: ClientProfile, versions: TlsVersions, version: TlsVersion): readonly Part[] {
  const group = versions.groups?.[version];
  const signature = versions.signatures?.[version];
  const lacks = (ids: readonly number[], id: number | undefined): boolean =>
    id !== undefined && !ids.includes(id);
  return [
    ...(lacks(client.tlsSuites, suiteOf(versions, version)) ? (['suites'] as const) : []),
    ...(lacks(client.tlsGroups, group === undefined ? undefined : findGroup(group))
      ? (['groups'] as const)
      : []),
    ...(lacks(client.tlsSignatures, signature === undefined ? undefined : findSignature(signature))
      ? (['signatures'] as const)
      : []),
  ];
}

/**
 * Whether everyone who may be asking offers, in a version in common, the very suite, group and signature
 * algorithm that the server chose there. A choice of which the group was not seen shows nothing.
 */
export function everyoneOffersTheChoice(context: JudgeContext, versions: TlsVersions): boolean {
  return everyoneHasAVersion(context, versions, (client, version) => {
    const name = versions.suites[version];
    const needsGroup = name !== undefined && (/^TLS_ECDHE_/.test(name) || version === '1.3');
    const shown = !needsGroup || versions.groups?.[version] !== undefined;
    const signed = !needsGroup || version !== '1.2' || versions.signatures?.[version] !== undefined;
    return (
      suiteOf(versions, version) !== undefined &&
      shown &&
      signed &&
      lackedBy(client, versions, version).length === 0
    );
  });
}

/** `When offered everything in TLS 1.2, the server chooses SUITE, the group secp521r1 and the signature algorithm ed25519`. */
export function describeChoice(versions: TlsVersions): string | undefined {
  const version = TLS_VERSIONS.filter((one) => versions[one] === 'accepted').at(-1);
  const shown = versions['1.2'] === 'accepted' ? '1.2' : version;
  if (shown === undefined) return undefined;
  const suite = versions.suites[shown];
  const group = versions.groups?.[shown];
  const signature = versions.signatures?.[shown];
  const parts = [
    ...(suite === undefined ? [] : [suite]),
    ...(group === undefined ? [] : [`the group ${group}`]),
    ...(signature === undefined ? [] : [`the signature algorithm ${signature}`]),
  ];
  return parts.length === 0
    ? undefined
    : `When offered everything in TLS ${shown}, the server chooses ${list(parts)}`;
}

/**
 * Whether a refusal of the hello that this client would send rests on what is not sure of the client, so
 * that it shows nothing.
 */
export function isRefusedOnGuess(
  client: ClientProfile,
  asClient: TlsAsClient,
  versions: TlsVersions | undefined,
): boolean {
  if (asClient.answer !== 'refused') return false;
  if (
    asClient.alert === PROTOCOL_VERSION ||
    (versions !== undefined && commonVersions(client, versions).length === 0)
  ) {
    return mayHaveVersion(
      client,
      versions === undefined ? client.unsettledVersions : acceptedVersions(versions),
    );
  }
  return effectOfAnswer(client, asClient, versions) === 'unsettled';
}
