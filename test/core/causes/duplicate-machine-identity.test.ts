import { duplicateMachineIdentity } from '../../../src/core/causes/duplicate-machine-identity.ts';
import { checkCause, unseen } from './evidence.ts';
import { event, onDisk, timeline } from './windows-evidence.ts';

const CURRENT = onDisk({ productName: 'Windows Server 2025', build: 26100, installationType: 'Server' });
const OLDER = onDisk({ productName: 'Windows Server 2022', build: 20348, installationType: 'Server' });

checkCause(duplicateMachineIdentity, [
  {
    name: 'Windows reported a twin',
    evidence: {
      'os.version': CURRENT,
      'machine.sid': onDisk('S-1-5-21-1-2-3'),
      'events.relevant': timeline(event('LsaSrv', 6167, 30)),
    },
    verdict: 'likely',
    facts: ['events.relevant', 'machine.sid'],
    says: ['LsaSrv event 6167', 'S-1-5-21-1-2-3'],
  },
  {
    name: 'the event is its own word, whatever the build',
    evidence: { 'events.relevant': timeline(event('LsaSrv', 6167, 30)) },
    verdict: 'likely',
    facts: ['events.relevant'],
  },
  {
    name: 'a build that does not compare',
    evidence: { 'os.version': OLDER, 'events.relevant': unseen('corrupt') },
    verdict: 'ruled-out',
    facts: ['os.version'],
    says: ['20348'],
  },
  {
    name: 'a log without the event says how far it reaches',
    evidence: { 'os.version': CURRENT, 'events.relevant': timeline() },
    verdict: 'ruled-out',
    facts: ['events.relevant'],
    says: ['2026-02-22'],
  },
  {
    name: 'a log of which nobody knows how far it reaches',
    evidence: { 'os.version': CURRENT, 'events.relevant': onDisk({ events: [], spans: [] }) },
    verdict: 'inconclusive',
    facts: ['events.relevant'],
    settledBy: ['--disk', '--rpc'],
  },
  {
    name: 'no log was read',
    evidence: { 'os.version': CURRENT, 'events.relevant': unseen('corrupt') },
    verdict: 'inconclusive',
    facts: ['events.relevant'],
  },
]);
