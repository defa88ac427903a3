import { type ErrorText, type TextOrigin, text } from './error-text-row.ts';

const OPENSSL: TextOrigin = {
  source: 'OpenSSL, ssl/ssl_err.c and man page SSL_alert_desc_string',
  sure: 'verified',
};
const KRB5: TextOrigin = { source: 'MIT Kerberos, krb5_err.et and krb5 error messages', sure: 'verified' };

const SECLEVEL = 'Try /tls:seclevel:0 on the client: if that works, the server is merely old';

/** What OpenSSL and MIT Kerberos say, whatever program they are part of. */
export const SECURITY_TEXTS: readonly ErrorText[] = [
  // ---------------------------------------------------------------- OpenSSL: alerts it received
  text(
    OPENSSL,
    'openssl-protocol-version',
    ['tlsv1 alert protocol version', 'tlsv13 alert protocol version', 'SSL alert number 70'],
    'The other side knows the TLS version that was offered and does not accept it.',
    ['tls-no-common-version', 'tls-server-disabled'],
  ),
  text(
    OPENSSL,
    'openssl-handshake-failure',
    ['sslv3 alert handshake failure', 'ssl/tls alert handshake failure', 'SSL alert number 40'],
    'The other side found nothing acceptable in what was offered, usually because no cipher suite is shared.',
    ['tls-no-common-suite', 'tls-no-common-version', 'certificate-key-unreadable', 'fips-only'],
  ),
  text(
    OPENSSL,
    'openssl-insufficient-security',
    ['tlsv1 alert insufficient security', 'SSL alert number 71'],
    'The other side wants stronger cipher suites than those offered.',
    ['tls-no-common-suite', 'fips-only'],
  ),
  text(
    OPENSSL,
    'openssl-unknown-ca',
    ['tlsv1 alert unknown ca', 'SSL alert number 48'],
    'The other side does not know who issued the certificate it was shown.',
    ['certificate-untrusted'],
  ),
  text(
    OPENSSL,
    'openssl-certificate-expired',
    ['sslv3 alert certificate expired', 'ssl/tls alert certificate expired', 'certificate has expired'],
    'A certificate has expired, or the clock of the side that checks it is wrong.',
    ['certificate-expired', 'clock-skew'],
  ),
  text(
    OPENSSL,
    'openssl-bad-certificate',
    ['sslv3 alert bad certificate', 'ssl/tls alert bad certificate', 'sslv3 alert certificate unknown'],
    'The other side does not accept the certificate it was shown.',
    ['certificate-untrusted'],
  ),
  text(
    OPENSSL,
    'openssl-certificate-required',
    ['tlsv13 alert certificate required', 'SSL alert number 116'],
    'The server requires a client certificate and got none.',
    ['smart-card-required'],
  ),
  text(
    OPENSSL,
    'openssl-internal-error',
    ['tlsv1 alert internal error', 'SSL alert number 80'],
    "The server ended the connection with an internal error. After the handshake, that is how Windows ends a sign-in that it does not accept; during the handshake, the server's key or certificate is at fault.",
    ['certificate-key-unreadable', 'credentials-wrong', 'password-expired', 'tls-server-disabled'],
    { look: ['Security event 4625 and Schannel events on the server at that second'] },
  ),
  text(
    OPENSSL,
    'openssl-unrecognized-name',
    ['tlsv1 unrecognized name', 'tlsv1 alert unrecognized name'],
    'The server does not know the host name in the hello.',
    ['target-name-wrong'],
  ),
  // ---------------------------------------------------------------- OpenSSL: what it refuses itself
  text(
    OPENSSL,
    'openssl-unsupported-protocol',
    [
      'SSL routines::unsupported protocol',
      'unsupported protocol',
      'no protocols available',
      'wrong ssl version',
    ],
    "This OpenSSL is not allowed to speak the other side's TLS version.",
    ['tls-no-common-version'],
    { look: [SECLEVEL] },
  ),
  text(
    OPENSSL,
    'openssl-wrong-version-number',
    ['SSL routines::wrong version number', 'wrong version number', 'http request', 'packet length too long'],
    'What answered does not speak TLS: another program, plain RDP, or a proxy.',
    ['other-service-on-port', 'listener-inconsistent', 'tls-no-common-version'],
  ),
  text(
    OPENSSL,
    'openssl-weak-key',
    ['dh key too small', 'ee key too small', 'ca md too weak', 'ca key too small', 'modulus too small'],
    "The server's key or signature is weaker than this OpenSSL accepts.",
    ['tls-no-common-suite', 'certificate-untrusted'],
    { look: [SECLEVEL] },
  ),
  text(
    OPENSSL,
    'openssl-no-shared-cipher',
    [
      'no shared cipher',
      'no ciphers available',
      'no cipher match',
      'no suitable signature algorithm',
      'no shared signature algorithms',
    ],
    'Client and server share no cipher suite or signature algorithm.',
    ['tls-no-common-suite', 'tls-no-common-version'],
    { look: [SECLEVEL] },
  ),
  text(
    OPENSSL,
    'openssl-legacy-renegotiation',
    ['unsafe legacy renegotiation disabled', 'legacy sigalg disallowed or unsupported'],
    'The server lacks something that current OpenSSL versions insist on.',
    ['tls-no-common-version', 'tls-no-common-suite'],
  ),
  text(
    OPENSSL,
    'openssl-verify-failed',
    ['certificate verify failed', 'unable to get local issuer certificate'],
    'The client insists on a certificate that it can verify, and it cannot verify this one.',
    ['certificate-untrusted', 'certificate-expired'],
  ),
  // ---------------------------------------------------------------- MIT Kerberos
  text(KRB5, 'krb5-skew', ['Clock skew too great'], 'The clocks are too far apart for Kerberos.', [
    'clock-skew',
  ]),
  text(
    KRB5,
    'krb5-no-kdc',
    [
      'Cannot find KDC for realm',
      'Cannot find KDC for requested realm',
      'Cannot resolve servers for KDC in realm',
      'Cannot resolve network address for KDC in realm',
    ],
    'No domain controller is known for that realm: DNS does not lead to one, or the realm is misspelt.',
    ['domain-controller-unreachable', 'dns-misconfigured', 'name-form-wrong'],
  ),
  text(
    KRB5,
    'krb5-kdc-unreachable',
    ['Cannot contact any KDC for realm', 'Cannot contact any KDC for requested realm'],
    'Domain controllers are known for that realm, but none answers.',
    ['domain-controller-unreachable', 'firewall-blocks'],
  ),
  text(
    KRB5,
    'krb5-password',
    [
      'Preauthentication failed',
      'Password incorrect while getting initial credentials',
      'Decrypt integrity check failed',
    ],
    'The password is wrong. For a computer account, machine and domain hold different machine passwords.',
    ['credentials-wrong', 'machine-password-mismatch'],
  ),
  text(
    KRB5,
    'krb5-client-unknown',
    [
      'not found in Kerberos database while getting initial credentials',
      'Client not found in Kerberos database',
    ],
    'The domain controller does not know the user.',
    ['credentials-wrong', 'name-form-wrong'],
  ),
  text(
    KRB5,
    'krb5-server-unknown',
    ['Server not found in Kerberos database'],
    'The domain controller does not know the service, so TERMSRV/<name> is not registered.',
    ['spn-missing', 'target-name-wrong'],
  ),
  text(
    KRB5,
    'krb5-revoked',
    ["Client's credentials have been revoked", 'Clients credentials have been revoked'],
    'The account is locked, disabled or has expired.',
    ['account-locked', 'account-disabled', 'account-expired'],
  ),
  text(
    KRB5,
    'krb5-password-expired',
    ['Password has expired while getting initial credentials', 'Key has expired'],
    'The password has expired.',
    ['password-expired'],
  ),
  text(
    KRB5,
    'krb5-etype',
    [
      'KDC has no support for encryption type',
      'Encryption type not permitted',
      'No supported encryption types',
    ],
    'The two sides share no Kerberos encryption type.',
    ['kerberos-encryption-mismatch'],
  ),
];
