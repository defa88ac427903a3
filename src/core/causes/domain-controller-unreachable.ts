import type { ChannelState } from '../knowledge/secure-channel-status.ts';
import { defineCause } from '../model/cause.ts';
import { leftOpenByChannel, verifiedChannel } from './_channel.ts';
import { ruledOutByMembership, showsController } from './_domain.ts';
import { describeEvent, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { citing, likely, ruledOut, seenValue } from './_judge.ts';
import { citingLogs, describeRefused, refusedOnTheWire, refusedWith, timelineWithLogons } from './_logons.ts';

/** Statuses with which a member says that it found no controller. */
const NO_CONTROLLER: ReadonlySet<number> = new Set([
  0xc000005e, // STATUS_NO_LOGON_SERVERS
  0xc0000233, // STATUS_DOMAIN_CONTROLLER_NOT_FOUND
  0xc0000388, // STATUS_DOWNGRADE_DETECTED: no controller that could be reached safely
]);

/** NETLOGON: no session with any controller, no primary controller, session unresponsive. */
const NO_SESSION = [5719, 3096, 5783];
/** Group Policy: no controller name, computer name not resolved, no network to a controller. */
const NO_POLICY = [1054, 1055, 1129];

const isRefusal = refusedWith(NO_CONTROLLER);

/** States of a channel that failed which only a controller can tell the machine. */
function isAnswer(state: ChannelState | undefined): boolean {
  return state === 'password' || state === 'no-account' || state === 'disabled';
}

export const domainControllerUnreachable = defineCause({
  id: 'domain-controller-unreachable',
  title: 'The machine cannot reach a domain controller',
  stage: 'logon',
  uses: [
    'domain.membership',
    'secureChannel.state',
    'events.relevant',
    'nla.logon',
    'ntlm.refusal',
    'logon.failures',
  ],
  ruledOutBy: [
    ['domain.membership'],
    ['secureChannel.state'],
    ['events.relevant'],
    ['events.relevant', 'domain.membership'],
  ],
  prior: 0.08,
  remedies: [],
  advice:
    "Check in this order: that a domain controller is running, that the machine uses its domain's DNS servers, and that the network lets it reach the controller on ports 53, 88, 135, 389, 445 and 49152 to 65535. Meanwhile, sign in with a local account.",
  judge(evidence) {
    const elsewhere = ruledOutByMembership(evidence);
    if (elsewhere !== undefined) return elsewhere;
    const channel = verifiedChannel(evidence);
    if (channel?.works === false && channel.state === 'no-controller') {
      return likely(
        citing(evidence, 'secureChannel.state', 'domain.membership'),
        `${channel.words}: it found no domain controller, or none that answered. Local accounts do not need one.`,
      );
    }
    const refusal = refusedOnTheWire(evidence, NO_CONTROLLER);
    if (refusal !== undefined) {
      return likely(
        [refusal.fact],
        `${refusal.words}: it found no domain controller to check the user. Local accounts do not need one.`,
      );
    }
    if (channel !== undefined && (channel.works || isAnswer(channel.state))) {
      return ruledOut(
        citing(evidence, 'secureChannel.state', 'domain.membership'),
        channel.works ? `${channel.words}.` : `${channel.words}: that is what a controller answered.`,
      );
    }
    const timeline = timelineWithLogons(evidence);
    const open = (question: string) =>
      leftOpenByChannel(evidence, question, ['events.relevant'], ['--rpc', '--dc', '--disk']);
    if (timeline === undefined) return open('whether the machine can reach a domain controller');
    const { proving, refuting, later } = weighEvents(timeline, 'domain-controller-unreachable', {
      proves: (event) =>
        isEvent(event, PROVIDER.netlogon, ...NO_SESSION) ||
        isEvent(event, PROVIDER.policy, ...NO_POLICY) ||
        isRefusal(event),
      refutes: showsController(seenValue(evidence['domain.membership'])),
    });
    const because = citingLogs(evidence, 'domain.membership');
    if (later === 'proving') {
      return likely(
        because,
        `${isRefusal(proving) ? `${describeRefused(proving)}: the` : 'The'} machine found no domain controller (${describeEvent(proving)}). ${
          refuting === undefined
            ? 'The logs show no later success'
            : `The last success was earlier, ${describeEvent(refuting)}`
        }; a single such event at startup is harmless if a success follows it.`,
      );
    }
    if (later === 'refuting') {
      return ruledOut(
        because,
        `The latest sign is that a domain controller was reached: ${describeEvent(refuting)}${
          proving === undefined ? '' : `, after ${describeEvent(proving)}`
        }.`,
      );
    }
    return open('whether the machine can reach a domain controller');
  },
});
