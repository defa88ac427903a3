import { LIVE_FACTS, type LiveFacts, type ServiceStatus } from './live-facts.ts';
import type { Certificate, TlsVersion } from './tls.ts';

export type {
  ListenerOwner,
  PendingReason,
  PendingRestart,
  ResourcesState,
  SecureChannel,
  ServiceStatus,
  SetupState,
  TimeSource,
} from './live-facts.ts';

/** Which layer decides: a policy, else the machine's own setting, else the default of the OS version. */
export interface Setting<T> {
  readonly effective: T;
  readonly setBy: 'policy' | 'machine' | 'default';
  readonly policy?: T;
  readonly machine?: T;
  readonly default?: T;
  /** The registry value that decides, or would: `SOFTWARE\Policies\…!SecurityLayer`. */
  readonly where: string;
}

export interface OsVersion {
  readonly productName: string;
  /** `20348`; the number that the defaults go by. */
  readonly build: number;
  readonly installationType: string;
  /** UBR: the update's own number. Left out where it is not there or could not be read, as `displayVersion` is. */
  readonly revision?: number;
  readonly displayVersion?: string;
}

export interface DomainMembership {
  readonly joined: boolean;
  /** DNS name. Left out where it could not be read, as the other name is. */
  readonly domain?: string;
  readonly netbiosDomain?: string;
  /** Microsoft Entra joined: its tenant is named in CloudDomainJoin. Of a member of a domain left out where that could not be read. */
  readonly entraJoined?: boolean;
}

/** One TLS version's server role. */
export interface SchannelProtocol extends Setting<boolean> {
  /** Enabled and DisabledByDefault as they stand there; absent means the OS's default. */
  readonly enabled?: number;
  readonly disabledByDefault?: number;
}

/** An algorithm that is switched off below SCHANNEL, for every suite that needs it. */
export interface AlgorithmOff {
  readonly folder: 'Ciphers' | 'Hashes' | 'KeyExchangeAlgorithms';
  /** `AES 128/128`, `SHA`, `PKCS`. */
  readonly name: string;
  /** The registry value that says so. */
  readonly where: string;
}

/** A sign that Remote Desktop of Windows 7 or Server 2008 R2 can do TLS 1.1 and 1.2. */
export interface RdsTlsUpdate {
  /** The package that was found: `Package_for_KB3080079~31bf3856ad364e35~amd64~~6.1.1.2`. */
  readonly sign: string;
}

/** How a service is set to start and, of a running machine, how it is: that part is left out where nobody told it. */
export interface WindowsService extends Partial<ServiceStatus> {
  /** 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled. */
  readonly startType: number;
  readonly objectName?: string;
  readonly type?: number;
  readonly imagePath?: string;
}

/** What a service needs before it can start, all the way down. */
export interface ServiceDependencies {
  readonly services: readonly ServiceDependency[];
  /** Load-order groups of which one member at least has to start; their members are not looked up. */
  readonly groups: readonly { readonly name: string; readonly neededBy: string }[];
}

export interface ServiceDependency {
  readonly name: string;
  /** The service that names it in DependOnService. */
  readonly neededBy: string;
  /** As in `WindowsService`; left out where there is no such service. Drivers are among them. */
  readonly startType?: number;
}

/** What runs as a service: the host, and the library that it loads. */
export interface ServiceProgram {
  /** ImagePath and Parameters\\ServiceDll as they stand there; left out where they are not there. */
  readonly imagePath?: string;
  readonly serviceDll?: string;
  /** Whether that file is on the system drive; left out where no path says which. */
  readonly image?: 'there' | 'missing' | 'unknown';
  readonly library?: 'there' | 'missing' | 'unknown';
  /** The group that svchost is told to host (`-k`), and whether its list names the service. */
  readonly hostGroup?: { readonly name: string; readonly lists: boolean | 'unknown' };
  /** Why something of it is not known. */
  readonly problem?: string;
}

export interface MachinePassword {
  /** ISO 8601, UTC: when the secret last changed. The secret itself is never read. */
  readonly changedAt: string;
  readonly changesDisabled: boolean;
  readonly maximumAgeDays: number;
}

export interface LsaPackages {
  readonly authentication: readonly string[];
  readonly security: readonly string[];
  /** SecurityProviders\SecurityProviders. */
  readonly providers: readonly string[];
}

export interface UserRights {
  /** SIDs that hold each right. */
  readonly remoteInteractive: readonly string[];
  readonly network: readonly string[];
  readonly denyRemoteInteractive: readonly string[];
  readonly denyNetwork: readonly string[];
}

