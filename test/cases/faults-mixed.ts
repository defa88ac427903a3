// Fault cases of kinds that the other lists do not have: values of odd types, damaged services, policy against machine.
import type { Case } from './case.ts';
import {
  FIREWALL,
  FIREWALL_POLICY,
  LSA,
  RDP,
  rule,
  service,
  TS,
  TSPOL,
  tlsOff,
  tlsServer,
  VERSION,
} from './settings.ts';

const DWORD =
  'Microsoft: General Remote Desktop connection troubleshooting: the values are of type REG_DWORD';
const SCM = 'Win32 errors 1068, 1075, 1079, 1083: how the Service Control Manager starts a service';
const FIREWALL_PROFILES = '[MS-GPFAS] 2.2.2 firewall and 2.2.3 profile settings';
const WINS = 'Microsoft: Set-RDP policies: a policy takes precedence over what is set on the machine';

/** Values that are not of the type that Windows writes: nobody documents what it does with them. */
const TYPES: readonly Case[] = [
  {
    id: 'port as a text',
    base: 'server-2022 member',
    set: { [`${RDP}!PortNumber`]: '3390' },
    expect: { open: ['port-changed'], never: ['port-changed'] },
    source: DWORD,
  },
  {
    id: 'security layer as a text beside NLA',
    base: 'server-2016 workgroup',
    set: { [`${RDP}!SecurityLayer`]: '0' },
    expect: { open: ['listener-inconsistent'] },
    source: DWORD,
  },
  {
    id: 'NLA as bytes, beside TLS',
    base: 'windows-10-22h2 workgroup',
    set: { [`${RDP}!UserAuthentication`]: { type: 3, data: Uint8Array.of(1, 0, 0, 0) } },
    expect: { never: ['listener-inconsistent', 'nla-required-by-server'] },
    source: DWORD,
  },
  {
    id: 'start type as a text',
    base: 'server-2019 member',
    set: { [`${service('TermService')}!Start`]: '4' },
    expect: { open: ['rdp-service-disabled'] },
    source: DWORD,
  },
  {
    id: 'TLS switched off by texts',
    base: 'server-2019 workgroup',
    set: {
      ...tlsOff('1.0', '1.1'),
      [`${tlsServer('1.2')}!Enabled`]: '0',
    },
    expect: { open: ['tls-server-disabled'], never: ['tls-server-disabled'] },
    source: 'Microsoft: TLS registry settings: Enabled is a DWORD',
  },
  {
    id: 'authentication packages as one text',
    base: 'server-2025 member',
    set: { [`${LSA}!Authentication Packages`]: 'msv1_0' },
    expect: { never: ['lsa-packages-damaged'] },
    source: 'Microsoft: Lsa\\Authentication Packages is of type REG_MULTI_SZ',
  },
  {
    id: 'encryption level as a text under TLS',
    base: 'server-2012-r2 member',
    set: { [`${RDP}!MinEncryptionLevel`]: 'high' },
    expect: {},
    source: '[MS-RDPBCGR] 5.4.1: under TLS the level that is returned is 0',
  },
];

const image = (path: string) => ({ [`${service('TermService')}!ImagePath`]: { type: 2, data: path } });

const SERVICES: readonly Case[] = [
  {
    id: 'image path empty',
    base: 'server-2016 member',
    set: image(''),
    expect: { first: 'rdp-service-disabled' },
    source: SCM,
  },
  {
    id: 'image path into a folder for temporary files',
    base: 'windows-10-22h2 workgroup',
    set: image('C:\\Windows\\Temp\\svchost.exe -k NetworkService'),
    expect: { first: 'rdp-service-disabled' },
    source: SCM,
  },
  {
    id: 'image path in quotes',
    base: 'server-2022 member core',
    set: image('"C:\\Windows\\System32\\svchost.exe" -k NetworkService'),
    expect: {},
    source: 'CreateProcess: a path in quotes is the same path',
  },
  {
    id: 'image path with another group',
    base: 'server-2012 member',
    set: image('%SystemRoot%\\System32\\svchost.exe -k netsvcs'),
    expect: { first: 'rdp-service-disabled' },
    source: SCM,
  },
  {
    id: 'a group of its own that lists it',
    base: 'server-2022 workgroup',
    set: {
      ...image('%SystemRoot%\\System32\\svchost.exe -k termsvcs'),
      [`${VERSION}\\Svchost!termsvcs`]: ['TermService'],
    },
    expect: {},
    source: 'Windows Server 2008 and 10 1607 on: services are split into groups of their own',
  },
  {
    id: 'service as LocalSystem',
    base: 'server-2019 controller',
    set: { [`${service('TermService')}!ObjectName`]: 'LocalSystem' },
    expect: { first: 'rdp-service-disabled' },
    source: "Microsoft: Remote Desktop Services isn't starting on an Azure VM: NT AUTHORITY\\NetworkService",
  },
  {
    id: 'service as an account of its own',
    base: 'windows-11-24h2 workgroup',
    set: { [`${service('TermService')}!ObjectName`]: '.\\rdpservice' },
    expect: { first: 'rdp-service-disabled' },
    source: SCM,
  },
  {
    id: 'TermDD disabled on 7',
    base: 'windows-7 member',
    set: { [`${service('TermDD')}!Start`]: 4 },
    expect: { first: 'rdp-service-disabled', verdict: 'confirmed' },
    source: SCM,
  },
  {
    id: 'TermDD left over and disabled on 2012 R2',
    base: 'server-2012-r2 workgroup',
    set: { [`${service('TermDD')}!Start`]: 4, [`${service('TermDD')}!Type`]: 1 },
    expect: {},
    source: 'SYSTEM hives of 8 and later: TermService depends on RPCSS alone',
  },
  {
    id: 'a dependency that nobody installed',
    base: 'server-2016 controller',
    set: { [`${service('TermService')}!DependOnService`]: ['RPCSS', 'AcmeGuard'] },
    expect: { first: 'rdp-service-disabled', verdict: 'confirmed' },
    source: SCM,
  },
  {
    id: 'DCOM launcher gone',
    base: 'windows-10-1809 member',
    set: { [service('DcomLaunch')]: null },
    expect: { first: 'rdp-service-disabled', verdict: 'confirmed' },
    source: SCM,
  },
  {
    id: 'port redirector disabled',
    base: 'server-2022 member',
    set: { [`${service('UmRdpService')}!Start`]: 4 },
    expect: {},
    source: 'Microsoft: UmRdpService redirects printers, drives and ports; connections do not need it',
  },
];

