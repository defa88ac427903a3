import { COMMON_VERSION, commonOffer } from '../../../core/knowledge/common-offer.ts';
import type { ClientProfile } from '../../../core/model/client.ts';
import { TLS_VERSIONS, type TlsVersion } from '../../../core/model/tls.ts';
import type { Dialog } from '../../../core/protocol/dialog.ts';
import { PROTOCOL } from '../../../core/protocol/x224.ts';
import type { ConnectResult } from '../../ports/network.ts';
import type { Random } from '../../ports/random.ts';
import { type AskedAsClients, acceptsInCommon, maySpeakIt, worthAsking } from './as-clients.ts';
import type { Asker } from './asker.ts';
import { ALL_METHODS, SINGLE_METHODS } from './encryption.ts';
import type { Outside } from './outside.ts';
import {
  type CredsspProbe,
  type HelloProbe,
  type Probed,
  probeCredssp,
  probeHello,
  probeNegotiation,
  probeStandard,
  type StandardProbe,
} from './probes.ts';
import { helloAs, helloFor, helloInCommon } from './tls.ts';

const TLS_MASK = PROTOCOL.ssl | PROTOCOL.hybrid;
export const ALL_MASK = PROTOCOL.ssl | PROTOCOL.hybrid | PROTOCOL.hybridEx;

/** What the conversations with a listener brought; where no connection opened everything is missing. */
export interface Conversations {
  /** The first connection that opened, else the first that did not. */
  readonly connect: ConnectResult | undefined;
  /** Each begins with a negotiation, whose answer counts. */
  readonly negotiated: readonly Probed[];
  readonly credssp: CredsspProbe | undefined;
  readonly standard: StandardProbe | undefined;
  readonly asClient: HelloProbe | undefined;
  /** Present where no client was named. */
  readonly asClients: AskedAsClients | undefined;
  readonly hellos: ReadonlyMap<TlsVersion, HelloProbe>;
  /** The requested protocols of `hellos`: with them the listener goes on to TLS, if with any. */
  readonly tlsMask: number;
}

export const NO_CONVERSATIONS: Conversations = {
  connect: undefined,
  negotiated: [],
  credssp: undefined,
  standard: undefined,
  asClient: undefined,
  asClients: undefined,
  hellos: new Map(),
  tlsMask: TLS_MASK,
};

export interface Speaker {
  readonly outside: Outside;
  readonly asker: Asker;
  readonly random: Random;
  readonly serverName: string | undefined;
}

/**
 * The least that answers everything without `--full`: seven connections, with a client named eight. TLS
 * 1.2 is asked for with what every supported client offers; only where that is refused a second look
 * tells whether TLS 1.2 is, and what each client's own hello meets.
 */
export async function talk(
  speaker: Speaker,
  client: ClientProfile | undefined,
  supported: readonly ClientProfile[],
): Promise<Conversations> {
  const { outside, asker, random, serverName } = speaker;
  const offer = commonOffer(supported);
  let connect: ConnectResult | undefined;
  const opened = (result: ConnectResult): void => {
    if (connect?.state !== 'open') connect = result;
  };
  const ask = <T extends Probed>(label: string, dialog: () => Dialog<T>): Promise<T | undefined> =>
    asker.ask(label, dialog, opened);
  const askHello = (mask: number, version: TlsVersion): Promise<HelloProbe | undefined> =>
    ask(`TLS ${version}`, () =>
      probeHello(
        mask,
        version === COMMON_VERSION
          ? helloInCommon(offer, random, serverName)
          : helloFor(version, random, serverName),
      ),
    );
  const askAs = (as: ClientProfile): Promise<HelloProbe | undefined> =>
    ask(`as ${as.id}`, () => probeHello(as.nla ? ALL_MASK : PROTOCOL.ssl, helloAs(as, random, serverName)));
  const askHellos = async (mask: number): Promise<ReadonlyMap<TlsVersion, HelloProbe>> => {
    const rows = await Promise.all(
      TLS_VERSIONS.toReversed().map(async (version) => [version, await askHello(mask, version)] as const),
    );
    return new Map(
      rows.flatMap(([version, probe]) => (probe === undefined ? [] : [[version, probe] as const])),
    );
  };

  // The order in which they are written is that in which they start. The longest conversation goes
  // first: it decides how long the whole takes. The first three are the careful first round, one of
  // each kind.
  const [credssp, standard, firstHellos, asClient, tlsOnly] = await Promise.all([
    ask('CredSSP', () => probeCredssp(ALL_MASK, undefined)),
    ask('standard RDP security', () => probeStandard(ALL_METHODS)),
    askHellos(TLS_MASK),
    client === undefined || client.tlsVersions.length === 0 ? undefined : askAs(client),
    ask('TLS without CredSSP', () => probeNegotiation(PROTOCOL.ssl)),
  ]);

  // A listener that refuses the pair of masks may still take TLS alone.
  const takesTlsAlone =
    tlsOnly?.negotiation.kind === 'selected' &&
    tlsOnly.negotiation.selected === PROTOCOL.ssl &&
    [...firstHellos.values()].every((probe) => probe.tls === undefined);
  const tlsMask = takesTlsAlone ? PROTOCOL.ssl : TLS_MASK;
  const asked = takesTlsAlone ? await askHellos(tlsMask) : firstHellos;
  const common = asked.get(COMMON_VERSION);
  const inCommon = acceptsInCommon(supported, common);
  const withEverything =
    inCommon || !maySpeakIt(common)
      ? undefined
      : await ask(`TLS ${COMMON_VERSION} with everything`, () =>
          probeHello(tlsMask, helloFor(COMMON_VERSION, random, serverName)),
        );
  const hellos =
    withEverything === undefined ? asked : new Map([...asked, [COMMON_VERSION, withEverything] as const]);
  const each = client !== undefined || inCommon ? [] : worthAsking(outside, supported, hellos);
  const own = new Map(await Promise.all(each.map(async (as) => [as.id, await askAs(as)] as const)));
  const negotiated = [standard, tlsOnly, ...firstHellos.values(), credssp];
  return {
    connect,
    negotiated: negotiated.filter((probe) => probe !== undefined),
    credssp,
    standard,
    asClient,
    asClients: client === undefined ? { common, own } : undefined,
    hellos,
    tlsMask,
  };
}

export interface StandardInFull {
  readonly negotiated: readonly Probed[];
  readonly perMethod: readonly { readonly offered: number; readonly probe: StandardProbe }[];
}

/**
 * With `--full`: RDSTLS, and each encryption method alone where standard RDP security is granted.
 * @param asked masks that were asked already
 */
export async function talkInFull(
  { asker }: Speaker,
  standard: StandardProbe | undefined,
  asked: readonly number[],
): Promise<StandardInFull> {
  const methods = standard?.security?.kind === 'security' ? SINGLE_METHODS : [];
  const [rdstls, ...perMethod] = await Promise.all([
    asked.includes(PROTOCOL.rdstls)
      ? undefined
      : asker.ask('RDSTLS', () => probeNegotiation(PROTOCOL.rdstls)),
    ...methods.map(async (offered) => ({
      offered,
      probe: await asker.ask(`method ${offered}`, () => probeStandard(offered)),
    })),
  ]);
  return {
    negotiated: rdstls === undefined ? [] : [rdstls],
    perMethod: perMethod.flatMap(({ offered, probe }) => (probe === undefined ? [] : [{ offered, probe }])),
  };
}
