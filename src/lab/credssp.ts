// [MS-CSSP] 3.1.5 Processing Events and Sequencing Rules, the server's side; [MS-NLMP] 3.2.5.1 for the NTLM inside;
// [MS-RDPBCGR] 2.2.10.2 Early User Authorization Result PDU
import { randomBytes } from 'node:crypto';
import { tryDecode } from '../core/bytes/decode-error.ts';
import { equalBytes } from '../core/bytes/equal.ts';
import { unixMillisToFiletime } from '../core/bytes/filetime.ts';
import { Writer } from '../core/bytes/writer.ts';
import { clientBinding, commonVersion, serverBinding } from '../core/protocol/credssp.ts';
import { avPairsOf } from '../core/protocol/ntlm-av-pairs.ts';
import { flagsOf, NTLM_FLAG } from '../core/protocol/ntlm-flags.ts';
import { type Verification, verifyAuthenticate } from '../core/protocol/ntlm-logon.ts';
import {
  decodeAuthenticate,
  decodeNegotiate,
  encodeChallenge,
  looksLikeNtlm,
} from '../core/protocol/ntlm-messages.ts';
import { ntHash } from '../core/protocol/ntlm-response.ts';
import { NtlmSession } from '../core/protocol/ntlm-session.ts';
import {
  decodeSpnego,
  encodeSpnego,
  looksLikeSpnego,
  MECHANISM,
  NEG_STATE,
} from '../core/protocol/spnego.ts';
import {
  decodeTsRequest,
  encodeTsRequest,
  TS_REQUEST_LIMIT,
  type TsRequest,
  tsRequestLength,
} from '../core/protocol/tsrequest.ts';
import { PROTOCOL } from '../core/protocol/x224.ts';
import type { LabConfig, LabCredssp } from './config.ts';
import type { Line } from './line.ts';

const STATUS_LOGON_FAILURE = 0xc000_006d;
const SEC_E_INVALID_TOKEN = 0x8009_0308;

/** [MS-RDPBCGR] 2.2.10.2 authorizationResult. */
const AUTHORIZATION = { success: 0, accessDenied: 5 } as const;

/** What this server agrees to, where the client asked for it. */
const AGREEABLE = flagsOf(
  NTLM_FLAG.NEGOTIATE_UNICODE,
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

export interface CredsspService {
  readonly line: Line;
  readonly config: LabConfig;
  /** PROTOCOL.hybrid or PROTOCOL.hybridEx. */
  readonly selected: number;
  /** DER of RSAPublicKey. */
  readonly publicKey: Uint8Array;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Called when the first message is read; true: the connection is dead. */
  readonly diesAfterNegotiate: () => Promise<boolean>;
}

/** Serves one sign-in. @returns true when the user may go on; else the connection is over. */
export async function serveCredssp(service: CredsspService): Promise<boolean> {
  const { line, config, publicKey } = service;
  const { credssp } = config;
  const first = await receiveNegotiate(line, credssp);
  if (first === undefined || (await service.diesAfterNegotiate())) return false;
  if (credssp.refuse !== undefined) {
    line.send(encodeTsRequest({ version: credssp.version, errorCode: credssp.refuse }));
    return false;
  }
  const challenge = challengeFor(credssp, first.negotiate, service.now());
  if (challenge === undefined) {
    fail(line, credssp, first.request, SEC_E_INVALID_TOKEN);
    return false;
  }
  line.send(
    encodeTsRequest({ version: credssp.version, negoTokens: [wrapToken(challenge, first.wrapped, false)] }),
  );

  const second = await receiveTsRequest(line);
  const token = second?.negoTokens?.[0];
  const authenticate = token === undefined ? undefined : ntlmIn(token);
  if (second === undefined || authenticate === undefined) return false;
  if (credssp.logonStatus !== undefined) {
    fail(line, credssp, second, credssp.logonStatus);
    return false;
  }
  const verification = verify(credssp, { negotiate: first.negotiate, challenge, authenticate });
  if (verification?.kind !== 'genuine') {
    fail(line, credssp, second, STATUS_LOGON_FAILURE);
    return false;
  }
  const session = new NtlmSession(verification.exportedSessionKey, verification.flags, 'server');
  const binding = {
    version: commonVersion(credssp.version, second.version),
    publicKey,
    clientNonce: second.clientNonce ?? new Uint8Array(32),
  };
  const proof = second.pubKeyAuth && session.unwrap(second.pubKeyAuth);
  // Somebody stands in between, who showed the client another key.
  if (!proof || !equalBytes(proof, clientBinding(binding))) return false;
  line.send(
    encodeTsRequest({
      version: credssp.version,
      ...(first.wrapped && { negoTokens: [wrapToken(undefined, true, true)] }),
      pubKeyAuth: session.wrap(serverBinding(binding)),
    }),
  );

  const third = await receiveTsRequest(line);
  // Unsealed to see that it is genuine; the password in it is of no interest.
  if (third?.authInfo === undefined || session.unwrap(third.authInfo) === undefined) return false;
  if (service.selected === PROTOCOL.hybridEx) {
    const result = credssp.authorized ? AUTHORIZATION.success : AUTHORIZATION.accessDenied;
    line.send(new Writer(4).u32le(result).toBytes());
  }
  return credssp.authorized;
}

interface FirstMessage {
  readonly request: TsRequest;
  readonly negotiate: Uint8Array;
  /** The client speaks SPNEGO, so it is answered in it. */
  readonly wrapped: boolean;
}

/** The client's NTLM NEGOTIATE; a client that begins with another mechanism is asked for NTLM once. */
async function receiveNegotiate(line: Line, credssp: LabCredssp): Promise<FirstMessage | undefined> {
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const request = await receiveTsRequest(line);
    const token = request?.negoTokens?.[0];
    if (request === undefined || token === undefined) return undefined;
    const negotiate = ntlmIn(token);
    if (negotiate !== undefined) return { request, negotiate, wrapped: looksLikeSpnego(token) };
    const askForNtlm = encodeSpnego({
      kind: 'resp',
      negState: NEG_STATE.requestMic,
      supportedMech: MECHANISM.ntlmssp,
    });
    line.send(encodeTsRequest({ version: credssp.version, negoTokens: [askForNtlm] }));
  }
  return undefined;
}

