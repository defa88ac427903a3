// Configurations of a Windows machine: what is set in its hives, which facts and which verdicts that must give.
import type { CauseId } from '../../src/core/knowledge/cause-catalogue.ts';
import type { FactName } from '../../src/core/model/facts.ts';
import type { Finding } from '../../src/core/model/report.ts';
import type { Settings } from './windows-hives.ts';

export interface Configuration {
  readonly title: string;
  /** `server`: Windows 10's SYSTEM as Server 2022, a member of a domain. `client`: a real Windows 7, without SECURITY. */
  readonly base: 'server' | 'client';
  readonly set: Settings;
  /** Facts as they must be; of a setting everything but the place. A text stands for a fact that is not present. */
  readonly facts: Readonly<Partial<Record<FactName, unknown>>>;
  /** TLS versions that the server offers. */
  readonly tls?: string;
  readonly verdicts?: Readonly<Partial<Record<CauseId, Finding['verdict']>>>;
}

const CCS = 'SYSTEM\\ControlSet001';
const TS = `${CCS}\\Control\\Terminal Server`;
export const RDP = `${TS}\\WinStations\\RDP-Tcp`;
const TSPOL = 'SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services';
const LSA = `${CCS}\\Control\\Lsa`;
const SYSPOL = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';
const VERSION = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const FIREWALL = `${CCS}\\Services\\SharedAccess\\Parameters\\FirewallPolicy`;
const FIREWALL_POLICY = 'SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';
const CARD = `${CCS}\\Services\\Tcpip\\Parameters\\Interfaces\\{4a25b723-024d-4349-a7ea-bdd92c863566}`;
const ACCOUNTS = 'SECURITY\\Policy\\Accounts';
const protocol = (version: string): string =>
  `${CCS}\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS ${version}\\Server`;
const service = (name: string): string => `${CCS}\\Services\\${name}`;
const rule = (text: string): string => `v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|${text}|Name=RDP|`;
const mask = (bits: number) => ({ type: 0, bytes: [bits & 0xff, bits >>> 8, 0, 0] });

/** Written into every `server`: it lets everybody in. */
export const SERVER: Settings = {
  [`${VERSION}!ProductName`]: 'Windows Server 2022 Datacenter',
  [`${VERSION}!CurrentBuildNumber`]: '20348',
  [`${VERSION}!InstallationType`]: 'Server',
  [`${TS}!fDenyTSConnections`]: 0,
  [`${RDP}!UserAuthentication`]: 1,
  [`${FIREWALL}\\FirewallRules!RemoteDesktop-UserMode-In-TCP`]: rule(
    'LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice',
  ),
  [`${CARD}!DhcpNameServer`]: '10.0.0.4 10.0.0.5',
  [`${CARD}!DhcpIPAddress`]: '10.0.0.9',
};

const WORKGROUP: Settings = { 'SECURITY\\Policy\\PolPrDmS': null };

const byDefault = (value: unknown) => ({ effective: value, setBy: 'default', default: value });
const byMachine = (value: unknown, fallback: unknown) => ({
  effective: value,
  setBy: 'machine',
  machine: value,
  default: fallback,
});
const byPolicy = (value: unknown, machine: unknown, fallback: unknown) => ({
  effective: value,
  setBy: 'policy',
  policy: value,
  ...(machine === undefined ? {} : { machine }),
  default: fallback,
});

function build(number: number, productName: string, installationType = 'Server'): Settings {
  return {
    [`${VERSION}!CurrentBuildNumber`]: String(number),
    [`${VERSION}!ProductName`]: productName,
    [`${VERSION}!InstallationType`]: installationType,
  };
}

const server = (
  title: string,
  set: Settings,
  facts: Configuration['facts'],
  verdicts: Configuration['verdicts'] = {},
): Configuration => ({ title, base: 'server', set, facts, verdicts });

