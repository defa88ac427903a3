import type { Judgement, Look } from '../model/cause.ts';
import type { Evidence, FactName } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import type { Setting } from '../model/windows-facts.ts';
import { cannotTell, type FactNames, seenValue } from './_judge.ts';

/** Where settings and event logs are read. */
export const INSIDE: readonly Look[] = ['--disk', '--rpc'];

/** The value in force, if it was seen. */
export function effective<T>(setting: Observation<Setting<T>> | undefined): T | undefined {
  return seenValue(setting)?.effective;
}

/**
 * `cannotTell` for facts about a machine: one that is nowhere, its default included, was not found out
 * either, so those that are not present are named.
 */
export function cannotTellFrom(
  evidence: Evidence,
  question: string,
  facts: FactNames,
  settledBy: readonly Look[] = INSIDE,
): Judgement & { readonly verdict: 'inconclusive' } {
  const [first, ...rest] = facts.filter((name) => evidence[name]?.state !== 'present');
  return cannotTell(evidence, question, first === undefined ? facts : [first, ...rest], settledBy);
}

/** `SecurityLayer is 0 (policy SOFTWARE\Policies\…!SecurityLayer, over the machine's own 2)`. */
export function describeSetting(name: string, setting: Setting<number | boolean>): string {
  return `${name} is ${sayValue(setting.effective)} (${describeSource(setting)})`;
}

/** `policy SOFTWARE\Policies\…!SecurityLayer`, `SYSTEM\…!SecurityLayer` or `the default`. */
export function describeSource({ setBy, where, machine, effective }: Setting<number | boolean>): string {
  switch (setBy) {
    case 'policy':
      return `policy ${where}${
        machine === undefined || machine === effective
          ? ''
          : `, overriding the machine's own ${sayValue(machine)}`
      }`;
    case 'machine':
      return where;
    case 'default':
      return 'the default';
  }
}

function sayValue(value: number | boolean): string {
  return typeof value === 'number' ? String(value) : value ? 'on' : 'off';
}

/**
 * One judgement out of two: what the listener was seen to do, and what its settings say. The listener
 * wins. Where a setting would stop clients and the listener lets them in, the setting is not in effect
 * yet and may be after the next start: that is `likely`, and said. A suspicion falls before a witness
 * who has seen the opposite, whichever of the two it is.
 */
export function weigh(evidence: Evidence, outside: Judgement, inside: Judgement): Judgement {
  const remark = inside.remark ?? outside.remark;
  return { ...weighVerdicts(evidence, outside, inside), ...(remark === undefined ? {} : { remark }) };
}

function weighVerdicts(evidence: Evidence, outside: Judgement, inside: Judgement): Judgement {
  if (outside.verdict === 'inconclusive') {
    return inside.verdict === 'inconclusive' ? weighQuestions(evidence, outside, inside) : inside;
  }
  if (inside.verdict === 'inconclusive') return outside;
  const because = both(outside.because, inside.because);
  const told = decapitalise(inside.explanation);
  // What one of them only suspects, the other has seen not to be.
  if (outside.verdict === 'ruled-out' && inside.suspicion === true) return outside;
  if (inside.verdict === 'ruled-out' && outside.suspicion === true) {
    return {
      ...inside,
      explanation: `${inside.explanation} The listener's behaviour has another reason: ${decapitalise(outside.explanation)}`,
    };
  }
  if (outside.verdict === 'ruled-out') {
    return inside.verdict === 'ruled-out'
      ? { ...outside, because }
      : {
          verdict: 'likely',
          because,
          explanation: `${inside.explanation} That is not in effect now but may be after a restart: ${decapitalise(outside.explanation)}`,
        };
  }
  return inside.verdict === 'ruled-out'
    ? {
        ...outside,
        because,
        explanation: `${outside.explanation} The settings say otherwise, so either they are not in effect yet or there is another reason: ${told}`,
      }
    : {
        verdict: inside.verdict === 'confirmed' ? 'confirmed' : outside.verdict,
        because,
        explanation: `${outside.explanation} The settings agree: ${told}`,
      };
}

/** Of two open questions the one to tell is the one that somebody tried to answer. */
function weighQuestions(
  evidence: Evidence,
  outside: Judgement & { readonly verdict: 'inconclusive' },
  inside: Judgement & { readonly verdict: 'inconclusive' },
): Judgement {
  const tried = (names: readonly FactName[]): boolean =>
    names.some((name) => {
      const observation = evidence[name];
      return !(
        observation === undefined ||
        (observation.state === 'unknown' && observation.why === 'not-gathered')
      );
    });
  if (!tried(inside.missing)) return outside;
  if (!tried(outside.missing)) return inside;
  return {
    ...outside,
    missing: both(outside.missing, inside.missing),
    settledBy: [...new Set([...outside.settledBy, ...inside.settledBy])],
  };
}

function both(these: FactNames, those: FactNames): FactNames {
  return [these[0], ...these.slice(1), ...those.filter((name) => !these.includes(name))];
}

export function decapitalise(sentence: string): string {
  // A name keeps its capital; one of several capitals (TLS, RDP) has no small second letter.
  return /^[A-Z][a-z ]/.test(sentence) &&
    !/^(?:Schannel|Windows|Netlogon|Kerberos|Remote Desktop)\b/.test(sentence)
    ? sentence.charAt(0).toLowerCase() + sentence.slice(1)
    : sentence;
}
