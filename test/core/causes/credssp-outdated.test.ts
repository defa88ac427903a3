import { credsspOutdated } from '../../../src/core/causes/credssp-outdated.ts';
import { checkCause, client, MODERN, none, OLD, seen, unseen } from './evidence.ts';

checkCause(credsspOutdated, [
  {
    name: 'version 4',
    evidence: { 'credssp.version': seen(4), 'rdp.nla': seen('required') },
    verdict: 'likely',
    facts: ['credssp.version'],
    says: ['version 4', 'CVE-2018-0886', 'Modern Windows'],
  },
  {
    name: 'version 2 is an inference, also for the client named',
    evidence: { 'credssp.version': seen(2) },
    client: MODERN,
    verdict: 'likely',
    facts: ['credssp.version'],
  },
  {
    name: 'the client named is not updated either',
    evidence: { 'credssp.version': seen(2) },
    client: OLD,
    verdict: 'ruled-out',
    facts: ['credssp.version'],
  },
  {
    name: 'the client named does no NLA',
    evidence: { 'credssp.version': seen(2) },
    client: client('Without NLA', { nla: false }),
    verdict: 'ruled-out',
    facts: ['credssp.version'],
  },
  {
    name: 'version 5',
    evidence: { 'credssp.version': seen(5) },
    verdict: 'ruled-out',
    facts: ['credssp.version'],
    says: ['version 5'],
  },
  {
    name: 'CredSSP is not offered',
    evidence: { 'rdp.nla': seen('refused'), 'credssp.version': unseen('not-gathered') },
    verdict: 'ruled-out',
    facts: ['rdp.nla'],
  },
  {
    name: 'no version is there',
    evidence: { 'credssp.version': none() },
    verdict: 'ruled-out',
    facts: ['credssp.version'],
  },
  {
    name: 'the version was not seen',
    evidence: { 'rdp.nla': seen('required'), 'credssp.version': unseen('timeout') },
    verdict: 'inconclusive',
    facts: ['credssp.version'],
    settledBy: ['HOST', '--disk'],
  },
]);
