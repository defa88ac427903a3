import { together } from '../../../core/bytes/batched.ts';
import type { Evidence } from '../../../core/model/facts.ts';
import type { Answer, Inquiry, Question } from '../../../core/windows/inquiry.ts';
import type { Clock } from '../../ports/clock.ts';

/**
 * Runs inquiries for whoever answers a batch of questions at a time: all of them side by side, in as many
 * batches as the longest takes. What each brought, in their order; `undefined` for those that were not done
 * at the deadline.
 * @param ask answers in the order of the questions
 * @param deadline on `Clock.monotonic`
 */
export async function inquireInBatches(
  clock: Clock,
  inquiries: readonly Inquiry<Evidence>[],
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  deadline: number,
): Promise<readonly (Evidence | undefined)[]> {
  const parts: (Evidence | undefined)[] = inquiries.map(() => undefined);
  const all = together(
    inquiries.map(function* (inquiry, index): Inquiry<void> {
      parts[index] = yield* inquiry;
    }),
  );
  let step = all.next([]);
  while (!step.done) {
    const left = deadline - clock.monotonic();
    const answers = left <= 0 ? undefined : await clock.within(ask(step.value), left);
    if (answers === undefined) break;
    step = all.next(answers);
  }
  return parts;
}
