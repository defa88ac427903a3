import { isSeen, whyMissing } from '../causes/_judge.ts';
import { list } from '../causes/_words.ts';
import type { Cause, JudgeContext, Judgement, Look } from '../model/cause.ts';
import type { Evidence, FactName } from '../model/facts.ts';
import { ONLY_LIVE } from '../model/live-facts.ts';
import { WINDOWS_FACTS } from '../model/windows-facts.ts';

/**
 * INVARIANT: a cause is ruled out only where one whole set of its `ruledOutBy` was seen, and what was
 * seen of that set rules it out without what was seen of the others. Without the second half one fact
 * that happens to be seen (a port that is closed) would vouch for what was read of another set in part.
 * A judgement that does not keep to it becomes inconclusive and names what is missing.
 */
export function holdToContract(
  cause: Cause,
  evidence: Evidence,
  context: JudgeContext,
  judgement: Judgement,
): Judgement {
  const sets = cause.ruledOutBy;
  if (judgement.verdict !== 'ruled-out') return judgement;
  if (sets.some((set) => isRuledOutBy(cause, set, evidence, context))) return judgement;
  const [first, ...rest] = nearestToWhole(evidence, sets);
  // All that it names was seen. That none of it suffices alone is a wrong declaration: the tests look for it.
  if (first === undefined) return judgement;
  const reasons = [first, ...rest].map((name) => `${name} ${whyMissing(evidence[name])}`);
  const { remark } = judgement;
  return {
    verdict: 'inconclusive',
    missing: [first, ...rest],
    explanation: `${judgement.explanation} That alone does not rule it out: ${list(reasons)}.`,
    settledBy: looksFor([first, ...rest]),
    ...(remark === undefined ? {} : { remark }),
  };
}

/** Whether the set was seen whole and rules the cause out without the facts of the other sets. */
export function isRuledOutBy(
  cause: Cause,
  set: readonly FactName[],
  evidence: Evidence,
  context: JudgeContext,
): boolean {
  return (
    unseenOf(evidence, set).length === 0 &&
    cause.judge(only(evidence, set, cause.ruledOutBy), context).verdict === 'ruled-out'
  );
}

/** The facts of the set, and those that are in none: what only supports a judgement may stay. */
function only(
  evidence: Evidence,
  set: readonly FactName[],
  sets: readonly (readonly FactName[])[],
): Evidence {
  const others = new Set(sets.flat().filter((name) => !set.includes(name)));
  return Object.fromEntries(Object.entries(evidence).filter(([name]) => !others.has(name as FactName)));
}

function unseenOf(evidence: Evidence, set: readonly FactName[]): readonly FactName[] {
  return set.filter((name) => !isSeen(evidence[name]));
}

/** What is missing from the set that somebody began to read, and of those from the one with the least to add. */
function nearestToWhole(evidence: Evidence, sets: readonly (readonly FactName[])[]): readonly FactName[] {
  const open = sets
    .map((set) => ({ begun: set.some((name) => isSeen(evidence[name])), unseen: unseenOf(evidence, set) }))
    .filter(({ unseen }) => unseen.length > 0)
    .sort((a, b) => Number(b.begun) - Number(a.begun) || a.unseen.length - b.unseen.length);
  return open[0]?.unseen ?? [];
}

/** Who can tell a fact, best first. */
function looksFor(facts: readonly FactName[]): readonly Look[] {
  return [...new Set(facts.flatMap(looksForOne))];
}

function looksForOne(fact: FactName): readonly Look[] {
  if (ONLY_LIVE.includes(fact)) return ['--rpc'];
  if (fact in WINDOWS_FACTS) return ['--disk', '--rpc'];
  switch (fact) {
    case 'nla.logon':
      return ['--user'];
    case 'tls.ciphers':
    case 'tls.features':
      return ['HOST', '--full'];
    case 'tls.asClient':
      return ['HOST', '--client'];
    default:
      return ['HOST'];
  }
}
