import type { JudgeContext, Judgement, NamedUser } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { DomainMembership, UserRights } from '../model/windows-facts.ts';
import { isInWorkgroup } from './_domain.ts';
import { effective } from './_inside.ts';
import { cannotTell, citing, confirmed, likely, seenValue } from './_judge.ts';
import { list } from './_words.ts';

/** What `judgeRights` goes by. */
export type RightsEvidence = Pick<
  Evidence,
  | 'user.rights'
  | 'rdp.nla'
  | 'listener.userAuthentication'
  | 'domain.membership'
  | 'domain.sid'
  | 'machine.sid'
  | 'os.productType'
  | 'computer.name'
>;

/** Well-known SIDs: [MS-DTYP] 2.4.2.4. */
const EVERYONE = ['S-1-1-0', 'S-1-5-11', 'S-1-5-32-545'];
const NETWORK = 'S-1-5-2';
const INTERACTIVE = 'S-1-5-4';
const REMOTE_INTERACTIVE = 'S-1-5-14';
const ADMINISTRATORS = 'S-1-5-32-544';
const REMOTE_DESKTOP_USERS = 'S-1-5-32-555';
const LOCAL_ACCOUNT = 'S-1-5-113';
const LOCAL_ADMINISTRATOR = 'S-1-5-114';

/**
 * The group of a domain, or of a machine's own accounts, that every account belongs to: its last number.
 * In a redacted case `sid-1` stands for the domain.
 */
const DOMAIN_USERS = /^(S-1-5-21-\d+-\d+-\d+|sid-\d+)-513$/;

const CONTROLLER = 'LanmanNT';

const NAMES: Readonly<Record<string, string>> = {
  'S-1-1-0': 'Everyone',
  [NETWORK]: 'Network',
  [INTERACTIVE]: 'Interactive',
  'S-1-5-11': 'Authenticated Users',
  [REMOTE_INTERACTIVE]: 'Remote Interactive Logon',
  [LOCAL_ACCOUNT]: 'Local account',
  [LOCAL_ADMINISTRATOR]: 'Local account and member of Administrators group',
  [ADMINISTRATORS]: 'Administrators',
  'S-1-5-32-545': 'Users',
  'S-1-5-32-546': 'Guests',
  [REMOTE_DESKTOP_USERS]: 'Remote Desktop Users',
};

/** Whom a right of a group touches. */
type Reach = 'everybody' | 'local' | 'local administrators' | 'domain' | 'administrators' | 'some';

/** Who can sign in to this machine at all. */
interface Machine {
  readonly membership: DomainMembership | undefined;
  readonly isController: boolean;
  readonly domainSid: string | undefined;
  readonly machineSid: string | undefined;
  readonly computer: string | undefined;
}

interface Right {
  /** Behind "the right". */
  readonly name: string;
  readonly holders: readonly string[];
  readonly denied: readonly string[];
  /** Groups that everybody has who comes this way. */
  readonly everybody: readonly string[];
  /** Holders with which the right is as it should be. */
  readonly usual: readonly string[];
}

export interface RightsWord {
  readonly finding?: Judgement;
  /** Hardening that lets its users in: worth a sentence. */
  readonly remark?: string;
}

/** Deny beats allow, and a right that stops only one kind of account is a fault only where there is no other kind. */
export function judgeRights(
  evidence: RightsEvidence,
  rights: UserRights,
  { user }: JudgeContext,
): RightsWord {
  const machine: Machine = {
    membership: seenValue(evidence['domain.membership']),
    isController: seenValue(evidence['os.productType']) === CONTROLLER,
    domainSid: seenValue(evidence['domain.sid']),
    machineSid: seenValue(evidence['machine.sid']),
    computer: seenValue(evidence['computer.name']),
  };
  const because = citing(
    evidence,
    'user.rights',
    'rdp.nla',
    'listener.userAuthentication',
    'domain.membership',
  );
  const judgeWith = (network: boolean): RightsWord =>
    judgeNeeded(evidence, rightsNeeded(rights, network), machine, user, because);
  const network = needsNetworkRight(evidence);
  if (network !== undefined) return judgeWith(network);
  // NLA is the usual case, and no more than that: what only the right for it stops is not proven.
  const alone = judgeWith(false);
  const word = alone.finding?.verdict === 'confirmed' ? alone : judgeWith(true);
  return word === alone || word.finding?.verdict !== 'confirmed'
    ? word
    : {
        ...word,
        finding: likely(
          word.finding.because,
          `${word.finding.explanation} Whether the listener requires NLA is not known.`,
        ),
      };
}

