import type { CauseId } from './cause-catalogue.ts';
import type { CodeRow } from './row.ts';

const SOURCE = 'RFC 8446 6 and the IANA registry of TLS alerts';

const HANDSHAKE = 'rdpdoctor diagnose HOST --full shows which versions and suites are accepted';
const SCHANNEL = 'Schannel events 36887 (received) and 36888 (sent) on the target name the alert';

function alert(
  code: number,
  name: string,
  meaning: string,
  causes: readonly CauseId[] = [],
  look: readonly string[] = [SCHANNEL],
): CodeRow {
  return { code, name, meaning, causes, look, source: SOURCE, sure: 'verified' };
}

/** TLS alerts by number. */
export const TLS_ALERTS: readonly CodeRow[] = [
  alert(0, 'close_notify', 'The other side ends the connection in an orderly way. It is no fault.'),
  alert(10, 'unexpected_message', 'A message came that does not belong there.', [
    'tls-handshake-refused',
    'other-service-on-port',
  ]),
  alert(
    20,
    'bad_record_mac',
    'A record was damaged or sealed with another key.',
    [],
    ['A device that changes packets on the way'],
  ),
  alert(21, 'decryption_failed', 'A record could not be decrypted; obsolete, sent by old software only.'),
  alert(22, 'record_overflow', 'A record is longer than allowed.', [
    'tls-answer-foreign',
    'other-service-on-port',
  ]),
  alert(
    40,
    'handshake_failure',
    'The server found nothing acceptable in the offer: mostly no common cipher suite.',
    ['tls-no-common-suite', 'fips-only', 'certificate-key-unreadable'],
    [HANDSHAKE, 'Schannel event 36874 on the target'],
  ),
  alert(42, 'bad_certificate', 'A certificate is damaged.', [
    'certificate-untrusted',
    'client-certificate-required',
  ]),
  alert(43, 'unsupported_certificate', 'A certificate is of a kind that is not supported.', [
    'certificate-unusable',
    'certificate-untrusted',
    'client-certificate-required',
  ]),
  alert(44, 'certificate_revoked', 'A certificate has been revoked.', ['certificate-untrusted']),
  alert(45, 'certificate_expired', 'A certificate has expired, or the clock of the checker is wrong.', [
    'certificate-expired',
    'certificate-not-yet-valid',
    'clock-skew',
  ]),
  alert(46, 'certificate_unknown', 'A certificate was not accepted, for a reason that is not told.', [
    'certificate-untrusted',
    'certificate-name-mismatch',
    'client-certificate-required',
  ]),
  alert(
    47,
    'illegal_parameter',
    'A field has a value that contradicts another, or one that the other side does not take.',
    ['tls-handshake-refused', 'tls-no-common-version'],
  ),
  alert(
    48,
    'unknown_ca',
    'The issuer of a certificate is not known. Received by the server it means that the client refused its certificate.',
    ['certificate-untrusted'],
  ),
  alert(49, 'access_denied', 'The certificate is valid, but the other side may not connect.', [
    'client-certificate-required',
  ]),
  alert(50, 'decode_error', 'A message could not be read.', [
    'tls-handshake-refused',
    'other-service-on-port',
  ]),
  alert(51, 'decrypt_error', 'A signature or key exchange of the handshake failed.', [
    'certificate-key-unreadable',
  ]),
  alert(60, 'export_restriction', 'An export rule of the nineties was broken; obsolete.'),
  alert(
    70,
    'protocol_version',
    'The TLS version offered is known and not accepted.',
    ['tls-no-common-version', 'tls-server-disabled'],
    [HANDSHAKE],
  ),
  alert(
    71,
    'insufficient_security',
    'The server wants stronger suites than those offered.',
    ['tls-no-common-suite', 'fips-only'],
    [HANDSHAKE],
  ),
  alert(
    80,
    'internal_error',
    'The one who sends it has a fault of its own: for a server often its key or certificate.',
    ['certificate-key-unreadable', 'tls-server-disabled', 'certificate-missing'],
    ['Schannel events 36870 and 36871 on the target'],
  ),
  alert(
    86,
    'inappropriate_fallback',
    'The client tried an older version though the server knows a newer one.',
    ['tls-handshake-refused', 'tls-no-common-version'],
    [HANDSHAKE],
  ),
  alert(90, 'user_canceled', 'The user broke off.'),
  alert(100, 'no_renegotiation', 'A new handshake inside the connection was declined.'),
  alert(109, 'missing_extension', 'A TLS 1.3 hello lacks something that is required.', [
    'tls-no-common-version',
  ]),
  alert(110, 'unsupported_extension', 'An answer contained an extension nobody asked for.'),
  alert(112, 'unrecognized_name', 'The server does not know the host name in the hello, or wants one.', [
    'server-name-refused',
    'target-name-wrong',
  ]),
  alert(113, 'bad_certificate_status_response', 'The revocation answer that came along is not valid.', [
    'certificate-untrusted',
  ]),
  alert(115, 'unknown_psk_identity', 'The pre-shared key named is not known.'),
  alert(116, 'certificate_required', 'The server wants a client certificate and got none.', [
    'client-certificate-required',
  ]),
  alert(120, 'no_application_protocol', 'No application protocol in common.', ['other-service-on-port']),
];

const byCode = new Map(TLS_ALERTS.map((row) => [row.code, row]));

/** The row of a TLS alert, or undefined. */
export function findTlsAlert(code: number): CodeRow | undefined {
  return byCode.get(code);
}
