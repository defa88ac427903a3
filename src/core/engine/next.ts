import { standsInWorkgroup } from '../causes/_domain.ts';
import { CAUSES } from '../causes/index.ts';
import { CAUSE_CATALOGUE, type CatalogueEntry, type Vantage } from '../knowledge/cause-catalogue.ts';
import { CAUSE_PRIORS } from '../knowledge/cause-priors.ts';
import type { Look } from '../model/cause.ts';
import type { Evidence, FactName } from '../model/facts.ts';
import { LIVE_LOOKS, ONLY_LIVE } from '../model/live-facts.ts';
import { isUnasked, type Observation } from '../model/observation.ts';
import type { Finding, Next } from '../model/report.ts';
import { STAGES, type Stage, type StageResult } from '../model/stage.ts';
import { WINDOWS_FACTS } from '../model/windows-facts.ts';

/** The option for each vantage but the network itself. */
const LOOKS: Readonly<Record<Exclude<Vantage, 'outside'>, Look>> = {
  disk: '--disk',
  inside: '--rpc',
  domain: '--dc',
};

/** Ways to one and the same vantage, the best first: one of them is enough. */
const INSIDE: readonly [Look, ...Look[]] = LIVE_LOOKS;

/** How many causes a sentence names before it only counts. */
const NAMED = 3;

/** Beyond these a list of advice is no advice. */
const MOST = 3;

/** Answers are the one look that begins somewhere else. */
const COLLECT = '; have somebody run on the machine what rdpdoctor collect prints';

/** For a cause without an estimate: one that was thought of last is not a frequent one. */
const LEAST_PRIOR = 0.001;

/** An error text points at a cause: that outweighs every estimate of how frequent others are. */
const POINTED_AT = 1;

/**
 * Stages that a look from outside settles by passing them: what stops a sign-in there is not the
 * reason any more. A challenge by NTLM says nothing of Kerberos, so `credssp` is not among them.
 */
const SETTLED_BY_PASSING: readonly Stage[] = ['reach', 'negotiate', 'tls'];

/** That nothing answers is proven by the network, and says nothing of why. */
const PROVEN_SYMPTOM = 'port-unreachable';

export interface NextOptions {
  readonly evidence: Evidence;
  /** Looks that this run took already. */
  readonly taken: readonly Look[];
  /** Looks that were tried and led nowhere: another way to the same is better advice. */
  readonly failed?: readonly Look[];
  /** Looks that this version can take. */
  readonly available: readonly Look[];
  /** Cause ids that an error points to: the text given with `--error`, or a status that the server stated. */
  readonly suspected: readonly string[];
}

interface Open {
  readonly cause: string;
  readonly looks: readonly Look[];
  /** Facts that its judgement names as missing. */
  readonly missing?: readonly FactName[];
}

/**
 * What to look at next: the looks that would settle the most of what is still open, each cause
 * counted by how often it is the reason. Open are the causes that were judged inconclusive, and those
 * of the catalogue that only another vantage can judge; but nothing behind the stage at which the
 * sign-in stops, since nobody comes that far, and nothing of a stage that was passed.
 */
export function adviseNext(
  findings: readonly Finding[],
  stages: readonly StageResult[],
  options: NextOptions,
): readonly Next[] {
  // In a workgroup there is no controller to ask, and nothing of a domain to go wrong.
  const alone = standsInWorkgroup(options.evidence);
  const open = [...openFindings(findings, stages, options), ...openElsewhere(findings, stages, alone)];
  const settles = new Map<Look, string[]>();
  for (const { cause, looks, missing = [] } of open) {
    for (const look of new Set(looks.map((each) => recommend(each, missing, options)))) {
      if (alone && look === LOOKS.domain) continue;
      if (!options.taken.includes(look)) settles.set(look, [...(settles.get(look) ?? []), cause]);
    }
  }
  const suspected = new Set(options.suspected);
  const weightOf = (cause: string): number => priorOf(cause) + (suspected.has(cause) ? POINTED_AT : 0);
  const ranked = [...settles]
    .map(([look, causes]) => ({
      look,
      causes: [...causes].sort((a, b) => weightOf(b) - weightOf(a)),
      weight: causes.reduce((sum, cause) => sum + weightOf(cause), 0),
      available: options.available.includes(look),
    }))
    .sort((a, b) => b.weight - a.weight || Number(b.available) - Number(a.available));
  const best = ranked.slice(0, MOST);
  // Advice that nobody can follow yet must not crowd out what can be done at once.
  const doable = ranked.find(({ available }) => available);
  if (doable !== undefined && !best.includes(doable)) best.splice(MOST - 1, 1, doable);
  return best.map(({ look, causes, available }) => ({
    look,
    why: `${describe(causes, suspected)}${look === '--answers' ? COLLECT : ''}`,
    available,
  }));
}

