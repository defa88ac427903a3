import { defineCause } from '../model/cause.ts';
import { ACCOUNT_FACTS, ACCOUNT_RULED_OUT_BY, judgeAccount } from './_account.ts';

/** NTSTATUS ([MS-ERREF] 2.3.1) → what it says. */
const SAYS: ReadonlyMap<number, string> = new Map([[0xc0000193, 'the account has passed its expiry date']]);

export const accountExpired = defineCause({
  id: 'account-expired',
  title: 'The account has expired',
  stage: 'logon',
  uses: ACCOUNT_FACTS,
  ruledOutBy: ACCOUNT_RULED_OUT_BY,
  prior: 0.01,
  remedies: [],
  advice:
    'Set a later expiry date, or none: for a local account with net user NAME /expires:never, for a domain account in its properties in Active Directory.',
  workgroupAdvice:
    'Set a later expiry date with net user NAME /expires:DATE, or none with net user NAME /expires:never.',
  judge: (evidence, context) =>
    judgeAccount(evidence, context, { says: SAYS, question: 'whether the account has expired' }),
});
