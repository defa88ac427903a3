// [MS-SMB2] 2.2.3.1 SMB2 NEGOTIATE_CONTEXT Request Values and 2.2.4.1 the same of the response: the lists
// of 3.1.1. 2.2.3.1.1 PREAUTH_INTEGRITY, 2.2.3.1.2 ENCRYPTION, 2.2.3.1.4 NETNAME, 2.2.3.1.7 SIGNING.
import { Reader } from '../../bytes/reader.ts';
import { encodeUtf16le } from '../../bytes/utf16.ts';
import { Writer } from '../../bytes/writer.ts';

/** ContextType, what is used of it. */
export const CONTEXT = {
  PREAUTH_INTEGRITY_CAPABILITIES: 0x0001,
  ENCRYPTION_CAPABILITIES: 0x0002,
  NETNAME_NEGOTIATE_CONTEXT_ID: 0x0005,
  SIGNING_CAPABILITIES: 0x0008,
} as const;

export const CIPHER = {
  AES_128_CCM: 0x0001,
  AES_128_GCM: 0x0002,
  AES_256_CCM: 0x0003,
  AES_256_GCM: 0x0004,
} as const;
export type SmbCipher = (typeof CIPHER)[keyof typeof CIPHER];

export const SIGNING = { HMAC_SHA256: 0x0000, AES_CMAC: 0x0001, AES_GMAC: 0x0002 } as const;
export type SmbSigning = (typeof SIGNING)[keyof typeof SIGNING];

const SHA_512 = 0x0001;

/** Contexts in one answer. Eight are defined; the bound keeps a hostile list cheap. */
const CONTEXT_LIMIT = 64;

/** One context as it travels. */
export interface NegotiateContext {
  readonly type: number;
  readonly data: Uint8Array;
}

/** What a client says beside its dialects. Lists are in the order of preference; an empty one is not sent. */
export interface NegotiateOffer {
  /** 32 unpredictable bytes. */
  readonly salt: Uint8Array;
  readonly ciphers: readonly SmbCipher[];
  readonly signing: readonly SmbSigning[];
  /** The name or the address by which the client knows the server. */
  readonly serverName: string;
}

/** The contexts of a request. */
export function offeredContexts(offer: NegotiateOffer): NegotiateContext[] {
  const { salt, ciphers, signing, serverName } = offer;
  const preauth = new Writer().u16le(1).u16le(salt.length).u16le(SHA_512).bytes(salt).toBytes();
  const contexts = [{ type: CONTEXT.PREAUTH_INTEGRITY_CAPABILITIES as number, data: preauth }];
  if (ciphers.length > 0) contexts.push({ type: CONTEXT.ENCRYPTION_CAPABILITIES, data: listOf(ciphers) });
  if (signing.length > 0) contexts.push({ type: CONTEXT.SIGNING_CAPABILITIES, data: listOf(signing) });
  contexts.push({ type: CONTEXT.NETNAME_NEGOTIATE_CONTEXT_ID, data: encodeUtf16le(serverName) });
  return contexts;
}

/** A list of contexts, each at a multiple of 8 bytes from the first. */
export function encodeContexts(contexts: readonly NegotiateContext[]): Uint8Array {
  const w = new Writer();
  for (const { type, data } of contexts) {
    w.zeros((8 - (w.length % 8)) % 8);
    w.u16le(type).u16le(data.length).u32le(0 /* Reserved */).bytes(data);
  }
  return w.toBytes();
}

/** So many contexts from the first one on. Throws `DecodeError`. */
export function decodeContexts(bytes: Uint8Array, count: number): NegotiateContext[] {
  const r = new Reader(bytes, 'SMB2 NEGOTIATE_CONTEXT');
  if (!(count <= CONTEXT_LIMIT)) r.fail(`more than ${CONTEXT_LIMIT} contexts`);
  return Array.from({ length: count }, () => {
    r.skip((8 - (r.offset % 8)) % 8);
    const type = r.u16le();
    const length = r.u16le();
    r.skip(4 /* Reserved */);
    return { type, data: r.bytes(length) };
  });
}

/** What a server chose. `undefined`: it did not say. Unknown algorithms stay numbers. */
export interface NegotiateChoice {
  readonly hash?: number;
  /** 0: none of what was offered. */
  readonly cipher?: number;
  readonly signing?: number;
}

/** The choice in a server's contexts. Throws `DecodeError`. */
export function readChoice(contexts: readonly NegotiateContext[]): NegotiateChoice {
  const find = (type: number): Uint8Array | undefined =>
    contexts.find((context) => context.type === type)?.data;
  const preauth = find(CONTEXT.PREAUTH_INTEGRITY_CAPABILITIES);
  const encryption = find(CONTEXT.ENCRYPTION_CAPABILITIES);
  const signing = find(CONTEXT.SIGNING_CAPABILITIES);
  return {
    ...(preauth && { hash: readHash(preauth) }),
    ...(encryption && { cipher: readOne(encryption, 'SMB2_ENCRYPTION_CAPABILITIES') }),
    ...(signing && { signing: readOne(signing, 'SMB2_SIGNING_CAPABILITIES') }),
  };
}

/** Whether the chosen hash is the one that is used here. */
export function isSha512(hash: number | undefined): boolean {
  return hash === SHA_512;
}

function listOf(algorithms: readonly number[]): Uint8Array {
  const w = new Writer().u16le(algorithms.length);
  for (const algorithm of algorithms) w.u16le(algorithm);
  return w.toBytes();
}

function readHash(data: Uint8Array): number {
  const r = new Reader(data, 'SMB2_PREAUTH_INTEGRITY_CAPABILITIES');
  expectOne(r);
  r.skip(2 /* SaltLength */);
  return r.u16le();
}

function readOne(data: Uint8Array, context: string): number {
  const r = new Reader(data, context);
  expectOne(r);
  return r.u16le();
}

/** A server answers with its one choice; Windows rejects more, and so do we. */
function expectOne(r: Reader): void {
  const count = r.u16le();
  if (!(count === 1)) r.fail(`expected one algorithm, received ${count}`);
}
