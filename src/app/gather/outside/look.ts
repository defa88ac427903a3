import { unixMillisToFiletime } from '../../../core/bytes/filetime.ts';
import type { ClientProfile } from '../../../core/model/client.ts';
import { type Evidence, TLS_VERSIONS, type TlsVersion } from '../../../core/model/facts.ts';
import { unknown } from '../../../core/model/observation.ts';
import type { Dialog } from '../../../core/protocol/dialog.ts';
import { PROTOCOL } from '../../../core/protocol/x224.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ConnectResult, Endpoint, Network } from '../../ports/network.ts';
import type { Random } from '../../ports/random.ts';
import { Asker } from './asker.ts';
import { observeCertificate } from './certificate.ts';
import { observeCredssp, observeLogon } from './credssp.ts';
import { ALL_METHODS, observeEncryption, SINGLE_METHODS } from './encryption.ts';
import { lookAtTlsInFull } from './full.ts';
import { Lanes } from './lanes.ts';
import { observeNegotiation, observeWillingness } from './negotiation.ts';
import type { Outside } from './outside.ts';
import {
  type HelloProbe,
  type LogonMaterial,
  type Probed,
  probeCredssp,
  probeHello,
  probeNegotiation,
  probeStandard,
} from './probes.ts';
import { observeReach, observeUnresolved, type ReachedAddress } from './reach.ts';
import { helloAs, helloFor, observeAsClient, observeTlsVersions } from './tls.ts';

const TLS_MASK = PROTOCOL.ssl | PROTOCOL.hybrid;
const ALL_MASK = PROTOCOL.ssl | PROTOCOL.hybrid | PROTOCOL.hybridEx;

/** Part of the time limit that a first try may take; the rest is for retrying alone. */
const FIRST_TRY_SHARE = 0.4;

/** How much of the time limit is left for judging and printing. */
const RESERVE_MILLIS = 250;

/** How long an address of a name with several may take to open: two retransmissions of a lost SYN, after 1 and 3 seconds. */
const ADDRESS_MILLIS = 3500;

export interface OutsideRequest {
  /** Name or address. */
  readonly host: string;
  readonly port: number;
  /** For everything together. */
  readonly timeoutMillis: number;
  /** Every suite of every version, and more. */
  readonly full: boolean;
  readonly client: ClientProfile | undefined;
  /** For the one sign-in attempt of the run. */
  readonly credential:
    | { readonly domain: string; readonly user: string; readonly password: string }
    | undefined;
}

export interface OutsideLook {
  readonly evidence: Evidence;
  readonly warnings: readonly string[];
  /** How many connections it took. */
  readonly connections: number;
}

