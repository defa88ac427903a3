import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { EventTimeline, UserRights } from '../model/windows-facts.ts';
import { describeEvent, fieldOf, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { effective, INSIDE } from './_inside.ts';
import { cannotTell, citing, confirmed, likely, ruledOut, seenValue } from './_judge.ts';
import { list, statusCode } from './_words.ts';

/** STATUS_LOGON_TYPE_NOT_GRANTED. */
const NOT_GRANTED = 0xc000015b;

/** Groups that every user who signs in belongs to: Everyone, Network, Interactive, Authenticated Users, Remote Interactive, Users. */
const EVERYBODY = ['S-1-1-0', 'S-1-5-2', 'S-1-5-4', 'S-1-5-11', 'S-1-5-14', 'S-1-5-32-545'];
const ADMINISTRATORS = 'S-1-5-32-544';
const REMOTE_DESKTOP_USERS = 'S-1-5-32-555';
/** Local account; local account that is an administrator. */
const LOCAL_ACCOUNTS = ['S-1-5-113', 'S-1-5-114'];

const NAMES: Readonly<Record<string, string>> = {
  'S-1-1-0': 'Everyone',
  'S-1-5-2': 'Network',
  'S-1-5-4': 'Interactive',
  'S-1-5-11': 'Authenticated Users',
  'S-1-5-14': 'Remote Interactive Logon',
  'S-1-5-113': 'Local account',
  'S-1-5-114': 'Local account and member of Administrators',
  'S-1-5-32-544': 'Administrators',
  'S-1-5-32-545': 'Users',
  'S-1-5-32-546': 'Guests',
  'S-1-5-32-555': 'Remote Desktop Users',
};

export const userRightMissing = defineCause({
  id: 'user-right-missing',
  title: 'The user has no right to sign in remotely',
  stage: 'logon',
  uses: ['nla.logon', 'user.rights', 'rdp.nla', 'listener.userAuthentication', 'events.relevant'],
  prior: 0.04,
  remedies: [],
  advice:
    'Add the user to Remote Desktop Users, or give the group the rights "Allow log on through Remote Desktop Services" and "Access this computer from the network", and take it out of the two deny rights; where a policy sets them, change the policy.',
  judge(evidence) {
    const logon = seenValue(evidence['nla.logon']);
    if (logon?.status === NOT_GRANTED) {
      return confirmed(
        ['nla.logon'],
        `The server refused the user that was tried with ${statusCode(logon.status)} (${logon.name}): the user lacks the right to sign in this way, or is denied it.`,
      );
    }
    const rights = seenValue(evidence['user.rights']);
    const timeline = seenValue(evidence['events.relevant']);
    if (rights !== undefined) {
      const finding = judgeRights(evidence, rights, needsNetworkRight(evidence));
      if (finding !== undefined) return finding;
    }
    const refusal = timeline === undefined ? undefined : findRefusal(timeline);
    if (refusal !== undefined) {
      return likely(
        citing(evidence, 'events.relevant', 'user.rights'),
        `A user was refused for want of the right to sign in: ${refusal}.`,
      );
    }
    if (rights === undefined) {
      return cannotTell(
        evidence,
        'who may sign in by Remote Desktop',
        ['user.rights'],
        [...INSIDE, '--user'],
      );
    }
    const denied = [...new Set([...rights.denyRemoteInteractive, ...rights.denyNetwork])];
    return ruledOut(
      ['user.rights'],
      `${nameAll(rights.remoteInteractive)} may sign in by Remote Desktop and no deny right takes that away from all of them${
        denied.length === 0 ? '' : `; denied are ${nameAll(denied)}`
      }. Whether the user belongs to them is not known.`,
    );
  },
});

/** Under NLA the sign-in is one over the network first. Where that is not known, NLA is the usual case. */
function needsNetworkRight(evidence: Pick<Evidence, 'rdp.nla' | 'listener.userAuthentication'>): boolean {
  const nla = seenValue(evidence['rdp.nla']);
  if (nla !== undefined) return nla !== 'refused';
  return effective(evidence['listener.userAuthentication']) !== 0;
}

function judgeRights(
  evidence: Pick<Evidence, 'user.rights' | 'rdp.nla' | 'listener.userAuthentication'>,
  rights: UserRights,
  network: boolean,
): Judgement | undefined {
  const because = citing(evidence, 'user.rights', 'rdp.nla', 'listener.userAuthentication');
  const rows = [
    {
      name: 'to sign in through Remote Desktop Services',
      holders: rights.remoteInteractive,
      denied: rights.denyRemoteInteractive,
      usual: [...EVERYBODY, ADMINISTRATORS, REMOTE_DESKTOP_USERS],
    },
    ...(network
      ? [
          {
            name: 'to access this computer from the network, which NLA needs',
            holders: rights.network,
            denied: rights.denyNetwork,
            usual: [...EVERYBODY, ADMINISTRATORS],
          },
        ]
      : []),
  ];
  for (const { name, holders, denied } of rows) {
    if (holders.length === 0) return confirmed(because, `Nobody has the right ${name}.`);
    const everybody = denied.filter((sid) => EVERYBODY.includes(sid));
    if (everybody.length > 0) {
      return confirmed(
        because,
        `${nameAll(everybody)} are denied the right ${name}, and with them every user.`,
      );
    }
  }
  for (const { name, holders, denied, usual } of rows) {
    const others = denied.filter((sid) => sid === ADMINISTRATORS || sid === REMOTE_DESKTOP_USERS);
    if (others.length > 0) return likely(because, `${nameAll(others)} are denied the right ${name}.`);
    if (!holders.some((sid) => usual.includes(sid))) {
      return likely(
        because,
        `Only ${nameAll(holders)} have the right ${name}; Administrators and Remote Desktop Users lack it.`,
      );
    }
    const local = denied.filter((sid) => LOCAL_ACCOUNTS.includes(sid));
    if (local.length > 0) {
      return likely(
        because,
        `${nameAll(local)} are denied the right ${name}, as security baselines for members of a domain do. Local accounts cannot sign in, domain accounts can.`,
      );
    }
  }
  return undefined;
}

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

function nameAll(sids: readonly string[]): string {
  return list(sids.map((sid) => NAMES[sid] ?? sid));
}
