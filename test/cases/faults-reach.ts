// Fault cases of the way to the listener: switched off, service, port, firewall. Expectations are from the documents named.
import { TERMSRV } from './bases.ts';
import { type Case, GONE } from './case.ts';
import { AUDIT, event, SYSTEM_LOG } from './logs.ts';
import {
  CCS,
  FIREWALL,
  LSA,
  RDP,
  rule,
  type Settings,
  STORES,
  service,
  TS,
  TSPOL,
  tlsOff,
  VERSION,
} from './settings.ts';

const GENERAL = 'Microsoft: General Remote Desktop connection troubleshooting';

const AZURE_GENERAL =
  'Microsoft: Troubleshoot an RDP general error in Azure VM, registry values of Terminal Server and WinStations';

const NOT_STARTING = "Microsoft: Remote Desktop Services isn't starting on an Azure VM";

const DEPENDENCY = 'Win32 error 1068 (dependency service failed to start); SYSTEM hive, DependOnService';

const RULE = `${FIREWALL}\\FirewallRules!RemoteDesktop-UserMode-In-TCP`;

const LISTENER_RULE = 'LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice';

const RULE_OFF: Settings = { [RULE]: rule(LISTENER_RULE, { active: false }) };

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
  cannotStart(
    'group of hosts does not list it',
    'server-2022 workgroup',
    { [`${VERSION}\\Svchost!NetworkService`]: ['CryptSvc', 'DNSCache'] },
    'Win32 error 1083: the program does not implement the service',
  ),
  {
    id: 'library gone',
    base: 'server-2016 member',
    files: { [TERMSRV]: GONE },
    expect: { first: 'rdp-service-disabled', verdict: 'confirmed' },
    source: `${NOT_STARTING}: error 126, the module is not found`,
  },
  {
    id: 'library of a tool that allows more sessions',
    base: 'windows-10-22h2 workgroup',
    set: {
      [`${service('TermService')}\\Parameters!ServiceDll`]: {
        type: 2,
        data: '%ProgramFiles%\\RDP Wrapper\\rdpwrap.dll',
      },
    },
    files: { '\\Program Files\\RDP Wrapper\\rdpwrap.dll': { size: 100_000 } },
    expect: { never: ['rdp-service-disabled'] },
    source: 'RDP Wrapper, technical details: it loads termsrv.dll itself, and sign-ins work',
  },
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

export const REACH_FAULTS: readonly Case[] = [...SWITCH, ...LOGONS, ...SERVICES, ...SEVERAL];
