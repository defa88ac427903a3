import { resourcesExhausted } from '../../../src/core/causes/resources-exhausted.ts';
import { checkCause, seen, unseen } from './evidence.ts';
import { event, onDisk, timeline } from './windows-evidence.ts';

const GIB = 2 ** 30;
const PLENTY = {
  memory: { totalBytes: 16 * GIB, availableBytes: 8 * GIB },
  commit: { limitBytes: 20 * GIB, usedBytes: 7 * GIB },
};
const committed = (usedBytes: number) => onDisk({ ...PLENTY, commit: { limitBytes: 20 * GIB, usedBytes } });
const free = (availableBytes: number, totalBytes = 16 * GIB) =>
  onDisk({ ...PLENTY, memory: { totalBytes, availableBytes } });

const LOW = event('Resource-Exhaustion-Detector', 2004, 30);
const POOL = event('srv', 2019, 30);
const SESSION = (minutes: number) => event('LocalSessionManager', 21, minutes);

checkCause(resourcesExhausted, [
  ...[0xc000009a, 0xc0000017, 0x80090300].map((status) => ({
    name: `the server says 0x${status.toString(16)}`,
    evidence: { 'nla.logon': seen({ status, name: 'A_STATUS' }), 'resources.state': onDisk(PLENTY) },
    verdict: 'likely' as const,
    facts: ['nla.logon'] as const,
  })),
  {
    name: 'all is committed',
    evidence: { 'resources.state': committed(20 * GIB), 'events.relevant': timeline() },
    verdict: 'likely',
    facts: ['resources.state'],
    says: ['20480 MiB of 20480 MiB', '100 %', 'unless its paging file can still grow'],
  },
  {
    name: 'much is committed',
    evidence: { 'resources.state': committed(19 * GIB), 'events.relevant': timeline() },
    verdict: 'ruled-out',
    facts: ['resources.state', 'events.relevant'],
    remark: /95 %.*if it grows on/,
  },
  {
    name: 'there is plenty',
    evidence: { 'resources.state': onDisk(PLENTY), 'events.relevant': timeline() },
    verdict: 'ruled-out',
    facts: ['resources.state', 'events.relevant'],
    remarks: null,
  },
  {
    name: 'little memory is free: 64 MB of much, 32 MB of little',
    evidence: { 'resources.state': free(64 * 2 ** 20), 'events.relevant': timeline() },
    verdict: 'ruled-out',
    facts: ['resources.state', 'events.relevant'],
    remark: /Only 64 MiB of 16384 MiB/,
  },
  {
    name: 'a little more is not low',
    evidence: { 'resources.state': free(65 * 2 ** 20), 'events.relevant': timeline() },
    verdict: 'ruled-out',
    facts: ['resources.state', 'events.relevant'],
    remarks: null,
  },
  {
    name: 'of a small machine half of that is low',
    evidence: { 'resources.state': free(40 * 2 ** 20, 2 * GIB), 'events.relevant': timeline() },
    verdict: 'ruled-out',
    facts: ['resources.state', 'events.relevant'],
    remarks: null,
  },
  {
    name: 'Windows found virtual memory low, and no session began since',
    evidence: { 'events.relevant': timeline(SESSION(10), LOW) },
    verdict: 'likely',
    facts: ['events.relevant'],
    says: ['event 2004'],
  },
  {
    name: 'the same, and there is plenty now',
    evidence: { 'events.relevant': timeline(LOW), 'resources.state': onDisk(PLENTY) },
    verdict: 'ruled-out',
    facts: ['resources.state', 'events.relevant'],
  },
  {
    name: 'an empty pool of the kernel is no matter of virtual memory',
    evidence: { 'events.relevant': timeline(POOL), 'resources.state': onDisk(PLENTY) },
    verdict: 'likely',
    facts: ['events.relevant'],
    says: ['srv event 2019'],
  },
  {
    name: 'Windows was started since: a pool that was empty is not',
    evidence: {
      'events.relevant': timeline(POOL),
      'resources.state': onDisk(PLENTY),
      'os.startedAt': onDisk('2026-03-01T11:45:00.000Z'),
    },
    verdict: 'ruled-out',
    facts: ['resources.state', 'events.relevant'],
  },
  {
    name: 'Windows was started before',
    evidence: {
      'events.relevant': timeline(POOL),
      'resources.state': onDisk(PLENTY),
      'os.startedAt': onDisk('2026-03-01T11:15:00.000Z'),
    },
    verdict: 'likely',
    facts: ['events.relevant'],
  },
  {
    name: 'a session began since',
    evidence: { 'events.relevant': timeline(LOW, POOL, SESSION(40)), 'resources.state': onDisk(PLENTY) },
    verdict: 'ruled-out',
    facts: ['resources.state', 'events.relevant'],
  },
  {
    name: 'silent logs alone',
    evidence: { 'events.relevant': timeline(), 'resources.state': unseen('no-channel') },
    verdict: 'inconclusive',
    facts: ['resources.state'],
    settledBy: ['--rpc'],
  },
  {
    name: 'plenty, and no log was read',
    evidence: { 'resources.state': onDisk(PLENTY) },
    verdict: 'inconclusive',
    facts: ['events.relevant'],
  },
  {
    name: 'only how many sessions there are',
    evidence: { 'resources.state': onDisk({ sessions: 200 }), 'events.relevant': timeline() },
    verdict: 'inconclusive',
    facts: ['resources.state', 'events.relevant'],
  },
  {
    name: 'a limit of nothing is no share',
    evidence: {
      'resources.state': onDisk({ commit: { limitBytes: 0, usedBytes: 0 } }),
      'events.relevant': timeline(),
    },
    verdict: 'ruled-out',
    facts: ['resources.state', 'events.relevant'],
  },
]);
