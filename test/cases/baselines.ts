// Hardening baselines as whole sets, with the documents they are from and the machines that they close to everybody.
import {
  bestPractices,
  buildOf,
  cisLevel1,
  cisLevel2Server,
  FIREWALL_ON,
  kindOf,
  microsoft,
  POLICY_RULE,
  stig,
  stigOfMembers,
} from './baseline-settings.ts';
import {
  CCS,
  FIREWALL_POLICY,
  LSA,
  MSV,
  rights,
  rule,
  type Settings,
  service,
  TSPOL,
  tlsOff,
  tlsOn,
  WINLOGON,
} from './settings.ts';
import { type Base, defaultRights } from './systems.ts';

/** What stops every account of such a machine, and why: the document's own words or [MS-…] say so. */
export interface Stop {
  readonly first: readonly string[];
  readonly why: string;
}

export interface Baseline {
  readonly id: string;
  readonly source: string;
  readonly appliesTo: (base: Base) => boolean;
  readonly settings: (base: Base) => Settings;
  /** Left out: it stops nobody, or not everybody, and there is no finding. */
  readonly stops?: (base: Base) => Stop | undefined;
}

/** A workgroup machine has local accounts and no others; an Entra joined one has cloud accounts beside them. */
const onlyLocalAccounts = ({ role }: Base): boolean => role === 'workgroup';

const LOCAL_ACCOUNTS_DENIED: Stop = {
  first: ['user-right-missing'],
  why: 'Every account of a workgroup machine is a local account (S-1-5-113), which a deny right for it keeps out: KB2871997, policy page "Deny log on through Remote Desktop Services"',
};

/**
 * Corrected after the first run: a network is public unless somebody said otherwise, and a machine outside a
 * domain never gets the domain profile. There the local rule for Remote Desktop does not count any more.
 */
const PUBLIC_RULES_SHUT_OUT: Stop = {
  first: ['firewall-blocks'],
  why: 'Microsoft: Windows Firewall overview, network profiles: public is the default; AllowLocalPolicyMerge 0 leaves no rule there',
};

const everywhere = (): boolean => true;
const isServer = (base: Base): boolean => kindOf(base) === 'server';
const isClient = (base: Base): boolean => kindOf(base) === 'client';
const workgroupStops = (base: Base): Stop | undefined =>
  onlyLocalAccounts(base) ? LOCAL_ACCOUNTS_DENIED : undefined;
const strangerStops = (base: Base): Stop | undefined =>
  base.role === 'entra' ? PUBLIC_RULES_SHUT_OUT : workgroupStops(base);

