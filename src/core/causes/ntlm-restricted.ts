import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
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
  title: 'NTLM settings of the two sides do not fit',
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
    'Connect by the full DNS name with a domain account, so that Kerberos is used and nothing has to change. If NTLM has to work, change RestrictReceivingNTLMTraffic at its policy; never set LmCompatibilityLevel below 3.',
  judge(evidence) {
    const restriction = seenValue(evidence['ntlm.restrictReceiving']);
    const logon = seenValue(evidence['nla.logon']);
    if (restriction !== undefined && restriction.effective >= DENY_DOMAIN_ACCOUNTS) {
      const word = describeSetting('RestrictReceivingNTLMTraffic', restriction);
      if (restriction.effective >= DENY_ALL && logon !== undefined && AFTER_NTLM.has(logon.status)) {
        return ruledOut(
          ['nla.logon', 'ntlm.restrictReceiving'],
          `A sign-in over NTLM was judged on its merits (${statusCode(logon.status)}, ${logon.name}), so NTLM is let in whatever the setting says: ${word}.`,
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
            : ' Clients that use Kerberos still get in.'
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
        ? ', which takes NTLMv2 alone: every Windows since Vista sends that'
        : ', which takes what clients send'
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
          `The machine refuses NTLM of domain accounts alone, and belongs to no domain: ${word}.`,
        ),
        remark: `Incoming NTLM of domain accounts is refused (${word}). Local accounts are not affected.`,
      };
    }
    return likely(
      because,
      `The machine refuses incoming NTLM of domain accounts: ${word}. A domain account is stopped when the client connects by IP address; by name it uses Kerberos and gets in. Local accounts are not affected.`,
    );
  }
  if (membership?.joined !== false) {
    return likely(
      because,
      `The machine refuses incoming NTLM of every account: ${word}. Stopped are local accounts, and domain accounts when the client connects by IP address; by name a domain account uses Kerberos and gets in.`,
    );
  }
  if (needsNtlm(evidence) === true) {
    return ruledOut(
      because,
      `The machine refuses incoming NTLM of every account (${word}), and nobody gets in without it: that is the cause ntlm-blocked.`,
    );
  }
  return likely(
    because,
    `The machine refuses incoming NTLM of every account: ${word}. A local account gets in only with a client that does without Network Level Authentication.`,
  );
}
