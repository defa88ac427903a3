import { type ErrorText, type TextOrigin, text } from './error-text-row.ts';

const WINDOWS: TextOrigin = {
  source:
    'Message table of mstscax.dll and credui.dll, Windows 7 to 11; Microsoft: Remote Desktop troubleshooting',
  sure: 'practice',
};
const LEARN: TextOrigin = {
  source: 'Microsoft Learn, Remote Desktop Services troubleshooting',
  sure: 'verified',
};
const APP: TextOrigin = {
  source: 'Microsoft: Windows App and Remote Desktop clients for macOS, iOS and Android, what is new',
  sure: 'practice',
};

const EVENT_4625 = 'Security event 4625 on the target: SubStatus';

/** More of what the client of Windows and the Windows App show; S1 to S19 stand in error-texts.ts. */
export const CLIENT_TEXTS: readonly ErrorText[] = [
  text(
    WINDOWS,
    'S20',
    [
      'The remote computer requires Network Level Authentication, which your computer does not support',
      'requires Network Level Authentication, which your computer does not support',
      'The server requires Network Level Authentication, but it is not enabled',
    ],
    'The target insists on NLA, and this client does not support it or has it switched off in its .rdp file.',
    ['nla-required-by-server'],
    {
      name: 'client-without-nla',
      look: [
        'enablecredsspsupport:i:0 in the .rdp file',
        'Security Packages of the client: tspkg; SecurityProviders: credssp.dll',
      ],
    },
  ),
  text(
    WINDOWS,
    'S21',
    [
      "Remote Desktop can't find the computer",
      'Remote Desktop cannot find the computer',
      'does not belong to the specified network. Verify the computer name and domain',
    ],
    "The client cannot resolve the computer's name.",
    ['target-name-wrong', 'dns-misconfigured'],
    {
      name: 'computer-not-found',
      look: ['nslookup NAME on the client; connect by the address instead of the name'],
    },
  ),
  text(
    WINDOWS,
    'S22',
    [
      'A user account restriction (for example, a time-of-day restriction) is preventing you from logging on',
      'A user account restriction',
      'Account restrictions are preventing this user from signing in',
      'Unable to log you on because of an account restriction',
      "blank passwords aren't allowed, sign-in times are limited",
    ],
    'The password is right, but a restriction forbids the sign-in: an empty password, sign-in hours or computers, Protected Users.',
    ['account-restricted', 'ntlm-blocked'],
    {
      name: 'account-restriction',
      look: [EVENT_4625, 'Connect with the full DNS name, so that Kerberos is used'],
    },
  ),
  text(
    WINDOWS,
    'S23',
    [
      'there is a time or date difference between your computer and the remote computer',
      'time or date difference between your computer and the remote computer',
    ],
    'The clocks of client and target are too far apart for Kerberos.',
    ['clock-skew'],
    { name: 'time-difference', look: ['w32tm /query /status on both'] },
  ),
  text(
    WINDOWS,
    'S24',
    [
      'the authentication certificate received from the remote computer is expired or invalid',
      'authentication certificate received from the remote computer is expired',
    ],
    "The target's certificate has expired or is not valid, or the client's clock is wrong.",
    ['certificate-expired', 'clock-skew', 'certificate-untrusted'],
    { name: 'certificate-expired-or-invalid' },
  ),
  text(
    WINDOWS,
    'S25',
    [
      'Your system administrator does not allow the use of saved credentials to log on to the remote computer',
      'Your system administrator does not allow the use of default credentials to log on to the remote computer',
      'because its identity is not fully verified',
    ],
    "The client's policy does not let it send these credentials to a server it cannot verify.",
    ['delegation-policy-restricted', 'spn-missing'],
    {
      name: 'saved-credentials-forbidden',
      look: ['Type the password', 'Policies under Credentials Delegation on the client'],
    },
  ),
  text(
    WINDOWS,
    'S26',
    [
      'authentication policy does not allow connection requests using saved credentials',
      'does not accept saved user credentials',
    ],
    'The target requires the password to be typed each time.',
    ['saved-credential-stale', 'delegation-policy-restricted'],
    {
      name: 'fresh-credentials-wanted',
      look: ['The target\'s policy "Always prompt for password upon connection"'],
    },
  ),
  text(
    WINDOWS,
    'S27',
    [
      'The local policy of this system does not permit you to logon interactively',
      'You do not have access to logon to this session',
      'To log on to this remote computer, you must be granted the Allow log on through Terminal Services right',
      'the user has not been granted the requested logon type at this computer',
      'The requested session access is denied',
      'your interactive logon privilege has been disabled',
    ],
    'The user does not have the right to sign in there, or a deny right takes it away.',
    ['user-right-missing'],
    {
      name: 'logon-right-missing',
      look: ['Remote Desktop Users, SeRemoteInteractiveLogonRight and its deny form on the target'],
    },
  ),
  text(
    WINDOWS,
    'S28',
    [
      'The number of connections to this computer is limited and all connections are in use right now',
      'The terminal server has exceeded the maximum number of allowed connections',
      'exceeded its maximum number of allowed connections',
      'Too many users are signed in',
    ],
    'All the sessions that the target allows are in use. Connect with mstsc /admin, or end a session.',
    ['resources-exhausted', 'license-server-missing'],
    {
      name: 'all-sessions-taken',
      look: ['qwinsta /server:NAME and rwinsta', 'Policy "Limit number of connections"'],
    },
  ),
  text(
    LEARN,
    'S29',
    [
      "The task you are trying to do can't be completed because Remote Desktop Services is currently busy",
      'Remote Desktop Services is currently busy. Please try again in a few minutes',
    ],
    'The session host cannot start a session at the moment.',
    ['machine-not-ready', 'resources-exhausted', 'connection-flood'],
    { name: 'services-busy' },
  ),
  text(
    WINDOWS,
    'S30',
    [
      'Because of a protocol error, this session will be disconnected',
      'Because of a protocol error detected at the client',
      'Because of a protocol error',
    ],
    'Client and server did not understand each other after the sign-in. One of the two programs, or a device between them, is at fault.',
    ['other-service-on-port', 'encryption-level-too-high'],
    {
      name: 'protocol-error',
      look: ['Look for the code behind it; switch off bitmap caching; update client and server'],
    },
  ),
  text(
    WINDOWS,
    'S31',
    ['Your account has time restrictions that keep you from signing in right now'],
    'The account may not sign in at this time of day.',
    ['account-restricted'],
    {
      name: 'logon-hours',
      look: ["The account's logon hours; the clock and time zone of the machine that checks them"],
    },
  ),
  text(
    WINDOWS,
    'S32',
    [
      'This could be due to NTLM authentication being blocked on the remote computer',
      'NTLM authentication being blocked on the remote computer',
    ],
    'The target refuses NTLM, and for an IP address or a local account nothing else is possible. The other explanation is a missing CredSSP update.',
    ['ntlm-blocked', 'credssp-outdated'],
    { name: 'ntlm-blocked-perhaps', look: ['Connect with the full DNS name'] },
  ),
  text(
    WINDOWS,
    'S33',
    [
      'The credentials supplied to the package were not recognized',
      'The token supplied to the function is invalid',
    ],
    "One side could not use the other's security data: a certificate's key cannot be used, or one side lacks an update.",
    ['certificate-key-unreadable', 'credssp-outdated', 'duplicate-machine-identity'],
    { name: 'package-not-recognized', look: ['Schannel event 36870 on the target'] },
  ),
  text(
    APP,
    'S34',
    [
      "We couldn't connect to the remote PC. Make sure the PC is turned on and connected to the network",
      'Make sure the PC is turned on and connected to the network, and that remote access is enabled',
    ],
    'No connection was opened: the port is closed or filtered, the machine is off, or its name is wrong.',
    ['port-unreachable', 'rdp-disabled', 'firewall-blocks', 'machine-not-ready', 'target-name-wrong'],
    { name: 'app-could-not-connect' },
  ),
  text(
    APP,
    'S35',
    ["We couldn't connect to the remote PC because the PC can't be found", "because the PC can't be found"],
    'The name of the computer cannot be resolved.',
    ['target-name-wrong', 'dns-misconfigured'],
    { name: 'app-name-not-found' },
  ),
  text(
    WINDOWS,
    'S36',
    [
      'The target account name is incorrect',
      'The target principal name is incorrect',
      'The specified target is unknown or unreachable',
    ],
    'Kerberos found no account, or the wrong one, for the name of the target.',
    ['spn-missing', 'target-name-wrong', 'machine-password-mismatch'],
    { name: 'target-principal-wrong', look: ['setspn -Q TERMSRV/NAME; setspn -X for duplicate names'] },
  ),
  text(
    WINDOWS,
    'S37',
    [
      'Remote logins are currently disabled',
      'This server is in drain mode',
      'The RD Session Host server is in drain mode',
    ],
    'New sign-ins are switched off on the target (change logon, drain mode); mstsc /admin may get in.',
    ['logons-disabled'],
    { name: 'logons-switched-off', look: ['change logon /query on the target'] },
  ),
  text(
    WINDOWS,
    'S38',
    [
      'your password has expired',
      'password has expired',
      'This could be due to an expired password',
      'This might be due to an expired password',
      'must change your password before logging on the first time',
      'you must change your password',
      "The user's password must be changed before signing in",
      'The password for this account has expired',
    ],
    'The password has expired or must be changed. Under NLA it cannot be changed while signing in.',
    ['password-expired'],
    {
      name: 'password-expired',
      title: 'The password has expired or must be changed',
      look: ['Change the password on another machine, or have it reset'],
    },
  ),
  text(
    WINDOWS,
    'S39',
    ['user account has expired', "The user's account has expired"],
    "The account's expiry date has passed.",
    ['account-expired'],
    { name: 'account-expired', title: 'The account has expired', look: ["The account's expiry date"] },
  ),
  text(
    WINDOWS,
    'S40',
    [
      'account has been disabled',
      "This user can't sign in because this account is currently disabled",
      'Your account has been disabled. Please see your system administrator',
    ],
    'The account is disabled.',
    ['account-disabled', 'computer-account-disabled'],
    { name: 'account-disabled', title: 'The account is disabled' },
  ),
  text(
    LEARN,
    'S41',
    ['The server name on the certificate is incorrect', 'Name mismatch Requested remote computer'],
    'The certificate that the target shows is for another name than the one that the client connects to.',
    ['certificate-name-mismatch', 'target-name-wrong', 'certificate-untrusted'],
    {
      name: 'certificate-name-incorrect',
      look: ['Connect by the name in the certificate'],
      source: 'Microsoft KB 2000960, certificate-related errors when connecting to a terminal server',
    },
  ),
  text(
    WINDOWS,
    'schannel-client-credential',
    [
      'A fatal error occurred while creating a TLS client credential',
      'A fatal error occurred while creating an SSL client credential',
    ],
    'A program on this machine asked, as a client, for a TLS version that is switched off. That says nothing about the listener.',
    [],
    { look: ['Only the same event for a server credential is about the listener'] },
  ),
  text(
    WINDOWS,
    'access-denied',
    ['Access is denied'],
    'After the password was accepted, it means that the right to sign in is missing. In an event, it tells what was denied: access to a key, or to a controller.',
    ['user-right-missing', 'machine-password-mismatch', 'certificate-key-unreadable'],
    { look: ['The Remote Desktop Users group and its rights on the target'] },
  ),
];
