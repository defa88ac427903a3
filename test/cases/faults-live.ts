// Fault cases of a machine that runs: what only it can tell, and what of it proves nothing. Expectations are from the documents named.
import type { ServiceStatus } from '../../src/core/model/windows-facts.ts';
import { NETWORK_SERVICE } from '../core/windows/build-certificate.ts';
import { keySecurity } from './bases.ts';
import type { Case } from './case.ts';
import { bound, certificate, keyFileOf } from './certificates.ts';
import { PLENTY, RUNNING, remembered, STOPPED, tried } from './live.ts';
import { ago, event, SESSIONS_LOG, SYSTEM_LOG } from './logs.ts';
import { RDP, type Settings, service, TS, TSPOL } from './settings.ts';

const ARTICLE = 'Microsoft: Cannot RDP to Azure Virtual Machines, cause';
const CHANNEL = `${ARTICLE} 1.1; [MS-NRPC] 2.2.1.7.3: both statuses tell, where the flag says that they were verified`;
const BROKEN =
  'Microsoft: Broken trust relationship between a domain-joined device and its domain: the password is bad, 0xC0000022';
const ERREF = '[MS-ERREF] 2.2';
const QUERY = '[MS-NRPC] 3.5.4.9.1: function 6 tells the last use, 10 verifies';
const SERVICE_PAGE = "Microsoft: Remote Desktop Services isn't starting on an Azure VM";
const NETLOGON_PAGE = 'Microsoft: Azure VM Netlogon service not starting';
const SETUP = 'Microsoft: Windows Setup states';
const LOW_MEMORY = 'Microsoft: Detecting low virtual memory conditions in Windows 2008 and R2 (event 2004)';
const SYSTEM_EXHAUSTED = 'Microsoft-Windows-Resource-Exhaustion-Detector';
const TIME = 'Microsoft: Maximum tolerance for computer clock synchronization (5 minutes)';
const ENCRYPTION_EVENTS = 'Microsoft: Remote Desktop Services Authentication and Encryption, event';
const RCM = 'Microsoft-Windows-TerminalServices-RemoteConnectionManager';
const LSM = 'Microsoft-Windows-TerminalServices-LocalSessionManager';

const ALICE = { name: 'alice', domain: 'CORP' };
const netlogon = (id: number, hours: number) => event('NETLOGON', id, hours, { param1: 'CORP' });
const failed = (exitCode: number, serviceExitCode = 0): ServiceStatus => ({
  state: 'stopped',
  exitCode,
  serviceExitCode,
});

