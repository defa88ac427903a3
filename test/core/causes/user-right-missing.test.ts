import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userRightMissing } from '../../../src/core/causes/user-right-missing.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import { failure, success, tally } from './account-rows.ts';
import { checkCause, seen, unseen } from './evidence.ts';
import {
  event,
  MEMBER,
  MEMBER_SIDS,
  onDisk,
  rights,
  STANDALONE,
  STANDALONE_SIDS,
  set,
  timeline,
} from './windows-evidence.ts';

const ALL = ['user.rights', 'domain.membership', 'domain.sid', 'machine.sid'] as const;
const ON_MEMBER = { 'domain.membership': MEMBER, ...MEMBER_SIDS } as const;
const ALONE = { 'domain.membership': STANDALONE, ...STANDALONE_SIDS } as const;

const REFUSED = event('Security-Auditing', 4625, 30, {
  TargetUserName: 'alice',
  Status: '0xc000015b',
  LogonType: '10',
  SubStatus: '0x0',
});

checkCause(userRightMissing, [
  {
    name: 'the server refuses the user that was tried',
    evidence: { 'nla.logon': seen({ status: 0xc000015b, name: 'STATUS_LOGON_TYPE_NOT_GRANTED' }) },
    verdict: 'confirmed',
    facts: ['nla.logon'],
    says: ['0xC000015B'],
  },
  {
    name: 'nobody may sign in by Remote Desktop',
    evidence: { 'user.rights': rights({ remoteInteractive: [] }) },
    verdict: 'confirmed',
    facts: ['user.rights'],
    says: ['Nobody has the right to sign in through Remote Desktop Services'],
  },
  {
    name: 'everybody is denied it',
    evidence: { 'user.rights': rights({ denyRemoteInteractive: ['S-1-5-32-546', 'S-1-1-0'] }) },
    verdict: 'confirmed',
    facts: ['user.rights'],
    says: ['Everyone is denied the right to sign in through Remote Desktop Services'],
  },
  {
    name: 'under NLA nobody gets past the network',
    evidence: {
      'user.rights': rights({ denyNetwork: ['S-1-5-32-545'] }),
      'listener.userAuthentication': set(1),
    },
    verdict: 'confirmed',
    facts: ['user.rights', 'listener.userAuthentication'],
    says: ['which NLA needs'],
  },
  {
    name: 'the groups of administrators and users lack it, one group has it',
    evidence: { 'user.rights': rights({ remoteInteractive: ['S-1-5-21-1-2-3-1104'] }) },
    verdict: 'likely',
    facts: ['user.rights'],
    says: ['Only S-1-5-21-1-2-3-1104'],
  },
  {
    name: 'administrators are denied it',
    evidence: { 'user.rights': rights({ denyRemoteInteractive: ['S-1-5-32-544'] }) },
    verdict: 'likely',
    facts: ['user.rights'],
    says: ['Administrators'],
  },
  {
    name: 'a baseline keeps local accounts out of a member',
    evidence: {
      ...ON_MEMBER,
      'user.rights': rights({
        denyRemoteInteractive: ['S-1-5-113', 'S-1-5-32-546'],
        denyNetwork: ['S-1-5-114', 'S-1-5-32-546'],
      }),
    },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'the same in a workgroup stops everybody',
    evidence: { ...ALONE, 'user.rights': rights({ denyRemoteInteractive: ['S-1-5-113'] }) },
    verdict: 'confirmed',
    facts: ['user.rights', 'domain.membership'],
    says: ['Local account is denied', 'every account is a local one'],
  },
  {
    name: 'over the network, in a workgroup with NLA',
    evidence: {
      ...ALONE,
      'user.rights': rights({ denyNetwork: ['S-1-5-113'] }),
      'listener.userAuthentication': set(1),
    },
    verdict: 'confirmed',
    facts: ['user.rights', 'listener.userAuthentication', 'domain.membership'],
    says: ['which NLA needs'],
  },
  {
    name: 'over the network, in a workgroup without NLA',
    evidence: {
      ...ALONE,
      'user.rights': rights({ denyNetwork: ['S-1-5-113'] }),
      'listener.userAuthentication': set(0),
    },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'local administrators alone, in a workgroup',
    evidence: { ...ALONE, 'user.rights': rights({ denyNetwork: ['S-1-5-114'] }) },
    verdict: 'likely',
    facts: ['user.rights', 'domain.membership'],
    says: ['stops its administrators'],
  },
  {
    name: 'the same on a machine of Entra ID, whose users get in',
    evidence: {
      ...ALONE,
      'domain.membership': onDisk({ joined: false, entraJoined: true }),
      'user.rights': rights({ denyNetwork: ['S-1-5-113'] }),
    },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'local accounts denied, and nobody knows whether it is a member',
    evidence: {
      'user.rights': rights({ denyNetwork: ['S-1-5-113'] }),
      'domain.membership': unseen('corrupt'),
    },
    verdict: 'inconclusive',
    facts: ['domain.membership'],
  },
  {
    name: 'the account that was named is a local one of a member',
    evidence: {
      ...ON_MEMBER,
      'computer.name': onDisk('VM1'),
      'listener.userAuthentication': set(1),
      'user.rights': rights({ denyNetwork: ['S-1-5-113'] }),
    },
    user: { name: 'admin', domain: 'vm1' },
    verdict: 'confirmed',
    facts: ['user.rights', 'listener.userAuthentication', 'domain.membership'],
    says: ['admin is an account of this machine', 'sign in with a domain account'],
  },
  {
    name: 'the account that was named is one of the domain',
    evidence: { ...ON_MEMBER, 'user.rights': rights({ denyNetwork: ['S-1-5-113'] }) },
    user: { name: 'alice', domain: 'CORP' },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'domain users are denied',
    evidence: { ...ON_MEMBER, 'user.rights': rights({ denyRemoteInteractive: ['S-1-5-21-4-5-6-513'] }) },
    verdict: 'likely',
    facts: ['user.rights', 'domain.membership'],
    says: ['Domain Users (S-1-5-21-4-5-6-513) are denied', 'local accounts can'],
  },
  {
    name: 'domain users are denied, and one of them was named',
    evidence: { ...ON_MEMBER, 'user.rights': rights({ denyRemoteInteractive: ['S-1-5-21-4-5-6-513'] }) },
    user: { name: 'alice@corp.example.com', domain: '' },
    verdict: 'confirmed',
    facts: ['user.rights', 'domain.membership'],
  },
  {
    name: 'domain users are denied, and the account that was named is a local one',
    evidence: { ...ON_MEMBER, 'user.rights': rights({ denyRemoteInteractive: ['S-1-5-21-4-5-6-513'] }) },
    user: { name: 'admin', domain: '.' },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'domain users are denied on a controller, where there is nobody else',
    evidence: {
      'domain.membership': MEMBER,
      'domain.sid': onDisk('S-1-5-21-4-5-6'),
      'machine.sid': onDisk('S-1-5-21-4-5-6'),
      'os.productType': onDisk('LanmanNT'),
      'listener.userAuthentication': set(1),
      'user.rights': rights({ denyNetwork: ['S-1-5-21-4-5-6-513'] }),
    },
    verdict: 'confirmed',
    facts: ['user.rights', 'listener.userAuthentication', 'domain.membership'],
    says: ['domain controller'],
  },
  {
    name: 'local accounts denied on a controller, which has none',
    evidence: {
      ...ON_MEMBER,
      'os.productType': onDisk('LanmanNT'),
      'user.rights': rights({ denyNetwork: ['S-1-5-113', 'S-1-5-114'] }),
    },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'both kinds of account are denied',
    evidence: {
      ...ON_MEMBER,
      'user.rights': rights({ denyRemoteInteractive: ['S-1-5-113', 'S-1-5-21-4-5-6-513'] }),
    },
    verdict: 'confirmed',
    facts: ['user.rights', 'domain.membership'],
    says: ['neither local nor domain accounts can sign in'],
  },
  {
    name: "the machine's own group of all users is denied, in a workgroup",
    evidence: { ...ALONE, 'user.rights': rights({ denyRemoteInteractive: ['S-1-5-21-1-2-3-513'] }) },
    verdict: 'confirmed',
    facts: ['user.rights', 'domain.membership'],
    says: ['Every local user (S-1-5-21-1-2-3-513) is denied'],
  },
  {
    name: 'users of a domain that could not be read are denied',
    evidence: {
      ...ON_MEMBER,
      'domain.sid': unseen('corrupt'),
      'user.rights': rights({ denyRemoteInteractive: ['S-1-5-21-9-9-9-513'] }),
    },
    verdict: 'likely',
    facts: ['user.rights', 'domain.membership'],
  },
  {
    name: 'users of another domain are denied',
    evidence: { ...ON_MEMBER, 'user.rights': rights({ denyRemoteInteractive: ['S-1-5-21-9-9-9-513'] }) },
    verdict: 'ruled-out',
    facts: ALL,
    says: ['S-1-5-21-9-9-9-513'],
  },
  {
    name: 'administrators of the domain are denied, as baselines set it',
    evidence: { ...ON_MEMBER, 'user.rights': rights({ denyNetwork: ['S-1-5-21-4-5-6-512'] }) },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'users of the domain hold the right',
    evidence: { ...ON_MEMBER, 'user.rights': rights({ remoteInteractive: ['S-1-5-21-4-5-6-513'] }) },
    verdict: 'ruled-out',
    facts: ALL,
  },
  ...(
    [
      ['S-1-5-2', 'denyNetwork', 'Network is denied'],
      ['S-1-5-4', 'denyRemoteInteractive', 'Interactive is denied'],
      ['S-1-5-14', 'denyRemoteInteractive', 'Remote Interactive Logon is denied'],
      ['S-1-5-11', 'denyNetwork', 'Authenticated Users are denied'],
      ['S-1-5-32-545', 'denyRemoteInteractive', 'Users are denied'],
    ] as const
  ).map(([sid, right, words]) => ({
    name: `${sid} is denied (${right})`,
    evidence: {
      ...ON_MEMBER,
      'listener.userAuthentication': set(1),
      'user.rights': rights({ [right]: [sid] }),
    },
    verdict: 'confirmed' as const,
    facts: ['user.rights', 'listener.userAuthentication', 'domain.membership'] as const,
    says: [words],
  })),
  ...(
    [
      ['S-1-5-4', 'denyNetwork'],
      ['S-1-5-2', 'denyRemoteInteractive'],
    ] as const
  ).map(([sid, right]) => ({
    name: `${sid} is in nobody's token when it comes this way (${right})`,
    evidence: { ...ON_MEMBER, 'user.rights': rights({ [right]: [sid] }) },
    verdict: 'ruled-out' as const,
    facts: ALL,
  })),
  ...ALL.map((name) => ({
    name: `${name} was not read on a machine in order`,
    evidence: { ...ON_MEMBER, 'user.rights': rights(), [name]: unseen('corrupt') },
    verdict: 'inconclusive' as const,
    facts: [name],
  })),
  {
    name: 'the rights are in order and a user was refused all the same',
    evidence: { 'user.rights': rights(), 'events.relevant': timeline(REFUSED) },
    verdict: 'likely',
    facts: ['events.relevant', 'user.rights'],
    says: ['alice'],
  },
  {
    name: 'a wrong password is another matter',
    evidence: {
      ...ON_MEMBER,
      'user.rights': rights(),
      'events.relevant': timeline(
        event('Security-Auditing', 4625, 30, { Status: '0xc000006d', SubStatus: '0xc000006a' }),
      ),
    },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'somebody came to a session after the refusal',
    evidence: {
      ...ON_MEMBER,
      'user.rights': rights(),
      'events.relevant': timeline(REFUSED, event('LocalSessionManager', 21, 40, { User: 'CORP\\alice' })),
    },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'counted in the log, of any account, over the network or by Remote Desktop',
    evidence: {
      'user.rights': rights(),
      'logon.failures': onDisk(tally({ statuses: [failure(0xc000015b)] })),
    },
    verdict: 'likely',
    facts: ['logon.failures', 'user.rights'],
    says: ['alice', 'Security.evtx#4711'],
  },
  {
    name: 'a batch logon or one at the console is another right',
    evidence: {
      ...ON_MEMBER,
      'user.rights': rights(),
      'logon.failures': onDisk(tally({ statuses: [failure(0xc000015b, { logonType: 2 })] })),
    },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'the same user signed in the same way after it',
    evidence: {
      ...ON_MEMBER,
      'user.rights': rights(),
      'logon.failures': onDisk(tally({ statuses: [failure(0xc000015b)], successes: [success(40)] })),
    },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'over the network a user may get in who may not come to a session',
    evidence: {
      'user.rights': rights(),
      'logon.failures': onDisk(
        tally({ accounts: [failure(0xc000015b, { logonType: 10 })], successes: [success(40)] }),
      ),
    },
    verdict: 'likely',
    facts: ['logon.failures', 'user.rights'],
  },
  {
    name: 'somebody else came to a session after it',
    evidence: {
      'user.rights': rights(),
      'events.relevant': timeline(REFUSED, event('LocalSessionManager', 21, 40, { User: 'CORP\\bob' })),
    },
    verdict: 'likely',
    facts: ['events.relevant', 'user.rights'],
  },
  {
    name: 'the server says so before any name was sent',
    evidence: { 'ntlm.refusal': seen({ status: 0xc000015b, name: 'STATUS_LOGON_TYPE_NOT_GRANTED' }) },
    verdict: 'likely',
    facts: ['ntlm.refusal'],
  },
  {
    name: 'as installed; guests are denied',
    evidence: { ...ON_MEMBER, 'user.rights': rights({ denyNetwork: ['S-1-5-32-546'] }) },
    verdict: 'ruled-out',
    facts: ALL,
    says: ['Administrators and Remote Desktop Users', 'the deny rights name Guests'],
  },
  {
    name: 'as on a domain controller: administrators alone',
    evidence: { ...ON_MEMBER, 'user.rights': rights({ remoteInteractive: ['S-1-5-32-544'] }) },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'without NLA the right over the network does not matter',
    evidence: { ...ON_MEMBER, 'user.rights': rights({ network: [] }), 'listener.userAuthentication': set(0) },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'the listener itself says that there is no NLA',
    evidence: {
      ...ON_MEMBER,
      'user.rights': rights({ network: [] }),
      'rdp.nla': seen('refused'),
      'listener.userAuthentication': set(1),
    },
    verdict: 'ruled-out',
    facts: ALL,
  },
  {
    name: 'the hive SECURITY could not be read',
    evidence: { 'user.rights': unseen('denied') },
    verdict: 'inconclusive',
    facts: ['user.rights'],
    settledBy: ['--disk', '--rpc', '--user'],
  },
  {
    name: 'somebody came to a session in the same moment: which was first is not known',
    evidence: {
      'user.rights': rights(),
      'events.relevant': timeline(REFUSED, event('LocalSessionManager', 21, 30, { User: 'CORP\\alice' })),
    },
    verdict: 'likely',
    facts: ['events.relevant', 'user.rights'],
  },
  {
    name: 'rights that stop everybody are told before a refusal in the log',
    evidence: {
      'user.rights': rights({ denyRemoteInteractive: ['S-1-1-0'] }),
      'events.relevant': timeline(REFUSED),
    },
    verdict: 'confirmed',
    facts: ['user.rights'],
  },
]);

test('what a baseline denies on a member is a remark', () => {
  const remarkOn = (evidence: Evidence) =>
    userRightMissing.judge(evidence, { client: undefined, supportedClients: [] }).remark;
  const denied = rights({ denyNetwork: ['S-1-5-113'], denyRemoteInteractive: ['S-1-5-113'] });
  assert.match(
    remarkOn({ ...ON_MEMBER, 'user.rights': denied }) ?? '',
    /^Local account is denied .* security baselines .* sign in with a domain account\.$/,
  );
  assert.equal(
    remarkOn({ ...ON_MEMBER, 'user.rights': rights({ denyNetwork: ['S-1-5-32-546'] }) }),
    undefined,
  );
});
