import { type EventOrigin, type EventRow, event } from './event-row.ts';

const SECURITY: EventOrigin = {
  channel: 'Security',
  provider: 'Microsoft-Windows-Security-Auditing',
  source: 'Event manifest; Microsoft: Advanced security auditing',
  sure: 'verified',
};
const LSASRV: EventOrigin = {
  channel: 'System',
  provider: 'LsaSrv',
  source: 'Event manifest',
  sure: 'verified',
};
const KERBEROS: EventOrigin = {
  channel: 'System',
  provider: 'Microsoft-Windows-Security-Kerberos',
  source: 'Event manifest',
  sure: 'verified',
};
const KDC: EventOrigin = {
  channel: 'System',
  provider: 'Microsoft-Windows-Kerberos-Key-Distribution-Center',
  source: 'practice',
  sure: 'practice',
};
const NTLM: EventOrigin = {
  channel: 'Microsoft-Windows-NTLM/Operational',
  provider: 'Microsoft-Windows-NTLM',
  source: 'Event manifest',
  sure: 'verified',
};

const BY_NAME = 'Connect by the full DNS name, so that Kerberos is used';

/** Events of the Local Security Authority: logon, Kerberos, NTLM. */
export const LOGON_EVENTS: readonly EventRow[] = [
  event(
    SECURITY,
    4624,
    'logon succeeded',
    'Somebody has signed in. Type 3 is the NLA stage, type 10 a Remote Desktop session.',
    {
      fields: ['TargetUserName', 'TargetDomainName', 'LogonType', 'AuthenticationPackageName', 'IpAddress'],
      refutes: ['secure-channel-broken', 'domain-controller-unreachable', 'credentials-wrong'],
      look: ['It speaks against a broken channel only for a domain user and not for a local one'],
    },
  ),
  event(
    SECURITY,
    4625,
    'logon failed',
    'Somebody could not sign in. Status and SubStatus tell why; type 3 is the NLA stage, type 10 the session.',
    {
      fields: [
        'TargetUserName',
        'TargetDomainName',
        'Status',
        'SubStatus',
        'LogonType',
        'AuthenticationPackageName',
        'WorkstationName',
        'IpAddress',
      ],
      causes: [
        'credentials-wrong',
        'name-form-wrong',
        'account-locked',
        'account-disabled',
        'password-expired',
        'account-restricted',
        'user-right-missing',
        'domain-controller-unreachable',
        'ntlm-blocked',
      ],
      look: ['rdpdoctor explain SUBSTATUS', 'That there is none proves nothing: auditing may be off'],
    },
  ),
  event(
    SECURITY,
    4648,
    'logon with explicit credentials',
    'A program used credentials that were given to it.',
    {
      fields: ['TargetUserName', 'TargetServerName', 'ProcessName'],
    },
  ),
  event(SECURITY, 4740, 'account locked', 'An account has been locked; the caller tells from where.', {
    fields: ['TargetUserName', 'TargetDomainName'],
    proves: ['account-locked'],
  }),
  event(
    SECURITY,
    4768,
    'ticket-granting ticket asked for',
    'A user or computer asked a controller for its first ticket. Status other than 0 is the Kerberos error.',
    {
      fields: ['TargetUserName', 'Status', 'TicketEncryptionType', 'PreAuthType', 'IpAddress'],
      causes: ['credentials-wrong', 'account-disabled', 'kerberos-encryption-mismatch'],
      look: ['rdpdoctor explain "krb STATUS"'],
    },
  ),
  event(
    SECURITY,
    4769,
    'service ticket asked for',
    'A ticket for a service was asked for. Status 0xE: no common type.',
    {
      fields: ['ServiceName', 'Status', 'TicketEncryptionType', 'IpAddress'],
      causes: ['kerberos-encryption-mismatch', 'spn-missing'],
      look: ['rdpdoctor explain "krb STATUS"'],
    },
  ),
  event(
    SECURITY,
    4771,
    'Kerberos pre-authentication failed',
    'A controller did not accept the proof. For a name that ends in $ the machine password is out of step.',
    {
      fields: ['TargetUserName', 'Status', 'IpAddress'],
      causes: ['credentials-wrong', 'machine-password-mismatch', 'clock-skew', 'password-expired'],
      look: ['rdpdoctor explain "krb STATUS"'],
    },
  ),
  event(
    SECURITY,
    4776,
    'NTLM validated',
    'The machine that holds the account checked it by NTLM; Status 0 is success.',
    {
      fields: ['PackageName', 'TargetUserName', 'Workstation', 'Status'],
      causes: ['credentials-wrong', 'account-locked'],
      look: ['rdpdoctor explain STATUS'],
    },
  ),
  event(SECURITY, 4777, 'controller could not validate', 'A controller failed to check the credentials.', {
    causes: ['domain-controller-unhealthy'],
  }),
  event(
    SECURITY,
    4742,
    'computer account changed',
    'A computer object was changed: disabled, reset, renamed.',
    {
      fields: ['TargetUserName', 'UserAccountControl'],
      causes: ['computer-account-disabled', 'machine-password-mismatch'],
    },
  ),
  event(SECURITY, 4743, 'computer account deleted', 'A computer object was deleted.', {
    fields: ['TargetUserName'],
    proves: ['computer-account-missing'],
  }),
  event(SECURITY, 4778, 'session reconnected', 'A user has come back to a session.'),
  event(SECURITY, 4779, 'session disconnected', 'A user has left a session open.'),
  event(
    SECURITY,
    4825,
    'Remote Desktop denied',
    'A user was refused Remote Desktop: not in Remote Desktop Users or Administrators.',
    { proves: ['user-right-missing'], source: 'Microsoft: Advanced security auditing' },
  ),
  event(
    LSASRV,
    40960,
    'authentication error towards a server',
    'Kerberos or NTLM towards the target named failed; the status is inside Error.',
    {
      fields: ['Target', 'Protocol', 'Error'],
      causes: [
        'domain-controller-unreachable',
        'clock-skew',
        'secure-channel-broken',
        'machine-password-mismatch',
        'password-expired',
      ],
      look: ['rdpdoctor explain followed by the status in its text'],
    },
  ),
  event(
    LSASRV,
    40961,
    'no authentication protocol',
    'Towards the target named no protocol was left to use.',
    {
      fields: ['Target'],
      causes: ['domain-controller-unreachable', 'ntlm-blocked', 'spn-missing'],
    },
  ),
  event(LSASRV, 40968, 'unauthenticated request refused', 'A request came in without authentication.', {
    causes: ['ntlm-restricted'],
  }),
  event(LSASRV, 5000, 'security package crashed', 'A security package has failed inside the LSA.', {
    fields: ['Package'],
    causes: ['lsa-packages-damaged'],
  }),
  event(
    LSASRV,
    6027,
    'secret could not be used',
    'A secret of the LSA, such as the machine password, is not usable.',
    {
      fields: ['Secret'],
      causes: ['machine-password-mismatch', 'lsa-packages-damaged'],
    },
  ),
  event(
    LSASRV,
    6037,
    'program used a name that is not its own',
    'A program on this machine authenticated to itself under another name.',
    { fields: ['PID', 'Program', 'TargetName'], causes: ['spn-missing'] },
  ),
  event(LSASRV, 6038, 'NTLM in use', 'NTLM was used at least once since the start. It is a hint, no fault.'),
  event(
    LSASRV,
    6041,
    'CredSSP refused (client)',
    'This client refused a server that lacks the CredSSP update of 2018. It is written on the client.',
    {
      fields: ['TargetName', 'TargetVersion'],
      proves: ['credssp-outdated'],
      causes: ['credssp-outdated', 'credssp-policy'],
    },
  ),
  event(
    LSASRV,
    6167,
    'machine identity does not match',
    'The other machine has the same machine identity: both were cloned without Sysprep. Written since the updates of August 2025.',
    {
      proves: ['duplicate-machine-identity'],
      source: 'Microsoft KB5065426 and its note on duplicate SIDs',
    },
  ),
  event(LSASRV, 45057, 'cached logon error', 'A cached sign-in could not be used.', {
    causes: ['cached-logon-unavailable'],
  }),
  event(LSASRV, 45058, 'cached logon removed', 'The cached sign-in of a user was dropped to make room.', {
    fields: ['UserName', 'TimeStamp'],
    causes: ['cached-logon-unavailable'],
  }),
  event(
    KERBEROS,
    3,
    'Kerberos error received',
    'An error answer came in. Written only with Kerberos LogLevel = 1; it holds both clocks.',
    {
      fields: [
        'ClientTime',
        'ServerTime',
        'ErrorCode',
        'ErrorMessage',
        'ExtendedError',
        'ServerRealm',
        'ServerName',
      ],
      causes: ['clock-skew', 'kerberos-encryption-mismatch', 'spn-missing'],
      look: ['rdpdoctor explain "krb ERRORCODE"'],
    },
  ),
  event(
    KERBEROS,
    4,
    'ticket could not be decrypted',
    'The target named could not read the ticket: the name belongs to another account, or its password is out of step.',
    {
      fields: ['Server', 'TargetRealm', 'Targetname', 'ClientRealm'],
      causes: ['spn-missing', 'machine-password-mismatch', 'target-name-wrong'],
      look: ['setspn -X', 'Stale DNS records'],
    },
  ),
  event(KERBEROS, 5, 'ticket not yet valid', 'A ticket begins in the future: a clock is wrong.', {
    proves: ['clock-skew'],
  }),
  event(KERBEROS, 6, 'token too big', 'The user is in too many groups for the ticket buffer.', {
    causes: ['account-restricted'],
  }),
  event(KERBEROS, 7, 'PAC not verified', 'A controller could not confirm what the ticket says of the user.', {
    fields: ['ClientName', 'Realm'],
    causes: ['secure-channel-broken', 'domain-controller-unreachable'],
  }),
  event(KDC, 11, 'duplicate service name', 'More than one account holds the same service principal name.', {
    proves: ['spn-missing'],
  }),
  event(KDC, 14, 'no fitting key (first ticket)', 'The account has no key of a type that was asked for.', {
    causes: ['kerberos-encryption-mismatch'],
    look: ['Change the password of the account: that makes AES keys'],
  }),
  event(KDC, 16, 'no fitting key (service ticket)', 'The service has no key of a type that was asked for.', {
    causes: ['kerberos-encryption-mismatch'],
    look: ['Reset the machine password: that makes AES keys'],
  }),
  event(KDC, 26, 'type not supported (first ticket)', 'None of the types asked for is supported.', {
    causes: ['kerberos-encryption-mismatch'],
  }),
  event(
    KDC,
    27,
    'type not supported (service ticket)',
    'None of the types asked for is supported by the service.',
    {
      causes: ['kerberos-encryption-mismatch'],
    },
  ),
  event(
    KDC,
    29,
    'controller without certificate',
    'The controller has no certificate for smart card sign-in.',
    {
      causes: ['kerberos-certificate-invalid'],
    },
  ),
  event(KDC, 42, 'krbtgt without AES key', 'The krbtgt account has no AES key; its password is very old.', {
    causes: ['kerberos-encryption-mismatch'],
  }),
  event(
    { ...KDC, provider: 'Kdcsvc' },
    201,
    'RC4 would be refused',
    'Since January 2026: a ticket was asked for in a way that the coming defaults will refuse. 202 to 209 are its kin.',
    { causes: ['kerberos-encryption-mismatch'], source: 'Microsoft KB5073381', sure: 'unsure' },
  ),
  event(NTLM, 4001, 'outgoing NTLM blocked', 'This machine may not use NTLM towards the target named.', {
    fields: ['TargetName', 'UserName', 'DomainName', 'ProcessName'],
    causes: ['ntlm-blocked', 'ntlm-restricted'],
    look: [BY_NAME],
  }),
  event(NTLM, 4002, 'incoming NTLM blocked', 'This machine refused an NTLM sign-in from outside.', {
    fields: ['CallerPID', 'ProcessName'],
    proves: ['ntlm-blocked'],
    look: [BY_NAME],
  }),
  event(
    NTLM,
    4003,
    'incoming NTLM of a domain account blocked',
    'This machine refused NTLM for a domain account.',
    {
      fields: ['UserName', 'DomainName', 'Workstation', 'LogonType'],
      proves: ['ntlm-blocked'],
      look: [BY_NAME],
    },
  ),
  event(
    NTLM,
    4010,
    'minimum security not met',
    'What was negotiated is below the minimum session security.',
    {
      fields: ['NegotiatedSecurity', 'RequiredSecurity'],
      proves: ['ntlm-restricted'],
    },
  ),
  event(
    NTLM,
    8001,
    'outgoing NTLM audited',
    'NTLM went out; with the restriction in force it would be blocked.',
    {
      causes: ['ntlm-restricted'],
    },
  ),
  event(
    NTLM,
    8002,
    'incoming NTLM audited',
    'NTLM came in; with the restriction in force it would be blocked.',
    {
      causes: ['ntlm-restricted'],
    },
  ),
  event(
    NTLM,
    8003,
    'incoming domain NTLM audited',
    'NTLM of a domain account came in; it would be blocked.',
    {
      causes: ['ntlm-restricted'],
    },
  ),
];
