// Hardening baselines as whole sets of what bears on a Remote Desktop sign-in, with the documents they are from.
import { type Base, defaultRights, isJoined, SID, SYSTEMS } from './bases.ts';
import {
  CCS,
  FIREWALL_POLICY,
  LSA,
  MSV,
  NETLOGON,
  type Rights,
  rights,
  rule,
  SCHANNEL,
  type Settings,
  SSL_POLICY,
  SYSPOL,
  service,
  TSPOL,
  tlsOff,
  tlsOn,
  WINLOGON,
} from './settings.ts';

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

const kindOf = (base: Base): 'client' | 'server' => SYSTEMS[base.os].kind;
const buildOf = (base: Base): number => SYSTEMS[base.os].build;
const isController = ({ role }: Base): boolean => role === 'controller';

/** A workgroup machine has local accounts and no others; an Entra joined one has cloud accounts beside them. */
const onlyLocalAccounts = ({ role }: Base): boolean => role === 'workgroup';

const LOCAL_ACCOUNTS_DENIED: Stop = {
  first: ['user-right-missing'],
  why: 'Every account of a workgroup machine is a local account (S-1-5-113), which a deny right for it keeps out: KB2871997, policy page "Deny log on through Remote Desktop Services"',
};

/** The firewall of all baselines: on, inbound blocked, local rules not merged on public networks (there alone). */
const FIREWALL_ON: Settings = {
  ...Object.fromEntries(
    ['DomainProfile', 'PrivateProfile', 'PublicProfile'].flatMap((profile) => [
      [`${FIREWALL_POLICY}\\${profile}!EnableFirewall`, 1],
      [`${FIREWALL_POLICY}\\${profile}!DefaultInboundAction`, 1],
      [`${FIREWALL_POLICY}\\${profile}!DefaultOutboundAction`, 0],
      [`${FIREWALL_POLICY}\\${profile}\\Logging!LogFileSize`, 16_384],
    ]),
  ),
  [`${FIREWALL_POLICY}\\PublicProfile!AllowLocalPolicyMerge`]: 0,
  [`${FIREWALL_POLICY}\\PublicProfile!AllowLocalIPsecPolicyMerge`]: 0,
};

/** Group Policy's own rule for Remote Desktop, as an administrator adds who applies a baseline to a server. */
export const POLICY_RULE: Settings = {
  [`${FIREWALL_POLICY}\\FirewallRules!{7d0b5cc4-6a3c-4b2b-8f1d-27e1b7f3a001}`]: rule(
    'LPort=3389|RA4=10.0.0.0/255.0.0.0',
  ),
};

/** All baselines agree on these: NTLMv2 only, 128-bit sessions, sealed secure channel. */
const NTLM_V2: Settings = {
  [`${LSA}!LmCompatibilityLevel`]: 5,
  [`${LSA}!NoLMHash`]: 1,
  [`${LSA}!UseMachineId`]: 1,
  [`${MSV}!AllowNullSessionFallback`]: 0,
  [`${MSV}!NtlmMinClientSec`]: 0x20080000,
  [`${MSV}!NtlmMinServerSec`]: 0x20080000,
  [`${NETLOGON}!RequireSignOrSeal`]: 1,
  [`${NETLOGON}!SealSecureChannel`]: 1,
  [`${NETLOGON}!SignSecureChannel`]: 1,
  [`${NETLOGON}!RequireStrongKey`]: 1,
  [`${NETLOGON}!MaximumPasswordAge`]: 30,
  [`${NETLOGON}!DisablePasswordChange`]: 0,
};

/** AES128, AES256 and future types: 0x7FFFFFF8. */
const KERBEROS_AES: Settings = { [`${SYSPOL}\\Kerberos\\Parameters!SupportedEncryptionTypes`]: 0x7ffffff8 };

const SESSION: Settings = {
  [`${TSPOL}!fPromptForPassword`]: 1,
  [`${TSPOL}!fEncryptRPCTraffic`]: 1,
  [`${TSPOL}!MinEncryptionLevel`]: 3,
  [`${TSPOL}!DisablePasswordSaving`]: 1,
  [`${TSPOL}!fDisableCdm`]: 1,
};

