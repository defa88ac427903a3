import type { Reading } from './reading.ts';

/** A cause that fits what was read, and what speaks for it. */
export interface RankedCause {
  readonly id: string;
  readonly title: string;
  /** Titles of the readings that point to it, the most telling first. */
  readonly because: readonly string[];
}

/** A status says one thing, words are used for several. */
const WEIGHT: Readonly<Partial<Record<Reading['kind'], number>>> = { 'error-text': 0.6, event: 0.5 };
/** What a reading that does not name a cause leaves it: possible, and no more. */
const UNNAMED = 0.03;
/** As likely as the first of the causes of a reading by itself: `1 / (place + 1)`, shared among them. */
const share = (place: number, count: number): number => {
  let sum = 0;
  for (let i = 1; i <= count; i++) sum += 1 / i;
  return 1 / (place + 1) / sum;
};

/**
 * One answer that fits all readings together: each spreads its trust over its causes, first ones more,
 * and what few readings share and specific ones name comes out first. The order of the text decides
 * where nothing else does.
 */
export function rankCauses(readings: readonly Reading[]): readonly RankedCause[] {
  const scores = new Map<
    string,
    { title: string; score: number; because: { title: string; gain: number }[] }
  >();
  for (const { kind, causes, title } of readings) {
    causes.forEach((cause, place) => {
      const trust = share(place, causes.length);
      const gain = Math.max(0, (WEIGHT[kind] ?? 1) * Math.log(trust / UNNAMED));
      const entry = scores.get(cause.id) ?? { title: cause.title, score: 0, because: [] };
      entry.score += gain;
      entry.because.push({ title, gain });
      scores.set(cause.id, entry);
    });
  }
  return [...scores]
    .sort(([, a], [, b]) => b.score - a.score)
    .map(([id, { title, because }]) => ({
      id,
      title,
      because: because.sort((a, b) => b.gain - a.gain).map((reason) => reason.title),
    }));
}