export interface ListenerCertificate {
  /** Why this one: bound by SSLCertificateSHA1Hash, or the self-signed one. */
  readonly chosen: 'bound' | 'self-signed';
  /** Thumbprint that the listener names, lower-case hexadecimal. */
  readonly sha1: string;
  readonly store: string;
  /** Absent: the store has no certificate with this thumbprint, or it could not be read. */
  readonly certificate?: Certificate;
  /** The store has one, and it could not be read. */
  readonly unread?: true;
  /** The private key's file, where it can be told. */
  readonly keyFile?: string;
  readonly key: 'readable' | 'missing' | 'denied' | 'unknown';
  /** What the key's state was told from. */
  readonly keyDetail?: string;
}

export interface NetworkInterface {
  readonly id: string;
  readonly servers: readonly string[];
  readonly source: 'static' | 'dhcp' | 'none';
  readonly address?: string;
}

export interface FirewallProfile {
  readonly enabled: Setting<boolean>;
  readonly defaultInbound: 'allow' | 'block';
  /** False: a policy leaves only the rules of policies in force. */
  readonly mergesLocalRules: boolean;
  /** Set: "block all incoming connections", whatever the rules allow (DoNotAllowExceptions). */
  readonly blocksAll?: boolean;
}

export interface FirewallRule {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly action: 'allow' | 'block';
  readonly profiles: readonly ('domain' | 'private' | 'public')[];
  readonly protocol: number | 'any';
  readonly localPorts: readonly string[];
  /** Whole address space when empty. */
  readonly remoteAddresses: readonly string[];
  readonly setBy: 'policy' | 'machine';
}

export interface FirewallState {
  readonly profiles: Readonly<Record<'domain' | 'private' | 'public', FirewallProfile>>;
  /** Inbound rules that apply to the listener's TCP port. */
  readonly rules: readonly FirewallRule[];
}

export interface RelevantEvent {
  readonly channel: string;
  readonly provider: string;
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly fields: Readonly<Record<string, string>>;
  /** `System.evtx#48213`. */
  readonly locator: string;
  /** Cause ids that it speaks for, and against. */
  readonly proves: readonly string[];
  readonly refutes: readonly string[];
}

/** What the logs cover: silence before `oldest` proves nothing. */
export interface EventLogSpan {
  readonly channel: string;
  readonly oldest?: string;
  readonly newest?: string;
}

export interface EventTimeline {
  readonly events: readonly RelevantEvent[];
  readonly spans: readonly EventLogSpan[];
  readonly firstFailure?: string;
  readonly lastSuccess?: string;
  /** Logs that are there and could not be read: silence in them proves nothing. */
  readonly unread?: readonly { readonly channel: string; readonly problem: string }[];
  /** What changed on the machine between the two, newest first; without a success, in the week before the failure. */
  readonly changes?: readonly RelevantEvent[];
}

/** Failed sign-ins (Security 4625) that ended alike, counted. */
export interface LogonFailureRow {
  /** As the event names it; empty where it names none. In a row of `statuses`: of the newest one. */
  readonly account: string;
  readonly domain: string;
  /** NTSTATUS, unsigned: SubStatus where it is not zero, which is the more exact one, else Status. */
  readonly status: number;
  /** Its symbolic name. */
  readonly name: string;
  /** 2 at the console, 3 over the network (NLA), 7 unlock, 10 Remote Desktop, … */
  readonly logonType: number;
  readonly count: number;
  /** ISO 8601, UTC. */
  readonly first: string;
  readonly last: string;
  /** Of the newest: `Security.evtx#48213`. */
  readonly locator: string;
}

/** The newest sign-in (Security 4624) of one account, kind of logon and package. */
export interface LogonSuccess {
  readonly account: string;
  readonly domain: string;
  readonly logonType: number;
  /** `NTLM`, `Kerberos`, `Negotiate`. */
  readonly authentication: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly locator: string;
}

/** Sign-ins over the network, at the console and by Remote Desktop that the Security log counts; services and tasks are left out. */
export interface LogonTally {
  /** Failures in all. */
  readonly total: number;
  /** Failures of the kinds that a sign-in by Remote Desktop makes: 3, 7 and 10. */
  readonly remote: number;
  /** Of the failures of those kinds: different names, and those of them that no sign-in followed or preceded. */
  readonly names: number;
  readonly namesNeverIn: number;
  /** Different addresses they came from, and the busiest ones. An event may name none. */
  readonly addresses: number;
  readonly busiest: readonly { readonly address: string; readonly count: number }[];
  /** There were more names or addresses than were told apart: the numbers are lower bounds. */
  readonly capped: boolean;
  /** One row per status and kind of logon, the most frequent first. */
  readonly statuses: readonly LogonFailureRow[];
  /** One row per account, status and kind: all of the account that was named, else the most telling. */
  readonly accounts: readonly LogonFailureRow[];
  readonly successes: readonly LogonSuccess[];
  /** ISO 8601, UTC: what was looked at. Silence before `since` proves nothing. */
  readonly since?: string;
  readonly until?: string;
  /** Why it was looked no further back: the log begins there, enough time, or enough events. */
  readonly endedBy: 'log' | 'since' | 'limit';
}

