import { defineCause } from '../model/cause.ts';
import { ACCOUNT_FACTS, ACCOUNT_RULED_OUT_BY, judgeAccount } from './_account.ts';

/** NTSTATUS ([MS-ERREF] 2.3.1) → what it says. */
const SAYS: ReadonlyMap<number, string> = new Map([
  [
    0xc000006e,
    'a restriction on the account forbids this sign-in: a blank password, membership in Protected Users, or an authentication silo',
  ],
  [0xc000006f, 'the account may not sign in at this time of day (logon hours)'],
  [0xc0000070, 'the account may not sign in from this workstation'],
]);

export const accountRestricted = defineCause({
  id: 'account-restricted',
  title: 'A restriction on the account forbids this sign-in',
  stage: 'logon',
  uses: ACCOUNT_FACTS,
  ruledOutBy: ACCOUNT_RULED_OUT_BY,
  prior: 0.02,
  remedies: [],
  advice:
    "Check the account for the restriction that the status names: logon hours, the workstations it may sign in from (with NLA, the client is what counts), a blank password, membership in Protected Users or an authentication silo. Members of Protected Users can sign in by the machine's full DNS name, which uses Kerberos.",
  workgroupAdvice:
    'Check the account for the restriction that the status names: logon hours, or a blank password, which works only at the console. Set a password, or change the hours with net user NAME /times:all.',
  judge: (evidence, context) =>
    judgeAccount(evidence, context, {
      says: SAYS,
      question: 'whether a restriction on the account forbids the sign-in',
    }),
});
