import type { Cause, JudgeContext } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { Finding } from '../model/report.ts';
import { STAGES } from '../model/stage.ts';

/** The order of findings in a report: what stops sign-ins first, what is known not to last. */
const RANK: readonly Finding['verdict'][] = ['confirmed', 'likely', 'crashed', 'inconclusive', 'ruled-out'];

/**
 * Asks every cause about the evidence and ranks the answers: by verdict, then by the stage at which
 * a sign-in stops (an earlier stage hides the later ones), then by how often it is the reason.
 * A cause that throws is a fault of ours: it yields `crashed`, and the others go on.
 */
export function judgeAll(
  evidence: Evidence,
  context: JudgeContext,
  causes: readonly Cause[],
): readonly Finding[] {
  return causes
    .map((cause) => ({ cause, finding: judgeOne(cause, evidence, context) }))
    .sort(
      (a, b) =>
        RANK.indexOf(a.finding.verdict) - RANK.indexOf(b.finding.verdict) ||
        STAGES.indexOf(a.cause.stage) - STAGES.indexOf(b.cause.stage) ||
        b.cause.prior - a.cause.prior,
    )
    .map(({ finding }) => finding);
}

function judgeOne(cause: Cause, evidence: Evidence, context: JudgeContext): Finding {
  const { id, title, stage, advice, remedies } = cause;
  const common = { cause: id, title, stage, advice, remedies };
  try {
    // INVARIANT: a cause receives the facts that it declared and no others.
    const declared = Object.fromEntries(cause.uses.map((name) => [name, evidence[name]]));
    const judgement = cause.judge(declared, context);
    if (judgement.verdict === 'inconclusive') {
      const { missing, explanation, settledBy } = judgement;
      return { ...common, verdict: 'inconclusive', because: [], missing, explanation, settledBy };
    }
    const { verdict, because, explanation } = judgement;
    return { ...common, verdict, because, explanation };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no reason given';
    return {
      ...common,
      verdict: 'crashed',
      because: [],
      explanation: `Judging this cause failed (${reason}): a fault of rdpdoctor's, not of the target's.`,
    };
  }
}
