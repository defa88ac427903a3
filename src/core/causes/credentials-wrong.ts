import { defineCause } from '../model/cause.ts';
import { ACCOUNT_FACTS, ACCOUNT_RULED_OUT_BY, judgeAccount } from './_account.ts';

/** NTSTATUS ([MS-ERREF] 2.3.1) → what it says. */
const SAYS: ReadonlyMap<number, string> = new Map([
  [0xc000006a, 'the account exists, and the password is wrong'],
  [0xc0000064, 'there is no such user where the server looked'],
  [
    0xc000006d,
    'the sign-in failed because the user name or the password is wrong; the server does not say which',
  ],
]);

export const credentialsWrong = defineCause({
  id: 'credentials-wrong',
  title: 'The user name or password is wrong',
  stage: 'logon',
  uses: ACCOUNT_FACTS,
  ruledOutBy: ACCOUNT_RULED_OUT_BY,
  prior: 0.09,
  remedies: [],
  advice:
    'Type the full name (MACHINE\\user, DOMAIN\\user or user@domain) and the password again, and delete a password saved on the client (cmdkey /list). Count your attempts: a few more can lock the account.',
  workgroupAdvice:
    'Type the full name (MACHINE\\user, with the name of the server) and the password again, and delete a password saved on the client (cmdkey /list). Count your attempts: a few more can lock the account.',
  judge: (evidence, context) =>
    judgeAccount(evidence, context, {
      says: SAYS,
      question: 'whether the user name and password are right',
    }),
});
