import { type ErrorText, type TextOrigin, text } from './error-text-row.ts';

const FREERDP: TextOrigin = { source: 'FreeRDP, messages of libfreerdp and WinPR', sure: 'verified' };
const REMMINA: TextOrigin = { source: 'Remmina, plugins/rdp/rdp_plugin.c', sure: 'verified' };
const GUACD: TextOrigin = { source: 'guacamole-server, src/protocols/rdp/error.c', sure: 'verified' };
const XRDP: TextOrigin = { source: 'xrdp, messages of libxrdp, common and sesman', sure: 'verified' };
const PAM: TextOrigin = { source: 'Linux-PAM and SSSD, messages of pam_unix and pam_sss', sure: 'verified' };
const RDESKTOP: TextOrigin = { source: 'rdesktop, iso.c, tcp.c and cssp.c', sure: 'verified' };
const SYSTEM: TextOrigin = { source: 'errno of POSIX, messages of the C library', sure: 'verified' };

const SECLEVEL = 'Try /tls:seclevel:0 on the client: if that works, the server is merely old';

/** What clients and servers of other systems than Windows say. */
export const LINUX_TEXTS: readonly ErrorText[] = [
  // ---------------------------------------------------------------- FreeRDP
  text(
    FREERDP,
    'freerdp-connection-failed',
    ['The connection failed at TLS connect'],
    'The TLS handshake failed.',
    ['tls-no-common-version', 'tls-no-common-suite', 'certificate-untrusted'],
    { look: [SECLEVEL] },
  ),
  text(
    FREERDP,
    'freerdp-negotiation-failed',
    [
      'The connection failed at negotiating security settings',
      'protocol security negotiation or connection failure',
    ],
    'Client and server agreed on no security protocol.',
    ['nla-required-by-server', 'listener-inconsistent', 'certificate-missing', 'nla-not-offered'],
  ),
  text(
    FREERDP,
    'freerdp-certificate-name',
    [
      'does not match any of the names given in the certificate',
      'CERTIFICATE NAME MISMATCH',
      'The above X.509 certificate could not be verified',
    ],
    'The certificate of the server or gateway is for another name, or the client does not know its issuer.',
    ['certificate-untrusted', 'certificate-name-mismatch', 'target-name-wrong', 'certificate-expired'],
    {
      look: [
        'Connect by the name in the certificate, or use /cert:tofu or "Ignore certificate" to accept it once',
      ],
    },
  ),
  text(
    FREERDP,
    'freerdp-certificate-rejected',
    [
      'certificate not trusted, aborting',
      'The host key for',
      'Host key verification failed',
      'REMOTE HOST IDENTIFICATION HAS CHANGED',
    ],
    'The client remembers a different certificate for this server, or nobody confirmed the new one.',
    ['certificate-untrusted', 'target-name-wrong'],
  ),
  // ---------------------------------------------------------------- Remmina
  text(
    REMMINA,
    'remmina-refused',
    ['Could not access the RDP server'],
    'The server answered and refused this account; the second line says why.',
    ['account-expired', 'account-locked', 'password-expired', 'account-disabled', 'account-restricted'],
    { title: 'Could not access the RDP server' },
  ),
  text(
    REMMINA,
    'remmina-restricted',
    ['Account restricted.', 'Insufficient user privileges'],
    'A restriction or a missing right keeps the user out.',
    ['account-restricted', 'user-right-missing'],
  ),
  text(
    REMMINA,
    'remmina-change-password',
    ['Change user password before connecting', 'Password expired.'],
    'The password has expired or must be changed first.',
    ['password-expired'],
  ),
  text(
    REMMINA,
    'remmina-authentication',
    ['Could not authenticate to RDP server', 'Could not authenticate with RDP server'],
    'The server refused the user name or password.',
    ['credentials-wrong', 'name-form-wrong', 'account-restricted'],
  ),
  text(
    REMMINA,
    'remmina-name',
    ['Could not find the address for the RDP server'],
    "The server's name cannot be resolved.",
    ['target-name-wrong'],
  ),
  text(
    REMMINA,
    'remmina-tls',
    ['Could not connect to the RDP server via TLS', 'via TLS. See the DEBUG traces from a terminal'],
    'The TLS handshake failed.',
    ['tls-no-common-version', 'tls-no-common-suite', 'certificate-untrusted'],
    { look: ['Try TLS Security Level 0 in the advanced settings: if that works, the server is merely old'] },
  ),
  text(
    REMMINA,
    'remmina-security',
    ['Check “Security protocol negotiation”', 'Check Security protocol negotiation'],
    'Client and server agreed on no security protocol.',
    ['nla-required-by-server', 'listener-inconsistent', 'certificate-missing', 'nla-not-offered'],
  ),
  // ---------------------------------------------------------------- Guacamole
  text(
    GUACD,
    'guacd-security-type',
    [
      'Server refused connection (wrong security type?)',
      'Security negotiation failed (wrong security type?)',
    ],
    'The server does not accept the kind of security that the connection requests. If NLA is required, the connection needs security mode NLA or any, and a user name and password.',
    [
      'nla-required-by-server',
      'listener-closes-connection',
      'certificate-key-unreadable',
      'tls-no-common-version',
    ],
    { look: ['The connection\'s security mode and "Ignore server certificate"', 'guacd -L debug'] },
  ),
  text(
    GUACD,
    'guacd-denied',
    ['Access denied by server (account locked/disabled?)'],
    'The server refused this account.',
    ['account-locked', 'account-disabled', 'user-right-missing', 'account-restricted'],
  ),
  text(
    GUACD,
    'guacd-authentication',
    ['Authentication failure (invalid credentials?)'],
    'The user name or password is wrong or was not given.',
    ['credentials-wrong', 'name-form-wrong'],
  ),
  text(GUACD, 'guacd-expired', ['Credentials expired.'], 'The password or the account has expired.', [
    'password-expired',
    'account-expired',
  ]),
  text(
    GUACD,
    'guacd-certificate',
    ['SSL/TLS connection failed (untrusted/self-signed certificate?)', 'Certificate validation failed'],
    "The server's certificate was not accepted by guacd, or the handshake failed.",
    ['certificate-untrusted', 'tls-no-common-version'],
    { look: ['The connection\'s "Ignore server certificate"'] },
  ),
  text(
    GUACD,
    'guacd-name',
    ['DNS lookup failed (incorrect hostname?)'],
    'The name cannot be resolved where guacd runs.',
    ['target-name-wrong'],
  ),
  text(
    GUACD,
    'guacd-unreachable',
    ['Connection failed (server unreachable?)'],
    'No connection to the server could be opened by guacd.',
    ['port-unreachable', 'firewall-blocks', 'rdp-disabled'],
  ),
  // ---------------------------------------------------------------- xrdp
  text(
    XRDP,
    'xrdp-certificate-file',
    [
      'Cannot read certificate file',
      'Error loading TLS certificate chain from',
      'because certificate or private key file is not readable',
    ],
    'The certificate cannot be read by xrdp, so no TLS is offered.',
    ['certificate-missing', 'certificate-key-unreadable'],
  ),
  text(
    XRDP,
    'xrdp-key-file',
    ['Cannot read private key file', 'Error loading TLS private key from'],
    'The private key cannot be read by xrdp; the user xrdp must be in the group ssl-cert.',
    ['certificate-key-unreadable', 'certificate-missing'],
  ),
  text(
    XRDP,
    'xrdp-key-mismatch',
    ['Private key and certificate do not match'],
    'The private key does not belong to the certificate.',
    ['certificate-key-unreadable', 'certificate-binding-orphaned'],
  ),
  text(
    XRDP,
    'xrdp-tls-required',
    ['Server requires TLS for security, but the client did not request TLS'],
    'The server accepts only TLS, and the client requested standard RDP security.',
    ['nla-required-by-server'],
  ),
  text(
    XRDP,
    'xrdp-no-protocols',
    ['No SSL/TLS protocols enabled'],
    'The xrdp configuration switches off every TLS version.',
    ['tls-server-disabled'],
  ),
  text(
    XRDP,
    'xrdp-same-encryption',
    ['Client and server do not both support the same encryption'],
    'In standard RDP security, client and server share no encryption method.',
    ['encryption-level-too-high', 'fips-only'],
  ),
  text(
    XRDP,
    'xrdp-tls-negotiation',
    ['Unable to negotiate a TLS connection with the client', 'trans_set_tls_mode: ssl_tls_accept failed'],
    'The TLS handshake with a client failed: a scanner hung up, or the two share no version or suite.',
    ['tls-no-common-version', 'tls-no-common-suite', 'connection-flood'],
  ),
  text(
    XRDP,
    'xrdp-login-failed',
    ['login failed for user', 'login failed for display', 'pam_authenticate failed'],
    'The user name or password was refused by sesman.',
    ['credentials-wrong', 'account-locked'],
    { look: ['The pam_* lines in the journal'] },
  ),
  text(
    XRDP,
    'xrdp-group',
    [
      'Access denied for user',
      'by your system admin',
      'group is not defined. Access denied',
      'ROOT login attempted, but root login is disabled',
    ],
    'The password is right, but the account may not sign in over Remote Desktop.',
    ['user-right-missing', 'account-restricted'],
    { look: ['TerminalServerUsers in sesman.ini; the access rules of PAM and SSSD'] },
  ),
  text(
    PAM,
    'pam-authentication-failure',
    [
      'xrdp-sesman:auth): authentication failure',
      'sshd:auth): authentication failure',
      'gdm-password]: authentication failure',
    ],
    'This PAM module did not accept the password; a later one may have.',
    ['credentials-wrong', 'account-locked'],
  ),
  text(
    PAM,
    'pam-authentication-success',
    ['xrdp-sesman:auth): authentication success'],
    'A PAM module accepted the password: whatever follows is about rights, not about the password.',
    ['user-right-missing'],
  ),
  text(
    PAM,
    'pam-account-denied',
    ['(Permission denied)', 'pam_acct_mgmt failed', 'xrdp-sesman:account): Access denied'],
    'PAM accepted the password and then denied access to the account.',
    ['user-right-missing', 'account-restricted'],
    { look: ['access_provider and ad_gpo_access_control in sssd.conf'] },
  ),
  text(PAM, 'pam-account-expired', ['account has expired (account expired)'], 'The account has expired.', [
    'account-expired',
  ]),
  // ---------------------------------------------------------------- rdesktop
  text(
    RDESKTOP,
    'rdesktop-credssp',
    ['CredSSP required by server', 'Failed to connect, CredSSP required by server'],
    'The server insists on NLA, which this rdesktop does not support or has no Kerberos ticket for.',
    ['nla-required-by-server'],
    { look: ['Run kinit first, because rdesktop does NLA only with Kerberos, or use FreeRDP'] },
  ),
  text(
    RDESKTOP,
    'rdesktop-negotiation',
    [
      'Failed to negotiate protocol, retrying with plain RDP',
      'Failed to connect using SSL, trying with plain RDP',
    ],
    'TLS with the server failed, so rdesktop falls back to standard RDP security.',
    ['tls-no-common-suite', 'tls-no-common-version', 'nla-required-by-server'],
  ),
  text(RDESKTOP, 'rdesktop-tls', ['TLS handshake failed. GnuTLS error'], 'The TLS handshake failed.', [
    'tls-no-common-version',
    'tls-no-common-suite',
  ]),
  text(
    RDESKTOP,
    'rdesktop-name',
    [
      'unable to resolve host',
      'getaddrinfo() failed',
      'Name or service not known',
      'Temporary failure in name resolution',
      'nodename nor servname provided',
    ],
    "The server's name cannot be resolved.",
    ['target-name-wrong', 'dns-misconfigured'],
  ),
  // ---------------------------------------------------------------- sockets
  text(
    SYSTEM,
    'socket-refused',
    ['Connection refused', 'actively refused it'],
    'The machine answered that nothing listens on that port.',
    ['rdp-disabled', 'rdp-service-disabled', 'port-changed', 'port-unreachable'],
  ),
  text(
    SYSTEM,
    'socket-timeout',
    ['Connection timed out', 'did not properly respond after a period of time', 'Operation timed out'],
    'Nothing answered: packets are dropped on the way, or the machine is off.',
    ['port-unreachable', 'firewall-blocks', 'machine-not-ready'],
  ),
  text(
    SYSTEM,
    'socket-unreachable',
    ['No route to host', 'Network is unreachable'],
    'There is no route to that machine.',
    ['port-unreachable', 'firewall-blocks'],
  ),
  text(
    SYSTEM,
    'socket-reset',
    ['Connection reset by peer', 'forcibly closed by the remote host'],
    'The other side, or a device in between, cut the connection.',
    ['listener-closes-connection', 'tls-server-disabled', 'certificate-key-unreadable', 'firewall-blocks'],
  ),
];
