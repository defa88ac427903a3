import { type EventOrigin, type EventRow, event } from './event-row.ts';

const RCM: EventOrigin = {
  channel: 'System',
  provider: 'Microsoft-Windows-TerminalServices-RemoteConnectionManager',
  source: 'Microsoft: Remote Desktop Services Authentication and Encryption; event manifest',
  sure: 'verified',
};
const RCM_OPERATIONAL: EventOrigin = {
  ...RCM,
  channel: 'Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational',
  source: 'Event manifest',
};
const RCM_ADMIN: EventOrigin = {
  ...RCM,
  channel: 'Microsoft-Windows-TerminalServices-RemoteConnectionManager/Admin',
  source: 'Event manifest',
};
const CORE: EventOrigin = {
  channel: 'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational',
  provider: 'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS',
  source: 'Event manifest (Windows 8 and later)',
  sure: 'verified',
};
const TERMDD: EventOrigin = {
  channel: 'System',
  provider: 'TermDD',
  source: 'Microsoft: askperf, decoding TermDD 50 and 56',
  sure: 'verified',
};
const LSM: EventOrigin = {
  channel: 'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational',
  provider: 'Microsoft-Windows-TerminalServices-LocalSessionManager',
  source: 'Event manifest',
  sure: 'verified',
};
const CLIENT: EventOrigin = {
  channel: 'Microsoft-Windows-TerminalServices-RDPClient/Operational',
  provider: 'Microsoft-Windows-TerminalServices-ClientActiveXCore',
  source: 'practice',
  sure: 'practice',
};

const KEY = 'Permissions on the f686aace… file in C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys';
const PRACTICE = { sure: 'practice', source: 'practice' } as const;

