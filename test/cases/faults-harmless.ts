// Fault cases of firewall rules, names of accounts, events of others, and what is odd but harmless.
import type { Case } from './case.ts';
import { AUDIT, event, POLICY, SECURITY_LOG, SYSTEM_LOG } from './logs.ts';
import {
  CARD,
  FIREWALL,
  LSA,
  NETLOGON,
  PROVIDERS,
  RDP,
  rights,
  rule,
  type Settings,
  service,
  TSPOL,
  tlsServer,
} from './settings.ts';
import { DOMAIN_SID, defaultRights, SID } from './systems.ts';

const RULES = '[MS-GPFAS] 2.2.2.19: the fields of a firewall rule';
const PRECEDENCE = 'Microsoft: Windows Firewall rules: an explicit block takes precedence where it matches';
const OFF = rule('LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice', { active: false });

/** The rule of Windows off, and another beside it. */
const instead = (text: string): Settings => ({
  [`${FIREWALL}\\FirewallRules!RemoteDesktop-UserMode-In-TCP`]: OFF,
  [`${FIREWALL}\\FirewallRules!Acme`]: text,
});
const beside = (text: string): Settings => ({ [`${FIREWALL}\\FirewallRules!Acme`]: text });

const FIREWALL_RULES: readonly Case[] = [
  {
    id: 'a rule for a range of ports',
    base: 'server-2022 member',
    set: instead(rule('LPort2_10=3000-4000')),
    expect: {},
    source: `${RULES}: LPort2_10 holds a range`,
  },
  {
    id: 'a rule for every protocol',
    base: 'windows-10-22h2 workgroup',
    set: instead('v2.30|Action=Allow|Active=TRUE|Dir=In|Name=All|'),
    expect: {},
    source: `${RULES}: without Protocol a rule is for all`,
  },
  {
    id: 'a rule for the domain profile in a workgroup',
    base: 'server-2019 workgroup',
    set: instead(rule('Profile=Domain|LPort=3389')),
    expect: { first: 'firewall-blocks' },
    source: `${RULES}: Profile; a machine outside a domain is never in that one`,
  },
  {
    id: 'a block of UDP',
    base: 'server-2016 member',
    set: beside('v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=17|LPort=3389|Name=No UDP|'),
    expect: {},
    source: PRECEDENCE,
  },
  {
    id: 'a block of one address',
    base: 'server-2025 member',
    set: beside(rule('LPort=3389|RA4=203.0.113.7', { action: 'Block' })),
    expect: {},
    source: PRECEDENCE,
  },
  {
    id: 'a block that is not active',
    base: 'server-2012-r2 member',
    set: beside(rule('LPort=3389', { action: 'Block', active: false })),
    expect: {},
    source: PRECEDENCE,
  },
  {
    id: 'a block of what goes out',
    base: 'windows-11-24h2 member',
    set: beside('v2.30|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RPort=3389|Name=No outgoing RDP|'),
    expect: {},
    source: `${RULES}: Dir`,
  },
  {
    id: 'a block of the service',
    base: 'server-2022 workgroup',
    set: beside('v2.30|Action=Block|Active=TRUE|Dir=In|Svc=termservice|Name=Stop|'),
    expect: { first: 'firewall-blocks' },
    source: PRECEDENCE,
  },
  {
    id: 'the port moved with its rule, and the old one is closed',
    base: 'server-2019 member',
    set: { [`${RDP}!PortNumber`]: 3390, ...beside(rule('LPort=3390')) },
    wire: { connect: 'refused' },
    expect: { first: 'port-changed' },
    source: 'Microsoft: Change the listening port for Remote Desktop',
  },
  {
    id: 'refused, and RPC disabled',
    base: 'windows-7 workgroup',
    set: { [`${service('RpcSs')}!Start`]: 4 },
    wire: { connect: 'refused' },
    expect: { first: 'rdp-service-disabled', verdict: 'confirmed' },
    source: 'Win32 error 1068 (dependency service failed to start)',
  },
  {
    id: 'refused, and nothing wrong on the disk',
    base: 'server-2022 member',
    wire: { connect: 'refused' },
    expect: { first: 'port-unreachable', never: ['firewall-blocks', 'rdp-disabled', 'rdp-service-disabled'] },
    source: 'Microsoft: General Remote Desktop connection troubleshooting',
  },
  {
    id: 'a forwarded port',
    base: 'server-2016 workgroup',
    wire: { port: 40_001 },
    expect: { never: ['port-changed', 'port-unreachable'] },
    source: 'A router forwards any port to 3389',
  },
];

