import { groupPolicyClientDisabled } from '../../../src/core/causes/group-policy-client-disabled.ts';
import { checkCause, unseen } from './evidence.ts';
import { needs, notOnDisk, service } from './windows-evidence.ts';

const BOTH = ['service.gpsvc', 'service.gpsvc.dependencies'] as const;

checkCause(groupPolicyClientDisabled, [
  {
    name: 'it runs',
    evidence: { 'service.gpsvc': service(2, { state: 'running' }) },
    verdict: 'ruled-out',
    facts: ['service.gpsvc'],
  },
  {
    name: 'it has nothing to do and stopped',
    evidence: {
      'service.gpsvc': service(2, { state: 'stopped', exitCode: 0 }),
      'service.gpsvc.dependencies': needs(),
    },
    verdict: 'ruled-out',
    facts: ['service.gpsvc', 'service.gpsvc.dependencies'],
  },
  {
    name: 'left disabled by the workaround',
    evidence: { 'service.gpsvc': service(4) },
    verdict: 'likely',
    facts: ['service.gpsvc'],
    says: ["workaround in Microsoft's article", 'no longer gets policies'],
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
    evidence: { 'service.gpsvc': service(2), 'service.gpsvc.dependencies': needs() },
    verdict: 'ruled-out',
    facts: BOTH,
    says: ['automatically'],
  },
  {
    name: 'on demand',
    evidence: { 'service.gpsvc': service(3), 'service.gpsvc.dependencies': needs() },
    verdict: 'ruled-out',
    facts: BOTH,
  },
  {
    name: 'what it needs is disabled',
    evidence: {
      'service.gpsvc': service(2),
      'service.gpsvc.dependencies': needs([{ name: 'Mup', startType: 4 }]),
    },
    verdict: 'likely',
    facts: ['service.gpsvc.dependencies'],
    says: ['Mup', 'is disabled'],
  },
  {
    name: 'what it needs was not read',
    evidence: { 'service.gpsvc': service(2), 'service.gpsvc.dependencies': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['service.gpsvc.dependencies'],
  },
  {
    name: 'it needs a group',
    evidence: { 'service.gpsvc': service(2), 'service.gpsvc.dependencies': needs([], ['TDI']) },
    verdict: 'inconclusive',
    facts: ['service.gpsvc.dependencies'],
    says: ['TDI'],
  },
  {
    name: 'the hive could not be read',
    evidence: { 'service.gpsvc': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['service.gpsvc'],
    settledBy: ['--disk', '--rpc'],
  },
]);
