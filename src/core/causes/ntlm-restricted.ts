import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { describeAlone } from './_domain.ts';
import { describeEvent, isEvent, weighEvents } from './_events.ts';
import { cannotTellFrom, describeSetting, INSIDE } from './_inside.ts';
import { citing, likely, ruledOut, seenValue } from './_judge.ts';
import { AFTER_NTLM, DENY_ALL, DENY_DOMAIN_ACCOUNTS, needsNtlm } from './_ntlm.ts';
import { statusCode } from './_words.ts';

/** LmCompatibilityLevel: the highest, which refuses all but NTLMv2. */
const NTLM_V2_ONLY = 5;
const MINIMUM_NOT_MET = [4010, 4011];
const INCOMING_BLOCKED = [4002, 4003];

export const ntlmRestricted = defineCause({
  id: 'ntlm-restricted',
  title: 'The NTLM settings of client and server do not match',
  stage: 'credssp',
  uses: [
    'nla.logon',
    'ntlm.restrictReceiving',
    'lsa.lmCompatibilityLevel',
    'domain.membership',
    'rdp.nla',
    'listener.userAuthentication',
    'events.relevant',
  ],
  prior: 0.02,
  remedies: [],
  ruledOutBy: [
    ['ntlm.restrictReceiving', 'lsa.lmCompatibilityLevel'],
    ['ntlm.restrictReceiving', 'domain.membership'],
    ['ntlm.restrictReceiving', 'domain.membership', 'rdp.nla'],
    ['ntlm.restrictReceiving', 'domain.membership', 'listener.userAuthentication'],
    ['nla.logon', 'ntlm.restrictReceiving'],
  ],
  advice:
    "Connect by the machine's full DNS name with a domain account, so that Kerberos is used and nothing has to change. If NTLM has to work, change RestrictReceivingNTLMTraffic in its policy (1 still admits local accounts); never set LmCompatibilityLevel below 3.",
  workgroupAdvice:
    'If RestrictReceivingNTLMTraffic is 2, set it to 1 in the policy that sets it: that admits local accounts. Never set LmCompatibilityLevel below 3.',
  judge(evidence) {
    const restriction = seenValue(evidence['ntlm.restrictReceiving']);
    const logon = seenValue(evidence['nla.logon']);
    if (restriction !== undefined && restriction.effective >= DENY_DOMAIN_ACCOUNTS) {
      const word = describeSetting('RestrictReceivingNTLMTraffic', restriction);
      if (restriction.effective >= DENY_ALL && logon !== undefined && AFTER_NTLM.has(logon.status)) {
        return ruledOut(
          ['nla.logon', 'ntlm.restrictReceiving'],
          `The server checked the credentials of a sign-in over NTLM (${statusCode(logon.status)}, ${logon.name}), so it accepts NTLM whatever the setting says: ${word}.`,
        );
      }
      return judgeRestriction(evidence, restriction.effective, word);
    }
    const timeline = seenValue(evidence['events.relevant']);
    const word =
      timeline === undefined
        ? undefined
        : weighEvents(timeline, 'ntlm-restricted', {
            proves: (event) =>
              isEvent(event, 'Microsoft-Windows-NTLM', ...MINIMUM_NOT_MET, ...INCOMING_BLOCKED),
          });
    if (word?.proving !== undefined) {
      return likely(
        citing(evidence, 'events.relevant', 'ntlm.restrictReceiving'),
        `Windows turned an NTLM sign-in away: ${describeEvent(word.proving)}.${
          seenValue(evidence['domain.membership'])?.joined === false
            ? ''
            : ' Clients that use Kerberos can still sign in.'
        }`,
      );
    }
    return judgeLevel(evidence);
  },
});

function judgeLevel(
  evidence: Pick<Evidence, 'ntlm.restrictReceiving' | 'lsa.lmCompatibilityLevel'>,
): Judgement {
  const restriction = seenValue(evidence['ntlm.restrictReceiving']);
  const level = seenValue(evidence['lsa.lmCompatibilityLevel']);
  if (restriction === undefined || level === undefined) {
    return cannotTellFrom(
      evidence,
      'how the machine restricts NTLM',
      ['ntlm.restrictReceiving', 'lsa.lmCompatibilityLevel'],
      INSIDE,
    );
  }
  return ruledOut(
    ['ntlm.restrictReceiving', 'lsa.lmCompatibilityLevel'],
    `Incoming NTLM is not restricted, and ${describeSetting('LmCompatibilityLevel', level)}${
      level.effective >= NTLM_V2_ONLY
        ? ', which accepts only NTLMv2, and every Windows since Vista sends that'
        : ', which accepts what clients send'
    }.`,
  );
}

/** What the restriction does depends on whose accounts there are. */
function judgeRestriction(
  evidence: Pick<
    Evidence,
    'ntlm.restrictReceiving' | 'domain.membership' | 'rdp.nla' | 'listener.userAuthentication'
  >,
  restriction: number,
  word: string,
): Judgement {
  const membership = seenValue(evidence['domain.membership']);
  const because = citing(evidence, 'ntlm.restrictReceiving', 'domain.membership');
  if (restriction < DENY_ALL) {
    if (membership?.joined === false) {
      return {
        ...ruledOut(
          because,
          `The machine is ${describeAlone(membership)}, where this setting stops no account: ${word}.`,
        ),
        remark: `Incoming NTLM is restricted (${word}). Local accounts can still sign in.`,
      };
    }
    return likely(
      because,
      `The machine refuses incoming NTLM from domain accounts: ${word}. A domain account is stopped when the client connects by IP address; by name it uses Kerberos and can sign in. Local accounts can still sign in.`,
    );
  }
  if (membership?.joined !== false) {
    return likely(
      because,
      `The machine refuses incoming NTLM from every account: ${word}. Local accounts are stopped, and so are domain accounts when the client connects by IP address; by name a domain account uses Kerberos and can sign in.`,
    );
  }
  if (needsNtlm(evidence) === true) {
    return ruledOut(
      because,
      `The machine refuses incoming NTLM from every account (${word}), and nobody can sign in without it; that is covered by the cause ntlm-blocked.`,
    );
  }
  return likely(
    because,
    `The machine refuses incoming NTLM from every account: ${word}. A local account can sign in only from a client that does not use Network Level Authentication.`,
  );
}
