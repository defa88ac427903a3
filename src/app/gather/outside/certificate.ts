import { tryDecode } from '../../../core/bytes/decode-error.ts';
import type { Certificate } from '../../../core/model/facts.ts';
import { absent, type Observation, present, unknown } from '../../../core/model/observation.ts';
import { PROTOCOL } from '../../../core/protocol/x224.ts';
import { certificateFact } from '../../../core/windows/certificate-fact.ts';
import { type Outside, provenance } from './outside.ts';
import { type CredsspProbe, type HelloProbe, isWithoutCertificate } from './probes.ts';
import { shorten } from './words.ts';

/**
 * `tls.certificate`: from the full handshake, since TLS 1.3 shows it only inside; else from a hello
 * of an older version, which shows it in the clear even where this OpenSSL cannot go on.
 */
export function observeCertificate(
  outside: Outside,
  credssp: CredsspProbe | undefined,
  hellos: Iterable<HelloProbe>,
): Observation<Certificate> {
  const leaf = leafOf(credssp, hellos);
  if (leaf === undefined) {
    return whyNoCertificate(outside, credssp);
  }
  const decoded = tryDecode(() => certificateFact(leaf));
  if (!decoded.ok) return unknown('corrupt', decoded.error.message);
  const { subject, issuer, ...rest } = decoded.value;
  return present(
    { subject: shorten(subject), issuer: shorten(issuer), ...rest },
    provenance(outside, 'certificate'),
  );
}

/** Absent where the listener itself said that it goes on without TLS, or that it has none. */
function whyNoCertificate(outside: Outside, credssp: CredsspProbe | undefined): Observation<Certificate> {
  const negotiation = credssp?.negotiation;
  const from = provenance(outside, 'certificate');
  if (negotiation !== undefined && isWithoutCertificate(negotiation)) {
    return absent(from, 'the listener says that it has no usable certificate');
  }
  const withoutTls =
    negotiation?.kind === 'failure' ||
    negotiation?.kind === 'no-negotiation' ||
    (negotiation?.kind === 'selected' && negotiation.selected === PROTOCOL.rdp);
  return withoutTls
    ? absent(from, 'the listener shows a certificate only inside TLS, and it continues without TLS')
    : unknown('no-channel', 'no TLS handshake got as far as a certificate');
}

function leafOf(credssp: CredsspProbe | undefined, hellos: Iterable<HelloProbe>): Uint8Array | undefined {
  if (credssp?.secured?.kind === 'secured' && credssp.secured.certificates[0] !== undefined) {
    return credssp.secured.certificates[0];
  }
  for (const { tls } of hellos) {
    if (tls?.kind === 'hello' && tls.certificates[0] !== undefined) return tls.certificates[0];
  }
  return undefined;
}
