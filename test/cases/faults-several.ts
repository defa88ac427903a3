// Fault cases of several faults at once, of hardened machines that let their users in, and of combinations by version.
import { KEY_FILE } from '../core/windows/build-certificate.ts';
import { keySecurity } from './bases.ts';
import type { Case } from './case.ts';
import { AUDIT, event, SECURITY_LOG, SYSTEM_LOG } from './logs.ts';
import {
  FIREWALL,
  LSA,
  MSV,
  RDP,
  rights,
  rule,
  SCHANNEL,
  type Settings,
  SSL_POLICY,
  SYSPOL,
  service,
  TS,
  TSPOL,
  tlsOff,
  tlsOn,
  WINLOGON,
} from './settings.ts';
import { DOMAIN_SID, defaultRights, SID } from './systems.ts';

const RULE_OFF: Settings = {
  [`${FIREWALL}\\FirewallRules!RemoteDesktop-UserMode-In-TCP`]: rule(
    'LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice',
    { active: false },
  ),
};
const ECDHE_GCM = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256';
const SWITCHES = 'KB245030: Enabled 0 below Ciphers, Hashes and KeyExchangeAlgorithms switches it off';
const NTLM = 'Microsoft: Network security: Restrict NTLM: Incoming NTLM traffic';

const off = (folder: string, ...names: readonly string[]): Settings =>
  Object.fromEntries(names.map((name) => [`${SCHANNEL}\\${folder}\\${name}!Enabled`, 0]));

const TOGETHER: readonly Case[] = [
  {
    id: 'switched off, service disabled and port moved',
    base: 'server-2022 workgroup',
    set: {
      [`${TS}!fDenyTSConnections`]: 1,
      [`${service('TermService')}!Start`]: 4,
      [`${RDP}!PortNumber`]: 3390,
    },
    expect: { first: ['rdp-disabled', 'rdp-service-disabled'], verdict: 'confirmed' },
    source: 'Microsoft: General Remote Desktop connection troubleshooting: each alone keeps everybody out',
  },
  {
    id: 'rule off, service disabled and nothing answers',
    base: 'server-2019 member',
    set: { ...RULE_OFF, [`${service('TermService')}!Start`]: 4 },
    wire: { connect: 'timeout' },
    expect: { first: ['firewall-blocks', 'rdp-service-disabled'], never: ['listener-silent'] },
    source: 'Microsoft: General Remote Desktop connection troubleshooting',
  },
  {
    id: 'switched off since, and the listener still answers',
    base: 'server-2016 member',
    set: { [`${TS}!fDenyTSConnections`]: 1 },
    wire: {},
    expect: { first: 'rdp-disabled', verdict: 'likely' },
    source:
      'Microsoft: General Remote Desktop connection troubleshooting: the setting says off, the port answers',
  },
  {
    id: 'moved port answers where it was tried',
    base: 'server-2012-r2 member',
    set: {
      [`${RDP}!PortNumber`]: 3390,
      [`${FIREWALL}\\FirewallRules!Moved`]: rule('LPort=3390'),
    },
    wire: { port: 3390 },
    expect: { never: ['port-changed', 'firewall-blocks', 'port-unreachable'] },
    source: 'Microsoft: Change the listening port for Remote Desktop',
  },
  {
    id: 'every version off and the key not for NETWORK SERVICE',
    base: 'server-2019 workgroup',
    set: tlsOff('1.0', '1.1', '1.2'),
    files: { [KEY_FILE]: { size: 2300, security: keySecurity() } },
    expect: { first: ['tls-server-disabled', 'certificate-key-unreadable'], verdict: 'confirmed' },
    source: 'Microsoft: TLS registry settings',
  },
  {
    id: 'locked, and the drain mode of a machine that is no session host',
    base: 'server-2022 member',
    set: { [`${TS}!TSServerDrainMode`]: 1 },
    user: { name: 'alice@corp.example', domain: '' },
    events: {
      [SECURITY_LOG]: [
        event(AUDIT, 4625, 1, {
          TargetUserName: 'alice',
          TargetDomainName: 'CORP',
          Status: '0xc0000234',
          SubStatus: '0x0',
          LogonType: '3',
        }),
      ],
    },
    expect: { first: 'account-locked' },
    source: '[MS-ERREF] 2.3.1: C0000234 STATUS_ACCOUNT_LOCKED_OUT',
  },
  {
    id: 'no controller in the log of a machine that left its domain',
    base: 'server-2022 workgroup',
    events: { [SYSTEM_LOG]: [event('NETLOGON', 5719, 5, { param1: 'CORP' })] },
    expect: {},
    source: 'Microsoft: Netlogon event 5719 speaks of a domain, of which this machine has none',
  },
];

