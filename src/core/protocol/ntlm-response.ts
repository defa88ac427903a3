import { Reader } from '../bytes/reader.ts';
import { encodeUtf16le } from '../bytes/utf16.ts';
import { concat, Writer } from '../bytes/writer.ts';
import { hmacMd5 } from '../crypto/digest.ts';
import { md4 } from '../crypto/md4.ts';
import { decodeTargetInfo, encodeTargetInfo, type TargetInfo } from './ntlm-av-pairs.ts';

// [MS-NLMP] 3.3.2 NTLM v2 Authentication; 2.2.2.7 NTLMv2_CLIENT_CHALLENGE, 2.2.2.8 NTLMv2_RESPONSE.
// Everything here but the client challenge is derived from a password: none of it goes into messages.

/** The NT hash of a password, 16 bytes: what Windows stores in place of it. */
export function ntHash(password: string): Uint8Array {
  return md4(encodeUtf16le(password));
}

/** NTOWFv2, 16 bytes: both ResponseKeyNT and ResponseKeyLM. Upper-cases the user name, not the domain name. */
export function ntowfV2(hash: Uint8Array, user: string, domain: string): Uint8Array {
  return hmacMd5(hash, encodeUtf16le(upperCase(user) + domain));
}

export interface NtlmV2ClientChallenge {
  /** FILETIME. */
  readonly timestamp: bigint;
  /** 8 bytes. */
  readonly challengeFromClient: Uint8Array;
  readonly targetInfo: TargetInfo;
}

/** What the specification calls temp, from RespType to the four zero bytes at its end. */
export function encodeClientChallenge(
  challenge: Omit<NtlmV2ClientChallenge, 'targetInfo'> & { readonly targetInfo: Pick<TargetInfo, 'pairs'> },
): Uint8Array {
  return new Writer()
    .u8(1 /* RespType */)
    .u8(1 /* HiRespType */)
    .zeros(2 /* Reserved1 */ + 4 /* Reserved2 */)
    .u64le(challenge.timestamp)
    .bytes(challenge.challengeFromClient)
    .zeros(4 /* Reserved3 */)
    .bytes(encodeTargetInfo(challenge.targetInfo))
    .zeros(4)
    .toBytes();
}

/** The client challenge of an NTLMv2_RESPONSE: its bytes from the seventeenth on. Throws `DecodeError`. */
export function decodeClientChallenge(bytes: Uint8Array): NtlmV2ClientChallenge {
  const r = new Reader(bytes, 'NTLMv2_CLIENT_CHALLENGE');
  const type = r.u8();
  if (!(type === 1)) r.fail(`expected RespType 1, received ${type}`);
  r.skip(1 /* HiRespType */ + 2 /* Reserved1 */ + 4 /* Reserved2 */);
  const timestamp = r.u64le();
  const challengeFromClient = r.bytes(8);
  r.skip(4 /* Reserved3 */);
  return { timestamp, challengeFromClient, targetInfo: decodeTargetInfo(r) };
}

export interface NtlmV2Response {
  /** NTProofStr and temp. */
  readonly ntChallengeResponse: Uint8Array;
  /** 16 bytes; NTLMv2's key exchange key is the same. */
  readonly sessionBaseKey: Uint8Array;
}

/**
 * The response to a challenge.
 * @param responseKey NTOWFv2
 * @param serverChallenge 8 bytes
 * @param temp the client challenge as it travels
 */
export function ntlmV2Response(
  responseKey: Uint8Array,
  serverChallenge: Uint8Array,
  temp: Uint8Array,
): NtlmV2Response {
  const proof = hmacMd5(responseKey, serverChallenge, temp);
  return { ntChallengeResponse: concat(proof, temp), sessionBaseKey: hmacMd5(responseKey, proof) };
}

/** LMv2, 24 bytes: for servers whose challenge has no time stamp. */
export function lmV2Response(
  responseKey: Uint8Array,
  serverChallenge: Uint8Array,
  challengeFromClient: Uint8Array,
): Uint8Array {
  return concat(hmacMd5(responseKey, serverChallenge, challengeFromClient), challengeFromClient);
}

/**
 * Windows upper-cases one UTF-16 unit at a time and has no case that grows: `ß` stays `ß`, where
 * ECMAScript would make `SS` of it and so another key.
 */
function upperCase(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    const unit = text.charAt(index);
    const upper = unit.toUpperCase();
    return upper.length === 1 ? upper : unit;
  }).join('');
}
