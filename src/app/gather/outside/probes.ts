import { tryDecode } from '../../../core/bytes/decode-error.ts';
import { decodeCertificate } from '../../../core/crypto/certificate.ts';
import {
  askChallenge,
  attemptLogon,
  type ChallengeAnswer,
  type LogonAnswer,
} from '../../../core/protocol/credssp.ts';
import { type Dialog, type Secured, startTls } from '../../../core/protocol/dialog.ts';
import { type NegotiationAnswer, negotiate } from '../../../core/protocol/negotiate.ts';
import {
  readStandardSecurity,
  type StandardSecurityAnswer,
} from '../../../core/protocol/standard-security.ts';
import { type HelloOptions, probeTls, type TlsProbeAnswer } from '../../../core/protocol/tls-probe.ts';
import { NEGOTIATION_FAILURE, PROTOCOL } from '../../../core/protocol/x224.ts';

/**
 * What one connection does. Each begins with a negotiation, so each yields a row of
 * `rdp.negotiation` too, and goes on as far as its purpose needs.
 */

/** CredSSP version that we state: the newest of [MS-CSSP] 2.2.1. */
const CREDSSP_VERSION = 6;

export interface Probed {
  readonly requested: number;
  readonly negotiation: NegotiationAnswer;
}

export interface StandardProbe extends Probed {
  /** Present when the listener took standard RDP security. */
  readonly security?: StandardSecurityAnswer;
}

export interface HelloProbe extends Probed {
  /** Present when the listener took a protocol that runs inside TLS. */
  readonly tls?: TlsProbeAnswer;
}

export interface CredsspProbe extends Probed {
  readonly secured?: Secured;
  /** Present when CredSSP was selected and TLS came up. */
  readonly challenge?: ChallengeAnswer;
  /** Present when a credential was given and the challenge arrived. */
  readonly logon?: LogonAnswer;
}

/** What TLS without a negotiation in front came to. */
export interface DirectProbe {
  readonly secured: Secured;
  /** What answered a connection request inside it. */
  readonly inside?: NegotiationAnswer;
}

/** One credential for the one attempt of a run. */
export interface LogonMaterial {
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  readonly workstation: string;
  readonly exportedSessionKey: Uint8Array;
  readonly clientChallenge: Uint8Array;
  readonly clientNonce: Uint8Array;
  /** FILETIME, used where the server states no time of its own. */
  readonly now: bigint;
}

export function* probeNegotiation(requested: number): Dialog<Probed> {
  return { requested, negotiation: yield* negotiate(requested) };
}

/** Asks for standard RDP security, and where it is granted for these methods' encryption. */
export function* probeStandard(methods: number): Dialog<StandardProbe> {
  const requested = PROTOCOL.rdp;
  const negotiation = yield* negotiate(requested);
  const granted =
    negotiation.kind === 'no-negotiation' ||
    (negotiation.kind === 'selected' && negotiation.selected === PROTOCOL.rdp);
  return granted
    ? { requested, negotiation, security: yield* readStandardSecurity(methods) }
    : { requested, negotiation };
}

/** Asks for TLS, and where it is granted says this hello. */
export function* probeHello(requested: number, hello: HelloOptions): Dialog<HelloProbe> {
  const negotiation = yield* negotiate(requested);
  return runsInsideTls(negotiation)
    ? { requested, negotiation, tls: yield* probeTls(hello) }
    : { requested, negotiation };
}

/** Asks for CredSSP and follows it to the NTLM challenge; with a credential one step further, once. */
export function* probeCredssp(requested: number, logon: LogonMaterial | undefined): Dialog<CredsspProbe> {
  const negotiation = yield* negotiate(requested);
  if (!runsInsideTls(negotiation)) return { requested, negotiation };
  const secured = yield* startTls('TLS handshake');
  if (secured.kind !== 'secured' || negotiation.selected === PROTOCOL.ssl) {
    return { requested, negotiation, secured };
  }
  const challenge = yield* askChallenge({ version: CREDSSP_VERSION });
  if (logon === undefined || challenge.kind !== 'challenge') {
    return { requested, negotiation, secured, challenge };
  }
  const leaf = secured.certificates[0];
  const decoded = leaf === undefined ? undefined : tryDecode(() => decodeCertificate(leaf));
  // Without the server's key the answer could not be bound to this server, so no attempt is made.
  if (decoded === undefined || !decoded.ok) return { requested, negotiation, secured, challenge };
  const { exportedSessionKey, clientChallenge, clientNonce, now, workstation, ...credential } = logon;
  const answer = yield* attemptLogon(
    challenge,
    credential,
    { publicKey: decoded.value.publicKey },
    { exportedSessionKey, clientChallenge, clientNonce },
    now,
    workstation,
  );
  return { requested, negotiation, secured, challenge, logon: answer };
}

/** Begins TLS at once, as a gateway or a TLS-terminating proxy expects it, and asks inside for Remote Desktop. */
export function* probeDirectTls(requested: number): Dialog<DirectProbe> {
  const secured = yield* startTls('TLS handshake without negotiation');
  if (secured.kind !== 'secured') return { secured };
  return { secured, inside: yield* negotiate(requested) };
}

function runsInsideTls(
  answer: NegotiationAnswer,
): answer is NegotiationAnswer & { readonly kind: 'selected' } {
  return (
    answer.kind === 'selected' &&
    (answer.selected === PROTOCOL.ssl ||
      answer.selected === PROTOCOL.hybrid ||
      answer.selected === PROTOCOL.hybridEx)
  );
}

/** The server's own word that it lacks what TLS needs: then it shows nothing of what TLS would hold. */
export function isWithoutCertificate(answer: NegotiationAnswer): boolean {
  return answer.kind === 'failure' && answer.code === NEGOTIATION_FAILURE.SSL_CERT_NOT_ON_SERVER;
}
