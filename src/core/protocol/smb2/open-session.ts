import { tryDecode } from '../../bytes/decode-error.ts';
import type { Dialog } from '../dialog.ts';
import { hasFlag, NTLM_FLAG } from '../ntlm-flags.ts';
import { authenticate, CLIENT_NEGOTIATE, type Credential } from '../ntlm-logon.ts';
import { decodeChallenge, encodeNegotiate } from '../ntlm-messages.ts';
import { NtlmSession } from '../ntlm-session.ts';
import {
  decodeSpnego,
  encodeMechTypeList,
  encodeSpnego,
  looksLikeSpnego,
  MECHANISM,
  NEG_STATE,
} from '../spnego.ts';
import { type Smb2Reply, SmbConnection } from './connection.ts';
import { failed, logonFailure, type SmbFailure, statusFailure } from './failure.ts';
import { SMB2_COMMAND, SMB2_FLAG } from './header.ts';
import { deriveKeys } from './keys.ts';
import {
  CAPABILITY,
  DIALECT,
  decodeNegotiateResponse,
  dialectText,
  encodeNegotiateRequest,
  type NegotiateResponse,
  SECURITY_MODE,
  type SmbDialect,
} from './negotiate.ts';
import {
  CIPHER,
  isSha512,
  readChoice,
  SIGNING,
  type SmbCipher,
  type SmbSigning,
} from './negotiate-contexts.ts';
import { ENCRYPTION_HINT, type SmbAgreement, SmbSession } from './session.ts';
import { decodeSessionSetupResponse, encodeSessionSetup, SESSION_FLAG } from './session-setup.ts';
import { NT_STATUS, statusText } from './status.ts';

// [MS-SMB2] 3.2.4.2 Application Requests a Connection to a Share, up to the session; 3.2.5.2 Receiving an
// SMB2 NEGOTIATE Response, 3.2.5.3 Receiving an SMB2 SESSION_SETUP Response.

/** Signing is never optional: a server that does without gets no request. */
const SECURITY = SECURITY_MODE.SIGNING_ENABLED | SECURITY_MODE.SIGNING_REQUIRED;

/** What one credit pays for, and so what no message of ours exceeds ([MS-SMB2] 3.1.5.2). */
const CREDIT_SIZE = 0x1_0000;
/** A server that takes less cannot carry a PDU of DCE/RPC ([C706] 12.6.3.1, MustRecvFragSize). */
const LEAST_TRANSMIT = 1432;

const ALL_DIALECTS: readonly SmbDialect[] = Object.values(DIALECT);
const ALL_CIPHERS: readonly SmbCipher[] = [
  CIPHER.AES_128_GCM,
  CIPHER.AES_256_GCM,
  CIPHER.AES_128_CCM,
  CIPHER.AES_256_CCM,
];
/** CMAC beside GMAC: Windows before 11 and Server 2022 knows nothing else in 3.1.1. */
const ALL_SIGNING: readonly SmbSigning[] = [SIGNING.AES_GMAC, SIGNING.AES_CMAC];

export interface SmbOptions {
  /** The name or the address that the server is reached by: goes into NETNAME and paths. */
  readonly server: string;
  readonly credential: Credential;
  readonly random: SmbRandom;
  /** FILETIME by the clock here; used where the challenge has no time stamp. */
  readonly now: bigint;
  /** The name of this machine for the server's log. */
  readonly workstation: string;
  /** In rising order; all when left out. */
  readonly dialects?: readonly SmbDialect[];
  /** In the order of preference; all when left out, and no encryption when empty. */
  readonly ciphers?: readonly SmbCipher[];
  /** In the order of preference, for 3.1.1; GMAC and CMAC when left out. */
  readonly signing?: readonly SmbSigning[];
}

/** 16, 32, 16 and 8 unpredictable bytes, used once. */
export interface SmbRandom {
  readonly clientGuid: Uint8Array;
  readonly salt: Uint8Array;
  readonly exportedSessionKey: Uint8Array;
  readonly clientChallenge: Uint8Array;
}

/**
 * NEGOTIATE and SESSION_SETUP with NTLMv2 in SPNEGO, on a new connection: three round trips, one attempt
 * with the credential. The session is signed, and encrypted where the server can; nothing less is accepted.
 */