/** How often a cause is the reason, roughly, whether or not it can be judged. */
export function priorOf(cause: string): number {
  const estimates: Readonly<Record<string, number>> = CAUSE_PRIORS;
  return CAUSES.find(({ id }) => id === cause)?.prior ?? estimates[cause] ?? LEAST_PRIOR;
}

/**
 * Of several ways to the same vantage the one that was taken or can be, else the best. RPC does not carry
 * everything: what it could not tell, a shell on the machine may.
 */
function recommend(
  look: Look,
  missing: readonly FactName[],
  { evidence, taken, failed = [], available }: NextOptions,
): Look {
  if (!INSIDE.includes(look)) return look;
  const been = INSIDE.filter((way) => taken.includes(way));
  const [only] = been;
  if (only !== undefined) {
    const isDoubted =
      been.length === 1 &&
      only === INSIDE[0] &&
      missing.some((name) => name in WINDOWS_FACTS && isOpenAfterRpc(name, evidence[name]));
    const other = INSIDE.find((way) => way !== only && available.includes(way) && !failed.includes(way));
    return isDoubted && other !== undefined ? other : only;
  }
  return (
    INSIDE.find((way) => available.includes(way) && !failed.includes(way)) ??
    INSIDE.find((way) => available.includes(way)) ??
    INSIDE[0]
  );
}

/** RPC has no call for them. */
const BEYOND_RPC: readonly FactName[] = ['listener.owner', 'resources.state', 'os.startedAt'];

/** Whether it was asked for by RPC, and a shell may tell it all the same: what no machine tells is left open by both. */
function isOpenAfterRpc(name: FactName, observation: Observation<unknown> | undefined): boolean {
  if (observation?.state !== 'unknown') return false;
  const { why } = observation;
  return why === 'denied' || why === 'timeout' || (why === 'no-channel' && BEYOND_RPC.includes(name));
}

function openFindings(
  findings: readonly Finding[],
  stages: readonly StageResult[],
  { evidence, taken }: NextOptions,
): readonly Open[] {
  // Who asked the machine itself read there what stands on its disk, but for what was denied.
  const wasAsked = LIVE_LOOKS.some((look) => taken.includes(look));
  const isNews = (look: Look, missing: readonly FactName[]): boolean =>
    look !== LOOKS.disk ||
    !wasAsked ||
    missing.some(
      (name) => name in WINDOWS_FACTS && !ONLY_LIVE.includes(name) && evidence[name]?.state === 'unknown',
    );
  return findings
    .filter(({ verdict, stage }) => verdict === 'inconclusive' && isReached(stage, stages))
    .filter(({ stage, missing = [] }) => {
      // What no vantage of this run could have told is no doubt of what was seen.
      const isDoubted = missing.length === 0 || missing.some((name) => !isUnasked(evidence[name]));
      return isDoubted || !isSettled(stage, stages);
    })
    .map(({ cause, settledBy = [], missing = [] }) => ({
      cause,
      looks: settledBy.filter((look) => isNews(look, missing)),
      missing,
    }));
}

function openElsewhere(
  findings: readonly Finding[],
  stages: readonly StageResult[],
  alone: boolean,
): readonly Open[] {
  // A confirmed cause leaves only the question which setting is behind it.
  if (findings.some(({ verdict, cause }) => verdict === 'confirmed' && cause !== PROVEN_SYMPTOM)) return [];
  const judged = new Set(findings.map(({ cause }) => cause));
  return CAUSE_CATALOGUE.filter(
    ({ id, stage, vantages }) =>
      !judged.has(id) &&
      isReached(stage, stages) &&
      !isSettled(stage, stages) &&
      !(alone && vantages.includes('domain')),
  ).map((entry) => ({ cause: entry.id, looks: looksFor(entry) }));
}

function isSettled(stage: Stage, stages: readonly StageResult[]): boolean {
  const passed = stages.some((result) => result.stage === stage && result.state === 'passed');
  return passed && SETTLED_BY_PASSING.includes(stage);
}

function isReached(stage: Stage, stages: readonly StageResult[]): boolean {
  const stopped = stages.find(({ state }) => state === 'failed');
  return stopped === undefined || STAGES.indexOf(stage) <= STAGES.indexOf(stopped.stage);
}

/** From outside a sign-in's own outcome shows only to a sign-in. */
function looksFor({ vantages, stage }: CatalogueEntry): readonly Look[] {
  return vantages.map((vantage) =>
    vantage === 'outside' ? (stage === 'logon' ? '--user' : 'HOST') : LOOKS[vantage],
  );
}

/** @param causes the weightiest first */
function describe(causes: readonly string[], suspected: ReadonlySet<string>): string {
  const pointedAt = causes.filter((cause) => suspected.has(cause));
  const named = (pointedAt.length > 0 ? pointedAt : causes).slice(0, NAMED);
  const what = pointedAt.length > 0 ? 'what the error points to: ' : '';
  const more = causes.length - named.length;
  return `would settle ${what}${named.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}
