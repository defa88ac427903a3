import { Reader } from '../bytes/reader.ts';
import { decodeUtf16le, encodeUtf16le } from '../bytes/utf16.ts';
import { Writer } from '../bytes/writer.ts';
import { decodeTargetInfo, encodeTargetInfo, type TargetInfo } from './ntlm-av-pairs.ts';
import { hasFlag, NTLM_FLAG } from './ntlm-flags.ts';

// [MS-NLMP] 2.2.1.1 NEGOTIATE_MESSAGE, 2.2.1.2 CHALLENGE_MESSAGE, 2.2.1.3 AUTHENTICATE_MESSAGE,
// 2.2.2.10 VERSION. Little-endian. A header of fixed length, then a payload that the header's
// fields (length, maximum length, offset from the start of the message) point into.

/** 'NTLMSSP\0' */
const SIGNATURE = Uint8Array.of(0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00);
/** MessageType. */
const NTLM_MESSAGE = { negotiate: 1, challenge: 2, authenticate: 3 } as const;

const FIELDS_SIZE = 2 /* Len */ + 2 /* MaxLen */ + 4; /* BufferOffset */
const VERSION_SIZE = 1 /* major */ + 1 /* minor */ + 2 /* build */ + 3 /* Reserved */ + 1; /* revision */
const MIC_SIZE = 16;
const PREFIX_SIZE = 8 /* Signature */ + 4; /* MessageType */

const NEGOTIATE_HEADER_SIZE =
  PREFIX_SIZE +
  4 /* NegotiateFlags */ +
  FIELDS_SIZE /* DomainName */ +
  FIELDS_SIZE /* Workstation */ +
  VERSION_SIZE;
const CHALLENGE_HEADER_SIZE =
  PREFIX_SIZE +
  FIELDS_SIZE /* TargetName */ +
  4 /* NegotiateFlags */ +
  8 /* ServerChallenge */ +
  8 /* Reserved */ +
  FIELDS_SIZE /* TargetInfo */ +
  VERSION_SIZE;
const AUTHENTICATE_HEADER_SIZE =
  PREFIX_SIZE +
  6 * FIELDS_SIZE /* both responses, domain, user, workstation, session key */ +
  4 /* NegotiateFlags */ +
  VERSION_SIZE;
/** Where the MIC of an AUTHENTICATE_MESSAGE stands, in bytes from its start. */
export const MIC_OFFSET = AUTHENTICATE_HEADER_SIZE;

/** [MS-NLMP] 2.2.2.10 VERSION: of Windows, as its sender states it. */
export interface NtlmVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  /** NTLMRevisionCurrent: 15 in every Windows since 2003. */
  readonly revision: number;
}

export interface NtlmNegotiate {
  /** Bits as in NTLM_FLAG. */
  readonly flags: number;
  /** In the sender's code page; ASCII is what survives. Present with NEGOTIATE_OEM_DOMAIN_SUPPLIED. */
  readonly domainName?: string;
  /** The same, with NEGOTIATE_OEM_WORKSTATION_SUPPLIED. */
  readonly workstationName?: string;
  /** Present with NEGOTIATE_VERSION. */
  readonly version?: NtlmVersion;
}

export interface NtlmChallenge {
  /** Bits as in NTLM_FLAG. */
  readonly flags: number;
  /** NetBIOS name of the server or of its domain, as the TARGET_TYPE bits say. */
  readonly targetName: string;
  /** 8 bytes. */
  readonly serverChallenge: Uint8Array;
  /** Present with NEGOTIATE_TARGET_INFO. */
  readonly targetInfo?: TargetInfo;
  /** Present with NEGOTIATE_VERSION. */
  readonly version?: NtlmVersion;
}

export interface NtlmAuthenticate {
  /** Bits as in NTLM_FLAG. */
  readonly flags: number;
  /** Empty, or 24 bytes. */
  readonly lmChallengeResponse: Uint8Array;
  /** NTLMv2_RESPONSE; 24 bytes with NTLMv1; empty for an anonymous sign-in. */
  readonly ntChallengeResponse: Uint8Array;
  readonly domainName: string;
  readonly userName: string;
  readonly workstation: string;
  /** Empty, or 16 bytes (with NEGOTIATE_KEY_EXCH). */
  readonly encryptedRandomSessionKey: Uint8Array;
  /** Present with NEGOTIATE_VERSION. */
  readonly version?: NtlmVersion;
  /** 16 bytes. Present where the header has room for it; MsvAvFlags in the response says whether it means anything. */
  readonly mic?: Uint8Array;
}

