// Configurations of domain, local security and firewall: what is set, and which facts and verdicts that must give.
import {
  ACCOUNTS,
  byDefault,
  byMachine,
  CARD,
  CCS,
  type Configuration,
  FIREWALL,
  FIREWALL_POLICY,
  LSA,
  mask,
  RDP,
  rule,
  STANDARD,
  SYSPOL,
  server,
  service,
  VERSION,
  WORKGROUP,
} from './disk-settings-base.ts';

export const DOMAIN: readonly Configuration[] = [
  server(
    'nobody may sign in by Remote Desktop',
    {
      [`${ACCOUNTS}\\S-1-5-32-544\\ActSysAc!`]: mask(0x7),
      [`${ACCOUNTS}\\S-1-5-32-555\\ActSysAc!`]: mask(0),
    },
    {
      'user.rights': {
        remoteInteractive: [],
        network: ['S-1-1-0', 'S-1-5-32-544', 'S-1-5-32-545', 'S-1-5-32-551'],
        denyRemoteInteractive: [],
        denyNetwork: ['S-1-5-21-4070822719-3404542230-2541167049-501'],
      },
    },
    { 'user-right-missing': 'confirmed' },
  ),
  server(
    'local accounts are denied, as baselines do',
    { [`${ACCOUNTS}\\S-1-5-113\\ActSysAc!`]: mask(0x880) },
    {},
    // The machine is a member, and accounts of its domain get in.
    { 'user-right-missing': 'ruled-out' },
  ),
  server(
    'users of the domain are denied',
    { [`${ACCOUNTS}\\S-1-5-21-226059406-2984137831-1201299043-513\\ActSysAc!`]: mask(0x800) },
    { 'domain.sid': 'S-1-5-21-226059406-2984137831-1201299043' },
    { 'user-right-missing': 'likely' },
  ),
  server(
    'everybody is denied the network',
    { [`${ACCOUNTS}\\S-1-1-0\\ActSysAc!`]: mask(0x80) },
    {},
    { 'user-right-missing': 'confirmed' },
  ),
  server(
    'everybody is denied the network, and NLA is off',
    { [`${ACCOUNTS}\\S-1-1-0\\ActSysAc!`]: mask(0x80), [`${RDP}!UserAuthentication`]: 0 },
    {},
    { 'user-right-missing': 'ruled-out' },
  ),
  server(
    'a mask that is no mask',
    { [`${ACCOUNTS}\\S-1-1-0\\ActSysAc!`]: { type: 0, bytes: [1, 2, 3] } },
    { 'user.rights': 'unknown' },
    { 'user-right-missing': 'inconclusive' },
  ),
  server(
    'the machine has lost its password',
    { 'SECURITY\\Policy\\Secrets\\$MACHINE.ACC': null },
    { 'machinePassword.changedAt': 'absent' },
    { 'machine-password-mismatch': 'likely' },
  ),
  server(
    'the machine keeps its password',
    { [`${service('Netlogon')}\\Parameters!DisablePasswordChange`]: 1 },
    {
      'machinePassword.changedAt': {
        changedAt: '2016-11-08T13:28:03.816Z',
        changesDisabled: true,
        maximumAgeDays: 30,
      },
    },
    { 'machine-password-mismatch': 'inconclusive' },
  ),
  server(
    'a public DNS server by hand',
    { [`${CARD}!NameServer`]: '8.8.8.8,1.1.1.1' },
    {},
    { 'dns-misconfigured': 'likely' },
  ),
  server('no DNS server', { [`${CARD}!DhcpNameServer`]: null }, {}, { 'dns-misconfigured': 'likely' }),
  server(
    'no DNS server since the address was set by hand',
    { [`${CARD}!EnableDHCP`]: 0, [`${CARD}!IPAddress`]: ['10.0.0.9'] },
    {},
    { 'dns-misconfigured': 'likely' },
  ),
  server(
    'Kerberos with RC4 only',
    { [`${SYSPOL}\\Kerberos\\Parameters!SupportedEncryptionTypes`]: 4 },
    { 'kerberos.encryptionTypes': { effective: 4, setBy: 'machine', machine: 4 } },
    { 'kerberos-encryption-mismatch': 'likely' },
  ),
  server(
    'Kerberos with AES and what may come',
    { [`${SYSPOL}\\Kerberos\\Parameters!SupportedEncryptionTypes`]: 0x7fff_fff8 },
    {
      'kerberos.encryptionTypes': { effective: 0x7fff_fff8, setBy: 'machine', machine: 0x7fff_fff8 },
    },
    { 'kerberos-encryption-mismatch': 'ruled-out' },
  ),
  server(
    'Kerberos types as a text',
    { [`${SYSPOL}\\Kerberos\\Parameters!SupportedEncryptionTypes`]: '24' },
    { 'kerberos.encryptionTypes': 'unknown' },
    { 'kerberos-encryption-mismatch': 'inconclusive' },
  ),
  server(
    'Entra joined',
    { ...WORKGROUP, [`${CCS}\\Control\\CloudDomainJoin\\JoinInfo\\0123!TenantId`]: 'x' },
    { 'domain.membership': { joined: false, entraJoined: true } },
    { 'secure-channel-broken': 'ruled-out' },
  ),
];