export function* openSmbSession(options: SmbOptions): Dialog<SmbSession | SmbFailure> {
  const connection = new SmbConnection();
  const negotiated = yield* negotiate(connection, options);
  if (negotiated.kind === 'failed') return negotiated;
  return yield* signIn(connection, options, negotiated);
}

interface Negotiated extends Omit<SmbAgreement, 'challenge'> {
  readonly kind: 'negotiated';
}

function* negotiate(connection: SmbConnection, options: SmbOptions): Dialog<Negotiated | SmbFailure> {
  const { dialects = ALL_DIALECTS, ciphers = ALL_CIPHERS, signing = ALL_SIGNING, random } = options;
  const encrypts = ciphers.length > 0 && dialects.some((dialect) => dialect >= DIALECT.SMB3_0);
  const ours = {
    capabilities: encrypts ? CAPABILITY.ENCRYPTION : 0,
    guid: random.clientGuid,
    securityMode: SECURITY,
  };
  const reply = yield* connection.call({
    what: 'NEGOTIATE',
    command: SMB2_COMMAND.NEGOTIATE,
    body: encodeNegotiateRequest({
      ...ours,
      clientGuid: ours.guid,
      dialects,
      offer: { salt: random.salt, ciphers, signing, serverName: options.server },
    }),
  });
  if (reply.kind === 'failed') {
    if (reply.reason !== 'closed') return reply;
    return {
      ...reply,
      problem: `${reply.problem}: it may speak SMB 1 only, or take no connection from here`,
    };
  }
  const { status } = reply.header;
  const offered = dialects.map(dialectText).join(', ');
  if (status === NT_STATUS.NOT_SUPPORTED) {
    return failed(
      'dialect-refused',
      `the server accepts none of SMB ${offered} (${statusText(status)})`,
      status,
    );
  }
  if (status !== 0) return statusFailure(status, 'negotiating SMB 2');

  const decoded = tryDecode(() => {
    const response = decodeNegotiateResponse(reply.bytes);
    return { response, choice: readChoice(response.contexts) };
  });
  if (!decoded.ok) return failed('foreign', decoded.error.message);
  const { response, choice } = decoded.value;
  const dialect = dialects.find((each) => each === response.dialect);
  if (dialect === undefined) {
    return failed(
      'dialect-refused',
      `the server answers with SMB ${dialectText(response.dialect)}; ${offered} was offered`,
    );
  }
  const problem = problemOfOffer(response);
  if (problem) return problem;
  const protection =
    dialect === DIALECT.SMB3_1_1
      ? chosenProtection(choice, ciphers, signing)
      : impliedProtection(dialect, response, encrypts && ciphers.includes(CIPHER.AES_128_CCM));
  if ('kind' in protection) return protection;
  return {
    kind: 'negotiated',
    dialect,
    ...protection,
    maxTransmit: Math.min(CREDIT_SIZE, response.maxTransactSize, response.maxReadSize, response.maxWriteSize),
    serverTime: response.systemTime,
    serverGuid: response.serverGuid,
    negotiated: {
      ours,
      dialects,
      theirs: {
        capabilities: response.capabilities,
        guid: response.serverGuid,
        securityMode: response.securityMode,
      },
    },
  };
}

function problemOfOffer(response: NegotiateResponse): SmbFailure | undefined {
  const { maxTransactSize, maxReadSize, maxWriteSize, token } = response;
  const least = Math.min(maxTransactSize, maxReadSize, maxWriteSize);
  if (!(least >= LEAST_TRANSMIT)) {
    return failed(
      'foreign',
      `the server takes messages of ${least} bytes at most; ${LEAST_TRANSMIT} are needed`,
    );
  }
  const init = looksLikeSpnego(token) ? tryDecode(() => decodeSpnego(token)) : undefined;
  if (init?.ok && init.value.kind !== 'resp' && !init.value.mechTypes.includes(MECHANISM.ntlmssp)) {
    return failed('ntlm-refused', 'the server offers sign-in, but not with NTLM');
  }
  return undefined;
}

type ChosenProtection = Pick<SmbAgreement, 'signing' | 'cipher'>;

