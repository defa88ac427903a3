import { equalBytes } from '../bytes/equal.ts';
import { concat } from '../bytes/writer.ts';
import { hmacMd5 } from '../crypto/digest.ts';
import { Rc4 } from '../crypto/rc4.ts';
import {
  AV_FLAG,
  AV_ID,
  type AvPair,
  avFlagsPair,
  avPairsOf,
  type TargetInfo,
  targetInfoOf,
} from './ntlm-av-pairs.ts';
import { flagsOf, hasFlag, NTLM_FLAG } from './ntlm-flags.ts';
import {
  decodeAuthenticate,
  decodeChallenge,
  encodeAuthenticate,
  MIC_OFFSET,
  type NtlmAuthenticate,
  type NtlmNegotiate,
} from './ntlm-messages.ts';
import {
  decodeClientChallenge,
  encodeClientChallenge,
  lmV2Response,
  ntHash,
  ntlmV2Response,
  ntowfV2,
} from './ntlm-response.ts';

// [MS-NLMP] 3.1.5.1.2 Client Receives a CHALLENGE_MESSAGE from the Server;
// 3.2.5.1.2 Server Receives an AUTHENTICATE_MESSAGE from the Client. NTLMv2 only.

/** What we ask for. VERSION is among it because a server states its own build only to a client that does. */
const CLIENT_FLAGS = flagsOf(
  NTLM_FLAG.NEGOTIATE_UNICODE,
  NTLM_FLAG.NEGOTIATE_OEM,
  NTLM_FLAG.REQUEST_TARGET,
  NTLM_FLAG.NEGOTIATE_SIGN,
  NTLM_FLAG.NEGOTIATE_SEAL,
  NTLM_FLAG.NEGOTIATE_NTLM,
  NTLM_FLAG.NEGOTIATE_ALWAYS_SIGN,
  NTLM_FLAG.NEGOTIATE_EXTENDED_SESSIONSECURITY,
  NTLM_FLAG.NEGOTIATE_VERSION,
  NTLM_FLAG.NEGOTIATE_128,
  NTLM_FLAG.NEGOTIATE_KEY_EXCH,
  NTLM_FLAG.NEGOTIATE_56,
);

/** Windows 10, without a build that we are not. */
export const CLIENT_VERSION = { major: 10, minor: 0, build: 0, revision: 15 } as const;

/** The message that asks for a challenge. It names nobody. */
export const CLIENT_NEGOTIATE: NtlmNegotiate = { flags: CLIENT_FLAGS, version: CLIENT_VERSION };

export interface Credential {
  /** NetBIOS or DNS name; empty where `user` is a user principal name. */
  readonly domain: string;
  readonly user: string;
  readonly password: string;
}

export interface NtlmMessages {
  readonly negotiate: Uint8Array;
  readonly challenge: Uint8Array;
}

export interface NtlmAuthentication {
  /** The AUTHENTICATE_MESSAGE. Derived from the password: to be sent as a secret. */
  readonly message: Uint8Array;
  /** 16 bytes. */
  readonly exportedSessionKey: Uint8Array;
  /** What was agreed on. */
  readonly flags: number;
}

export interface AuthenticateOptions {
  /** Both messages as they travelled: the MIC covers their bytes. */
  readonly messages: NtlmMessages;
  readonly credential: Credential;
  /** 16 and 8 bytes. */
  readonly random: { readonly exportedSessionKey: Uint8Array; readonly clientChallenge: Uint8Array };
  /** FILETIME; used where the challenge has no time stamp. */
  readonly now: bigint;
  readonly workstation: string;
}

