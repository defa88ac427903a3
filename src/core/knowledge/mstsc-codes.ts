import type { CauseId } from './cause-catalogue.ts';
import type { CodeRow } from './row.ts';

const REASON = 'Microsoft: IMsTscAxEvents::OnDisconnected';
const EXTENDED = 'Microsoft: ExtendedDisconnectReasonCode';

const OUTSIDE = 'rdpdoctor diagnose HOST shows at which stage the sign-in stops';

function reason(
  code: number,
  name: string,
  meaning: string,
  causes: readonly CauseId[] = [],
  look: readonly string[] = [OUTSIDE],
): CodeRow {
  return { code, name, meaning, causes, look, source: REASON, sure: 'verified' };
}

function extended(
  code: number,
  name: string,
  meaning: string,
  causes: readonly CauseId[] = [],
  look: readonly string[] = [OUTSIDE],
): CodeRow {
  return { code, name, meaning, causes, look, source: EXTENDED, sure: 'verified' };
}

const ENCRYPTION: readonly CauseId[] = ['encryption-level-too-high', 'fips-only', 'certificate-missing'];
const SECURITY_SETTINGS = ['SecurityLayer, MinEncryptionLevel and FIPS mode of the target', OUTSIDE];

/** Disconnect reasons of the Remote Desktop client: the "error code" of its dialog. */
export const MSTSC_REASONS: readonly CodeRow[] = [
  reason(0x0, 'disconnectReasonNoInfo', 'The client gives no reason.'),
  reason(0x1, 'disconnectReasonLocalNotError', 'The client itself ended the session. This is not an error.'),
  reason(
    0x2,
    'disconnectReasonRemoteByUser',
    'A user at the other end ended the session. This is not an error.',
  ),
  reason(
    0x3,
    'disconnectReasonByServer',
    'The server ended the connection. That alone is not an error: the extended code says why.',
    [],
    ['The extended error code beside it'],
  ),
  reason(0x104, 'disconnectReasonDNSLookupFailed', 'The client could not resolve the name.', [
    'target-name-wrong',
  ]),
  reason(0x106, 'disconnectReasonOutOfMemory', 'The client ran out of memory.'),
  reason(0x108, 'disconnectReasonConnectionTimedOut', 'The server did not answer in time.', [
    'port-unreachable',
    'firewall-blocks',
    'listener-silent',
    'machine-not-ready',
  ]),
  reason(
    0x204,
    'disconnectReasonSocketConnectFailed',
    'The client could not open a connection: the port is closed or filtered, or the service is down.',
    ['port-unreachable', 'rdp-disabled', 'rdp-service-disabled', 'firewall-blocks', 'port-changed'],
  ),
  reason(0x206, 'disconnectReasonOutOfMemory2', 'The client ran out of memory.'),
  reason(0x208, 'disconnectReasonHostNotFound', 'The client found no host with that name.', [
    'target-name-wrong',
  ]),
  reason(
    0x304,
    'disconnectReasonWinsockSendFailed',
    'The client could not send because the connection was lost.',
    ['listener-closes-connection', 'port-unreachable'],
  ),
  reason(0x306, 'disconnectReasonOutOfMemory3', 'The client ran out of memory.'),
  reason(0x308, 'disconnectReasonInvalidIPAddr', 'The IP address is not valid.', ['target-name-wrong']),
  reason(
    0x404,
    'disconnectReasonSocketRecvFailed',
    'The client could not receive because the connection was reset.',
    ['listener-closes-connection', 'tls-server-disabled', 'certificate-key-unreadable'],
  ),
  reason(
    0x406,
    'disconnectReasonInvalidSecurityData',
    'The client cannot interpret the security data that the server sent.',
    ENCRYPTION,
    SECURITY_SETTINGS,
  ),
  reason(0x408, 'disconnectReasonInternalError', 'The client reports an internal error.', [
    'connection-flood',
    'certificate-key-unreadable',
    'tls-server-disabled',
  ]),
  reason(
    0x506,
    'disconnectReasonInvalidEncryption',
    'The server chose an encryption method that the client does not support.',
    ENCRYPTION,
    SECURITY_SETTINGS,
  ),
  reason(0x508, 'disconnectReasonDNSLookupFailed2', 'The client could not resolve the name.', [
    'target-name-wrong',
  ]),
  reason(0x604, 'disconnectReasonGetHostByNameFailed', 'The client could not resolve the name.', [
    'target-name-wrong',
  ]),
  reason(
    0x606,
    'disconnectReasonInvalidServerSecurityInfo',
    'The security data that the server sent is not valid.',
    ENCRYPTION,
    SECURITY_SETTINGS,
  ),
  reason(0x608, 'disconnectReasonTimerError', 'A timer inside the client failed.'),
  reason(0x704, 'disconnectReasonTimeoutOccurred', 'The server stopped answering.', [
    'port-unreachable',
    'machine-not-ready',
  ]),
  reason(
    0x706,
    'disconnectReasonServerCertificateUnpackErr',
    'The client cannot read the certificate that the server presents.',
    ['certificate-missing', 'encryption-level-too-high'],
    SECURITY_SETTINGS,
  ),
  reason(0x804, 'disconnectReasonInvalidIP', 'The IP address is not valid.', ['target-name-wrong']),
  reason(0x807, 'SSL_ERR_LOGON_FAILURE', 'The server refused the sign-in before the session started.', [
    'credentials-wrong',
    'name-form-wrong',
    'saved-credential-stale',
  ]),
  reason(0x808, 'disconnectReasonLicensingFailed', 'License negotiation failed.', ['license-server-missing']),
  reason(
    0x904,
    'disconnectReasonAtClientWinsockFDCLOSE',
    'The server closed the connection. If that happens during negotiation, the server could not set up TLS or has no usable certificate.',
    [
      'certificate-key-unreadable',
      'certificate-missing',
      'tls-server-disabled',
      'tls-no-common-suite',
      'listener-closes-connection',
      'connection-flood',
    ],
    ['Schannel events 36870, 36871 and 36874 on the target', OUTSIDE],
  ),
  reason(
    0x906,
    'disconnectReasonInternalSecurityError',
    'The client reports an internal error in the security of the connection.',
    ENCRYPTION,
    SECURITY_SETTINGS,
  ),
  reason(0x908, 'disconnectReasonLicensingTimeout', 'License negotiation took too long.', [
    'license-server-missing',
  ]),
  reason(
    0xa06,
    'disconnectReasonInternalSecurityError2',
    'The client reports an internal error in the security of the connection.',
    ENCRYPTION,
    SECURITY_SETTINGS,
  ),
  reason(0xa07, 'SSL_ERR_NO_SUCH_USER', 'The machine or domain that was asked has no such account.', [
    'credentials-wrong',
    'name-form-wrong',
  ]),
  reason(
    0xb06,
    'disconnectReasonEncryptionError',
    'Encryption failed in standard RDP security.',
    ENCRYPTION,
    SECURITY_SETTINGS,
  ),
  reason(0xb07, 'SSL_ERR_ACCOUNT_DISABLED', 'The account is disabled.', ['account-disabled']),
  reason(
    0xc06,
    'disconnectReasonDecryptionError',
    'Decryption failed in standard RDP security.',
    ENCRYPTION,
    SECURITY_SETTINGS,
  ),
  reason(0xc07, 'SSL_ERR_ACCOUNT_RESTRICTION', 'A restriction on the account forbids this sign-in.', [
    'account-restricted',
    'ntlm-blocked',
  ]),
  reason(
    0xc08,
    'disconnectReasonClientDecompressionError',
    'The client could not decompress the data it received.',
  ),
  reason(0xd07, 'SSL_ERR_ACCOUNT_LOCKED_OUT', 'The account is locked.', ['account-locked']),
  reason(0xe07, 'SSL_ERR_ACCOUNT_EXPIRED', 'The account has expired.', ['account-expired']),
  reason(0xf07, 'SSL_ERR_PASSWORD_EXPIRED', 'The password has expired.', ['password-expired']),
  reason(0x1207, 'SSL_ERR_PASSWORD_MUST_CHANGE', 'The user must change the password first.', [
    'password-expired',
  ]),
  reason(
    0x1607,
    'SSL_ERR_DELEGATION_POLICY',
    "The client's policy does not let it send credentials to this server.",
    ['delegation-policy-restricted'],
  ),
  reason(
    0x1707,
    'SSL_ERR_POLICY_NTLM_ONLY',
    "Only NTLM was possible, but the client's policy allows only servers that it can authenticate.",
    ['delegation-policy-restricted', 'spn-missing'],
    ['Connect with the full DNS name'],
  ),
  reason(
    0x1807,
    'SSL_ERR_NO_AUTHENTICATING_AUTHORITY',
    'Nothing that could check the user was reached: the domain name is wrong, no domain controller answers, or a trust is broken.',
    [
      'domain-controller-unreachable',
      'secure-channel-broken',
      'machine-password-mismatch',
      'domain-controller-unhealthy',
      'name-form-wrong',
      'domain-trust-broken',
    ],
  ),
  reason(
    0x1b07,
    'SSL_ERR_CERT_EXPIRED',
    'The certificate that the server presents has expired or is not valid yet.',
    ['certificate-expired', 'certificate-not-yet-valid', 'clock-skew'],
  ),
  reason(0x1c07, 'SSL_ERR_SMARTCARD_WRONG_PIN', 'The PIN of the smart card is wrong.', ['credentials-wrong']),
  reason(
    0x2107,
    'SSL_ERR_FRESH_CRED_REQUIRED_BY_SERVER',
    'The server does not accept saved credentials; the user must type them.',
    ['saved-credential-stale', 'delegation-policy-restricted'],
  ),
  reason(0x2207, 'SSL_ERR_SMARTCARD_CARD_BLOCKED', 'The smart card is blocked.', ['smart-card-required']),
  // Not in the published table: codes of the Windows App on macOS, iOS and Android.
  {
    code: 0x207,
    name: 'WindowsApp_0x207',
    meaning:
      'The Windows App on macOS or a phone failed at the sign-in before the session and cannot say why: the password has expired, NTLM is refused, or the server lacks the CredSSP update of 2018.',
    causes: [
      'password-expired',
      'ntlm-blocked',
      'credssp-outdated',
      'credentials-wrong',
      'account-restricted',
    ],
    look: ['Security event 4625 on the target: SubStatus', OUTSIDE],
    source: 'Microsoft: Remote Desktop client for macOS, what is new (0x207); reports of administrators',
    sure: 'practice',
  },
  {
    code: 0x907,
    name: 'WindowsApp_0x907',
    meaning:
      'The Windows App on macOS or a phone stopped at TLS, usually because the certificate of the target or its gateway has expired or is for another name.',
    causes: ['certificate-expired', 'certificate-untrusted', 'certificate-missing'],
    look: [OUTSIDE],
    source: 'reports of administrators; Microsoft has published no meaning',
    sure: 'unsure',
  },
];

