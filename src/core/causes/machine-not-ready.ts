import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { cannotTell, citing, isSeen, likely, ruledOut, seenValue, suspected } from './_judge.ts';
import { describeRow, findRdpAnswer } from './_negotiation.ts';
import { DISABLED, describeStart, hasFailed } from './_services.ts';
import { hasJustStarted, sinceStart } from './_started.ts';

const UNDONE = 'Remote Desktop lets nobody in before that is done.';

export const machineNotReady = defineCause({
  id: 'machine-not-ready',
  title: 'Windows is still starting, or no longer running',
  stage: 'reach',
  uses: [
    'rdp.negotiation',
    'service.TermService',
    'os.setup',
    'os.pendingRestart',
    'os.startedAt',
    'clock.skewSeconds',
  ],
  ruledOutBy: [['rdp.negotiation'], ['service.TermService', 'os.setup', 'os.pendingRestart']],
  prior: 0.03,
  remedies: [],
  advice:
    "Look at the machine's screen (on Azure the boot diagnostics screenshot) and wait: updates and a first start can take an hour. Do not switch it off while updates are being installed; restart it only where the screen has not moved for longer than that.",
  judge(evidence) {
    const answer = findRdpAnswer(evidence);
    if (answer !== undefined) {
      return ruledOut(
        ['rdp.negotiation'],
        `Windows runs, because its listener answers: ${describeRow(answer)}.`,
      );
    }
    return judgeUnfinished(evidence) ?? judgeStart(evidence);
  },
});

type Used = Pick<
  Evidence,
  'service.TermService' | 'os.setup' | 'os.pendingRestart' | 'os.startedAt' | 'clock.skewSeconds'
>;

/** Setup and servicing come before the services that let users in. */
function judgeUnfinished(evidence: Used): Judgement | undefined {
  const setup = seenValue(evidence['os.setup']);
  if (setup?.inProgress === true) {
    return likely(
      ['os.setup'],
      `Windows Setup is not finished (SystemSetupInProgress is set${
        setup.firstStart ? ', and so is OOBEInProgress' : ''
      }${setup.imageState === undefined ? '' : `; ${setup.imageState}`}), as after Sysprep, at a first start or during an upgrade. ${UNDONE}`,
    );
  }
  const servicing = seenValue(evidence['os.pendingRestart'])?.reasons.find(
    ({ reason }) => reason === 'servicing-now',
  );
  // A service that runs shows that the start went on all the same.
  return servicing === undefined || seenValue(evidence['service.TermService'])?.state === 'running'
    ? undefined
    : likely(
        citing(evidence, 'os.pendingRestart', 'service.TermService'),
        `Windows is installing updates at its start (${servicing.where}). ${UNDONE}`,
      );
}

/** By the service and by when Windows started. */
function judgeStart(evidence: Used): Judgement {
  if (evidence['service.TermService']?.state === 'absent') {
    return judgeInVain(evidence, 'TermService does not exist on this machine');
  }
  const service = seenValue(evidence['service.TermService']);
  const state = service?.state;
  if (
    service !== undefined &&
    state === 'stopped' &&
    (service.startType === DISABLED || hasFailed(service))
  ) {
    return judgeInVain(evidence, `TermService is ${describeStart(service)}`);
  }
  const since = sinceStart(evidence);
  if (state === 'running') {
    return ruledOut(
      citing(evidence, 'service.TermService', 'os.setup', 'os.pendingRestart'),
      `Windows runs${since === undefined ? '' : ` since ${since}`}: TermService is running, and neither setup nor servicing is at work.`,
    );
  }
  if (state === 'start-pending' || (state !== undefined && hasJustStarted(evidence))) {
    return suspected(
      citing(evidence, 'service.TermService', 'os.startedAt'),
      `TermService is ${state === 'start-pending' ? 'starting' : `${state}`}${
        since === undefined ? '' : `, and Windows started ${since} before`
      }: Remote Desktop may only need a moment.`,
    );
  }
  if (state !== undefined && since !== undefined) {
    return judgeInVain(evidence, `Windows runs since ${since} (TermService is ${state})`);
  }
  return cannotTell(
    evidence,
    'whether Windows is up and its services are there',
    isSeen(evidence['os.startedAt']) ? ['service.TermService'] : ['os.startedAt'],
    ['--rpc', 'HOST'],
  );
}

/** Who has no such service, or one that cannot start or failed to, or has waited long, waits for nothing. */
function judgeInVain(evidence: Used, why: string): Judgement {
  const rest = ['os.setup', 'os.pendingRestart'] as const;
  return rest.every((name) => isSeen(evidence[name]))
    ? ruledOut(
        ['service.TermService', ...rest],
        `${why}, and neither setup nor servicing is at work: waiting does not help.`,
      )
    : cannotTell(evidence, 'whether setup or servicing is at work', rest, ['--rpc', '--disk']);
}