/** What a TLS version's two values do on one Windows. */
function tls(title: string, os: number, set: Settings, offered: string): Configuration {
  return { title, base: 'server', set: { ...build(os, `build ${os}`), ...set }, facts: {}, tls: offered };
}

const off = (...versions: readonly string[]): Settings =>
  Object.fromEntries(versions.map((version) => [`${protocol(version)}!Enabled`, 0]));

const BASES: readonly Configuration[] = [
  server(
    'a server that lets everybody in',
    {},
    {
      'os.version': {
        productName: 'Windows Server 2022 Datacenter',
        build: 20348,
        installationType: 'Server',
      },
      'computer.name': 'DESKTOP-M3OSHQU',
      'domain.membership': { joined: true, domain: 'internal.greendale.edu', netbiosDomain: 'INTERNAL' },
      'machine.sid': 'S-1-5-21-4070822719-3404542230-2541167049',
      'listener.fDenyTSConnections': byMachine(0, 1),
      'listener.fEnableWinStation': byMachine(1, 1),
      'listener.portNumber': byMachine(3389, 3389),
      'listener.securityLayer': byMachine(2, 2),
      'listener.userAuthentication': byMachine(1, 0),
      'listener.minEncryptionLevel': byMachine(2, 3),
      'listener.certificate': 'absent',
      'fips.machine': byMachine(false, false),
      'lsa.disableDomainCreds': byMachine(0, 0),
      'lsa.lmCompatibilityLevel': byDefault(3),
      'ntlm.restrictReceiving': byDefault(0),
      'ntlm.restrictSending': byDefault(0),
      'credssp.allowEncryptionOracle': byDefault(1),
      'kerberos.encryptionTypes': 'absent',
      'cachedLogons.count': byDefault(25),
      'lsa.packages': { authentication: ['msv1_0'], security: [], providers: ['credssp.dll'] },
      'machinePassword.changedAt': {
        changedAt: '2016-11-08T13:28:03.816Z',
        changesDisabled: false,
        maximumAgeDays: 30,
      },
      'events.relevant': 'unknown',
      'grouppolicy.local': 'unknown',
    },
    {
      'rdp-disabled': 'ruled-out',
      'rdp-service-disabled': 'ruled-out',
      'port-changed': 'ruled-out',
      'policy-override': 'ruled-out',
      'firewall-blocks': 'ruled-out',
      'user-right-missing': 'ruled-out',
      'ntlm-restricted': 'ruled-out',
      'credssp-policy': 'ruled-out',
      'kerberos-encryption-mismatch': 'ruled-out',
      'lsa-packages-damaged': 'ruled-out',
      'domain-credentials-disabled': 'ruled-out',
      'group-policy-client-disabled': 'ruled-out',
      // Windows 10's Netlogon starts on demand; on a member that is a fault.
      'netlogon-service-disabled': 'likely',
      // Without event logs the domain's side stays open.
      'dns-misconfigured': 'inconclusive',
      'secure-channel-broken': 'inconclusive',
      'domain-controller-unreachable': 'inconclusive',
      'machine-password-mismatch': 'inconclusive',
    },
  ),
  {
    title: 'a real Windows 7, as it was found',
    base: 'client',
    set: {},
    tls: '1.0',
    facts: {
      'os.version': { productName: 'Windows 7 Ultimate', build: 7601, installationType: 'Client' },
      'computer.name': 'WKS-WIN732BITA',
      // SECURITY is not there: the suffix stands in.
      'domain.membership': { joined: true, domain: 'shieldbase.local' },
      'machine.sid': 'unknown',
      'user.rights': 'unknown',
      'machinePassword.changedAt': 'unknown',
      'listener.fDenyTSConnections': byMachine(0, 1),
      'listener.securityLayer': byMachine(1, 1),
      'listener.userAuthentication': byMachine(0, 0),
      'listener.minEncryptionLevel': byMachine(2, 2),
      'cachedLogons.count': byMachine(10, 10),
      'dns.servers': [
        {
          id: '{698E50A9-4F58-4D86-B61D-F42E58DCACF6}',
          servers: ['10.3.58.4'],
          source: 'static',
          address: '10.3.58.5',
        },
        {
          id: '{6AAFC9A9-0542-4DB2-8760-CCFFA953737C}',
          servers: ['192.168.1.112'],
          source: 'static',
          address: '192.168.1.123',
        },
        { id: '{e29ac6c2-7037-11de-816d-806e6f6e6963}', servers: [], source: 'none' },
      ],
    },
    verdicts: {
      'rdp-disabled': 'ruled-out',
      'lsa-packages-damaged': 'ruled-out',
      'netlogon-service-disabled': 'ruled-out',
      'user-right-missing': 'inconclusive',
    },
  },
];

