import { defineCause, type Judgement, type NamedUser } from '../model/cause.ts';
import { counted } from '../model/counted.ts';
import type { Evidence } from '../model/facts.ts';
import type { EventTimeline, LogonTally, RelevantEvent } from '../model/windows-facts.ts';
import { isSameAccount } from '../windows/account-name.ts';
import { REMOTE } from '../windows/logon-tally.ts';
import { describeEvent, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { cannotTell, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { describeRow, findRdpAnswer } from './_negotiation.ts';
import { statusCode } from './_words.ts';

/**
 * Names that were never let in, and failures: what one office behind one address does not bring
 * together by mistyping, and an attack does within minutes.
 */
const MANY_NAMES = 20;
const MANY_FAILURES = 100;
/** RemoteConnectionManager: a large number of incomplete connections; LocalSessionManager: a session began. */
const INCOMPLETE = 1006;
const SESSION = 21;
/** Few addresses: so many names from each of them, on average. */
const NAMES_AN_ADDRESS = 5;

export const connectionFlood = defineCause({
  id: 'connection-flood',
  title: 'The listener is busy with an attack',
  stage: 'reach',
  uses: ['logon.failures', 'events.relevant', 'tcp.connect', 'rdp.negotiation'],
  ruledOutBy: [['tcp.connect', 'rdp.negotiation']],
  prior: 0.005,
  remedies: [],
  advice:
    'Close the port to the Internet: let only known addresses in (on Azure the NSG or just-in-time access), or use a gateway or VPN. Then check which accounts the attack has locked.',
  judge(evidence, { user }) {
    const tally = seenValue(evidence['logon.failures']);
    const judgement = judgeFlood(evidence, tally);
    // The finding says it all.
    if (tally === undefined || judgement.verdict === 'likely') return judgement;
    const remark = describeOthers(tally, user);
    return remark === undefined ? judgement : { ...judgement, remark };
  },
});

function judgeFlood(
  evidence: Pick<Evidence, 'logon.failures' | 'events.relevant' | 'tcp.connect' | 'rdp.negotiation'>,
  tally: LogonTally | undefined,
): Judgement {
  const connect = seenValue(evidence['tcp.connect']);
  const answer = findRdpAnswer(evidence);
  if (connect?.state === 'open' && answer !== undefined) {
    return ruledOut(
      ['tcp.connect', 'rdp.negotiation'],
      `The listener still accepts new connections: one opened in ${connect.millis} ms, and ${describeRow(answer)}.`,
    );
  }
  if (tally === undefined || !isFlood(tally)) {
    const incomplete = findIncomplete(seenValue(evidence['events.relevant']));
    if (incomplete !== undefined) {
      return likely(
        ['events.relevant'],
        `The listener found far more connections begun than completed (${describeEvent(incomplete)}), and no session began since. Windows itself takes that for an attack.`,
      );
    }
    return cannotTell(
      evidence,
      'whether so many connections arrive that genuine ones are refused',
      isSeen(evidence['rdp.negotiation']) ? ['logon.failures'] : ['logon.failures', 'rdp.negotiation'],
      ['HOST', '--disk', '--rpc'],
    );
  }
  const more = tally.capped ? 'at least ' : '';
  return likely(
    ['logon.failures'],
    `Somebody is trying many names from few addresses: ${counted(tally.remote, 'sign-in')} failed${spanOf(tally)}, with ${more}${counted(tally.namesNeverIn, 'name')} that never signed in, from ${more}${counted(tally.addresses, 'address', 'addresses')} (most from ${tally.busiest[0]?.address ?? 'an unknown address'}). That crowds out genuine connections and gets accounts locked.`,
  );
}

/** The newest such event, where no session began after it. */
function findIncomplete(timeline: EventTimeline | undefined): RelevantEvent | undefined {
  if (timeline === undefined) return undefined;
  const word = weighEvents(timeline, 'connection-flood', {
    proves: (event) => isEvent(event, PROVIDER.connections, INCOMPLETE),
    refutes: (event) => isEvent(event, PROVIDER.sessions, SESSION),
  });
  return word.later === 'proving' ? word.proving : undefined;
}

function isFlood({ remote, namesNeverIn, addresses }: LogonTally): boolean {
  return (
    remote >= MANY_FAILURES &&
    namesNeverIn >= MANY_NAMES &&
    addresses > 0 &&
    namesNeverIn >= addresses * NAMES_AN_ADDRESS
  );
}

/** Every server on the Internet has failed sign-ins of strangers: how many, since when, and what they end in. */
function describeOthers(tally: LogonTally, user: NamedUser | undefined): string | undefined {
  const own =
    user === undefined
      ? 0
      : tally.accounts
          .filter((row) => REMOTE.includes(row.logonType))
          .filter((row) => isSameAccount(user, { name: row.account, domain: row.domain }))
          .reduce((sum, { count }) => sum + count, 0);
  const count = tally.remote - own;
  if (count <= 0) return undefined;
  const commonest = tally.statuses.find(({ logonType }) => REMOTE.includes(logonType));
  return `The Security log counts ${counted(count, 'failed sign-in')}${user === undefined ? '' : ' of other accounts'}${spanOf(tally)}${
    commonest === undefined ? '' : `, most often ${statusCode(commonest.status)} (${commonest.name})`
  }.${user === undefined ? ' Name the account with --user to look up its own.' : ' They say nothing about the account that was named.'}`;
}

function spanOf({ since, until }: LogonTally): string {
  if (since === undefined || until === undefined) return '';
  const day = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;
  return ` between ${day(since)} and ${day(until)}`;
}
