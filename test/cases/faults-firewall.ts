// Fault cases of the firewall and the port. Expectations are from the documents named.
import type { Case } from './case.ts';
import { FIREWALL, FIREWALL_POLICY, RDP, rule, type Settings, service } from './settings.ts';

const GENERAL = 'Microsoft: General Remote Desktop connection troubleshooting';

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

export const FIREWALL_FAULTS: readonly Case[] = [...FIREWALL_CASES, ...PORTS];
