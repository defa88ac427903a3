// Fault cases of the domain, its services, DNS, time and policy client. Expectations are from the documents named.
import { unixMillisToFiletime } from '../../src/core/bytes/filetime.ts';
import { Writer } from '../../src/core/bytes/writer.ts';
import type { Case } from './case.ts';
import { AUDIT, event, POLICY, SECURITY_LOG, SYSTEM_LOG } from './logs.ts';
import { CARD, LSA, type Settings, service, untyped } from './settings.ts';

const NETLOGON_PAGE = 'Microsoft: Azure VM Netlogon service not starting';
const CHANNEL = 'Microsoft: Netlogon event 3210; Cannot RDP to Azure Virtual Machines, cause 1.1';
const LOCATOR = 'Microsoft: Netlogon event 5719; Group Policy events 1054, 1055, 1129';
const DNS_PAGE =
  'Microsoft: Best practices for DNS client settings: members use the DNS servers of their domain';
const TIME = 'Microsoft: Maximum tolerance for computer clock synchronization (5 minutes)';
const TIME_EVENTS = 'Event manifest of Microsoft-Windows-Time-Service';

const netlogon = (id: number, hours: number, ...texts: readonly string[]) =>
  event('NETLOGON', id, hours, Object.fromEntries(texts.map((text, index) => [`param${index + 1}`, text])));

const PUBLIC_DNS: Settings = { [`${CARD}!DhcpNameServer`]: '', [`${CARD}!NameServer`]: '8.8.8.8,1.1.1.1' };

/** The policy was last read long before: the healthy sign-ins and refreshes are a day old at most, these are newer. */
const SERVICES: readonly Case[] = [
  {
    id: 'Netlogon disabled on a member',
    base: 'server-2019 member',
    set: { [`${service('Netlogon')}!Start`]: 4 },
    expect: { first: 'netlogon-service-disabled' },
    source: NETLOGON_PAGE,
  },
  {
    id: 'Netlogon disabled on a controller',
    base: 'server-2016 controller',
    set: { [`${service('Netlogon')}!Start`]: 4 },
    expect: { first: 'netlogon-service-disabled' },
    source: NETLOGON_PAGE,
  },
  {
    id: 'Netlogon gone from a hybrid machine',
    base: 'windows-11-22h2 hybrid',
    set: { [service('Netlogon')]: null },
    expect: { first: 'netlogon-service-disabled' },
    source: NETLOGON_PAGE,
  },
  {
    id: 'Workstation disabled, which Netlogon needs',
    base: 'server-2022 member',
    set: { [`${service('LanmanWorkstation')}!Start`]: 4 },
    expect: { first: 'netlogon-service-disabled' },
    source: `${NETLOGON_PAGE}: Netlogon depends on Workstation (SYSTEM hive, DependOnService)`,
  },
  {
    id: 'Netlogon disabled in a workgroup',
    base: 'server-2019 workgroup',
    set: { [`${service('Netlogon')}!Start`]: 4 },
    expect: {},
    source: `${NETLOGON_PAGE}: of domain members`,
  },
  {
    id: 'Netlogon disabled on an Entra joined machine',
    base: 'windows-10-22h2 entra',
    set: { [`${service('Netlogon')}!Start`]: 4 },
    expect: {},
    source: `${NETLOGON_PAGE}: of domain members`,
  },
  {
    id: 'policy client left disabled',
    base: 'server-2016 member',
    set: { [`${service('gpsvc')}!Start`]: 4 },
    expect: { first: 'group-policy-client-disabled', verdict: 'likely' },
    source: 'Microsoft: Cannot RDP to Azure Virtual Machines, workaround: set gpsvc back',
  },
];