const failed = (hours: number, fields: Readonly<Record<string, string>>) =>
  event(AUDIT, 4625, hours, { Status: '0xc000006d', SubStatus: '0xc000006a', LogonType: '3', ...fields });

const ACCOUNTS: readonly Case[] = [
  {
    id: 'an account of the machine by a dot',
    base: 'server-2022 workgroup',
    user: { name: 'bob', domain: '.' },
    events: { [SECURITY_LOG]: [failed(1, { TargetUserName: 'bob', TargetDomainName: 'VM1' })] },
    expect: { first: 'credentials-wrong' },
    source: '[MS-ERREF] 2.3.1: C000006A STATUS_WRONG_PASSWORD',
  },
  {
    id: 'an account by the DNS name of its domain',
    base: 'server-2019 member',
    user: { name: 'bob', domain: 'corp.example' },
    events: {
      [SECURITY_LOG]: [
        failed(1, {
          TargetUserName: 'bob',
          TargetDomainName: 'CORP',
          Status: '0xc0000072',
          SubStatus: '0x0',
        }),
      ],
    },
    expect: { first: 'account-disabled' },
    source: '[MS-ERREF] 2.3.1: C0000072 STATUS_ACCOUNT_DISABLED',
  },
  {
    id: 'a locked account of another domain by the same name',
    base: 'server-2019 member',
    user: { name: 'bob', domain: 'CORP' },
    events: {
      [SECURITY_LOG]: [
        failed(1, {
          TargetUserName: 'bob',
          TargetDomainName: 'PARTNER',
          Status: '0xc0000234',
          SubStatus: '0x0',
        }),
      ],
    },
    expect: { never: ['account-locked'] },
    source: 'Two domains may have an account of one name each',
  },
  {
    id: '15B of a scheduled task',
    base: 'server-2022 member',
    events: {
      [SECURITY_LOG]: [
        failed(1, {
          TargetUserName: 'svc',
          TargetDomainName: 'CORP',
          Status: '0xc000015b',
          SubStatus: '0x0',
          LogonType: '4',
        }),
      ],
    },
    expect: {},
    source: 'Microsoft: event 4625, logon type 4 is batch: another right',
  },
  {
    id: 'trust broken, and policy read since',
    base: 'server-2022 member',
    events: {
      [SECURITY_LOG]: [
        failed(2.5, {
          TargetUserName: 'bob',
          TargetDomainName: 'CORP',
          Status: '0xc000018d',
          SubStatus: '0x0',
        }),
      ],
      [SYSTEM_LOG]: [event(POLICY, 1500, 1)],
    },
    expect: {},
    source: 'Microsoft: Group Policy event 1500: it was read with the account of the machine',
  },
  {
    id: 'clocks apart, and synchronised since',
    base: 'server-2016 member',
    events: {
      [SECURITY_LOG]: [
        failed(5, {
          TargetUserName: 'bob',
          TargetDomainName: 'CORP',
          Status: '0xc0000133',
          SubStatus: '0x0',
        }),
      ],
    },
    expect: {},
    source: 'Event manifest of Microsoft-Windows-Time-Service: 35 synchronised, two hours ago',
  },
  {
    id: 'a controller that refuses another machine',
    base: 'server-2022 controller',
    events: {
      [SYSTEM_LOG]: [event('NETLOGON', 5722, 1, { param1: 'PC7', param2: 'PC7$', param3: '%%5' })],
    },
    expect: { never: ['machine-password-mismatch', 'secure-channel-broken', 'computer-account-missing'] },
    source: 'Microsoft: Netlogon event 5722: the session setup from another computer failed',
  },
  {
    id: 'a controller that knows no account of another machine',
    base: 'server-2019 controller',
    events: { [SYSTEM_LOG]: [event('NETLOGON', 5723, 1, { param1: 'PC7', param2: 'PC7$' })] },
    expect: { never: ['machine-password-mismatch', 'secure-channel-broken', 'computer-account-missing'] },
    source: 'Microsoft: Netlogon event 5723: another computer is not in the database of this controller',
  },
];