export interface VolumeState {
  readonly container: string;
  readonly partitionScheme: string;
  readonly dirty: boolean;
  readonly hibernated: boolean;
  /** How each hive was: clean, replayed, … */
  readonly hives: Readonly<Record<string, string>>;
}

/** Local group policy files and the policy values that they hold for Remote Desktop. */
export interface LocalPolicy {
  readonly registryPol: boolean;
  /** key!value → data, those that the listener, TLS, LSA and CredSSP read. */
  readonly values: Readonly<Record<string, string | number>>;
}

/** Facts about a Windows machine, whoever read them. */
export interface WindowsFacts extends LiveFacts {
  readonly 'os.version': OsVersion;
  readonly 'computer.name': string;
  readonly 'domain.membership': DomainMembership;
  readonly 'listener.fDenyTSConnections': Setting<number>;
  readonly 'listener.fEnableWinStation': Setting<number>;
  readonly 'listener.WinStations': readonly string[];
  readonly 'listener.TSEnabled': Setting<number>;
  readonly 'listener.TSUserEnabled': Setting<number>;
  readonly 'listener.TSServerDrainMode': Setting<number>;
  readonly 'listener.TSAppCompat': Setting<number>;
  readonly 'listener.fLogonDisabled': Setting<number>;
  readonly 'listener.fAllowSecProtocolNegotiation': Setting<number>;
  readonly 'winlogon.WinStationsDisabled': Setting<number>;
  readonly 'listener.portNumber': Setting<number>;
  readonly 'listener.securityLayer': Setting<number>;
  readonly 'listener.userAuthentication': Setting<number>;
  readonly 'listener.minEncryptionLevel': Setting<number>;
  readonly 'listener.certificate': ListenerCertificate;
  readonly 'listener.certificateTemplate': string;
  readonly 'schannel.server': Readonly<Record<TlsVersion, SchannelProtocol>>;
  readonly 'schannel.suites': Setting<readonly string[]>;
  readonly 'schannel.algorithms': readonly AlgorithmOff[];
  readonly 'schannel.curves': Setting<readonly string[]>;
  readonly 'schannel.rdsUpdate': RdsTlsUpdate;
  readonly 'fips.machine': Setting<boolean>;
  readonly 'lsa.disableDomainCreds': Setting<number>;
  readonly 'lsa.lmCompatibilityLevel': Setting<number>;
  readonly 'lsa.packages': LsaPackages;
  readonly 'ntlm.restrictReceiving': Setting<number>;
  readonly 'ntlm.restrictSending': Setting<number>;
  readonly 'credssp.allowEncryptionOracle': Setting<number>;
  readonly 'credssp.fileVersion': string;
  readonly 'kerberos.encryptionTypes': Setting<number>;
  readonly 'service.TermService': WindowsService;
  readonly 'service.UmRdpService': WindowsService;
  readonly 'service.SessionEnv': WindowsService;
  readonly 'service.gpsvc': WindowsService;
  readonly 'service.Netlogon': WindowsService;
  readonly 'service.KeyIso': WindowsService;
  readonly 'service.CryptSvc': WindowsService;
  readonly 'service.Dnscache': WindowsService;
  readonly 'service.W32Time': WindowsService;
  readonly 'service.MpsSvc': WindowsService;
  readonly 'service.BFE': WindowsService;
  readonly 'service.TermService.program': ServiceProgram;
  readonly 'service.TermService.dependencies': ServiceDependencies;
  readonly 'service.Netlogon.dependencies': ServiceDependencies;
  readonly 'service.gpsvc.dependencies': ServiceDependencies;
  readonly 'service.MpsSvc.dependencies': ServiceDependencies;
  readonly 'machinePassword.changedAt': MachinePassword;
  readonly 'machine.sid': string;
  readonly 'domain.sid': string;
  readonly 'os.productType': string;
  readonly 'user.rights': UserRights;
  readonly 'cachedLogons.count': Setting<number>;
  readonly 'dns.servers': readonly NetworkInterface[];
  readonly 'firewall.rdp': FirewallState;
  readonly 'grouppolicy.local': LocalPolicy;
  readonly 'events.relevant': EventTimeline;
  readonly 'logon.failures': LogonTally;
  readonly 'disk.volume': VolumeState;
}

