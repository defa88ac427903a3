// Fault cases of the way to the listener: switched off, service, port, firewall. Expectations are from the documents named.
import type { Case } from './case.ts';
import { AUDIT, event, SYSTEM_LOG } from './logs.ts';
import {
  CCS,
  FIREWALL,
  FIREWALL_POLICY,
  LSA,
  RDP,
  rule,
  type Settings,
  STORES,
  service,
  TS,
  TSPOL,
  tlsOff,
} from './settings.ts';

const GENERAL = 'Microsoft: General Remote Desktop connection troubleshooting';
const AZURE_GENERAL =
  'Microsoft: Troubleshoot an RDP general error in Azure VM, registry values of Terminal Server and WinStations';
const NOT_STARTING = "Microsoft: Remote Desktop Services isn't starting on an Azure VM";
const DEPENDENCY = 'Win32 error 1068 (dependency service failed to start); SYSTEM hive, DependOnService';
const RULES = '[MS-GPFAS] 2.2.2.19 Firewall Rule; Microsoft: Windows Firewall rules, block over allow';
const PROFILES = '[MS-GPFAS] 2.2.2 Firewall Policy Configuration Options';
const PORT = 'Microsoft: Change the listening port for Remote Desktop on your computer';

const RULE = `${FIREWALL}\\FirewallRules!RemoteDesktop-UserMode-In-TCP`;
const LISTENER_RULE = 'LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice';
const RULE_OFF: Settings = { [RULE]: rule(LISTENER_RULE, { active: false }) };
const NO_RULE: Settings = { [RULE]: null };

const allProfiles = (name: string, value: number): Settings =>
  Object.fromEntries(
    ['DomainProfile', 'PrivateProfile', 'PublicProfile'].map((profile) => [
      `${FIREWALL_POLICY}\\${profile}!${name}`,
      value,
    ]),
  );
const localProfiles = (name: string, value: number): Settings =>
  Object.fromEntries(
    ['DomainProfile', 'StandardProfile', 'PublicProfile'].map((profile) => [
      `${FIREWALL}\\${profile}!${name}`,
      value,
    ]),
  );

const off = (id: string, base: string, set: Settings, source: string): Case => ({
  id,
  base,
  set,
  expect: { first: 'rdp-disabled', verdict: 'confirmed' },
  source,
});

const SWITCH: readonly Case[] = [
  off(
    'deny at the machine',
    'server-2022 workgroup',
    { [`${TS}!fDenyTSConnections`]: 1 },
    `${GENERAL}, status on a local computer`,
  ),
  off(
    'deny at the machine, 7',
    'windows-7 workgroup',
    { [`${TS}!fDenyTSConnections`]: 1 },
    `${GENERAL}, status on a local computer`,
  ),
  off(
    'deny at the machine, 11',
    'windows-11-24h2 entra',
    { [`${TS}!fDenyTSConnections`]: 1 },
    `${GENERAL}, status on a local computer`,
  ),
  off(
    'deny by policy over a machine that is on',
    'server-2019 member',
    { [`${TSPOL}!fDenyTSConnections`]: 1 },
    `${GENERAL}, a GPO blocking RDP`,
  ),
  off(
    'deny by policy on a controller',
    'server-2012-r2 controller',
    { [`${TSPOL}!fDenyTSConnections`]: 1 },
    `${GENERAL}, a GPO blocking RDP`,
  ),
  off('listener switched off', 'server-2016 member', { [`${RDP}!fEnableWinStation`]: 0 }, AZURE_GENERAL),
  off('TSEnabled 0', 'server-2012-r2 member', { [`${TS}!TSEnabled`]: 0 }, AZURE_GENERAL),
  {
    id: "the listener's key is gone",
    base: 'server-2019 workgroup',
    set: { [RDP]: null },
    expect: { first: 'rdp-disabled' },
    source: `${GENERAL}, status of the RDP listener: import RDP-Tcp from a working computer`,
  },
  {
    id: 'allow by policy over a machine that denies',
    base: 'server-2016 member',
    set: { [`${TS}!fDenyTSConnections`]: 1, [`${TSPOL}!fDenyTSConnections`]: 0 },
    expect: {},
    source: 'Microsoft KB2083411: the policy overrides fDenyTSConnections',
  },
  {
    id: 'deny as a text',
    base: 'server-2022 member',
    set: { [`${TS}!fDenyTSConnections`]: '0' },
    expect: { open: ['rdp-disabled'] },
    source: 'REG_DWORD is what Windows reads: [MS-RRP] value types',
  },
  {
    id: 'deny and the rules off, as the dialog leaves it',
    base: 'windows-10-22h2 workgroup',
    set: { [`${TS}!fDenyTSConnections`]: 1, ...RULE_OFF },
    expect: { first: 'rdp-disabled', verdict: 'confirmed' },
    source:
      'Microsoft: Remote Desktop, allow access to your PC: the switch turns value and rules on and off together',
  },
  {
    id: 'denied and the port is closed',
    base: 'server-2022 member',
    set: { [`${TS}!fDenyTSConnections`]: 1 },
    wire: { connect: 'refused' },
    expect: { first: 'rdp-disabled', verdict: 'confirmed' },
    source: `${GENERAL}: the port is closed because Remote Desktop is off`,
  },
];

