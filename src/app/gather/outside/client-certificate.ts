import type { ClientCertificateDemand } from '../../../core/model/facts.ts';
import { type Observation, present, unknown } from '../../../core/model/observation.ts';
import { type Outside, provenance } from './outside.ts';
import type { CredsspProbe, HelloProbe } from './probes.ts';

/**
 * AlertDescriptions with which a server refuses a client that showed no certificate: certificate_required
 * (RFC 8446 section 4.4.2.4), and before TLS 1.3 handshake_failure (RFC 5246 section 7.4.6), bad_certificate
 * and its kin.
 */
const WITHOUT_CERTIFICATE: ReadonlySet<number> = new Set([40, 41, 42, 43, 44, 45, 46, 48, 49, 116]);
/** What handshake_failure means only where a certificate was asked for. */
const HANDSHAKE_FAILURE = 40;

/**
 * `tls.clientCertificate`: the request is readable in the flights up to TLS 1.2, and what becomes of a client
 * without a certificate in the full handshake. In TLS 1.3 the refusal comes after the handshake.
 */
export function observeClientCertificate(
  outside: Outside,
  credssp: CredsspProbe | undefined,
  hellos: readonly HelloProbe[],
): Observation<ClientCertificateDemand> {
  const flights = hellos.flatMap(({ tls }) => (tls?.kind === 'hello' ? [tls] : []));
  const asked = flights.some(({ asksForCertificate }) => asksForCertificate === true);
  const from = provenance(outside, 'client-certificate');
  const alert = refusalOf(credssp, asked);
  if (alert !== undefined) return present({ demand: 'required', alert }, from);
  if (asked) {
    const hungUp = credssp?.secured?.kind === 'closed' || isCutOff(credssp);
    return present({ demand: 'requested', ...(hungUp ? { hungUp } : {}) }, from);
  }
  return credssp?.secured?.kind === 'secured' || flights.some(({ certificates }) => certificates.length > 0)
    ? present({ demand: 'none' }, from)
    : unknown('no-channel', 'no TLS handshake got as far as a request for a certificate');
}

/** The alert that refused a client without a certificate; one in answer to the hello itself proves no request. */
function refusalOf(credssp: CredsspProbe | undefined, asked: boolean): number | undefined {
  const { secured, challenge } = credssp ?? {};
  const inside = secured?.kind === 'tls-failed' && asked ? secured.alert : undefined;
  const after =
    challenge?.kind === 'interrupted' && challenge.by.kind === 'closed' ? challenge.by.alert : undefined;
  const alert = inside ?? (asked || after !== HANDSHAKE_FAILURE ? after : undefined);
  return alert !== undefined && WITHOUT_CERTIFICATE.has(alert) ? alert : undefined;
}

function isCutOff(credssp: CredsspProbe | undefined): boolean {
  const { challenge } = credssp ?? {};
  return challenge?.kind === 'interrupted' && challenge.by.kind === 'closed';
}
