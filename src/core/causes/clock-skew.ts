import { defineCause } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { describeEvent, fieldOf, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { cannotTell, likely, ruledOut, seenValue } from './_judge.ts';
import { span, statusCode } from './_words.ts';

/** Kerberos' default tolerance: five minutes (policy MaxClockSkew). */
const KERBEROS_SECONDS = 300;
/** NTLMv2's: about 36 hours. */
const NTLM_SECONDS = 36 * 3600;
const TIME_DIFFERENCE_AT_DC = 0xc0000133;
/** Time-Service: a step too large was refused; synchronised with a source. */
const STEP_REFUSED = 34;
const SYNCHRONISED = 35;
/** Kerberos: an error received, by its code KRB_AP_ERR_SKEW; a ticket that is not valid yet. */
const KERBEROS_ERROR = 3;
const KERBEROS_SKEW = 0x25;
const NOT_YET_VALID = 5;

export const clockSkew = defineCause({
  id: 'clock-skew',
  title: 'The clocks are too far apart for Kerberos',
  stage: 'credssp',
  uses: ['clock.skewSeconds', 'nla.logon', 'events.relevant'],
  prior: 0.02,
  remedies: [],
  advice:
    'Compare both clocks with a third, then set the wrong one and repair its time source (w32tm /resync /rediscover). Until then an IP address or a local account, which use NTLM, may get in.',
  judge(evidence) {
    const logon = seenValue(evidence['nla.logon']);
    if (logon?.status === TIME_DIFFERENCE_AT_DC) {
      return likely(
        ['nla.logon'],
        `The server refused the sign-in with ${statusCode(logon.status)} (${logon.name}): its clock and the domain controller's are too far apart.`,
      );
    }
    const skew = seenValue(evidence['clock.skewSeconds']);
    if (skew === undefined) {
      const word = judgeEvents(evidence);
      if (word !== undefined) return likely(['events.relevant'], word);
      return cannotTell(
        evidence,
        "how far the target's clock is off",
        ['clock.skewSeconds'],
        ['HOST', '--dc', '--ssh'],
      );
    }
    const distance = `${span(skew)}${skew === 0 ? ' from' : skew > 0 ? ' ahead of' : ' behind'} the clock here`;
    if (!(Math.abs(skew) > KERBEROS_SECONDS)) {
      return ruledOut(
        ['clock.skewSeconds'],
        `The target's clock is ${distance}; Kerberos tolerates five minutes.`,
      );
    }
    return likely(
      ['clock.skewSeconds'],
      `The target's clock is ${distance}. Kerberos tolerates five minutes and fails; NTLM tolerates about 36 hours and ${
        Math.abs(skew) > NTLM_SECONDS ? 'fails too' : 'still works'
      }. Which of the clocks is wrong cannot be told from here.`,
    );
  },
});

/** What the logs tell where the clock itself was not seen: they support, and never rule out. */
function judgeEvents(evidence: Pick<Evidence, 'events.relevant'>): string | undefined {
  const timeline = seenValue(evidence['events.relevant']);
  if (timeline === undefined) return undefined;
  const { proving, later } = weighEvents(timeline, 'clock-skew', {
    proves: (event) =>
      isEvent(event, PROVIDER.time, STEP_REFUSED) ||
      isEvent(event, PROVIDER.kerberos, NOT_YET_VALID) ||
      (isEvent(event, PROVIDER.kerberos, KERBEROS_ERROR) &&
        Number(fieldOf(event, 'ErrorCode')) === KERBEROS_SKEW),
    refutes: (event) => isEvent(event, PROVIDER.time, SYNCHRONISED),
  });
  return proving === undefined || later !== 'proving'
    ? undefined
    : `The machine's clock was off and no later event shows it set right: ${describeEvent(proving)}. Kerberos tolerates five minutes.`;
}