const CHANNELS: readonly Case[] = [
  {
    id: 'channel tried: the password is not accepted',
    base: 'server-2019 member',
    live: { channel: { verify: tried(5), query: remembered(0) } },
    expect: { first: ['machine-password-mismatch', 'secure-channel-broken'] },
    source: `${BROKEN}; ${ARTICLE} 1.2`,
  },
  {
    id: 'channel tried: the account is disabled, and the channel itself says nothing of it',
    base: 'server-2022 member',
    live: { channel: { verify: tried(0, 1331), query: remembered(0) } },
    expect: { first: 'secure-channel-broken', verdict: 'likely' },
    source: `${CHANNEL}; ${ERREF} ERROR_ACCOUNT_DISABLED`,
  },
  {
    id: 'channel tried: the account is disabled, and a user of the domain asks',
    base: 'server-2022 member',
    live: { channel: { verify: tried(1331, 1331) } },
    user: ALICE,
    expect: { first: 'secure-channel-broken', verdict: 'confirmed' },
    source: `${CHANNEL}: domain users need it`,
  },
  {
    id: 'channel tried: the account is disabled, and a local user asks',
    base: 'server-2022 member',
    live: { channel: { verify: tried(0, 1331) } },
    user: { name: 'admin', domain: '.' },
    expect: { first: 'secure-channel-broken', verdict: 'likely' },
    source: `${ARTICLE} 1: sign in with a local account`,
  },
  {
    id: 'channel tried: no account',
    base: 'windows-11-22h2 member',
    live: { channel: { verify: tried(1787) } },
    expect: { first: 'computer-account-missing', verdict: 'likely' },
    source: `${ERREF} ERROR_NO_TRUST_SAM_ACCOUNT`,
  },
  {
    id: 'channel tried: no secret, and a user of the domain asks',
    base: 'server-2016 member',
    live: { channel: { verify: tried(1786) } },
    user: { name: 'alice@corp.example', domain: '' },
    expect: { first: 'machine-password-mismatch', verdict: 'confirmed' },
    source: `${ERREF} ERROR_NO_TRUST_LSA_SECRET`,
  },
  {
    id: 'channel tried: no controller',
    base: 'server-2019 member',
    live: { channel: { verify: tried(1311), query: remembered(0) } },
    expect: { first: 'domain-controller-unreachable', verdict: 'likely', never: ['secure-channel-broken'] },
    source: `${ERREF} ERROR_NO_LOGON_SERVERS`,
  },
  {
    id: 'channel tried: no controller on a hybrid machine',
    base: 'windows-11-22h2 hybrid',
    live: { channel: { verify: tried(1355) } },
    expect: { first: 'domain-controller-unreachable' },
    source: `${ERREF} ERROR_NO_SUCH_DOMAIN`,
  },
  {
    id: 'channel tried: the clocks differ',
    base: 'server-2019 member',
    live: { channel: { verify: tried(1398) } },
    expect: { first: 'clock-skew', verdict: 'likely' },
    source: `${ERREF} ERROR_TIME_SKEW`,
  },
  {
    id: 'channel remembered as failed, not tried',
    base: 'server-2019 member',
    live: { channel: { query: remembered(5) } },
    expect: {},
    source: `${QUERY}; the policy was read since with the machine's own account (event 1500)`,
  },
  {
    id: 'channel remembered as well, tried and failed',
    base: 'server-2019 member',
    live: { channel: { verify: tried(1789), query: remembered(0) } },
    expect: { first: 'secure-channel-broken' },
    source: `${QUERY}; ${ERREF} ERROR_TRUSTED_RELATIONSHIP_FAILURE`,
  },
  {
    id: 'not accepted an hour ago, the channel works now',
    base: 'server-2019 member',
    live: {},
    events: { [SYSTEM_LOG]: [netlogon(3210, 1)] },
    expect: {},
    source: `${CHANNEL}: it is verified now`,
  },
  {
    id: 'no controller an hour ago, the channel works now',
    base: 'windows-10-22h2 member',
    live: {},
    events: { [SYSTEM_LOG]: [netlogon(5719, 1)] },
    expect: {},
    source: `${CHANNEL}: it is verified now, with a controller`,
  },
  {
    id: 'not accepted an hour ago, the channel only remembered as well',
    base: 'server-2019 member',
    live: { channel: { query: remembered(0) } },
    events: { [SYSTEM_LOG]: [netlogon(3210, 1)] },
    expect: { first: 'secure-channel-broken', verdict: 'likely' },
    source: `${ARTICLE} 1.1; ${QUERY}`,
  },
];

