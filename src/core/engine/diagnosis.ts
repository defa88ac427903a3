import { standsInWorkgroup } from '../causes/_domain.ts';
import { CAUSES } from '../causes/index.ts';
import type { Cause, JudgeContext, Look } from '../model/cause.ts';
import { type Evidence, FACT_NAMES, type FactName } from '../model/facts.ts';
import { LIVE_LOOKS } from '../model/live-facts.ts';
import type { Finding, NotExamined, Outcome, Report, Warning } from '../model/report.ts';
import type { Stage, StageResult } from '../model/stage.ts';
import type { Subjects } from '../model/subjects.ts';
import { judgeAll } from './judge.ts';
import { adviseNext } from './next.ts';
import { pointedAtByServer } from './server-status.ts';
import { walkStages } from './stages.ts';
import { disagreements } from './witnesses.ts';

export interface DiagnosisInput {
  readonly target: string;
  /** The error that the user sees, where it was given. */
  readonly symptom?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly evidence: Evidence;
  /** What was seen of others than the target. */
  readonly subjects?: Subjects;
  readonly context: JudgeContext;
  readonly warnings: readonly Warning[];
  /** What this run looked at. */
  readonly taken: readonly Look[];
  /** What it tried to look at, in vain. */
  readonly failed?: readonly Look[];
  readonly available: readonly Look[];
  /** Cause ids that an error text points to. */
  readonly suspected: readonly string[];
  /** Whether names in all of this are masked. */
  readonly redacted?: boolean;
}

/** Weighs the evidence and says what follows from it. Pure: the same input gives the same report. */
export function diagnose(input: DiagnosisInput, causes: readonly Cause[] = CAUSES): Report {
  const { findings, remarks } = judgeAll(
    input.evidence,
    { suspected: input.suspected, subjects: input.subjects ?? {}, ...input.context },
    causes,
  );
  const stages = walkStages(input.evidence, findings);
  const crashed = findings.filter((finding) => finding.verdict === 'crashed');
  return {
    schema: 2,
    target: input.target,
    at: input.at,
    ...(input.context.client === undefined ? {} : { client: input.context.client.id }),
    ...(input.context.user === undefined ? {} : { user: input.context.user }),
    ...(input.symptom === undefined ? {} : { symptom: input.symptom, suspected: input.suspected }),
    looks: input.taken,
    ...(input.redacted === true ? { redacted: true } : {}),
    outcome: outcomeOf(input, findings, stages),
    stages,
    evidence: complete(input.evidence),
    subjects: input.subjects ?? {},
    findings,
    remarks,
    notExamined: notExamined(input),
    next: adviseNext(findings, stages, {
      ...input,
      suspected: [...input.suspected, ...pointedAtByServer(input.evidence)],
    }),
    warnings: [
      ...input.warnings,
      ...disagreements(input.evidence),
      ...Object.entries(input.subjects ?? {}).flatMap(([name, { evidence }]) =>
        disagreements(evidence).map(({ code, text }): Warning => ({ code, text: `${name}: ${text}` })),
      ),
      ...crashed.map(
        ({ cause, explanation }): Warning => ({ code: 'cause-crashed', text: `${cause}: ${explanation}` }),
      ),
    ],
  };
}

/** The warnings of a saved report that looking gave; what judging adds is added again. */
export function warningsOfLooking({ warnings }: Report): readonly Warning[] {
  return warnings.filter(({ code }) => code !== 'witnesses-disagree' && code !== 'cause-crashed');
}

function outcomeOf(
  { taken, evidence }: DiagnosisInput,
  findings: readonly Finding[],
  stages: readonly StageResult[],
): Outcome {
  if (findings.some((finding) => finding.verdict === 'confirmed' || finding.verdict === 'likely')) {
    return 'explained';
  }
  if (stages.some((stage) => stage.state === 'failed')) return 'unexplained';
  // Silence is not health. From outside every stage that can be seen has to have been passed, a
  // credential that was tried included; from the machine itself at least which Windows it is, whether it
  // takes connections, and the service that does: who was denied those saw too little.
  if (!taken.includes('HOST')) {
    const isSeen = SEEN_INSIDE.every((name) => (evidence[name]?.state ?? 'unknown') !== 'unknown');
    return isSeen && evidence['os.version']?.state === 'present' ? 'healthy' : 'blind';
  }
  const needed: readonly Stage[] = taken.includes('--user')
    ? [...NEEDED_FOR_HEALTH, 'logon']
    : NEEDED_FOR_HEALTH;
  const seen = stages.filter(({ stage }) => needed.includes(stage));
  return seen.every(({ state }) => state === 'passed') ? 'healthy' : 'blind';
}

const SEEN_INSIDE: readonly FactName[] = ['listener.fDenyTSConnections', 'service.TermService'];

const NEEDED_FOR_HEALTH: readonly Stage[] = ['reach', 'negotiate', 'tls', 'credssp'];

/** Every fact by name: what nobody gathered is unknown, and says so. */
function complete(evidence: Evidence): Evidence {
  return Object.fromEntries(
    FACT_NAMES.map((name) => [name, evidence[name] ?? { state: 'unknown', why: 'not-gathered' }]),
  );
}

interface Place extends NotExamined {
  readonly looks: readonly Look[];
  /** A machine that is known to be in a workgroup has no such place. */
  readonly inDomain?: true;
}

const PLACES: readonly Place[] = [
  { looks: ['HOST'], code: 'listener', text: 'the listener, from the network' },
  {
    looks: ['--user'],
    code: 'sign-in',
    text: 'whether the server accepts a credential: no sign-in was tried',
  },
  {
    // Who asks the machine itself reads them there.
    looks: ['--disk', ...LIVE_LOOKS],
    code: 'disk',
    text: "the machine's registry and event logs, from its disk",
  },
  {
    looks: LIVE_LOOKS,
    code: 'inside',
    text: 'the running machine, from inside',
  },
  {
    looks: ['--dc'],
    code: 'domain',
    text: 'the domain: its controllers, the trust and the computer account',
    inDomain: true,
  },
];

function notExamined({ taken, evidence }: DiagnosisInput): readonly NotExamined[] {
  const alone = standsInWorkgroup(evidence);
  return PLACES.filter(
    ({ looks, inDomain }) => !(inDomain === true && alone) && !looks.some((look) => taken.includes(look)),
  ).map(({ code, text }) => ({ code, text }));
}

/** The exit status of the contract: 0 healthy, 1 a cause, 2 our own fault, 3 unexplained or blind. */
export function exitStatusOf(report: Report): 0 | 1 | 2 | 3 {
  if (report.outcome === 'explained') return 1;
  if (report.findings.some((finding) => finding.verdict === 'crashed')) return 2;
  return report.outcome === 'healthy' ? 0 : 3;
}
