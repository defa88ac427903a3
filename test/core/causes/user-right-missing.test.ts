import { userRightMissing } from '../../../src/core/causes/user-right-missing.ts';
import { checkCause, seen, unseen } from './evidence.ts';
import { event, rights, set, timeline } from './windows-evidence.ts';

const REFUSED = event('Security-Auditing', 4625, 30, {
  TargetUserName: 'alice',
  Status: '0xc000015b',
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
    says: ['Everyone are denied'],
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
    name: 'a baseline keeps local accounts out',
    evidence: {
      'user.rights': rights({ denyRemoteInteractive: ['S-1-5-113'], denyNetwork: ['S-1-5-114'] }),
    },
    verdict: 'likely',
    facts: ['user.rights'],
    says: ['Local account are denied', 'domain accounts can'],
  },
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
      'user.rights': rights(),
      'events.relevant': timeline(
        event('Security-Auditing', 4625, 30, { Status: '0xc000006d', SubStatus: '0xc000006a' }),
      ),
    },
    verdict: 'ruled-out',
    facts: ['user.rights'],
  },
  {
    name: 'somebody came to a session after the refusal',
    evidence: {
      'user.rights': rights(),
      'events.relevant': timeline(REFUSED, event('LocalSessionManager', 21, 40, { User: 'CORP\\alice' })),
    },
    verdict: 'ruled-out',
    facts: ['user.rights'],
  },
  {
    name: 'as installed; guests are denied',
    evidence: { 'user.rights': rights({ denyNetwork: ['S-1-5-32-546'] }) },
    verdict: 'ruled-out',
    facts: ['user.rights'],
    says: ['Administrators and Remote Desktop Users', 'denied are Guests'],
  },
  {
    name: 'as on a domain controller: administrators alone',
    evidence: { 'user.rights': rights({ remoteInteractive: ['S-1-5-32-544'] }) },
    verdict: 'ruled-out',
    facts: ['user.rights'],
  },
  {
    name: 'without NLA the right over the network does not matter',
    evidence: { 'user.rights': rights({ network: [] }), 'listener.userAuthentication': set(0) },
    verdict: 'ruled-out',
    facts: ['user.rights'],
  },
  {
    name: 'the listener itself says that there is no NLA',
    evidence: {
      'user.rights': rights({ network: [] }),
      'rdp.nla': seen('refused'),
      'listener.userAuthentication': set(1),
    },
    verdict: 'ruled-out',
    facts: ['user.rights'],
  },
  {
    name: 'the hive SECURITY could not be read',
    evidence: { 'user.rights': unseen('denied') },
    verdict: 'inconclusive',
    facts: ['user.rights'],
    settledBy: ['--disk', '--rpc', '--user'],
  },
]);
