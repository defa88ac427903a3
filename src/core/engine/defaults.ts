import { seenValue } from '../causes/_judge.ts';
import { list } from '../causes/_words.ts';
import { UNSURE_DEFAULTS } from '../knowledge/windows-defaults.ts';
import type { Judgement } from '../model/cause.ts';
import type { Evidence, FactName } from '../model/facts.ts';
import { WINDOWS_FACTS } from '../model/windows-facts.ts';

/**
 * INVARIANT: nothing is confirmed on a default of Windows that rests on practice. What the listener itself
 * was seen to do needs no default.
 */
export function heedDefaults(evidence: Evidence, judgement: Judgement): Judgement {
  if (judgement.verdict !== 'confirmed') return judgement;
  if (judgement.because.some((name) => !(name in WINDOWS_FACTS))) return judgement;
  const guessed = judgement.because.filter(
    (name) => UNSURE_DEFAULTS.includes(name) && isDefault(evidence, name),
  );
  if (guessed.length === 0) return judgement;
  return {
    ...judgement,
    verdict: 'likely',
    explanation: `${judgement.explanation} ${list(guessed)} is not set, and what Windows does then is not documented.`,
  };
}

function isDefault(evidence: Evidence, name: FactName): boolean {
  const value = seenValue<unknown>(evidence[name]);
  return typeof value === 'object' && value !== null && 'setBy' in value && value.setBy === 'default';
}
