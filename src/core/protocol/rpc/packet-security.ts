import { concat } from '../../bytes/writer.ts';
import { hasFlag, NTLM_FLAG } from '../ntlm-flags.ts';
import { authenticate, CLIENT_NEGOTIATE, type Credential } from '../ntlm-logon.ts';
import { encodeNegotiate } from '../ntlm-messages.ts';
import { NTLM_SIGNATURE_SIZE, NtlmSession } from '../ntlm-session.ts';
import { type AuthVerifier, decodePdu, encodePdu, type Pdu, partsOf } from './pdu.ts';
import { STUB_AT } from './pdu-call.ts';

// [MS-RPCE] 2.2.1.1.7 Security Providers, 2.2.1.1.8 Authentication Levels, 3.3.1.5.2.2 PDU Protection.

const AUTHN_WINNT = 10;

/** The stub is padded to a multiple of so many bytes before the sec_trailer, as Windows does ([MS-RPCE] 2.2.2.11 asks for four at least). */
const PADDING = 16;

/** RPC_C_AUTHN_LEVEL_*: `integrity` signs every PDU, `privacy` seals its stub as well. */
const AUTHN_LEVEL = { integrity: 5, privacy: 6 } as const;

/** A sign-in with NTLM on this connection, and how what follows is protected. */
export interface SecurityOptions {
  readonly level: keyof typeof AUTHN_LEVEL;
  readonly credential: Credential;
  /** 16 and 8 unpredictable bytes, used once. */
  readonly random: { readonly exportedSessionKey: Uint8Array; readonly clientChallenge: Uint8Array };
  /** FILETIME by the clock here; used where the challenge has no time stamp. */
  readonly now: bigint;
  /** The name of this machine for the server's log. */
  readonly workstation: string;
}

/** Bytes that a protected request has beside its header and its stub, padding aside. */
export const PROTECTION_SIZE = 8 /* sec_trailer */ + NTLM_SIGNATURE_SIZE;

/** An authenticated stub is cut so that padding is never needed inside of a call. */
export const PROTECTED_FRAGMENT_MULTIPLE = PADDING;

export type Authenticated =
  | { readonly ok: true; readonly message: AuthVerifier; readonly protection: PacketProtection }
  | { readonly ok: false; readonly problem: string };

/** The first leg, for the bind PDU. */
export function negotiateVerifier(options: SecurityOptions): AuthVerifier {
  return verifier(options, encodeNegotiate(CLIENT_NEGOTIATE));
}

/**
 * The last leg, for the rpc_auth_3 PDU, and the protection of all that follows it.
 * Throws `DecodeError` where the server's token is no CHALLENGE_MESSAGE.
 */
export function authenticateVerifier(options: SecurityOptions, challenge: Uint8Array): Authenticated {
  const { credential, random, now, workstation } = options;
  const messages = { negotiate: encodeNegotiate(CLIENT_NEGOTIATE), challenge };
  const { message, exportedSessionKey, flags } = authenticate({
    messages,
    credential,
    random,
    now,
    workstation,
  });
  for (const [name, flag] of REQUIRED) {
    if (!hasFlag(flags, flag)) return { ok: false, problem: `the server does not agree to ${name}` };
  }
  const session = new NtlmSession(exportedSessionKey, flags, 'client');
  return {
    ok: true,
    message: verifier(options, message),
    protection: new PacketProtection(session, verifier(options, new Uint8Array(NTLM_SIGNATURE_SIZE))),
  };
}

/** Without these there is no protection worth its name, and nothing is sent. */
const REQUIRED = [
  ['extended session security', NTLM_FLAG.NEGOTIATE_EXTENDED_SESSIONSECURITY],
  ['a session key of 128 bits', NTLM_FLAG.NEGOTIATE_128],
  ['an exchange of keys', NTLM_FLAG.NEGOTIATE_KEY_EXCH],
] as const;

/**
 * Signs, and at the level of privacy seals, what goes out; checks what comes in.
 * INVARIANT: PDUs are protected in the order in which they are sent and opened in the order in which
 * they arrive: the key streams go on, and both sides count.
 */
export class PacketProtection {
  readonly #session: NtlmSession;
  readonly #blank: AuthVerifier;

  /** @param blank the verifier of every PDU, with zeros for its token */
  constructor(session: NtlmSession, blank: AuthVerifier) {
    this.#session = session;
    this.#blank = blank;
  }

  /** The bytes of a request or a response with its verifier. With NTLM the signature is over the whole PDU up to the token, header signing agreed on or not. */
  protect(pdu: Omit<Pdu, 'auth'>): Uint8Array {
    const plain = encodePdu({ ...pdu, auth: this.#blank }, PADDING);
    const covered = plain.subarray(0, plain.length - NTLM_SIGNATURE_SIZE);
    const { packet, signature } = this.#session.protect(covered, ...this.#sealed(partsOf(plain)?.trailerAt));
    return concat(packet, signature);
  }

  /**
   * The PDU inside; `undefined` where its verifier is missing or not the other side's.
   * Throws `DecodeError`.
   */
  open(bytes: Uint8Array): Pdu | undefined {
    const parts = partsOf(bytes);
    if (parts === undefined) return undefined;
    const { auth } = decodePdu(bytes);
    const { type, level, contextId } = this.#blank;
    if (auth === undefined || auth.type !== type || auth.level !== level || auth.contextId !== contextId)
      return undefined;
    const opened = this.#session.unprotect(
      { packet: bytes.subarray(0, parts.tokenAt), signature: auth.value },
      ...this.#sealed(parts.trailerAt),
    );
    return opened && decodePdu(concat(opened, auth.value));
  }

  /** Stub and padding at the level of privacy, nothing at the level of integrity. */
  #sealed(trailerAt = STUB_AT): readonly [from: number, to: number] {
    const from = Math.min(STUB_AT, trailerAt);
    return [from, this.#blank.level === AUTHN_LEVEL.privacy ? trailerAt : from];
  }
}

function verifier({ level }: SecurityOptions, value: Uint8Array): AuthVerifier {
  return { type: AUTHN_WINNT, level: AUTHN_LEVEL[level], contextId: 1, value };
}
