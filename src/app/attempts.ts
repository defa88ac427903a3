import type { NamedUser } from '../core/model/cause.ts';
import { accountOf } from '../core/windows/account-name.ts';
import type { Clock } from './ports/clock.ts';

/**
 * The ledger of a run's sign-in attempts, shared by all vantages.
 * INVARIANT: no second attempt is made with an account that failed in this run, over whatever channel:
 * Windows locks accounts after a few. Attempts with accounts that may be one wait for each other, so
 * that two channels do not fail with the same wrong password at the same moment.
 */
export class Attempts {
  readonly #clock: Clock;
  readonly #entries: Entry[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Asks for an attempt. Waits until attempts before it with what may be the same account are settled.
   * Whoever gets a turn must settle it, whatever happens.
   * @param account whom the attempt is made with
   * @param deadline on `Clock.monotonic`
   * @returns why no attempt may be made, where none may
   */
  async enter(account: NamedUser, deadline: number): Promise<Turn | Refusal> {
    const before = this.#entries.filter((entry) => mayBeSame(entry.account, account));
    const { promise, resolve } = settling();
    this.#entries.push({ account, outcome: promise });
    const left = Math.max(0, deadline - this.#clock.monotonic());
    const outcomes = await this.#clock.within(Promise.all(before.map(({ outcome }) => outcome)), left);
    if (outcomes !== undefined && !outcomes.includes('failed')) return { settle: resolve };
    resolve('not-made');
    return outcomes === undefined ? 'late' : 'failed-before';
  }
}

/** `late`: an attempt before it was not settled in time. */
export type Refusal = 'failed-before' | 'late';

/** `not-made`: nothing was sent that the other side could have counted. What stayed without an answer counts as failed. */
export type AttemptOutcome = 'accepted' | 'failed' | 'not-made';

export interface Turn {
  /** Says how the attempt went; only the first word counts. */
  settle(outcome: AttemptOutcome): void;
}

interface Entry {
  readonly account: NamedUser;
  readonly outcome: Promise<AttemptOutcome>;
}

function settling() {
  let resolve: (outcome: AttemptOutcome) => void = () => {};
  const promise = new Promise<AttemptOutcome>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/**
 * Whether two names may be of one account: `CORP\alice`, `alice@corp.example` and `alice` may. Only two
 * domains that are written alike and differ tell them apart.
 */
function mayBeSame(one: NamedUser, other: NamedUser): boolean {
  const [mine, theirs] = [accountOf(one), accountOf(other)];
  if (mine.name !== theirs.name) return false;
  if (mine.authority === '' || theirs.authority === '') return true;
  return (
    mine.authority.includes('.') !== theirs.authority.includes('.') || mine.authority === theirs.authority
  );
}

/** Why no attempt is made: lower case, no final stop. */
export const FAILED_BEFORE =
  'the attempt was not made, since one with an account of that name failed in this run, and a second could lock it';
