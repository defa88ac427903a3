import { defineCause } from '../model/cause.ts';
import { ACCOUNT_FACTS, ACCOUNT_RULED_OUT_BY, judgeAccount } from './_account.ts';

/** NTSTATUS ([MS-ERREF] 2.3.1) → what it says. */
const SAYS: ReadonlyMap<number, string> = new Map([
  [0xc0000071, 'the password has expired, and NLA offers no way to change it'],
  [0xc0000224, 'the password must be changed before the first sign-in, and NLA offers no way to change it'],
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
    'Change the password elsewhere: on another machine in the domain, or have an administrator set a new one without requiring a change at the next sign-in. NLA offers no way to change it while signing in.',
  workgroupAdvice:
    'Have an administrator set a new password (net user NAME *) without requiring a change at the next sign-in, or change it at the console. NLA offers no way to change it while signing in.',
  judge: (evidence, context) =>
    judgeAccount(evidence, context, { says: SAYS, question: 'whether the password has expired' }),
});
