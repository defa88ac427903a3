import type { Evidence } from '../model/facts.ts';
import { witnessesOf } from '../model/readings.ts';
import { span } from './_words.ts';

/** In the minutes after a start services come one after another; the slowest of them are told to be late at ten. */
const JUST_STARTED_SECONDS = 300;

type Used = Pick<Evidence, 'os.startedAt' | 'clock.skewSeconds'>;

/** How long Windows ran when it was looked at: `2 min`; undefined where it is not known. */
export function sinceStart(evidence: Used): string | undefined {
  const seconds = secondsSinceStart(evidence);
  return seconds === undefined ? undefined : span(seconds);
}

/** Whether it started so short a time before that a service which does not run yet proves nothing. */
export function hasJustStarted(evidence: Used): boolean {
  const seconds = secondsSinceStart(evidence);
  return seconds !== undefined && seconds < JUST_STARTED_SECONDS;
}

/**
 * The start is told by the machine's clock, and when that was by ours, except where both are the machine's
 * own: only the witness who told the start can say how far the two are apart.
 * Never negative: they differ a little. Where they differ by more, nobody knows.
 */
function secondsSinceStart(evidence: Used): number | undefined {
  const started = evidence['os.startedAt'];
  if (started?.state !== 'present') return undefined;
  const { channel, observedAt } = started.from;
  const ahead = witnessesOf(evidence, 'clock.skewSeconds').find(
    (one) => one.state === 'present' && one.from.channel === channel,
  );
  const skew = ahead?.state === 'present' && typeof ahead.value === 'number' ? ahead.value : 0;
  const seconds = (Date.parse(observedAt) - Date.parse(started.value)) / 1000 + skew;
  return seconds > -JUST_STARTED_SECONDS ? Math.max(0, seconds) : undefined;
}
