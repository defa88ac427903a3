import type { Look } from '../core/model/cause.ts';
import type { Evidence, FactName } from '../core/model/facts.ts';
import { unknown } from '../core/model/observation.ts';
import { mergeEvidence } from '../core/model/readings.ts';
import type { Warning } from '../core/model/report.ts';
import { mergeSubjects } from '../core/model/subjects.ts';
import type { Clock } from './ports/clock.ts';
import type { Sighting, Vantage } from './vantage.ts';

/** A vantage keeps its time by itself; what it needs for its last words is given on top. */
const GRACE_MILLIS = 1000;

/**
 * Looks from every vantage, side by side, until none is left that could look: one that needs facts
 * begins as soon as they were seen. Within one budget of time for all: what is late is `unknown`
 * (timeout), and everything that was learned before stays.
 * @param budgetMillis for all of it together
 */
export async function lookFromAll(
  clock: Clock,
  vantages: readonly Vantage[],
  budgetMillis: number,
): Promise<Sighting> {
  const deadline = clock.monotonic() + budgetMillis;
  const sightings = new Map<Vantage, Sighting>();
  const running = new Map<Vantage, Promise<Vantage>>();
  const waiting = new Set(vantages);
  const known = (): Evidence => mergeEvidence([...sightings.values()].map(({ evidence }) => evidence));
  const startReady = (): void => {
    if (waiting.size === 0) return;
    const seen = known();
    for (const vantage of waiting) {
      if (!vantage.needs.every((fact) => seen[fact]?.state === 'present')) continue;
      waiting.delete(vantage);
      const look = vantage.start(seen, deadline - clock.monotonic()).then((sighting) => {
        sightings.set(vantage, sighting);
        return vantage;
      });
      running.set(vantage, look);
    }
  };
  for (startReady(); running.size > 0; startReady()) {
    const left = Math.max(0, deadline + GRACE_MILLIS - clock.monotonic());
    const done = await clock.within(Promise.race(running.values()), left);
    if (done === undefined) break;
    running.delete(done);
  }
  for (const vantage of running.keys()) sightings.set(vantage, late(vantage));
  for (const vantage of waiting) sightings.set(vantage, neverBegan(vantage, known()));
  // In the order in which they were named, whoever was first.
  return combine(vantages.flatMap((vantage) => sightings.get(vantage) ?? []));
}

function combine(sightings: readonly Sighting[]): Sighting {
  const taken = sightings.flatMap((sighting) => sighting.taken);
  return {
    evidence: mergeEvidence(sightings.map(({ evidence }) => evidence)),
    subjects: mergeSubjects(sightings.map(({ subjects }) => subjects)),
    warnings: sightings.flatMap(({ warnings }) => warnings),
    taken: [...new Set<Look>(taken)],
    failed: sightings.flatMap(({ failed = [] }) => failed),
  };
}

function late({ look, provides }: Vantage): Sighting {
  const text = `${look} was not done when the time was up; allow more with --timeout`;
  const warning: Warning = { code: 'vantage-late', text };
  return { evidence: allUnknown(provides, 'timeout', text), warnings: [warning], taken: [look] };
}

function neverBegan({ look, needs, provides }: Vantage, seen: Evidence): Sighting {
  const missing = needs.filter((fact) => seen[fact]?.state !== 'present');
  const text = `${look} could not look, since ${missing.join(', ')} was not seen`;
  return { evidence: allUnknown(provides, 'no-channel', text), warnings: [], taken: [] };
}

function allUnknown(names: readonly FactName[], why: 'timeout' | 'no-channel', detail: string): Evidence {
  return Object.fromEntries(names.map((name) => [name, unknown<never>(why, detail)]));
}
