// What each hardening baseline sets, as far as it bears on a Remote Desktop sign-in.
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
  TSPOL,
  tlsOff,
  tlsOn,
  WINLOGON,
} from './settings.ts';
import { type Base, isJoined, SID, SYSTEMS } from './systems.ts';

export const kindOf = (base: Base): 'client' | 'server' => SYSTEMS[base.os].kind;
export const buildOf = (base: Base): number => SYSTEMS[base.os].build;
const isController = ({ role }: Base): boolean => role === 'controller';

/** The firewall of all baselines: on, inbound blocked, local rules not merged on public networks (there alone). */
export const FIREWALL_ON: Settings = {
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
const KERBEROS_AES: Settings = {
  [`${SYSPOL}\\Kerberos\\Parameters!SupportedEncryptionTypes`]: 0x7ffffff8,
};

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
export function cisLevel1(base: Base): Settings {
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
export const cisLevel2Server = (base: Base): Settings => ({
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
export function stig(base: Base): Settings {
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
export const stigOfMembers = (base: Base): Settings => ({ ...stig({ ...base, role: 'member' }) });

/** Microsoft Security Compliance Toolkit. */
export function microsoft(base: Base): Settings {
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

export const bestPractices = (base: Base): Settings => ({
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
