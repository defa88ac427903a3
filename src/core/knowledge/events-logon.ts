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

const BY_NAME = 'Connect with the full DNS name, so that Kerberos is used';

/** Events of the Local Security Authority: logon, Kerberos, NTLM. */
export const LOGON_EVENTS: readonly EventRow[] = [
  event(
    SECURITY,
    4624,
    'logon succeeded',
    'Somebody signed in. Type 3 is the NLA stage, type 10 a Remote Desktop session.',
    {
      fields: ['TargetUserName', 'TargetDomainName', 'LogonType', 'AuthenticationPackageName', 'IpAddress'],
      refutes: ['secure-channel-broken', 'domain-controller-unreachable', 'credentials-wrong'],
      look: ['It speaks against a broken secure channel only if the user is a domain user, not a local one'],
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
      look: ['rdpdoctor explain SUBSTATUS', 'If there is none, that proves nothing: auditing may be off'],
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
  event(SECURITY, 4740, 'account locked', 'An account was locked; the caller field tells from where.', {
    fields: ['TargetUserName', 'TargetDomainName'],
    proves: ['account-locked'],
  }),
  event(
    SECURITY,
    4768,
    'ticket-granting ticket requested',
    'A user or computer requested its first ticket from a domain controller. A Status other than 0 is the Kerberos error.',
    {
      fields: ['TargetUserName', 'Status', 'TicketEncryptionType', 'PreAuthType', 'IpAddress'],
      causes: ['credentials-wrong', 'account-disabled', 'kerberos-encryption-mismatch'],
      look: ['rdpdoctor explain "krb STATUS"'],
    },
  ),
  event(
    SECURITY,
    4769,
    'service ticket requested',
    'A client requested a service ticket. Status 0xE means that no encryption type is shared.',
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
    'A domain controller did not accept the proof of identity. If the name ends in $, the machine password no longer matches.',
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
    'The machine that holds the account checked it over NTLM; Status 0 means success.',
    {
      fields: ['PackageName', 'TargetUserName', 'Workstation', 'Status'],
      causes: ['credentials-wrong', 'account-locked'],
      look: ['rdpdoctor explain STATUS'],
    },
  ),
  event(
    SECURITY,
    4777,
    'controller could not validate',
    'A domain controller failed to check the credentials.',
    {
      causes: ['domain-controller-unhealthy'],
    },
  ),
  event(
    SECURITY,
    4742,
    'computer account changed',
    'A computer object was changed: disabled, reset or renamed.',
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
  event(SECURITY, 4779, 'session disconnected', 'A user disconnected and left the session open.'),
  event(
    SECURITY,
    4825,
    'Remote Desktop denied',
    'A user was refused Remote Desktop because they are in neither Remote Desktop Users nor Administrators.',
    { proves: ['user-right-missing'], source: 'Microsoft: Advanced security auditing' },
  ),
  event(
    LSASRV,
    40960,
    'authentication error with a server',
    'Kerberos or NTLM authentication to the named target failed; the status is in the Error field.',
    {
      fields: ['Target', 'Protocol', 'Error'],
      causes: [
        'domain-controller-unreachable',
        'clock-skew',
        'secure-channel-broken',
        'machine-password-mismatch',
        'password-expired',
      ],
      look: ["rdpdoctor explain, followed by the status in the event's text"],
    },
  ),
  event(
    LSASRV,
    40961,
    'no authentication protocol',
    'No authentication protocol was left for the named target.',
    {
      fields: ['Target'],
      causes: ['domain-controller-unreachable', 'ntlm-blocked', 'spn-missing'],
    },
  ),
  event(LSASRV, 40968, 'unauthenticated request refused', 'A request came in without authentication.', {
    causes: ['ntlm-restricted'],
  }),
  event(LSASRV, 5000, 'security package crashed', 'A security package crashed inside the LSA.', {
    fields: ['Package'],
    causes: ['lsa-packages-damaged'],
  }),
  event(
    LSASRV,
    6027,
    'secret could not be used',
    'An LSA secret, such as the machine password, cannot be used.',
    {
      fields: ['Secret'],
      causes: ['machine-password-mismatch', 'lsa-packages-damaged'],
    },
  ),
  event(
    LSASRV,
    6037,
    'program used a name that is not its own',
    'A program on this machine authenticated to the machine itself under another name.',
    { fields: ['PID', 'Program', 'TargetName'], causes: ['spn-missing'] },
  ),
  event(
    LSASRV,
    6038,
    'NTLM in use',
    'NTLM was used at least once since startup. That is a hint, not a fault.',
  ),
  event(
    LSASRV,
    6041,
    'CredSSP refused (client)',
    'This client refused a server that lacks the CredSSP update of 2018. The event is written on the client.',
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
    'The other machine has the same machine identity: both were cloned without Sysprep. Windows writes this event since the updates of August 2025.',
    {
      proves: ['duplicate-machine-identity'],
      source: 'Microsoft KB5065426 and its note on duplicate SIDs',
    },
  ),
  event(LSASRV, 45057, 'cached logon error', 'A cached sign-in could not be used.', {
    causes: ['cached-logon-unavailable'],
  }),
  event(LSASRV, 45058, 'cached logon removed', "A user's cached sign-in was dropped to make room.", {
    fields: ['UserName', 'TimeStamp'],
    causes: ['cached-logon-unavailable'],
  }),
  event(
    KERBEROS,
    3,
    'Kerberos error received',
    'Kerberos returned an error. Windows writes this event only with Kerberos LogLevel = 1; it contains both clocks.',
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
    'The named target could not decrypt the ticket: the name belongs to another account, or its password no longer matches.',
    {
      fields: ['Server', 'TargetRealm', 'Targetname', 'ClientRealm'],
      causes: ['spn-missing', 'machine-password-mismatch', 'target-name-wrong'],
      look: ['setspn -X', 'Stale DNS records'],
    },
  ),
  event(KERBEROS, 5, 'ticket not yet valid', 'A ticket starts in the future, so a clock is wrong.', {
    proves: ['clock-skew'],
  }),
  event(KERBEROS, 6, 'token too big', 'The user is in more groups than the ticket buffer can hold.', {
    causes: ['account-restricted'],
  }),
  event(
    KERBEROS,
    7,
    'PAC not verified',
    'A domain controller could not confirm what the ticket says about the user.',
    {
      fields: ['ClientName', 'Realm'],
      causes: ['secure-channel-broken', 'domain-controller-unreachable'],
    },
  ),
  event(KDC, 11, 'duplicate service name', 'More than one account holds the same service principal name.', {
    proves: ['spn-missing'],
  }),
  event(KDC, 14, 'no fitting key (first ticket)', 'The account has no key of the type that was requested.', {
    causes: ['kerberos-encryption-mismatch'],
    look: ["Change the account's password: that creates AES keys"],
  }),
  event(
    KDC,
    16,
    'no fitting key (service ticket)',
    'The service has no key of the type that was requested.',
    {
      causes: ['kerberos-encryption-mismatch'],
      look: ['Reset the machine password: that creates AES keys'],
    },
  ),
  event(KDC, 26, 'type not supported (first ticket)', 'None of the requested types is supported.', {
    causes: ['kerberos-encryption-mismatch'],
  }),
  event(
    KDC,
    27,
    'type not supported (service ticket)',
    'None of the requested types is supported by the service.',
    {
      causes: ['kerberos-encryption-mismatch'],
    },
  ),
  event(
    KDC,
    29,
    'controller without certificate',
    'The domain controller has no certificate for smart card sign-in.',
    {
      causes: ['kerberos-certificate-invalid'],
    },
  ),
  event(
    KDC,
    42,
    'krbtgt without AES key',
    'The krbtgt account has no AES key because its password is very old.',
    {
      causes: ['kerberos-encryption-mismatch'],
    },
  ),
  event(
    { ...KDC, provider: 'Kdcsvc' },
    201,
    'RC4 would be refused',
    'A ticket was requested in a way that future defaults will refuse. Windows writes this event since January 2026; events 202 to 209 are related.',
    { causes: ['kerberos-encryption-mismatch'], source: 'Microsoft KB5073381', sure: 'unsure' },
  ),
  event(NTLM, 4001, 'outgoing NTLM blocked', 'This machine may not use NTLM to the named target.', {
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
    'The negotiated security is below the minimum session security.',
    {
      fields: ['NegotiatedSecurity', 'RequiredSecurity'],
      proves: ['ntlm-restricted'],
    },
  ),
  event(
    NTLM,
    8001,
    'outgoing NTLM audited',
    'This machine used NTLM; with the restriction in force, it would be blocked.',
    {
      causes: ['ntlm-restricted'],
    },
  ),
  event(
    NTLM,
    8002,
    'incoming NTLM audited',
    'This machine accepted NTLM; with the restriction in force, it would be blocked.',
    {
      causes: ['ntlm-restricted'],
    },
  ),
  event(
    NTLM,
    8003,
    'incoming domain NTLM audited',
    'This machine accepted NTLM from a domain account; with the restriction in force, it would be blocked.',
    {
      causes: ['ntlm-restricted'],
    },
  ),
];
