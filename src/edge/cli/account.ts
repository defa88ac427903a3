import type { NamedUser } from '../../core/model/cause.ts';
import { parseTarget, type Target } from './target.ts';
import { UsageError } from './usage-error.ts';

/**
 * `CORP\alice`, `alice@corp.example` or `alice`. Throws UsageError.
 * @param option whose value it is, for the message
 * @param password where its password comes from, for the message
 */
export function splitUser(text: string, option: string, password: string): NamedUser {
  const [first = '', second, ...others] = text.split('\\');
  // Windows has no account with one of these in its name, and `alice:password` must not come back.
  if (/[:/=]/.test(text)) {
    throw new UsageError(
      `the value of ${option} is not an account name: expected DOMAIN\\user, user@domain or user; the password comes from ${password}`,
    );
  }
  if (others.length > 0 || first === '' || second === '') {
    throw new UsageError(
      `the value of ${option} is not an account name: expected DOMAIN\\user, user@domain or user`,
    );
  }
  return second === undefined ? { domain: '', name: first } : { domain: first, name: second };
}

/** An account and where it signs in. */
export interface AccountAtHost extends Target {
  readonly account: NamedUser;
  /** As it was written, for a prompt. */
  readonly user: string;
}

/** `USER@HOST` or `USER@HOST:PORT`: the last @ divides, so that `alice@corp.example@vm1` works. Throws UsageError. */
export function parseAccountAtHost(
  text: string,
  { option, password, port }: { readonly option: string; readonly password: string; readonly port: number },
): AccountAtHost {
  const at = text.lastIndexOf('@');
  if (at <= 0 || at === text.length - 1)
    throw new UsageError(`the value of ${option} is not USER@HOST, such as CORP\\admin@vm1.corp.example`);
  const user = text.slice(0, at);
  return { ...parseTarget(text.slice(at + 1), port), account: splitUser(user, option, password), user };
}
