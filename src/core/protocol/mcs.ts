// [T125] section 7 part 2: Connect-Initial and Connect-Response, in BER; part 4: DisconnectProviderUltimatum, in PER.
// [MS-RDPBCGR] 2.2.1.3, 2.2.1.4 and 2.2.2.3 embed them. The X.224 Data header around them is another file's.
import { ber, berInteger, berIntegerOf, readBer, TAG } from '../bytes/ber.ts';
import { Reader } from '../bytes/reader.ts';
import { concat } from '../bytes/writer.ts';

/** [APPLICATION 101] and [APPLICATION 102], constructed. */
const CONNECT_INITIAL = 0x7f65;
const CONNECT_RESPONSE = 0x7f66;
/** Number of DisconnectProviderUltimatum in the CHOICE DomainMCSPDU, which PER writes in six bits. */
const DISCONNECT_PROVIDER_ULTIMATUM = 8;
/** Five octets hold every unsigned 32-bit number with a leading zero; the largest RDP uses is 65535. */
const LONGEST_INTEGER = 5;

/** [T125] Result: index is value. */
export const MCS_RESULT = [
  'rt-successful',
  'rt-domain-merging',
  'rt-domain-not-hierarchical',
  'rt-no-such-channel',
  'rt-no-such-domain',
  'rt-no-such-user',
  'rt-not-admitted',
  'rt-other-user-id',
  'rt-parameters-unacceptable',
  'rt-token-not-available',
  'rt-token-not-possessed',
  'rt-too-many-channels',
  'rt-too-many-tokens',
  'rt-too-many-users',
  'rt-unspecified-failure',
  'rt-user-rejected',
] as const;

/** [T125] Reason of a DisconnectProviderUltimatum: index is value. */
export const MCS_REASON = [
  'rn-domain-disconnected',
  'rn-provider-initiated',
  'rn-token-purged',
  'rn-user-requested',
  'rn-channel-purged',
] as const;

/** [T125] DomainParameters: unsigned, at most 32 bits each here. */
export interface DomainParameters {
  readonly maxChannelIds: number;
  readonly maxUserIds: number;
  readonly maxTokenIds: number;
  readonly numPriorities: number;
  readonly minThroughput: number;
  readonly maxHeight: number;
  /** Bytes. */
  readonly maxMCSPDUsize: number;
  readonly protocolVersion: number;
}

export interface ConnectInitial {
  readonly callingDomainSelector: Uint8Array;
  readonly calledDomainSelector: Uint8Array;
  readonly upwardFlag: boolean;
  readonly targetParameters: DomainParameters;
  readonly minimumParameters: DomainParameters;
  readonly maximumParameters: DomainParameters;
  /** A GCC Conference Create Request. */
  readonly userData: Uint8Array;
}

export interface ConnectResponse {
  /** 0 or another value of MCS_RESULT; unknown values stay numbers. */
  readonly result: number;
  /** What follows the result. [MS-RDPBCGR] 3.3.5.3.3.1 lets a server that refuses leave it all out. */
  readonly accepted?: {
    readonly calledConnectId: number;
    readonly domainParameters: DomainParameters;
    /** A GCC Conference Create Response. */
    readonly userData: Uint8Array;
  };
}

/** What a client offers by [MS-RDPBCGR] 3.2.5.3.3, with the domain selectors it prescribes. */
export const CLIENT_DOMAIN: Omit<ConnectInitial, 'userData'> = {
  callingDomainSelector: Uint8Array.of(1),
  calledDomainSelector: Uint8Array.of(1),
  upwardFlag: true,
  targetParameters: {
    maxChannelIds: 34,
    maxUserIds: 2,
    maxTokenIds: 0,
    numPriorities: 1,
    minThroughput: 0,
    maxHeight: 1,
    maxMCSPDUsize: 65535,
    protocolVersion: 2,
  },
  minimumParameters: {
    maxChannelIds: 1,
    maxUserIds: 1,
    maxTokenIds: 1,
    numPriorities: 1,
    minThroughput: 0,
    maxHeight: 1,
    maxMCSPDUsize: 1056,
    protocolVersion: 2,
  },
  maximumParameters: {
    maxChannelIds: 65535,
    maxUserIds: 65535,
    maxTokenIds: 65535,
    numPriorities: 1,
    minThroughput: 0,
    maxHeight: 1,
    maxMCSPDUsize: 65535,
    protocolVersion: 2,
  },
};

/** Encodes in DER. Microsoft's own client writes 65535 in two octets, which X.690 would read as -1; this writes three. */
export function encodeConnectInitial(value: ConnectInitial): Uint8Array {
  return ber(
    CONNECT_INITIAL,
    ber(TAG.octetString, value.callingDomainSelector),
    ber(TAG.octetString, value.calledDomainSelector),
    ber(TAG.boolean, [value.upwardFlag ? 0xff : 0x00]),
    encodeDomainParameters(value.targetParameters),
    encodeDomainParameters(value.minimumParameters),
    encodeDomainParameters(value.maximumParameters),
    ber(TAG.octetString, value.userData),
  );
}

