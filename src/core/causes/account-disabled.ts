import { defineCause } from '../model/cause.ts';
import { ACCOUNT_FACTS, ACCOUNT_RULED_OUT_BY, judgeAccount } from './_account.ts';

/** NTSTATUS ([MS-ERREF] 2.3.1) → what it says. */
const SAYS: ReadonlyMap<number, string> = new Map([[0xc0000072, 'the account is disabled']]);

export const accountDisabled = defineCause({
  id: 'account-disabled',
  title: 'The account is disabled',
  stage: 'logon',
  uses: ACCOUNT_FACTS,
  ruledOutBy: ACCOUNT_RULED_OUT_BY,
  prior: 0.01,
  remedies: [],
  advice:
    'Once whoever disabled it agrees, enable the account: a local one with net user NAME /active:yes, a domain account in Active Directory.',
  workgroupAdvice: 'Once whoever disabled it agrees, enable the account with net user NAME /active:yes.',
  judge: (evidence, context) =>
    judgeAccount(evidence, context, { says: SAYS, question: 'whether the account is disabled' }),
});
