import type { Judgement } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import { cannotTell, isSeen, likely, ruledOut } from './_judge.ts';
import { describeRow, isRdpAnswer, offer } from './_negotiation.ts';
import { list } from './_words.ts';

/** What every ordinary client asks for, in one form or another. */
const ORDINARY: readonly number[] = [0, 1, 3, 0xb];

/**
 * Judges a listener that takes one special protocol and nothing else: it was asked for alone, because
 * everything that ordinary clients ask for had been refused.
 * @param words what stops an ordinary client; begins a sentence
 */
export function judgeTakenAlone(
  evidence: Pick<Evidence, 'rdp.negotiation'>,
  protocol: number,
  words: string,
): Judgement {
  const negotiation = evidence['rdp.negotiation'];
  if (!isSeen(negotiation)) {
    return cannotTell(evidence, 'which protocols the listener accepts', ['rdp.negotiation'], ['HOST']);
  }
  if (negotiation.state === 'absent') {
    return ruledOut(['rdp.negotiation'], 'No listener answers, so none can be limited to one protocol.');
  }
  const rows = negotiation.value;
  const ordinary = rows.filter((row) => ORDINARY.includes(row.requested));
  const taken = ordinary.find((row) => row.answer === 'selected' || row.answer === 'no-negotiation');
  if (taken !== undefined) {
    return ruledOut(
      ['rdp.negotiation'],
      `The listener accepts what ordinary clients ask for: ${describeRow(taken)}.`,
    );
  }
  const alone = rows.find((row) => row.requested === protocol);
  if (alone?.answer === 'selected' && alone.selected === protocol) {
    return likely(
      ['rdp.negotiation'],
      `The listener refuses everything an ordinary client asks for (${list(ordinary.map(describeRow))}) and accepts only ${offer(protocol)}. ${words}`,
    );
  }
  if (alone !== undefined && (isRdpAnswer(alone) || alone.detail !== undefined)) {
    return ruledOut(['rdp.negotiation'], `The listener does not accept it either: ${describeRow(alone)}.`);
  }
  const stranger = rows.find((row) => row.answer === 'foreign');
  if (stranger !== undefined && !rows.some(isRdpAnswer)) {
    return ruledOut(['rdp.negotiation'], `No RDP listener answers on the port: ${describeRow(stranger)}.`);
  }
  const selected = rows.find((row) => row.answer === 'selected');
  if (selected !== undefined) {
    return ruledOut(['rdp.negotiation'], `The listener accepts something else: ${describeRow(selected)}.`);
  }
  return cannotTell(
    evidence,
    `whether the listener accepts ${offer(protocol)}, because it was not asked or did not answer`,
    ['rdp.negotiation'],
    ['HOST'],
  );
}
