import { copyBytes } from '../bytes/copy.ts';
import { type DecodeError, tryDecode } from '../bytes/decode-error.ts';
import { equalBytes } from '../bytes/equal.ts';
import { concat } from '../bytes/writer.ts';
import { sha256 } from '../crypto/digest.ts';
import { type Dialog, type Interruption, receive, send } from './dialog.ts';
import { hasFlag, NTLM_FLAG } from './ntlm-flags.ts';
import { authenticate, CLIENT_NEGOTIATE, type Credential, type NtlmMessages } from './ntlm-logon.ts';
import { decodeChallenge, encodeNegotiate, type NtlmChallenge } from './ntlm-messages.ts';
import { NtlmSession } from './ntlm-session.ts';
import { decodeSpnego, encodeSpnego, looksLikeSpnego, NEG_STATE } from './spnego.ts';
import {
  decodeTsRequest,
  encodeTsRequest,
  TS_REQUEST_LIMIT,
  type TsRequest,
  tsRequestLength,
} from './tsrequest.ts';

// [MS-CSSP] 3.1.5 Processing Events and Sequencing Rules, up to the server's proof of its key. What
// comes after that, TSCredentials, is never sent: no password leaves this machine.

/** Bytes of a foreign answer that are kept to show what answers there. */
const HEAD_SIZE = 64;

export type ChallengeAnswer =
  | {
      readonly kind: 'challenge';
      /** CredSSP version that the server states. */
      readonly version: number;
      readonly challenge: NtlmChallenge;
      /** Both messages as they travelled, without SPNEGO. */
      readonly raw: NtlmMessages;
      /** CredSSP version that we stated. */
      readonly offered: number;
      /** How the server wrapped its message, and so how it gets the next one. */
      readonly wrapping: 'bare' | 'spnego';
      /** Milliseconds since 1970-01-01 UTC by the clock here. */
      readonly sentAt: number;
      readonly receivedAt: number;
    }
  /** The server wants no NTLM, or not from us. Nobody was named yet. */
  | {
      readonly kind: 'refused';
      readonly version?: number;
      /** NTSTATUS or SECURITY_STATUS, unsigned. */
      readonly errorCode?: number;
      /** SPNEGO's negState was reject. */
      readonly rejected: boolean;
    }
  | Foreign
  | { readonly kind: 'interrupted'; readonly by: Interruption };

export type LogonAnswer =
  /** The server knows the password, and proved that it holds the key of its certificate. */
  | { readonly kind: 'accepted' }
  /** NTSTATUS or SECURITY_STATUS, unsigned, as the server stated it. */
  | { readonly kind: 'status'; readonly code: number }
  /** The server's proof is for another key than the one TLS showed us. */
  | { readonly kind: 'binding-mismatch' }
  | Foreign
  /** Servers below version 3, version 5, and FreeRDP close the connection on a wrong password and state nothing. */
  | { readonly kind: 'interrupted'; readonly by: Interruption };

/** An answer that is none. `problem`: lower case, no final stop. */
interface Foreign {
  readonly kind: 'foreign';
  /** Its first bytes, at most 64. */
  readonly head: Uint8Array;
  readonly problem: string;
}

/**
 * Asks for an NTLM challenge; runs inside TLS, names nobody, costs one round trip.
 *
 * NTLM goes without SPNEGO around it: [MS-CSSP] 2.2.1 allows it, and Windows' listeners answer
 * scanners that do it. FreeRDP 2.11's server answers nothing else: a NegTokenInit with NTLM in it
 * brought errorCode 0xC00700EA and the end of the connection ("Invalid signature … expected NTLMSSP"
 * in its log). An answer is understood either way.
 */
export function* askChallenge(options: { readonly version: number }): Dialog<ChallengeAnswer> {
  const negotiate = encodeNegotiate(CLIENT_NEGOTIATE);
  const sentAt = yield* send(
    'TSRequest with NTLM NEGOTIATE',
    encodeTsRequest({ version: options.version, negoTokens: [negotiate] }),
  );
  const answer = yield* receiveTsRequest('TSRequest with NTLM CHALLENGE');
  if (answer.kind !== 'ts-request') return answer;

  const { request, bytes, at } = answer;
  const { version, errorCode } = request;
  if (errorCode !== undefined && errorCode !== 0) {
    return { kind: 'refused', version, errorCode, rejected: saysReject(request) };
  }
  if (saysReject(request)) return { kind: 'refused', version, rejected: true };
  const token = request.negoTokens?.[0];
  if (!token) return foreign(bytes, 'a TSRequest with neither token nor status');
  const decoded = tryDecode(() => {
    const message = unwrap(token);
    return { message, challenge: decodeChallenge(message) };
  });
  if (!decoded.ok) return foreign(bytes, decoded.error);
  return {
    kind: 'challenge',
    version,
    challenge: decoded.value.challenge,
    raw: { negotiate, challenge: decoded.value.message },
    offered: options.version,
    wrapping: looksLikeSpnego(token) ? 'spnego' : 'bare',
    sentAt,
    receivedAt: at,
  };
}

/** 16, 8 and 32 unpredictable bytes, used once. */
export interface LogonRandom {
  readonly exportedSessionKey: Uint8Array;
  readonly clientChallenge: Uint8Array;
  readonly clientNonce: Uint8Array;
}

/**
 * Tries one credential, once, on the connection that gave the challenge.
 * @param after what `askChallenge` got
 * @param credential whom to try
 * @param tls the subjectPublicKey of the certificate that TLS showed: content of the BIT STRING without its count of
 *   unused bits; for RSA the DER of RSAPublicKey
 * @param now FILETIME by the clock here; used where the challenge has no time stamp
 * @param workstation the name of this machine for the server's log
 */
