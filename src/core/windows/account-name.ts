import type { NamedUser } from '../model/cause.ts';
import type { DomainMembership } from '../model/windows-facts.ts';

/** What is known of the machine that an account's name was given to. */
export interface Place {
  readonly computer?: string | undefined;
  readonly membership?: DomainMembership | undefined;
}

/** An account by its name and the authority that is to know it; empty where none was named. */
export interface Account {
  readonly name: string;
  readonly authority: string;
  /** The authority stood behind an `@`: a user principal name, whose suffix may be no domain's name. */
  readonly isPrincipal: boolean;
}

/** The machine itself; a backslash stands in no name. */
const OWN = '\\own';
const DOMAIN = '\\domain';

/**
 * Whether two spellings may name one account: `CORP\alice`, `alice@corp.example`, `.\alice`,
 * `VM1\alice`, `alice`, whatever the capitals. A spelling that names no authority fits every one.
 */
export function isSameAccount(one: NamedUser, other: NamedUser, place: Place = {}): boolean {
  const mine = accountOf(one);
  const theirs = accountOf(other);
  if (mine.name === '' || mine.name !== theirs.name) return false;
  const [first, second] = [authorityOf(mine, place), authorityOf(theirs, place)];
  if (first === '' || second === '' || first === second) return true;
  // With another suffix than the domain's name a principal may be of any domain, but not of the machine.
  const isOpen = (account: Account, authority: string): boolean =>
    account.isPrincipal &&
    place.membership?.domain !== undefined &&
    authority !== DOMAIN &&
    authority !== OWN;
  return (isOpen(mine, first) && second !== OWN) || (isOpen(theirs, second) && first !== OWN);
}

/** Whether the name is one of the machine's own domain, as it is written; one that names no authority may be. */
export function isDomainAccount(user: NamedUser, place: Place): boolean {
  return authorityOf(accountOf(user), place) === DOMAIN;
}

/** The name alone, in lower case: where it differs it is another account. */
export function bareName(user: NamedUser): string {
  return accountOf(user).name;
}

/** The parts of a spelling, in lower case. */
export function accountOf({ name, domain }: NamedUser): Account {
  const slash = name.indexOf('\\');
  const written = name
    .slice(slash + 1)
    .trim()
    .toLowerCase();
  const before = (domain === '' || domain === '-' ? name.slice(0, Math.max(slash, 0)) : domain)
    .trim()
    .toLowerCase();
  // AzureAD\alice@corp.example: what stands behind the @ says more.
  const at = written.lastIndexOf('@');
  return at > 0
    ? { name: written.slice(0, at), authority: written.slice(at + 1), isPrincipal: true }
    : { name: written, authority: before, isPrincipal: false };
}

/** Different spellings of one authority made one. */
function authorityOf({ authority }: Account, { computer, membership }: Place): string {
  if (authority === '') return '';
  const label = firstLabel(authority);
  // A computer has no domain's name, so its own comes first.
  if (authority === '.' || (computer !== undefined && label === computer.toLowerCase())) return OWN;
  const netbios = membership?.netbiosDomain?.toLowerCase();
  const dns = membership?.domain?.toLowerCase();
  if (authority === netbios || authority === dns) return DOMAIN;
  // A domain's NetBIOS name is as a rule the first label of its DNS name.
  return netbios === undefined && dns !== undefined && label === firstLabel(dns) && authority === label
    ? DOMAIN
    : label;
}

function firstLabel(name: string): string {
  return name.split('.', 1)[0] ?? '';
}
