import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { EventTimeline, WindowsService } from '../model/windows-facts.ts';
import { describeEvent, isEvent, mentions, PROVIDER, weighEvents } from './_events.ts';
import { cannotTellFrom, INSIDE, weigh } from './_inside.ts';
import { cannotTell, citing, confirmed, likely, ruledOut, seenValue, suspected } from './_judge.ts';
import { describeRow, findRdpAnswer } from './_negotiation.ts';
import {
  blockersIn,
  DISABLED,
  describeBlockers,
  describeGroups,
  describeStart,
  describeState,
  hasFailed,
} from './_services.ts';
import { hasJustStarted, sinceStart } from './_started.ts';
import { judgeProgram, openInProgram, remarkOnLibrary } from './_term-service.ts';

/** The account of TermService, as the service control manager takes it. */
const ACCOUNT = /^(?:nt authority\\)?network ?service$/i;

/** Failures of a service to start or to go on; 7040 only tells that the start type was changed. */
const START_FAILURES = [7000, 7001, 7009, 7011, 7022, 7023, 7024, 7031, 7034, 7038, 7041];
const LISTENER_STARTED = 258;

const FACTS = [
  'service.TermService',
  'service.TermService.program',
  'service.TermService.dependencies',
] as const;

type Used = (typeof FACTS)[number] | 'events.relevant' | 'os.startedAt' | 'clock.skewSeconds';

export const rdpServiceDisabled = defineCause({
  id: 'rdp-service-disabled',
  title: 'The Remote Desktop service does not run',
  stage: 'reach',
  uses: [
    'rdp.negotiation',
    'service.TermService',
    'service.TermService.program',
    'service.TermService.dependencies',
    'events.relevant',
    'os.startedAt',
    'clock.skewSeconds',
  ],
  ruledOutBy: [['rdp.negotiation'], ['service.TermService'], FACTS],
  prior: 0.02,
  remedies: [],
  advice:
    "Set TermService and every service it depends on back to how Windows ships them (TermService starts on demand as NT AUTHORITY\\NetworkService) and start it. If it fails, the Service Control Manager's error in the System log says why.",
  judge(evidence) {
    const answer = findRdpAnswer(evidence);
    const inside = judgeService(evidence);
    if (answer === undefined) return weighState(evidence, inside);
    const outside = ruledOut(
      ['rdp.negotiation'],
      `The service is running, because the listener answers: ${describeRow(answer)}.`,
    );
    return weigh(evidence, outside, inside);
  },
});

/** A service that runs now has nothing that keeps it from running; what is set may keep it from the next start. */
function weighState(evidence: Pick<Evidence, Used>, inside: Judgement): Judgement {
  const service = seenValue(evidence['service.TermService']);
  return service === undefined || service.state !== 'running' || service.startType === DISABLED
    ? inside
    : weigh(evidence, ruledOut(['service.TermService'], `TermService is ${describeStart(service)}.`), inside);
}

function judgeService(evidence: Pick<Evidence, Used>): Judgement {
  const observed = evidence['service.TermService'];
  if (observed?.state === 'absent') {
    return confirmed(['service.TermService'], 'The service TermService does not exist on this machine.');
  }
  const service = seenValue(observed);
  const state = service === undefined ? undefined : stateOf(evidence, service);
  if (state !== undefined) return state;
  const needs = seenValue(evidence['service.TermService.dependencies']);
  const blockers = needs === undefined ? [] : blockersIn(needs);
  if (blockers.length > 0) {
    return confirmed(
      ['service.TermService.dependencies'],
      `TermService cannot start without the services it depends on: ${describeBlockers(blockers)}.`,
    );
  }
  const program = seenValue(evidence['service.TermService.program']);
  const damage = program === undefined ? undefined : judgeProgram(program);
  if (damage !== undefined) return damage;
  const timeline = seenValue(evidence['events.relevant']);
  const failure = timeline === undefined ? undefined : findFailure(timeline);
  if (failure !== undefined) {
    return suspected(citing(evidence, 'events.relevant', 'service.TermService'), failure);
  }
  if (service === undefined || program === undefined || needs === undefined) {
    return cannotTellFrom(evidence, 'whether the Remote Desktop service can start', FACTS, [
      'HOST',
      ...INSIDE,
    ]);
  }
  if (service.objectName === undefined) {
    return cannotTell(
      evidence,
      'which account TermService runs as, because its key names none (ObjectName)',
      ['service.TermService'],
      ['HOST', ...INSIDE],
    );
  }
  if (needs.groups.length > 0) {
    return cannotTell(
      evidence,
      `whether the Remote Desktop service can start (${describeGroups(needs)})`,
      ['service.TermService.dependencies'],
      ['HOST', '--rpc'],
    );
  }
  const open = openInProgram(program);
  if (open !== undefined) {
    return cannotTell(
      evidence,
      `whether the program of TermService is intact (${open})`,
      ['service.TermService.program'],
      ['HOST', ...INSIDE],
    );
  }
  const remark = remarkOnLibrary(program);
  return {
    ...ruledOut(
      FACTS,
      `TermService is ${describeStart(service)}, its program exists, and none of the services it depends on is disabled.`,
    ),
    ...(remark === undefined ? {} : { remark }),
  };
}

function stateOf(
  evidence: Pick<Evidence, 'service.TermService' | 'os.startedAt' | 'clock.skewSeconds'>,
  service: WindowsService,
): Judgement | undefined {
  const because = ['service.TermService'] as const;
  if (service.startType === DISABLED) {
    return service.state === 'running'
      ? likely(because, 'TermService is disabled but still running; once it stops, it will not start again.')
      : confirmed(because, 'TermService, which provides the listener, is disabled (start type 4).');
  }
  if (service.objectName !== undefined && !ACCOUNT.test(service.objectName)) {
    return likely(
      because,
      `TermService is set to run as ${service.objectName} instead of NT AUTHORITY\\NetworkService. It shares its process with services of that account, so it usually fails to start, with error 1079.`,
    );
  }
  switch (service.state) {
    case undefined:
    case 'running':
      return undefined;
    case 'start-pending':
      return cannotTell(
        evidence,
        'whether the Remote Desktop service comes up, because it is starting',
        ['service.TermService'],
        ['HOST', '--rpc'],
      );
    case 'stopped':
      return hasJustStarted(evidence) && !hasFailed(service)
        ? cannotTell(
            evidence,
            `whether the Remote Desktop service comes up, because Windows started only ${sinceStart(evidence)} before`,
            ['service.TermService'],
            ['HOST', '--rpc'],
          )
        : confirmed(
            because,
            `TermService, which provides the listener, is not running: it is ${describeState(service)}.`,
          );
    default:
      return likely(
        because,
        `TermService, which provides the listener, is not running as it should: its state is ${service.state}. A service that hangs there has to be ended with its process.`,
      );
  }
}

/** The newest failure of this very service that no later start of the listener has made good. */
function findFailure(timeline: EventTimeline): string | undefined {
  const word = weighEvents(timeline, 'rdp-service-disabled', {
    proves: (event) =>
      isEvent(event, PROVIDER.services, ...START_FAILURES) &&
      ['TermService', 'Remote Desktop Services'].some((name) => mentions(event, name)) &&
      !mentions(event, 'UserMode'),
    refutes: (event) => isEvent(event, PROVIDER.connections, LISTENER_STARTED),
  });
  return word.later !== 'proving'
    ? undefined
    : `The service failed and the listener has not started since: ${describeEvent(word.proving)}, ${Object.values(word.proving.fields).join(' ').slice(0, 120)}.`;
}