/** Extended disconnect reasons: the "extended error code" of the client's dialog. */
export const MSTSC_EXTENDED: readonly CodeRow[] = [
  extended(0, 'exDiscReasonNoInfo', 'The server gives no further reason.'),
  extended(1, 'exDiscReasonAPIInitiatedDisconnect', 'A program ended the session.'),
  extended(2, 'exDiscReasonAPIInitiatedLogoff', 'A program or the user logged off.'),
  extended(3, 'exDiscReasonServerIdleTimeout', 'The session was idle for too long.'),
  extended(4, 'exDiscReasonServerLogonTimeout', 'Signing in took too long.', [
    'domain-controller-unreachable',
    'domain-controller-unhealthy',
  ]),
  extended(5, 'exDiscReasonReplacedByOtherConnection', 'Another connection took over the session.'),
  extended(6, 'exDiscReasonOutOfMemory', 'The server ran out of memory.', ['resources-exhausted']),
  extended(7, 'exDiscReasonServerDeniedConnection', 'The server denied the connection.', [
    'listener-closes-connection',
    'certificate-key-unreadable',
    'tls-server-disabled',
    'rdp-disabled',
    'connection-flood',
  ]),
  extended(
    8,
    'exDiscReasonServerDeniedConnectionFips',
    'The server denied the connection because of FIPS. No other code of the client names FIPS.',
    ['fips-only'],
    ['FIPSAlgorithmPolicy\\Enabled and MinEncryptionLevel of the target'],
  ),
  extended(
    9,
    'exDiscReasonServerInsufficientPrivileges',
    'The user does not have the right to use Remote Desktop.',
    ['user-right-missing'],
    ['Remote Desktop Users and the user rights of the target'],
  ),
  extended(10, 'exDiscReasonServerFreshCredsRequired', 'The server does not accept saved credentials.', [
    'saved-credential-stale',
  ]),
  extended(
    11,
    'exDiscReasonRpcInitiatedDisconnectByUser',
    'A user or an administration tool disconnected the session.',
  ),
  extended(256, 'exDiscReasonLicenseInternal', 'The licensing component reports an internal error.', [
    'license-server-missing',
  ]),
  extended(257, 'exDiscReasonLicenseNoLicenseServer', 'No license server was available.', [
    'license-server-missing',
  ]),
  extended(258, 'exDiscReasonLicenseNoLicense', 'No valid license was available.', [
    'license-server-missing',
  ]),
  extended(259, 'exDiscReasonLicenseErrClientMsg', "The client's license message was not valid.", [
    'license-server-missing',
  ]),
  extended(260, 'exDiscReasonLicenseHwidDoesntMatchLicense', 'The license belongs to another device.', [
    'license-server-missing',
  ]),
  extended(261, 'exDiscReasonLicenseErrClientLicense', "The client's license is not valid.", [
    'license-server-missing',
  ]),
  extended(262, 'exDiscReasonLicenseCantFinishProtocol', 'The network failed during licensing.', [
    'license-server-missing',
  ]),
  extended(263, 'exDiscReasonLicenseClientEndedProtocol', 'The client ended the license negotiation early.', [
    'license-server-missing',
  ]),
  extended(264, 'exDiscReasonLicenseErrClientEncryption', 'A license message was not encrypted correctly.', [
    'license-server-missing',
    'encryption-level-too-high',
  ]),
  extended(265, 'exDiscReasonLicenseCantUpgradeLicense', "The client's license could not be renewed.", [
    'license-server-missing',
  ]),
  extended(
    266,
    'exDiscReasonLicenseNoRemoteConnections',
    'The server is not licensed to accept connections.',
    ['license-server-missing'],
  ),
  extended(
    267,
    'exDiscReasonLicenseCreatingLicStoreAccDenied',
    'The client is not allowed to save its license.',
    ['license-server-missing'],
  ),
  extended(768, 'exDiscReasonRdpEncInvalidCredentials', 'Invalid credentials in standard RDP security.', [
    'credentials-wrong',
  ]),
];

