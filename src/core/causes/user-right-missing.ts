import { defineCause, type NamedUser } from '../model/cause.ts';
import type { EventTimeline, RelevantEvent } from '../model/windows-facts.ts';
import { isSameAccount } from '../windows/account-name.ts';
import { describeEvent, fieldOf, isEvent, PROVIDER } from './_events.ts';
import { INSIDE } from './_inside.ts';
import { cannotTell, confirmed, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { citingLogs, REMOTE_LOGONS, refusedOnTheWire, refusedWith, timelineWithLogons } from './_logons.ts';
import { describeRights, judgeRights } from './_rights.ts';

/** STATUS_LOGON_TYPE_NOT_GRANTED. */
const NOT_GRANTED: ReadonlySet<number> = new Set([0xc000015b]);

/** Security 4825: a user was denied Remote Desktop; 4624: a sign-in worked. */
const DENIED_AT_THE_SESSION = 4825;
const LOGON_SUCCEEDED = 4624;
const SESSION_LOGON = '10';
/** LocalSessionManager: somebody signed in to a session, or came back to one. */
const SESSION_BEGAN = [21, 25];

/** The rights, and what tells whose groups stand in them. */
const SEEN = ['user.rights', 'domain.membership', 'domain.sid', 'machine.sid'] as const;

export const userRightMissing = defineCause({
  id: 'user-right-missing',
  title: 'The user has no right to sign in remotely',
  stage: 'logon',
  uses: [
    'nla.logon',
    'ntlm.refusal',
    'user.rights',
    'rdp.nla',
    'listener.userAuthentication',
    'domain.membership',
    'domain.sid',
    'machine.sid',
    'os.productType',
    'computer.name',
    'events.relevant',
    'logon.failures',
  ],
  ruledOutBy: [SEEN],
  prior: 0.04,
  remedies: [],
  advice:
    'Sign in with an account that has the right, or add the user to Remote Desktop Users. If a group lacks "Allow log on through Remote Desktop Services" or "Access this computer from the network", or is denied either, change the policy that sets it; leave what a security baseline denies alone as long as another account can sign in.',
  judge(evidence, context) {
    const stated = refusedOnTheWire(evidence, NOT_GRANTED);
    if (stated !== undefined) {
      return (stated.fact === 'nla.logon' ? confirmed : likely)(
        [stated.fact],
        `${stated.words}: the user does not have the right to sign in this way, or is denied it.`,
      );
    }
    const rights = seenValue(evidence['user.rights']);
    const timeline = timelineWithLogons(evidence);
    const word = rights === undefined ? undefined : judgeRights(evidence, rights, context);
    const { finding, remark } = word ?? {};
    if (finding !== undefined && finding.verdict !== 'inconclusive') return finding;
    const refusal = timeline === undefined ? undefined : findRefusal(timeline);
    if (refusal !== undefined) {
      return likely(
        citingLogs(evidence, 'user.rights'),
        `A user was refused because the right to sign in this way is missing: ${refusal}.`,
      );
    }
    if (finding !== undefined) return finding;
    if (rights === undefined || !SEEN.every((name) => isSeen(evidence[name]))) {
      return cannotTell(
        evidence,
        'who may sign in through Remote Desktop',
        rights === undefined ? ['user.rights'] : SEEN,
        [...INSIDE, '--user'],
      );
    }
    return {
      ...ruledOut(
        SEEN,
        `${describeRights(evidence, rights)}. Whether the user belongs to one of them is not known.`,
      ),
      ...(remark === undefined ? {} : { remark }),
    };
  },
});

const isNotGranted = refusedWith(NOT_GRANTED, REMOTE_LOGONS);

/** The newest refusal that no later session, or sign-in of the same kind, of the same user followed. */
function findRefusal({ events }: EventTimeline): string | undefined {
  const refusal = events
    .filter((event) => isEvent(event, PROVIDER.security, DENIED_AT_THE_SESSION) || isNotGranted(event))
    .filter((event) => !events.some((later) => later.at > event.at && letsIn(later, event)))
    .reduce<RelevantEvent | undefined>(
      (newest, event) => (newest === undefined || event.at > newest.at ? event : newest),
      undefined,
    );
  if (refusal === undefined) return undefined;
  const user = userOf(refusal);
  return `${user === undefined ? '' : `${user.name}, `}${describeEvent(refusal)}`;
}

/** Whether it shows that the user of a refusal was let in after all. */
function letsIn(event: RelevantEvent, refusal: RelevantEvent): boolean {
  const [refused, admitted] = [userOf(refusal), userOf(event)];
  if (refused === undefined || admitted === undefined || !isSameAccount(refused, admitted)) return false;
  return isEvent(event, PROVIDER.security, LOGON_SUCCEEDED)
    ? fieldOf(event, 'LogonType') === (fieldOf(refusal, 'LogonType') ?? SESSION_LOGON)
    : isEvent(event, PROVIDER.sessions, ...SESSION_BEGAN);
}

/** Who an event is about: 4624 and 4625 name the target, 4825 the account, a session `DOMAIN\\user`. */
function userOf(event: RelevantEvent): NamedUser | undefined {
  const name = ['TargetUserName', 'AccountName', 'User'].map((field) => fieldOf(event, field)).find(Boolean);
  if (name === undefined || name === '-') return undefined;
  return { name, domain: fieldOf(event, 'TargetDomainName') ?? fieldOf(event, 'AccountDomain') ?? '' };
}