const CHANNELS: readonly Case[] = [
  {
    id: 'not accepted by the controller',
    base: 'server-2019 member',
    events: { [SYSTEM_LOG]: [netlogon(3210, 1, 'CORP', '\\\\DC1.corp.example')] },
    expect: { first: 'secure-channel-broken', verdict: 'likely' },
    source: CHANNEL,
  },
  {
    id: 'not accepted by the controller, 7',
    base: 'windows-7 member',
    events: { [SYSTEM_LOG]: [netlogon(3210, 1, 'CORP', '\\\\DC1.corp.example')] },
    expect: { first: 'secure-channel-broken', verdict: 'likely' },
    source: CHANNEL,
  },
  {
    id: 'not accepted since a snapshot was restored',
    base: 'server-2022 member',
    set: {
      'SECURITY\\Policy\\Secrets\\$MACHINE.ACC\\CupdTime!': untyped(
        new Writer().u64le(unixMillisToFiletime(Date.UTC(2025, 7, 1))).toBytes(),
      ),
    },
    events: { [SYSTEM_LOG]: [netlogon(3210, 1, 'CORP', '\\\\DC1.corp.example')] },
    expect: { first: 'machine-password-mismatch', verdict: 'likely' },
    source: `${CHANNEL}, cause 1.2`,
  },
  {
    id: 'not accepted once, policy read since',
    base: 'server-2016 member',
    events: { [SYSTEM_LOG]: [netlogon(3210, 30, 'CORP', '\\\\DC1.corp.example')] },
    expect: {},
    source: `${CHANNEL}; event 1500: the policy was read with the machine's own account`,
  },
  {
    id: 'no account on the controller',
    base: 'server-2019 member',
    events: { [SYSTEM_LOG]: [netlogon(5721, 1, 'CORP', '\\\\DC1.corp.example')] },
    expect: { first: ['secure-channel-broken', 'computer-account-missing'] },
    source: 'Microsoft: Netlogon event 5721',
  },
];

const CONTROLLERS: readonly Case[] = [
  {
    id: 'no controller',
    base: 'server-2019 member',
    events: { [SYSTEM_LOG]: [netlogon(5719, 1, 'CORP', '%%1311')] },
    expect: { first: 'domain-controller-unreachable', verdict: 'likely' },
    source: LOCATOR,
  },
  {
    id: 'no network to a controller',
    base: 'windows-10-22h2 member',
    events: { [SYSTEM_LOG]: [event(POLICY, 1129, 1)] },
    expect: { first: 'domain-controller-unreachable', verdict: 'likely' },
    source: LOCATOR,
  },
  {
    id: 'no controller at start alone',
    base: 'windows-11-24h2 member',
    expect: {},
    source: 'Microsoft: 5719 at start, before the network; event 1500 since',
  },
  {
    id: 'public DNS and no controller',
    base: 'server-2022 member',
    set: PUBLIC_DNS,
    events: { [SYSTEM_LOG]: [netlogon(5719, 1, 'CORP', '%%1311')] },
    expect: { first: 'dns-misconfigured', verdict: 'likely' },
    source: `${DNS_PAGE}; ${LOCATOR}; cause before symptom`,
  },
  {
    id: 'public DNS, names not resolved',
    base: 'server-2016 member',
    set: PUBLIC_DNS,
    events: {
      [SYSTEM_LOG]: [
        event(POLICY, 1054, 1),
        event('Microsoft-Windows-DNS-Client', 1014, 1.1, { QueryName: '_ldap._tcp.dc._msdcs.corp.example' }),
      ],
    },
    expect: { first: 'dns-misconfigured', verdict: 'likely' },
    source: `${DNS_PAGE}; ${LOCATOR}`,
  },
  {
    id: 'public DNS in a workgroup',
    base: 'server-2022 workgroup',
    set: PUBLIC_DNS,
    expect: {},
    source: `${DNS_PAGE}: of members`,
  },
  {
    id: 'public DNS on an Entra joined machine',
    base: 'windows-11-22h2 entra',
    set: PUBLIC_DNS,
    expect: {},
    source: `${DNS_PAGE}: of members`,
  },
];

