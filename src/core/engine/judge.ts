import { standsInWorkgroup } from '../causes/_domain.ts';
import type { Cause, JudgeContext } from '../model/cause.ts';
import type { Evidence } from '../model/facts.ts';
import type { Finding, Remark } from '../model/report.ts';
import { STAGES } from '../model/stage.ts';
import { heedDefaults } from './defaults.ts';
import { causesFirst } from './precedence.ts';
import { holdToContract } from './ruled-out.ts';

/** The order of findings in a report: what stops sign-ins first, what is known not to last. */
const RANK: readonly Finding['verdict'][] = ['confirmed', 'likely', 'crashed', 'inconclusive', 'ruled-out'];

/**
 * Asks every cause about the evidence and ranks the answers: by verdict, then by the stage at which
 * a sign-in stops (an earlier stage hides the later ones), then by how often it is the reason. A cause
 * that explains another finding comes before it.
 * A cause that throws is a fault of ours: it yields `crashed`, and the others go on.
 */
export function judgeAll(evidence: Evidence, context: JudgeContext, causes: readonly Cause[]): Judged {
  const ranked = causes
    .map((cause) => ({ cause, ...judgeOne(cause, evidence, context) }))
    .sort(
      (a, b) =>
        RANK.indexOf(a.finding.verdict) - RANK.indexOf(b.finding.verdict) ||
        STAGES.indexOf(a.cause.stage) - STAGES.indexOf(b.cause.stage) ||
        b.cause.prior - a.cause.prior,
    );
  const judged = causesFirst(ranked);
  return {
    findings: judged.map(({ finding }) => finding),
    remarks: judged.flatMap(({ cause, remark }) =>
      remark === undefined ? [] : [{ code: cause.id, text: remark }],
    ),
  };
}

const CRASHED = 'Judging this cause failed';

export interface Judged {
  readonly findings: readonly Finding[];
  readonly remarks: readonly Remark[];
}

interface JudgedOne {
  readonly finding: Finding;
  readonly remark?: string;
}

/** A machine in a workgroup is given no advice about a domain. */
function adviceFor({ advice, workgroupAdvice = advice }: Cause, evidence: Evidence): string {
  return standsInWorkgroup(evidence) ? workgroupAdvice : advice;
}

function judgeOne(cause: Cause, evidence: Evidence, context: JudgeContext): JudgedOne {
  const { id, title, stage, remedies } = cause;
  const advice = adviceFor(cause, evidence);
  const common = { cause: id, title, stage, advice, remedies };
  try {
    // INVARIANT: a cause receives the facts that it declared and no others.
    const declared = Object.fromEntries(cause.uses.map((name) => [name, evidence[name]]));
    const judgement = heedDefaults(
      declared,
      holdToContract(cause, declared, context, cause.judge(declared, context)),
    );
    const remark = judgement.remark === undefined ? {} : { remark: judgement.remark };
    if (judgement.verdict === 'inconclusive') {
      const { missing, explanation, settledBy } = judgement;
      return {
        finding: { ...common, verdict: 'inconclusive', because: [], missing, explanation, settledBy },
        ...remark,
      };
    }
    const { verdict, because, explanation } = judgement;
    const fitting = judgement.advice === undefined ? {} : { advice: judgement.advice };
    return { finding: { ...common, verdict, because, explanation, ...fitting }, ...remark };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no reason given';
    return {
      finding: {
        ...common,
        verdict: 'crashed',
        because: [],
        explanation: `${CRASHED} (${reason}): this is a bug in rdpdoctor, not a fault of the target.`,
      },
    };
  }
}