/** Could these bytes be an NTLM message? A look at the signature. */
export function looksLikeNtlm(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/** One whole NEGOTIATE_MESSAGE. Throws `DecodeError`. */
export function decodeNegotiate(bytes: Uint8Array): NtlmNegotiate {
  const r = openMessage(bytes, 'NEGOTIATE_MESSAGE', NTLM_MESSAGE.negotiate);
  const flags = r.u32le();
  const domain = readFields(r);
  const workstation = readFields(r);
  const version = hasFlag(flags, NTLM_FLAG.NEGOTIATE_VERSION) ? readVersion(r) : undefined;
  return {
    flags,
    ...(hasFlag(flags, NTLM_FLAG.NEGOTIATE_OEM_DOMAIN_SUPPLIED) && {
      domainName: oemDecoder.decode(payload(r, domain)),
    }),
    ...(hasFlag(flags, NTLM_FLAG.NEGOTIATE_OEM_WORKSTATION_SUPPLIED) && {
      workstationName: oemDecoder.decode(payload(r, workstation)),
    }),
    ...(version && { version }),
  };
}

/** The bytes of a NEGOTIATE_MESSAGE; the flags are the caller's business. */
export function encodeNegotiate(message: NtlmNegotiate): Uint8Array {
  const body = new Payload(NEGOTIATE_HEADER_SIZE);
  const domain = body.add(encodeOem(message.domainName ?? ''));
  const workstation = body.add(encodeOem(message.workstationName ?? ''));
  const w = startMessage(NTLM_MESSAGE.negotiate).u32le(message.flags);
  writeFields(w, domain, workstation);
  return writeVersion(w, message.version).bytes(body.toBytes()).toBytes();
}

/** One whole CHALLENGE_MESSAGE. Throws `DecodeError`. */
export function decodeChallenge(bytes: Uint8Array): NtlmChallenge {
  const r = openMessage(bytes, 'CHALLENGE_MESSAGE', NTLM_MESSAGE.challenge);
  const target = readFields(r);
  const flags = r.u32le();
  const serverChallenge = r.bytes(8);
  // Without the flags for them, Reserved, TargetInfoFields and Version were left out by NT 4.
  const withInfo = hasFlag(flags, NTLM_FLAG.NEGOTIATE_TARGET_INFO);
  const withVersion = hasFlag(flags, NTLM_FLAG.NEGOTIATE_VERSION);
  if (withInfo || withVersion) r.skip(8 /* Reserved */);
  const info = withInfo || withVersion ? readFields(r) : undefined;
  const version = withVersion ? readVersion(r) : undefined;
  return {
    flags,
    targetName: decodeText(payload(r, target), flags),
    serverChallenge,
    ...(withInfo && info && { targetInfo: decodeTargetInfo(payloadReader(r, info, 'TargetInfo')) }),
    ...(version && { version }),
  };
}

/** The bytes of a CHALLENGE_MESSAGE, `targetInfo.pairs` verbatim; the flags are the caller's business. */
export function encodeChallenge(
  message: Omit<NtlmChallenge, 'targetInfo'> & {
    readonly targetInfo?: Pick<TargetInfo, 'pairs'>;
  },
): Uint8Array {
  const body = new Payload(CHALLENGE_HEADER_SIZE);
  const target = body.add(encodeText(message.targetName, message.flags));
  const info = body.add(message.targetInfo ? encodeTargetInfo(message.targetInfo) : new Uint8Array(0));
  const w = startMessage(NTLM_MESSAGE.challenge);
  writeFields(w, target);
  w.u32le(message.flags).bytes(message.serverChallenge).zeros(8);
  writeFields(w, info);
  return writeVersion(w, message.version).bytes(body.toBytes()).toBytes();
}

/** One whole AUTHENTICATE_MESSAGE. Throws `DecodeError`. */
export function decodeAuthenticate(bytes: Uint8Array): NtlmAuthenticate {
  const r = openMessage(bytes, 'AUTHENTICATE_MESSAGE', NTLM_MESSAGE.authenticate);
  const lm = readFields(r);
  const nt = readFields(r);
  const domain = readFields(r);
  const user = readFields(r);
  const workstation = readFields(r);
  const key = readFields(r);
  const flags = r.u32le();
  const version = hasFlag(flags, NTLM_FLAG.NEGOTIATE_VERSION) ? readVersion(r) : undefined;
  // No flag tells whether there is a MIC: there is one where the payload leaves room for it.
  const payloadAt = Math.min(
    bytes.length,
    ...[lm, nt, domain, user, workstation, key]
      .filter(({ length }) => length > 0)
      .map(({ offset }) => offset),
  );
  const mic =
    payloadAt >= MIC_OFFSET + MIC_SIZE ? payload(r, { offset: MIC_OFFSET, length: MIC_SIZE }) : undefined;
  return {
    flags,
    lmChallengeResponse: payload(r, lm),
    ntChallengeResponse: payload(r, nt),
    domainName: decodeText(payload(r, domain), flags),
    userName: decodeText(payload(r, user), flags),
    workstation: decodeText(payload(r, workstation), flags),
    encryptedRandomSessionKey: payload(r, key),
    ...(version && { version }),
    ...(mic && { mic }),
  };
}

/** The bytes of an AUTHENTICATE_MESSAGE, payload in Windows' order; the flags are the caller's business. */
export function encodeAuthenticate(message: NtlmAuthenticate): Uint8Array {
  const { flags, mic } = message;
  const body = new Payload(AUTHENTICATE_HEADER_SIZE + (mic ? MIC_SIZE : 0));
  const domain = body.add(encodeText(message.domainName, flags));
  const user = body.add(encodeText(message.userName, flags));
  const workstation = body.add(encodeText(message.workstation, flags));
  const lm = body.add(message.lmChallengeResponse);
  const nt = body.add(message.ntChallengeResponse);
  const key = body.add(message.encryptedRandomSessionKey);
  const w = startMessage(NTLM_MESSAGE.authenticate);
  writeFields(w, lm, nt, domain, user, workstation, key);
  writeVersion(w.u32le(flags), message.version);
  return w
    .bytes(mic ?? [])
    .bytes(body.toBytes())
    .toBytes();
}

interface Fields {
  /** Bytes. */
  readonly length: number;
  /** Bytes from the start of the message. */
  readonly offset: number;
}

/** What follows the header: collects the payload and says where each part of it stands. */
class Payload {
  readonly #w = new Writer();
  readonly #start: number;

  constructor(start: number) {
    this.#start = start;
  }

  add(bytes: Uint8Array): Fields {
    const fields = { length: bytes.length, offset: this.#start + this.#w.length };
    this.#w.bytes(bytes);
    return fields;
  }

  toBytes(): Uint8Array {
    return this.#w.toBytes();
  }
}

function openMessage(bytes: Uint8Array, context: string, type: number): Reader {
  const r = new Reader(bytes, context);
  if (!looksLikeNtlm(r.bytes(SIGNATURE.length))) r.fail('expected the signature NTLMSSP');
  const received = r.u32le();
  if (!(received === type)) r.fail(`expected message type ${type}, received ${received}`);
  return r;
}

function startMessage(type: number): Writer {
  return new Writer().bytes(SIGNATURE).u32le(type);
}

function readFields(r: Reader): Fields {
  const length = r.u16le();
  r.skip(2 /* MaxLen MUST be ignored */);
  return { length, offset: r.u32le() };
}

function writeFields(w: Writer, ...all: readonly Fields[]): void {
  for (const { length, offset } of all) w.u16le(length).u16le(length).u32le(offset);
}

function payload(r: Reader, fields: Fields): Uint8Array {
  return payloadReader(r, fields).rest();
}

/** Goes there from the start by `skip`, so that an offset behind the end is a truncation; an empty part's offset means nothing. */
function payloadReader(r: Reader, { length, offset }: Fields, context: string = r.context): Reader {
  r.seek(0);
  if (length > 0) r.skip(offset);
  return r.sub(length, context);
}

function readVersion(r: Reader): NtlmVersion {
  const major = r.u8();
  const minor = r.u8();
  const build = r.u16le();
  r.skip(3 /* Reserved */);
  return { major, minor, build, revision: r.u8() };
}

function writeVersion(w: Writer, version: NtlmVersion | undefined): Writer {
  if (!version) return w.zeros(VERSION_SIZE);
  return w.u8(version.major).u8(version.minor).u16le(version.build).zeros(3).u8(version.revision);
}

// The sender's OEM code page is not known here; every one of them agrees on ASCII.
const oemDecoder = new TextDecoder('latin1');

function encodeOem(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => (character > '\u007f' ? 0x3f : character.charCodeAt(0)));
}

function decodeText(bytes: Uint8Array, flags: number): string {
  return hasFlag(flags, NTLM_FLAG.NEGOTIATE_UNICODE) ? decodeUtf16le(bytes) : oemDecoder.decode(bytes);
}

function encodeText(text: string, flags: number): Uint8Array {
  return hasFlag(flags, NTLM_FLAG.NEGOTIATE_UNICODE) ? encodeUtf16le(text) : encodeOem(text);
}