const LISTENER: readonly Configuration[] = [
  server(
    'switched off at the machine',
    { [`${TS}!fDenyTSConnections`]: 1 },
    { 'listener.fDenyTSConnections': byMachine(1, 1) },
    { 'rdp-disabled': 'confirmed', 'policy-override': 'ruled-out' },
  ),
  server(
    'switched off by policy over a machine that is on',
    { [`${TSPOL}!fDenyTSConnections`]: 1 },
    { 'listener.fDenyTSConnections': byPolicy(1, 0, 1) },
    { 'rdp-disabled': 'confirmed', 'policy-override': 'likely' },
  ),
  server(
    'switched on by policy over a machine that is off',
    { [`${TS}!fDenyTSConnections`]: 1, [`${TSPOL}!fDenyTSConnections`]: 0 },
    { 'listener.fDenyTSConnections': byPolicy(0, 1, 1) },
    { 'rdp-disabled': 'ruled-out', 'policy-override': 'ruled-out' },
  ),
  server(
    'the switch is gone: Windows denies',
    { [`${TS}!fDenyTSConnections`]: null },
    { 'listener.fDenyTSConnections': byDefault(1) },
    { 'rdp-disabled': 'confirmed' },
  ),
  server(
    'the switch is a text',
    { [`${TS}!fDenyTSConnections`]: '0' },
    { 'listener.fDenyTSConnections': 'unknown' },
    { 'rdp-disabled': 'inconclusive' },
  ),
  server(
    'the listener is off',
    { [`${RDP}!fEnableWinStation`]: 0 },
    { 'listener.fEnableWinStation': byMachine(0, 1) },
    { 'rdp-disabled': 'confirmed' },
  ),
  server(
    'another port',
    { [`${RDP}!PortNumber`]: 3390 },
    { 'listener.portNumber': byMachine(3390, 3389) },
    { 'port-changed': 'likely', 'firewall-blocks': 'confirmed' },
  ),
  server(
    'another port, and a rule for it',
    {
      [`${RDP}!PortNumber`]: 3390,
      [`${FIREWALL}\\FirewallRules!{0}`]: rule('LPort2_10=3380-3400'),
    },
    { 'listener.portNumber': byMachine(3390, 3389) },
    { 'port-changed': 'likely', 'firewall-blocks': 'ruled-out' },
  ),
  server(
    'standard security with NLA, by policy',
    { [`${TSPOL}!SecurityLayer`]: 0, [`${TSPOL}!UserAuthentication`]: 1 },
    {
      'listener.securityLayer': byPolicy(0, 2, 2),
      'listener.userAuthentication': byPolicy(1, 1, 0),
    },
    { 'policy-override': 'likely', 'certificate-key-unreadable': 'ruled-out' },
  ),
  server(
    'harmless policies',
    { [`${TSPOL}!SecurityLayer`]: 2, [`${TSPOL}!MinEncryptionLevel`]: 3 },
    {
      'listener.securityLayer': byPolicy(2, 2, 2),
      'listener.minEncryptionLevel': byPolicy(3, 2, 3),
    },
    { 'policy-override': 'ruled-out' },
  ),
  server(
    'values gone: the defaults of Server 2022',
    {
      [`${RDP}!SecurityLayer`]: null,
      [`${RDP}!UserAuthentication`]: null,
      [`${RDP}!MinEncryptionLevel`]: null,
      [`${RDP}!PortNumber`]: null,
      [`${RDP}!fEnableWinStation`]: null,
    },
    {
      'listener.securityLayer': byDefault(2),
      'listener.userAuthentication': byDefault(0),
      'listener.minEncryptionLevel': byDefault(3),
      'listener.portNumber': byDefault(3389),
      'listener.fEnableWinStation': byDefault(1),
    },
    { 'rdp-disabled': 'ruled-out', 'port-changed': 'ruled-out' },
  ),
  {
    title: 'values gone: the defaults of Windows 7',
    base: 'client',
    set: { [`${RDP}!SecurityLayer`]: null, [`${RDP}!MinEncryptionLevel`]: null },
    facts: { 'listener.securityLayer': byDefault(1), 'listener.minEncryptionLevel': byDefault(2) },
  },
  server(
    'FIPS level by policy',
    { [`${TSPOL}!MinEncryptionLevel`]: 4, [`${TSPOL}!SecurityLayer`]: 0, [`${TSPOL}!UserAuthentication`]: 0 },
    {
      'listener.minEncryptionLevel': byPolicy(4, 2, 3),
      'listener.userAuthentication': byPolicy(0, 1, 0),
    },
    { 'policy-override': 'likely' },
  ),
];