/** 3.1.1: what the contexts say. */
function chosenProtection(
  choice: ReturnType<typeof readChoice>,
  ciphers: readonly SmbCipher[],
  signings: readonly SmbSigning[],
): ChosenProtection | SmbFailure {
  if (!isSha512(choice.hash)) {
    return failed('foreign', 'the server speaks SMB 3.1.1 without preauthentication integrity by SHA-512');
  }
  // A server without this context signs as 3.0 does.
  const signing: number = choice.signing ?? SIGNING.AES_CMAC;
  const chosen = signings.find((each) => each === signing);
  if (chosen === undefined && choice.signing !== undefined) {
    return failed('foreign', `the server chose signing algorithm ${signing}, which was not offered`);
  }
  const { cipher = 0 } = choice;
  const chosenCipher = ciphers.find((each) => each === cipher);
  if (chosenCipher === undefined && cipher !== 0) {
    return failed('foreign', `the server chose cipher ${cipher}, which was not offered`);
  }
  return {
    signing: chosen ?? SIGNING.AES_CMAC,
    ...(chosenCipher !== undefined && { cipher: chosenCipher }),
  };
}

/** Below 3.1.1: what the dialect has. */
function impliedProtection(dialect: SmbDialect, response: NegotiateResponse, ccm: boolean): ChosenProtection {
  if (dialect === DIALECT.SMB2_1) return { signing: SIGNING.HMAC_SHA256 };
  const encrypts = ccm && (response.capabilities & CAPABILITY.ENCRYPTION) !== 0;
  return { signing: SIGNING.AES_CMAC, ...(encrypts && { cipher: CIPHER.AES_128_CCM }) };
}

function* signIn(
  connection: SmbConnection,
  options: SmbOptions,
  negotiated: Negotiated,
): Dialog<SmbSession | SmbFailure> {
  const mechTypes = [MECHANISM.ntlmssp];
  const negotiateMessage = encodeNegotiate(CLIENT_NEGOTIATE);
  const first = yield* connection.call({
    what: 'SESSION_SETUP with NTLM NEGOTIATE',
    command: SMB2_COMMAND.SESSION_SETUP,
    body: encodeSessionSetup(
      SECURITY,
      encodeSpnego({ kind: 'init', mechTypes, mechToken: negotiateMessage }),
    ),
  });
  if (first.kind === 'failed') return first;
  const asked = readChallenge(first);
  if (asked.kind === 'failed') return asked;
  connection.sessionId = first.header.sessionId;

  const { random, credential, now, workstation } = options;
  const { message, exportedSessionKey, flags } = authenticate({
    messages: { negotiate: negotiateMessage, challenge: asked.message },
    credential,
    random,
    now,
    workstation,
  });
  const ntlm = new NtlmSession(exportedSessionKey, flags, 'client');
  const mechListMIC = ntlm.sign(encodeMechTypeList(mechTypes));
  const id = yield* connection.post({
    what: 'SESSION_SETUP with NTLM AUTHENTICATE',
    command: SMB2_COMMAND.SESSION_SETUP,
    body: encodeSessionSetup(SECURITY, encodeSpnego({ kind: 'resp', responseToken: message, mechListMIC })),
    secret: true,
  });
  if (typeof id !== 'bigint') return id;

  // The preauthentication hash is complete with this request, and the answer is the first to be signed.
  const { dialect, cipher, signing } = negotiated;
  const keys = deriveKeys(dialect, cipher, exportedSessionKey, connection.preauth.value);
  const { clientToServer, serverToClient } = keys;
  connection.protect({
    signer: { algorithm: signing, key: keys.signing },
    ...(cipher !== undefined && clientToServer && { outward: { cipher, key: clientToServer } }),
    ...(cipher !== undefined && serverToClient && { inward: { cipher, key: serverToClient } }),
  });
  const last = yield* connection.reply(id);
  if (last.kind === 'failed') return last;
  const problem = problemOfAcceptance(last, ntlm, mechTypes, cipher !== undefined);
  if (problem) return connection.breakOff(problem);
  if (cipher !== undefined) connection.startSealing();
  const { kind: _, ...agreed } = negotiated;
  return new SmbSession(connection, { ...agreed, challenge: asked.challenge }, options.server);
}