/** Events of the listener, of sessions and of the client. */
export const LISTENER_EVENTS: readonly EventRow[] = [
  event(
    RCM,
    1006,
    'many incomplete connections',
    'Far more connections than usual are opened and never completed.',
    {
      proves: ['connection-flood'],
      look: ['First of all, limit who can reach the port'],
    },
  ),
  event(RCM, 1011, 'client name problem', 'The name that the client gave could not be used.', {
    fields: ['Param1'],
  }),
  event(RCM, 1012, 'too many failed logons', 'A session was ended after too many failed logons.', {
    causes: ['credentials-wrong', 'connection-flood'],
  }),
  event(RCM, 1035, 'listener stack down', 'The protocol stack of the listener could not be started.', {
    causes: ['listener-closes-connection', 'rdp-service-disabled'],
  }),
  event(RCM, 1036, 'session not created', 'A session could not be created.', {
    causes: ['resources-exhausted', 'machine-not-ready'],
  }),
  event(
    RCM,
    1050,
    'security layer and encryption level contradict',
    'The two settings do not go together; Windows corrected them itself for the time being.',
    {
      fields: ['listener', 'encryption level', 'security layer'],
      causes: ['listener-inconsistent', 'policy-override'],
      look: ['SecurityLayer and MinEncryptionLevel, both of RDP-Tcp and in the policy'],
    },
  ),
  event(
    RCM,
    1051,
    'chosen certificate not usable',
    'The certificate that an administrator chose was not found or cannot be used; the default one is used instead.',
    { causes: ['certificate-binding-orphaned'], look: ['SSLCertificateSHA1Hash of RDP-Tcp'] },
  ),
  event(RCM, 1052, 'certificate expires soon', 'The certificate chosen for the listener will expire soon.', {
    fields: ['hash in the data', 'days left'],
    causes: ['certificate-expired'],
  }),
  event(RCM, 1053, 'certificate expired', 'The certificate chosen for the listener has expired.', {
    proves: ['certificate-expired'],
  }),
  event(
    RCM,
    1054,
    'certificate not for servers',
    'The certificate chosen for the listener lacks the purpose Server Authentication.',
    { causes: ['certificate-binding-orphaned', 'certificate-untrusted'] },
  ),
  event(
    RCM,
    1055,
    'private key not accessible',
    'The private key of the certificate chosen for the listener cannot be used.',
    { proves: ['certificate-key-unreadable'], look: [KEY] },
  ),
  event(RCM, 1056, 'new self-signed certificate', 'The listener has created a new certificate for itself.', {
    refutes: ['certificate-missing'],
  }),
  event(
    RCM,
    1057,
    'self-signed certificate not created',
    'The listener could not create a certificate for itself; without one, neither TLS nor NLA works.',
    {
      fields: ['status'],
      proves: ['certificate-missing'],
      causes: ['certificate-missing', 'certificate-key-unreadable'],
      look: [
        KEY,
        '0x80090016: the key is missing; 0x8009000F: the key exists but is unusable; 5: no permission',
      ],
    },
  ),
  event(
    RCM,
    1058,
    'self-signed certificate not replaced',
    "The listener's certificate has expired and could not be replaced.",
    {
      fields: ['status'],
      causes: ['certificate-key-unreadable', 'certificate-expired'],
      look: [KEY],
    },
  ),
  event(
    RCM,
    1059,
    'certificate setting not valid',
    "The listener's certificate configuration was damaged and has been reset.",
    { causes: ['certificate-binding-orphaned'] },
  ),
  event(
    RCM,
    1062,
    'subject of the template certificate not valid',
    'A certificate template is prescribed, and the subject of the certificate made from it is not the DNS name of this machine; the default certificate is used instead.',
    {
      fields: ['hash in the data'],
      causes: ['certificate-enrolment-failed'],
      look: ['the template: its certificates must name the machine by its DNS name'],
      source: 'Microsoft: Event ID 1062, EVENT_TS_SSL_WRONG_SUBJECT_NAME',
    },
  ),
  event(
    RCM,
    1064,
    'template certificate not installed',
    'A certificate from the template could not be installed.',
    {
      causes: ['certificate-enrolment-failed'],
      ...PRACTICE,
    },
  ),
  event(
    RCM,
    1065,
    'template certificate expired',
    'The certificate from the template has expired and could not be replaced.',
    { causes: ['certificate-enrolment-failed', 'certificate-expired'], ...PRACTICE },
  ),
  event(
    RCM,
    1067,
    'service principal name not registered',
    'The listener could not register TERMSRV/<name> in the domain. This has nothing to do with certificates.',
    { causes: ['spn-missing', 'domain-controller-unreachable'], ...PRACTICE },
  ),
  event(RCM, 1128, 'no license server found', 'The session host cannot find its license server.', {
    causes: ['license-server-missing'],
  }),
  event(RCM, 1130, 'no license server configured', 'The session host has no usable license server.', {
    causes: ['license-server-missing'],
  }),
  event(RCM_OPERATIONAL, 258, 'listener started', 'The listener has started to listen.', {
    refutes: ['rdp-disabled', 'rdp-service-disabled'],
  }),
  event(RCM_OPERATIONAL, 259, 'listener stopped', 'The listener has stopped listening.', {
    causes: ['rdp-disabled', 'rdp-service-disabled'],
  }),
  event(RCM_OPERATIONAL, 260, 'listener failed', 'The listener failed while it was listening.', {
    fields: ['errorCode'],
    causes: ['other-service-on-port', 'resources-exhausted'],
  }),
  event(RCM_OPERATIONAL, 261, 'connection received', 'A connection reached the listener.', {
    fields: ['listenerName'],
    refutes: ['port-unreachable', 'firewall-blocks', 'rdp-disabled'],
  }),
  event(RCM_OPERATIONAL, 262, 'listener asked to stop', 'The listener was told to stop.', {
    causes: ['rdp-disabled'],
  }),
  event(
    RCM_OPERATIONAL,
    1149,
    'user authentication succeeded',
    'With NLA, the user was authenticated before the session. Without NLA, the event may mean no more than a connection.',
    {
      fields: ['Param1 user', 'Param2 domain', 'Param3 client address'],
      refutes: [
        'credentials-wrong',
        'secure-channel-broken',
        'domain-controller-unreachable',
        'tls-server-disabled',
      ],
    },
  ),
  event(RCM_OPERATIONAL, 1158, 'connection accepted', 'A connection from the named address was accepted.', {
    fields: ['Param1 client address'],
    refutes: ['port-unreachable'],
    ...PRACTICE,
  }),
  event(
    RCM_ADMIN,
    20499,
    'user settings slow from the controller',
    "Loading the user's settings from a controller took too long.",
    {
      fields: ['UserName', 'ServerName'],
      causes: ['domain-controller-unhealthy', 'domain-controller-unreachable'],
    },
  ),
  event(CORE, 65, 'connection created', 'A connection was given a name and is being set up.', {
    fields: ['ConnectionName'],
    refutes: ['port-unreachable'],
  }),
  event(CORE, 66, 'connection assigned to a session', 'The sign-in got as far as a session.', {
    fields: ['ConnectionName', 'SessionID'],
    refutes: ['credentials-wrong', 'tls-server-disabled'],
  }),
  event(CORE, 97, 'protocol error', 'A component found an error in what the client sent.', {
    fields: ['ComponentName', 'ErrorCode'],
    causes: ['encryption-level-too-high', 'fips-only', 'other-service-on-port'],
  }),
  event(CORE, 98, 'TCP connection established', 'A TCP connection has been established.', {
    refutes: ['port-unreachable', 'firewall-blocks'],
  }),
  event(CORE, 102, 'disconnected', 'The connection ended.', { fields: ['ReasonCode'] }),
  event(CORE, 103, 'disconnect reason', 'The connection ended for the reason in the event.', {
    fields: ['ReasonCode'],
  }),
  event(CORE, 129, 'listening', 'The listener listens on the transport and port in the event.', {
    fields: ['TransportProtocolName', 'Port'],
    refutes: ['rdp-disabled'],
  }),
  event(CORE, 131, 'connection accepted', 'A connection came in from the named address.', {
    fields: ['ConnType', 'ClientIP'],
    refutes: ['port-unreachable', 'firewall-blocks'],
    look: ['Many addresses in a short time mean an attack'],
  }),
  event(
    CORE,
    139,
    'security layer error',
    'TLS or the sign-in before the session failed for the named address; ResultCode is the status.',
    {
      fields: ['ResultCode', 'IPString'],
      causes: ['credentials-wrong', 'tls-no-common-suite', 'certificate-key-unreadable', 'credssp-outdated'],
      look: ['rdpdoctor explain RESULTCODE'],
    },
  ),
  event(
    CORE,
    140,
    'bad user name or password',
    'The sign-in from the named address used wrong credentials.',
    {
      fields: ['IPString'],
      causes: ['credentials-wrong', 'connection-flood'],
      look: ['One address is probably the user; many are an attack, and accounts will be locked'],
    },
  ),
  event(CORE, 142, 'socket error', 'Reading from or writing to the socket failed.', {
    causes: ['listener-closes-connection'],
  }),
  event(CORE, 153, 'TLS version used', 'The event names the TLS version that a connection uses.', {
    fields: ['TLSVersion'],
    refutes: ['tls-server-disabled', 'tls-no-common-version'],
  }),
  event(
    CORE,
    226,
    'state machine error',
    'A step of the connection failed; the names of the states tell which one.',
    { fields: ['StateTransition', 'PreviousStateName', 'NewStateName', 'EventName', 'ErrorCode'] },
  ),
  event(CORE, 227, 'call failed', 'A function inside the listener failed.', {
    fields: ['Name', 'Value', 'CustomLevel'],
  }),
  event(CORE, 228, 'component error', 'A component of the listener reports an error.', {
    fields: ['ComponentName', 'Message', 'ErrorCode'],
  }),
  event(TERMDD, 50, 'protocol error', 'The named RDP component found a protocol error and hung up.', {
    fields: ['component', 'data'],
    causes: ['encryption-level-too-high', 'fips-only', 'connection-flood'],
  }),
  event(
    TERMDD,
    56,
    'security layer error',
    "The security layer found an error and hung up on the client. The last four bytes of the event's data, read backwards, are the status.",
    {
      fields: ['client address', 'data'],
      causes: [
        'tls-no-common-suite',
        'certificate-key-unreadable',
        'encryption-level-too-high',
        'connection-flood',
      ],
      look: ['rdpdoctor explain, followed by the hexadecimal data'],
    },
  ),
  event(
    LSM,
    21,
    'session logon succeeded',
    'A user signed in. The newest such event shows when it last worked.',
    {
      fields: ['User', 'SessionID', 'Address'],
      refutes: ['credentials-wrong', 'tls-server-disabled', 'user-right-missing'],
    },
  ),
  event(LSM, 22, 'shell started', "The user's desktop has started.", {
    fields: ['User', 'SessionID', 'Address'],
  }),
  event(LSM, 24, 'session disconnected', 'A session was disconnected.', {
    fields: ['User', 'SessionID', 'Address'],
  }),
  event(LSM, 25, 'session reconnected', 'A user has reconnected to a session.', {
    fields: ['User', 'SessionID', 'Address'],
    refutes: ['credentials-wrong', 'tls-server-disabled'],
  }),
  event(LSM, 36, 'session state error', 'A session could not change its state.', {
    fields: ['StateName', 'EventName', 'ErrorCode'],
    causes: ['machine-not-ready'],
  }),
  event(
    LSM,
    40,
    'session disconnected with a reason',
    'A session was disconnected for the reason in the event.',
    {
      fields: ['Session', 'Reason'],
    },
  ),
  event(CLIENT, 1024, 'client connects', 'The client starts to connect to the named server.'),
  event(CLIENT, 1026, 'client disconnected', 'The client was disconnected for the reason in the event.', {
    fields: ['Reason'],
    look: ['rdpdoctor explain REASON'],
  }),
  event(CLIENT, 1102, 'multi-transport begins', 'The client tries the named address.', {
    fields: ['server address'],
  }),
];
