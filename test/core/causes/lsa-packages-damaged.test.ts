import { lsaPackagesDamaged } from '../../../src/core/causes/lsa-packages-damaged.ts';
import type { LsaPackages } from '../../../src/core/model/windows-facts.ts';
import { checkCause, seen, unseen } from './evidence.ts';
import { event, onDisk, timeline } from './windows-evidence.ts';

function packages(but: Partial<LsaPackages> = {}) {
  return onDisk<LsaPackages>({
    authentication: ['msv1_0'],
    security: [],
    providers: ['credssp.dll'],
    ...but,
  });
}

checkCause(lsaPackagesDamaged, [
  {
    name: 'CredSSP is not among the providers',
    evidence: { 'lsa.packages': packages({ providers: ['other.dll'] }) },
    verdict: 'confirmed',
    facts: ['lsa.packages'],
    says: ['credssp.dll in SecurityProviders'],
  },
  {
    name: 'both lists are empty',
    evidence: { 'lsa.packages': packages({ authentication: [], providers: [] }) },
    verdict: 'confirmed',
    facts: ['lsa.packages'],
    says: ['msv1_0 in Authentication Packages and credssp.dll in SecurityProviders'],
  },
  {
    name: 'missing, and the server still answers with it',
    evidence: {
      'lsa.packages': packages({ providers: [] }),
      'ntlm.challenge': seen({ netbiosComputer: 'VM1' }),
    },
    verdict: 'likely',
    facts: ['ntlm.challenge', 'lsa.packages'],
    says: ['not in effect now'],
  },
  {
    name: 'an older Windows without tspkg',
    evidence: { 'lsa.packages': packages({ security: ['kerberos', 'msv1_0', 'schannel'] }) },
    verdict: 'likely',
    facts: ['lsa.packages'],
    says: ['tspkg'],
  },
  {
    name: 'a package crashed',
    evidence: {
      'lsa.packages': packages(),
      'events.relevant': timeline(event('LsaSrv', 5000, 30, { Package: 'odd' })),
    },
    verdict: 'likely',
    facts: ['lsa.packages', 'events.relevant'],
    says: ['LsaSrv event 5000', 'odd'],
  },
  {
    name: 'complete, beside an entry of somebody else, in other capitals',
    evidence: {
      'lsa.packages': packages({
        authentication: ['MSV1_0', 'extra'],
        providers: ['CREDSSP.DLL', 'pwdssp.dll'],
      }),
    },
    verdict: 'ruled-out',
    facts: ['lsa.packages'],
  },
  {
    name: 'the list of an older Windows is complete',
    evidence: { 'lsa.packages': packages({ security: ['kerberos', 'msv1_0', 'schannel', 'tspkg'] }) },
    verdict: 'ruled-out',
    facts: ['lsa.packages'],
  },
  {
    name: 'a package of somebody else on a Windows that keeps the list empty',
    evidence: { 'lsa.packages': packages({ security: ['vendor'] }) },
    verdict: 'ruled-out',
    facts: ['lsa.packages'],
  },
  {
    name: 'CredSSP answers',
    evidence: { 'ntlm.challenge': seen({}) },
    verdict: 'ruled-out',
    facts: ['ntlm.challenge'],
  },
  {
    name: 'the hive could not be read',
    evidence: { 'lsa.packages': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['lsa.packages'],
    settledBy: ['--disk', '--rpc'],
  },
]);