const CLOCKS: readonly Case[] = [
  {
    id: 'an hour ahead, member',
    base: 'server-2019 member',
    wire: { server: { skewSeconds: 3600 } },
    expect: { first: 'clock-skew', verdict: 'likely' },
    source: TIME,
  },
  {
    id: 'seven minutes behind, member',
    base: 'server-2022 member',
    wire: { server: { skewSeconds: -420 } },
    expect: { first: 'clock-skew', verdict: 'likely' },
    source: TIME,
  },
  {
    id: 'two minutes ahead, member',
    base: 'server-2022 member',
    wire: { server: { skewSeconds: 120 } },
    expect: {},
    source: TIME,
  },
  {
    id: 'an hour ahead, workgroup',
    base: 'server-2019 workgroup',
    wire: { server: { skewSeconds: 3600 } },
    expect: { never: ['clock-skew'] },
    source: `${TIME}: of Kerberos, which a workgroup does not use`,
  },
  {
    id: 'time step refused',
    base: 'server-2016 member',
    events: {
      [SYSTEM_LOG]: [
        event('Microsoft-Windows-Time-Service', 34, 0.5, {
          SystemTimeChangeSeconds: '-172800',
          MaxSystemTimeChangeSeconds: '172800',
          TimeSource: 'dc1.corp.example',
        }),
      ],
    },
    expect: { first: 'clock-skew', verdict: 'likely' },
    source: `${TIME_EVENTS}, 34`,
  },
  {
    id: 'tickets not yet valid',
    base: 'server-2012-r2 member',
    events: { [SYSTEM_LOG]: [event('Microsoft-Windows-Security-Kerberos', 5, 0.5)] },
    expect: { first: 'clock-skew', verdict: 'likely' },
    source: 'Event manifest of Microsoft-Windows-Security-Kerberos, 5: KRB_AP_ERR_TKT_NYV',
  },
];

const TWINS: readonly Case[] = [
  {
    id: 'machine identity of a clone',
    base: 'server-2025 workgroup',
    events: { [SYSTEM_LOG]: [event('LsaSrv', 6167, 1)] },
    expect: { first: 'duplicate-machine-identity', verdict: 'likely' },
    source: 'Microsoft KB5065426, note on duplicate SIDs: LsaSrv 6167',
  },
  {
    id: 'machine identity of a clone, 11',
    base: 'windows-11-24h2 member',
    events: { [SYSTEM_LOG]: [event('LsaSrv', 6167, 1)] },
    expect: { first: 'duplicate-machine-identity', verdict: 'likely' },
    source: 'Microsoft KB5065426, note on duplicate SIDs: LsaSrv 6167',
  },
];

const STORED: readonly Case[] = [
  'windows-7 member',
  'server-2012 member',
  'server-2019 member',
  'windows-11-24h2 hybrid',
].map((base) => ({
  id: `credentials not stored, ${base}`,
  base,
  set: { [`${LSA}!DisableDomainCreds`]: 1 },
  expect: { never: ['domain-credentials-disabled'] },
  source:
    'Policy page "Network access: Do not allow storage of passwords and credentials for network authentication": saving, not signing in',
}));

const failed = (status: string, hours: number, name = 'svc', type = '3', sub = '0x0') =>
  event(AUDIT, 4625, hours, {
    TargetUserName: name,
    TargetDomainName: 'CORP',
    Status: status,
    SubStatus: sub,
    LogonType: type,
    IpAddress: '10.0.0.77',
  });

/** A status that speaks of the machine and its domain counts from a 4625 of any account. */
const OF_THE_MACHINE: readonly Case[] = (
  [
    ['0xc0000133', 'clock-skew'],
    ['0xc000005e', 'domain-controller-unreachable'],
    ['0xc000018b', 'computer-account-missing'],
    ['0xc000018d', 'secure-channel-broken'],
    ['0xc0000190', 'secure-channel-broken'],
  ] as const
).map(([status, first]) => ({
  id: `4625 with ${status} of any account`,
  base: 'server-2019 member',
  events: { [SECURITY_LOG]: [failed(status, 1), failed(status, 1.1, 'bob')] },
  expect: { first },
  source: 'Microsoft: 4625(F): An account failed to log on, Status; [MS-ERREF] 2.3.1',
}));

export const DOMAIN_FAULTS: readonly Case[] = [
  ...SERVICES,
  ...CHANNELS,
  ...CONTROLLERS,
  ...CLOCKS,
  ...TWINS,
  ...STORED,
  ...OF_THE_MACHINE,
  {
    id: '4625 with 0xc000015b of a Remote Desktop logon',
    base: 'server-2022 member',
    events: { [SECURITY_LOG]: [failed('0xc000015b', 1, 'bob', '10')] },
    expect: { first: 'user-right-missing' },
    source: 'Microsoft: 4625(F), Status 0xC000015B: not granted the requested logon type',
  },
];
