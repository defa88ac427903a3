// Fault cases of the account: what the server says to the one attempt, what the Security log says, and what cannot be read.
import { encodeTsRequest } from '../../src/core/protocol/tsrequest.ts';
import type { Case } from './case.ts';
import { AUDIT, event, SECURITY_LOG } from './logs.ts';
import { FIREWALL, SCHANNEL, TS, TSPOL } from './settings.ts';

const ERREF = '[MS-ERREF] 2.3.1';
const CSSP = '[MS-CSSP] 2.2.1 TSRequest, errorCode';
const F4625 = 'Microsoft: 4625(F): An account failed to log on, Status and SubStatus';
const ALICE = { name: 'alice', domain: 'CORP' };

/** NTSTATUS of the server's TSRequest → the cause that it names. */
const STATUSES: readonly (readonly [status: number, name: string, first: string])[] = [
  [0xc000006d, 'STATUS_LOGON_FAILURE', 'credentials-wrong'],
  [0xc000006a, 'STATUS_WRONG_PASSWORD', 'credentials-wrong'],
  [0xc0000064, 'STATUS_NO_SUCH_USER', 'credentials-wrong'],
  [0xc0000234, 'STATUS_ACCOUNT_LOCKED_OUT', 'account-locked'],
  [0xc0000072, 'STATUS_ACCOUNT_DISABLED', 'account-disabled'],
  [0xc0000193, 'STATUS_ACCOUNT_EXPIRED', 'account-expired'],
  [0xc0000071, 'STATUS_PASSWORD_EXPIRED', 'password-expired'],
  [0xc0000224, 'STATUS_PASSWORD_MUST_CHANGE', 'password-expired'],
  [0xc000006e, 'STATUS_ACCOUNT_RESTRICTION', 'account-restricted'],
  [0xc000006f, 'STATUS_INVALID_LOGON_HOURS', 'account-restricted'],
  [0xc0000070, 'STATUS_INVALID_WORKSTATION', 'account-restricted'],
  [0xc000015b, 'STATUS_LOGON_TYPE_NOT_GRANTED', 'user-right-missing'],
  [0xc0000133, 'STATUS_TIME_DIFFERENCE_AT_DC', 'clock-skew'],
  [0xc000005e, 'STATUS_NO_LOGON_SERVERS', 'domain-controller-unreachable'],
  [0xc000018b, 'STATUS_NO_TRUST_SAM_ACCOUNT', 'computer-account-missing'],
  [0xc000018d, 'STATUS_TRUSTED_RELATIONSHIP_FAILURE', 'secure-channel-broken'],
  [0xc0000190, 'STATUS_TRUST_FAILURE', 'secure-channel-broken'],
];

const ATTEMPTS: readonly Case[] = STATUSES.map(([errorCode, name, first]) => ({
  id: `the server answers ${name}`,
  wire: { tries: true, server: { authenticate: [encodeTsRequest({ version: 6, errorCode })] } },
  user: ALICE,
  expect: { first },
  source: `${CSSP}; ${ERREF} ${name}`,
}));

const ON_A_MEMBER: readonly Case[] = STATUSES.filter(([, name]) =>
  /LOCKED|LOGON_FAILURE|TYPE_NOT|TRUSTED/.test(name),
).map(([errorCode, name, first]) => ({
  id: `the server answers ${name}, the disk beside it`,
  base: 'server-2022 member',
  wire: { tries: true, server: { authenticate: [encodeTsRequest({ version: 6, errorCode })] } },
  user: ALICE,
  expect: { first },
  source: `${CSSP}; ${ERREF} ${name}`,
}));

const failed = (
  name: string,
  sub: string,
  hours: number,
  status = '0xc000006d',
  type = '3',
  address = '10.0.0.77',
) =>
  event(AUDIT, 4625, hours, {
    TargetUserName: name,
    TargetDomainName: 'CORP',
    Status: status,
    SubStatus: sub,
    LogonType: type,
    IpAddress: address,
  });

const succeeded = (name: string, hours: number) =>
  event(AUDIT, 4624, hours, {
    TargetUserName: name,
    TargetDomainName: 'CORP',
    LogonType: '3',
    AuthenticationPackageName: 'NTLM',
    IpAddress: '10.0.0.77',
  });

