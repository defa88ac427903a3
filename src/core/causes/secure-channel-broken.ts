import { defineCause } from '../model/cause.ts';
import { describeMembership, ruledOutByMembership, showsTrust } from './_domain.ts';
import { describeEvent, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { cannotTell, likely, ruledOut, seenValue } from './_judge.ts';
import { citingLogs, describeRefused, refusedOnTheWire, refusedWith, timelineWithLogons } from './_logons.ts';

/** Statuses with which a member says that its domain does not trust it. 0xC000018B is `computer-account-missing`. */
const NO_TRUST: ReadonlySet<number> = new Set([
  0xc000018a, // STATUS_NO_TRUST_LSA_SECRET
  0xc000018d, // STATUS_TRUSTED_RELATIONSHIP_FAILURE
  0xc0000190, // STATUS_TRUST_FAILURE
]);

/**
 * What a member logs of its own channel: 3210 not accepted, 5721 no valid account. 5722, 5723 and 5805
 * stand in a controller's log and speak of other machines.
 */
const NOT_TRUSTED = [3210, 5721];
const NO_SESSION = 5719;

const isRefusal = refusedWith(NO_TRUST);

export const secureChannelBroken = defineCause({
  id: 'secure-channel-broken',
  title: 'The secure channel to the domain is broken',
  stage: 'logon',
  uses: ['domain.membership', 'events.relevant', 'nla.logon', 'ntlm.refusal', 'logon.failures'],
  ruledOutBy: [['domain.membership'], ['events.relevant'], ['events.relevant', 'domain.membership']],
  prior: 0.07,
  remedies: [],
  advice:
    'Sign in with a local account, make sure that a domain controller can be reached, and check with nltest /sc_verify:DOMAIN; then reset the channel (Test-ComputerSecureChannel -Repair with a credential). Do not restore an older snapshot afterwards.',
  judge(evidence) {
    const elsewhere = ruledOutByMembership(evidence);
    if (elsewhere !== undefined) return elsewhere;
    const refusal = refusedOnTheWire(evidence, NO_TRUST);
    if (refusal !== undefined) {
      return likely(
        [refusal.fact],
        `${refusal.words}: the server itself says that the trust between it and the domain does not work.`,
      );
    }
    const membership = seenValue(evidence['domain.membership']);
    const timeline = timelineWithLogons(evidence);
    if (timeline === undefined) return open(evidence, 'whether the domain trusts this machine');
    const because = citingLogs(evidence, 'domain.membership');
    const { proving, refuting, later } = weighEvents(timeline, 'secure-channel-broken', {
      proves: (event) => isEvent(event, PROVIDER.netlogon, ...NOT_TRUSTED) || isRefusal(event),
      refutes: showsTrust(membership),
    });
    if (later === 'proving') {
      return likely(
        because,
        `${
          isRefusal(proving)
            ? `${describeRefused(proving)}: the trust between this machine and its domain failed`
            : `A controller did not accept this machine${membership === undefined ? '' : `, ${describeMembership(membership)}`}`
        } (${describeEvent(proving)}). ${
          refuting === undefined
            ? 'The logs show no later success.'
            : `The last sign of a working trust is older: ${describeEvent(refuting)}.`
        } Only a check on the running machine proves it.`,
      );
    }
    if (later === 'refuting') {
      return ruledOut(
        because,
        `The latest sign is that the trust works: ${describeEvent(refuting)}${
          proving === undefined ? '' : `, after ${describeEvent(proving)}`
        }.`,
      );
    }
    const session = weighEvents(timeline, 'secure-channel-broken', {
      proves: (event) => isEvent(event, PROVIDER.netlogon, NO_SESSION),
    }).proving;
    return open(
      evidence,
      session === undefined
        ? 'whether the domain trusts this machine'
        : `whether the domain trusts this machine, because ${describeEvent(session)} is about reaching a controller, not about trust`,
    );
  },
});

function open(evidence: Parameters<typeof cannotTell>[0], question: string): ReturnType<typeof cannotTell> {
  return cannotTell(evidence, question, ['events.relevant'], ['--rpc', '--dc', '--disk']);
}
