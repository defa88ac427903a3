import type { Evidence } from '../model/facts.ts';
import { isInWorkgroup } from './_domain.ts';
import { effective } from './_inside.ts';
import { seenValue } from './_judge.ts';

/** Statuses that a server gives only after it has looked at the NTLM answer: NTLM as such was let in. */
export const AFTER_NTLM: ReadonlySet<number> = new Set([
  0x00000000, // success
  0xc0000064, // no such user
  0xc000006a, // wrong password
  0xc000006d, // logon failure
  0xc000006f, // logon hours
  0xc0000070, // workstation
  0xc0000071, // password expired
  0xc0000072, // account disabled
  0xc000015b, // logon type not granted
  0xc0000193, // account expired
  0xc0000224, // password must change
  0xc0000234, // locked out
]);

/** RestrictReceivingNTLMTraffic: 1 refuses domain accounts and lets local ones in, 2 refuses every account. */
export const DENY_DOMAIN_ACCOUNTS = 1;
export const DENY_ALL = 2;

/**
 * Whether NTLM is the only way in: a machine outside of any domain has no Kerberos to take its place, and
 * where NLA is required nobody gets to a session without one of the two. `undefined`: not known.
 */
export function needsNtlm(
  evidence: Pick<Evidence, 'domain.membership' | 'rdp.nla' | 'listener.userAuthentication'>,
): boolean | undefined {
  const membership = seenValue(evidence['domain.membership']);
  if (membership === undefined) return undefined;
  if (!isInWorkgroup(membership)) return false;
  const nla = seenValue(evidence['rdp.nla']);
  if (nla !== undefined) return nla === 'required';
  const required = effective(evidence['listener.userAuthentication']);
  return required === undefined ? undefined : required !== 0;
}