const IN_THE_LOG: readonly Case[] = [
  ...(
    [
      ['0xc000006a', '0xc000006d', 'credentials-wrong'],
      ['0xc0000064', '0xc000006d', 'credentials-wrong'],
      ['0x0', '0xc0000234', 'account-locked'],
      ['0xc0000072', '0xc000006e', 'account-disabled'],
      ['0xc0000193', '0xc000006e', 'account-expired'],
      ['0xc0000071', '0xc000006e', 'password-expired'],
      ['0x0', '0xc0000224', 'password-expired'],
      ['0xc000006f', '0xc000006e', 'account-restricted'],
      ['0xc0000070', '0xc000006e', 'account-restricted'],
    ] as const
  ).map(([sub, status, first]) => ({
    id: `4625 of the account named, ${status} ${sub}`,
    base: 'server-2016 member',
    events: { [SECURITY_LOG]: [failed('bob', sub, 1, status)] },
    user: { name: 'bob', domain: 'CORP' },
    expect: { first },
    source: F4625,
  })),
  {
    id: '4625 of the account named, in capitals',
    base: 'server-2019 member',
    events: { [SECURITY_LOG]: [failed('BOB', '0x0', 1, '0xC0000234')] },
    user: { name: 'bob', domain: 'corp' },
    expect: { first: 'account-locked' },
    source: `${F4625}; account names have no case`,
  },
  {
    id: '4625 of the account named, and it got in since',
    base: 'server-2016 member',
    events: { [SECURITY_LOG]: [succeeded('bob', 0.5), failed('bob', '0xc000006a', 1)] },
    user: { name: 'bob', domain: 'CORP' },
    expect: { never: ['credentials-wrong', 'account-locked'] },
    source: `${F4625}; 4624(S): An account was successfully logged on`,
  },
  {
    id: '4625 of others, the account named got in',
    base: 'server-2022 member',
    events: {
      [SECURITY_LOG]: [
        failed('administrator', '0xc000006a', 1, '0xc000006d', '3', '203.0.113.9'),
        failed('admin', '0xc0000064', 1.1, '0xc000006d', '3', '203.0.113.9'),
      ],
    },
    user: ALICE,
    expect: { never: ['credentials-wrong', 'account-locked', 'account-disabled'] },
    source: `${F4625}: every server on the Internet has those`,
  },
  {
    id: '4625 of others, nobody named',
    base: 'server-2022 workgroup',
    events: {
      [SECURITY_LOG]: [failed('administrator', '0xc000006a', 1), failed('scanner', '0xc0000064', 1.1)],
    },
    expect: { never: ['credentials-wrong', 'account-locked', 'account-disabled'] },
    source: `${F4625}: no account is named`,
  },
  {
    id: 'many names from one address',
    base: 'server-2019 workgroup',
    events: {
      [SECURITY_LOG]: Array.from({ length: 300 }, (_, index) =>
        failed(`user${index}`, '0xc0000064', 0.2 + index / 3000, '0xc000006d', '3', '203.0.113.9'),
      ),
    },
    expect: { first: 'connection-flood' },
    source:
      'Microsoft: An internal error occurs when you try to connect to an Azure VM, brute force; 4625(F)',
  },
];

const notRead = (id: string, unreadable: string, ...open: readonly string[]): Case => ({
  id,
  base: 'server-2019 member',
  unreadable: [unreadable],
  expect: { open },
  source: 'What was not read may hold the state: absent and unknown are two answers',
});

const UNKNOWN: readonly Case[] = [
  notRead('Terminal Server not readable', TS, 'rdp-disabled'),
  notRead('fDenyTSConnections not readable', `${TS}!fDenyTSConnections`, 'rdp-disabled'),
  notRead('policy of Terminal Services not readable', TSPOL, 'rdp-disabled'),
  notRead('firewall rules not readable', `${FIREWALL}\\FirewallRules`, 'firewall-blocks'),
  notRead('TLS 1.2 not readable', `${SCHANNEL}\\Protocols\\TLS 1.2\\Server`, 'tls-no-common-version'),
  notRead('SECURITY not readable', 'SECURITY', 'user-right-missing'),
  notRead('SOFTWARE not readable', 'SOFTWARE', 'rdp-disabled', 'certificate-missing', 'credssp-policy'),
  notRead(
    'SYSTEM not readable',
    'SYSTEM',
    'rdp-disabled',
    'rdp-service-disabled',
    'firewall-blocks',
    'tls-server-disabled',
    'lsa-packages-damaged',
  ),
];

export const LOGON_FAULTS: readonly Case[] = [...ATTEMPTS, ...ON_A_MEMBER, ...IN_THE_LOG, ...UNKNOWN];
