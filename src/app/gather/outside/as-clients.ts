import { COMMON_VERSION, commonOffer } from '../../../core/knowledge/common-offer.ts';
import type { ClientProfile } from '../../../core/model/client.ts';
import type { TlsAsClientRow } from '../../../core/model/facts.ts';
import { type Observation, present, unknown } from '../../../core/model/observation.ts';
import type { TlsVersion } from '../../../core/model/tls.ts';
import { type Outside, provenance } from './outside.ts';
import type { HelloProbe } from './probes.ts';
import { answerOf, observeAsClient, observeTlsVersions, PROTOCOL_VERSION, WIRE_VERSION } from './tls.ts';

/**
 * Without `--client` every supported client counts. One hello of TLS 1.2 with nothing but what all of
 * them offer stands for each, in place of the hello that asks for TLS 1.2 with everything; only where that
 * is refused are TLS 1.2 with everything and each client's own hello tried too.
 */
export interface AskedAsClients {
  /** The answer to the common hello. */
  readonly common: HelloProbe | undefined;
  /** By client id, where they were asked one by one. */
  readonly own: ReadonlyMap<string, HelloProbe | undefined>;
}

export function acceptsInCommon(clients: readonly ClientProfile[], probe: HelloProbe | undefined): boolean {
  return answerOf(probe, [WIRE_VERSION[COMMON_VERSION]], commonOffer(clients).suites) === 'accepted';
}

/** Whether the version may be accepted with other suites: alert 70 alone speaks of the version. */
export function maySpeakIt(probe: HelloProbe | undefined): boolean {
  return (
    probe?.tls !== undefined && !(probe.tls.kind === 'alert' && probe.tls.description === PROTOCOL_VERSION)
  );
}

/** The clients that speak a version which the listener accepts, one of each kind of hello. */
export function worthAsking(
  outside: Outside,
  clients: readonly ClientProfile[],
  hellos: ReadonlyMap<TlsVersion, HelloProbe>,
): readonly ClientProfile[] {
  const observed = observeTlsVersions(outside, hellos);
  if (observed.state !== 'present') return [];
  const versions = observed.value;
  const kinds = new Set<string>();
  return clients.filter((client) => {
    if (!client.tlsVersions.some((version) => versions[version] === 'accepted')) return false;
    const kind = kindOf(client);
    return !kinds.has(kind) && kinds.add(kind);
  });
}

/** What the hello holds, so that clients which send the same one are asked for once. */
function kindOf({ nla, tlsVersions, tlsSuites, tlsGroups, tlsSignatures }: ClientProfile): string {
  return JSON.stringify([nla, tlsVersions, tlsSuites, tlsGroups, tlsSignatures]);
}

/** `tls.asClients`: a row for each client of which the listener's answer is known. */
export function observeAsClients(
  outside: Outside,
  clients: readonly ClientProfile[],
  asked: AskedAsClients | undefined,
): Observation<readonly TlsAsClientRow[]> {
  if (asked === undefined) return unknown('not-gathered', 'a client was named (--client)');
  const rows = acceptsInCommon(clients, asked.common)
    ? rowsInCommon(outside, clients, asked.common)
    : ownRows(outside, clients, asked.own);
  return rows.length > 0
    ? present(rows, provenance(outside, 'tls'))
    : unknown('no-channel', 'the server accepts no TLS version that a supported client speaks');
}

function rowsInCommon(
  outside: Outside,
  clients: readonly ClientProfile[],
  probe: HelloProbe | undefined,
): readonly TlsAsClientRow[] {
  return clients
    .filter(({ tlsVersions }) => tlsVersions.includes(COMMON_VERSION))
    .flatMap((client) => {
      const row = observeAsClient(outside, client, probe);
      return row.state === 'present' ? [{ ...row.value, hello: 'common' as const }] : [];
    });
}

function ownRows(
  outside: Outside,
  clients: readonly ClientProfile[],
  own: AskedAsClients['own'],
): readonly TlsAsClientRow[] {
  const asked = clients.filter(({ id }) => own.has(id));
  return clients.flatMap((client) => {
    const twin = asked.find((other) => kindOf(other) === kindOf(client));
    const row = twin === undefined ? undefined : observeAsClient(outside, client, own.get(twin.id));
    return row?.state === 'present' ? [{ ...row.value, hello: 'own' as const }] : [];
  });
}