/** Decodes a whole Connect-Initial; byte strings are views. Throws DecodeError. */
export function decodeConnectInitial(bytes: Uint8Array): ConnectInitial {
  const r = whole(bytes, CONNECT_INITIAL, 'Connect-Initial');
  const value = {
    callingDomainSelector: readBer(r, TAG.octetString).rest(),
    calledDomainSelector: readBer(r, TAG.octetString).rest(),
    upwardFlag: readBer(r, TAG.boolean).u8() !== 0,
    targetParameters: readDomainParameters(r, 'targetParameters'),
    minimumParameters: readDomainParameters(r, 'minimumParameters'),
    maximumParameters: readDomainParameters(r, 'maximumParameters'),
    userData: readBer(r, TAG.octetString).rest(),
  };
  r.expectEnd();
  return value;
}

export function encodeConnectResponse(value: ConnectResponse): Uint8Array {
  const { result, accepted } = value;
  return ber(
    CONNECT_RESPONSE,
    berIntegerOf(result, TAG.enumerated),
    accepted === undefined
      ? []
      : concat(
          berIntegerOf(accepted.calledConnectId),
          encodeDomainParameters(accepted.domainParameters),
          ber(TAG.octetString, accepted.userData),
        ),
  );
}

/**
 * Decodes a whole Connect-Response; byte strings are views.
 * Throws DecodeError, also when the result is rt-successful and nothing follows it.
 */
export function decodeConnectResponse(bytes: Uint8Array): ConnectResponse {
  const r = whole(bytes, CONNECT_RESPONSE, 'Connect-Response');
  const result = berInteger(readBer(r, TAG.enumerated));
  if (result !== 0 && r.remaining === 0) return { result };
  const accepted = {
    calledConnectId: readUnsigned(r),
    domainParameters: readDomainParameters(r, 'domainParameters'),
    userData: readBer(r, TAG.octetString).rest(),
  };
  r.expectEnd();
  return { result, accepted };
}

/** Two bytes. `reason`: a value of MCS_REASON (0 to 7 fit). */
export function encodeDisconnectProviderUltimatum(reason: number): Uint8Array {
  return Uint8Array.of((DISCONNECT_PROVIDER_ULTIMATUM << 2) | (reason >> 1), (reason & 1) << 7);
}

/**
 * The reason of a whole DisconnectProviderUltimatum: a value of MCS_REASON, 5 to 7 if a server invents one.
 * Throws DecodeError when the bytes are another domain PDU.
 */
export function decodeDisconnectProviderUltimatum(bytes: Uint8Array): number {
  const r = new Reader(bytes, 'DisconnectProviderUltimatum');
  const first = r.u8();
  if (!(first >> 2 === DISCONNECT_PROVIDER_ULTIMATUM)) {
    r.fail(`expected choice ${DISCONNECT_PROVIDER_ULTIMATUM} of DomainMCSPDU, received ${first >> 2}`);
  }
  // The enumeration takes three bits, the last of them in the second octet; seven bits of padding follow.
  const reason = ((first & 0x03) << 1) | (r.u8() >> 7);
  r.expectEnd();
  return reason;
}

function whole(bytes: Uint8Array, tag: number, context: string): Reader {
  const outer = new Reader(bytes, context);
  const r = readBer(outer, tag);
  outer.expectEnd();
  return r;
}

function encodeDomainParameters(value: DomainParameters): Uint8Array {
  return ber(
    TAG.sequence,
    berIntegerOf(value.maxChannelIds),
    berIntegerOf(value.maxUserIds),
    berIntegerOf(value.maxTokenIds),
    berIntegerOf(value.numPriorities),
    berIntegerOf(value.minThroughput),
    berIntegerOf(value.maxHeight),
    berIntegerOf(value.maxMCSPDUsize),
    berIntegerOf(value.protocolVersion),
  );
}

function readDomainParameters(outer: Reader, context: string): DomainParameters {
  const r = readBer(outer, TAG.sequence, context);
  const value = {
    maxChannelIds: readUnsigned(r),
    maxUserIds: readUnsigned(r),
    maxTokenIds: readUnsigned(r),
    numPriorities: readUnsigned(r),
    minThroughput: readUnsigned(r),
    maxHeight: readUnsigned(r),
    maxMCSPDUsize: readUnsigned(r),
    protocolVersion: readUnsigned(r),
  };
  r.expectEnd();
  return value;
}

/** INTEGER (0..MAX). Microsoft's client leaves out the leading zero octet of 65535, so the sign bit counts as a digit. */
function readUnsigned(outer: Reader): number {
  const r = readBer(outer, TAG.integer);
  if (!(r.length >= 1 && r.length <= LONGEST_INTEGER)) {
    r.fail(`expected an integer of one to ${LONGEST_INTEGER} octets, received ${r.length}`);
  }
  let value = 0;
  for (const octet of r.rest()) value = value * 256 + octet;
  return value;
}