export function* attemptLogon(
  after: ChallengeAnswer & { readonly kind: 'challenge' },
  credential: Credential,
  tls: { readonly publicKey: Uint8Array },
  random: LogonRandom,
  now: bigint,
  workstation: string,
): Dialog<LogonAnswer> {
  // Without it there is no sealing that [MS-CSSP] 3.1.5 could rest on. Nothing has been tried yet.
  if (!hasFlag(after.challenge.flags, NTLM_FLAG.NEGOTIATE_EXTENDED_SESSIONSECURITY)) {
    return foreign(after.raw.challenge, 'the server does not agree to extended session security');
  }
  const { message, exportedSessionKey, flags } = authenticate({
    messages: after.raw,
    credential,
    random,
    now,
    workstation,
  });
  const session = new NtlmSession(exportedSessionKey, flags, 'client');
  const version = commonVersion(after.offered, after.version);
  const binding = { version, publicKey: tls.publicKey, clientNonce: random.clientNonce };
  const token =
    after.wrapping === 'spnego' ? encodeSpnego({ kind: 'resp', responseToken: message }) : message;
  const secret = true;
  yield* send(
    'TSRequest with NTLM AUTHENTICATE',
    encodeTsRequest({
      version: after.offered,
      negoTokens: [token],
      pubKeyAuth: session.wrap(clientBinding(binding)),
      ...(hashesKey(version) && { clientNonce: random.clientNonce }),
    }),
    secret,
  );

  const answer = yield* receiveTsRequest('TSRequest with pubKeyAuth or errorCode');
  if (answer.kind !== 'ts-request') return answer;
  const { request, bytes } = answer;
  const { errorCode, pubKeyAuth } = request;
  if (errorCode !== undefined && errorCode !== 0) return { kind: 'status', code: errorCode };
  if (!pubKeyAuth) {
    return foreign(
      bytes,
      saysReject(request)
        ? 'SPNEGO reject without a status'
        : 'a TSRequest with neither proof of the key nor status',
    );
  }
  const proof = session.unwrap(pubKeyAuth);
  return proof && equalBytes(proof, serverBinding(binding))
    ? { kind: 'accepted' }
    : { kind: 'binding-mismatch' };
}

/** The version that both sides speak: a newer peer is treated as one of ours, [MS-CSSP] 2.2.1. */
export function commonVersion(ours: number, theirs: number): number {
  return Math.min(ours, theirs);
}

export interface KeyBinding {
  /** What `commonVersion` gives. */
  readonly version: number;
  /** subjectPublicKey of the server's certificate. */
  readonly publicKey: Uint8Array;
  /** 32 bytes; used from version 5 on. */
  readonly clientNonce: Uint8Array;
}

/** What the client seals as pubKeyAuth: the key itself, from version 5 on a hash of it. */
export function clientBinding({ version, publicKey, clientNonce }: KeyBinding): Uint8Array {
  return hashesKey(version) ? sha256(magic('Client-To-Server'), clientNonce, publicKey) : publicKey;
}

/** What the server seals in turn: the key with one added to its first byte, from version 5 on another hash. */
export function serverBinding({ version, publicKey, clientNonce }: KeyBinding): Uint8Array {
  if (hashesKey(version)) return sha256(magic('Server-To-Client'), clientNonce, publicKey);
  const next = concat(publicKey);
  next[0] = ((next[0] ?? 0) + 1) & 0xff;
  return next;
}

/** The NTLM message in a negoToken, taken out of SPNEGO where it is in it. Throws `DecodeError`. */
export function unwrap(token: Uint8Array): Uint8Array {
  if (!looksLikeSpnego(token)) return token;
  const decoded = decodeSpnego(token);
  const inner = decoded.kind === 'resp' ? decoded.responseToken : decoded.mechToken;
  return inner ?? new Uint8Array(0);
}

function hashesKey(version: number): boolean {
  return version >= 5;
}

function magic(way: 'Client-To-Server' | 'Server-To-Client'): Uint8Array {
  return Uint8Array.from(`CredSSP ${way} Binding Hash\0`, (character) => character.charCodeAt(0));
}

function saysReject(request: TsRequest): boolean {
  return (request.negoTokens ?? []).some((token) => {
    if (!looksLikeSpnego(token)) return false;
    const decoded = tryDecode(() => decodeSpnego(token));
    return decoded.ok && decoded.value.kind === 'resp' && decoded.value.negState === NEG_STATE.reject;
  });
}

type Answered =
  | {
      readonly kind: 'ts-request';
      readonly request: TsRequest;
      readonly bytes: Uint8Array;
      readonly at: number;
    }
  | Foreign
  | { readonly kind: 'interrupted'; readonly by: Interruption };

function* receiveTsRequest(what: string): Dialog<Answered> {
  const answer = yield* receive(what, tsRequestLength, TS_REQUEST_LIMIT);
  if (answer.kind === 'foreign') return foreign(answer.partial, answer.problem);
  if (answer.kind !== 'received') return { kind: 'interrupted', by: answer };
  const decoded = tryDecode(() => decodeTsRequest(answer.bytes));
  if (!decoded.ok) return foreign(answer.bytes, decoded.error);
  return { kind: 'ts-request', request: decoded.value, bytes: answer.bytes, at: answer.at };
}

function foreign(bytes: Uint8Array, problem: string | DecodeError): Foreign {
  return {
    kind: 'foreign',
    head: copyBytes(bytes, 0, HEAD_SIZE),
    problem: typeof problem === 'string' ? problem : problem.message,
  };
}