const byReason = new Map(MSTSC_REASONS.map((row) => [row.code, row]));
const byExtended = new Map(MSTSC_EXTENDED.map((row) => [row.code, row]));

/** The row of a disconnect reason, or undefined. */
export function findMstscReason(code: number): CodeRow | undefined {
  return byReason.get(code);
}

/**
 * The row of an extended disconnect reason, or undefined. 4096 to 32767 is one range, that of
 * protocol errors, and is answered with the number asked for.
 */
export function findMstscExtended(code: number): CodeRow | undefined {
  if (code >= 4096 && code <= 32767) {
    return extended(
      code,
      'exDiscReasonProtocolRange',
      'The server detected a protocol error; its event log has the details.',
      ['other-service-on-port', 'encryption-level-too-high'],
      ['TermDD 50 and 56, RdpCoreTS 97 on the target'],
    );
  }
  return byExtended.get(code);
}

/** Stage by the low byte of a reason: a pattern of the published table, not a rule that is published. */
const LOW_BYTE: ReadonlyMap<number, string> = new Map([
  [4, 'at the network: name, connect, send or receive'],
  [6, 'at the encryption of standard RDP security'],
  [7, 'at TLS and the sign-in before the session (CredSSP)'],
  [8, 'inside the client or in licensing'],
]);

/** Where a reason that is not in the table stopped, in words; undefined where its low byte fits nothing. */
export function mstscStage(code: number): string | undefined {
  return code > 0xff && code <= 0xffff ? LOW_BYTE.get(code & 0xff) : undefined;
}
