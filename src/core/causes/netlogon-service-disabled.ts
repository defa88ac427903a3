import { defineCause } from '../model/cause.ts';
import { verifiedChannel } from './_channel.ts';
import { describeMembership, ruledOutByMembership } from './_domain.ts';
import { INSIDE } from './_inside.ts';
import { cannotTell, citing, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import {
  blockersIn,
  DISABLED,
  describeBlockers,
  describeGroups,
  describeStart,
  hasFailed,
} from './_services.ts';
import { hasJustStarted } from './_started.ts';
import { statusCode } from './_words.ts';

const AUTOMATIC = 2;
/** Of a machine in a workgroup, as Windows ships it. */
const ON_DEMAND = 3;
/** STATUS_NETLOGON_NOT_STARTED. */
const NOT_STARTED = 0xc0000192;

export const netlogonServiceDisabled = defineCause({
  id: 'netlogon-service-disabled',
  title: 'The Netlogon service is not running',
  stage: 'logon',
  uses: [
    'domain.membership',
    'service.Netlogon',
    'service.Netlogon.dependencies',
    'secureChannel.state',
    'os.startedAt',
    'clock.skewSeconds',
    'nla.logon',
  ],
  ruledOutBy: [
    ['domain.membership'],
    ['service.Netlogon'],
    ['service.Netlogon', 'service.Netlogon.dependencies'],
  ],
  prior: 0.01,
  remedies: [],
  advice:
    'Set the Netlogon service back to start automatically and start it. Meanwhile, sign in with a local account.',
  judge(evidence) {
    const elsewhere = ruledOutByMembership(evidence);
    if (elsewhere !== undefined) return elsewhere;
    const logon = seenValue(evidence['nla.logon']);
    if (logon?.status === NOT_STARTED) {
      return likely(
        ['nla.logon'],
        `The server refused the sign-in with ${statusCode(logon.status)} (${logon.name}): its Netlogon service is not running.`,
      );
    }
    const channel = verifiedChannel(evidence);
    if (channel?.works === false && channel.state === 'netlogon') {
      return likely(
        citing(evidence, 'secureChannel.state', 'service.Netlogon', 'domain.membership'),
        `${channel.words}: the Netlogon service is not running. Local accounts can sign in.`,
      );
    }
    const observed = evidence['service.Netlogon'];
    const membership = seenValue(evidence['domain.membership']);
    if (!isSeen(observed)) {
      return cannotTell(evidence, 'whether the Netlogon service is running', ['service.Netlogon'], INSIDE);
    }
    const because = citing(evidence, 'service.Netlogon', 'domain.membership');
    const whose =
      membership === undefined
        ? 'If the machine is a member of a domain,'
        : `The machine is ${describeMembership(membership)};`;
    const effect = `${whose} without it no controller can check a domain user, but local accounts can sign in.`;
    if (observed.state === 'absent') return likely(because, `The Netlogon service does not exist. ${effect}`);
    const service = observed.value;
    const word = `Netlogon is ${describeStart(service)}`;
    if (service.state === 'running') return ruledOut(because, `${word}.`);
    const isStarting =
      service.state === 'start-pending' ||
      (service.state === 'stopped' && !hasFailed(service) && hasJustStarted(evidence));
    if (service.startType !== DISABLED && isStarting) {
      return cannotTell(
        evidence,
        'whether the Netlogon service comes up, because it or Windows is only starting',
        ['service.Netlogon'],
        ['--rpc'],
      );
    }
    if (service.state === 'stopped' && service.startType === ON_DEMAND && membership === undefined) {
      return cannotTell(
        evidence,
        'whether the machine is a member of a domain, without which the Netlogon service does not run and is not needed',
        ['domain.membership'],
        INSIDE,
      );
    }
    if (service.startType === DISABLED || service.state !== undefined) {
      return likely(because, `${word}. ${effect}`);
    }
    const needs = seenValue(evidence['service.Netlogon.dependencies']);
    const blockers = needs === undefined ? [] : blockersIn(needs);
    if (blockers.length > 0) {
      return likely(
        citing(evidence, 'service.Netlogon.dependencies', 'domain.membership'),
        `Netlogon cannot start without the services it depends on: ${describeBlockers(blockers)}. ${effect}`,
      );
    }
    if (service.startType > AUTOMATIC && membership?.joined === true) {
      return likely(because, `${word}, but on a domain member it has to start automatically. ${effect}`);
    }
    if (needs === undefined || needs.groups.length > 0) {
      return cannotTell(
        evidence,
        `whether the Netlogon service can start${needs === undefined ? '' : ` (${describeGroups(needs)})`}`,
        ['service.Netlogon.dependencies'],
        INSIDE,
      );
    }
    return ruledOut(
      citing(evidence, 'service.Netlogon', 'service.Netlogon.dependencies', 'domain.membership'),
      `${word}, and none of the services it depends on is disabled.`,
    );
  },
});
