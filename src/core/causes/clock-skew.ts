import { defineCause, type Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { verifiedChannel } from './_channel.ts';
import { describeAlone, showsController, standsInWorkgroup } from './_domain.ts';
import { describeEvent, fieldOf, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { cannotTell, citing, likely, ruledOut, seenValue } from './_judge.ts';
import { citingLogs, describeRefused, refusedOnTheWire, refusedWith, timelineWithLogons } from './_logons.ts';
import { span } from './_words.ts';

/** Kerberos' default tolerance: five minutes (policy MaxClockSkew). */
const KERBEROS_SECONDS = 300;
/** NTLMv2's: about 36 hours. */
const NTLM_SECONDS = 36 * 3600;
/** STATUS_TIME_DIFFERENCE_AT_DC. */
const TIME_DIFFERENCE: ReadonlySet<number> = new Set([0xc0000133]);
/** Time-Service: a step too large was refused; synchronised with a source. */
const STEP_REFUSED = 34;
const SYNCHRONISED = 35;
/** Kerberos: an error received, by its code KRB_AP_ERR_SKEW; a ticket that is not valid yet. */
const KERBEROS_ERROR = 3;
const KERBEROS_SKEW = 0x25;
const NOT_YET_VALID = 5;

export const clockSkew = defineCause({
  id: 'clock-skew',
  title: 'The clocks are too far apart',
  stage: 'credssp',
  uses: [
    'clock.skewSeconds',
    'nla.logon',
    'ntlm.refusal',
    'logon.failures',
    'domain.membership',
    'events.relevant',
    'secureChannel.state',
    'time.source',
  ],
  ruledOutBy: [['clock.skewSeconds'], ['clock.skewSeconds', 'domain.membership']],
  prior: 0.02,
  remedies: [],
  advice:
    'Compare both clocks with a third, then correct the wrong one and repair its time source (w32tm /resync /rediscover). Until then, connecting by IP address or with a local account may work, because both use NTLM.',
  workgroupAdvice:
    'Compare both clocks with a third, then correct the wrong one and repair its time source (w32tm /resync /rediscover).',
  judge(evidence) {
    const refusal = refusedOnTheWire(evidence, TIME_DIFFERENCE);
    if (refusal !== undefined) {
      return likely(
        [refusal.fact],
        `${refusal.words}: its clock and the ${otherClock(evidence)}'s are too far apart.`,
      );
    }
    const refused = judgeRefusals(evidence);
    if (refused !== undefined) return refused;
    const channel = verifiedChannel(evidence);
    if (channel?.works === false && channel.state === 'clock') {
      return likely(
        citing(evidence, 'secureChannel.state', 'domain.membership'),
        `${channel.words}: its clock and the domain controller's are too far apart.${describeSource(evidence)}`,
      );
    }
    const skew = seenValue(evidence['clock.skewSeconds']);
    const alone = seenValue(evidence['domain.membership'])?.joined === false;
    if (skew === undefined) {
      const word = alone ? undefined : judgeEvents(evidence);
      if (word !== undefined) return likely(['events.relevant'], word);
      return cannotTell(
        evidence,
        "how far off the target's clock is",
        ['clock.skewSeconds'],
        ['HOST', '--rpc', '--dc'],
      );
    }
    const distance =
      skew === 0
        ? 'in step with the clock here'
        : `${span(skew)} ${skew > 0 ? 'ahead of' : 'behind'} the clock here`;
    if (!(Math.abs(skew) > KERBEROS_SECONDS)) {
      return ruledOut(
        ['clock.skewSeconds'],
        `The target's clock is ${distance}; Kerberos tolerates five minutes.`,
      );
    }
    if (alone) return judgeAlone(evidence, skew, distance);
    return likely(
      ['clock.skewSeconds'],
      `The target's clock is ${distance}. Kerberos tolerates only five minutes, so it fails; NTLM tolerates about 36 hours, so it ${
        Math.abs(skew) > NTLM_SECONDS ? 'fails too' : 'still works'
      }. Which clock is wrong cannot be told from here.${describeSource(evidence)}`,
    );
  },
});

/** Whom the machine's clock follows, as a further sentence. */
function describeSource(evidence: Pick<Evidence, 'time.source'>): string {
  const server = seenValue(evidence['time.source'])?.server;
  return server === undefined ? '' : ` Windows Time on the machine follows ${server}.`;
}

/** Outside a domain nobody shows a ticket, and NTLM is patient. */
function judgeAlone(
  evidence: Pick<Evidence, 'clock.skewSeconds' | 'domain.membership'>,
  skew: number,
  distance: string,
): Judgement {
  const because = citing(evidence, 'clock.skewSeconds', 'domain.membership');
  const membership = seenValue(evidence['domain.membership']);
  const word = `The target's clock is ${distance}`;
  return Math.abs(skew) > NTLM_SECONDS
    ? {
        ...likely(
          because,
          `${word}, and a sign-in with a password tolerates about 36 hours. Which clock is wrong cannot be told from here.`,
        ),
        advice:
          'Compare both clocks with a third, then correct the wrong one and repair its time source (w32tm /resync /rediscover).',
      }
    : {
        ...ruledOut(
          because,
          `${word}. The machine is ${membership === undefined ? 'in a workgroup' : describeAlone(membership)}, where a sign-in tolerates about 36 hours.`,
        ),
        remark: `${word}. That stops no sign-in, but certificates and logs depend on it.`,
      };
}

/** A user whom the machine refused because its clock and the controller's differ: that is not the clock here. */
function judgeRefusals(
  evidence: Pick<Evidence, 'logon.failures' | 'domain.membership' | 'events.relevant'>,
): Judgement | undefined {
  const timeline = timelineWithLogons(evidence);
  if (timeline === undefined) return undefined;
  const showsSignIn = showsController(seenValue(evidence['domain.membership']));
  const word = weighEvents(timeline, 'clock-skew', {
    proves: refusedWith(TIME_DIFFERENCE),
    refutes: (event) => isEvent(event, PROVIDER.time, SYNCHRONISED) || showsSignIn(event),
  });
  if (word.later !== 'proving') return undefined;
  return likely(
    citingLogs(evidence, 'domain.membership'),
    `${describeRefused(word.proving)}: the clocks of this machine and of the ${otherClock(evidence)} were too far apart (${describeEvent(word.proving)}), and no later event shows that this was fixed.`,
  );
}

/** Whose clock the status compares: [MS-ERREF] 2.3.1 calls it a difference between the client and the server. */
function otherClock(evidence: Pick<Evidence, 'domain.membership'>): string {
  return standsInWorkgroup(evidence) ? 'client' : 'domain controller';
}

/** What the logs tell where the clock itself was not seen: they support, and never rule out. */
function judgeEvents(evidence: Pick<Evidence, 'events.relevant'>): string | undefined {
  const timeline = seenValue(evidence['events.relevant']);
  if (timeline === undefined) return undefined;
  const word = weighEvents(timeline, 'clock-skew', {
    proves: (event) =>
      isEvent(event, PROVIDER.time, STEP_REFUSED) ||
      isEvent(event, PROVIDER.kerberos, NOT_YET_VALID) ||
      (isEvent(event, PROVIDER.kerberos, KERBEROS_ERROR) &&
        Number(fieldOf(event, 'ErrorCode')) === KERBEROS_SKEW),
    refutes: (event) => isEvent(event, PROVIDER.time, SYNCHRONISED),
  });
  return word.later !== 'proving'
    ? undefined
    : `The machine's clock was wrong, and no later event shows that it was corrected: ${describeEvent(word.proving)}. Kerberos tolerates five minutes.`;
}
