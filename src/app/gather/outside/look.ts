import { unixMillisToFiletime } from '../../../core/bytes/filetime.ts';
import { SUPPORTED_CLIENTS } from '../../../core/knowledge/clients.ts';
import type { ClientProfile } from '../../../core/model/client.ts';
import type { Evidence } from '../../../core/model/facts.ts';
import { unknown } from '../../../core/model/observation.ts';
import type { Warning } from '../../../core/model/report.ts';
import type { LogonAnswer } from '../../../core/protocol/credssp.ts';
import type { AttemptOutcome, Attempts, Refusal } from '../../attempts.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Endpoint, Network } from '../../ports/network.ts';
import type { Random } from '../../ports/random.ts';
import { observeAsClients } from './as-clients.ts';
import { Asker } from './asker.ts';
import { observeCertificate } from './certificate.ts';
import { chooseAddress, MOST_ADDRESSES } from './choose-address.ts';
import { observeClientCertificate } from './client-certificate.ts';
import {
  ALL_MASK,
  type Conversations,
  NO_CONVERSATIONS,
  type StandardInFull,
  talk,
  talkInFull,
} from './conversations.ts';
import { observeCredssp, observeLogon } from './credssp.ts';
import { observeEncryption } from './encryption.ts';
import { type FullTls, lookAtTlsInFull } from './full.ts';
import { askFurther, type Further } from './further.ts';
import { Lanes } from './lanes.ts';
import { observeNegotiation, observeWillingness } from './negotiation.ts';
import { observeDirectTls, observeServerName } from './observe-further.ts';
import type { Outside } from './outside.ts';
import { type CredsspProbe, type LogonMaterial, probeCredssp } from './probes.ts';
import { observeReach, observeUnresolved, type ReachedAddress } from './reach.ts';
import { observeAsClient, observeTlsVersions } from './tls.ts';

/** How much of the time limit is left for judging and printing. */
const RESERVE_MILLIS = 250;

/** How long an address of a name with several may take to open: two retransmissions of a lost SYN, after 1 and 3 seconds. */
const ADDRESS_MILLIS = 3500;

/** With `--full` no try may take more than this part of the time limit, which is for a hundred of them … */
const FULL_PATIENCE = 0.1;
/** … but a listener at the end of a long line needs some. */
const LEAST_PATIENCE_MILLIS = 4000;

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
  readonly credential: Credential | undefined;
}

export interface Credential {
  readonly domain: string;
  readonly user: string;
  readonly password: string;
}

export interface OutsideLook {
  readonly evidence: Evidence;
  readonly warnings: readonly Warning[];
  /** How many connections it took. */
  readonly connections: number;
}

export interface OutsidePorts {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
}

/** Everything that was seen, before it is put into facts. */
interface Seen {
  readonly outside: Outside;
  readonly request: OutsideRequest;
  /** What became of each address of a name with several. */
  readonly reached: readonly ReachedAddress[];
  readonly talked: Conversations;
  readonly further: Further;
  readonly standardInFull: StandardInFull | undefined;
  readonly tlsInFull: FullTls | undefined;
  /** What became of the sign-in attempt, if one was made. */
  readonly attempt: CredsspProbe | Refusal | undefined;
}

/**
 * Everything that can be seen from the network. Without `credential` nothing is sent that could
 * lock an account; with it exactly one attempt is made, on a connection of its own, never retried.
 */
export async function lookFromOutside(
  ports: OutsidePorts,
  request: OutsideRequest,
  attempts: Attempts,
): Promise<OutsideLook> {
  const { network, clock, random } = ports;
  const end = clock.monotonic() + request.timeoutMillis - RESERVE_MILLIS;

  const resolution = await network.resolve(request.host, end);
  if (resolution.kind === 'failed') {
    return { evidence: { 'tcp.connect': observeUnresolved(resolution) }, warnings: [], connections: 0 };
  }
  const [first, ...others] = endpointsOf(request, resolution.addresses);
  if (first === undefined) throw new TypeError('a resolution without addresses');
  const chosen =
    others.length === 0
      ? undefined
      : await chooseAddress(network, [first, ...others], Math.min(end, clock.monotonic() + ADDRESS_MILLIS));
  const endpoint = chosen?.endpoint ?? first;
  const outside: Outside = { endpoint, clock };
  const lanes = new Lanes(network, clock, endpoint);
  const patience = request.full
    ? Math.max(LEAST_PATIENCE_MILLIS, request.timeoutMillis * FULL_PATIENCE)
    : undefined;
  const asker = new Asker(lanes, clock, end, patience);
  const speaker = { outside, asker, random, serverName: endpoint.serverName };

  const talked =
    chosen?.isOpen === false ? NO_CONVERSATIONS : await talk(speaker, request.client, SUPPORTED_CLIENTS);
  const further = await askFurther(speaker, talked);
  const versions = observeTlsVersions(outside, talked.hellos);
  const inFull = request.full && talked.negotiated.length > 0;
  const tlsInFull =
    inFull && versions.state === 'present'
      ? await lookAtTlsInFull(outside, { ...speaker, requested: talked.tlsMask, versions: versions.value })
      : undefined;
  const standardInFull = inFull
    ? await talkInFull(
        speaker,
        talked.standard,
        further.negotiated.map(({ requested }) => requested),
      )
    : undefined;
  const attempt = await attemptOnce(ports, attempts, lanes, end, talked.credssp, request.credential);

  const reached = (await chosen?.reached) ?? [];
  const seen: Seen = { outside, request, reached, talked, further, standardInFull, tlsInFull, attempt };
  return {
    evidence: evidenceOf(seen),
    warnings: [...(tlsInFull?.warnings ?? []), ...warningsOf(seen, resolution.addresses.length)],
    connections: lanes.connections + (chosen === undefined ? 0 : 1 + others.length),
  };
}

