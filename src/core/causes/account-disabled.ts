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
    'Enable the account where it lives, on the machine (net user NAME /active:yes) or in the directory, once whoever disabled it agrees.',
  judge: (evidence, context) =>
    judgeAccount(evidence, context, { says: SAYS, question: 'whether the account is disabled' }),
});