async function receiveTsRequest(line: Line): Promise<TsRequest | undefined> {
  const bytes = await line.receive(tsRequestLength, TS_REQUEST_LIMIT);
  if (bytes === undefined) return undefined;
  const decoded = tryDecode(() => decodeTsRequest(bytes));
  return decoded.ok ? decoded.value : undefined;
}

/** The NTLM message in a token, bare or in SPNEGO. */
function ntlmIn(token: Uint8Array): Uint8Array | undefined {
  if (looksLikeNtlm(token)) return token;
  const decoded = tryDecode(() => decodeSpnego(token));
  if (!decoded.ok) return undefined;
  const inner = decoded.value.kind === 'resp' ? decoded.value.responseToken : decoded.value.mechToken;
  return inner !== undefined && looksLikeNtlm(inner) ? inner : undefined;
}

function wrapToken(message: Uint8Array | undefined, wrapped: boolean, last: boolean): Uint8Array {
  if (!wrapped && message !== undefined) return message;
  return encodeSpnego({
    kind: 'resp',
    negState: last ? NEG_STATE.acceptCompleted : NEG_STATE.acceptIncomplete,
    ...(message !== undefined && { supportedMech: MECHANISM.ntlmssp, responseToken: message }),
  });
}

/** `undefined`: the client's message is none. */
function challengeFor(credssp: LabCredssp, negotiate: Uint8Array, now: number): Uint8Array | undefined {
  const asked = tryDecode(() => decodeNegotiate(negotiate));
  if (!asked.ok) return undefined;
  const { names, osBuild, clockOffsetSeconds } = credssp;
  const flags = flagsOf(
    asked.value.flags & AGREEABLE,
    NTLM_FLAG.NEGOTIATE_UNICODE,
    NTLM_FLAG.NEGOTIATE_TARGET_INFO,
    names.nbDomainName === undefined ? NTLM_FLAG.TARGET_TYPE_SERVER : NTLM_FLAG.TARGET_TYPE_DOMAIN,
  );
  const [major = 0, minor = 0, build = 0] = osBuild.split('.').map(Number);
  const timestamp = unixMillisToFiletime(now + clockOffsetSeconds * 1000);
  return encodeChallenge({
    flags,
    targetName: names.nbDomainName ?? names.nbComputerName ?? '',
    serverChallenge: new Uint8Array(randomBytes(8)),
    targetInfo: { pairs: avPairsOf({ ...names, timestamp }) },
    version: { major, minor, build, revision: 15 },
  });
}

function verify(
  credssp: LabCredssp,
  messages: {
    readonly negotiate: Uint8Array;
    readonly challenge: Uint8Array;
    readonly authenticate: Uint8Array;
  },
): Verification | undefined {
  const decoded = tryDecode(() => {
    const named = decodeAuthenticate(messages.authenticate).userName.toLowerCase();
    const user = credssp.users.find(({ name }) => name.toLowerCase() === named);
    return user && verifyAuthenticate(messages, ntHash(user.password));
  });
  return decoded.ok ? decoded.value : undefined;
}

/** Says why it was not, where both sides speak a version that has a field for it; else the connection just ends. */
function fail(line: Line, credssp: LabCredssp, request: TsRequest, status: number): void {
  const version = commonVersion(credssp.version, request.version);
  // [MS-CSSP] 2.2.1: version 5 lost the field that 3 and 4 had, and 6 has it again.
  if (version >= 3 && version !== 5) {
    line.send(encodeTsRequest({ version: credssp.version, errorCode: status }));
  }
}