function endpointsOf({ host, port }: OutsideRequest, addresses: readonly string[]): readonly Endpoint[] {
  // A server name has no final dot (RFC 6066 section 3), and an address is none.
  const name = addresses.includes(host) ? {} : { serverName: host.replace(/\.$/, '') };
  return addresses.slice(0, MOST_ADDRESSES).map((address) => ({ address, port, ...name }));
}

/** INVARIANT: the only place that sends what derives from a password, once, on a connection that nobody retries. */
async function attemptOnce(
  { random, clock }: OutsidePorts,
  attempts: Attempts,
  lanes: Lanes,
  end: number,
  credssp: CredsspProbe | undefined,
  credential: Credential | undefined,
): Promise<CredsspProbe | Refusal | undefined> {
  if (credential === undefined || credssp?.challenge?.kind !== 'challenge') return undefined;
  const turn = await attempts.enter({ name: credential.user, domain: credential.domain }, end);
  if (typeof turn === 'string') return turn;
  const material: LogonMaterial = {
    ...credential,
    workstation: 'RDPDOCTOR',
    exportedSessionKey: random.bytes(16),
    clientChallenge: random.bytes(8),
    clientNonce: random.bytes(32),
    now: unixMillisToFiletime(clock.now()),
  };
  const { result } = await lanes.askAlone(
    'the one sign-in attempt',
    () => probeCredssp(ALL_MASK, material),
    () => end,
  );
  turn.settle(outcomeOf(result?.logon));
  return result;
}

/** Who was not told what became of the attempt takes it for a failed one: the server may have counted it. */
function outcomeOf(logon: LogonAnswer | undefined): AttemptOutcome {
  if (logon === undefined) return 'not-made';
  return logon.kind === 'accepted' ? 'accepted' : 'failed';
}

function evidenceOf(seen: Seen): Evidence {
  const { outside, request, reached, talked, further, standardInFull, tlsInFull, attempt } = seen;
  const { connect, credssp, standard, hellos } = talked;
  const { address } = outside.endpoint;
  const negotiation = observeNegotiation(outside, [
    ...talked.negotiated,
    ...further.negotiated,
    ...(standardInFull?.negotiated ?? []),
  ]);
  const willingness = observeWillingness(outside, negotiation);
  const versions = observeTlsVersions(outside, hellos);
  const withoutFull =
    versions.state === 'present' ? unknown<never>('not-gathered', 'only with --full') : versions;
  const credsspFacts = observeCredssp(outside, credssp);
  return {
    'tcp.connect': observeReach(
      outside,
      reached.length > 0 || connect === undefined ? reached : [{ address, connect }],
    ),
    'rdp.negotiation': negotiation,
    'rdp.nla': willingness.nla,
    'rdp.tls': willingness.tls,
    'rdp.standard': willingness.standard,
    'rdp.encryption': observeEncryption(outside, standard, standardInFull?.perMethod ?? []),
    'tls.versions': versions,
    'tls.ciphers': tlsInFull?.ciphers ?? withoutFull,
    'tls.features': tlsInFull?.features ?? withoutFull,
    'tls.asClient':
      request.client === undefined
        ? unknown('not-gathered', 'no client was named (--client)')
        : observeAsClient(outside, request.client, talked.asClient),
    'tls.asClients': observeAsClients(outside, SUPPORTED_CLIENTS, talked.asClients),
    'tls.certificate': observeCertificate(outside, credssp, hellos.values()),
    'tls.clientCertificate': observeClientCertificate(outside, credssp, [...hellos.values()]),
    'tls.serverName': observeServerName(outside, versions, further),
    'tls.direct': observeDirectTls(outside, further, talked.negotiated.length > 0),
    'credssp.version': credsspFacts.version,
    'ntlm.challenge': credsspFacts.challenge,
    'ntlm.refusal': credsspFacts.refusal,
    'clock.skewSeconds': credsspFacts.skew,
    'nla.logon': observeLogon(outside, attempt, request.credential !== undefined),
  };
}

function warningsOf({ outside, request, reached }: Seen, addresses: number): readonly Warning[] {
  const examined = outside.endpoint.address;
  const others = reached
    .filter(({ connect, address }) => connect.state === 'open' && address !== examined)
    .map(({ address }) => address);
  const said: string[] = [];
  if (addresses > MOST_ADDRESSES) {
    said.push(`${request.host} has ${addresses} addresses; only the first ${MOST_ADDRESSES} were tried`);
  }
  if (others.length > 0) {
    said.push(
      `${request.host} has ${addresses} addresses; only ${examined} was examined, although there was also an answer from ${others.join(', ')}`,
    );
  }
  return said.map((text) => ({ code: 'addresses-not-examined', text }));
}
