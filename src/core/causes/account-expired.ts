import { defineCause } from '../model/cause.ts';
import { ACCOUNT_FACTS, ACCOUNT_RULED_OUT_BY, judgeAccount } from './_account.ts';

/** NTSTATUS ([MS-ERREF] 2.3.1) → what it says. */
const SAYS: ReadonlyMap<number, string> = new Map([[0xc0000193, 'the account has reached its end date']]);

export const accountExpired = defineCause({
  id: 'account-expired',
  title: 'The account has expired',
  stage: 'logon',
  uses: ACCOUNT_FACTS,
  ruledOutBy: ACCOUNT_RULED_OUT_BY,
  prior: 0.01,
  remedies: [],
  advice:
    'Set a later end date, or none, where the account lives: on the machine with net user NAME /expires:never, in the directory in the properties of the account.',
  judge: (evidence, context) =>
    judgeAccount(evidence, context, { says: SAYS, question: 'whether the account has expired' }),
});
