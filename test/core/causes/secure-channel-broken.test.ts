import { secureChannelBroken } from '../../../src/core/causes/secure-channel-broken.ts';
import { failure, success, tally } from './account-rows.ts';
import { type CauseCase, checkCause, seen, unseen } from './evidence.ts';
import {
  domainLogon,
  event,
  MEMBER,
  onDisk,
  remembered,
  STANDALONE,
  timeline,
  tried,
} from './windows-evidence.ts';

const NOT_ACCEPTED = event('NETLOGON', 3210, 30);
const POLICY = (minutes: number) => event('GroupPolicy', 1502, minutes);

const ALICE = { name: 'alice', domain: 'CORP' };
const TRIED = { 'domain.membership': MEMBER, 'computer.name': onDisk('VM1') } as const;

checkCause(secureChannelBroken, [
  ...(
    [
      [5, 'did not accept the machine', '5 (ERROR_ACCESS_DENIED) (\\\\dc1)'],
      [0xc0000022, 'did not accept the machine', '5 (ERROR_ACCESS_DENIED)'],
      [1786, 'holds no password', 'ERROR_NO_TRUST_LSA_SECRET'],
      [0xc000018b, 'deleted, disabled or not there yet', '1787 (ERROR_NO_TRUST_SAM_ACCOUNT)'],
      [1331, 'account disabled, which it may also do for one that was deleted', 'ERROR_ACCOUNT_DISABLED'],
      [1789, 'the trust between the machine and its domain', 'ERROR_TRUSTED_RELATIONSHIP_FAILURE'],
      [4711, 'is not known here', 'failed with 4711'],
      [0xc0001234, 'is not known here', 'failed with 0xC0001234'],
    ] as const
  ).map(([status, ...says]) => ({
    name: `the channel was tried and failed with ${status}`,
    evidence: { ...TRIED, 'secureChannel.state': tried(status) },
    verdict: 'likely' as const,
    facts: ['secureChannel.state', 'domain.membership'] as const,
    says: [...says, 'local accounts need no domain'],
    ...(status === 1331 ? { advice: /Enable-ADAccount/ } : {}),
  })),
  {
    name: 'the verification alone fails, as of a disabled account',
    evidence: { ...TRIED, 'secureChannel.state': tried(0, 1331) },
    advice: /Enable-ADAccount/,
    verdict: 'likely',
    facts: ['secureChannel.state', 'domain.membership'],
    says: ['1331'],
  },
  {
    // Measured with Samba: disabled, or just deleted, users are let in while the old connection is warm.
    name: 'and a user of the domain asks, who may get in by the connection that still stands',
    evidence: { ...TRIED, 'secureChannel.state': tried(0, 1331) },
    advice: /Enable-ADAccount.*if it is gone/,
    user: ALICE,
    verdict: 'likely',
    facts: ['secureChannel.state', 'domain.membership'],
    says: ['once the connection made before ends'],
  },
  {
    name: 'the channel itself fails too, and a user of the domain asks',
    evidence: { ...TRIED, 'secureChannel.state': tried(1331, 1331) },
    advice: /Enable-ADAccount/,
    user: ALICE,
    verdict: 'confirmed',
    facts: ['secureChannel.state', 'domain.membership'],
  },
  ...[
    { name: 'alice', domain: '' },
    { name: 'admin', domain: 'VM1' },
    { name: 'bob', domain: 'OTHER' },
  ].map((user) => ({
    name: `and ${user.domain}\\${user.name} asks, who may need no channel`,
    evidence: { ...TRIED, 'secureChannel.state': tried(0, 1331) },
    advice: /Enable-ADAccount/,
    user,
    verdict: 'likely' as const,
    facts: ['secureChannel.state', 'domain.membership'] as const,
  })),
  {
    name: 'a status that no document explains proves nothing, whoever asks',
    evidence: { ...TRIED, 'secureChannel.state': tried(1326) },
    user: ALICE,
    verdict: 'likely',
    facts: ['secureChannel.state', 'domain.membership'],
  },
  {
    name: 'the channel works, whatever the log says of an hour ago',
    evidence: { ...TRIED, 'secureChannel.state': tried(0), 'events.relevant': timeline(NOT_ACCEPTED) },
    verdict: 'ruled-out',
    facts: ['secureChannel.state', 'domain.membership'],
    says: ['tried its secure channel at 2026-', 'and it works (\\\\dc1)'],
  },
  {
    name: 'the channel works, and a sign-in failed for trust: another domain',
    evidence: {
      ...TRIED,
      'secureChannel.state': tried(0),
      'nla.logon': seen({ status: 0xc000018d, name: 'STATUS_TRUSTED_RELATIONSHIP_FAILURE' }),
    },
    verdict: 'likely',
    facts: ['nla.logon', 'secureChannel.state'],
    says: ['another domain'],
  },
  ...[1311, 1792, 1398].map((status) => ({
    name: `the channel failed with ${status}, which is not about trust`,
    evidence: { ...TRIED, 'secureChannel.state': tried(status), 'events.relevant': timeline(POLICY(10)) },
    verdict: 'inconclusive' as const,
    facts: ['secureChannel.state', 'events.relevant'] as const,
    says: ['the channel failed for another reason (the machine tried', /\): secureChannel\.state and events/],
    settledBy: ['--rpc', '--dc', '--disk'],
  })),
  {
    name: 'what Netlogon remembers is told, and proves nothing',
    evidence: { ...TRIED, 'secureChannel.state': remembered(5), 'events.relevant': timeline() },
    verdict: 'inconclusive',
    facts: ['secureChannel.state', 'events.relevant'],
    says: ['remembers that the channel failed with 5', 'may be over'],
  },
  {
    name: 'what Netlogon remembers as well proves nothing either',
    evidence: { ...TRIED, 'secureChannel.state': remembered(0), 'events.relevant': timeline(NOT_ACCEPTED) },
    verdict: 'likely',
    facts: ['events.relevant', 'domain.membership'],
  },
  {
    name: 'the server says that its trust does not work',
    evidence: {
      'domain.membership': MEMBER,
      'nla.logon': seen({ status: 0xc000018d, name: 'STATUS_TRUSTED_RELATIONSHIP_FAILURE' }),
    },
    verdict: 'likely',
    facts: ['nla.logon'],
    says: ['0xC000018D'],
  },
  {
    name: 'a controller did not accept the machine, and nothing worked since',
    evidence: { 'domain.membership': MEMBER, 'events.relevant': timeline(POLICY(10), NOT_ACCEPTED) },
    verdict: 'likely',
    facts: ['events.relevant', 'domain.membership'],
    says: ['corp.example.com', 'NETLOGON event 3210', 'System.evtx#1030', 'GroupPolicy event 1502'],
  },
  {
    name: 'the same, where nobody knows whether it is a member',
    evidence: { 'events.relevant': timeline(NOT_ACCEPTED) },
    verdict: 'likely',
    facts: ['events.relevant'],
    says: ['no later success'],
  },
  {
    name: 'a policy was applied after it',
    evidence: { 'domain.membership': MEMBER, 'events.relevant': timeline(NOT_ACCEPTED, POLICY(40)) },
    verdict: 'ruled-out',
    facts: ['events.relevant', 'domain.membership'],
    says: ['GroupPolicy event 1502', 'after NETLOGON event 3210'],
  },
  {
    name: 'a domain user signed in after it, with a ticket for this machine',
    evidence: {
      'domain.membership': MEMBER,
      'events.relevant': timeline(NOT_ACCEPTED, domainLogon(40, 'Kerberos')),
    },
    verdict: 'ruled-out',
    facts: ['events.relevant', 'domain.membership'],
  },
  {
    name: 'services and local users sign in without any domain',
    evidence: {
      'domain.membership': MEMBER,
      'events.relevant': timeline(
        NOT_ACCEPTED,
        event('Security-Auditing', 4624, 40, { LogonType: '5', TargetDomainName: 'NT AUTHORITY' }),
        event('Security-Auditing', 4624, 41, { LogonType: '3', TargetDomainName: 'VM1' }),
        event('RemoteConnectionManager', 1149, 42, { Param1: 'admin', Param2: 'VM1' }),
      ),
    },
    verdict: 'likely',
    facts: ['events.relevant', 'domain.membership'],
  },
  {
    name: 'a cached sign-in needs no trust',
    evidence: {
      'domain.membership': MEMBER,
      'events.relevant': timeline(
        NOT_ACCEPTED,
        event('Security-Auditing', 4624, 40, { LogonType: '11', TargetDomainName: 'CORP' }),
      ),
    },
    verdict: 'likely',
    facts: ['events.relevant', 'domain.membership'],
  },
  {
    name: 'not a member',
    evidence: { 'domain.membership': STANDALONE, 'events.relevant': timeline(NOT_ACCEPTED) },
    verdict: 'ruled-out',
    facts: ['domain.membership'],
  },
  {
    name: 'joined to Entra ID only',
    evidence: { 'domain.membership': onDisk({ joined: false, entraJoined: true }) },
    verdict: 'ruled-out',
    facts: ['domain.membership'],
    says: ['Microsoft Entra ID'],
  },
  {
    name: 'no session with a controller is about reaching one, not about trust',
    evidence: {
      'domain.membership': MEMBER,
      'events.relevant': timeline(event('NETLOGON', 5719, 30)),
    },
    verdict: 'inconclusive',
    facts: ['events.relevant'],
    says: ['NETLOGON event 5719', 'not about trust'],
    settledBy: ['--rpc', '--dc', '--disk'],
  },
  {
    name: "a controller's log speaks of other machines",
    evidence: {
      'domain.membership': MEMBER,
      'events.relevant': timeline(event('NETLOGON', 5722, 30), event('NETLOGON', 5805, 31)),
    },
    verdict: 'inconclusive',
    facts: ['events.relevant'],
  },
  {
    name: 'no log was read',
    evidence: { 'domain.membership': MEMBER, 'events.relevant': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['events.relevant'],
  },
  {
    name: 'a status of the attempt that says another thing: the account is missing',
    evidence: {
      'domain.membership': MEMBER,
      'nla.logon': seen({ status: 0xc000018b, name: 'STATUS_NO_TRUST_SAM_ACCOUNT' }),
    },
    verdict: 'inconclusive',
    facts: ['events.relevant'],
  },
  {
    name: 'the server breaks off with it before any name was sent',
    evidence: { 'ntlm.refusal': seen({ status: 0xc0000190, name: 'STATUS_TRUST_FAILURE' }) },
    verdict: 'likely',
    facts: ['ntlm.refusal'],
  },
  ...[0xc000018d, 0xc0000190].map(
    (status): CauseCase => ({
      name: `whoever was refused with ${status.toString(16)}`,
      evidence: {
        'domain.membership': MEMBER,
        'logon.failures': onDisk(tally({ statuses: [failure(status, { account: 'somebody' })] })),
      },
      verdict: 'likely',
      facts: ['logon.failures', 'domain.membership'],
      says: ['sign-in of somebody was refused', 'Security.evtx#4711', 'no later success'],
    }),
  ),
  {
    name: 'a user of the domain signed in after that',
    evidence: {
      'domain.membership': MEMBER,
      'events.relevant': timeline(),
      'logon.failures': onDisk(
        tally({ statuses: [failure(0xc000018d)], successes: [success(40, { account: 'bob' })] }),
      ),
    },
    verdict: 'ruled-out',
    facts: ['events.relevant', 'domain.membership', 'logon.failures'],
  },
]);