const LOGONS: readonly Case[] = [
  {
    id: 'drain mode on a session host',
    base: 'server-2019 member',
    set: { [`${TS}!TSAppCompat`]: 1, [`${TS}!TSServerDrainMode`]: 1 },
    wire: {},
    expect: { first: 'logons-disabled', verdict: 'likely' },
    source: 'Microsoft: change logon, /drain and /drainuntilrestart; Azure general error, TSServerDrainMode',
  },
  {
    id: 'drain mode until restart, from the disk alone',
    base: 'server-2016 member',
    set: { [`${TS}!TSAppCompat`]: 1, [`${TS}!TSServerDrainMode`]: 2 },
    expect: { first: 'logons-disabled', verdict: 'likely' },
    source: 'Microsoft: change logon, /drainuntilrestart',
  },
  {
    id: 'logons disabled at the listener',
    base: 'server-2022 workgroup',
    set: { [`${RDP}!fLogonDisabled`]: 1 },
    expect: { first: 'logons-disabled' },
    source: AZURE_GENERAL,
  },
  {
    id: 'logons disabled at a listener that answers',
    base: 'server-2022 workgroup',
    set: { [`${RDP}!fLogonDisabled`]: 1 },
    wire: {},
    expect: { first: 'logons-disabled' },
    source: AZURE_GENERAL,
  },
];

const cannotStart = (id: string, base: string, set: Settings, source: string): Case => ({
  id,
  base,
  set,
  expect: { first: 'rdp-service-disabled' },
  source,
});

const SERVICES: readonly Case[] = [
  {
    ...cannotStart(
      'service disabled',
      'server-2022 member',
      { [`${service('TermService')}!Start`]: 4 },
      `${NOT_STARTING}, error 1058`,
    ),
    expect: { first: 'rdp-service-disabled', verdict: 'confirmed' },
  },
  {
    ...cannotStart(
      'service disabled, 8.1',
      'windows-8.1 workgroup',
      { [`${service('TermService')}!Start`]: 4 },
      `${NOT_STARTING}, error 1058`,
    ),
    expect: { first: 'rdp-service-disabled', verdict: 'confirmed' },
  },
  {
    ...cannotStart(
      'service gone',
      'server-2019 member',
      { [service('TermService')]: null },
      'Win32 error 1060 (the service does not exist)',
    ),
    expect: { first: 'rdp-service-disabled', verdict: 'confirmed' },
  },
  cannotStart(
    'service with another account',
    'server-2016 member',
    { [`${service('TermService')}!ObjectName`]: '.\\rdpsvc' },
    `${NOT_STARTING}, errors 1069 and 1079: the account is NT Authority\\NetworkService`,
  ),
  cannotStart(
    'service with another program',
    'server-2012-r2 member',
    { [`${service('TermService')}!ImagePath`]: { type: 2, data: 'C:\\ProgramData\\svc.exe' } },
    `${NOT_STARTING}: image path of a shared service host`,
  ),
  {
    ...cannotStart('RPC disabled', 'server-2022 workgroup', { [`${service('RpcSs')}!Start`]: 4 }, DEPENDENCY),
    expect: { first: 'rdp-service-disabled', verdict: 'confirmed' },
  },
  cannotStart(
    'RPC endpoint mapper gone',
    'server-2019 controller',
    { [service('RpcEptMapper')]: null },
    `${DEPENDENCY}, of RpcSs`,
  ),
  cannotStart(
    'DCOM launcher disabled',
    'windows-11-22h2 member',
    { [`${service('DcomLaunch')}!Start`]: 4 },
    `${DEPENDENCY}, of RpcSs`,
  ),
  cannotStart(
    'TermDD disabled, 2008 R2',
    'server-2008-r2 member',
    { [`${service('TermDD')}!Start`]: 4 },
    `${DEPENDENCY}: TermDD up to Windows 7 and Server 2008 R2`,
  ),
  cannotStart(
    'TermDD gone, 7',
    'windows-7 member',
    { [service('TermDD')]: null },
    `${DEPENDENCY}: TermDD up to Windows 7 and Server 2008 R2`,
  ),
  {
    id: 'service automatic',
    base: 'server-2019 member',
    set: { [`${service('TermService')}!Start`]: 2 },
    expect: {},
    source: `${NOT_STARTING}: start type automatic or on demand`,
  },
  {
    id: 'service disabled and the port closed',
    base: 'server-2019 member',
    set: { [`${service('TermService')}!Start`]: 4 },
    wire: { connect: 'refused' },
    expect: { first: 'rdp-service-disabled', verdict: 'confirmed' },
    source: `${NOT_STARTING}: nothing listens on the port`,
  },
  {
    id: 'service start failed in the log',
    base: 'server-2016 workgroup',
    events: {
      [SYSTEM_LOG]: [
        event('Service Control Manager', 7000, 1, { param1: 'Remote Desktop Services', param2: '%%1069' }),
        event('Service Control Manager', 7038, 1, {
          param1: 'TermService',
          param2: 'NT Authority\\NetworkService',
          param3: '%%1330',
        }),
      ],
    },
    expect: { first: 'rdp-service-disabled', verdict: 'likely' },
    source: `${NOT_STARTING}, events of the Service Control Manager and error 1069`,
  },
];