function judgeNeeded(
  evidence: RightsEvidence,
  needed: readonly Right[],
  machine: Machine,
  user: NamedUser | undefined,
  because: ReturnType<typeof citing>,
): RightsWord {
  for (const { name, holders } of needed) {
    if (holders.length === 0) return { finding: confirmed(because, `Nobody has the right ${name}.`) };
  }
  const nobody = judgeApart(needed, machine, because);
  if (nobody !== undefined) return { finding: nobody };
  const verdicts = needed.map((right) => judgeDenied(evidence, right, machine, user, because));
  for (const verdict of ['confirmed', 'likely', 'inconclusive'] as const) {
    const found = verdicts.find(({ finding }) => finding?.verdict === verdict);
    if (found !== undefined) return found;
    if (verdict !== 'likely') continue;
    for (const { name, holders, usual } of needed) {
      if (!holders.some((sid) => usual.includes(sid) || DOMAIN_USERS.test(sid))) {
        return {
          finding: likely(
            because,
            `Only ${nameAll(holders, machine)} ${holders.length === 1 ? 'has' : 'have'} the right ${name}; Administrators and Remote Desktop Users do not.`,
          ),
        };
      }
    }
  }
  return verdicts.find(({ remark }) => remark !== undefined) ?? {};
}

function rightsNeeded(rights: UserRights, network: boolean): readonly Right[] {
  const usual = [...EVERYONE, ADMINISTRATORS, REMOTE_DESKTOP_USERS];
  return [
    {
      name: 'to sign in through Remote Desktop Services',
      holders: rights.remoteInteractive,
      denied: rights.denyRemoteInteractive,
      everybody: [...EVERYONE, INTERACTIVE, REMOTE_INTERACTIVE],
      usual: [...usual, INTERACTIVE, REMOTE_INTERACTIVE],
    },
    ...(network
      ? [
          {
            name: 'to access this computer from the network, which NLA needs',
            holders: rights.network,
            denied: rights.denyNetwork,
            everybody: [...EVERYONE, NETWORK],
            usual: [...usual, NETWORK],
          },
        ]
      : []),
  ];
}

/** Under NLA the sign-in is one over the network first. `undefined`: not known. */
function needsNetworkRight(
  evidence: Pick<Evidence, 'rdp.nla' | 'listener.userAuthentication'>,
): boolean | undefined {
  const nla = seenValue(evidence['rdp.nla']);
  if (nla !== undefined) return nla !== 'refused';
  const required = effective(evidence['listener.userAuthentication']);
  return required === undefined ? undefined : required !== 0;
}

function reachOf(sid: string, everybody: readonly string[], machine: Machine): Reach {
  if (everybody.includes(sid)) return 'everybody';
  switch (sid) {
    case LOCAL_ACCOUNT:
      return 'local';
    case LOCAL_ADMINISTRATOR:
      return 'local administrators';
    case ADMINISTRATORS:
    case REMOTE_DESKTOP_USERS:
      return 'administrators';
  }
  const issuer = DOMAIN_USERS.exec(sid)?.[1];
  if (issuer === undefined) return 'some';
  // On a controller the machine's own accounts are the domain's: the domain is asked first.
  if (issuer === machine.domainSid) return 'domain';
  if (issuer === machine.machineSid) return 'local';
  return machine.domainSid === undefined ? 'domain' : 'some';
}

/** Local accounts are denied one of the rights and domain accounts another: a sign-in needs both. */
function judgeApart(
  needed: readonly Right[],
  machine: Machine,
  because: ReturnType<typeof citing>,
): Judgement | undefined {
  if (machine.membership?.joined !== true || machine.isController) return undefined;
  const [local, domain] = (['local', 'domain'] as const).map((reach) =>
    needed
      .map((right) => ({ right, sids: deniedTo(right, machine, reach) }))
      .find(({ sids }) => sids.length > 0),
  );
  if (local === undefined || domain === undefined || local.right === domain.right) return undefined;
  return confirmed(
    because,
    `${areDenied(local.sids, local.right, machine)}, and ${areDenied(domain.sids, domain.right, machine)}: neither local nor domain accounts can sign in.`,
  );
}

function deniedTo(
  { denied, everybody }: Right,
  machine: Machine,
  ...wanted: readonly Reach[]
): readonly string[] {
  return denied.filter((sid) => wanted.includes(reachOf(sid, everybody, machine)));
}

/** `Everyone is denied the right to …`. */
function areDenied(sids: readonly string[], { name }: Right, machine: Machine): string {
  return `${nameAll(sids, machine)} ${sids.length === 1 && !isPlural(sids[0] ?? '', machine) ? 'is' : 'are'} denied the right ${name}`;
}

