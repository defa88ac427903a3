import { type Evidence, FACT_NAMES, type FactName } from './facts.ts';
import { isUnasked, type Observation, type Reading } from './observation.ts';

/**
 * Puts together what several witnesses saw of one machine. Of each fact the best reading stands, with
 * those of the others beside it (`others`, the next best first): what was seen before what was not,
 * then the newest, then that of the witness who is named first. One who was denied erases nothing.
 * @param parts the evidence of each witness, or of several put together before
 */
export function mergeEvidence(parts: readonly Evidence[]): Evidence {
  return Object.fromEntries(
    FACT_NAMES.flatMap((name) => {
      const reading = readingOf(parts.map((part) => part[name]));
      return reading === undefined ? [] : [[name, reading]];
    }),
  );
}

/** What each witness saw of a fact, the best first; what nobody was asked for is left out. */
export function witnessesOf(evidence: Evidence, name: FactName): readonly Observation<unknown>[] {
  const reading: Reading<unknown> | undefined = evidence[name];
  return reading === undefined ? [] : separate(reading);
}

function readingOf(readings: readonly (Reading<unknown> | undefined)[]): Reading<unknown> | undefined {
  const observations = readings.flatMap((reading) => (reading === undefined ? [] : separate(reading)));
  const [best, ...others] = observations
    .filter((observation) => !isUnasked(observation))
    .sort((a, b) => rankOf(a) - rankOf(b) || timeOf(b).localeCompare(timeOf(a)));
  if (best === undefined) return observations[0];
  return others.length === 0 ? best : { ...best, others };
}

function separate({ others = [], ...best }: Reading<unknown>): readonly Observation<unknown>[] {
  return [best as Observation<unknown>, ...others];
}

function rankOf({ state }: Observation<unknown>): number {
  return state === 'unknown' ? 1 : 0;
}

/** ISO 8601 in UTC, so that texts compare as times do. */
function timeOf(observation: Observation<unknown>): string {
  return observation.state === 'unknown' ? '' : observation.from.observedAt;
}
