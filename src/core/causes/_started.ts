import type { Evidence } from '../model/facts.ts';
import { span } from './_words.ts';

/** In the minutes after a start services come one after another; the slowest of them are told to be late at ten. */
const JUST_STARTED_SECONDS = 300;

type Used = Pick<Evidence, 'os.startedAt'>;

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

/** Never negative: the two clocks differ a little. Where they differ by more, nobody knows. */
function secondsSinceStart(evidence: Used): number | undefined {
  const started = evidence['os.startedAt'];
  if (started?.state !== 'present') return undefined;
  const seconds = (Date.parse(started.from.observedAt) - Date.parse(started.value)) / 1000;
  return seconds > -JUST_STARTED_SECONDS ? Math.max(0, seconds) : undefined;
}
