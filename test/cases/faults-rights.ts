// Fault cases of NTLM, Kerberos types and user rights. Expectations are from the documents named.
import { encodeTsRequest } from '../../src/core/protocol/tsrequest.ts';
import type { Case } from './case.ts';
import { AUDIT, event, NTLM_LOG, SECURITY_LOG } from './logs.ts';
import { LSA, MSV, RDP, type Rights, rights, type Settings, SYSPOL } from './settings.ts';
import { defaultRights, SID } from './systems.ts';

const INCOMING = 'Policy page "Network security: Restrict NTLM: Incoming NTLM traffic"';

const ETYPES = 'Policy page "Network security: Configure encryption types allowed for Kerberos"';

const NETWORK =
  'Policy page "Access this computer from the network"; NLA is a network logon (Microsoft: Cannot authenticate, must authenticate twice)';

const REMOTE = 'Policy page "Allow log on through Remote Desktop Services"';

const DENY_REMOTE = 'Policy page "Deny log on through Remote Desktop Services"';

const DENY_NETWORK = 'Policy page "Deny access to this computer from the network"';

const receiving = (value: number): Settings => ({ [`${MSV}!RestrictReceivingNTLMTraffic`]: value });

const WITHOUT_NLA: Settings = { [`${RDP}!UserAuthentication`]: 0 };

const types = (value: number): Settings => ({
  [`${SYSPOL}\\Kerberos\\Parameters!SupportedEncryptionTypes`]: value,
});

const NTLM: readonly Case[] = [
  {
    id: 'NTLM refused in a workgroup',
    base: 'server-2022 workgroup',
    set: receiving(2),
    expect: { first: 'ntlm-blocked' },
    source: `${INCOMING}: Deny all accounts`,
  },
  {
    id: 'NTLM refused in a workgroup, 10',
    base: 'windows-10-22h2 workgroup',
    set: receiving(2),
    expect: { first: 'ntlm-blocked' },
    source: `${INCOMING}: Deny all accounts`,
  },
  {
    id: 'NTLM refused in a workgroup without NLA',
    base: 'server-2022 workgroup',
    set: { ...receiving(2), ...WITHOUT_NLA },
    expect: { never: ['ntlm-blocked'] },
    source: `${INCOMING}: network logons; without NLA the logon is interactive`,
  },
  {
    id: 'NTLM refused on a member',
    base: 'server-2019 member',
    set: receiving(2),
    expect: { first: ['ntlm-blocked', 'ntlm-restricted'], verdict: 'likely' },
    source: `${INCOMING}: Kerberos by name remains`,
  },
  {
    id: 'NTLM refused before CredSSP begins',
    wire: { server: { ntlmNegotiate: [encodeTsRequest({ version: 6, errorCode: 0xc0000418 })] } },
    expect: { first: 'ntlm-blocked' },
    source: '[MS-ERREF] 2.3.1 STATUS_NTLM_BLOCKED',
  },
  {
    id: 'NTLM refused in the log',
    base: 'server-2016 member',
    events: {
      [NTLM_LOG]: [event('Microsoft-Windows-NTLM', 4002, 1, { CallerPID: '4', ProcessName: 'System' })],
    },
    expect: { first: ['ntlm-blocked', 'ntlm-restricted'], verdict: 'likely' },
    source: 'Event manifest, NTLM 4002: incoming NTLM blocked',
  },
  {
    id: 'only NTLMv2',
    base: 'server-2012 member',
    set: { [`${LSA}!LmCompatibilityLevel`]: 5, [`${MSV}!NtlmMinServerSec`]: 0x20080000 },
    expect: {},
    source: 'Policy page "LAN Manager authentication level": every current client sends NTLMv2',
  },
  {
    id: 'DES alone for Kerberos',
    base: 'server-2016 member',
    set: types(0x3),
    expect: { first: 'kerberos-encryption-mismatch' },
    source: `${ETYPES}: DES is off since Windows 7; removed in Server 2025`,
  },
  {
    id: 'DES alone in a workgroup',
    base: 'server-2016 workgroup',
    set: types(0x3),
    expect: {},
    source: `${ETYPES}: no Kerberos in a workgroup`,
  },
  {
    id: 'AES alone for Kerberos',
    base: 'server-2012-r2 member',
    set: types(0x18),
    expect: {},
    source: ETYPES,
  },
];