function judgeDenied(
  evidence: RightsEvidence,
  right: Right,
  machine: Machine,
  user: NamedUser | undefined,
  because: ReturnType<typeof citing>,
): RightsWord {
  const having = (...wanted: readonly Reach[]): readonly string[] => deniedTo(right, machine, ...wanted);
  const are = (sids: readonly string[]): string => areDenied(sids, right, machine);
  const all = having('everybody');
  if (all.length > 0) return { finding: confirmed(because, `${are(all)}, so every user is.`) };
  const { membership, isController } = machine;
  const local = isController ? [] : having('local');
  const domain = having('domain');
  if (isController && domain.length > 0) {
    return {
      finding: confirmed(because, `${are(domain)}, and a domain controller has no other accounts.`),
    };
  }
  if (local.length > 0 && domain.length > 0 && membership?.joined === true) {
    return {
      finding: confirmed(
        because,
        `${are([...local, ...domain])}: neither local nor domain accounts can sign in.`,
      ),
    };
  }
  if (local.length > 0 && isInWorkgroup(membership)) {
    return {
      finding: confirmed(
        because,
        `${are(local)}. The machine is in a workgroup, so every account is a local one and nobody can sign in.`,
      ),
    };
  }
  const isLocal = user === undefined ? undefined : isLocalUser(user, machine);
  if (local.length > 0 && isLocal === true) {
    return {
      finding: confirmed(
        because,
        `${are(local)}, and ${user?.name} is an account of this machine. Security baselines do this on domain members: sign in with a domain account.`,
      ),
    };
  }
  if (domain.length > 0 && membership?.joined !== false && isLocal !== true) {
    return {
      finding: (isLocal === false ? confirmed : likely)(
        because,
        `${are(domain)}. Domain accounts cannot sign in; local accounts can.`,
      ),
    };
  }
  const groups = having('administrators');
  if (groups.length > 0) return { finding: likely(because, `${are(groups)}.`) };
  const administrators = isController ? [] : having('local administrators');
  if (administrators.length > 0 && isInWorkgroup(membership)) {
    return {
      finding: likely(
        because,
        `${are(administrators)}. The machine is in a workgroup, so this stops its administrators; other members of Remote Desktop Users can still sign in.`,
      ),
    };
  }
  const hardened = [...local, ...administrators];
  if (hardened.length === 0) return {};
  if (membership === undefined) {
    return {
      finding: cannotTell(
        evidence,
        `whether accounts other than local ones are used here (${are(hardened)})`,
        ['domain.membership'],
        ['--disk', '--rpc', '--user'],
      ),
    };
  }
  return {
    remark: `${are(hardened)}, as security baselines require: sign in with a ${
      membership.joined ? 'domain' : 'Microsoft Entra ID'
    } account.`,
  };
}

/** Whether the account named is one of this machine; `undefined` where its name does not say. */
function isLocalUser({ name, domain }: NamedUser, { membership, computer }: Machine): boolean | undefined {
  const own = domain.toLowerCase();
  if (own === '.' || (own !== '' && own === computer?.toLowerCase())) return true;
  if (name.includes('@')) return false;
  const names = [membership?.domain, membership?.netbiosDomain].map((text) => text?.toLowerCase());
  return own !== '' && names.includes(own) ? false : undefined;
}

function nameOf(sid: string, { domainSid, machineSid }: Machine): string {
  const issuer = DOMAIN_USERS.exec(sid)?.[1];
  if (issuer !== undefined) {
    if (issuer === domainSid) return `Domain Users (${sid})`;
    if (issuer === machineSid) return `Every local user (${sid})`;
    if (domainSid === undefined) return `Domain Users (${sid})`;
  }
  return NAMES[sid] ?? sid;
}

/** Names of groups that are plural themselves: "Administrators are denied". */
function isPlural(sid: string, machine: Machine): boolean {
  return /(?:s|Users)$/.test(nameOf(sid, machine).replace(/ \(.*$/, ''));
}

/** SIDs by their names, where they have one everywhere. */
function nameAll(sids: readonly string[], machine: Machine): string {
  return list(sids.map((sid) => nameOf(sid, machine)));
}

/** Who holds the right, and who is denied one: for the sentence of a machine that is in order. */
export function describeRights(evidence: RightsEvidence, rights: UserRights): string {
  const machine: Machine = {
    membership: undefined,
    isController: false,
    domainSid: seenValue(evidence['domain.sid']),
    machineSid: seenValue(evidence['machine.sid']),
    computer: undefined,
  };
  const denied = [...new Set([...rights.denyRemoteInteractive, ...rights.denyNetwork])];
  return `${nameAll(rights.remoteInteractive, machine)} may sign in through Remote Desktop, and no deny right shuts all of them out${
    denied.length === 0 ? '' : `; the deny rights name ${nameAll(denied, machine)}`
  }`;
}
