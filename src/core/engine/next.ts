import { CAUSE_CATALOGUE, type Vantage } from '../knowledge/cause-catalogue.ts';
import type { Look } from '../model/cause.ts';
import type { Finding, Next } from '../model/report.ts';

/** The options that reach each vantage; the first is the one to recommend. */
const LOOKS: Readonly<Record<Vantage, readonly [Look, ...Look[]]>> = {
  outside: ['HOST'],
  disk: ['--disk'],
  inside: ['--rpc', '--ssh', '--winrm'],
  domain: ['--dc'],
};

/** How many causes a sentence names before it only counts. */
const NAMED = 4;

/** Beyond these a list of advice is no advice. */
const MOST = 4;

export interface NextOptions {
  /** Looks that this run took already. */
  readonly taken: readonly Look[];
  /** Looks that this version can take. */
  readonly available: readonly Look[];
  /** Cause ids that the error text given with `--error` points to: they count twice. */
  readonly suspected: readonly string[];
}

/**
 * What to look at next: the looks that would settle the most of what is still open. Open are the
 * causes that were judged inconclusive, and those of the catalogue that only another vantage can
 * judge. A confirmed cause leaves only the question which setting is behind it.
 */
export function adviseNext(findings: readonly Finding[], options: NextOptions): readonly Next[] {
  const judged = new Set(findings.map((finding) => finding.cause));
  const confirmed = findings.some((finding) => finding.verdict === 'confirmed');
  const open: { readonly cause: string; readonly looks: readonly Look[] }[] = [
    ...findings
      .filter((finding) => finding.verdict === 'inconclusive')
      .map((finding) => ({ cause: finding.cause, looks: finding.settledBy ?? [] })),
    ...CAUSE_CATALOGUE.filter((entry) => !judged.has(entry.id) && !confirmed).map((entry) => ({
      cause: entry.id,
      looks: entry.vantages.map((vantage) => LOOKS[vantage][0]),
    })),
  ];
  const settles = new Map<Look, string[]>();
  for (const { cause, looks } of open) {
    for (const look of looks) {
      if (!options.taken.includes(look)) settles.set(look, [...(settles.get(look) ?? []), cause]);
    }
  }
  const suspected = new Set(options.suspected);
  const weight = (causes: readonly string[]): number =>
    causes.reduce((sum, cause) => sum + (suspected.has(cause) ? 2 : 1), 0);
  return [...settles]
    .sort(([, a], [, b]) => weight(b) - weight(a))
    .slice(0, MOST)
    .map(([look, causes]) => ({
      look,
      why: describe(causes, suspected),
      available: options.available.includes(look),
    }));
}

function describe(causes: readonly string[], suspected: ReadonlySet<string>): string {
  const ordered = [...causes].sort((a, b) => Number(suspected.has(b)) - Number(suspected.has(a)));
  const named = ordered.slice(0, NAMED).join(', ');
  const more = ordered.length > NAMED ? ` and ${ordered.length - NAMED} more` : '';
  return `would settle ${named}${more}`;
}
