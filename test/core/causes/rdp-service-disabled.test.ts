import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rdpServiceDisabled } from '../../../src/core/causes/rdp-service-disabled.ts';
import { checkCause, seen, selected, unseen } from './evidence.ts';
import { event, needs, notOnDisk, onDisk, program, service, timeline } from './windows-evidence.ts';

const ACCOUNT = { objectName: 'NT Authority\\NetworkService' };
const FACTS = [
  'service.TermService',
  'service.TermService.program',
  'service.TermService.dependencies',
] as const;
/** What it needs and what it runs, as Windows ships them. */
const REST = {
  'service.TermService.program': program(),
  'service.TermService.dependencies': needs(),
} as const;
const HEALTHY = { ...REST, 'service.TermService': service(3, ACCOUNT) } as const;

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
    says: ['is not running'],
  },
  {
    name: 'stopped, and why',
    evidence: { 'service.TermService': service(3, { state: 'stopped', exitCode: 1079 }) },
    verdict: 'confirmed',
    facts: ['service.TermService'],
    says: ['stopped with error 1079'],
  },
  {
    name: 'stopped with an error of its own',
    evidence: {
      'service.TermService': service(3, { state: 'stopped', exitCode: 1066, serviceExitCode: 7 }),
    },
    verdict: 'confirmed',
    facts: ['service.TermService'],
    says: ['stopped with its own error 7'],
  },
  {
    name: 'never started since Windows was, long ago',
    evidence: {
      'service.TermService': service(3, { state: 'stopped', exitCode: 1077 }),
      'os.startedAt': onDisk('2026-03-01T10:00:00.000Z'),
    },
    verdict: 'confirmed',
    facts: ['service.TermService'],
    says: [/it is stopped\.$/],
  },
  {
    name: 'never started since Windows was, a minute ago',
    evidence: {
      'service.TermService': service(3, { state: 'stopped', exitCode: 1077 }),
      'os.startedAt': onDisk('2026-03-01T11:59:00.000Z'),
    },
    verdict: 'inconclusive',
    facts: ['service.TermService'],
    says: ['only 1 min before'],
  },
  {
    name: 'starting',
    evidence: { ...HEALTHY, 'service.TermService': service(3, { ...ACCOUNT, state: 'start-pending' }) },
    verdict: 'inconclusive',
    facts: ['service.TermService'],
  },
  ...(['stop-pending', 'paused'] as const).map((state) => ({
    name: state,
    evidence: { ...HEALTHY, 'service.TermService': service(3, { ...ACCOUNT, state }) },
    verdict: 'likely' as const,
    facts: ['service.TermService'] as const,
    says: [state],
  })),
  {
    name: 'running is enough',
    evidence: { 'service.TermService': service(3, { ...ACCOUNT, state: 'running' }) },
    verdict: 'ruled-out',
    facts: ['service.TermService'],
  },
  {
    name: 'running, whatever failed before',
    evidence: {
      ...HEALTHY,
      'service.TermService': service(3, { ...ACCOUNT, state: 'running' }),
      'events.relevant': timeline(FAILURE),
    },
    verdict: 'ruled-out',
    facts: ['service.TermService'],
  },
  {
    name: 'running, and what it needs was disabled since',
    evidence: {
      ...HEALTHY,
      'service.TermService': service(3, { ...ACCOUNT, state: 'running' }),
      'service.TermService.dependencies': needs([{ name: 'RpcSs', startType: 4 }]),
    },
    verdict: 'likely',
    facts: ['service.TermService', 'service.TermService.dependencies'],
    says: ['not in effect now'],
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
    says: ['not in effect now'],
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
    facts: ['events.relevant', 'service.TermService'],
    says: ['7000', '%%1058', 'System.evtx#1030'],
  },
  {
    name: 'it failed and started afterwards',
    evidence: {
      ...REST,
      'service.TermService': service(3, ACCOUNT),
      'events.relevant': timeline(FAILURE, event('RemoteConnectionManager', 258, 40)),
    },
    verdict: 'ruled-out',
    facts: FACTS,
  },
  {
    name: 'other services fail, its redirector too',
    evidence: {
      ...REST,
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
    facts: FACTS,
  },
  {
    name: 'on demand as it should be',
    evidence: { ...REST, 'service.TermService': service(3, ACCOUNT) },
    verdict: 'ruled-out',
    facts: FACTS,
    says: ['on demand as NT Authority\\NetworkService'],
  },
  {
    name: 'an account written in another way',
    evidence: { ...REST, 'service.TermService': service(2, { objectName: 'NT AUTHORITY\\Network Service' }) },
    verdict: 'ruled-out',
    facts: FACTS,
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
    facts: FACTS,
    settledBy: ['HOST', '--disk', '--rpc'],
  },
  ...FACTS.map((name) => ({
    name: `${name} could not be read`,
    evidence: { ...HEALTHY, [name]: unseen('corrupt') },
    verdict: 'inconclusive' as const,
    facts: [name],
  })),
  {
    name: 'what it needs is disabled, two services further down',
    evidence: {
      ...HEALTHY,
      'service.TermService.dependencies': needs([{ name: 'DcomLaunch', startType: 4 }]),
    },
    verdict: 'confirmed',
    facts: ['service.TermService.dependencies'],
    says: ['DcomLaunch, which RpcSs depends on, is disabled'],
  },
  {
    name: 'what it needs does not exist',
    evidence: { ...HEALTHY, 'service.TermService.dependencies': needs([{ name: 'TermDD' }]) },
    verdict: 'confirmed',
    facts: ['service.TermService.dependencies'],
    says: ['TermDD', 'does not exist'],
  },
  {
    name: 'what it needs is disabled, and its own key could not be read',
    evidence: {
      ...HEALTHY,
      'service.TermService': unseen('corrupt'),
      'service.TermService.dependencies': needs([{ name: 'LSM', startType: 4 }]),
    },
    verdict: 'confirmed',
    facts: ['service.TermService.dependencies'],
  },
  {
    name: 'it needs a group, whose members nobody looked up',
    evidence: { ...HEALTHY, 'service.TermService.dependencies': needs([], ['NetworkProvider']) },
    verdict: 'inconclusive',
    facts: ['service.TermService.dependencies'],
    says: ['NetworkProvider'],
  },
  {
    name: 'no account is named',
    evidence: { ...HEALTHY, 'service.TermService': service(3) },
    verdict: 'inconclusive',
    facts: ['service.TermService'],
    says: ['ObjectName'],
  },
  {
    name: 'another program',
    evidence: { ...HEALTHY, 'service.TermService.program': program({ imagePath: 'C:\\Temp\\svc.exe' }) },
    verdict: 'likely',
    facts: ['service.TermService.program'],
    says: ['C:\\Temp\\svc.exe', 'svchost.exe'],
  },
  {
    name: 'a program of the right name in another folder',
    evidence: {
      ...HEALTHY,
      'service.TermService.program': program({ imagePath: 'C:\\Temp\\svchost.exe -k termsvcs' }),
    },
    verdict: 'likely',
    facts: ['service.TermService.program'],
  },
  {
    name: 'the program is not on the disk',
    evidence: { ...HEALTHY, 'service.TermService.program': program({ image: 'missing' }) },
    verdict: 'confirmed',
    facts: ['service.TermService.program'],
  },
  {
    name: 'no program is named',
    evidence: {
      ...HEALTHY,
      'service.TermService.program': program({
        imagePath: undefined,
        image: undefined,
        hostGroup: undefined,
      }),
    },
    verdict: 'likely',
    facts: ['service.TermService.program'],
    says: ['it has no ImagePath'],
  },
  {
    name: 'the program names no group',
    evidence: {
      ...HEALTHY,
      'service.TermService.program': program({
        imagePath: '%SystemRoot%\\System32\\svchost.exe',
        hostGroup: undefined,
      }),
    },
    verdict: 'likely',
    facts: ['service.TermService.program'],
    says: ['-k'],
  },
  {
    name: 'its group does not list it',
    evidence: {
      ...HEALTHY,
      'service.TermService.program': program({ hostGroup: { name: 'termsvcs', lists: false } }),
    },
    verdict: 'confirmed',
    facts: ['service.TermService.program'],
    says: ['1083', 'termsvcs'],
  },
  {
    name: 'no library is named',
    evidence: {
      ...HEALTHY,
      'service.TermService.program': program({ serviceDll: undefined, library: undefined }),
    },
    verdict: 'likely',
    facts: ['service.TermService.program'],
    says: ['ServiceDll'],
  },
  {
    name: 'no library is named, and nobody saw the files either: the disk may hold a part of Windows',
    evidence: {
      ...HEALTHY,
      'service.TermService.program': program({
        serviceDll: undefined,
        library: undefined,
        image: 'unknown',
        problem: 'this disk does not hold all of Windows',
      }),
    },
    verdict: 'inconclusive',
    facts: ['service.TermService.program'],
    says: ['does not hold all of Windows'],
  },
  {
    name: 'the library is not on the disk',
    evidence: { ...HEALTHY, 'service.TermService.program': program({ library: 'missing' }) },
    verdict: 'confirmed',
    facts: ['service.TermService.program'],
    says: ['termsrv.dll'],
  },
  {
    name: "a library that is not Windows' own works",
    evidence: {
      ...HEALTHY,
      'service.TermService.program': program({ serviceDll: 'C:\\Program Files\\RDP Wrapper\\rdpwrap.dll' }),
    },
    verdict: 'ruled-out',
    facts: FACTS,
  },
  ...(['image', 'library'] as const).map((part) => ({
    name: `nobody could look for the ${part}`,
    evidence: {
      ...HEALTHY,
      'service.TermService.program': program({ [part]: 'unknown', problem: 'there are only hives' }),
    },
    verdict: 'inconclusive' as const,
    facts: ['service.TermService.program'] as const,
    says: ['there are only hives'],
  })),
  {
    name: 'another library, and nobody could look for it',
    evidence: {
      ...HEALTHY,
      'service.TermService.program': program({ serviceDll: 'C:\\odd.dll', library: 'unknown' }),
    },
    verdict: 'likely',
    facts: ['service.TermService.program'],
    says: ['C:\\odd.dll'],
  },
  {
    name: 'the groups of svchost were not read',
    evidence: {
      ...HEALTHY,
      'service.TermService.program': program({ hostGroup: { name: 'termsvcs', lists: 'unknown' } }),
    },
    verdict: 'inconclusive',
    facts: ['service.TermService.program'],
  },
  {
    name: 'the program in quotes, in another spelling',
    evidence: {
      ...HEALTHY,
      'service.TermService.program': program({
        imagePath: '"C:\\WINDOWS\\system32\\SvcHost.exe" -k termsvcs -s TermService',
      }),
    },
    verdict: 'ruled-out',
    facts: FACTS,
  },
  {
    name: 'it failed once, and the listener answers',
    evidence: {
      ...HEALTHY,
      'rdp.negotiation': seen([selected(0xb, 2)]),
      'events.relevant': timeline(
        event('Service Control Manager', 7000, 30, { param1: 'TermService', param2: '%%1053' }),
      ),
    },
    verdict: 'ruled-out',
    facts: ['rdp.negotiation'],
  },
]);

test("a library that is not Windows' own is a remark", () => {
  const remarkOn = (serviceDll: string) =>
    rdpServiceDisabled.judge(
      { ...HEALTHY, 'service.TermService.program': program({ serviceDll }) },
      { client: undefined, supportedClients: [] },
    ).remark;
  assert.match(remarkOn('C:\\rdpwrap.dll') ?? '', /loads C:\\rdpwrap\.dll/);
  assert.equal(remarkOn('C:\\Windows\\system32\\TermSrv.dll'), undefined);
});