const SERVICES: readonly Case[] = [
  {
    id: 'TermService stopped for its account',
    base: 'server-2019 member',
    live: { services: { TermService: failed(1079) }, owners: { 3389: null } },
    expect: { first: 'rdp-service-disabled', verdict: 'confirmed' },
    source: `${SERVICE_PAGE}, error 1079`,
  },
  {
    id: 'TermService does not come to an end',
    base: 'server-2016 workgroup',
    live: { services: { TermService: { state: 'stop-pending' } } },
    expect: { first: 'rdp-service-disabled', verdict: 'likely' },
    source: `${SERVICE_PAGE}: the service is in a stopping state`,
  },
  {
    id: 'TermService stopped where Remote Desktop is off',
    base: 'windows-10-22h2 workgroup',
    set: { [`${TS}!fDenyTSConnections`]: 1 },
    live: { services: { TermService: STOPPED }, owners: { 3389: null } },
    expect: { first: 'rdp-disabled', verdict: 'confirmed' },
    source:
      'Microsoft: Remote Desktop is off on client Windows, and its service starts on demand; cause before symptom',
  },
  {
    id: 'TermService runs, a service that it needs was disabled since',
    base: 'server-2019 member',
    set: { [`${service('RpcSs')}!Start`]: 4 },
    live: {},
    expect: { first: 'rdp-service-disabled', verdict: 'likely' },
    source: `${SERVICE_PAGE}, error 1068: at the next start`,
  },
  {
    id: 'Netlogon stopped on a member',
    base: 'server-2019 member',
    live: { services: { Netlogon: failed(1067) }, channel: { verify: tried(1792) } },
    expect: { first: 'netlogon-service-disabled', verdict: 'likely' },
    source: NETLOGON_PAGE,
  },
  {
    id: 'Netlogon stopped in a workgroup',
    base: 'server-2019 workgroup',
    live: { services: { Netlogon: failed(1077) } },
    expect: {},
    source: `${NETLOGON_PAGE}: of domain members`,
  },
  {
    id: 'the policy client has nothing to do and stopped',
    base: 'server-2022 member',
    live: { services: { gpsvc: STOPPED } },
    expect: {},
    source: 'Microsoft: Group Policy client service stops when idle since Windows 8',
  },
  {
    id: 'another program owns the port',
    base: 'server-2022 member',
    live: { owners: { 3389: { process: 'acme.exe', processId: 4321 } } },
    expect: { first: 'other-service-on-port', verdict: 'likely' },
    source:
      'Microsoft: An internal error occurs when you try to connect to an Azure VM: the port is used by another process (netstat)',
  },
  {
    id: 'another service owns the port',
    base: 'server-2019 workgroup',
    live: { owners: { 3389: { process: 'svchost.exe', service: 'iphlpsvc' } } },
    expect: { first: 'other-service-on-port', verdict: 'likely' },
    source: 'Microsoft: netsh interface portproxy (IP Helper listens on the port)',
  },
  {
    id: 'a host process owns the port, and nobody knows for which service',
    base: 'server-2019 workgroup',
    live: { owners: { 3389: { process: 'svchost.exe', processId: 1234 } } },
    expect: {},
    source: 'Microsoft: svchost hosts TermService',
  },
];

const UNFINISHED: readonly Case[] = [
  {
    id: 'Windows Setup is at work',
    base: 'server-2022 workgroup',
    set: { 'SYSTEM\\Setup!SystemSetupInProgress': 1, 'SYSTEM\\Setup!OOBEInProgress': 1 },
    live: { services: { TermService: STOPPED }, owners: { 3389: null }, startedAt: ago(0.2) },
    expect: { first: 'machine-not-ready', verdict: 'likely' },
    source: `${SETUP}; Microsoft: Azure VM startup is stuck on Windows Setup`,
  },
  {
    id: 'Windows Setup was at work when the disk was taken',
    base: 'server-2022 workgroup',
    set: { 'SYSTEM\\Setup!SystemSetupInProgress': 1 },
    expect: { first: 'machine-not-ready', verdict: 'likely' },
    source: SETUP,
  },
  {
    id: 'components are being replaced at this start',
    base: 'server-2019 member',
    set: {
      'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootInProgress!x': 1,
    },
    live: { services: { TermService: STOPPED }, owners: { 3389: null }, startedAt: ago(0.05) },
    expect: { first: 'machine-not-ready', verdict: 'likely' },
    source: 'Microsoft: Azure VM is stuck on Windows Update; ComputerManagementDsc, PendingReboot',
  },
  {
    id: 'started a minute ago, the service is coming',
    base: 'server-2019 member',
    live: {
      services: { TermService: { state: 'start-pending' } },
      owners: { 3389: null },
      startedAt: ago(1 / 60),
    },
    expect: { first: 'machine-not-ready', verdict: 'likely' },
    source: `${SERVICE_PAGE}: the service is in a starting state`,
  },
  {
    id: 'started a minute ago, the service is not there yet',
    base: 'server-2019 member',
    live: { services: { TermService: STOPPED }, owners: { 3389: null }, startedAt: ago(1 / 60) },
    expect: { first: 'machine-not-ready', verdict: 'likely' },
    source: 'Microsoft: Remote Desktop Services starts on demand, after the others',
  },
  {
    id: 'started a minute ago, and the listener answers',
    base: 'server-2019 member',
    live: { startedAt: ago(1 / 60) },
    wire: {},
    expect: {},
    source: '[MS-RDPBCGR] 1.3.1.1: who negotiates is ready',
  },
  {
    id: 'a restart waits, and everything runs',
    base: 'server-2016 member',
    set: {
      'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending!x': 1,
      'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired!x': 1,
    },
    live: {},
    expect: {},
    source: 'ComputerManagementDsc, PendingReboot: it waits, and works until then',
  },
];

