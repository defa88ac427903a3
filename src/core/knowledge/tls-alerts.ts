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
  alert(0, 'close_notify', 'The other side closes the connection in an orderly way. This is not an error.'),
  alert(10, 'unexpected_message', 'A message arrived that does not belong at this point.', [
    'tls-handshake-refused',
    'other-service-on-port',
  ]),
  alert(
    20,
    'bad_record_mac',
    'A record was damaged, or protected with another key.',
    [],
    ['A device in between that changes packets'],
  ),
  alert(
    21,
    'decryption_failed',
    'A record could not be decrypted. Only old software still sends this alert.',
  ),
  alert(22, 'record_overflow', 'A record is too long.', ['tls-answer-foreign', 'other-service-on-port']),
  alert(
    40,
    'handshake_failure',
    'The server found nothing acceptable in the offer, usually because no cipher suite is shared.',
    ['tls-no-common-suite', 'fips-only', 'certificate-key-unreadable'],
    [HANDSHAKE, 'Schannel event 36874 on the target'],
  ),
  alert(42, 'bad_certificate', 'A certificate is damaged.', [
    'certificate-untrusted',
    'client-certificate-required',
  ]),
  alert(43, 'unsupported_certificate', 'A certificate is of an unsupported kind.', [
    'certificate-unusable',
    'certificate-untrusted',
    'client-certificate-required',
  ]),
  alert(44, 'certificate_revoked', 'A certificate has been revoked.', ['certificate-untrusted']),
  alert(
    45,
    'certificate_expired',
    'A certificate has expired, or the clock of the machine that checks it is wrong.',
    ['certificate-expired', 'certificate-not-yet-valid', 'clock-skew'],
  ),
  alert(46, 'certificate_unknown', 'A certificate was not accepted; the alert does not say why.', [
    'certificate-untrusted',
    'certificate-name-mismatch',
    'client-certificate-required',
  ]),
  alert(
    47,
    'illegal_parameter',
    'A field contradicts another, or has a value that the other side does not accept.',
    ['tls-handshake-refused', 'tls-no-common-version'],
  ),
  alert(
    48,
    'unknown_ca',
    "The issuer of a certificate is not known. If the server received this alert, the client refused the server's certificate.",
    ['certificate-untrusted'],
  ),
  alert(49, 'access_denied', 'The certificate is valid, but its holder is not allowed to connect.', [
    'client-certificate-required',
  ]),
  alert(50, 'decode_error', 'A message could not be read.', [
    'tls-handshake-refused',
    'other-service-on-port',
  ]),
  alert(51, 'decrypt_error', 'A signature or key exchange of the handshake failed.', [
    'certificate-key-unreadable',
  ]),
  alert(
    60,
    'export_restriction',
    'The handshake breaks the export rules of the 1990s. The alert is obsolete.',
  ),
  alert(
    70,
    'protocol_version',
    'The other side knows the offered TLS version but does not accept it.',
    ['tls-no-common-version', 'tls-server-disabled'],
    [HANDSHAKE],
  ),
  alert(
    71,
    'insufficient_security',
    'The server requires stronger cipher suites than the client offers.',
    ['tls-no-common-suite', 'fips-only'],
    [HANDSHAKE],
  ),
  alert(
    80,
    'internal_error',
    'The sender has a problem of its own; for a server it is often its key or certificate.',
    ['certificate-key-unreadable', 'tls-server-disabled', 'certificate-missing'],
    ['Schannel events 36870 and 36871 on the target'],
  ),
  alert(
    86,
    'inappropriate_fallback',
    'The client fell back to an older version although the server supports a newer one.',
    ['tls-handshake-refused', 'tls-no-common-version'],
    [HANDSHAKE],
  ),
  alert(90, 'user_canceled', 'The user cancelled the handshake.'),
  alert(100, 'no_renegotiation', 'The other side declined a new handshake inside the connection.'),
  alert(109, 'missing_extension', 'A TLS 1.3 hello lacks a required extension.', ['tls-no-common-version']),
  alert(110, 'unsupported_extension', 'An answer contained an extension that was not requested.'),
  alert(112, 'unrecognized_name', 'The server does not know the host name in the hello, or requires one.', [
    'server-name-refused',
    'target-name-wrong',
  ]),
  alert(
    113,
    'bad_certificate_status_response',
    'The revocation status sent with the certificate is not valid.',
    ['certificate-untrusted'],
  ),
  alert(115, 'unknown_psk_identity', 'The server does not know the pre-shared key that the client named.'),
  alert(116, 'certificate_required', 'The server requires a client certificate and got none.', [
    'client-certificate-required',
  ]),
  alert(120, 'no_application_protocol', 'Client and server share no application protocol.', [
    'other-service-on-port',
  ]),
];

const byCode = new Map(TLS_ALERTS.map((row) => [row.code, row]));

/** The row of a TLS alert, or undefined. */
export function findTlsAlert(code: number): CodeRow | undefined {
  return byCode.get(code);
}
