import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sidBytes } from '../../../../src/core/bytes/sid.ts';
import { DSSETUP, getPrimaryDomainInformation } from '../../../../src/core/protocol/rpc/dssetup.ts';
import {
  closePolicy,
  enumerateAccountRights,
  enumerateAccounts,
  enumerateAccountsWithUserRight,
  LSARPC,
  openPolicy,
  POLICY_ACCESS,
  POLICY_CLASS,
  queryPolicy,
} from '../../../../src/core/protocol/rpc/lsarpc.ts';
import { IMPACKET_REQUESTS, SAMBA_REPLIES } from './foreign-stubs.ts';
import { checkReplies, checkRequest, HANDLE } from './operation-rows.ts';

test('lsarpc and dssetup are the interfaces of [MS-LSAD] 1.9 and [MS-DSSP] 1.9, on one pipe', () => {
  assert.deepEqual(LSARPC.syntax, { uuid: '12345778-1234-abcd-ef00-0123456789ab', major: 0, minor: 0 });
  assert.deepEqual(DSSETUP.syntax, { uuid: '3919286a-b10c-11d0-9ba8-00c04fd92ef5', major: 0, minor: 0 });
  assert.equal(LSARPC.pipe, DSSETUP.pipe);
});

checkRequest(
  openPolicy,
  44,
  { access: POLICY_ACCESS.POLICY_VIEW_LOCAL_INFORMATION | POLICY_ACCESS.POLICY_LOOKUP_NAMES },
  // Length of the object attributes, which "MUST be ignored", [MS-LSAD] 2.2.2.4: we state it, impacket does not.
  IMPACKET_REQUESTS.LsarOpenPolicy2.replace(/^0{16}/, '0000000018000000'),
);
checkRequest(
  queryPolicy,
  7,
  { policy: HANDLE, class: POLICY_CLASS.dnsDomain },
  IMPACKET_REQUESTS.LsarQueryInformationPolicy,
);
checkRequest(closePolicy, 0, { policy: HANDLE }, IMPACKET_REQUESTS.LsarClose);
checkRequest(
  enumerateAccounts,
  11,
  { policy: HANDLE, resume: 0, preferredBytes: 8192 },
  IMPACKET_REQUESTS.LsarEnumerateAccounts,
);
checkRequest(
  enumerateAccountsWithUserRight,
  35,
  { policy: HANDLE, right: 'SeNetworkLogonRight' },
  IMPACKET_REQUESTS.LsarEnumerateAccountsWithUserRight,
);
checkRequest(
  enumerateAccountRights,
  36,
  { policy: HANDLE, sid: sidBytes('S-1-5-32-544') ?? assert.fail() },
  IMPACKET_REQUESTS.LsarEnumerateAccountRights,
);
checkRequest(getPrimaryDomainInformation, 0, undefined, IMPACKET_REQUESTS.DsRolerGetPrimaryDomainInformation);

const error = (status: number) => ({ kind: 'error' as const, status });
const DOMAIN_GUID = '4f1bfcbd-d951-4c85-85eb-4b07c6189c6f';

checkReplies(queryPolicy, [
  [
    'the accounts of the machine itself',
    SAMBA_REPLIES.accountDomain,
    {
      kind: 'ok',
      value: { kind: 'domain', name: 'VM1', sid: 'S-1-5-21-2538878673-432750037-4010687573' },
    },
  ],
  ['the role, at a multiple of four', SAMBA_REPLIES.role, { kind: 'ok', value: { kind: 'role', role: 3 } }],
  [
    'the domain with its DNS names',
    SAMBA_REPLIES.dnsDomain,
    {
      kind: 'ok',
      value: {
        kind: 'dns-domain',
        name: 'CORP',
        dnsDomain: 'corp.example',
        dnsForest: 'corp.example',
        guid: DOMAIN_GUID,
        sid: 'S-1-5-21-694994978-2601006548-2388121519',
      },
    },
  ],
  ['none of them on a member of Samba', SAMBA_REPLIES.noDnsDomain, error(0xc000_0003)],
  [
    'a workgroup, which has no SID',
    `00 00 02 00 03 00 00 00
     04 00 04 00 04 00 02 00 00 00 00 00
     02 00 00 00 00 00 00 00 02 00 00 00 57 00 47 00
     00 00 00 00`,
    { kind: 'ok', value: { kind: 'domain', name: 'WG' } },
  ],
  ['access denied, without information', '00 00 00 00 22 00 00 c0', error(0xc000_0022)],
]);
checkReplies(enumerateAccountsWithUserRight, [
  [
    'those that may sign in by Remote Desktop',
    SAMBA_REPLIES.accountsWithRight,
    { kind: 'ok', value: ['S-1-5-32-544', 'S-1-5-32-554'] },
  ],
  ['a right that the machine does not know', SAMBA_REPLIES.unknownRight, error(0xc000_0060)],
  ['nobody: STATUS_NO_MORE_ENTRIES', '00 00 00 00 00 00 00 00 1a 00 00 80', { kind: 'ok', value: [] }],
]);
checkReplies(enumerateAccounts, [
  [
    'all of them',
    SAMBA_REPLIES.accounts,
    {
      kind: 'ok',
      value: {
        sids: [550, 548, 551, 544, 549, 554].map((rid) => `S-1-5-32-${rid}`),
        resume: 6,
        more: false,
      },
    },
  ],
  [
    'more to come',
    `01 00 00 00 01 00 00 00 00 00 02 00 01 00 00 00 04 00 02 00
     01 00 00 00 01 01 00 00 00 00 00 01 00 00 00 00 05 01 00 00`,
    { kind: 'ok', value: { sids: ['S-1-1-0'], resume: 1, more: true } },
  ],
  ['the end', '06 00 00 00 00 00 00 00 00 00 00 00 1a 00 00 80', error(0x8000_001a)],
]);
checkReplies(enumerateAccountRights, [
  [
    'two rights',
    `02 00 00 00 00 00 02 00 02 00 00 00
     02 00 02 00 04 00 02 00   04 00 04 00 08 00 02 00
     01 00 00 00 00 00 00 00 01 00 00 00 61 00 00 00
     02 00 00 00 00 00 00 00 02 00 00 00 62 00 63 00
     00 00 00 00`,
    { kind: 'ok', value: ['a', 'bc'] },
  ],
  ['an account without rights', SAMBA_REPLIES.noRights, error(0xc000_0034)],
]);
checkReplies(getPrimaryDomainInformation, [
  [
    'a member',
    SAMBA_REPLIES.memberRole,
    {
      kind: 'ok',
      value: {
        role: 3,
        flags: 0x0100_0000,
        flatName: 'CORP',
        dnsName: 'corp.example',
        forestName: 'corp.example',
        guid: DOMAIN_GUID,
      },
    },
  ],
  ['access denied', '00 00 00 00 05 00 00 00', error(5)],
]);
