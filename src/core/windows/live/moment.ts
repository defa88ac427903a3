import type { Evidence } from '../../model/facts.ts';
import { askAll, type InquiryContext, observe, type Sought, seek } from '../answers.ts';
import type { Answer, Inquiry } from '../inquiry.ts';

/**
 * When Windows started, what it has left, and its clock beside ours. One round.
 * The clock is the fact that the listener's own clock is: one machine has one. It is left out where nobody
 * could tell it, so that a disk says nothing of it.
 */
export function* inquireMoment(context: InquiryContext): Inquiry<Evidence> {
  const answers = yield* askAll({
    started: { kind: 'start-time' },
    resources: { kind: 'resources' },
    clock: { kind: 'clock' },
  });
  const clock = seek(
    answers.clock,
    (value) => (value.kind === 'clock' ? value.offsetSeconds : undefined),
    'an offset',
  );
  return {
    'os.startedAt': observe(context, 'moment', seekTime(answers.started)),
    'resources.state': observe(
      context,
      'moment',
      seek(
        answers.resources,
        (value) => (value.kind === 'resources' ? value.resources : undefined),
        'what the machine has left',
      ),
    ),
    ...(clock.state === 'present' ? { 'clock.skewSeconds': observe(context, 'moment', clock) } : {}),
  };
}

/** A time as it is answered: ISO 8601, UTC. */
export function seekTime(answer: Answer): Sought<string> {
  return seek(
    answer,
    (value) => (value.kind === 'time' && !Number.isNaN(Date.parse(value.at)) ? value.at : undefined),
    'a time',
  );
}
