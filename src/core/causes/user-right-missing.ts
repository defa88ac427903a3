import { defineCause } from '../model/cause.ts';
import type { EventTimeline } from '../model/windows-facts.ts';
import { describeEvent, fieldOf, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { INSIDE } from './_inside.ts';
import { cannotTell, citing, confirmed, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { describeRights, judgeRights } from './_rights.ts';
import { statusCode } from './_words.ts';

/** STATUS_LOGON_TYPE_NOT_GRANTED. */
const NOT_GRANTED = 0xc000015b;

/** The rights, and what tells whose groups stand in them. */
const SEEN = ['user.rights', 'domain.membership', 'domain.sid', 'machine.sid'] as const;

export const userRightMissing = defineCause({
  id: 'user-right-missing',
  title: 'The user has no right to sign in remotely',
  stage: 'logon',
  uses: [
    'nla.logon',
    'user.rights',
    'rdp.nla',
    'listener.userAuthentication',
    'domain.membership',
    'domain.sid',
    'machine.sid',
    'os.productType',
    'computer.name',
    'events.relevant',
  ],
  ruledOutBy: [SEEN],
  prior: 0.04,
  remedies: [],
  advice:
    'Sign in with an account that has the right, or add the user to Remote Desktop Users. Where a group lacks "Allow log on through Remote Desktop Services" or "Access this computer from the network", or is denied one of them, change it in the policy that sets it; leave what a security baseline denies as long as another account gets in.',
  judge(evidence, context) {
    const logon = seenValue(evidence['nla.logon']);
    if (logon?.status === NOT_GRANTED) {
      return confirmed(
        ['nla.logon'],
        `The server refused the user that was tried with ${statusCode(logon.status)} (${logon.name}): the user lacks the right to sign in this way, or is denied it.`,
      );
    }
    const rights = seenValue(evidence['user.rights']);
    const timeline = seenValue(evidence['events.relevant']);
    const word = rights === undefined ? undefined : judgeRights(evidence, rights, context);
    const { finding, remark } = word ?? {};
    if (finding !== undefined && finding.verdict !== 'inconclusive') return finding;
    const refusal = timeline === undefined ? undefined : findRefusal(timeline);
    if (refusal !== undefined) {
      return likely(
        citing(evidence, 'events.relevant', 'user.rights'),
        `A user was refused because the right to sign in this way is missing: ${refusal}.`,
      );
    }
    if (finding !== undefined) return finding;
    if (rights === undefined || !SEEN.every((name) => isSeen(evidence[name]))) {
      return cannotTell(
        evidence,
        'who may sign in by Remote Desktop',
        rights === undefined ? ['user.rights'] : SEEN,
        [...INSIDE, '--user'],
      );
    }
    return {
      ...ruledOut(
        SEEN,
        `${describeRights(evidence, rights)}. Whether the user belongs to them is not known.`,
      ),
      ...(remark === undefined ? {} : { remark }),
    };
  },
});

/** The newest refusal for want of a right that no later session followed. */
function findRefusal(timeline: EventTimeline): string | undefined {
  const { proving, later } = weighEvents(timeline, 'user-right-missing', {
    proves: (event) =>
      isEvent(event, PROVIDER.security, 4825) ||
      (isEvent(event, PROVIDER.security, 4625) &&
        ['Status', 'SubStatus'].some((name) => Number(fieldOf(event, name)) === NOT_GRANTED)),
  });
  if (proving === undefined || later !== 'proving') return undefined;
  const user = fieldOf(proving, 'TargetUserName');
  return `${user === undefined ? '' : `${user}, `}${describeEvent(proving)}`;
}