export const LOCAL_SECURITY: readonly Configuration[] = [
  server(
    'incoming NTLM refused',
    { [`${LSA}\\MSV1_0!RestrictReceivingNTLMTraffic`]: 2 },
    { 'ntlm.restrictReceiving': byMachine(2, 0) },
    { 'ntlm-restricted': 'likely' },
  ),
  server(
    'NTLMv2 only',
    { [`${LSA}!LmCompatibilityLevel`]: 5 },
    { 'lsa.lmCompatibilityLevel': byMachine(5, 3) },
    { 'ntlm-restricted': 'ruled-out' },
  ),
  server(
    'NTLM restricted by a text',
    { [`${LSA}\\MSV1_0!RestrictReceivingNTLMTraffic`]: '2' },
    { 'ntlm.restrictReceiving': 'unknown' },
    { 'ntlm-restricted': 'inconclusive' },
  ),
  server(
    'CredSSP for updated clients only',
    { [`${SYSPOL}\\CredSSP\\Parameters!AllowEncryptionOracle`]: 0 },
    { 'credssp.allowEncryptionOracle': byMachine(0, 1) },
    { 'credssp-policy': 'ruled-out' },
  ),
  server(
    'no storage of credentials',
    { [`${LSA}!disabledomaincreds`]: 1 },
    { 'lsa.disableDomainCreds': byMachine(1, 0) },
    { 'domain-credentials-disabled': 'ruled-out' },
  ),
  server(
    'no storage of credentials, as a text',
    { [`${LSA}!disabledomaincreds`]: '1' },
    { 'lsa.disableDomainCreds': 'unknown' },
    { 'domain-credentials-disabled': 'inconclusive' },
  ),
  server(
    'FIPS for the machine',
    { [`${LSA}\\FIPSAlgorithmPolicy!Enabled`]: 1 },
    { 'fips.machine': byMachine(true, false) },
    { 'fips-only': 'ruled-out' },
  ),
  server(
    'FIPS for the machine, and standard security',
    { [`${LSA}\\FIPSAlgorithmPolicy!Enabled`]: 1, ...STANDARD },
    { 'fips.machine': byMachine(true, false) },
    // As with level 4: every client that is documented has the FIPS method.
    { 'fips-only': 'ruled-out' },
  ),
  server('FIPS is not set', { [`${LSA}\\FIPSAlgorithmPolicy`]: null }, { 'fips.machine': byDefault(false) }),
  server(
    'credssp.dll is gone',
    { [`${CCS}\\Control\\SecurityProviders!SecurityProviders`]: 'pwdssp.dll' },
    {},
    { 'lsa-packages-damaged': 'confirmed' },
  ),
  server(
    'msv1_0 is gone',
    { [`${LSA}!Authentication Packages`]: ['other'] },
    {},
    { 'lsa-packages-damaged': 'confirmed' },
  ),
  {
    title: 'an old Windows without tspkg',
    base: 'client',
    set: { [`${LSA}!Security Packages`]: ['kerberos', 'msv1_0', 'schannel', 'wdigest'] },
    facts: {
      'lsa.packages': {
        authentication: ['msv1_0'],
        security: ['kerberos', 'msv1_0', 'schannel', 'wdigest'],
        providers: ['credssp.dll'],
      },
    },
    verdicts: { 'lsa-packages-damaged': 'likely' },
  },
  server(
    'no cached sign-ins',
    { [`${VERSION}\\Winlogon!CachedLogonsCount`]: '0' },
    { 'cachedLogons.count': byMachine(0, 25) },
  ),
];

const RULES = `${FIREWALL}\\FirewallRules`;
const LOCAL_RULE = `${RULES}!RemoteDesktop-UserMode-In-TCP`;
const PROFILES = ['DomainProfile', 'StandardProfile', 'PublicProfile'] as const;

export const FIREWALLS: readonly Configuration[] = [
  server(
    'no active rule',
    { [LOCAL_RULE]: rule('LPort=3389').replace('Active=TRUE', 'Active=FALSE') },
    {},
    { 'firewall-blocks': 'confirmed' },
  ),
  server(
    'the firewall is off',
    {
      [LOCAL_RULE]: null,
      ...Object.fromEntries(PROFILES.map((profile) => [`${FIREWALL}\\${profile}!EnableFirewall`, 0])),
    },
    {},
    { 'firewall-blocks': 'ruled-out' },
  ),
  server(
    'a rule for the domain only, on a member',
    { [LOCAL_RULE]: rule('Profile=Domain|LPort=3389') },
    {},
    { 'firewall-blocks': 'inconclusive' },
  ),
  server(
    'a rule for the domain only, in a workgroup',
    { ...WORKGROUP, [LOCAL_RULE]: rule('Profile=Domain|LPort=3389') },
    {},
    { 'firewall-blocks': 'confirmed' },
  ),
  server(
    'a rule that blocks',
    { [`${RULES}!{1}`]: rule('LPort=3389').replace('Allow', 'Block') },
    {},
    { 'firewall-blocks': 'confirmed' },
  ),
  server(
    'a policy that shuts local rules out',
    Object.fromEntries(
      ['DomainProfile', 'PrivateProfile', 'PublicProfile'].map((profile) => [
        `${FIREWALL_POLICY}\\${profile}!AllowLocalPolicyMerge`,
        0,
      ]),
    ),
    {},
    { 'firewall-blocks': 'confirmed' },
  ),
  server(
    'a policy with a rule of its own',
    {
      [LOCAL_RULE]: null,
      [`${FIREWALL_POLICY}\\FirewallRules!{2}`]: rule('LPort=3389'),
    },
    {},
    { 'firewall-blocks': 'ruled-out' },
  ),
  server(
    'no exceptions from the firewall',
    Object.fromEntries(PROFILES.map((profile) => [`${FIREWALL}\\${profile}!DoNotAllowExceptions`, 1])),
    {},
    { 'firewall-blocks': 'confirmed' },
  ),
  server(
    'a switch in words',
    { [`${FIREWALL}\\PublicProfile!EnableFirewall`]: 'yes' },
    { 'firewall.rdp': 'unknown' },
    { 'firewall-blocks': 'inconclusive' },
  ),
];