const SERVICES: readonly Configuration[] = [
  server(
    'the service is disabled',
    { [`${service('TermService')}!Start`]: 4 },
    {},
    { 'rdp-service-disabled': 'confirmed' },
  ),
  server(
    'the service has another account',
    { [`${service('TermService')}!ObjectName`]: 'LocalSystem' },
    {},
    { 'rdp-service-disabled': 'likely' },
  ),
  server(
    'the service is gone',
    { [service('TermService')]: null },
    { 'service.TermService': 'absent' },
    { 'rdp-service-disabled': 'confirmed' },
  ),
  server(
    'the service has lost its start type',
    { [`${service('TermService')}!Start`]: null },
    { 'service.TermService': 'unknown' },
    { 'rdp-service-disabled': 'inconclusive' },
  ),
  server(
    'Netlogon is automatic, as on a member',
    { [`${service('Netlogon')}!Start`]: 2 },
    {},
    { 'netlogon-service-disabled': 'ruled-out' },
  ),
  server(
    'Netlogon is disabled',
    { [`${service('Netlogon')}!Start`]: 4 },
    {},
    { 'netlogon-service-disabled': 'likely' },
  ),
  server(
    'Netlogon is disabled in a workgroup',
    { ...WORKGROUP, [`${service('Netlogon')}!Start`]: 4 },
    { 'domain.membership': { joined: false } },
    {
      'netlogon-service-disabled': 'ruled-out',
      'secure-channel-broken': 'ruled-out',
      'domain-controller-unreachable': 'ruled-out',
      'machine-password-mismatch': 'ruled-out',
      'dns-misconfigured': 'ruled-out',
    },
  ),
  server(
    'the Group Policy client is disabled',
    { [`${service('gpsvc')}!Start`]: 4 },
    {},
    { 'group-policy-client-disabled': 'likely' },
  ),
];