const CREDSSP_FORCED: Settings = {
  [`${SYSPOL}\\CredSSP\\Parameters!AllowEncryptionOracle`]: 0,
  'SOFTWARE\\Policies\\Microsoft\\Windows\\CredentialsDelegation!AllowProtectedCreds': 1,
};

const controllerRights = (denied: readonly string[]): Rights => ({
  interactive: [SID.administrators],
  network: [SID.administrators, SID.authenticated, SID.enterpriseControllers],
  batch: [SID.administrators],
  remote: [SID.administrators],
  denyInteractive: denied,
  denyNetwork: denied,
  denyRemote: denied,
  denyBatch: denied,
  denyService: denied,
});

function memberRights(base: Base, denyNetwork: readonly string[], denyRemote: readonly string[]): Rights {
  const remote = [SID.administrators, SID.remoteDesktopUsers];
  return {
    interactive: kindOf(base) === 'server' ? [SID.administrators] : [SID.administrators, SID.users],
    network: kindOf(base) === 'server' ? [SID.administrators, SID.authenticated] : remote,
    batch: [SID.administrators],
    remote,
    denyInteractive: [SID.guests],
    denyBatch: [SID.guests],
    denyService: [SID.guests],
    denyNetwork,
    denyRemote,
  };
}

/** CIS Level 1, sections 2.2, 2.3, 9 and 18: "Guests, Local account and member of Administrators group" from the network, "Guests, Local account" by Remote Desktop. */
function cisLevel1(base: Base): Settings {
  const held = isController(base)
    ? controllerRights([SID.guests])
    : memberRights(
        base,
        kindOf(base) === 'server' ? [SID.guests, SID.localAdministrators] : [SID.guests, SID.localAccount],
        [SID.guests, SID.localAccount],
      );
  return {
    ...NTLM_V2,
    ...KERBEROS_AES,
    ...SESSION,
    ...CREDSSP_FORCED,
    ...FIREWALL_ON,
    ...rights(held),
    [`${TSPOL}!SecurityLayer`]: 2,
    [`${TSPOL}!UserAuthentication`]: 1,
    [`${LSA}\\pku2u!AllowOnlineID`]: 0,
    [`${MSV}!AuditReceivingNTLMTraffic`]: 2,
    [`${MSV}!RestrictSendingNTLMTraffic`]: 1,
    [`${LSA}!RunAsPPL`]: 1,
  };
}

/** CIS Level 2 for servers adds no stored credentials, few cached sign-ins and no redirection. */
const cisLevel2Server = (base: Base): Settings => ({
  ...cisLevel1(base),
  [`${LSA}!disabledomaincreds`]: 1,
  [`${WINLOGON}!CachedLogonsCount`]: '4',
  [`${TSPOL}!fDisableCcm`]: 1,
  [`${TSPOL}!fDisableLPT`]: 1,
  [`${TSPOL}!fDisablePNPRedir`]: 1,
  [`${TSPOL}!MaxIdleTime`]: 900_000,
  [`${TSPOL}!MaxDisconnectionTime`]: 60_000,
});

/** DISA STIG: deny rights are for domain systems only; the standalone gets Guests alone. */
function stig(base: Base): Settings {
  const local = kindOf(base) === 'server' ? SID.localAdministrators : SID.localAccount;
  const domain = isJoined(base.role);
  const held = isController(base)
    ? controllerRights([SID.guests])
    : {
        ...memberRights(
          base,
          domain ? [SID.enterpriseAdmins, SID.domainAdmins, local, SID.guests] : [SID.guests],
          domain ? [SID.enterpriseAdmins, SID.domainAdmins, SID.localAccount, SID.guests] : [SID.guests],
        ),
        ...(kindOf(base) === 'server' ? { remote: [SID.administrators] } : {}),
      };
  return {
    ...NTLM_V2,
    ...KERBEROS_AES,
    ...SESSION,
    ...rights(held),
    // WN19-SO-000360, WN10-SO-000230: FIPS-compliant algorithms.
    [`${LSA}\\FIPSAlgorithmPolicy!Enabled`]: 1,
    [`${WINLOGON}!CachedLogonsCount`]: kindOf(base) === 'server' ? '4' : '10',
    [`${LSA}!disabledomaincreds`]: 1,
    [`${LSA}\\pku2u!AllowOnlineID`]: 0,
    ...(kindOf(base) === 'client' ? { [`${SSL_POLICY}!EccCurves`]: ['NistP384', 'NistP256'] } : {}),
    // WNFWA-000024 is not applicable to a machine outside a domain.
    ...(domain ? FIREWALL_ON : {}),
  };
}