const but = (changes: Rights, role: 'workgroup' | 'member' | 'controller' = 'member'): Settings =>
  rights({ ...defaultRights(role), ...changes });

const guest = [SID.guest];

const RIGHTS: readonly Case[] = [
  {
    id: 'local accounts denied the network, workgroup',
    base: 'server-2019 workgroup',
    set: but({ denyNetwork: [SID.localAccount, ...guest] }),
    expect: { first: 'user-right-missing', verdict: 'confirmed' },
    source: DENY_NETWORK,
  },
  {
    id: 'local accounts denied Remote Desktop, workgroup',
    base: 'windows-11-24h2 workgroup',
    set: but({ denyRemote: [SID.localAccount] }),
    expect: { first: 'user-right-missing', verdict: 'confirmed' },
    source: DENY_REMOTE,
  },
  {
    id: 'local accounts denied both, member',
    base: 'server-2022 member',
    set: but({ denyNetwork: [SID.localAdministrators, SID.guests], denyRemote: [SID.localAccount] }),
    expect: {},
    source: 'KB2871997; Microsoft security baselines: domain accounts get in',
  },
  {
    id: 'local accounts denied both, Entra joined',
    base: 'windows-11-22h2 entra',
    set: but({ denyNetwork: [SID.localAccount], denyRemote: [SID.localAccount] }),
    expect: {},
    source: 'KB2871997: S-1-5-113 is for local accounts; Entra accounts are S-1-12-1',
  },
  {
    id: 'local accounts denied the network without NLA',
    base: 'server-2016 workgroup',
    set: { ...but({ denyNetwork: [SID.localAccount, ...guest] }), ...WITHOUT_NLA },
    expect: { never: ['user-right-missing'] },
    source: `${NETWORK}: without NLA the logon is type 10`,
  },
  {
    id: 'nobody may sign in by Remote Desktop',
    base: 'server-2016 member',
    set: but({ remote: [] }),
    expect: { first: 'user-right-missing', verdict: 'confirmed' },
    source: REMOTE,
  },
  {
    id: 'nobody may come over the network',
    base: 'server-2019 member',
    set: but({ network: [SID.backupOperators] }),
    expect: { first: 'user-right-missing' },
    source: NETWORK,
  },
  {
    id: 'everyone denied Remote Desktop',
    base: 'server-2012-r2 member',
    set: but({ denyRemote: [SID.everyone] }),
    expect: { first: 'user-right-missing', verdict: 'confirmed' },
    source: DENY_REMOTE,
  },
  {
    id: 'authenticated users denied the network',
    base: 'windows-10-22h2 member',
    set: but({ denyNetwork: [SID.authenticated] }),
    expect: { first: 'user-right-missing', verdict: 'confirmed' },
    source: DENY_NETWORK,
  },
  {
    id: 'domain users denied Remote Desktop',
    base: 'server-2022 member',
    set: but({ denyRemote: [SID.domainUsers] }),
    expect: { first: 'user-right-missing', verdict: 'likely' },
    source: DENY_REMOTE,
  },
  {
    id: 'domain users denied the network',
    base: 'server-2016 member',
    set: but({ denyNetwork: [SID.domainUsers, ...guest] }),
    expect: { first: 'user-right-missing', verdict: 'likely' },
    source: DENY_NETWORK,
  },
  {
    id: 'administrators alone by Remote Desktop',
    base: 'server-2022 member',
    set: but({ remote: [SID.administrators] }),
    expect: {},
    source: `${REMOTE}: the default of controllers and of the STIG`,
  },
  {
    id: 'domain administrators denied, as the STIG does',
    base: 'server-2019 member',
    set: but({
      denyNetwork: [SID.domainAdmins, SID.enterpriseAdmins, SID.guests],
      denyRemote: [SID.domainAdmins, SID.enterpriseAdmins, SID.guests],
    }),
    expect: {},
    source: 'DISA STIG WN19-MS-000080, WN19-MS-000120',
  },
  {
    id: 'event 4825',
    base: 'server-2019 member',
    events: {
      [SECURITY_LOG]: [
        event(AUDIT, 4825, 1, { AccountName: 'bob', AccountDomain: 'CORP', ClientAddress: '10.0.0.77' }),
      ],
    },
    expect: { first: 'user-right-missing', verdict: 'likely' },
    source: 'Microsoft: 4825(S): A user was denied the access to Remote Desktop',
  },
];

export const RIGHTS_FAULTS: readonly Case[] = [...NTLM, ...RIGHTS];
