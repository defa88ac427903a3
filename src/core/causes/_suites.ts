import { findSuiteByName } from '../knowledge/tls-suites.ts';
import type { JudgeContext } from '../model/cause.ts';
import type { ClientProfile } from '../model/client.ts';
import type { TlsVersions } from '../model/facts.ts';
import type { TlsVersion } from '../model/tls.ts';
import { commonVersions } from './_tls.ts';

/** Suites that the server chose in the accepted versions, by name, each once. */
export function chosenSuites(versions: TlsVersions): readonly string[] {
  return [...new Set(Object.values(versions.suites))];
}

/**
 * Whether everyone who may be asking offers, in a version in common, the very suite that the
 * server chose there: then a handshake succeeds, whatever else the server accepts.
 */
export function everyoneOffersTheChosenSuite(context: JudgeContext, versions: TlsVersions): boolean {
  return everyoneHasAVersion(context, versions, (client, version) => {
    const id = suiteOf(versions, version);
    return id !== undefined && client.tlsSuites.includes(id);
  });
}

/** The suite that the server chose in this version, by number. */
export function suiteOf(versions: TlsVersions, version: TlsVersion): number | undefined {
  const name = versions.suites[version];
  return name === undefined ? undefined : findSuiteByName(name)?.id;
}

/** Whether everyone who may be asking shares a version with the server for which this holds. */
export function everyoneHasAVersion(
  context: JudgeContext,
  versions: TlsVersions,
  holds: (client: ClientProfile, version: TlsVersion) => boolean,
): boolean {
  const clients = context.client === undefined ? context.supportedClients : [context.client];
  return (
    clients.length > 0 &&
    clients.every((client) => commonVersions(client, versions).some((version) => holds(client, version)))
  );
}

/** Whether a Windows in FIPS mode would not accept the suite; a name that is not known proves nothing. */
export function isOutsideFips(suite: string): boolean {
  return findSuiteByName(suite)?.fips === false;
}