const TLS: readonly Configuration[] = [
  tls('TLS: Server 2008 by default', 6001, {}, '1.0'),
  tls('TLS: Server 2008 R2 by default', 7601, {}, '1.0'),
  tls('TLS: Server 2012 by default', 9200, {}, '1.0 1.1 1.2'),
  tls('TLS: Server 2016 by default', 14393, {}, '1.0 1.1 1.2'),
  tls('TLS: Server 2019 by default', 17763, {}, '1.0 1.1 1.2'),
  tls('TLS: Server 2022 by default', 20348, {}, '1.0 1.1 1.2 1.3'),
  tls('TLS: Server 2025 by default', 26100, {}, '1.0 1.1 1.2 1.3'),
  tls('TLS: all off', 20348, off('1.0', '1.1', '1.2', '1.3'), ''),
  tls('TLS: old versions off, as hardening does', 20348, off('1.0', '1.1'), '1.2 1.3'),
  tls(
    'TLS: off unless asked for',
    17763,
    { [`${protocol('1.2')}!DisabledByDefault`]: 1, ...off('1.0', '1.1') },
    '',
  ),
  tls(
    'TLS: 0xFFFFFFFF is on',
    17763,
    {
      [`${protocol('1.2')}!Enabled`]: 0xffff_ffff,
      [`${protocol('1.2')}!DisabledByDefault`]: 0,
      ...off('1.0'),
    },
    '1.1 1.2',
  ),
  tls('TLS: 2008 R2 with one value', 7601, { [`${protocol('1.2')}!Enabled`]: 1 }, '1.0'),
  tls(
    'TLS: 2008 R2 with both',
    7601,
    { [`${protocol('1.2')}!Enabled`]: 1, [`${protocol('1.2')}!DisabledByDefault`]: 0, ...off('1.0') },
    '1.2',
  ),
  tls('TLS: 1.3 on a Windows without it', 17763, { [`${protocol('1.3')}!Enabled`]: 1 }, '1.0 1.1 1.2'),
  server(
    'cipher suites by policy',
    { 'SOFTWARE\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002!Functions': 'A,B' },
    {},
  ),
];

const DOMAIN: readonly Configuration[] = [
  server(
    'nobody may sign in by Remote Desktop',
    {
      [`${ACCOUNTS}\\S-1-5-32-544\\ActSysAc!`]: mask(0x7),
      [`${ACCOUNTS}\\S-1-5-32-555\\ActSysAc!`]: mask(0),
    },
    {
      'user.rights': {
        remoteInteractive: [],
        network: ['S-1-1-0', 'S-1-5-32-544', 'S-1-5-32-545', 'S-1-5-32-551'],
        denyRemoteInteractive: [],
        denyNetwork: ['S-1-5-21-4070822719-3404542230-2541167049-501'],
      },
    },
    { 'user-right-missing': 'confirmed' },
  ),
  server(
    'local accounts are denied, as baselines do',
    { [`${ACCOUNTS}\\S-1-5-113\\ActSysAc!`]: mask(0x880) },
    {},
    { 'user-right-missing': 'likely' },
  ),
  server(
    'everybody is denied the network',
    { [`${ACCOUNTS}\\S-1-1-0\\ActSysAc!`]: mask(0x80) },
    {},
    { 'user-right-missing': 'confirmed' },
  ),
  server(
    'everybody is denied the network, and NLA is off',
    { [`${ACCOUNTS}\\S-1-1-0\\ActSysAc!`]: mask(0x80), [`${RDP}!UserAuthentication`]: 0 },
    {},
    { 'user-right-missing': 'ruled-out' },
  ),
  server(
    'a mask that is no mask',
    { [`${ACCOUNTS}\\S-1-1-0\\ActSysAc!`]: { type: 0, bytes: [1, 2, 3] } },
    { 'user.rights': 'unknown' },
    { 'user-right-missing': 'inconclusive' },
  ),
  server(
    'the machine has lost its password',
    { 'SECURITY\\Policy\\Secrets\\$MACHINE.ACC': null },
    { 'machinePassword.changedAt': 'absent' },
    { 'machine-password-mismatch': 'likely' },
  ),
  server(
    'the machine keeps its password',
    { [`${service('Netlogon')}\\Parameters!DisablePasswordChange`]: 1 },
    {
      'machinePassword.changedAt': {
        changedAt: '2016-11-08T13:28:03.816Z',
        changesDisabled: true,
        maximumAgeDays: 30,
      },
    },
    { 'machine-password-mismatch': 'inconclusive' },
  ),
  server(
    'a public DNS server by hand',
    { [`${CARD}!NameServer`]: '8.8.8.8,1.1.1.1' },
    {},
    { 'dns-misconfigured': 'likely' },
  ),
  server('no DNS server', { [`${CARD}!DhcpNameServer`]: null }, {}, { 'dns-misconfigured': 'likely' }),
  server(
    'no DNS server since the address was set by hand',
    { [`${CARD}!EnableDHCP`]: 0, [`${CARD}!IPAddress`]: ['10.0.0.9'] },
    {},
    { 'dns-misconfigured': 'likely' },
  ),
  server(
    'Kerberos with RC4 only',
    { [`${SYSPOL}\\Kerberos\\Parameters!SupportedEncryptionTypes`]: 4 },
    { 'kerberos.encryptionTypes': { effective: 4, setBy: 'machine', machine: 4 } },
    { 'kerberos-encryption-mismatch': 'likely' },
  ),
  server(
    'Kerberos with AES and what may come',
    { [`${SYSPOL}\\Kerberos\\Parameters!SupportedEncryptionTypes`]: 0x7fff_fff8 },
    {
      'kerberos.encryptionTypes': { effective: 0x7fff_fff8, setBy: 'machine', machine: 0x7fff_fff8 },
    },
    { 'kerberos-encryption-mismatch': 'ruled-out' },
  ),
  server(
    'Kerberos types as a text',
    { [`${SYSPOL}\\Kerberos\\Parameters!SupportedEncryptionTypes`]: '24' },
    { 'kerberos.encryptionTypes': 'unknown' },
    { 'kerberos-encryption-mismatch': 'inconclusive' },
  ),
  server(
    'Entra joined',
    { ...WORKGROUP, [`${CCS}\\Control\\CloudDomainJoin\\JoinInfo\\0123!TenantId`]: 'x' },
    { 'domain.membership': { joined: false, entraJoined: true } },
    { 'secure-channel-broken': 'ruled-out' },
  ),
];

