import type { UserRights } from '../../model/windows-facts.ts';
import type { Dialog } from '../../protocol/dialog.ts';
import { type CallAnswer, prepare, type RpcAssociation } from '../../protocol/rpc/association.ts';
import { type DomainRole, DSSETUP, getPrimaryDomainInformation } from '../../protocol/rpc/dssetup.ts';
import {
  enumerateAccountsWithUserRight,
  LSARPC,
  openPolicy,
  POLICY_ACCESS,
  POLICY_CLASS,
  type PolicyHandle,
  type PolicyInformation,
  queryPolicy,
} from '../../protocol/rpc/lsarpc.ts';
import type { Returned } from '../../protocol/rpc/operation.ts';
import { NT_STATUS, statusText } from '../../protocol/smb2/status.ts';
import type { Answer, Membership, Question } from '../../windows/inquiry.ts';
import { type Job, job, runJobs } from './jobs.ts';
import type { Pipes } from './pipes.ts';
import { ofCall, present, type Refused, refused, unknown } from './refusals.ts';

/** Questions that the Local Security Authority answers. */
export type PolicyQuestion = Extract<
  Question,
  { readonly kind: 'membership' | 'machine-sid' | 'account-rights' }
>;

/** [MS-ERREF] 2.3: the machine knows no right of this name; Samba's member server knows none at all. */
const STATUS_NO_SUCH_PRIVILEGE = 0xc000_0060;
/** Nobody has it, as an LSA says that keeps a right's holders as objects. */
const STATUS_OBJECT_NAME_NOT_FOUND = NT_STATUS.OBJECT_NAME_NOT_FOUND;

const RIGHTS: Readonly<Record<keyof UserRights, string>> = {
  remoteInteractive: 'SeRemoteInteractiveLogonRight',
  network: 'SeNetworkLogonRight',
  denyRemoteInteractive: 'SeDenyRemoteInteractiveLogonRight',
  denyNetwork: 'SeDenyNetworkLogonRight',
};

/** What was asked of the LSA, as far as it was. */
interface Said {
  primary?: PolicyInformation | Refused;
  account?: PolicyInformation | Refused;
  dns?: PolicyInformation | Refused;
  role?: DomainRole;
  readonly holders: Map<keyof UserRights, readonly string[] | Refused>;
}

/** Membership, the machine's SID and rights, by LSARPC and DSSETUP: five round trips. */
export class RemotePolicy {
  readonly #pipes: Pipes;

  constructor(pipes: Pipes) {
    this.#pipes = pipes;
  }

  *answer(questions: readonly PolicyQuestion[]): Dialog<readonly Answer[]> {
    if (questions.length === 0) return [];
    const kinds = new Set(questions.map(({ kind }) => kind));
    const said = yield* this.#pipes.use(LSARPC, (association) => askOn(association, kinds));
    return questions.map(({ kind }) => ('kind' in said ? unknown(AT[kind], said) : answerOf(kind, said)));
  }
}

/** Where each answer comes from, for its provenance. */
const AT: Readonly<Record<PolicyQuestion['kind'], string>> = {
  membership: 'lsarpc LsarQueryInformationPolicy',
  'machine-sid': 'lsarpc LsarQueryInformationPolicy',
  'account-rights': 'lsarpc LsarEnumerateAccountsWithUserRight',
};

function answerOf(kind: PolicyQuestion['kind'], said: Said): Answer {
  const at = AT[kind];
  switch (kind) {
    case 'membership':
      return membershipOf(at, said);
    case 'machine-sid':
      return sidOf(at, said);
    case 'account-rights':
      return rightsOf(at, said);
  }
}

