import { inquireInBatches } from '../../../app/gather/machine/in-batches.ts';
import type { Clock } from '../../../app/ports/clock.ts';
import type { Machine } from '../../../app/ports/machine.ts';
import type { Warning } from '../../../core/model/report.ts';
import type { Answer, Question } from '../../../core/windows/inquiry.ts';
import { placeOf } from '../../../core/windows/question-place.ts';
import type { BroughtAnswers } from './read-answers.ts';

/**
 * A machine by the answers that a person brought: nothing can be asked any further, and everything is as old as they are.
 * @param fallbackAt ISO 8601, UTC: how old they are taken to be where they do not say it themselves
 */
export function answersMachine(clock: Clock, brought: BroughtAnswers, fallbackAt: string): Machine {
  const { sheet, madeAt, warnings } = brought;
  const observedAt = madeAt ?? fallbackAt;
  const ask = (question: Question): Answer =>
    question.kind === 'clock' ? noClock(question) : sheet.orElse(question);
  return {
    async inquire(inquiries, deadline) {
      const parts = await inquireInBatches(
        clock,
        inquiries({ channel: 'answers', observedAt }),
        async (questions) => questions.map(ask),
        deadline,
      );
      return {
        ok: true,
        parts,
        warnings: [ageOf(observedAt, madeAt !== undefined, clock.now()), ...warnings],
      };
    },
  };
}

/** By the time that the answers come here, the machine's clock has gone on. */
function noClock(question: Question): Answer {
  return {
    state: 'unknown',
    at: placeOf(question),
    why: 'no-channel',
    detail: 'answers that a person brings say nothing of the clock beside ours',
  };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function ageOf(madeAt: string, isSaid: boolean, now: number): Warning {
  const age = now - Date.parse(madeAt);
  const when = `${madeAt.slice(0, 16).replace('T', ' ')} UTC`;
  const source = isSaid
    ? "by the machine's clock"
    : 'by the time of the file, as they do not say it themselves';
  const text = `what the answers say is of ${when} (${source}), ${spanOf(age)}: nothing that happened since is in them`;
  return { code: 'answers-made', text };
}

function spanOf(age: number): string {
  if (age < -5 * MINUTE) return "which is after this machine's own time";
  const [unit, name] =
    age >= 2 * DAY ? [DAY, 'days'] : age >= 2 * HOUR ? [HOUR, 'hours'] : [MINUTE, 'minutes'];
  return `${Math.max(0, Math.round(age / unit))} ${name} ago`;
}
