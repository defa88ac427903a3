import type { CauseId } from './cause-catalogue.ts';
import type { CodeRow } from './row.ts';

const SOURCE = 'FreeRDP, include/freerdp/error.h and libfreerdp/core/errconnect.c';
const LICENSE: readonly CauseId[] = ['license-server-missing'];
const BROKER: readonly CauseId[] = ['connection-broker-failing'];

/** FREERDP_ERROR_CONNECT_CLASS: `0x0002` in the upper half. */
function connect(
  low: number,
  name: string,
  meaning: string,
  causes: readonly CauseId[] = [],
  look: readonly string[] = [],
): CodeRow {
  return {
    code: 0x20000 + low,
    name: `ERRCONNECT_${name}`,
    aliases: [`FREERDP_ERROR_CONNECT_${name}`, `FREERDP_ERROR_${name}`],
    meaning,
    causes,
    look,
    source: SOURCE,
    sure: 'verified',
  };
}

/** FREERDP_ERROR_ERRINFO_CLASS: `0x0001` in the upper half, below it errorInfo of [MS-RDPBCGR] 2.2.5.1.1. */
function info(low: number, name: string, meaning: string, causes: readonly CauseId[] = []): CodeRow {
  return {
    code: 0x10000 + low,
    name: `ERRINFO_${name}`,
    meaning,
    causes,
    look: [],
    source: '[MS-RDPBCGR] 2.2.5.1.1 Set Error Info PDU Data',
    sure: 'verified',
  };
}

const VERBOSE = 'xfreerdp /log-level:DEBUG says at which step it stopped';

