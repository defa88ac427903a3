import { type Evidence, FACT_NAMES, type FactName } from './facts.ts';
import { partsOfTheMoment } from './live-facts.ts';
import { isUnasked, type Observation, type Reading } from './observation.ts';

/**
 * Puts together what several witnesses saw of one machine. Of each fact the best reading stands, with
 * those of the others beside it (`others`, the next best first): what was seen before what was not, whole
 * before without what only a running machine tells, then what the machine itself said in this run before what
 * is brought (a disk, a person's answers: nobody knows how old a copy of a disk is), then the newest, then that of
 * the witness who is named first. One who was denied erases nothing.
 * @param parts the evidence of each witness, or of several put together before
 */
export function mergeEvidence(parts: readonly Evidence[]): Evidence {
  return Object.fromEntries(
    FACT_NAMES.flatMap((name) => {
      const reading = readingOf(
        name,
        parts.map((part) => part[name]),
      );
      return reading === undefined ? [] : [[name, reading]];
    }),
  );
}

/** What each witness saw of a fact, the best first; what nobody was asked for is left out. */
export function witnessesOf(evidence: Evidence, name: FactName): readonly Observation<unknown>[] {
  const reading: Reading<unknown> | undefined = evidence[name];
  return reading === undefined ? [] : separate(reading);
}

function readingOf(
  name: FactName,
  readings: readonly (Reading<unknown> | undefined)[],
): Reading<unknown> | undefined {
  const observations = readings.flatMap((reading) => (reading === undefined ? [] : separate(reading)));
  const [best, ...others] = observations
    .filter((observation) => !isUnasked(observation))
    .sort(
      (a, b) =>
        rankOf(name, a) - rankOf(name, b) ||
        Number(isBrought(a)) - Number(isBrought(b)) ||
        timeOf(b).localeCompare(timeOf(a)),
    );
  if (best === undefined) return observations[0];
  return others.length === 0 ? best : { ...best, others };
}

function separate({ others = [], ...best }: Reading<unknown>): readonly Observation<unknown>[] {
  return [best as Observation<unknown>, ...others];
}

function rankOf(name: FactName, observation: Observation<unknown>): number {
  if (observation.state === 'unknown') return 2;
  return observation.state === 'present' && isWithoutMoment(name, observation.value) ? 1 : 0;
}

/** Whether it is a copy: when that was read says nothing of how old it is. */
function isBrought(observation: Observation<unknown>): boolean {
  return observation.state !== 'unknown' && BROUGHT.includes(observation.from.channel);
}

const BROUGHT: readonly string[] = ['disk', 'answers'];

/** Whether of such a fact everything is missing that only a running machine tells: a disk saw the rest. */
function isWithoutMoment(name: FactName, value: unknown): boolean {
  const parts = partsOfTheMoment(name);
  return (
    parts.length > 0 && typeof value === 'object' && value !== null && !parts.some((part) => part in value)
  );
}

/** ISO 8601 in UTC, so that texts compare as times do. */
function timeOf(observation: Observation<unknown>): string {
  return observation.state === 'unknown' ? '' : observation.from.observedAt;
}
