import { Reader } from '../bytes/reader.ts';
import { decodeUtf16le, encodeUtf16le } from '../bytes/utf16.ts';
import { concat, Writer } from '../bytes/writer.ts';

// [MS-NLMP] 2.2.2.1 AV_PAIR, 2.2.2.2 Single_Host_Data. Little-endian.

/** AvId. */
export const AV_ID = {
  MsvAvEOL: 0,
  MsvAvNbComputerName: 1,
  MsvAvNbDomainName: 2,
  MsvAvDnsComputerName: 3,
  MsvAvDnsDomainName: 4,
  MsvAvDnsTreeName: 5,
  MsvAvFlags: 6,
  MsvAvTimestamp: 7,
  MsvAvSingleHost: 8,
  MsvAvTargetName: 9,
  MsvAvChannelBindings: 10,
} as const;

/** Bits of MsvAvFlags. */
export const AV_FLAG = { accountConstrained: 1, micPresent: 2, untrustedTargetName: 4 } as const;

/** Pairs in one list. Eleven identifiers are defined; the bound keeps a hostile list cheap. */
const PAIR_LIMIT = 256;

/** One pair as it travels. */
export interface AvPair {
  readonly id: number;
  readonly value: Uint8Array;
}

export interface SingleHostData {
  /** 8 bytes. */
  readonly customData: Uint8Array;
  /** 32 bytes: a random number of the sending machine, new at every start. */
  readonly machineId: Uint8Array;
}

/** What the defined pairs say. A pair that is not there, or has a length that it cannot have, is left out. */
export interface TargetNames {
  readonly nbComputerName?: string;
  readonly nbDomainName?: string;
  readonly dnsComputerName?: string;
  readonly dnsDomainName?: string;
  readonly dnsTreeName?: string;
  /** Bits as in AV_FLAG. */
  readonly flags?: number;
  /** FILETIME: the sender's clock. */
  readonly timestamp?: bigint;
  readonly singleHost?: SingleHostData;
  /** Service principal name of the server that the client wants. */
  readonly targetName?: string;
  /** 16 bytes: MD5 of the channel bindings; zeros when there are none. */
  readonly channelBindings?: Uint8Array;
}

/** A list of pairs: what it says, and every pair verbatim and in order, since NTLMv2 signs the list. */
export interface TargetInfo extends TargetNames {
  readonly pairs: readonly AvPair[];
}

/** A list of AV_PAIRs up to its MsvAvEOL; what follows is not looked at. Throws `DecodeError`. */
export function decodeTargetInfo(r: Reader): TargetInfo {
  const pairs: AvPair[] = [];
  for (;;) {
    const id = r.u16le();
    const value = r.bytes(r.u16le());
    if (id === AV_ID.MsvAvEOL) return targetInfoOf(pairs);
    if (!(pairs.length < PAIR_LIMIT)) r.fail(`more than ${PAIR_LIMIT} pairs`);
    pairs.push({ id, value });
  }
}

/** The pairs verbatim, closed by MsvAvEOL. */
export function encodeTargetInfo({ pairs }: Pick<TargetInfo, 'pairs'>): Uint8Array {
  const w = new Writer();
  for (const { id, value } of pairs) w.u16le(id).u16le(value.length).bytes(value);
  return w.u16le(AV_ID.MsvAvEOL).u16le(0).toBytes();
}

/** What a list of pairs says. Where an identifier comes twice, the first one counts. */
export function targetInfoOf(pairs: readonly AvPair[]): TargetInfo {
  const find = (id: number): Uint8Array | undefined => pairs.find((pair) => pair.id === id)?.value;
  const text = (id: number): string | undefined => {
    const value = find(id);
    return value && value.length % 2 === 0 ? decodeUtf16le(value) : undefined;
  };
  const sized = (id: number, least: number, most = least): Reader | undefined => {
    const value = find(id);
    return value && value.length >= least && value.length <= most ? new Reader(value, 'AV_PAIR') : undefined;
  };

  const nbComputerName = text(AV_ID.MsvAvNbComputerName);
  const nbDomainName = text(AV_ID.MsvAvNbDomainName);
  const dnsComputerName = text(AV_ID.MsvAvDnsComputerName);
  const dnsDomainName = text(AV_ID.MsvAvDnsDomainName);
  const dnsTreeName = text(AV_ID.MsvAvDnsTreeName);
  const flags = sized(AV_ID.MsvAvFlags, 4)?.u32le();
  const timestamp = sized(AV_ID.MsvAvTimestamp, 8)?.u64le();
  const singleHost = sized(AV_ID.MsvAvSingleHost, SINGLE_HOST_SIZE, 0xffff);
  const targetName = text(AV_ID.MsvAvTargetName);
  const channelBindings = sized(AV_ID.MsvAvChannelBindings, 16)?.rest();
  return {
    pairs,
    ...(nbComputerName !== undefined && { nbComputerName }),
    ...(nbDomainName !== undefined && { nbDomainName }),
    ...(dnsComputerName !== undefined && { dnsComputerName }),
    ...(dnsDomainName !== undefined && { dnsDomainName }),
    ...(dnsTreeName !== undefined && { dnsTreeName }),
    ...(flags !== undefined && { flags }),
    ...(timestamp !== undefined && { timestamp }),
    ...(singleHost && { singleHost: readSingleHost(singleHost) }),
    ...(targetName !== undefined && { targetName }),
    ...(channelBindings && { channelBindings }),
  };
}

/** The pairs that say this, in the order in which Windows sends them; undefined ones are left out. */
export function avPairsOf(names: TargetNames): readonly AvPair[] {
  const { flags, timestamp, singleHost, channelBindings } = names;
  const text = (id: number, value: string | undefined): readonly AvPair[] =>
    value === undefined ? [] : [{ id, value: encodeUtf16le(value) }];
  return [
    ...text(AV_ID.MsvAvNbDomainName, names.nbDomainName),
    ...text(AV_ID.MsvAvNbComputerName, names.nbComputerName),
    ...text(AV_ID.MsvAvDnsDomainName, names.dnsDomainName),
    ...text(AV_ID.MsvAvDnsComputerName, names.dnsComputerName),
    ...text(AV_ID.MsvAvDnsTreeName, names.dnsTreeName),
    ...(flags === undefined ? [] : [avFlagsPair(flags)]),
    ...(timestamp === undefined
      ? []
      : [{ id: AV_ID.MsvAvTimestamp, value: new Writer(8).u64le(timestamp).toBytes() }]),
    ...(singleHost ? [{ id: AV_ID.MsvAvSingleHost, value: singleHostBytes(singleHost) }] : []),
    ...text(AV_ID.MsvAvTargetName, names.targetName),
    ...(channelBindings ? [{ id: AV_ID.MsvAvChannelBindings, value: channelBindings }] : []),
  ];
}

/** MsvAvFlags with these bits. */
export function avFlagsPair(flags: number): AvPair {
  return { id: AV_ID.MsvAvFlags, value: new Writer(4).u32le(flags).toBytes() };
}

const SINGLE_HOST_SIZE =
  4 /* Size */ + 4 /* Z4 */ + 8 /* CustomData */ + 32; /* MachineID; what follows it MUST be ignored */

function readSingleHost(r: Reader): SingleHostData {
  r.skip(4 /* Size: the pair's own length says it */ + 4 /* Z4 */);
  return { customData: r.bytes(8), machineId: r.bytes(32) };
}

function singleHostBytes({ customData, machineId }: SingleHostData): Uint8Array {
  const head = new Writer(8).u32le(SINGLE_HOST_SIZE).u32le(0).toBytes();
  return concat(head, customData, machineId);
}