/** The NTLM challenge in the first answer. Nobody was named yet. */
function readChallenge(reply: Smb2Reply) {
  const { status, sessionId } = reply.header;
  if (status !== NT_STATUS.MORE_PROCESSING_REQUIRED) {
    if (status === 0) return failed('foreign', 'the server signed in nobody, without a challenge');
    const failure = statusFailure(status, 'asking for an NTLM challenge');
    return failure.reason === 'status' ? { ...failure, reason: 'ntlm-refused' as const } : failure;
  }
  const decoded = tryDecode(() => {
    const { token } = decodeSessionSetupResponse(reply.bytes);
    const spnego = looksLikeSpnego(token) ? decodeSpnego(token) : undefined;
    const inner = spnego?.kind === 'resp' ? spnego.responseToken : token;
    if (spnego?.kind === 'resp' && spnego.negState === NEG_STATE.reject) return 'rejected';
    const message = inner ?? new Uint8Array(0);
    return { kind: 'challenge' as const, message, challenge: decodeChallenge(message) };
  });
  if (!decoded.ok) return failed('foreign', decoded.error.message);
  if (decoded.value === 'rejected') return failed('ntlm-refused', 'the server rejects NTLM in SPNEGO');
  if (!hasFlag(decoded.value.challenge.flags, NTLM_FLAG.NEGOTIATE_EXTENDED_SESSIONSECURITY)) {
    return failed('ntlm-refused', 'the server does not agree to extended session security');
  }
  if (!hasFlag(decoded.value.challenge.flags, NTLM_FLAG.NEGOTIATE_SIGN)) {
    return failed('ntlm-refused', 'the server does not agree to signing in NTLM');
  }
  if (sessionId === 0n) return failed('foreign', 'the server names no session');
  return decoded.value;
}

/** Whether the server let us in as this user, and showed that it knows the key. */
function problemOfAcceptance(
  reply: Smb2Reply,
  ntlm: NtlmSession,
  mechTypes: readonly string[],
  encrypts: boolean,
): SmbFailure | undefined {
  const { header, bytes, proof } = reply;
  const { status, flags } = header;
  if (status === NT_STATUS.ACCESS_DENIED) {
    const denied = statusFailure(status, 'signing in');
    if (encrypts) return denied;
    return { ...denied, reason: 'encryption-required', problem: `${denied.problem}; ${ENCRYPTION_HINT}` };
  }
  if (status === NT_STATUS.MORE_PROCESSING_REQUIRED)
    return failed('foreign', 'the server asks for a third NTLM message');
  if (status !== 0) return logonFailure(status);
  const decoded = tryDecode(() => {
    const { sessionFlags, token } = decodeSessionSetupResponse(bytes);
    return { sessionFlags, spnego: looksLikeSpnego(token) ? decodeSpnego(token) : undefined };
  });
  if (!decoded.ok) return failed('foreign', decoded.error.message);
  const { sessionFlags, spnego } = decoded.value;
  if ((sessionFlags & SESSION_FLAG.IS_GUEST) !== 0)
    return failed('guest', 'the server signed in Guest in place of the user');
  if ((sessionFlags & SESSION_FLAG.IS_NULL) !== 0)
    return failed('null-session', 'the server signed in nobody in place of the user');
  if (proof === 'none') {
    return (flags & SMB2_FLAG.SIGNED) === 0
      ? failed('unsigned', 'the server let the user in without signing that')
      : failed('forged', 'the signature under the sign-in is wrong: the server does not know the key');
  }
  if (spnego?.kind === 'resp') {
    const { negState, mechListMIC } = spnego;
    if (negState === NEG_STATE.reject) return failed('ntlm-refused', 'the server rejects NTLM in SPNEGO');
    if (mechListMIC && !ntlm.verify(encodeMechTypeList(mechTypes), mechListMIC))
      return failed('forged', 'the signature under the choice of NTLM is wrong');
  }
  if ((sessionFlags & SESSION_FLAG.ENCRYPT_DATA) !== 0 && !encrypts)
    return failed('encryption-required', 'the server demands encryption, and agreed to none');
  return undefined;
}
