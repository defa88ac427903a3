import { machinePasswordMismatch } from '../../../src/core/causes/machine-password-mismatch.ts';
import { checkCause, unseen } from './evidence.ts';
import {
  event,
  MEMBER,
  notOnDisk,
  password,
  remembered,
  STANDALONE,
  timeline,
  tried,
} from './windows-evidence.ts';

const NOT_ACCEPTED = event('NETLOGON', 3210, 30);
const OLD = password('2025-11-01T00:00:00.000Z');
const FRESH = password('2026-02-20T00:00:00.000Z');
const OPEN = ['machinePassword.changedAt', 'events.relevant'] as const;

checkCause(machinePasswordMismatch, [
  {
    name: 'the channel was tried and the password not accepted',
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': tried(5) },
    verdict: 'likely',
    facts: ['secureChannel.state', 'domain.membership'],
    says: ['ERROR_ACCESS_DENIED', 'pwdLastSet'],
  },
  {
    name: 'the same, and how old it is on the machine, whoever asks',
    evidence: {
      'domain.membership': MEMBER,
      'secureChannel.state': tried(5),
      'machinePassword.changedAt': password('2025-01-01T00:00:00.000Z'),
    },
    user: { name: 'alice', domain: 'CORP' },
    verdict: 'likely',
    facts: ['secureChannel.state', 'domain.membership', 'machinePassword.changedAt'],
    says: ['2025-01-01'],
  },
  {
    name: 'the machine holds none',
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': tried(1786) },
    verdict: 'likely',
    facts: ['secureChannel.state', 'domain.membership'],
  },
  {
    name: 'the machine holds none, and a user of the domain asks',
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': tried(1786) },
    user: { name: 'alice', domain: 'CORP' },
    verdict: 'confirmed',
    facts: ['secureChannel.state', 'domain.membership'],
  },
  {
    name: 'the channel works',
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': tried(0) },
    verdict: 'ruled-out',
    facts: ['secureChannel.state', 'domain.membership'],
    says: ['accepted the password'],
  },
  {
    name: 'the channel failed for another reason, or is only remembered',
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': tried(1311) },
    verdict: 'inconclusive',
    facts: ['machinePassword.changedAt', 'events.relevant'],
  },
  {
    name: 'what is remembered proves nothing',
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': remembered(5) },
    verdict: 'inconclusive',
    facts: ['machinePassword.changedAt', 'events.relevant'],
  },
  {
    name: 'a password months old, and a controller that did not accept it',
    evidence: {
      'domain.membership': MEMBER,
      'machinePassword.changedAt': OLD,
      'events.relevant': timeline(NOT_ACCEPTED),
    },
    verdict: 'likely',
    facts: ['events.relevant', 'machinePassword.changedAt', 'domain.membership'],
    says: ['2025-11-01', '120 d', 'due every 30 days', 'NETLOGON event 3210', 'earlier state'],
  },
  {
    name: 'a member without a password',
    evidence: { 'domain.membership': MEMBER, 'machinePassword.changedAt': notOnDisk() },
    verdict: 'likely',
    facts: ['machinePassword.changedAt', 'domain.membership'],
  },
  {
    name: 'the domain accepted the machine after it',
    evidence: {
      'domain.membership': MEMBER,
      'machinePassword.changedAt': OLD,
      'events.relevant': timeline(NOT_ACCEPTED, event('GroupPolicy', 1502, 40)),
    },
    verdict: 'ruled-out',
    facts: ['events.relevant', 'domain.membership'],
  },
  {
    name: 'not a member',
    evidence: { 'domain.membership': STANDALONE, 'machinePassword.changedAt': notOnDisk() },
    verdict: 'ruled-out',
    facts: ['domain.membership'],
  },
  {
    name: 'not accepted, with a fresh password: other reasons are as likely',
    evidence: {
      'domain.membership': MEMBER,
      'machinePassword.changedAt': FRESH,
      'events.relevant': timeline(NOT_ACCEPTED),
    },
    verdict: 'inconclusive',
    facts: OPEN,
    says: ['can have other reasons'],
    settledBy: ['--dc', '--disk'],
  },
  {
    name: 'an old password alone proves nothing',
    evidence: {
      'domain.membership': MEMBER,
      'machinePassword.changedAt': OLD,
      'events.relevant': timeline(),
    },
    verdict: 'inconclusive',
    facts: OPEN,
    says: ['2025-11-01'],
  },
  {
    name: 'an old password that never changes is as it should be',
    evidence: {
      'domain.membership': MEMBER,
      'machinePassword.changedAt': password('2020-01-01T00:00:00.000Z', { changesDisabled: true }),
      'events.relevant': timeline(NOT_ACCEPTED),
    },
    verdict: 'inconclusive',
    facts: OPEN,
    says: ['password changes are switched off'],
  },
  {
    name: 'a crash proves no mismatch',
    evidence: {
      'domain.membership': MEMBER,
      'machinePassword.changedAt': OLD,
      'events.relevant': timeline(event('EventLog', 6008, 30)),
    },
    verdict: 'inconclusive',
    facts: OPEN,
  },
  {
    name: 'the hive SECURITY could not be read',
    evidence: { 'domain.membership': MEMBER, 'machinePassword.changedAt': unseen('denied') },
    verdict: 'inconclusive',
    facts: OPEN,
  },
]);