const ODD_AND_HARMLESS: readonly Case[] = [
  {
    id: 'security provider in capitals, with another',
    base: 'server-2012-r2 member',
    set: { [`${PROVIDERS}!SecurityProviders`]: 'CREDSSP.DLL, acme.dll' },
    expect: {},
    source: 'Windows compares names of files without regard to case',
  },
  {
    id: 'protected LSA and Credential Guard',
    base: 'windows-11-24h2 hybrid',
    set: { [`${LSA}!RunAsPPL`]: 1, [`${LSA}!LsaCfgFlags`]: 1 },
    expect: {},
    source: 'Microsoft: Configuring additional LSA protection; Credential Guard',
  },
  {
    id: 'no change of the machine password, on purpose',
    base: 'server-2019 member',
    set: { [`${NETLOGON}!DisablePasswordChange`]: 1 },
    expect: {},
    source: 'Microsoft: Domain member: Disable machine account password changes',
  },
  {
    id: 'guests and anonymous denied the network',
    base: 'server-2025 member',
    set: rights({ ...defaultRights('member'), denyNetwork: [SID.guests, 'S-1-5-7', SID.guest] }),
    expect: {},
    source: 'Microsoft security baseline: Deny access to this computer from the network',
  },
  {
    id: 'Users denied Remote Desktop',
    base: 'windows-10-22h2 member',
    set: rights({ ...defaultRights('member'), denyRemote: [SID.users] }),
    expect: { first: 'user-right-missing' },
    source: '[MS-DTYP] 2.4.2.4: Users holds Authenticated Users; a deny right supersedes',
  },
  {
    id: 'a group of the domain beside administrators on a controller',
    base: 'server-2022 controller',
    set: rights({ ...defaultRights('controller'), remote: [SID.administrators, `${DOMAIN_SID}-1105`] }),
    expect: {},
    source: 'Microsoft: Allow log on through Remote Desktop Services',
  },
  {
    id: 'name servers by hand after those of the lease, all of the domain',
    base: 'server-2016 member',
    set: { [`${CARD}!NameServer`]: '10.0.0.5,10.0.0.4' },
    expect: {},
    source: 'Microsoft: Best practices for DNS client settings',
  },
  {
    id: 'NLA by policy with 2 for yes',
    base: 'server-2019 member',
    set: { [`${TSPOL}!UserAuthentication`]: 2 },
    expect: { never: ['listener-inconsistent'] },
    source: 'Microsoft: the values are 0 and 1; TLS is on, so NLA can run in any case',
  },
  {
    id: 'TLS 1.2 on by 1 and hidden by DisabledByDefault alone',
    base: 'server-2022 member',
    set: { [`${tlsServer('1.2')}!Enabled`]: 1, [`${tlsServer('1.2')}!DisabledByDefault`]: 1 },
    expect: { never: ['tls-server-disabled'] },
    source: 'Microsoft: TLS registry settings: 1.0, 1.1 and 1.3 are on by default there',
  },
  {
    id: 'the port by its number in hexadecimal',
    base: 'server-2022 member',
    set: { [`${RDP}!PortNumber`]: 0xd3d },
    expect: {},
    source: '0xD3D is 3389',
  },
];

export const HARMLESS_AND_NOT: readonly Case[] = [...FIREWALL_RULES, ...ACCOUNTS, ...ODD_AND_HARMLESS];
