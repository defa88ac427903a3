import { domainControllerUnreachable } from '../../../src/core/causes/domain-controller-unreachable.ts';
import { failure, success, tally } from './account-rows.ts';
import { checkCause, seen, unseen } from './evidence.ts';
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

const NO_SESSION = event('NETLOGON', 5719, 30);
const BOTH = ['events.relevant', 'domain.membership'] as const;

checkCause(domainControllerUnreachable, [
  ...[1311, 1355, 0xc000005e, 1722].map((status) => ({
    name: `the channel was tried and failed with ${status}`,
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': tried(status) },
    verdict: 'likely' as const,
    facts: ['secureChannel.state', 'domain.membership'] as const,
    says: ['none that answered'],
  })),
  ...[0, 5, 1787, 1331].map((status) => ({
    name: `the channel was tried and a controller answered ${status}, whatever the log says of before`,
    evidence: {
      'domain.membership': MEMBER,
      'secureChannel.state': tried(status),
      'events.relevant': timeline(event('NETLOGON', 5719, 30)),
    },
    verdict: 'ruled-out' as const,
    facts: ['secureChannel.state', 'domain.membership'] as const,
  })),
  {
    name: 'a status that the machine gives itself is no answer of a controller',
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': tried(1786) },
    verdict: 'inconclusive',
    facts: ['secureChannel.state', 'events.relevant'],
  },
  {
    name: 'what is remembered proves nothing',
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': remembered(1311) },
    verdict: 'inconclusive',
    facts: ['secureChannel.state', 'events.relevant'],
  },
  {
    name: 'the server found no logon server',
    evidence: {
      'domain.membership': MEMBER,
      'nla.logon': seen({ status: 0xc000005e, name: 'STATUS_NO_LOGON_SERVERS' }),
    },
    verdict: 'likely',
    facts: ['nla.logon'],
    says: ['0xC000005E'],
  },
  {
    name: 'no session with a controller, and nothing since',
    evidence: { 'domain.membership': MEMBER, 'events.relevant': timeline(NO_SESSION) },
    verdict: 'likely',
    facts: BOTH,
    says: ['NETLOGON event 5719', 'no later success'],
  },
  {
    name: 'no network to a controller, after it once worked',
    evidence: {
      'domain.membership': MEMBER,
      'events.relevant': timeline(event('GroupPolicy', 1500, 10), event('GroupPolicy', 1129, 30)),
    },
    verdict: 'likely',
    facts: BOTH,
    says: ['GroupPolicy event 1129', 'GroupPolicy event 1500'],
  },
  {
    name: 'a ticket that the client brought proves no controller',
    evidence: {
      'domain.membership': MEMBER,
      'events.relevant': timeline(NO_SESSION, domainLogon(40, 'Kerberos')),
    },
    verdict: 'likely',
    facts: BOTH,
  },
  {
    name: 'a policy was applied after it, as after every start',
    evidence: {
      'domain.membership': MEMBER,
      'events.relevant': timeline(NO_SESSION, event('GroupPolicy', 1502, 31)),
    },
    verdict: 'ruled-out',
    facts: BOTH,
  },
  {
    name: 'a controller checked a domain user after it',
    evidence: { 'domain.membership': MEMBER, 'events.relevant': timeline(NO_SESSION, domainLogon(40)) },
    verdict: 'ruled-out',
    facts: BOTH,
  },
  {
    name: 'not a member',
    evidence: { 'domain.membership': STANDALONE },
    verdict: 'ruled-out',
    facts: ['domain.membership'],
  },
  {
    name: 'the logs are silent',
    evidence: { 'domain.membership': MEMBER, 'events.relevant': timeline() },
    verdict: 'inconclusive',
    facts: ['events.relevant'],
    settledBy: ['--rpc', '--dc', '--disk'],
  },
  {
    name: 'no log was read',
    evidence: { 'domain.membership': MEMBER, 'events.relevant': unseen('no-channel') },
    verdict: 'inconclusive',
    facts: ['events.relevant'],
  },
  {
    name: 'the server breaks off with it before any name was sent',
    evidence: { 'ntlm.refusal': seen({ status: 0xc000005e, name: 'STATUS_NO_LOGON_SERVERS' }) },
    verdict: 'likely',
    facts: ['ntlm.refusal'],
  },
  {
    name: 'whoever was refused with it',
    evidence: {
      'domain.membership': MEMBER,
      'logon.failures': onDisk(tally({ statuses: [failure(0xc000005e, { account: 'somebody' })] })),
    },
    verdict: 'likely',
    facts: ['logon.failures', 'domain.membership'],
    says: ['sign-in of somebody was refused', 'Security.evtx#4711'],
  },
  {
    name: 'a controller checked somebody after that',
    evidence: {
      'domain.membership': MEMBER,
      'logon.failures': onDisk(
        tally({ statuses: [failure(0xc000005e)], successes: [success(40, { account: 'bob' })] }),
      ),
    },
    verdict: 'ruled-out',
    facts: ['logon.failures', 'domain.membership'],
  },
  {
    name: 'a ticket was fetched by the client, not by this machine',
    evidence: {
      'domain.membership': MEMBER,
      'logon.failures': onDisk(
        tally({
          statuses: [failure(0xc000005e)],
          successes: [success(40, { account: 'bob', authentication: 'Kerberos' })],
        }),
      ),
    },
    verdict: 'likely',
    facts: ['logon.failures', 'domain.membership'],
  },
]);
