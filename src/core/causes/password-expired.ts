import { defineCause } from '../model/cause.ts';
import { ACCOUNT_FACTS, ACCOUNT_RULED_OUT_BY, judgeAccount } from './_account.ts';

/** NTSTATUS ([MS-ERREF] 2.3.1) → what it says. */
const SAYS: ReadonlyMap<number, string> = new Map([
  [0xc0000071, 'the password has expired, and NLA gives no chance to change it'],
  [0xc0000224, 'the password must be changed before the first sign-in, and NLA gives no chance to change it'],
]);

export const passwordExpired = defineCause({
  id: 'password-expired',
  title: 'The password has expired or must be changed',
  stage: 'logon',
  uses: ACCOUNT_FACTS,
  ruledOutBy: ACCOUNT_RULED_OUT_BY,
  prior: 0.02,
  remedies: [],
  advice:
    'Change the password somewhere else: at another machine of the domain, or by an administrator who sets a new one without asking for a change at the next sign-in. NLA gives no chance to change it on the way in.',
  judge: (evidence, context) =>
    judgeAccount(evidence, context, { says: SAYS, question: 'whether the password has expired' }),
});
