import type { CauseId } from './cause-catalogue.ts';
import type { CodeRow } from './row.ts';

function reason(code: number, name: string, meaning: string, causes: readonly CauseId[]): CodeRow {
  return {
    code,
    name,
    meaning,
    causes,
    look: ['Status and SubStatus of the same event'],
    source: 'Microsoft: 4625(F) An account failed to log on; message table of msobjs.dll',
    sure: 'verified',
  };
}

/** FailureReason of Security event 4625, a number into a message table: `%%2313`. The name is its text. */
export const FAILURE_REASONS: readonly CodeRow[] = [
  reason(2304, 'An Error occured during Logon', 'The sign-in failed; only Status says why.', []),
  reason(2305, 'The specified user account has expired', "The account's expiry date has passed.", [
    'account-expired',
  ]),
  reason(2306, 'The NetLogon component is not active', 'The Netlogon service is not running.', [
    'netlogon-service-disabled',
  ]),
  reason(2307, 'Account locked out', 'Too many failed attempts have locked the account.', ['account-locked']),
  reason(
    2308,
    'The user has not been granted the requested logon type at this machine',
    'The password is right, but the user has no right to this type of logon.',
    ['user-right-missing'],
  ),
  reason(2309, "The specified account's password has expired", 'The password has expired.', [
    'password-expired',
  ]),
  reason(2310, 'Account currently disabled', 'The account is disabled.', ['account-disabled']),
  reason(
    2311,
    'Account logon time restriction violation',
    'The account may not sign in at this time of day.',
    ['account-restricted'],
  ),
  reason(
    2312,
    'User not allowed to logon at this computer',
    'The account may sign in only at certain computers.',
    ['account-restricted'],
  ),
  reason(
    2313,
    'Unknown user name or bad password',
    'The user name or password is wrong; SubStatus says which.',
    ['credentials-wrong', 'name-form-wrong', 'saved-credential-stale'],
  ),
];

const byCode = new Map(FAILURE_REASONS.map((row) => [row.code, row]));

/** The row of a failure reason, or undefined. */
export function findFailureReason(code: number): CodeRow | undefined {
  return byCode.get(code);
}
