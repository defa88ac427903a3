import type { ChannelState } from '../knowledge/secure-channel-status.ts';
import { defineCause, type Judgement, type NamedUser } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { isDomainAccount } from '../windows/account-name.ts';
import { leftOpenByChannel, rememberedFailure, verifiedChannel } from './_channel.ts';
import { describeMembership, ruledOutByMembership, showsTrust } from './_domain.ts';
import { describeEvent, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { decapitalise } from './_inside.ts';
import { citing, confirmed, likely, ruledOut, seenValue } from './_judge.ts';
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

/** What a channel that was tried and failed says of the trust; the states that are left out are about something else. */
const BROKEN: Readonly<Partial<Record<ChannelState, string>>> = {
  password: "the controller that was asked did not accept the machine's password",
  'no-secret': 'the machine holds no password for its account in the domain',
  'no-account':
    'the controller that was asked has no account for this machine that could be used: it is deleted, disabled or not there yet',
  disabled:
    "the controller that was asked calls the machine's account disabled, which it may also do for one that was deleted a moment ago",
  trust: 'the trust between the machine and its domain does not work',
};

export const secureChannelBroken = defineCause({
  id: 'secure-channel-broken',
  title: 'The secure channel to the domain is broken',
  stage: 'logon',
  uses: [
    'domain.membership',
    'secureChannel.state',
    'events.relevant',
    'nla.logon',
    'ntlm.refusal',
    'logon.failures',
    'computer.name',
  ],
  ruledOutBy: [
    ['domain.membership'],
    ['secureChannel.state'],
    ['events.relevant'],
    ['events.relevant', 'domain.membership'],
  ],
  prior: 0.07,
  remedies: [],
  advice:
    'Sign in with a local account, make sure that a domain controller can be reached, and check with nltest /sc_verify:DOMAIN; then reset the channel (Test-ComputerSecureChannel -Repair with a credential). Do not restore an older snapshot afterwards.',
  judge(evidence, { user }) {
    const elsewhere = ruledOutByMembership(evidence);
    if (elsewhere !== undefined) return elsewhere;
    const channel = verifiedChannel(evidence);
    if (channel?.works === false) return judgeFailed(evidence, channel, user);
    const refusal = refusedOnTheWire(evidence, NO_TRUST);
    if (refusal !== undefined) {
      return likely(
        citing(evidence, refusal.fact, ...(channel === undefined ? [] : ['secureChannel.state' as const])),
        `${refusal.words}: the server itself says that the trust between it and the domain does not work.${
          channel === undefined ? '' : ` ${channel.words}, so it may be the trust with another domain.`
        }`,
      );
    }
    if (channel !== undefined) {
      return ruledOut(citing(evidence, 'secureChannel.state', 'domain.membership'), `${channel.words}.`);
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

/** A channel cannot be reset with an account that is disabled. Samba says so of a deleted one too, while the old connection lasts. */
const ENABLE =
  "Sign in with a local account. Look for the machine's account in the domain: if it is disabled, ask its administrators why, and have it enabled (Enable-ADAccount); if it is gone, have it restored from the Active Directory Recycle Bin. Then check with nltest /sc_verify:DOMAIN.";

/** The channel was tried and failed: whom that stops, and whether it is about trust at all. */
function judgeFailed(
  evidence: Pick<Evidence, 'secureChannel.state' | 'domain.membership' | 'computer.name'>,
  { state, sure, stands, words }: Extract<ReturnType<typeof verifiedChannel>, { works: false }>,
  user: NamedUser | undefined,
): Judgement {
  const meaning = state === undefined ? 'what that status means is not known here' : BROKEN[state];
  if (meaning === undefined) {
    return open(
      evidence,
      `whether the domain trusts this machine, because the channel failed for another reason (${decapitalise(words)})`,
    );
  }
  const because = citing(evidence, 'secureChannel.state', 'domain.membership');
  const place = {
    computer: seenValue(evidence['computer.name']),
    membership: seenValue(evidence['domain.membership']),
  };
  const explanation = `${words}: ${meaning}. Users of the domain are refused${
    stands ? ', at the latest once the connection made before ends' : ''
  }; local accounts need no domain.`;
  const stops = sure && !stands && user !== undefined && isDomainAccount(user, place) ? confirmed : likely;
  return { ...stops(because, explanation), ...(state === 'disabled' ? { advice: ENABLE } : {}) };
}

function open(
  evidence: Pick<Evidence, 'secureChannel.state' | 'events.relevant'>,
  question: string,
): ReturnType<typeof leftOpenByChannel> {
  const remembered = rememberedFailure(evidence);
  return leftOpenByChannel(
    evidence,
    remembered === undefined ? question : `${question} (${decapitalise(remembered)})`,
    ['events.relevant'],
    ['--rpc', '--dc', '--disk'],
  );
}