const LOCAL_SECURITY: readonly Configuration[] = [
  server(
    'incoming NTLM refused',
    { [`${LSA}\\MSV1_0!RestrictReceivingNTLMTraffic`]: 2 },
    { 'ntlm.restrictReceiving': byMachine(2, 0) },
    { 'ntlm-restricted': 'likely' },
  ),
  server(
    'NTLMv2 only',
    { [`${LSA}!LmCompatibilityLevel`]: 5 },
    { 'lsa.lmCompatibilityLevel': byMachine(5, 3) },
    { 'ntlm-restricted': 'ruled-out' },
  ),
  server(
    'NTLM restricted by a text',
    { [`${LSA}\\MSV1_0!RestrictReceivingNTLMTraffic`]: '2' },
    { 'ntlm.restrictReceiving': 'unknown' },
    { 'ntlm-restricted': 'inconclusive' },
  ),
  server(
    'CredSSP for updated clients only',
    { [`${SYSPOL}\\CredSSP\\Parameters!AllowEncryptionOracle`]: 0 },
    { 'credssp.allowEncryptionOracle': byMachine(0, 1) },
    { 'credssp-policy': 'ruled-out' },
  ),
  server(
    'no storage of credentials',
    { [`${LSA}!disabledomaincreds`]: 1 },
    { 'lsa.disableDomainCreds': byMachine(1, 0) },
    { 'domain-credentials-disabled': 'ruled-out' },
  ),
  server(
    'no storage of credentials, as a text',
    { [`${LSA}!disabledomaincreds`]: '1' },
    { 'lsa.disableDomainCreds': 'unknown' },
    { 'domain-credentials-disabled': 'inconclusive' },
  ),
  server(
    'FIPS for the machine',
    { [`${LSA}\\FIPSAlgorithmPolicy!Enabled`]: 1 },
    { 'fips.machine': byMachine(true, false) },
  ),
  server('FIPS is not set', { [`${LSA}\\FIPSAlgorithmPolicy`]: null }, { 'fips.machine': byDefault(false) }),
  server(
    'credssp.dll is gone',
    { [`${CCS}\\Control\\SecurityProviders!SecurityProviders`]: 'pwdssp.dll' },
    {},
    { 'lsa-packages-damaged': 'confirmed' },
  ),
  server(
    'msv1_0 is gone',
    { [`${LSA}!Authentication Packages`]: ['other'] },
    {},
    { 'lsa-packages-damaged': 'confirmed' },
  ),
  {
    title: 'an old Windows without tspkg',
    base: 'client',
    set: { [`${LSA}!Security Packages`]: ['kerberos', 'msv1_0', 'schannel', 'wdigest'] },
    facts: {
      'lsa.packages': {
        authentication: ['msv1_0'],
        security: ['kerberos', 'msv1_0', 'schannel', 'wdigest'],
        providers: ['credssp.dll'],
      },
    },
    verdicts: { 'lsa-packages-damaged': 'likely' },
  },
  server(
    'no cached sign-ins',
    { [`${VERSION}\\Winlogon!CachedLogonsCount`]: '0' },
    { 'cachedLogons.count': byMachine(0, 25) },
  ),
];