const EVERY_PROFILE = ['DomainProfile', 'StandardProfile', 'PublicProfile'] as const;
const byPolicy = (name: string, value: number) =>
  Object.fromEntries(
    EVERY_PROFILE.map((profile) => [
      `${FIREWALL_POLICY}\\${profile === 'StandardProfile' ? 'PrivateProfile' : profile}!${name}`,
      value,
    ]),
  );

const POLICIES: readonly Case[] = [
  {
    id: 'layer 2 by policy over a machine with 0, and NLA',
    base: 'server-2019 member',
    set: { [`${RDP}!SecurityLayer`]: 0, [`${TSPOL}!SecurityLayer`]: 2 },
    expect: { never: ['listener-inconsistent', 'nla-not-offered'] },
    source: WINS,
  },
  {
    id: 'no NLA by policy over a machine with it, and layer 0',
    base: 'server-2016 member',
    set: { [`${RDP}!SecurityLayer`]: 0, [`${TSPOL}!UserAuthentication`]: 0 },
    expect: { never: ['listener-inconsistent', 'nla-required-by-server'] },
    source: WINS,
  },
  {
    id: 'NLA by policy over a machine without it, and layer 0',
    base: 'server-2012 member',
    set: {
      [`${RDP}!SecurityLayer`]: 0,
      [`${RDP}!UserAuthentication`]: 0,
      [`${TSPOL}!UserAuthentication`]: 1,
    },
    expect: { first: 'listener-inconsistent' },
    source: WINS,
  },
  {
    id: 'level 4 by policy under TLS',
    base: 'server-2025 controller',
    set: { [`${TSPOL}!MinEncryptionLevel`]: 4, [`${TSPOL}!SecurityLayer`]: 2 },
    expect: { never: ['fips-only', 'encryption-level-too-high'] },
    source: '[MS-RDPBCGR] 5.4.1: under TLS the level that is returned is 0',
  },
  {
    id: 'denied by policy and allowed by the machine',
    base: 'windows-11-22h2 hybrid',
    set: { [`${TSPOL}!fDenyTSConnections`]: 1, [`${TS}!fDenyTSConnections`]: 0 },
    expect: { first: 'rdp-disabled', verdict: 'confirmed' },
    source: WINS,
  },
  {
    id: 'firewall off by policy, a rule that blocks',
    base: 'server-2022 member',
    set: {
      ...byPolicy('EnableFirewall', 0),
      [`${FIREWALL}\\FirewallRules!Block`]: rule('LPort=3389', { action: 'Block' }),
    },
    expect: {},
    source: `${FIREWALL_PROFILES}: EnableFirewall 0 enforces no rule`,
  },
  {
    id: 'local rules not merged, none by policy',
    base: 'server-2019 member',
    set: byPolicy('AllowLocalPolicyMerge', 0),
    expect: { first: 'firewall-blocks' },
    source: `${FIREWALL_PROFILES}: AllowLocalPolicyMerge 0 ignores local rules`,
  },
  {
    id: 'local rules not merged, one by policy',
    base: 'server-2019 member',
    set: {
      ...byPolicy('AllowLocalPolicyMerge', 0),
      [`${FIREWALL_POLICY}\\FirewallRules!Rdp`]: rule('LPort=3389'),
    },
    expect: {},
    source: `${FIREWALL_PROFILES}: rules of the policy apply whatever is merged`,
  },
  {
    id: 'a block by policy over the rule of the machine',
    base: 'server-2025 workgroup',
    set: { [`${FIREWALL_POLICY}\\FirewallRules!Stop`]: rule('LPort=3389', { action: 'Block' }) },
    expect: { first: 'firewall-blocks' },
    source: 'Microsoft: Windows Firewall rules: explicit block rules take precedence over allow rules',
  },
];

export const MIXED_FAULTS: readonly Case[] = [...TYPES, ...SERVICES, ...POLICIES];