/** Every such fact with the sentence that `list facts` shows. */
export const WINDOWS_FACTS: { readonly [F in keyof WindowsFacts]: string } = {
  'os.version': 'product, build and installation type',
  'computer.name': "the machine's own name",
  'domain.membership': 'whether it is joined to a domain, and which',
  'listener.fDenyTSConnections': 'whether Remote Desktop is switched off (1)',
  'listener.fEnableWinStation': 'whether the listener is switched on (1)',
  'listener.WinStations': 'the listeners in the registry, normally RDP-Tcp',
  'listener.TSEnabled': 'whether Remote Desktop Services are switched on at all (1)',
  'listener.TSUserEnabled': 'whether users are kept from connecting (1)',
  'listener.TSServerDrainMode':
    'whether a session host takes no new sessions (1: until it restarts; 2: until somebody changes it)',
  'listener.TSAppCompat': 'whether the machine is a session host (1) or serves administration only (0)',
  'listener.fLogonDisabled': 'whether the listener refuses sign-ins (1)',
  'listener.fAllowSecProtocolNegotiation': 'whether the listener may negotiate TLS and NLA (1)',
  'winlogon.WinStationsDisabled': 'whether remote sign-ins are switched off (1)',
  'listener.portNumber': 'the TCP port of the listener',
  'listener.securityLayer': '0 standard RDP security, 1 negotiate, 2 TLS',
  'listener.userAuthentication': 'whether Network Level Authentication is required (1)',
  'listener.minEncryptionLevel': 'level of standard RDP security: 1 low … 4 FIPS',
  'listener.certificate': 'the certificate that the listener would present, and its key',
  'listener.certificateTemplate': 'the certificate template that a policy prescribes for the listener',
  'schannel.server': 'TLS versions that Schannel offers as a server',
  'schannel.suites': 'cipher suites in order, as set by policy or machine',
  'schannel.algorithms': 'ciphers, hashes and key exchanges that are switched off below SCHANNEL',
  'schannel.curves': 'elliptic curves in order, as set by policy or machine',
  'schannel.rdsUpdate':
    'a sign that Remote Desktop on Windows 7 or Server 2008 R2 can use TLS 1.2 (KB3080079)',
  'fips.machine': 'whether Windows is limited to FIPS 140 algorithms',
  'lsa.disableDomainCreds': 'whether storing credentials for network authentication is forbidden (1)',
  'lsa.lmCompatibilityLevel': 'which NTLM responses are sent and accepted (0 to 5)',
  'lsa.packages': 'authentication and security packages of the LSA',
  'ntlm.restrictReceiving': 'whether incoming NTLM is refused (2: all)',
  'ntlm.restrictSending': 'whether outgoing NTLM is refused (2: all)',
  'credssp.allowEncryptionOracle':
    'whether clients without the CredSSP update are accepted (0 never … 2 always)',
  'credssp.fileVersion': 'version of TSpkg.dll, which tells whether CredSSP is patched',
  'kerberos.encryptionTypes': 'Kerberos encryption types that the machine is limited to',
  'service.TermService': 'Remote Desktop Services',
  'service.UmRdpService': 'Remote Desktop Services UserMode Port Redirector',
  'service.SessionEnv': 'Remote Desktop Configuration, which renews the certificate',
  'service.gpsvc': 'Group Policy Client',
  'service.Netlogon': 'Netlogon, which holds the secure channel',
  'service.KeyIso': 'CNG Key Isolation',
  'service.CryptSvc': 'Cryptographic Services',
  'service.Dnscache': 'DNS Client',
  'service.W32Time': 'Windows Time',
  'service.MpsSvc': 'Windows Firewall',
  'service.BFE': 'Base Filtering Engine, which enforces the rules of the firewall',
  'service.TermService.program': 'the program and the library of Remote Desktop Services',
  'service.TermService.dependencies': 'what Remote Desktop Services needs before it can start',
  'service.Netlogon.dependencies': 'what Netlogon needs before it can start',
  'service.gpsvc.dependencies': 'what the Group Policy Client needs before it can start',
  'service.MpsSvc.dependencies': 'what the Windows Firewall needs before it can start',
  'machinePassword.changedAt': "when the machine account's password last changed on this machine",
  'machine.sid': "the machine's own SID",
  'domain.sid': "the SID of the machine's domain",
  'os.productType': 'workstation (WinNT), server (ServerNT) or domain controller (LanmanNT)',
  'user.rights': 'who may, and may not, sign in over the network and by Remote Desktop',
  'cachedLogons.count': 'how many domain sign-ins are cached',
  'dns.servers': 'DNS servers of every interface',
  'firewall.rdp': 'firewall profiles and the rules for the listener',
  'grouppolicy.local': 'what the local group policy sets for Remote Desktop',
  'events.relevant': 'events that speak for or against a cause, the first failure and the last success',
  'logon.failures': "refused sign-ins in the machine's own Security log, counted by status and account",
  'disk.volume': 'how the disk and its hives were found',
  ...LIVE_FACTS,
};