/** Answers a challenge with NTLMv2. Throws `DecodeError` when the bytes are no CHALLENGE_MESSAGE. */
export function authenticate(options: AuthenticateOptions): NtlmAuthentication {
  const { messages, credential, random } = options;
  const challenge = decodeChallenge(messages.challenge);
  // The server's choice among what we asked for, in Unicode; its TARGET_TYPE bits are not repeated.
  const agreed =
    challenge.flags & (CLIENT_FLAGS | NTLM_FLAG.NEGOTIATE_TARGET_INFO) & ~NTLM_FLAG.NEGOTIATE_OEM;
  const flags = flagsOf(agreed, NTLM_FLAG.REQUEST_TARGET);

  // A time stamp means a server that knows the MIC: it then wants one, and no LM response.
  const theirs = challenge.targetInfo ?? targetInfoOf([]);
  const withMic = theirs.timestamp !== undefined;
  const pairs = withMic ? withClientPairs(theirs) : theirs.pairs;
  const timestamp = theirs.timestamp ?? options.now;

  const { serverChallenge } = challenge;
  const responseKey = ntowfV2(ntHash(credential.password), credential.user, credential.domain);
  const temp = encodeClientChallenge({
    timestamp,
    challengeFromClient: random.clientChallenge,
    targetInfo: { pairs },
  });
  const response = ntlmV2Response(responseKey, serverChallenge, temp);
  const exchanged = exchangesKey(flags);
  const exportedSessionKey = exchanged ? random.exportedSessionKey : response.sessionBaseKey;
  const unsigned: NtlmAuthenticate = {
    flags,
    lmChallengeResponse: withMic
      ? new Uint8Array(24)
      : lmV2Response(responseKey, serverChallenge, random.clientChallenge),
    ntChallengeResponse: response.ntChallengeResponse,
    domainName: credential.domain,
    userName: credential.user,
    workstation: options.workstation,
    encryptedRandomSessionKey: exchanged
      ? new Rc4(response.sessionBaseKey).apply(exportedSessionKey)
      : new Uint8Array(0),
    ...(hasFlag(flags, NTLM_FLAG.NEGOTIATE_VERSION) && { version: CLIENT_VERSION }),
    ...(withMic && { mic: new Uint8Array(16) }),
  };
  const mic = withMic && messageIntegrity(exportedSessionKey, messages, encodeAuthenticate(unsigned));
  return { message: encodeAuthenticate(mic ? { ...unsigned, mic } : unsigned), exportedSessionKey, flags };
}

export type Verification =
  | { readonly kind: 'genuine'; readonly exportedSessionKey: Uint8Array; readonly flags: number }
  /** No response at all: an anonymous sign-in. */
  | { readonly kind: 'anonymous' }
  /** A response of NTLMv1, which is not verified here. */
  | { readonly kind: 'not-ntlmv2' }
  /** Another password, user or domain name. */
  | { readonly kind: 'wrong-proof' }
  /** The password is right, and a message was changed on its way. */
  | { readonly kind: 'wrong-mic' };

/**
 * The server half: was this AUTHENTICATE_MESSAGE made with the password that has this NT hash?
 * @param hash NT hash of the account that the message names, 16 bytes
 * Throws `DecodeError` when a message is not what it should be.
 */
export function verifyAuthenticate(
  messages: NtlmMessages & { readonly authenticate: Uint8Array },
  hash: Uint8Array,
): Verification {
  const { serverChallenge } = decodeChallenge(messages.challenge);
  const message = decodeAuthenticate(messages.authenticate);
  const given = message.ntChallengeResponse;
  if (given.length === 0) return { kind: 'anonymous' };
  if (given.length <= 24) return { kind: 'not-ntlmv2' };

  const temp = given.subarray(16);
  const { targetInfo } = decodeClientChallenge(temp);
  const responseKey = ntowfV2(hash, message.userName, message.domainName);
  const response = ntlmV2Response(responseKey, serverChallenge, temp);
  if (!equalBytes(response.ntChallengeResponse, given)) return { kind: 'wrong-proof' };

  const exportedSessionKey = exchangesKey(message.flags)
    ? new Rc4(response.sessionBaseKey).apply(message.encryptedRandomSessionKey)
    : response.sessionBaseKey;
  if (hasFlag(targetInfo.flags ?? 0, AV_FLAG.micPresent)) {
    const expected = messageIntegrity(exportedSessionKey, messages, messages.authenticate);
    if (!(message.mic && equalBytes(message.mic, expected))) return { kind: 'wrong-mic' };
  }
  return { kind: 'genuine', exportedSessionKey, flags: message.flags };
}

/** The server's pairs verbatim, and what a client adds: MIC announced, no channel bindings, no target name. */
function withClientPairs(theirs: TargetInfo): readonly AvPair[] {
  const flags = avFlagsPair((theirs.flags ?? 0) | AV_FLAG.micPresent);
  const ours = new Set<number>([AV_ID.MsvAvFlags, AV_ID.MsvAvChannelBindings, AV_ID.MsvAvTargetName]);
  return [
    ...theirs.pairs.filter(({ id }) => !ours.has(id)),
    flags,
    ...avPairsOf({ targetName: '', channelBindings: new Uint8Array(16) }),
  ];
}

function exchangesKey(flags: number): boolean {
  return (
    hasFlag(flags, NTLM_FLAG.NEGOTIATE_KEY_EXCH) &&
    hasFlag(flags, NTLM_FLAG.NEGOTIATE_SIGN | NTLM_FLAG.NEGOTIATE_SEAL)
  );
}

/** MIC: HMAC-MD5 over the three messages, its own place in the last one zero. */
function messageIntegrity(key: Uint8Array, messages: NtlmMessages, message: Uint8Array): Uint8Array {
  const blank = concat(message);
  blank.fill(0, MIC_OFFSET, MIC_OFFSET + 16);
  return hmacMd5(key, messages.negotiate, messages.challenge, blank);
}