const RULES = `${FIREWALL}\\FirewallRules`;
const LOCAL_RULE = `${RULES}!RemoteDesktop-UserMode-In-TCP`;
const PROFILES = ['DomainProfile', 'StandardProfile', 'PublicProfile'] as const;

const FIREWALLS: readonly Configuration[] = [
  server(
    'no active rule',
    { [LOCAL_RULE]: rule('LPort=3389').replace('Active=TRUE', 'Active=FALSE') },
    {},
    { 'firewall-blocks': 'confirmed' },
  ),
  server(
    'the firewall is off',
    {
      [LOCAL_RULE]: null,
      ...Object.fromEntries(PROFILES.map((profile) => [`${FIREWALL}\\${profile}!EnableFirewall`, 0])),
    },
    {},
    { 'firewall-blocks': 'ruled-out' },
  ),
  server(
    'a rule for the domain only, on a member',
    { [LOCAL_RULE]: rule('Profile=Domain|LPort=3389') },
    {},
    { 'firewall-blocks': 'inconclusive' },
  ),
  server(
    'a rule for the domain only, in a workgroup',
    { ...WORKGROUP, [LOCAL_RULE]: rule('Profile=Domain|LPort=3389') },
    {},
    { 'firewall-blocks': 'confirmed' },
  ),
  server(
    'a rule that blocks',
    { [`${RULES}!{1}`]: rule('LPort=3389').replace('Allow', 'Block') },
    {},
    { 'firewall-blocks': 'confirmed' },
  ),
  server(
    'a policy that shuts local rules out',
    Object.fromEntries(
      ['DomainProfile', 'PrivateProfile', 'PublicProfile'].map((profile) => [
        `${FIREWALL_POLICY}\\${profile}!AllowLocalPolicyMerge`,
        0,
      ]),
    ),
    {},
    { 'firewall-blocks': 'confirmed' },
  ),
  server(
    'a policy with a rule of its own',
    {
      [LOCAL_RULE]: null,
      [`${FIREWALL_POLICY}\\FirewallRules!{2}`]: rule('LPort=3389'),
    },
    {},
    { 'firewall-blocks': 'ruled-out' },
  ),
  server(
    'no exceptions from the firewall',
    Object.fromEntries(PROFILES.map((profile) => [`${FIREWALL}\\${profile}!DoNotAllowExceptions`, 1])),
    {},
    { 'firewall-blocks': 'confirmed' },
  ),
  server(
    'a switch in words',
    { [`${FIREWALL}\\PublicProfile!EnableFirewall`]: 'yes' },
    { 'firewall.rdp': 'unknown' },
    { 'firewall-blocks': 'inconclusive' },
  ),
];

export const CONFIGURATIONS: readonly Configuration[] = [
  ...BASES,
  ...LISTENER,
  ...SERVICES,
  ...TLS,
  ...DOMAIN,
  ...LOCAL_SECURITY,
  ...FIREWALLS,
];