/** What FreeRDP and everything built on it (Remmina, Guacamole, KRDC, hydra) reports. */
export const FREERDP_CODES: readonly CodeRow[] = [
  connect(1, 'PRE_CONNECT_FAILED', "The client's own configuration stopped it before it connected."),
  connect(2, 'CONNECT_UNDEFINED', 'The connection failed, and FreeRDP gives no reason.', [], [VERBOSE]),
  connect(3, 'POST_CONNECT_FAILED', "The client's own configuration stopped it after it connected."),
  connect(4, 'DNS_ERROR', "The server's name could not be resolved.", ['target-name-wrong']),
  connect(5, 'DNS_NAME_NOT_FOUND', 'DNS knows no host by that name.', ['target-name-wrong']),
  connect(6, 'CONNECT_FAILED', 'No TCP connection could be opened to the server.', [
    'port-unreachable',
    'rdp-disabled',
    'rdp-service-disabled',
    'firewall-blocks',
    'port-changed',
  ]),
  connect(7, 'MCS_CONNECT_INITIAL_ERROR', 'The server did not answer the first message after security.', [
    'encryption-level-too-high',
    'listener-closes-connection',
    'resources-exhausted',
  ]),
  connect(
    8,
    'TLS_CONNECT_FAILED',
    'The TLS handshake failed. By default, OpenSSL 3 no longer uses TLS 1.0 or SHA-1 signatures, which Windows 7 and Server 2008 R2 need.',
    ['tls-no-common-version', 'tls-no-common-suite', 'certificate-untrusted', 'certificate-key-unreadable'],
    ['Try /tls:seclevel:0 on the client: if that works, the server is merely old', VERBOSE],
  ),
  connect(
    9,
    'AUTHENTICATION_FAILED',
    'The server or the client ended the authentication. The log lines before this one say why.',
    ['credentials-wrong', 'ntlm-blocked', 'credssp-outdated'],
    [VERBOSE],
  ),
  connect(0xa, 'INSUFFICIENT_PRIVILEGES', 'The user may not sign in over Remote Desktop.', [
    'user-right-missing',
  ]),
  connect(
    0xb,
    'CONNECT_CANCELLED',
    'The connection was cancelled by the user, or because nobody answered a prompt.',
  ),
  connect(
    0xc,
    'SECURITY_NEGO_CONNECT_FAILED',
    'Client and server agreed on no security protocol. Most often the server requires NLA and the client was told not to use it; a client that was told to use nothing else (/sec:nla) meets a server without NLA.',
    ['nla-required-by-server', 'listener-inconsistent', 'certificate-missing', 'nla-not-offered'],
    ['/sec: on the client; leave it out to let client and server negotiate', VERBOSE],
  ),
  connect(
    0xd,
    'CONNECT_TRANSPORT_FAILED',
    'The connection broke while it was being set up: the server hung up, or the client requested a kind of security that the server does not accept.',
    [
      'nla-required-by-server',
      'listener-closes-connection',
      'certificate-key-unreadable',
      'tls-server-disabled',
    ],
    ['Schannel and TerminalServices events on the server at that second', VERBOSE],
  ),
  connect(0xe, 'PASSWORD_EXPIRED', 'The password has expired.', ['password-expired']),
  connect(
    0xf,
    'PASSWORD_CERTAINLY_EXPIRED',
    'The password has expired. FreeRDP versions from before April 2018 also say this when the server requires the CredSSP update.',
    ['password-expired', 'credssp-outdated'],
  ),
  connect(0x10, 'CLIENT_REVOKED', 'The account is locked, disabled or has expired.', [
    'account-locked',
    'account-disabled',
    'account-expired',
  ]),
  connect(0x11, 'KDC_UNREACHABLE', 'No domain controller answered the request for a Kerberos ticket.', [
    'domain-controller-unreachable',
    'dns-misconfigured',
  ]),
  connect(0x12, 'ACCOUNT_DISABLED', 'The account is disabled.', ['account-disabled']),
  connect(0x13, 'PASSWORD_MUST_CHANGE', 'The password must be changed before the first sign-in.', [
    'password-expired',
  ]),
  connect(
    0x14,
    'LOGON_FAILURE',
    'The sign-in was checked and refused: the user name or password is wrong.',
    ['credentials-wrong', 'name-form-wrong', 'saved-credential-stale', 'ntlm-restricted'],
    ['Security event 4625 on the server: SubStatus'],
  ),
  connect(0x15, 'WRONG_PASSWORD', 'The password is wrong.', ['credentials-wrong', 'saved-credential-stale']),
  connect(0x16, 'ACCESS_DENIED', 'The server denied access to this user.', ['user-right-missing']),
  connect(
    0x17,
    'ACCOUNT_RESTRICTION',
    'The password is right, but a restriction forbids the sign-in: Protected Users, a blank password, logon hours or permitted workstations.',
    ['account-restricted', 'ntlm-blocked'],
    ['A member of Protected Users needs Kerberos: connect by the full DNS name'],
  ),
  connect(0x18, 'ACCOUNT_LOCKED_OUT', 'Too many failed attempts have locked the account.', [
    'account-locked',
    'connection-flood',
  ]),
  connect(0x19, 'ACCOUNT_EXPIRED', 'The account has expired.', ['account-expired']),
  connect(0x1a, 'LOGON_TYPE_NOT_GRANTED', 'The user has no right to this type of logon.', [
    'user-right-missing',
  ]),
  connect(0x1b, 'NO_OR_MISSING_CREDENTIALS', 'No user name or password was given.', ['credentials-wrong']),
  connect(0x1c, 'ACTIVATION_TIMEOUT', 'The server accepted the sign-in but never started the session.', [
    'machine-not-ready',
    'resources-exhausted',
  ]),
  connect(0x1d, 'TARGET_BOOTING', 'The virtual machine is being started.', ['machine-not-ready']),
  connect(
    0x1e,
    'HYBRID_REQUIRED_BY_SERVER',
    'The server requires NLA, and NLA is switched off on the client.',
    ['nla-required-by-server'],
    ['Use /sec:nla, or no /sec: at all'],
  ),
  info(0x1, 'RPC_INITIATED_DISCONNECT', 'An administrative tool disconnected the session.'),
  info(0x2, 'RPC_INITIATED_LOGOFF', 'An administrative tool logged the user off.'),
  info(0x3, 'IDLE_TIMEOUT', 'The session was idle for longer than the server allows.'),
  info(0x4, 'LOGON_TIMEOUT', 'The session lasted longer than the server allows.'),
  info(0x5, 'DISCONNECTED_BY_OTHER_CONNECTION', 'Another connection took over the session.'),
  info(0x6, 'OUT_OF_MEMORY', 'The server ran out of memory.', ['resources-exhausted']),
  info(0x7, 'SERVER_DENIED_CONNECTION', 'The server denied the connection.', [
    'user-right-missing',
    'logons-disabled',
    'listener-closes-connection',
  ]),
  info(0x9, 'SERVER_INSUFFICIENT_PRIVILEGES', 'The user may not sign in over Remote Desktop.', [
    'user-right-missing',
  ]),
  info(0xa, 'SERVER_FRESH_CREDENTIALS_REQUIRED', 'The server does not accept saved credentials.', [
    'saved-credential-stale',
  ]),
  info(0xb, 'RPC_INITIATED_DISCONNECT_BY_USER', 'The user disconnected the session. This is not a fault.'),
  info(
    0xc,
    'LOGOFF_BY_USER',
    'The session was logged off. Right after the sign-in, this can mean that a right is missing.',
    ['user-right-missing'],
  ),
  info(0xf, 'CLOSE_STACK_ON_DRIVER_NOT_READY', 'The display driver of the session did not start in time.', [
    'machine-not-ready',
  ]),
  info(0x10, 'SERVER_DWM_CRASH', 'The window manager of the session crashed on the server.'),
  info(0x11, 'CLOSE_STACK_ON_DRIVER_FAILURE', 'The display driver of the session failed to start.'),
  info(0x12, 'CLOSE_STACK_ON_DRIVER_IFACE_FAILURE', 'The display driver of the session cannot be used.'),
  info(0x17, 'SERVER_WINLOGON_CRASH', 'Winlogon crashed on the server.'),
  info(0x18, 'SERVER_CSRSS_CRASH', 'The Windows subsystem process crashed on the server.'),
  info(0x100, 'LICENSE_INTERNAL', 'Licensing failed on the server.', LICENSE),
  info(0x101, 'LICENSE_NO_LICENSE_SERVER', 'The server found no license server.', LICENSE),
  info(0x102, 'LICENSE_NO_LICENSE', 'No license is available for this client.', LICENSE),
  info(0x103, 'LICENSE_BAD_CLIENT_MSG', "The client's license message was not valid.", LICENSE),
  info(0x104, 'LICENSE_HWID_DOESNT_MATCH_LICENSE', 'The license belongs to another device.', LICENSE),
  info(0x105, 'LICENSE_BAD_CLIENT_LICENSE', "The client's license is not valid.", LICENSE),
  info(0x106, 'LICENSE_CANT_FINISH_PROTOCOL', 'The network failed during licensing.', LICENSE),
  info(0x107, 'LICENSE_CLIENT_ENDED_PROTOCOL', 'The client broke off licensing.', LICENSE),
  info(0x108, 'LICENSE_BAD_CLIENT_ENCRYPTION', 'A license message was encrypted incorrectly.', LICENSE),
  info(0x109, 'LICENSE_CANT_UPGRADE_LICENSE', "The client's license could not be renewed.", LICENSE),
  info(0x10a, 'LICENSE_NO_REMOTE_CONNECTIONS', 'The server is not licensed for remote connections.', LICENSE),
  info(
    0x400,
    'CB_DESTINATION_NOT_FOUND',
    'The connection broker found no machine to send the user to.',
    BROKER,
  ),
  info(
    0x402,
    'CB_LOADING_DESTINATION',
    'The target is disconnecting from the connection broker at the moment.',
    BROKER,
  ),
  info(0x404, 'CB_REDIRECTING_TO_DESTINATION', 'Redirecting to the target failed.', BROKER),
  info(0x405, 'CB_SESSION_ONLINE_VM_WAKE', 'Waking the virtual machine failed.', ['machine-not-ready']),
  info(0x406, 'CB_SESSION_ONLINE_VM_BOOT', 'Starting the virtual machine failed.', ['machine-not-ready']),
  info(0x407, 'CB_SESSION_ONLINE_VM_NO_DNS', 'The address of the virtual machine is not known.', [
    'dns-misconfigured',
    'connection-broker-failing',
  ]),
  info(0x408, 'CB_DESTINATION_POOL_NOT_FREE', "The connection broker's pool has no free machine.", BROKER),
  info(0x409, 'CB_CONNECTION_CANCELLED', 'The connection broker cancelled the connection.', BROKER),
  info(0x410, 'CB_CONNECTION_ERROR_INVALID_SETTINGS', 'The routing token is not valid.', BROKER),
  info(0x411, 'CB_SESSION_ONLINE_VM_BOOT_TIMEOUT', 'The virtual machine did not start in time.', [
    'machine-not-ready',
  ]),
  info(0x1191, 'UPDATE_SESSION_KEY_FAILED', 'Renewing the session key failed in standard RDP security.', [
    'encryption-level-too-high',
  ]),
  info(0x1192, 'DECRYPT_FAILED', 'Decrypting failed in standard RDP security.', [
    'encryption-level-too-high',
  ]),
  info(0x1193, 'ENCRYPT_FAILED', 'Encrypting failed in standard RDP security.', [
    'encryption-level-too-high',
  ]),
  info(
    0x1194,
    'ENCRYPTION_PACKAGE_MISMATCH',
    'The client does not support the encryption that the server demands.',
    ['encryption-level-too-high', 'fips-only'],
  ),
];

