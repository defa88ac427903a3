import { computerAccountMissing } from '../../../src/core/causes/computer-account-missing.ts';
import { failure, success, tally } from './account-rows.ts';
import { checkCause, seen, unseen } from './evidence.ts';
import { event, MEMBER, onDisk, remembered, STANDALONE, timeline, tried } from './windows-evidence.ts';

const NO_ACCOUNT = { status: 0xc000018b, name: 'STATUS_NO_TRUST_SAM_ACCOUNT' };
const counted = (but: Parameters<typeof tally>[0]) => ({
  'domain.membership': MEMBER,
  'logon.failures': onDisk(tally(but)),
});

checkCause(computerAccountMissing, [
  {
    name: 'the channel was tried, and the controller has no account',
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': tried(1787) },
    verdict: 'likely',
    facts: ['secureChannel.state', 'domain.membership'],
    says: ['ERROR_NO_TRUST_SAM_ACCOUNT'],
  },
  {
    name: 'the channel works',
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': tried(0) },
    verdict: 'ruled-out',
    facts: ['secureChannel.state', 'domain.membership'],
  },
  {
    name: 'the channel failed for another reason, or is only remembered',
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': remembered(1787) },
    verdict: 'inconclusive',
    facts: ['secureChannel.state', 'events.relevant', 'logon.failures'],
  },
  {
    name: 'the server says so of itself',
    evidence: { 'domain.membership': MEMBER, 'nla.logon': seen(NO_ACCOUNT) },
    verdict: 'likely',
    facts: ['nla.logon'],
    says: ['0xC000018B'],
  },
  {
    name: 'it says so before any name was sent',
    evidence: { 'ntlm.refusal': seen(NO_ACCOUNT) },
    verdict: 'likely',
    facts: ['ntlm.refusal'],
    says: ['before any name was sent'],
  },
  {
    name: 'whoever was refused with it',
    evidence: counted({ statuses: [failure(0xc000018b, { account: 'somebody' })] }),
    verdict: 'likely',
    facts: ['logon.failures', 'domain.membership'],
    says: ['sign-in of somebody was refused with 0xC000018B', 'corp.example.com', 'Security.evtx#4711'],
  },
  {
    name: 'a user of the domain signed in after it',
    evidence: counted({
      statuses: [failure(0xc000018b)],
      successes: [success(40, { account: 'bob', domain: 'CORP' })],
    }),
    verdict: 'ruled-out',
    facts: ['logon.failures', 'domain.membership'],
  },
  {
    name: 'a local user signs in without any domain',
    evidence: counted({ statuses: [failure(0xc000018b)], successes: [success(40, { domain: 'VM1' })] }),
    verdict: 'likely',
    facts: ['logon.failures', 'domain.membership'],
  },
  {
    name: 'the member was told that a controller lacks its account',
    evidence: { 'domain.membership': MEMBER, 'events.relevant': timeline(event('NETLOGON', 5721, 30)) },
    verdict: 'likely',
    facts: ['events.relevant', 'domain.membership'],
    says: ['NETLOGON event 5721'],
  },
  {
    name: 'a policy was applied after it',
    evidence: {
      'domain.membership': MEMBER,
      'events.relevant': timeline(event('NETLOGON', 5721, 30), event('GroupPolicy', 1502, 40)),
      'logon.failures': onDisk(tally({ statuses: [failure(0xc000018b)] })),
    },
    verdict: 'ruled-out',
    facts: ['events.relevant', 'domain.membership', 'logon.failures'],
  },
  {
    name: 'not a member',
    evidence: { 'domain.membership': STANDALONE, 'events.relevant': timeline(event('NETLOGON', 5721, 30)) },
    verdict: 'ruled-out',
    facts: ['domain.membership'],
  },
  {
    name: "a controller's log speaks of other machines, and 0xC000018D is about trust",
    evidence: {
      'domain.membership': MEMBER,
      'events.relevant': timeline(event('NETLOGON', 5723, 30)),
      'logon.failures': onDisk(tally({ statuses: [failure(0xc000018d)] })),
    },
    verdict: 'inconclusive',
    facts: ['events.relevant', 'logon.failures'],
  },
  {
    name: 'no log was read',
    evidence: { 'domain.membership': MEMBER, 'events.relevant': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['events.relevant', 'logon.failures'],
    settledBy: ['--dc', '--rpc', '--disk'],
  },
]);