/** The member's STIG applied to a machine of a workgroup, as its GPO backups do when LGPO.exe imports them. */
const stigOfMembers = (base: Base): Settings => ({ ...stig({ ...base, role: 'member' }) });

/** Microsoft Security Compliance Toolkit. */
function microsoft(base: Base): Settings {
  const server = kindOf(base) === 'server';
  const held = isController(base)
    ? controllerRights([])
    : memberRights(base, [server ? SID.localAdministrators : SID.localAccount], [SID.localAccount]);
  return {
    ...NTLM_V2,
    ...KERBEROS_AES,
    ...SESSION,
    ...CREDSSP_FORCED,
    ...FIREWALL_ON,
    ...rights({ ...held, denyInteractive: [], denyBatch: [], denyService: [] }),
    [`${LSA}!RunAsPPL`]: 1,
    [`${LSA}!restrictanonymous`]: 1,
    [`${PROVIDERS_WDIGEST}!UseLogonCredential`]: 0,
    ...(buildOf(base) >= 26_100
      ? { [`${MSV}!AuditReceivingNTLMTraffic`]: 2, [`${MSV}!RestrictSendingNTLMTraffic`]: 1 }
      : {}),
  };
}

const PROVIDERS_WDIGEST = `${CCS}\\Control\\SecurityProviders\\WDigest`;

const WEAK_CIPHERS = [
  'NULL',
  'DES 56/56',
  'RC2 40/128',
  'RC2 56/128',
  'RC2 128/128',
  'RC4 40/128',
  'RC4 56/128',
  'RC4 64/128',
  'RC4 128/128',
  'Triple DES 168',
];
const GOOD_CIPHERS = ['AES 128/128', 'AES 256/256'];
const HASHES = ['SHA', 'SHA256', 'SHA384', 'SHA512'];
const EXCHANGES = ['Diffie-Hellman', 'ECDH', 'PKCS'];
const ON = 0xffffffff;

const algorithms = (kind: string, names: readonly string[], enabled: number): Settings =>
  Object.fromEntries(names.map((name) => [`${SCHANNEL}\\${kind}\\${name}!Enabled`, enabled]));

/** The list that IIS Crypto's "best practices" and "PCI 4.0" write; older Windows names a curve after each ECDHE suite. */
function bestSuites(base: Base): readonly string[] {
  const ecdhe = [
    'AES_256_GCM_SHA384',
    'AES_128_GCM_SHA256',
    'AES_256_CBC_SHA384',
    'AES_128_CBC_SHA256',
    'AES_256_CBC_SHA',
    'AES_128_CBC_SHA',
  ];
  const curves = buildOf(base) < 14_393 ? ['_P256', '_P384'] : [''];
  return [
    ...ecdhe.flatMap((cipher) => curves.map((curve) => `TLS_ECDHE_RSA_WITH_${cipher}${curve}`)),
    ...ecdhe.flatMap((cipher) => curves.map((curve) => `TLS_ECDHE_ECDSA_WITH_${cipher}${curve}`)),
    'TLS_RSA_WITH_AES_256_GCM_SHA384',
    'TLS_RSA_WITH_AES_128_GCM_SHA256',
    'TLS_RSA_WITH_AES_256_CBC_SHA256',
    'TLS_RSA_WITH_AES_128_CBC_SHA256',
    'TLS_RSA_WITH_AES_256_CBC_SHA',
    'TLS_RSA_WITH_AES_128_CBC_SHA',
  ];
}

const bestPractices = (base: Base): Settings => ({
  ...tlsOff('1.0', '1.1'),
  ...tlsOn('1.2'),
  ...(buildOf(base) >= 20_348 ? tlsOn('1.3') : {}),
  ...algorithms('Ciphers', WEAK_CIPHERS, 0),
  ...algorithms('Ciphers', GOOD_CIPHERS, ON),
  ...algorithms('Hashes', ['MD5'], 0),
  ...algorithms('Hashes', HASHES, ON),
  ...algorithms('KeyExchangeAlgorithms', EXCHANGES, ON),
  [`${SSL_POLICY}!Functions`]: bestSuites(base).join(','),
});

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
