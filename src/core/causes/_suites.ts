import { findSuiteByName } from '../knowledge/tls-suites.ts';
import type { JudgeContext } from '../model/cause.ts';
import type { TlsVersions } from '../model/facts.ts';
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
  const clients = context.client === undefined ? context.supportedClients : [context.client];
  return (
    clients.length > 0 &&
    clients.every((client) =>
      commonVersions(client, versions).some((version) => {
        const chosen = versions.suites[version];
        const id = chosen === undefined ? undefined : findSuiteByName(chosen)?.id;
        return id !== undefined && client.tlsSuites.includes(id);
      }),
    )
  );
}

/** Whether a Windows in FIPS mode would not accept the suite; a name that is not known proves nothing. */
export function isOutsideFips(suite: string): boolean {
  return findSuiteByName(suite)?.fips === false;
}