const byCode = new Map(FREERDP_CODES.map((row) => [row.code, row]));

/** The row of a FreeRDP error with its class in the upper half (0x0001xxxx or 0x0002xxxx), or undefined. */
export function findFreeRdp(code: number): CodeRow | undefined {
  return byCode.get(code);
}

/** Exit codes of xfreerdp that name a cause: code → the error behind it. FreeRDP, client/X11/xfreerdp.h. */
const EXITS: readonly (readonly [number, string, number])[] = [
  [5, 'CONN_REPLACED', 0x10005],
  [6, 'OUT_OF_MEMORY', 0x10006],
  [7, 'CONN_DENIED', 0x10007],
  [9, 'USER_PRIVILEGES', 0x10009],
  [10, 'FRESH_CREDENTIALS_REQUIRED', 0x1000a],
  [17, 'LICENSE_NO_LICENSE_SERVER', 0x10101],
  [18, 'LICENSE_NO_LICENSE', 0x10102],
  [131, 'CONN_FAILED', 0x20002],
  [132, 'AUTH_FAILURE', 0x20009],
  [133, 'NEGO_FAILURE', 0x2000c],
  [134, 'LOGON_FAILURE', 0x20014],
  [135, 'ACCOUNT_LOCKED_OUT', 0x20018],
  [139, 'DNS_ERROR', 0x20004],
  [140, 'DNS_NAME_NOT_FOUND', 0x20005],
  [141, 'CONNECT_FAILED', 0x20006],
  [142, 'MCS_CONNECT_INITIAL_ERROR', 0x20007],
  [143, 'TLS_CONNECT_FAILED', 0x20008],
  [144, 'INSUFFICIENT_PRIVILEGES', 0x2000a],
  [145, 'CONNECT_CANCELLED', 0x2000b],
  [147, 'CONNECT_TRANSPORT_FAILED', 0x2000d],
  [148, 'CONNECT_PASSWORD_EXPIRED', 0x2000e],
  [149, 'CONNECT_PASSWORD_MUST_CHANGE', 0x20013],
  [150, 'CONNECT_KDC_UNREACHABLE', 0x20011],
  [151, 'CONNECT_ACCOUNT_DISABLED', 0x20012],
  [152, 'CONNECT_PASSWORD_CERTAINLY_EXPIRED', 0x2000f],
  [153, 'CONNECT_CLIENT_REVOKED', 0x20010],
  [154, 'CONNECT_WRONG_PASSWORD', 0x20015],
  [155, 'CONNECT_ACCESS_DENIED', 0x20016],
  [156, 'CONNECT_ACCOUNT_RESTRICTION', 0x20017],
  [157, 'CONNECT_ACCOUNT_EXPIRED', 0x20019],
  [158, 'CONNECT_LOGON_TYPE_NOT_GRANTED', 0x2001a],
  [159, 'CONNECT_NO_OR_MISSING_CREDENTIALS', 0x2001b],
  [160, 'CONNECT_TARGET_BOOTING', 0x2001d],
  [161, 'CONNECT_HYBRID_REQUIRED_BY_SERVER', 0x2001e],
];

/** Exit codes of xfreerdp. */
export const FREERDP_EXITS: readonly CodeRow[] = EXITS.flatMap(([code, name, error]) => {
  const row = byCode.get(error);
  return row === undefined
    ? []
    : [{ ...row, code, name: `XF_EXIT_${name}`, aliases: [], source: 'FreeRDP, client/X11/xfreerdp.h' }];
});

const byExit = new Map(FREERDP_EXITS.map((row) => [row.code, row]));

/** The row of an exit code of xfreerdp, or undefined. */
export function findFreeRdpExit(code: number): CodeRow | undefined {
  return byExit.get(code);
}