const FIREWALL_CASES: readonly Case[] = [
  {
    id: 'rule off',
    base: 'server-2022 workgroup',
    set: RULE_OFF,
    expect: { first: 'firewall-blocks', verdict: 'confirmed' },
    source: RULES,
  },
  {
    id: 'no rule',
    base: 'windows-11-24h2 member',
    set: NO_RULE,
    expect: { first: 'firewall-blocks', verdict: 'confirmed' },
    source: RULES,
  },
  {
    id: 'no rule, 2008 R2',
    base: 'server-2008-r2 workgroup',
    set: { [`${FIREWALL}\\FirewallRules!RemoteDesktop-In-TCP`]: null },
    expect: { first: 'firewall-blocks', verdict: 'confirmed' },
    source: RULES,
  },
  {
    id: 'rule for UDP alone',
    base: 'windows-8.1 member',
    set: {
      ...NO_RULE,
      [`${FIREWALL}\\FirewallRules!RemoteDesktop-UserMode-In-UDP`]: rule(LISTENER_RULE).replace(
        'Protocol=6',
        'Protocol=17',
      ),
    },
    expect: { first: 'firewall-blocks', verdict: 'confirmed' },
    source: `${RULES}: Protocol 17 is UDP`,
  },
  {
    id: 'rule for another program',
    base: 'server-2019 workgroup',
    set: { ...NO_RULE, [`${FIREWALL}\\FirewallRules!{0}`]: rule('LPort=3389|App=C:\\Tools\\proxy.exe') },
    expect: { first: 'firewall-blocks', verdict: 'confirmed' },
    source: `${RULES}: App narrows the rule`,
  },
  {
    id: 'block over allow',
    base: 'server-2016 member',
    set: { [`${FIREWALL}\\FirewallRules!{0}`]: rule('LPort=3389', { action: 'Block' }) },
    expect: { first: 'firewall-blocks', verdict: 'confirmed' },
    source: RULES,
  },
  {
    id: 'all incoming shut by policy',
    base: 'windows-10-22h2 member',
    set: allProfiles('DoNotAllowExceptions', 1),
    expect: { first: 'firewall-blocks', verdict: 'confirmed' },
    source: `${PROFILES}, DoNotAllowExceptions (shielded)`,
  },
  {
    id: 'firewall off, no rule',
    base: 'server-2012 workgroup',
    set: { ...NO_RULE, ...localProfiles('EnableFirewall', 0) },
    expect: {},
    source: `${PROFILES}, EnableFirewall 0`,
  },
  {
    id: 'firewall off by policy, no rule',
    base: 'server-2019 member',
    set: { ...NO_RULE, ...allProfiles('EnableFirewall', 0) },
    expect: {},
    source: `${PROFILES}: policy over local`,
  },
  {
    id: 'inbound allowed, no rule',
    base: 'server-2022 member',
    set: { ...NO_RULE, ...localProfiles('DefaultInboundAction', 0) },
    expect: {},
    source: `${PROFILES}, DefaultInboundAction 0`,
  },
  {
    id: 'rule off while the firewall service is disabled',
    base: 'server-2019 member',
    set: { ...RULE_OFF, [`${service('MpsSvc')}!Start`]: 4 },
    expect: { open: ['firewall-blocks'] },
    source:
      'Microsoft: disabling the Windows Firewall service is not supported; no one enforces the rules then',
  },
  {
    id: 'rule off while the filtering engine is disabled',
    base: 'server-2016 workgroup',
    set: { ...RULE_OFF, [`${service('BFE')}!Start`]: 4 },
    expect: { open: ['firewall-blocks'] },
    source: 'SYSTEM hive: MpsSvc depends on BFE',
  },
  {
    id: 'rule for one network',
    base: 'server-2022 member',
    set: { [RULE]: rule(`${LISTENER_RULE}|RA4=10.0.0.0/255.0.0.0`) },
    expect: {},
    source: `${RULES}, RA4: hardening that admits its clients`,
  },
  {
    id: 'rule off and nothing answers',
    base: 'server-2022 member',
    set: RULE_OFF,
    wire: { connect: 'timeout' },
    expect: { first: 'firewall-blocks', verdict: 'confirmed' },
    source: `${GENERAL}, firewall`,
  },
];

