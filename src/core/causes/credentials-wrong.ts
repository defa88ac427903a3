import { defineCause } from '../model/cause.ts';
import { ACCOUNT_FACTS, ACCOUNT_RULED_OUT_BY, judgeAccount } from './_account.ts';

/** NTSTATUS ([MS-ERREF] 2.3.1) → what it says. */
const SAYS: ReadonlyMap<number, string> = new Map([
  [0xc000006a, 'the account exists, and the password is wrong'],
  [0xc0000064, 'there is no such user where the server looked for it'],
  [
    0xc000006d,
    'the logon failed, because the user name or the password is wrong; the server does not say which',
  ],
]);

export const credentialsWrong = defineCause({
  id: 'credentials-wrong',
  title: 'User name or password is wrong',
  stage: 'logon',
  uses: ACCOUNT_FACTS,
  ruledOutBy: ACCOUNT_RULED_OUT_BY,
  prior: 0.09,
  remedies: [],
  advice:
    'Type the name with its authority (MACHINE\\user, DOMAIN\\user or user@domain) and the password once more, and remove a saved one at the client (cmdkey /list). Count the attempts: a few more can lock the account.',
  judge: (evidence, context) =>
    judgeAccount(evidence, context, {
      says: SAYS,
      question: 'whether user name and password are right',
    }),
});
