// Configurations of listener, services, TLS and certificates: what is set, and which facts and verdicts that must give.
import * as certificate from '../core/windows/build-certificate.ts';
import {
  byDefault,
  byMachine,
  byPolicy,
  type Configuration,
  FIREWALL,
  off,
  protocol,
  RDP,
  rule,
  STANDARD,
  SUITES,
  server,
  service,
  TS,
  TSPOL,
  tls,
  WORKGROUP,
} from './disk-settings-base.ts';
import { DOMAIN, FIREWALLS, LOCAL_SECURITY } from './disk-settings-security-rows.ts';

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
      // There are only hives: whether the program is on the disk cannot be seen.
      'rdp-service-disabled': 'inconclusive',
      'logons-disabled': 'ruled-out',
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
      'tls-server-disabled': 'ruled-out',
      'tls-no-common-version': 'ruled-out',
      'tls-no-common-suite': 'ruled-out',
      'listener-inconsistent': 'ruled-out',
      'encryption-level-too-high': 'ruled-out',
      'fips-only': 'ruled-out',
      // Remote Desktop was never used on that machine, so Windows has made no certificate.
      'certificate-missing': 'likely',
      'credssp-outdated': 'inconclusive',
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
      // SECURITY is not there, and a suffix proves no membership.
      'domain.membership': 'unknown',
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
    'Remote Desktop Services are off as a whole',
    { [`${TS}!TSEnabled`]: 0 },
    { 'listener.TSEnabled': byMachine(0, 1) },
    { 'rdp-disabled': 'confirmed', 'policy-override': 'ruled-out' },
  ),
  server(
    'the listener refuses sign-ins',
    { [`${RDP}!fLogonDisabled`]: 1 },
    { 'listener.fLogonDisabled': byMachine(1, 0) },
    { 'rdp-disabled': 'ruled-out', 'logons-disabled': 'confirmed' },
  ),
  server(
    'a service that TermService needs is disabled, two further down',
    { [`${service('DcomLaunch')}!Start`]: 4 },
    {},
    { 'rdp-service-disabled': 'confirmed' },
  ),
  server(
    'the listener may not negotiate what NLA needs',
    { [`${RDP}!fAllowSecProtocolNegotiation`]: 0 },
    { 'listener.fAllowSecProtocolNegotiation': byMachine(0, 1) },
    { 'listener-inconsistent': 'likely' },
  ),
  server(
    'the service of the firewall is disabled',
    { [`${service('MpsSvc')}!Start`]: 4 },
    {},
    { 'firewall-blocks': 'inconclusive' },
  ),
  server(
    'switched on by policy over a machine that is off',
    { [`${TS}!fDenyTSConnections`]: 1, [`${TSPOL}!fDenyTSConnections`]: 0 },
    { 'listener.fDenyTSConnections': byPolicy(0, 1, 1) },
    { 'rdp-disabled': 'ruled-out', 'policy-override': 'ruled-out' },
  ),
  server(
    // What Windows does without the value is written on no page.
    'the switch is gone: Windows denies, as practice has it',
    { [`${TS}!fDenyTSConnections`]: null },
    { 'listener.fDenyTSConnections': byDefault(1) },
    { 'rdp-disabled': 'likely' },
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
    { 'port-changed': 'inconclusive', 'firewall-blocks': 'ruled-out' },
  ),
  server(
    'standard security with NLA, by policy',
    { [`${TSPOL}!SecurityLayer`]: 0, [`${TSPOL}!UserAuthentication`]: 1 },
    {
      'listener.securityLayer': byPolicy(0, 2, 2),
      'listener.userAuthentication': byPolicy(1, 1, 0),
    },
    {
      'policy-override': 'likely',
      'listener-inconsistent': 'confirmed',
      'certificate-key-unreadable': 'ruled-out',
    },
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
    'level 3 of standard security',
    { ...STANDARD, [`${RDP}!MinEncryptionLevel`]: 3 },
    { 'listener.minEncryptionLevel': byMachine(3, 3) },
    { 'encryption-level-too-high': 'ruled-out', 'listener-inconsistent': 'ruled-out' },
  ),
  server(
    // Every client that is documented has the FIPS method; what macOS has is not known, and only a remark.
    'level 4 of standard security',
    { ...STANDARD, [`${RDP}!MinEncryptionLevel`]: 4 },
    { 'listener.minEncryptionLevel': byMachine(4, 3) },
    { 'fips-only': 'ruled-out', 'encryption-level-too-high': 'ruled-out' },
  ),
  server(
    'level 4 under TLS, where it does not apply',
    { [`${RDP}!MinEncryptionLevel`]: 4 },
    { 'listener.minEncryptionLevel': byMachine(4, 3) },
    { 'encryption-level-too-high': 'ruled-out' },
  ),
  server(
    'a level in words',
    { ...STANDARD, [`${RDP}!MinEncryptionLevel`]: 'high' },
    { 'listener.minEncryptionLevel': 'unknown' },
    { 'encryption-level-too-high': 'inconclusive', 'fips-only': 'inconclusive' },
  ),
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
  tls('TLS: all off', 20348, off('1.0', '1.1', '1.2', '1.3'), '', {
    'tls-server-disabled': 'confirmed',
    'listener-inconsistent': 'ruled-out',
  }),
  tls(
    'TLS: all off, and the listener does not use it',
    20348,
    { ...off('1.0', '1.1', '1.2', '1.3'), ...STANDARD },
    '',
    { 'tls-server-disabled': 'ruled-out', 'certificate-missing': 'ruled-out' },
  ),
  tls('TLS: old versions off, as hardening does', 20348, off('1.0', '1.1'), '1.2 1.3', {
    'tls-server-disabled': 'ruled-out',
    'tls-no-common-version': 'ruled-out',
  }),
  // Every Windows that is supported still has TLS 1.0; the rows of macOS and FreeRDP 3 rest on practice.
  tls('TLS: 1.0 alone', 20348, off('1.1', '1.2', '1.3'), '1.0', {
    'tls-server-disabled': 'ruled-out',
    'tls-no-common-version': 'ruled-out',
  }),
  tls('TLS: 1.3 alone', 20348, off('1.0', '1.1', '1.2'), '1.3', { 'tls-no-common-version': 'likely' }),
  {
    ...tls('TLS: a switch in words', 20348, { [`${protocol('1.2')}!Enabled`]: 'yes' }, '', {
      'tls-server-disabled': 'inconclusive',
    }),
    tls: undefined,
    facts: { 'schannel.server': 'unknown' },
  },
  tls(
    'TLS: off unless asked for',
    17763,
    { [`${protocol('1.2')}!DisabledByDefault`]: 1, ...off('1.0', '1.1') },
    '',
    { 'tls-server-disabled': 'likely' },
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
    'cipher suites by policy, as hardening does',
    { [SUITES]: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256' },
    {},
    { 'tls-no-common-suite': 'ruled-out' },
  ),
  server(
    'cipher suites that no RSA certificate can use',
    { [SUITES]: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384' },
    {},
    // Nothing is left for anybody.
    { 'tls-no-common-suite': 'confirmed' },
  ),
];

const STORE = `SOFTWARE\\Microsoft\\SystemCertificates\\Remote Desktop\\Certificates\\${certificate.SHA1.toUpperCase()}`;
const OWN = `${TS}\\WinStations!SelfSignedCertificate`;

/** The certificate is in date from January to July 2026; the disk is looked at in March. */
const CERTIFICATES: readonly Configuration[] = [
  server(
    'a certificate in its store, of a key that only a volume shows',
    { [OWN]: certificate.THUMBPRINT, [`${STORE}!Blob`]: certificate.STORED },
    {},
    {
      'certificate-missing': 'ruled-out',
      'certificate-expired': 'ruled-out',
      'certificate-key-unreadable': 'inconclusive',
    },
  ),
  server(
    'a certificate that is not in its store',
    { [OWN]: certificate.THUMBPRINT },
    {},
    { 'certificate-missing': 'confirmed', 'certificate-expired': 'inconclusive' },
  ),
  server(
    'a chosen certificate that is not in its store',
    { [`${RDP}!SSLCertificateSHA1Hash`]: certificate.THUMBPRINT },
    {},
    { 'certificate-binding-orphaned': 'likely', 'certificate-missing': 'inconclusive' },
  ),
  {
    // It ran out, as it must on a machine that stood still: only its logs tell whether it failed to renew it.
    title: 'a real certificate of Windows 7, fourteen years later',
    base: 'client',
    set: { [`${RDP}!SecurityLayer`]: 2 },
    facts: {},
    verdicts: { 'certificate-expired': 'inconclusive', 'certificate-missing': 'ruled-out' },
  },
];

export const CONFIGURATIONS: readonly Configuration[] = [
  ...BASES,
  ...LISTENER,
  ...SERVICES,
  ...TLS,
  ...CERTIFICATES,
  ...DOMAIN,
  ...LOCAL_SECURITY,
  ...FIREWALLS,
];
