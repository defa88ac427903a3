// [MS-SMB2] 2.2.3 SMB2 NEGOTIATE Request, 2.2.4 SMB2 NEGOTIATE Response.
import { Writer } from '../../bytes/writer.ts';
import { bufferAt, goTo, HEADER_SIZE, openBody } from './header.ts';
import {
  decodeContexts,
  encodeContexts,
  type NegotiateContext,
  type NegotiateOffer,
  offeredContexts,
} from './negotiate-contexts.ts';

/** DialectRevision: those that are spoken here. */
export const DIALECT = { SMB2_1: 0x0210, SMB3_0: 0x0300, SMB3_0_2: 0x0302, SMB3_1_1: 0x0311 } as const;
export type SmbDialect = (typeof DIALECT)[keyof typeof DIALECT];

/** Those that are not, by which a server gives itself away. */
const OLD_DIALECT = {
  SMB2_0_2: 0x0202,
  /** SMB2 wildcard: an answer to an SMB 1 negotiation, which is never sent. */
  WILDCARD: 0x02ff,
} as const;

/** Bits of SecurityMode. */
export const SECURITY_MODE = { SIGNING_ENABLED: 0x0001, SIGNING_REQUIRED: 0x0002 } as const;
/** Bits of Capabilities, what is used of them. */
export const CAPABILITY = { LARGE_MTU: 0x0000_0004, ENCRYPTION: 0x0000_0040 } as const;

/** StructureSize, DialectCount, SecurityMode, Reserved (8) + Capabilities (4) + ClientGuid (16) + NegotiateContextOffset, Count, Reserved2 (8) */
const REQUEST_SIZE = 36;

export interface NegotiateRequest {
  /** Bits as in SECURITY_MODE. */
  readonly securityMode: number;
  /** Bits as in CAPABILITY; 0 unless a dialect of 3.x is offered. */
  readonly capabilities: number;
  /** 16 bytes. */
  readonly clientGuid: Uint8Array;
  /** In rising order. */
  readonly dialects: readonly number[];
  /** Sent where 3.1.1 is among the dialects. */
  readonly offer: NegotiateOffer;
}

/** The body of a request. */
export function encodeNegotiateRequest(request: NegotiateRequest): Uint8Array {
  const { dialects } = request;
  const contexts = dialects.includes(DIALECT.SMB3_1_1) ? offeredContexts(request.offer) : [];
  const dialectsEnd = HEADER_SIZE + REQUEST_SIZE + 2 * dialects.length;
  const padding = contexts.length > 0 ? (8 - (dialectsEnd % 8)) % 8 : 0;
  const w = new Writer()
    .u16le(REQUEST_SIZE)
    .u16le(dialects.length)
    .u16le(request.securityMode)
    .u16le(0 /* Reserved */)
    .u32le(request.capabilities)
    .bytes(request.clientGuid)
    .u32le(contexts.length > 0 ? dialectsEnd + padding : 0)
    .u16le(contexts.length)
    .u16le(0 /* Reserved2 */);
  for (const dialect of dialects) w.u16le(dialect);
  return w.zeros(padding).bytes(encodeContexts(contexts)).toBytes();
}

export interface NegotiateResponse {
  /** Bits as in SECURITY_MODE. */
  readonly securityMode: number;
  /** One of DIALECT or OLD_DIALECT, or another number. */
  readonly dialect: number;
  /** 16 bytes. */
  readonly serverGuid: Uint8Array;
  /** Bits as in CAPABILITY. */
  readonly capabilities: number;
  /** Bytes. */
  readonly maxTransactSize: number;
  readonly maxReadSize: number;
  readonly maxWriteSize: number;
  /** FILETIME: the server's clock; 0 where it does not say. */
  readonly systemTime: bigint;
  /** GSS-API: what the server offers; may be empty. */
  readonly token: Uint8Array;
  /** Empty below 3.1.1. */
  readonly contexts: readonly NegotiateContext[];
}

/** Of a whole message with status success. Throws `DecodeError`. */
export function decodeNegotiateResponse(message: Uint8Array): NegotiateResponse {
  const r = openBody(message, 'SMB2 NEGOTIATE Response', 65);
  const securityMode = r.u16le();
  const dialect = r.u16le();
  const contextCount = r.u16le();
  const serverGuid = r.bytes(16);
  const capabilities = r.u32le();
  const maxTransactSize = r.u32le();
  const maxReadSize = r.u32le();
  const maxWriteSize = r.u32le();
  const systemTime = r.u64le();
  r.skip(8 /* ServerStartTime */);
  const tokenOffset = r.u16le();
  const tokenLength = r.u16le();
  const contextOffset = r.u32le();
  const token = bufferAt(r, tokenOffset, tokenLength);
  // Below 3.1.1 both fields are reserved, and servers leave anything in them.
  const contexts: NegotiateContext[] = [];
  if (dialect === DIALECT.SMB3_1_1) {
    goTo(r, contextOffset);
    contexts.push(...decodeContexts(r.rest(), contextCount));
  }
  return {
    securityMode,
    dialect,
    serverGuid,
    capabilities,
    maxTransactSize,
    maxReadSize,
    maxWriteSize,
    systemTime,
    token,
    contexts,
  };
}

/** `3.1.1`, or the number in hexadecimal. */
export function dialectText(dialect: number): string {
  const names: Readonly<Record<number, string>> = {
    [OLD_DIALECT.SMB2_0_2]: '2.0.2',
    [OLD_DIALECT.WILDCARD]: '2.???',
    [DIALECT.SMB2_1]: '2.1',
    [DIALECT.SMB3_0]: '3.0',
    [DIALECT.SMB3_0_2]: '3.0.2',
    [DIALECT.SMB3_1_1]: '3.1.1',
  };
  return names[dialect] ?? `0x${dialect.toString(16).padStart(4, '0')}`;
}
