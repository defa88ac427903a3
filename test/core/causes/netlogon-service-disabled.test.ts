import { netlogonServiceDisabled } from '../../../src/core/causes/netlogon-service-disabled.ts';
import { checkCause, seen, unseen } from './evidence.ts';
import { MEMBER, needs, notOnDisk, onDisk, STANDALONE, service, tried } from './windows-evidence.ts';

const BOTH = ['service.Netlogon', 'domain.membership'] as const;

checkCause(netlogonServiceDisabled, [
  {
    name: 'stopped on a member, and why',
    evidence: {
      'domain.membership': MEMBER,
      'service.Netlogon': service(2, { state: 'stopped', exitCode: 1067 }),
    },
    verdict: 'likely',
    facts: ['service.Netlogon', 'domain.membership'],
    says: ['stopped with error 1067'],
  },
  {
    name: 'stopped as Windows ships it for a workgroup, and nobody knows whether it is in one',
    evidence: { 'service.Netlogon': service(3, { state: 'stopped', exitCode: 1077 }) },
    verdict: 'inconclusive',
    facts: ['domain.membership'],
  },
  {
    name: 'it hangs',
    evidence: { 'domain.membership': MEMBER, 'service.Netlogon': service(2, { state: 'stop-pending' }) },
    verdict: 'likely',
    facts: ['service.Netlogon', 'domain.membership'],
  },
  {
    name: 'the channel says that it does not run',
    evidence: { 'domain.membership': MEMBER, 'secureChannel.state': tried(1792) },
    verdict: 'likely',
    facts: ['secureChannel.state', 'domain.membership'],
    says: ['ERROR_NETLOGON_NOT_STARTED'],
  },
  {
    name: 'it is starting',
    evidence: { 'domain.membership': MEMBER, 'service.Netlogon': service(2, { state: 'start-pending' }) },
    verdict: 'inconclusive',
    facts: ['service.Netlogon'],
  },
  {
    name: 'stopped, and Windows has only started',
    evidence: {
      'domain.membership': MEMBER,
      'service.Netlogon': service(2, { state: 'stopped', exitCode: 1077 }),
      'os.startedAt': onDisk('2026-03-01T11:59:00.000Z'),
    },
    verdict: 'inconclusive',
    facts: ['service.Netlogon'],
  },
  {
    name: 'disabled and stopped, however short a time Windows has run',
    evidence: {
      'domain.membership': MEMBER,
      'service.Netlogon': service(4, { state: 'stopped', exitCode: 1077 }),
      'os.startedAt': onDisk('2026-03-01T11:59:00.000Z'),
    },
    verdict: 'likely',
    facts: ['service.Netlogon', 'domain.membership'],
  },
  {
    name: 'disabled on a member',
    evidence: { 'domain.membership': MEMBER, 'service.Netlogon': service(4) },
    verdict: 'likely',
    facts: BOTH,
    says: ['Netlogon is disabled', 'corp.example.com', 'local accounts can sign in'],
  },
  {
    name: 'disabled, and nobody knows whether it is a member',
    evidence: { 'service.Netlogon': service(4) },
    verdict: 'likely',
    facts: ['service.Netlogon'],
    says: ['If the machine is a member'],
  },
  {
    name: 'on demand on a member, as before it joined',
    evidence: { 'domain.membership': MEMBER, 'service.Netlogon': service(3) },
    verdict: 'likely',
    facts: BOTH,
    says: ['has to start automatically'],
  },
  {
    name: 'stopped on a live member',
    evidence: { 'domain.membership': MEMBER, 'service.Netlogon': service(2, { state: 'stopped' }) },
    verdict: 'likely',
    facts: BOTH,
  },
  {
    name: 'gone from a member',
    evidence: { 'domain.membership': MEMBER, 'service.Netlogon': notOnDisk() },
    verdict: 'likely',
    facts: BOTH,
  },
  {
    name: 'the server says so',
    evidence: { 'nla.logon': seen({ status: 0xc0000192, name: 'STATUS_NETLOGON_NOT_STARTED' }) },
    verdict: 'likely',
    facts: ['nla.logon'],
  },
  {
    name: 'automatic on a member',
    evidence: {
      'domain.membership': MEMBER,
      'service.Netlogon': service(2),
      'service.Netlogon.dependencies': needs(),
    },
    verdict: 'ruled-out',
    facts: ['service.Netlogon', 'service.Netlogon.dependencies', 'domain.membership'],
  },
  {
    name: 'what it needs is disabled',
    evidence: {
      'domain.membership': MEMBER,
      'service.Netlogon': service(2),
      'service.Netlogon.dependencies': needs([{ name: 'LanmanWorkstation', startType: 4 }]),
    },
    verdict: 'likely',
    facts: ['service.Netlogon.dependencies', 'domain.membership'],
    says: ['LanmanWorkstation', 'local accounts can sign in'],
  },
  {
    name: 'what it needs was not read',
    evidence: { 'domain.membership': MEMBER, 'service.Netlogon': service(2) },
    verdict: 'inconclusive',
    facts: ['service.Netlogon.dependencies'],
  },
  {
    name: 'it needs a group',
    evidence: {
      'domain.membership': MEMBER,
      'service.Netlogon': service(2),
      'service.Netlogon.dependencies': needs([], ['TDI']),
    },
    verdict: 'inconclusive',
    facts: ['service.Netlogon.dependencies'],
    says: ['TDI'],
  },
  {
    name: 'on demand on a live member, and it runs',
    evidence: { 'domain.membership': MEMBER, 'service.Netlogon': service(3, { state: 'running' }) },
    verdict: 'ruled-out',
    facts: BOTH,
  },
  {
    name: 'disabled outside a domain',
    evidence: { 'domain.membership': STANDALONE, 'service.Netlogon': service(4) },
    verdict: 'ruled-out',
    facts: ['domain.membership'],
  },
  {
    name: 'the hive could not be read',
    evidence: { 'domain.membership': MEMBER, 'service.Netlogon': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['service.Netlogon'],
    settledBy: ['--disk', '--rpc'],
  },
]);