const GIB = 2 ** 30;

const RESOURCES: readonly Case[] = [
  {
    id: 'nothing more can be committed',
    base: 'server-2019 member',
    live: { resources: { ...PLENTY, commit: { limitBytes: 20 * GIB, usedBytes: 19.95 * GIB } } },
    expect: { first: 'resources-exhausted', verdict: 'likely' },
    source: `${LOW_MEMORY}: memory at the commit limit`,
  },
  {
    id: 'much is committed, and there is more',
    base: 'server-2019 member',
    live: { resources: { ...PLENTY, commit: { limitBytes: 20 * GIB, usedBytes: 17 * GIB } } },
    expect: {},
    source: LOW_MEMORY,
  },
  {
    id: 'little memory is free',
    base: 'windows-11-22h2 member',
    live: { resources: { ...PLENTY, memory: { totalBytes: 16 * GIB, availableBytes: GIB / 32 } } },
    expect: { remark: 'resources-exhausted' },
    source:
      'Microsoft: CreateMemoryResourceNotification: low below about 32 MB for 4 GB, 64 MB at the most; it stops nobody by itself',
  },
  {
    id: 'low on virtual memory, and nobody signed in since',
    base: 'server-2016 workgroup',
    events: { [SYSTEM_LOG]: [event(SYSTEM_EXHAUSTED, 2004, 1)] },
    expect: { first: 'resources-exhausted', verdict: 'likely' },
    source: LOW_MEMORY,
  },
  {
    id: 'low on virtual memory, a sign-in since',
    base: 'server-2016 workgroup',
    events: {
      [SYSTEM_LOG]: [event(SYSTEM_EXHAUSTED, 2004, 2)],
      [SESSIONS_LOG]: [event(LSM, 21, 1, { User: 'VM1\\alice', SessionID: '3', Address: '10.0.0.77' })],
    },
    expect: {},
    source: `${LOW_MEMORY}; LocalSessionManager 21: a session began`,
  },
];

const CLOCKS: readonly Case[] = [
  {
    id: "an hour ahead by the machine's own clock, member",
    base: 'server-2019 member',
    live: { offsetSeconds: 3600 },
    expect: { first: 'clock-skew', verdict: 'likely' },
    source: TIME,
  },
  {
    id: "an hour ahead by the machine's own clock, workgroup",
    base: 'server-2019 workgroup',
    live: { offsetSeconds: 3600 },
    expect: { remark: 'clock-skew' },
    source: `${TIME}: of Kerberos`,
  },
];

const GONE: Settings = { [`${RDP}!SSLCertificateSHA1Hash`]: new Uint8Array(20).fill(0xab) };
const TEMPLATE: Settings = { [`${TSPOL}!CertTemplateName`]: 'RDPAuth' };

