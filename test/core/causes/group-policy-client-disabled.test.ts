import { groupPolicyClientDisabled } from '../../../src/core/causes/group-policy-client-disabled.ts';
import { checkCause, unseen } from './evidence.ts';
import { notOnDisk, service } from './windows-evidence.ts';

checkCause(groupPolicyClientDisabled, [
  {
    name: 'left disabled by the workaround',
    evidence: { 'service.gpsvc': service(4) },
    verdict: 'likely',
    facts: ['service.gpsvc'],
    says: ["workaround of Microsoft's article", 'no policy any more'],
  },
  {
    name: 'disabled and still running',
    evidence: { 'service.gpsvc': service(4, { state: 'running' }) },
    verdict: 'likely',
    facts: ['service.gpsvc'],
    says: ['until the next restart'],
  },
  { name: 'gone', evidence: { 'service.gpsvc': notOnDisk() }, verdict: 'likely', facts: ['service.gpsvc'] },
  {
    name: 'automatic',
    evidence: { 'service.gpsvc': service(2) },
    verdict: 'ruled-out',
    facts: ['service.gpsvc'],
    says: ['automatically'],
  },
  {
    name: 'on demand',
    evidence: { 'service.gpsvc': service(3) },
    verdict: 'ruled-out',
    facts: ['service.gpsvc'],
  },
  {
    name: 'the hive could not be read',
    evidence: { 'service.gpsvc': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['service.gpsvc'],
    settledBy: ['--disk', '--rpc'],
  },
]);