const OTHER_PORT: Settings = { [`${RDP}!PortNumber`]: 3390 };
const RULE_FOR_IT: Settings = { [`${FIREWALL}\\FirewallRules!{0}`]: rule('LPort=3390') };

const PORTS: readonly Case[] = [
  {
    id: 'other port, no rule for it',
    base: 'server-2019 member',
    set: OTHER_PORT,
    expect: { first: 'firewall-blocks', verdict: 'confirmed' },
    source: `${PORT}: a rule for the new port`,
  },
  {
    id: 'other port with its rule, 3389 closed',
    base: 'server-2022 member',
    set: { ...OTHER_PORT, ...RULE_FOR_IT },
    wire: { connect: 'refused' },
    expect: { first: 'port-changed' },
    source: PORT,
  },
  {
    id: 'other port with its rule, 3389 silent',
    base: 'server-2016 workgroup',
    set: { ...OTHER_PORT, ...RULE_FOR_IT },
    wire: { connect: 'timeout' },
    expect: { first: 'port-changed' },
    source: PORT,
  },
  {
    id: 'other port with its rule, tried there',
    base: 'server-2022 member',
    set: { ...OTHER_PORT, ...RULE_FOR_IT },
    wire: { port: 3390 },
    expect: {},
    source: PORT,
  },
  {
    id: 'port 0',
    base: 'windows-10-1809 member',
    set: { [`${RDP}!PortNumber`]: 0 },
    expect: { first: 'port-changed' },
    source: 'RFC 6335 6: port 0 is reserved, nothing can listen there',
  },
  {
    id: 'nothing answers',
    wire: { connect: 'timeout' },
    expect: { first: 'port-unreachable' },
    source: `${GENERAL}, basic connectivity`,
  },
  {
    id: 'the port is closed',
    wire: { connect: 'refused' },
    expect: { first: 'port-unreachable' },
    source: `${GENERAL}, basic connectivity`,
  },
];

const SEVERAL: readonly Case[] = [
  {
    id: 'service off before TLS off and a lost certificate',
    base: 'server-2019 member',
    set: {
      [`${service('TermService')}!Start`]: 4,
      ...tlsOff('1.0', '1.1', '1.2'),
      [`${STORES}\\Remote Desktop`]: null,
    },
    expect: { first: 'rdp-service-disabled', verdict: 'confirmed' },
    source: 'A sign-in reaches the listener before it needs TLS',
  },
  {
    id: 'switched off by policy before FIPS and rights',
    base: 'windows-10-22h2 member',
    set: {
      [`${TSPOL}!fDenyTSConnections`]: 1,
      [`${LSA}\\FIPSAlgorithmPolicy!Enabled`]: 1,
      [`${CCS}\\Control\\Lsa!LmCompatibilityLevel`]: 5,
    },
    expect: { first: 'rdp-disabled', verdict: 'confirmed' },
    source: `${GENERAL}, a GPO blocking RDP`,
  },
  {
    id: 'firewall before wrong passwords in the log',
    base: 'server-2022 workgroup',
    set: RULE_OFF,
    events: {
      Security: [
        event(AUDIT, 4625, 30, {
          TargetUserName: 'admin',
          Status: '0xc000006d',
          SubStatus: '0xc000006a',
          LogonType: '3',
          IpAddress: '203.0.113.9',
        }),
      ],
    },
    expect: { first: 'firewall-blocks', verdict: 'confirmed' },
    source: 'A sign-in reaches the listener before anybody checks a password',
  },
];

export const REACH_FAULTS: readonly Case[] = [
  ...SWITCH,
  ...LOGONS,
  ...SERVICES,
  ...FIREWALL_CASES,
  ...PORTS,
  ...SEVERAL,
];