const HARDENED: readonly Case[] = [
  {
    id: 'hardened by hand: TLS 1.2, NTLMv2, no local accounts, no stored credentials',
    base: 'server-2019 member',
    set: {
      ...tlsOff('1.0', '1.1'),
      ...tlsOn('1.2'),
      ...off('Ciphers', 'RC4 128/128', 'RC4 64/128', 'Triple DES 168', 'DES 56/56', 'NULL'),
      [`${LSA}!LmCompatibilityLevel`]: 5,
      [`${LSA}!disabledomaincreds`]: 1,
      [`${MSV}!NtlmMinServerSec`]: 0x20080000,
      [`${MSV}!RestrictSendingNTLMTraffic`]: 2,
      [`${TSPOL}!fPromptForPassword`]: 1,
      [`${TSPOL}!MinEncryptionLevel`]: 3,
      [`${WINLOGON}!CachedLogonsCount`]: '0',
      ...rights({
        ...defaultRights('member'),
        denyNetwork: [SID.localAccount, SID.guest],
        denyRemote: [SID.localAccount, SID.guest],
      }),
    },
    expect: { remark: 'user-right-missing' },
    source: 'CIS Benchmark for Windows Server 2019, level 1 member server',
  },
  {
    id: 'outgoing NTLM denied',
    base: 'windows-11-24h2 member',
    set: { [`${MSV}!RestrictSendingNTLMTraffic`]: 2 },
    expect: {},
    source: 'Microsoft: Network security: Restrict NTLM: Outgoing NTLM traffic to remote servers',
  },
  {
    id: 'incoming NTLM denied on a controller',
    base: 'server-2022 controller',
    set: { [`${MSV}!RestrictReceivingNTLMTraffic`]: 2 },
    expect: { first: 'ntlm-restricted', verdict: 'likely', never: ['ntlm-blocked'] },
    source: NTLM,
  },
  {
    id: 'incoming NTLM denied on an Entra joined machine',
    base: 'windows-11-22h2 entra',
    set: { [`${MSV}!RestrictReceivingNTLMTraffic`]: 2 },
    expect: { never: ['ntlm-blocked'] },
    source: `${NTLM}; howto-vm-sign-in: accounts of Entra ID do not sign in by NTLM`,
  },
  {
    id: 'incoming NTLM of domain accounts denied in a workgroup, 10',
    base: 'windows-10-22h2 workgroup',
    set: { [`${MSV}!RestrictReceivingNTLMTraffic`]: 1 },
    expect: { remark: 'ntlm-restricted' },
    source: `${NTLM}: 1 denies domain accounts`,
  },
  {
    id: 'AES and future types alone for Kerberos',
    base: 'server-2016 member',
    set: { [`${SYSPOL}\\Kerberos\\Parameters!SupportedEncryptionTypes`]: 0x7ffffff8 },
    expect: {},
    source: 'DISA STIG: AES128, AES256 and future encryption types',
  },
  {
    id: 'the curve P-384 alone',
    base: 'server-2022 member',
    set: { [`${SSL_POLICY}!EccCurves`]: ['NistP384'] },
    expect: {},
    source: 'Microsoft: TLS elliptic curves: every Windows since Vista offers NistP384',
  },
  {
    id: 'the curve P-521 alone under suites that need a curve',
    base: 'server-2019 workgroup',
    set: { [`${SSL_POLICY}!EccCurves`]: ['NistP521'], [`${SSL_POLICY}!Functions`]: ECDHE_GCM },
    expect: { first: 'tls-no-common-suite' },
    source: 'Microsoft: TLS elliptic curves: NistP521 is not offered by default',
  },
  {
    id: 'no Diffie-Hellman, no MD5',
    base: 'server-2016 workgroup',
    set: { ...off('KeyExchangeAlgorithms', 'Diffie-Hellman'), ...off('Hashes', 'MD5') },
    expect: {},
    source: SWITCHES,
  },
  {
    id: 'no AES of 128 bits',
    base: 'server-2025 member',
    set: off('Ciphers', 'AES 128/128'),
    expect: {},
    source: SWITCHES,
  },
  {
    id: 'a sign-in of Remote Desktop Users alone is enough',
    base: 'server-2019 member',
    set: rights({ ...defaultRights('member'), remote: [SID.remoteDesktopUsers] }),
    expect: {},
    source: 'Microsoft: Allow log on through Remote Desktop Services: administrators may be left out',
  },
];

