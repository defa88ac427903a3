import { domainCredentialsDisabled } from '../../../src/core/causes/domain-credentials-disabled.ts';
import { checkCause, unseen } from './evidence.ts';
import { byDefault, event, set, timeline } from './windows-evidence.ts';

const SESSION_LOST = event('Security-Auditing', 4625, 30, { Status: '0xC000005F' });

checkCause(domainCredentialsDisabled, [
  {
    name: 'forbidden, and something failed for want of a stored credential',
    evidence: { 'lsa.disableDomainCreds': set(1), 'events.relevant': timeline(SESSION_LOST) },
    verdict: 'likely',
    facts: ['lsa.disableDomainCreds', 'events.relevant'],
    says: ['0x80070520'],
  },
  {
    name: 'the same error as a program reports it',
    evidence: {
      'lsa.disableDomainCreds': set(1),
      'events.relevant': timeline(event('LsaSrv', 40960, 30, { Error: '(0x80070520)' })),
    },
    verdict: 'likely',
    facts: ['lsa.disableDomainCreds', 'events.relevant'],
  },
  {
    name: 'forbidden, which stops no sign-in',
    evidence: { 'lsa.disableDomainCreds': set(1), 'events.relevant': timeline() },
    verdict: 'ruled-out',
    facts: ['lsa.disableDomainCreds'],
    says: ['does not stop a sign-in', 'DisableDomainCreds is 1'],
  },
  {
    name: 'forbidden, and no log was read',
    evidence: { 'lsa.disableDomainCreds': set(1) },
    verdict: 'ruled-out',
    facts: ['lsa.disableDomainCreds'],
  },
  {
    name: 'allowed, whatever else failed',
    evidence: { 'lsa.disableDomainCreds': byDefault(0), 'events.relevant': timeline(SESSION_LOST) },
    verdict: 'ruled-out',
    facts: ['lsa.disableDomainCreds'],
    says: ['may be stored'],
  },
  {
    name: 'the setting was not read',
    evidence: { 'lsa.disableDomainCreds': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['lsa.disableDomainCreds'],
    settledBy: ['--disk', '--rpc'],
  },
]);
