import { defineCause } from '../model/cause.ts';
import { ACCOUNT_FACTS, ACCOUNT_RULED_OUT_BY, judgeAccount } from './_account.ts';

/** NTSTATUS ([MS-ERREF] 2.3.1) → what it says. */
const SAYS: ReadonlyMap<number, string> = new Map([
  [0xc0000234, 'the account is locked after too many failed attempts'],
]);

export const accountLocked = defineCause({
  id: 'account-locked',
  title: 'The account is locked out',
  stage: 'logon',
  uses: ACCOUNT_FACTS,
  ruledOutBy: ACCOUNT_RULED_OUT_BY,
  prior: 0.03,
  remedies: [],
  advice:
    'Before you unlock it, find out what keeps trying: Security events 4740 and 4625 name the caller, and an old saved password or a port open to the Internet will lock the account again at once. Then unlock it, or wait for the lockout to end.',
  judge: (evidence, context) =>
    judgeAccount(evidence, context, { says: SAYS, question: 'whether the account is locked out' }),
});