const VERSIONS: readonly Case[] = [
  {
    id: 'nothing but 1.2 on Server 2012',
    base: 'server-2012 member',
    set: { ...tlsOff('1.0', '1.1'), ...tlsOn('1.2') },
    expect: {},
    source: 'Microsoft: Protocols in TLS/SSL (Schannel SSP): Server 2012 has 1.2, every supported client too',
  },
  {
    id: 'nothing but 1.0 on 8.1, no client named',
    base: 'windows-8.1 workgroup',
    set: tlsOff('1.1', '1.2'),
    expect: { remark: 'tls-no-common-version' },
    source:
      'Microsoft: Protocols in TLS/SSL: every Windows on the market has 1.0; what macOS and FreeRDP do is not settled',
  },
  {
    id: 'nothing but 1.2 on 2008 R2 with the update',
    base: 'server-2008-r2 member',
    set: {
      ...tlsOff('1.0', '1.1'),
      ...tlsOn('1.2'),
      'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Packages\\Package_for_KB3080079~31bf3856ad364e35~amd64~~6.1.1.2!CurrentState': 112,
    },
    expect: {},
    source: 'KB3080079: Remote Desktop of 2008 R2 supports TLS 1.1 and 1.2',
  },
  {
    id: 'suites of 1.2 alone beside nothing but 1.0',
    base: 'server-2012-r2 workgroup',
    set: {
      ...tlsOff('1.1', '1.2'),
      [`${SSL_POLICY}!Functions`]: 'TLS_RSA_WITH_AES_256_GCM_SHA384,TLS_RSA_WITH_AES_128_GCM_SHA256',
    },
    expect: { first: 'tls-no-common-suite' },
    source: 'RFC 5288 4: suites with GCM are for TLS 1.2 and later alone',
  },
  {
    id: 'no SHA-1 on a 2008 R2 that serves 1.0 alone',
    base: 'server-2008-r2 workgroup',
    set: off('Hashes', 'SHA'),
    expect: { first: 'tls-no-common-suite' },
    source: `${SWITCHES}; RFC 2246 A.5: every suite of TLS 1.0 has MD5 or SHA-1`,
  },
  {
    id: 'suites of 1.3 alone on 2019',
    base: 'server-2019 member',
    set: { [`${SSL_POLICY}!Functions`]: 'TLS_AES_256_GCM_SHA384,TLS_AES_128_GCM_SHA256' },
    expect: { first: 'tls-no-common-suite', verdict: 'confirmed' },
    source: 'Microsoft: TLS Cipher Suites in Windows 10 v1809: suites of TLS 1.3 are not among them',
  },
  {
    id: 'rule off on a controller without a desktop',
    base: 'server-2022 controller core',
    set: RULE_OFF,
    expect: { first: 'firewall-blocks' },
    source: 'Microsoft: General Remote Desktop connection troubleshooting, firewall',
  },
  {
    id: 'Domain Users denied the network on a controller',
    base: 'server-2016 controller',
    set: rights({ ...defaultRights('controller'), denyNetwork: [`${DOMAIN_SID}-513`] }),
    expect: { first: 'user-right-missing', verdict: 'confirmed' },
    source: 'Microsoft: Deny access to this computer from the network supersedes the right to it',
  },
  {
    id: 'logons switched off by change logon',
    base: 'server-2016 member',
    set: { [`${WINLOGON}!WinStationsDisabled`]: '1' },
    expect: { first: 'logons-disabled' },
    source: 'Microsoft: change logon /disable',
  },
  {
    id: 'users not allowed to connect',
    base: 'server-2012-r2 member',
    set: { [`${TS}!TSUserEnabled`]: 1 },
    expect: { first: 'logons-disabled' },
    source:
      'Microsoft: Troubleshoot Remote Desktop general error on an Azure VM: TSUserEnabled 0 lets users in',
  },
];

export const SEVERAL_FAULTS: readonly Case[] = [...TOGETHER, ...HARDENED, ...VERSIONS];
