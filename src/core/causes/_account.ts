import type { JudgeContext, Judgement, NamedUser } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { LogonFailureRow, LogonSuccess } from '../model/windows-facts.ts';
import { isSameAccount, type Place } from '../windows/account-name.ts';
import { cannotTell, confirmed, likely, ruledOut, seenValue } from './_judge.ts';
import { statusCode } from './_words.ts';

/** What a cause that speaks of one account is judged by. */
export const ACCOUNT_FACTS = [
  'nla.logon',
  'ntlm.refusal',
  'logon.failures',
  'computer.name',
  'domain.membership',
] as const;

/** Only a sign-in of that account that works, now, shows that nothing of the kind stops it. */
export const ACCOUNT_RULED_OUT_BY = [['nla.logon']] as const;

export type AccountEvidence = Pick<Evidence, (typeof ACCOUNT_FACTS)[number]>;

export interface AccountState {
  /** NTSTATUS → what it says of the account: a clause without a final stop. */
  readonly says: ReadonlyMap<number, string>;
  /** So that "It is not known …" reads as a sentence. */
  readonly question: string;
}

/**
 * Judges a state of one account by the statuses that servers give: the account's own attempt is proof
 * that it is stopped; what the Security log has of it is history, so at most likely, and counts only
 * for the account that was named and where no later sign-in of it worked.
 */
export function judgeAccount(
  evidence: AccountEvidence,
  context: JudgeContext,
  state: AccountState,
): Judgement {
  const logon = seenValue(evidence['nla.logon']);
  const said = logon === undefined ? undefined : state.says.get(logon.status);
  if (logon !== undefined && said !== undefined) {
    return confirmed(
      ['nla.logon'],
      `The server refused ${nameOf(context.user) ?? 'the account that was tried'} with ${statusCode(logon.status)} (${logon.name}): ${said}.`,
    );
  }
  if (logon?.status === 0) {
    return ruledOut(
      ['nla.logon'],
      `The server accepted the credential of ${nameOf(context.user) ?? 'the account that was tried'}.`,
    );
  }
  const refusal = seenValue(evidence['ntlm.refusal']);
  const stated = refusal?.status === undefined ? undefined : state.says.get(refusal.status);
  if (refusal?.status !== undefined && stated !== undefined) {
    return likely(
      ['ntlm.refusal'],
      `The server broke off the sign-in with ${statusCode(refusal.status)} (${refusal.name}) before any user name was sent, so every user gets this answer: ${stated}.`,
    );
  }
  return judgeLog(evidence, context, state);
}

function judgeLog(evidence: AccountEvidence, { user }: JudgeContext, state: AccountState): Judgement {
  const tally = seenValue(evidence['logon.failures']);
  const open = (question: string): Judgement =>
    cannotTell(evidence, question, ['nla.logon', 'logon.failures'], ['--user']);
  if (tally === undefined) return open(state.question);
  if (user === undefined) return open(`${state.question}, because no account was named`);
  const place: Place = {
    computer: seenValue(evidence['computer.name']),
    membership: seenValue(evidence['domain.membership']),
  };
  const failure = newestOf(
    tally.accounts.filter((row) => state.says.has(row.status) && isSameAccount(user, asUser(row), place)),
  );
  if (failure === undefined)
    return open(`${state.question}, because the Security log holds no such refusal for it`);
  const success = tally.successes.find(
    (row) =>
      row.at > failure.last &&
      isSameAccount(user, asUser(row), place) &&
      isSameAccount(asUser(failure), asUser(row), place),
  );
  if (success !== undefined) {
    return open(
      `${state.question}, because it was refused with ${statusCode(failure.status)} at ${failure.last} but signed in later, at ${success.at} (${success.locator})`,
    );
  }
  return likely(
    ['logon.failures'],
    `The account ${nameOf(asUser(failure)) ?? user.name} was refused with ${statusCode(failure.status)} (${failure.name}) ${timesOf(failure)} (${failure.locator}), and that account has not signed in since: ${state.says.get(failure.status) ?? ''}.`,
  );
}

/** `once, at 2026-…`, `14 times, last at 2026-…`. */
function timesOf({ count, last }: LogonFailureRow): string {
  return count === 1 ? `at ${last}` : `${count} times, last at ${last}`;
}

function newestOf(rows: readonly LogonFailureRow[]): LogonFailureRow | undefined {
  return rows.reduce<LogonFailureRow | undefined>(
    (newest, row) => (newest === undefined || row.last > newest.last ? row : newest),
    undefined,
  );
}

function asUser({ account, domain }: LogonFailureRow | LogonSuccess): NamedUser {
  return { name: account, domain };
}

/** `CORP\alice`. */
function nameOf(user: NamedUser | undefined): string | undefined {
  if (user === undefined || user.name === '') return undefined;
  return user.domain === '' || user.domain === '-' ? user.name : `${user.domain}\\${user.name}`;
}
