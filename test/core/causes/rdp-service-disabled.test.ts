import { rdpServiceDisabled } from '../../../src/core/causes/rdp-service-disabled.ts';
import { checkCause, seen, selected, unseen } from './evidence.ts';
import { event, notOnDisk, service, timeline } from './windows-evidence.ts';

const ACCOUNT = { objectName: 'NT Authority\\NetworkService' };
const FAILURE = event('Service Control Manager', 7000, 30, { param1: 'TermService', param2: '%%1058' });

checkCause(rdpServiceDisabled, [
  {
    name: 'disabled',
    evidence: { 'service.TermService': service(4, ACCOUNT) },
    verdict: 'confirmed',
    facts: ['service.TermService'],
    says: ['start type 4'],
  },
  {
    name: 'gone',
    evidence: { 'service.TermService': notOnDisk() },
    verdict: 'confirmed',
    facts: ['service.TermService'],
  },
  {
    name: 'stopped on a live machine',
    evidence: { 'service.TermService': service(3, { state: 'stopped' }) },
    verdict: 'confirmed',
    facts: ['service.TermService'],
    says: ['stopped at present'],
  },
  {
    name: 'disabled and still running',
    evidence: { 'service.TermService': service(4, { state: 'running' }) },
    verdict: 'likely',
    facts: ['service.TermService'],
  },
  {
    name: 'disabled, and the listener answers: the setting waits for a stop',
    evidence: { 'service.TermService': service(4), 'rdp.negotiation': seen([selected(1, 1)]) },
    verdict: 'likely',
    facts: ['rdp.negotiation', 'service.TermService'],
    says: ['not in effect yet'],
  },
  {
    name: 'the wrong account',
    evidence: { 'service.TermService': service(3, { objectName: 'LocalSystem' }) },
    verdict: 'likely',
    facts: ['service.TermService'],
    says: ['LocalSystem', '1079'],
  },
  {
    name: 'it failed to start and has not started since',
    evidence: {
      'service.TermService': service(3, ACCOUNT),
      'events.relevant': timeline(event('RemoteConnectionManager', 258, 10), FAILURE),
    },
    verdict: 'likely',
    facts: ['service.TermService', 'events.relevant'],
    says: ['7000', '%%1058', 'System.evtx#1030'],
  },
  {
    name: 'it failed and started afterwards',
    evidence: {
      'service.TermService': service(3, ACCOUNT),
      'events.relevant': timeline(FAILURE, event('RemoteConnectionManager', 258, 40)),
    },
    verdict: 'ruled-out',
    facts: ['service.TermService'],
  },
  {
    name: 'other services fail, its redirector too',
    evidence: {
      'service.TermService': service(3, ACCOUNT),
      'events.relevant': timeline(
        event('Service Control Manager', 7000, 30, { param1: 'Spooler' }),
        event('Service Control Manager', 7000, 31, {
          param1: 'Remote Desktop Services UserMode Port Redirector',
        }),
        event('Service Control Manager', 7040, 32, { param1: 'TermService' }),
      ),
    },
    verdict: 'ruled-out',
    facts: ['service.TermService'],
  },
  {
    name: 'on demand as it should be',
    evidence: { 'service.TermService': service(3, ACCOUNT) },
    verdict: 'ruled-out',
    facts: ['service.TermService'],
    says: ['on demand as NT Authority\\NetworkService'],
  },
  {
    name: 'an account written in another way',
    evidence: { 'service.TermService': service(2, { objectName: 'NT AUTHORITY\\Network Service' }) },
    verdict: 'ruled-out',
    facts: ['service.TermService'],
  },
  {
    name: 'the listener answers',
    evidence: { 'rdp.negotiation': seen([selected(0, 0)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'the hive could not be read',
    evidence: { 'service.TermService': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['service.TermService'],
    settledBy: ['HOST', '--disk', '--rpc'],
  },
]);
