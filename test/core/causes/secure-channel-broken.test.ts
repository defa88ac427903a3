import { secureChannelBroken } from '../../../src/core/causes/secure-channel-broken.ts';
import { failure, success, tally } from './account-rows.ts';
import { type CauseCase, checkCause, seen, unseen } from './evidence.ts';
import { domainLogon, event, MEMBER, onDisk, STANDALONE, timeline } from './windows-evidence.ts';

const NOT_ACCEPTED = event('NETLOGON', 3210, 30);
const POLICY = (minutes: number) => event('GroupPolicy', 1502, minutes);

checkCause(secureChannelBroken, [
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