export const BASELINES: readonly Baseline[] = [
  {
    id: 'CIS Level 1',
    source:
      'CIS Benchmarks for Windows Server and Windows Enterprise, Level 1: 2.2, 2.3.10 to 2.3.11, 9.1 to 9.3, 18.9.4, 18.10.57',
    appliesTo: everywhere,
    settings: cisLevel1,
    stops: strangerStops,
  },
  {
    id: 'CIS Level 1 with a rule of policy',
    source: 'The same, with the inbound rule by policy that 9.3.4 asks for where something is to be reached',
    appliesTo: everywhere,
    settings: (base) => ({ ...cisLevel1(base), ...POLICY_RULE }),
    stops: workgroupStops,
  },
  {
    id: 'CIS Level 2 server',
    source: 'CIS Benchmarks for Windows Server, Level 2: 2.3.7.7, 2.3.10.4, 18.10.57.3.3',
    appliesTo: isServer,
    settings: cisLevel2Server,
    stops: strangerStops,
  },
  {
    id: 'CIS Level 2 workstation',
    source:
      'CIS Benchmarks for Windows 10 and 11 Enterprise, Level 2: 5.x (TermService, SessionEnv, UmRdpService disabled), 18.10.57.3.2.1 (Remote Desktop not allowed)',
    appliesTo: (base) => isClient(base) && buildOf(base) >= 14_393,
    settings: (base) => ({
      ...cisLevel2Server(base),
      [`${TSPOL}!fDenyTSConnections`]: 1,
      [`${service('TermService')}!Start`]: 4,
      [`${service('SessionEnv')}!Start`]: 4,
      [`${service('UmRdpService')}!Start`]: 4,
    }),
    stops: () => ({
      first: ['rdp-disabled', 'rdp-service-disabled'],
      why: 'The benchmark forbids Remote Desktop to a workstation: its own "Impact" says so',
    }),
  },
  {
    id: 'DISA STIG',
    source:
      'DISA STIGs for Windows Server 2016, 2019, 2022 and Windows 10, 11; Windows Defender Firewall STIG',
    appliesTo: (base) => buildOf(base) >= 14_393,
    settings: stig,
  },
  {
    id: 'DISA STIG of members in a workgroup',
    source:
      'WN19-MS-000080, WN19-MS-000120, WN10-UR-000070, WN10-UR-000090: "Domain Systems Only", applied all the same',
    appliesTo: (base) => buildOf(base) >= 14_393 && base.role === 'workgroup',
    settings: stigOfMembers,
    stops: workgroupStops,
  },
  {
    id: 'Microsoft security baseline',
    source: 'Microsoft Security Compliance Toolkit: Windows 10 22H2, Windows 11, Server 2019, 2022, 2025',
    appliesTo: (base) => buildOf(base) >= 17_763,
    settings: microsoft,
    stops: strangerStops,
  },
  {
    id: 'IIS Crypto best practices',
    source:
      'Nartac IIS Crypto, template "best": TLS 1.2 (and 1.3), weak ciphers off, values 0 and 0xFFFFFFFF',
    // On 7 and 2008 R2 nothing but TLS 1.2 is left, and Remote Desktop has that with KB3080079 alone: a case of its own.
    appliesTo: (base) => buildOf(base) >= 9200,
    settings: bestPractices,
  },
  {
    id: 'PCI and FIPS',
    source:
      'PCI DSS 4.0 4.2.1 with FIPS 140 mode (Microsoft: "System cryptography: Use FIPS compliant algorithms")',
    appliesTo: (base) => buildOf(base) >= 9200,
    settings: () => ({
      ...tlsOff('1.0', '1.1'),
      ...tlsOn('1.2'),
      [`${LSA}\\FIPSAlgorithmPolicy!Enabled`]: 1,
    }),
  },
  {
    id: 'NTLM of domain accounts refused',
    source:
      'Policy page "Network security: Restrict NTLM: Incoming NTLM traffic", Deny all domain accounts: local accounts still get in',
    appliesTo: ({ role }) => role === 'workgroup' || role === 'entra',
    settings: () => ({ [`${MSV}!RestrictReceivingNTLMTraffic`]: 1 }),
  },
  {
    id: 'NTLM refused altogether',
    source:
      'The same page, Deny all accounts: a workgroup has no Kerberos to take its place, and NLA needs one of the two',
    appliesTo: ({ role }) => role === 'workgroup',
    settings: () => ({ [`${MSV}!RestrictReceivingNTLMTraffic`]: 2 }),
    stops: () => ({
      first: ['ntlm-blocked'],
      why: 'NLA of a local account is NTLM and nothing else ([MS-CSSP] 3.1.5)',
    }),
  },
  {
    id: 'firewall rules of policy alone',
    source:
      '[MS-GPFAS] 2.2.2 AllowLocalPolicyMerge 0 in every profile, without a rule by policy for the listener',
    appliesTo: everywhere,
    settings: () => ({
      ...FIREWALL_ON,
      [`${FIREWALL_POLICY}\\DomainProfile!AllowLocalPolicyMerge`]: 0,
      [`${FIREWALL_POLICY}\\PrivateProfile!AllowLocalPolicyMerge`]: 0,
    }),
    stops: () => ({ first: ['firewall-blocks'], why: 'No rule in force admits TCP 3389 in any profile' }),
  },
  {
    id: 'firewall rules of policy alone, with one for Remote Desktop',
    source: '[MS-GPFAS] 2.2.2 AllowLocalPolicyMerge 0 in every profile, and a rule by policy',
    appliesTo: everywhere,
    settings: () => ({
      ...FIREWALL_ON,
      [`${FIREWALL_POLICY}\\DomainProfile!AllowLocalPolicyMerge`]: 0,
      [`${FIREWALL_POLICY}\\PrivateProfile!AllowLocalPolicyMerge`]: 0,
      ...POLICY_RULE,
    }),
  },
  {
    id: 'custom port with its rule',
    source: 'Microsoft: "Change the listening port for Remote Desktop on your computer"',
    appliesTo: everywhere,
    settings: () => ({
      [`${CCS}\\Control\\Terminal Server\\WinStations\\RDP-Tcp!PortNumber`]: 53_389,
      [`${CCS}\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules!RDPPORTLatest-TCP-In`]:
        rule('LPort=53389'),
    }),
  },
  {
    id: 'stored credentials forbidden',
    source:
      'Policy page "Network access: Do not allow storage of passwords and credentials for network authentication"',
    appliesTo: everywhere,
    settings: () => ({ [`${LSA}!DisableDomainCreds`]: 1, [`${WINLOGON}!CachedLogonsCount`]: '0' }),
  },
  {
    id: 'default rights spelt out',
    source:
      'Policy pages "Access this computer from the network" and "Allow log on through Remote Desktop Services", default values',
    appliesTo: everywhere,
    settings: ({ role }) => rights(defaultRights(role)),
  },
];