function* askOn(
  association: RpcAssociation,
  kinds: ReadonlySet<PolicyQuestion['kind']>,
): Dialog<Said | Refused> {
  const said: Said = { holders: new Map() };
  const opened = yield* association.call(openPolicy, {
    access: POLICY_ACCESS.POLICY_VIEW_LOCAL_INFORMATION | POLICY_ACCESS.POLICY_LOOKUP_NAMES,
  });
  const policy = readOf<PolicyHandle>('opening the security policy', opened);
  if (policy.kind === 'refused') return policy;
  const handle = policy.value;
  const information = (
    name: 'primary' | 'account' | 'dns',
    asked: (typeof POLICY_CLASS)[keyof typeof POLICY_CLASS],
  ): Job =>
    job(prepare(queryPolicy, { policy: handle, class: asked }), (answer) => {
      const read = readOf(`policy information of class ${asked}`, answer);
      said[name] = read.kind === 'refused' ? read : read.value;
    });
  yield* runJobs(association, [
    ...(kinds.has('membership')
      ? [information('primary', POLICY_CLASS.primaryDomain), information('dns', POLICY_CLASS.dnsDomain)]
      : []),
    ...(kinds.has('machine-sid') ? [information('account', POLICY_CLASS.accountDomain)] : []),
    ...(kinds.has('account-rights') ? RIGHT_NAMES.map((name) => holdersOf(handle, name, said)) : []),
  ]);
  if (kinds.has('membership')) {
    const added = yield* association.add(DSSETUP);
    if (added.kind === 'added') {
      const role = readOf(
        'the role of the machine',
        yield* association.call(getPrimaryDomainInformation, undefined),
      );
      if (role.kind === 'ok') said.role = role.value;
    }
  }
  return said;
}

const RIGHT_NAMES = Object.keys(RIGHTS) as (keyof UserRights)[];

function holdersOf(policy: PolicyHandle, name: keyof UserRights, said: Said): Job {
  const right = RIGHTS[name];
  return job(prepare(enumerateAccountsWithUserRight, { policy, right }), (answer) => {
    if (answer.kind === 'answered' && answer.value.kind === 'error') {
      const { status } = answer.value;
      if (status === STATUS_OBJECT_NAME_NOT_FOUND) return void said.holders.set(name, []);
      if (status === STATUS_NO_SUCH_PRIVILEGE) {
        const detail = `the machine says that it knows no right ${right} (${statusText(status)})`;
        return void said.holders.set(name, refused('no-channel', detail));
      }
    }
    const read = readOf(`who holds ${right}`, answer);
    said.holders.set(name, read.kind === 'refused' ? read : read.value);
  });
}

function readOf<T>(
  what: string,
  answer: CallAnswer<Returned<T>>,
): { readonly kind: 'ok'; readonly value: T } | Refused {
  if (answer.kind !== 'answered') return ofCall(what, answer);
  if (answer.value.kind === 'ok') return { kind: 'ok', value: answer.value.value };
  const { status } = answer.value;
  return status === NT_STATUS.ACCESS_DENIED
    ? refused('denied', `${what}: access denied`)
    : refused('no-channel', `${what}: the machine answers with ${statusText(status)}`);
}

/** The LSA's word, as on a disk: a domain's SID is what makes a member. DSSETUP only names its domain. */
function membershipOf(at: string, { primary, dns, role }: Said): Answer {
  const full = dns?.kind === 'dns-domain' ? dns : undefined;
  const short = primary?.kind === 'domain' ? primary : undefined;
  const told = full ?? short;
  if (told === undefined) return unknown(at, refusalOf(dns, primary));
  if (told.sid === undefined) return present(at, { kind: 'membership', membership: {} });
  const domain = full?.dnsDomain || role?.dnsName;
  const membership: Membership = {
    sid: told.sid,
    ...(domain === undefined || domain === '' ? {} : { domain }),
    ...(told.name === '' ? {} : { netbiosDomain: told.name }),
  };
  return present(at, { kind: 'membership', membership });
}

function sidOf(at: string, { account }: Said): Answer {
  if (account?.kind !== 'domain') return unknown(at, refusalOf(account));
  return account.sid === undefined
    ? unknown(at, refused('corrupt', 'the security policy names no SID for the accounts of the machine'))
    : present(at, { kind: 'sid', sid: account.sid });
}

function rightsOf(at: string, { holders }: Said): Answer {
  const lists = RIGHT_NAMES.map((name) => [name, holders.get(name)] as const);
  const read: [keyof UserRights, readonly string[]][] = [];
  for (const [name, held] of lists) {
    // One that could not be read could deny everybody.
    if (held === undefined || 'kind' in held) return unknown(at, refusalOf(held));
    read.push([name, held]);
  }
  const rights = Object.fromEntries(read) as unknown as UserRights;
  return present(at, { kind: 'account-rights', rights });
}

function refusalOf(...said: readonly (PolicyInformation | Refused | undefined)[]): Refused {
  const found = said.find((each): each is Refused => each?.kind === 'refused');
  return found ?? refused('corrupt', 'the security policy answers something else than was asked');
}