export interface OutsidePorts {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Everything that can be seen from the network. Without `credential` nothing is sent that could
 * lock an account; with it exactly one attempt is made, on a connection of its own, never retried.
 */
export async function lookFromOutside(ports: OutsidePorts, request: OutsideRequest): Promise<OutsideLook> {
  const { network, clock, random } = ports;
  const end = clock.monotonic() + request.timeoutMillis - RESERVE_MILLIS;

  const resolution = await network.resolve(request.host, end);
  if (resolution.kind === 'failed') {
    return { evidence: { 'tcp.connect': observeUnresolved(resolution) }, warnings: [], connections: 0 };
  }
  const isName = !resolution.addresses.includes(request.host);
  const endpoints = resolution.addresses.map(
    (address): Endpoint => ({ address, port: request.port, ...(isName ? { serverName: request.host } : {}) }),
  );
  const chosen = await chooseAddress(network, endpoints, Math.min(end, clock.monotonic() + ADDRESS_MILLIS));
  const outside: Outside = { endpoint: chosen.endpoint, clock };
  const { serverName } = chosen.endpoint;
  const lanes = new Lanes(network, clock, chosen.endpoint);
  const asker = new Asker(lanes, clock, end);
  const firstLimit = request.timeoutMillis * FIRST_TRY_SHARE;
  let connect: ConnectResult | undefined;
  const opened = (result: ConnectResult): void => {
    if (connect?.state !== 'open') connect = result;
  };
  const ask = <T extends Probed>(label: string, dialog: () => Dialog<T>): Promise<T | undefined> =>
    asker.ask(label, dialog, firstLimit, opened);

  // The longest conversation goes first: it decides how long the whole takes. The first three are
  // the careful first round, one of each kind.
  const credsspAsked = ask('CredSSP', () => probeCredssp(ALL_MASK, undefined));
  const standardAsked = ask('standard RDP security', () => probeStandard(ALL_METHODS));
  const askHello = (mask: number, version: TlsVersion): Promise<HelloProbe | undefined> =>
    ask(`TLS ${version}`, () => probeHello(mask, helloFor(version, random, serverName)));
  const hellosAsked = [...TLS_VERSIONS]
    .reverse()
    .map(async (version) => [version, await askHello(TLS_MASK, version)] as const);
  const clientMask = request.client?.nla === false ? PROTOCOL.ssl : ALL_MASK;
  const { client } = request;
  const asClientAsked =
    client === undefined || client.tlsVersions.length === 0
      ? undefined
      : ask(`as ${client.id}`, () => probeHello(clientMask, helloAs(client, random, serverName)));
  const tlsOnlyAsked = ask('TLS without CredSSP', () => probeNegotiation(PROTOCOL.ssl));

  const [credssp, standard, tlsOnly, asClient] = await Promise.all([
    credsspAsked,
    standardAsked,
    tlsOnlyAsked,
    asClientAsked,
  ]);
  let hellos = collect(await Promise.all(hellosAsked));
  // A listener that refuses the pair of masks may still take TLS alone.
  const tlsMask =
    tlsOnly?.negotiation.kind === 'selected' &&
    tlsOnly.negotiation.selected === PROTOCOL.ssl &&
    [...hellos.values()].every((probe) => probe.tls === undefined)
      ? PROTOCOL.ssl
      : TLS_MASK;
  const asked: (Probed | undefined)[] = [standard, tlsOnly, ...hellos.values(), credssp];
  if (tlsMask === PROTOCOL.ssl) {
    hellos = collect(
      await Promise.all(
        TLS_VERSIONS.map(async (version) => [version, await askHello(tlsMask, version)] as const),
      ),
    );
  }

  const versions = observeTlsVersions(outside, hellos);
  const full =
    request.full && versions.state === 'present'
      ? await lookAtTlsInFull(outside, {
          asker,
          random,
          serverName,
          requested: tlsMask,
          versions: versions.value,
        })
      : undefined;
  const perMethod: { offered: number; probe: NonNullable<typeof standard> }[] = [];
  if (request.full && connect?.state === 'open') {
    asked.push(await ask('RDSTLS', () => probeNegotiation(PROTOCOL.rdstls)));
    if (standard?.security?.kind === 'security') {
      for (const offered of SINGLE_METHODS) {
        const probe = await ask(`method ${offered}`, () => probeStandard(offered));
        if (probe !== undefined) perMethod.push({ offered, probe });
      }
    }
  }

  const attempt =
    request.credential !== undefined && credssp?.challenge?.kind === 'challenge'
      ? await lanes.ask(
          'the one sign-in attempt',
          () => probeCredssp(ALL_MASK, logonMaterial(ports, request.credential)),
          end,
        )
      : undefined;

  const reached = await chosen.reached;
  const negotiation = observeNegotiation(
    outside,
    asked.filter((probe) => probe !== undefined),
  );
  const willingness = observeWillingness(outside, negotiation);
  const credsspFacts = observeCredssp(outside, credssp);
  const notFull = unknown<never>('not-gathered', 'only with --full');
  const evidence: Evidence = {
    'tcp.connect': observeReach(
      outside,
      reached.length > 0
        ? reached
        : connect === undefined
          ? []
          : [{ address: chosen.endpoint.address, connect }],
    ),
    'rdp.negotiation': negotiation,
    'rdp.nla': willingness.nla,
    'rdp.tls': willingness.tls,
    'rdp.standard': willingness.standard,
    'rdp.encryption': observeEncryption(outside, standard, perMethod),
    'tls.versions': versions,
    'tls.ciphers': full?.ciphers ?? (versions.state === 'present' ? notFull : versions),
    'tls.features': full?.features ?? (versions.state === 'present' ? notFull : versions),
    'tls.asClient':
      client === undefined
        ? unknown('not-gathered', 'no client was named (--client)')
        : observeAsClient(outside, client, asClient),
    'tls.certificate': observeCertificate(outside, credssp, hellos.values()),
    'credssp.version': credsspFacts.version,
    'ntlm.challenge': credsspFacts.challenge,
    'ntlm.refusal': credsspFacts.refusal,
    'clock.skewSeconds': credsspFacts.skew,
    'nla.logon': observeLogon(outside, attempt?.result, request.credential !== undefined),
  };
  const openElsewhere = reached.filter(
    (entry) => entry.connect.state === 'open' && entry.address !== chosen.endpoint.address,
  );
  return {
    evidence,
    warnings: [
      ...(full?.warnings ?? []),
      ...(openElsewhere.length === 0
        ? []
        : [
            `${request.host} has ${reached.length} addresses; only ${chosen.endpoint.address} was examined, although ${openElsewhere.map((entry) => entry.address).join(', ')} also answers`,
          ]),
    ],
    connections: lanes.connections + (endpoints.length > 1 ? endpoints.length : 0),
  };
}

interface Chosen {
  readonly endpoint: Endpoint;
  /** What became of every address; empty where there was only one to try. */
  readonly reached: Promise<readonly ReachedAddress[]>;
}

/** A name with several addresses: connects to all at once, and the first that opens is examined. */
async function chooseAddress(
  network: Network,
  endpoints: readonly Endpoint[],
  deadline: number,
): Promise<Chosen> {
  const [only] = endpoints;
  if (only === undefined) throw new TypeError('a resolution without addresses');
  if (endpoints.length === 1) return { endpoint: only, reached: Promise.resolve([]) };
  const knocks = endpoints.map(async (endpoint): Promise<ReachedAddress> => {
    const { connect } = await network.converse(endpoint, knock(), { label: 'knock', deadline });
    return { address: endpoint.address, connect };
  });
  const first = await Promise.any(
    knocks.map(async (knocked, index) => {
      const { connect } = await knocked;
      if (connect.state !== 'open') throw new Error(connect.state);
      return endpoints[index] ?? only;
    }),
  ).catch(() => only);
  return { endpoint: first, reached: Promise.all(knocks) };
}

/** Opens a connection and says nothing. */
// biome-ignore lint/correctness/useYield: a dialog without a word is still a dialog
function* knock(): Dialog<undefined> {
  return undefined;
}

function collect(
  rows: readonly (readonly [TlsVersion, HelloProbe | undefined])[],
): ReadonlyMap<TlsVersion, HelloProbe> {
  return new Map(
    rows.flatMap(([version, probe]) => (probe === undefined ? [] : [[version, probe] as const])),
  );
}

function logonMaterial(
  ports: OutsidePorts,
  credential: OutsideRequest['credential'],
): LogonMaterial | undefined {
  if (credential === undefined) return undefined;
  return {
    ...credential,
    workstation: 'RDPDOCTOR',
    exportedSessionKey: ports.random.bytes(16),
    clientChallenge: ports.random.bytes(8),
    clientNonce: ports.random.bytes(32),
    now: unixMillisToFiletime(ports.clock.now()),
  };
}
