import { machineNotReady } from '../../../src/core/causes/machine-not-ready.ts';
import { checkCause, none, seen, selected, unseen } from './evidence.ts';
import { notOnDisk, onDisk, service } from './windows-evidence.ts';

const DONE = { 'os.setup': onDisk({ inProgress: false, firstStart: false }) } as const;
const NOTHING = { 'os.pendingRestart': onDisk({ pending: false, reasons: [] }) } as const;
const REPLACING = {
  'os.pendingRestart': onDisk({
    pending: true,
    reasons: [{ reason: 'servicing-now' as const, where: 'SOFTWARE\\CBS\\RebootInProgress' }],
  }),
} as const;
const SETUP = {
  'os.setup': onDisk({ inProgress: true, firstStart: true, imageState: 'IMAGE_STATE_UNDEPLOYABLE' }),
} as const;

checkCause(machineNotReady, [
  {
    name: 'setup is at work',
    evidence: { ...SETUP, 'service.TermService': service(3, { state: 'stopped' }) },
    verdict: 'likely',
    facts: ['os.setup'],
    says: ['SystemSetupInProgress', 'OOBEInProgress', 'IMAGE_STATE_UNDEPLOYABLE'],
  },
  {
    name: 'setup was at work when the disk was taken, without the questions of a first start',
    evidence: { 'os.setup': onDisk({ inProgress: true, firstStart: false }) },
    verdict: 'likely',
    facts: ['os.setup'],
    says: [/SystemSetupInProgress is set\), as/],
  },
  {
    name: 'the questions of a first start alone are no setup',
    evidence: { ...NOTHING, 'os.setup': onDisk({ inProgress: false, firstStart: true }) },
    verdict: 'inconclusive',
    facts: ['os.startedAt'],
  },
  {
    name: 'updates are being installed',
    evidence: { ...DONE, ...REPLACING, 'service.TermService': service(3, { state: 'stopped' }) },
    verdict: 'likely',
    facts: ['os.pendingRestart', 'service.TermService'],
    says: ['SOFTWARE\\CBS\\RebootInProgress'],
  },
  {
    name: 'the same, and the service runs all the same',
    evidence: { ...DONE, ...REPLACING, 'service.TermService': service(3, { state: 'running' }) },
    verdict: 'ruled-out',
    facts: ['service.TermService', 'os.setup', 'os.pendingRestart'],
  },
  {
    name: 'the service is starting',
    evidence: { ...DONE, ...NOTHING, 'service.TermService': service(3, { state: 'start-pending' }) },
    verdict: 'likely',
    facts: ['service.TermService'],
    says: ['TermService is starting'],
  },
  {
    name: 'Windows has only started',
    evidence: {
      'service.TermService': service(3, { state: 'stopped' }),
      'os.startedAt': onDisk('2026-03-01T11:56:00.000Z'),
    },
    verdict: 'likely',
    facts: ['service.TermService', 'os.startedAt'],
    says: ['stopped, and Windows started 4 min before'],
  },
  {
    name: 'Windows has only started, and the service is disabled: nothing to wait for',
    evidence: {
      ...DONE,
      ...NOTHING,
      'service.TermService': service(4, { state: 'stopped', exitCode: 1077 }),
      'os.startedAt': onDisk('2026-03-01T11:56:00.000Z'),
    },
    verdict: 'ruled-out',
    facts: ['service.TermService', 'os.setup', 'os.pendingRestart'],
    says: ['disabled', 'waiting does not help'],
  },
  {
    name: 'Windows has only started, and the service has failed already',
    evidence: {
      ...DONE,
      ...NOTHING,
      'service.TermService': service(3, { state: 'stopped', exitCode: 1079 }),
      'os.startedAt': onDisk('2026-03-01T11:56:00.000Z'),
    },
    verdict: 'ruled-out',
    facts: ['service.TermService', 'os.setup', 'os.pendingRestart'],
    says: ['stopped with error 1079'],
  },
  {
    // [MS-SRVS] 2.2.4.105: the time of day and the time since the start are the server's own.
    name: 'its clock is three hours ahead, and it has run for three hours',
    evidence: {
      ...DONE,
      ...NOTHING,
      'service.TermService': service(3, { state: 'stopped' }),
      'os.startedAt': onDisk('2026-03-01T11:59:00.000Z'),
      'clock.skewSeconds': onDisk(3 * 3600),
    },
    verdict: 'ruled-out',
    facts: ['service.TermService', 'os.setup', 'os.pendingRestart'],
    says: ['since 3 h'],
  },
  {
    name: 'its clock is three hours behind, and it has run for two minutes',
    evidence: {
      'service.TermService': service(3, { state: 'stopped' }),
      'os.startedAt': onDisk('2026-03-01T08:58:00.000Z'),
      'clock.skewSeconds': onDisk(-3 * 3600),
    },
    verdict: 'likely',
    facts: ['service.TermService', 'os.startedAt'],
    says: ['Windows started 2 min before'],
  },
  {
    name: 'another witness measured a clock: nothing of the one who told the start',
    evidence: {
      'service.TermService': service(3, { state: 'stopped' }),
      'os.startedAt': onDisk('2026-03-01T11:58:00.000Z'),
      'clock.skewSeconds': seen(3 * 3600),
    },
    verdict: 'likely',
    facts: ['service.TermService', 'os.startedAt'],
  },
  {
    name: 'Windows started six minutes before: whatever stopped the service, it is not the start',
    evidence: {
      ...DONE,
      ...NOTHING,
      'service.TermService': service(3, { state: 'stopped' }),
      'os.startedAt': onDisk('2026-03-01T11:54:00.000Z'),
    },
    verdict: 'ruled-out',
    facts: ['service.TermService', 'os.setup', 'os.pendingRestart'],
    says: ['Windows runs since 6 min (TermService is stopped)'],
  },
  {
    name: 'the same, and nobody knows of setup',
    evidence: {
      ...NOTHING,
      'service.TermService': service(3, { state: 'stopped' }),
      'os.startedAt': onDisk('2026-03-01T11:54:00.000Z'),
    },
    verdict: 'inconclusive',
    facts: ['os.setup'],
  },
  {
    name: 'the service is stopped, and nobody knows since when Windows runs',
    evidence: { ...DONE, ...NOTHING, 'service.TermService': service(3, { state: 'stopped' }) },
    verdict: 'inconclusive',
    facts: ['os.startedAt'],
    settledBy: ['--rpc', 'HOST'],
  },
  {
    name: 'its clock is a little ahead of ours',
    evidence: {
      'service.TermService': service(3, { state: 'stopped' }),
      'os.startedAt': onDisk('2026-03-01T12:00:20.000Z'),
    },
    verdict: 'likely',
    facts: ['service.TermService', 'os.startedAt'],
  },
  {
    name: 'its clock is so far ahead of ours that nobody knows how long it has run',
    evidence: {
      'service.TermService': service(3, { state: 'stopped' }),
      'os.startedAt': onDisk('2026-03-01T12:06:00.000Z'),
    },
    verdict: 'inconclusive',
    facts: ['service.TermService'],
  },
  {
    name: 'the listener answers, whatever is unfinished',
    evidence: { ...SETUP, 'rdp.negotiation': seen([selected(1, 1)]) },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
  {
    name: 'everything runs',
    evidence: {
      ...DONE,
      ...NOTHING,
      'service.TermService': service(3, { state: 'running' }),
      'os.startedAt': onDisk('2026-02-27T12:00:00.000Z'),
    },
    verdict: 'ruled-out',
    facts: ['service.TermService', 'os.setup', 'os.pendingRestart'],
    says: ['since 2 d'],
  },
  {
    name: 'without the service there is nothing to wait for',
    evidence: { ...DONE, ...NOTHING, 'service.TermService': notOnDisk() },
    verdict: 'ruled-out',
    facts: ['service.TermService', 'os.setup', 'os.pendingRestart'],
  },
  {
    name: 'without the service, and nobody knows of setup',
    evidence: { ...NOTHING, 'service.TermService': notOnDisk() },
    verdict: 'inconclusive',
    facts: ['os.setup'],
  },
  {
    name: 'a disk cannot tell',
    evidence: { ...DONE, ...NOTHING, 'service.TermService': service(3), 'rdp.negotiation': none() },
    verdict: 'inconclusive',
    facts: ['os.startedAt'],
  },
  {
    name: 'nothing was seen',
    evidence: { 'os.startedAt': unseen('denied') },
    verdict: 'inconclusive',
    facts: ['os.startedAt'],
    says: ['access was denied'],
  },
]);