const CERTIFICATES: readonly Case[] = [
  {
    id: 'bound certificate gone',
    base: 'server-2019 member',
    set: GONE,
    expect: { first: 'certificate-binding-orphaned', verdict: 'likely' },
    source: `${ENCRYPTION_EVENTS} 1051: no usable certificate was found, the default one is used`,
  },
  {
    id: 'bound certificate gone, refused on the wire',
    base: 'server-2019 member',
    set: GONE,
    wire: { server: { negotiate: (mask) => (mask === 0 ? { failure: 5 } : { failure: 3 }) } },
    expect: { first: ['certificate-binding-orphaned', 'certificate-missing'], verdict: 'confirmed' },
    source: `[MS-RDPBCGR] 2.2.1.2.2: SSL_CERT_NOT_ON_SERVER (3); ${ENCRYPTION_EVENTS} 1051`,
  },
  {
    id: 'bound certificate gone, another is shown on the wire',
    base: 'server-2019 member',
    set: GONE,
    wire: {},
    expect: { remark: 'certificate-binding-orphaned', never: ['certificate-binding-orphaned'] },
    source: `${ENCRYPTION_EVENTS} 1051: the default certificate is used from now on`,
  },
  {
    id: 'bound certificate there',
    base: 'server-2022 member',
    set: bound(certificate(Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1))),
    files: { [keyFileOf('AcmeServerKey')]: { size: 2300, security: keySecurity(NETWORK_SERVICE) } },
    live: {},
    expect: {},
    source: `${ENCRYPTION_EVENTS} 1051`,
  },
  {
    id: 'a template is prescribed and its certificate cannot be installed',
    base: 'server-2019 member',
    set: TEMPLATE,
    events: { [SYSTEM_LOG]: [event(RCM, 1064, 1, { param1: '0x80092004' })] },
    expect: { first: 'certificate-enrolment-failed', verdict: 'likely' },
    source: `${ENCRYPTION_EVENTS} 1064`,
  },
  {
    id: 'a template is prescribed, its certificate cannot be replaced, another is shown on the wire',
    base: 'server-2019 member',
    set: TEMPLATE,
    events: { [SYSTEM_LOG]: [event(RCM, 1062, 1)] },
    wire: {},
    expect: { remark: 'certificate-enrolment-failed', never: ['certificate-enrolment-failed'] },
    source: `${ENCRYPTION_EVENTS} 1062: the default certificate is used`,
  },
  {
    id: 'a template is prescribed, and nothing failed',
    base: 'server-2019 member',
    set: TEMPLATE,
    live: {},
    expect: {},
    source: 'Microsoft: Server Authentication Certificate Template (policy)',
  },
  {
    id: 'a template failed once, and none is prescribed any more',
    base: 'server-2019 member',
    events: { [SYSTEM_LOG]: [event(RCM, 1064, 1, { param1: '0x80092004' })] },
    expect: {},
    source: `${ENCRYPTION_EVENTS} 1064: of a template that Group Policy names`,
  },
];

/** Where nothing but the state of a service is known to differ. */
const ODD: readonly Case[] = [
  {
    id: 'everything runs, and nobody may ask for the state of services',
    base: 'server-2022 member',
    live: { services: {}, denied: ['service-status', 'listener-owner', 'secure-channel', 'resources'] },
    expect: {},
    source: 'the states are unknown, and the settings as installed',
  },
  {
    id: 'TermService disabled and still running',
    base: 'server-2022 member',
    set: { [`${service('TermService')}!Start`]: 4 },
    live: { services: { TermService: RUNNING } },
    expect: { first: 'rdp-service-disabled', verdict: 'likely' },
    source: `${SERVICE_PAGE}, error 1058: at the next start`,
  },
];

const INCOMPLETE =
  'Microsoft: event 1006, the server received a large number of incomplete connections and may be under attack';

const FLOODS: readonly Case[] = [
  {
    id: 'many incomplete connections, and nobody got in since',
    base: 'server-2019 workgroup',
    events: { [SYSTEM_LOG]: [event(RCM, 1006, 1)] },
    expect: { first: 'connection-flood', verdict: 'likely' },
    source: INCOMPLETE,
  },
  {
    id: 'many incomplete connections, a session since',
    base: 'server-2019 workgroup',
    events: {
      [SYSTEM_LOG]: [event(RCM, 1006, 2)],
      [SESSIONS_LOG]: [event(LSM, 21, 1, { User: 'VM1\\alice', SessionID: '3', Address: '10.0.0.77' })],
    },
    expect: {},
    source: `${INCOMPLETE}; LocalSessionManager 21: a session began`,
  },
  {
    id: 'many incomplete connections, and the listener answers',
    base: 'server-2019 workgroup',
    events: { [SYSTEM_LOG]: [event(RCM, 1006, 1)] },
    live: {},
    wire: {},
    expect: {},
    source: `${INCOMPLETE}; a connection opened and was answered`,
  },
];

export const LIVE_FAULTS: readonly Case[] = [
  ...FLOODS,
  ...CHANNELS,
  ...SERVICES,
  ...UNFINISHED,
  ...RESOURCES,
  ...CLOCKS,
  ...CERTIFICATES,
  ...ODD,
];
