import { defineCause } from '../model/cause.ts';
import { leftOpenByChannel, verifiedChannel } from './_channel.ts';
import { describeMembership, ruledOutByMembership, showsTrust } from './_domain.ts';
import { describeEvent, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { citing, likely, ruledOut, seenValue } from './_judge.ts';
import { citingLogs, describeRefused, refusedOnTheWire, refusedWith, timelineWithLogons } from './_logons.ts';

/** STATUS_NO_TRUST_SAM_ACCOUNT: the controller has no usable account for this machine. */
const NO_ACCOUNT: ReadonlySet<number> = new Set([0xc000018b]);
/** NETLOGON at the member: the controller does not have the account needed. 5723 and 5805 stand in a controller's log and speak of other machines. */
const NO_ACCOUNT_AT_CONTROLLER = 5721;

const isRefusal = refusedWith(NO_ACCOUNT);

export const computerAccountMissing = defineCause({
  id: 'computer-account-missing',
  title: 'The domain has no account for this machine',
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
    ['events.relevant', 'domain.membership'],
    ['logon.failures', 'domain.membership'],
  ],
  prior: 0.01,
  remedies: [],
  advice:
    'Look for the computer object in Active Directory: it may be deleted, disabled, or not yet replicated to the controller that was asked. Restore it from the Active Directory Recycle Bin if you can, because a new one with the same name has a different SID; then reset the secure channel. Meanwhile, sign in with a local account.',
  judge(evidence) {
    const elsewhere = ruledOutByMembership(evidence);
    if (elsewhere !== undefined) return elsewhere;
    const channel = verifiedChannel(evidence);
    if (channel?.works === false && channel.state === 'no-account') {
      return likely(
        citing(evidence, 'secureChannel.state', 'domain.membership'),
        `${channel.words}: the controller has no usable account for this machine. Whether it was deleted, disabled or not yet replicated cannot be told from here.`,
      );
    }
    const refusal = refusedOnTheWire(evidence, NO_ACCOUNT);
    if (refusal !== undefined) {
      return likely(
        [refusal.fact],
        `${refusal.words}: the controller has no usable account for this machine. Whether it was deleted, disabled or not yet replicated cannot be told from here.`,
      );
    }
    if (channel?.works === true) {
      return ruledOut(citing(evidence, 'secureChannel.state', 'domain.membership'), `${channel.words}.`);
    }
    const membership = seenValue(evidence['domain.membership']);
    const timeline = timelineWithLogons(evidence);
    const open = (question: string) =>
      leftOpenByChannel(
        evidence,
        question,
        ['events.relevant', 'logon.failures'],
        ['--dc', '--rpc', '--disk'],
      );
    if (timeline === undefined) return open('whether the domain has an account for this machine');
    const { proving, refuting, later } = weighEvents(timeline, 'computer-account-missing', {
      proves: (event) => isEvent(event, PROVIDER.netlogon, NO_ACCOUNT_AT_CONTROLLER) || isRefusal(event),
      refutes: showsTrust(membership),
    });
    if (later === 'proving') {
      const who =
        membership === undefined ? 'this machine' : `this machine, ${describeMembership(membership)}`;
      return likely(
        citingLogs(evidence, 'domain.membership'),
        `${isRefusal(proving) ? `${describeRefused(proving)}: the` : 'The'} controller has no account for ${who} (${describeEvent(proving)}). ${
          refuting === undefined
            ? 'The logs show no later success.'
            : `The last sign of a working trust is older: ${describeEvent(refuting)}.`
        }`,
      );
    }
    if (later === 'refuting' && membership !== undefined) {
      return ruledOut(
        citingLogs(evidence, 'domain.membership'),
        `The latest sign is that the domain knew this machine: ${describeEvent(refuting)}.`,
      );
    }
    return open('whether the domain has an account for this machine');
  },
});
