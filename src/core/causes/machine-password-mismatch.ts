import { defineCause, type Judgement, type NamedUser } from '../model/cause.ts';
import { counted } from '../model/counted.ts';
import type { Evidence } from '../model/facts.ts';
import { isDomainAccount } from '../windows/account-name.ts';
import { type ChannelWord, verifiedChannel } from './_channel.ts';
import { ruledOutByMembership, showsTrust } from './_domain.ts';
import { describeEvent, isEvent, lastAlive, PROVIDER, weighEvents } from './_events.ts';
import { decapitalise } from './_inside.ts';
import { cannotTell, citing, confirmed, likely, ruledOut, seenValue } from './_judge.ts';
import { moment, span } from './_words.ts';

const DAY_MILLIS = 86_400_000;

/** A password this many times over its age was not changed although it should have been, more than once. */
const FAR_OLDER = 2;

/** The controller did not accept the password, has no valid account, or did not take a new one; a secret that did not work. */
const NOT_ACCEPTED = [3210, 5721, 3224];
const SECRET_UNUSABLE = 6027;

export const machinePasswordMismatch = defineCause({
  id: 'machine-password-mismatch',
  title: 'The machine and its domain hold different machine passwords',
  stage: 'logon',
  uses: [
    'domain.membership',
    'secureChannel.state',
    'machinePassword.changedAt',
    'events.relevant',
    'computer.name',
  ],
  ruledOutBy: [
    ['domain.membership'],
    ['secureChannel.state'],
    ['events.relevant'],
    ['events.relevant', 'domain.membership'],
  ],
  prior: 0.05,
  remedies: [],
  advice:
    "Compare when the password last changed on the machine with pwdLastSet of its computer object on every controller. If the machine's is older (a restored snapshot), reset it with Reset-ComputerMachinePassword -Server CONTROLLER and a credential; if the domain's is older, repair replication first.",
  judge(evidence, { user }) {
    const elsewhere = ruledOutByMembership(evidence);
    if (elsewhere !== undefined) return elsewhere;
    const channel = verifiedChannel(evidence);
    const tried = channel === undefined ? undefined : judgeChannel(evidence, channel, user);
    if (tried !== undefined) return tried;
    const membership = seenValue(evidence['domain.membership']);
    const password = evidence['machinePassword.changedAt'];
    if (password?.state === 'absent' && membership?.joined === true) {
      return likely(
        ['machinePassword.changedAt', 'domain.membership'],
        'The machine is a member of a domain but holds no password for its account there, so it cannot prove its identity.',
      );
    }
    const timeline = seenValue(evidence['events.relevant']);
    const word =
      timeline === undefined
        ? undefined
        : weighEvents(timeline, 'machine-password-mismatch', {
            proves: (event) =>
              isEvent(event, PROVIDER.netlogon, ...NOT_ACCEPTED) ||
              isEvent(event, PROVIDER.lsa, SECRET_UNUSABLE),
            refutes: showsTrust(membership),
          });
    if (word?.later === 'refuting') {
      return ruledOut(
        citing(evidence, 'events.relevant', 'domain.membership'),
        `The latest sign is that the domain accepted this machine: ${describeEvent(word.refuting)}.`,
      );
    }
    const age = describeAge(evidence);
    if (word?.later === 'proving' && age?.overdue === true) {
      return likely(
        citing(evidence, 'events.relevant', 'machinePassword.changedAt', 'domain.membership'),
        `${age.words}, and the domain did not accept the machine: ${describeEvent(word.proving)}. A machine that was restored to an earlier state looks like this.`,
      );
    }
    const hints = [
      ...(age === undefined ? [] : [decapitalise(age.words)]),
      ...(word?.later === 'proving' ? [`${describeEvent(word.proving)} can have other reasons`] : []),
    ];
    return cannotTell(
      evidence,
      `whether the machine and its domain hold the same machine password, which only the time of the last change in the domain shows${
        hints.length === 0 ? '' : ` (${hints.join('; ')})`
      }`,
      ['machinePassword.changedAt', 'events.relevant'],
      ['--dc', '--disk'],
    );
  },
});

/** What trying the channel says of the password; nothing, where it failed for another reason. */
function judgeChannel(
  evidence: Pick<
    Evidence,
    | 'secureChannel.state'
    | 'domain.membership'
    | 'computer.name'
    | 'machinePassword.changedAt'
    | 'events.relevant'
  >,
  channel: ChannelWord,
  user: NamedUser | undefined,
): Judgement | undefined {
  const because = citing(evidence, 'secureChannel.state', 'domain.membership');
  if (channel.works) {
    return ruledOut(
      because,
      `${channel.words}: the controller accepted the password that the machine holds.`,
    );
  }
  if (channel.state === 'no-secret') {
    const place = {
      computer: seenValue(evidence['computer.name']),
      membership: seenValue(evidence['domain.membership']),
    };
    const stops = user !== undefined && isDomainAccount(user, place) ? confirmed : likely;
    return stops(
      because,
      `${channel.words}: it holds no password for its account in the domain. Users of the domain are refused; local accounts need no domain.`,
    );
  }
  if (channel.state !== 'password') return undefined;
  const age = describeAge(evidence);
  return likely(
    age === undefined
      ? because
      : citing(evidence, 'secureChannel.state', 'domain.membership', 'machinePassword.changedAt'),
    `${channel.words}: the controller did not accept the machine's password.${
      age === undefined ? '' : ` ${age.words}.`
    } Which of the two is the older one only pwdLastSet in the domain tells.`,
  );
}

/** How old the password was when the machine last wrote to its logs; where that is not known, when it was looked at. */
function describeAge(
  evidence: Pick<Evidence, 'machinePassword.changedAt' | 'events.relevant'>,
): { readonly words: string; readonly overdue: boolean } | undefined {
  const password = evidence['machinePassword.changedAt'];
  if (password?.state !== 'present') return undefined;
  const timeline = seenValue(evidence['events.relevant']);
  const at = (timeline === undefined ? undefined : lastAlive(timeline)) ?? password.from.observedAt;
  const { changedAt, changesDisabled, maximumAgeDays } = password.value;
  const age = Date.parse(at) - Date.parse(changedAt);
  if (Number.isNaN(age)) return undefined;
  return {
    words: `The machine's password was last changed at ${moment(changedAt)}, ${span(age / 1000)} ${age < 0 ? 'after' : 'before'} ${moment(at)}${
      changesDisabled
        ? ', and password changes are switched off'
        : `, and a change is due every ${counted(maximumAgeDays, 'day')}`
    }`,
    overdue: !changesDisabled && age > FAR_OLDER * maximumAgeDays * DAY_MILLIS,
  };
}
