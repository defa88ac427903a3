import { statusName } from '../knowledge/status-name.ts';
import type { NamedUser } from '../model/cause.ts';
import type { LogonFailureRow, LogonSuccess, LogonTally } from '../model/windows-facts.ts';
import { bareName } from './account-name.ts';
import type { EventRecord } from './inquiry.ts';

/** Microsoft-Windows-Security-Auditing: what is counted. */
export const LOGON_SUCCEEDED = 4624;
export const LOGON_FAILED = 4625;

/** Kinds of logon that a sign-in by Remote Desktop makes: network (NLA), unlock, remote interactive. */
export const REMOTE: readonly number[] = [3, 7, 10];
/** Tasks, services and what Windows does for itself: nobody signs in there. */
const NOBODY: readonly number[] = [0, 4, 5];
/** STATUS_LOGON_TYPE_NOT_GRANTED: which account it was matters whoever it was. */
const NOT_GRANTED = 0xc000015b;

/** Names, addresses and rows told apart; under attack there are as many as there are events. */
const MOST_APART = 20_000;
/** Rows handed on: of statuses, of accounts, of sign-ins. */
const MOST_STATUSES = 50;
const MOST_ACCOUNTS = 60;
const MOST_SUCCESSES = 200;
const MOST_BUSIEST = 5;
/** A Windows account's name with its domain is shorter; a stranger may send anything. */
const LONGEST_NAME = 256;

type Counted = { -readonly [K in keyof LogonFailureRow]: LogonFailureRow[K] };

/**
 * Counts sign-ins one by one, newest first or in any order, in memory that does not grow with a log:
 * a Security log under a brute-force attack holds nothing else.
 */
export class LogonCounter {
  readonly #named: string | undefined;
  readonly #statuses = new Map<string, Counted>();
  readonly #accounts = new Map<string, Counted>();
  readonly #successes = new Map<string, LogonSuccess>();
  readonly #names = new Set<string>();
  readonly #in = new Set<string>();
  readonly #addresses = new Map<string, number>();
  #total = 0;
  #remote = 0;
  #capped = false;

  /** @param account the one whose rows are all kept, whatever else is left out */
  constructor(account?: NamedUser) {
    this.#named = account === undefined ? undefined : bareName(account);
  }

  /** @param locator where the event stands, `Security.evtx#48213` */
  add({ id, at, fields }: Pick<EventRecord, 'id' | 'at' | 'fields'>, locator: string): void {
    const logonType = numberOf(fields['LogonType']);
    if (NOBODY.includes(logonType)) return;
    const account = nameOf(fields['TargetUserName']);
    const domain = nameOf(fields['TargetDomainName']);
    if (id === LOGON_SUCCEEDED) {
      const authentication = nameOf(fields['AuthenticationPackageName']);
      this.#succeed({ account, domain, logonType, authentication, at, locator });
    } else if (id === LOGON_FAILED) {
      const status = numberOf(fields['SubStatus']) || numberOf(fields['Status']);
      this.#fail({
        account,
        domain,
        status,
        name: statusName(status),
        logonType,
        count: 1,
        first: at,
        last: at,
        locator,
      });
      if (REMOTE.includes(logonType)) this.#countOrigin(account, domain, nameOf(fields['IpAddress']));
    }
  }

  #succeed(success: LogonSuccess): void {
    const { account, domain, logonType, authentication, at } = success;
    // The window manager's and the font driver's own accounts sign in beside every user.
    if (/^(?:DWM|UMFD)-\d+$/i.test(account)) return;
    this.#note(this.#in, bareName({ name: account, domain }));
    const key = [account, domain, logonType, authentication].join('\n').toLowerCase();
    const known = this.#successes.get(key);
    if (known === undefined ? this.#hasRoom(this.#successes) : at > known.at)
      this.#successes.set(key, success);
  }

  #fail(row: LogonFailureRow): void {
    this.#total += 1;
    this.#count(this.#statuses, `${row.status}/${row.logonType}`, row);
    const key = [row.account, row.domain, row.status, row.logonType].join('\n').toLowerCase();
    this.#count(this.#accounts, key, row, this.#isNamed(row));
  }

  #count(rows: Map<string, Counted>, key: string, row: LogonFailureRow, always = false): void {
    const known = rows.get(key);
    if (known === undefined) {
      if (this.#hasRoom(rows) || always) rows.set(key, { ...row });
      return;
    }
    known.count += 1;
    if (row.first < known.first) known.first = row.first;
    if (row.last > known.last) {
      Object.assign(known, {
        account: row.account,
        domain: row.domain,
        last: row.last,
        locator: row.locator,
      });
    }
  }

  #countOrigin(account: string, domain: string, address: string): void {
    this.#remote += 1;
    if (account !== '') this.#note(this.#names, bareName({ name: account, domain }));
    // The machine itself, or a Windows that does not say.
    if (address === '' || address === '::1' || address.startsWith('127.')) return;
    const known = this.#addresses.get(address);
    if (known !== undefined || this.#hasRoom(this.#addresses)) this.#addresses.set(address, (known ?? 0) + 1);
  }

  #note(names: Set<string>, name: string): void {
    if (names.has(name) || this.#hasRoom(names)) names.add(name);
  }

  #hasRoom({ size }: { readonly size: number }): boolean {
    if (size < MOST_APART) return true;
    this.#capped = true;
    return false;
  }

  #isNamed(row: LogonFailureRow | LogonSuccess): boolean {
    return this.#named !== undefined && bareName({ name: row.account, domain: row.domain }) === this.#named;
  }

  /** What was counted, without the span that was looked at. */
  result(): Omit<LogonTally, 'since' | 'until' | 'endedBy'> {
    const accounts = [...this.#accounts.values()].sort(
      (a, b) =>
        Number(this.#isNamed(b)) - Number(this.#isNamed(a)) ||
        Number(b.status === NOT_GRANTED) - Number(a.status === NOT_GRANTED) ||
        b.count - a.count,
    );
    const told = accounts.filter(
      (row, index) => index < MOST_ACCOUNTS || (this.#isNamed(row) && index < MOST_STATUSES * 10),
    );
    const ofTold = new Set(told.map(({ account, domain }) => bareName({ name: account, domain })));
    const isTold = (row: LogonSuccess): boolean =>
      ofTold.has(bareName({ name: row.account, domain: row.domain }));
    return {
      total: this.#total,
      remote: this.#remote,
      names: this.#names.size,
      namesNeverIn: [...this.#names].filter((name) => !this.#in.has(name)).length,
      addresses: this.#addresses.size,
      busiest: [...this.#addresses]
        .sort(([, a], [, b]) => b - a)
        .slice(0, MOST_BUSIEST)
        .map(([address, count]) => ({ address, count })),
      capped: this.#capped,
      statuses: [...this.#statuses.values()].sort((a, b) => b.count - a.count).slice(0, MOST_STATUSES),
      accounts: told,
      successes: [...this.#successes.values()]
        .sort(
          (a, b) =>
            Number(this.#isNamed(b)) - Number(this.#isNamed(a)) ||
            Number(isTold(b)) - Number(isTold(a)) ||
            Number(a.at < b.at) - Number(b.at < a.at),
        )
        .slice(0, MOST_SUCCESSES),
    };
  }
}

/** `0xc000006d`, `3`; 0 where it is none. */
function numberOf(text: string | undefined): number {
  const value = Number(text ?? '');
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}

/** An event writes a name that it does not have as `-`. */
function nameOf(text: string | undefined): string {
  return text === undefined || text === '-' ? '' : text.slice(0, LONGEST_NAME);
}
