import type { JudgeContext, Judgement, Look } from '../model/cause.ts';
import { type ClientProfile, isSure, type Sureness } from '../model/client.ts';
import type { Evidence, FactName } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import { list } from './_words.ts';

export type FactNames = readonly [FactName, ...FactName[]];

/** A judgement that rests on facts, and may carry advice of its own. */
export type Conclusive = Extract<Judgement, { readonly verdict: 'confirmed' | 'likely' | 'ruled-out' }>;

export function confirmed(because: FactNames, explanation: string): Conclusive {
  return { verdict: 'confirmed', because, explanation };
}

export function likely(because: FactNames, explanation: string): Conclusive {
  return { verdict: 'likely', because, explanation };
}

/** Likely by its looks alone: a witness who sees the opposite refutes it. */
export function suspected(because: FactNames, explanation: string): Conclusive {
  return { verdict: 'likely', because, explanation, suspicion: true };
}

export function ruledOut(because: FactNames, explanation: string): Conclusive {
  return { verdict: 'ruled-out', because, explanation };
}

/**
 * The inconclusive judgement: says of every missing fact why it is missing.
 * @param question what is not known, so that "It is not known …" reads as a sentence
 * @param facts candidates: those of them that were not seen are named; if all were seen, they were
 *   seen in part only (a version that timed out), and all of them are named
 */
export function cannotTell(
  evidence: Evidence,
  question: string,
  facts: FactNames,
  settledBy: readonly Look[],
): Judgement & { readonly verdict: 'inconclusive' } {
  const [first, ...rest] = facts.filter((name) => !isSeen(evidence[name]));
  return leftOpenBy(evidence, question, first === undefined ? facts : [first, ...rest], settledBy);
}

/** The same, where each of the facts leaves it open, those that were seen too. */
export function leftOpenBy(
  evidence: Evidence,
  question: string,
  missing: FactNames,
  settledBy: readonly Look[],
): Judgement & { readonly verdict: 'inconclusive' } {
  return {
    verdict: 'inconclusive',
    missing,
    explanation: `It is not known ${question}: ${reasonsFor(evidence, missing)}.`,
    settledBy,
  };
}

/** `a was denied`, `a and b were not gathered`: facts that are missing for the same reason share a verb. */
function reasonsFor(evidence: Evidence, missing: FactNames): string {
  const names = new Map<string, FactName[]>();
  for (const name of missing) {
    const why = whyMissing(evidence[name]);
    names.set(why, [...(names.get(why) ?? []), name]);
  }
  const reasons = [...names].map(([why, those]) =>
    those.length === 1
      ? `${those[0]} ${why}`
      : `${list(those)} ${why
          .replace(/^was /, 'were ')
          .replace(/^is /, 'are ')
          .replace(/^does /, 'do ')}`,
  );
  return reasons.length < missing.length ? reasons.join('; ') : list(reasons);
}

/** INVARIANT (Observation): absent counts as seen; unknown and not gathered do not. */
export function isSeen<O extends { readonly state: string }>(
  observation: O | undefined,
): observation is Exclude<O, { state: 'unknown' }> {
  return observation !== undefined && observation.state !== 'unknown';
}

/** The value, if it is present. Only for questions to which absent and unknown are the same answer. */
export function seenValue<T>(observation: Observation<T> | undefined): T | undefined {
  return observation?.state === 'present' ? observation.value : undefined;
}

/** Those of the named facts that were seen, behind one that was: what a judgement may cite. */
export function citing(evidence: Evidence, first: FactName, ...others: readonly FactName[]): FactNames {
  return [first, ...others.filter((name) => isSeen(evidence[name]))];
}

/** Why a fact is missing, behind its name: `was denied (…)`. */
export function whyMissing(observation: Observation<unknown> | undefined): string {
  if (observation === undefined) return 'was not gathered';
  if (observation.state === 'present') return 'does not settle it';
  if (observation.state === 'absent') {
    return observation.from.channel === 'tcp' ? 'is not stated by the server' : 'does not exist';
  }
  const detail = observation.detail === undefined ? '' : ` (${observation.detail})`;
  switch (observation.why) {
    case 'not-gathered':
      return `was not gathered${detail}`;
    case 'no-channel':
      return `could not be read${detail}`;
    case 'denied':
      return `could not be read because access was denied${detail}`;
    case 'timeout':
      return `timed out${detail}`;
    case 'corrupt':
      return `came back unusable${detail}`;
    case 'host-key':
      return `was not gathered, because the host key is not known${detail}`;
    case 'encrypted':
      return `is encrypted${detail}`;
  }
}

/**
 * What a proven state does to one client. `suspect`: it looks stopped, but on something that is
 * not a negative fact (a closed connection). `open`: what was seen does not tell. `unsettled`: it looks
 * stopped, but what is known of the client there is not sure.
 */
export type Effect = 'passes' | 'stopped' | 'suspect' | 'open' | 'unsettled';

/** `stopped`, if what is known of the client there is sure. */
export function stoppedBy(...parts: readonly Sureness[]): 'stopped' | 'unsettled' {
  return parts.every(isSure) ? 'stopped' : 'unsettled';
}

type Inconclusive = Judgement & { readonly verdict: 'inconclusive' };

/**
 * The verdict on a state by whom it stops. With a client named, that client decides; otherwise
 * every supported client does: one that is stopped makes it likely, none rules it out. A client about
 * which that is not settled gets a remark and decides nothing.
 * @param words.stopped receives the names of those who are stopped
 * @param words.passes receives the name of the client, or `every supported client`
 * @param words.open only, and then always, where `effectOn` can answer `open`
 * @param words.unsettled likewise; `remark` receives the names of those about whom it is not settled
 */
export function judgeByClient<E extends Effect>(
  context: JudgeContext,
  effectOn: (client: ClientProfile) => E,
  because: FactNames,
  words: {
    readonly stopped: (names: string) => string;
    readonly passes: (names: string) => string;
  } & ('open' extends E ? { readonly open: () => Judgement } : { readonly open?: never }) &
    ('unsettled' extends E
      ? { readonly unsettled: { remark(names: string): string; open(): Inconclusive } }
      : { readonly unsettled?: never }),
): Judgement {
  const clients = context.client === undefined ? context.supportedClients : [context.client];
  const having = (effect: Effect): readonly string[] =>
    clients.filter((client) => effectOn(client) === effect).map(({ title }) => title);
  const { open, unsettled }: OptionalWords = words;
  const doubted = having('unsettled');
  const remark =
    unsettled === undefined || doubted.length === 0 ? {} : { remark: unsettled.remark(list(doubted)) };

  const stopped = having('stopped');
  if (stopped.length > 0) {
    const verdict = context.client === undefined ? likely : confirmed;
    return { ...verdict(because, words.stopped(list(stopped))), ...remark };
  }
  const suspects = having('suspect');
  if (suspects.length > 0) return { ...suspected(because, words.stopped(list(suspects))), ...remark };
  if (open !== undefined && having('open').length > 0) return { ...open(), ...remark };
  if (unsettled !== undefined && doubted.length > 0 && having('passes').length === 0) {
    return { ...unsettled.open(), ...remark };
  }
  const passes =
    doubted.length > 0 ? list(having('passes')) : (context.client?.title ?? 'every supported client');
  return { ...ruledOut(because, words.passes(passes)), ...remark };
}

interface OptionalWords {
  readonly open?: (() => Judgement) | undefined;
  readonly unsettled?: { remark(names: string): string; open(): Inconclusive } | undefined;
}
