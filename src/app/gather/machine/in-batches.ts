import type { Evidence } from '../../../core/model/facts.ts';
import type { Answer, Inquiry, Question } from '../../../core/windows/inquiry.ts';
import type { Clock } from '../../ports/clock.ts';

/** An inquiry that waits for the answers to a batch. */
interface Waiting {
  readonly index: number;
  readonly inquiry: Inquiry<Evidence>;
  readonly questions: readonly Question[];
}

/**
 * Runs inquiries for whoever answers a batch of questions at a time: all of them side by side, in as many
 * batches as the longest takes. What each brought, in their order; `undefined` for those that were not done
 * at the deadline. An inquiry whose question may take half a minute goes its own way from there on, so that
 * the others do not wait for it and do not go down with it.
 * @param ask answers in the order of the questions; called again before a slow batch was answered
 * @param deadline on `Clock.monotonic`
 */
export async function inquireInBatches(
  clock: Clock,
  inquiries: readonly Inquiry<Evidence>[],
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  deadline: number,
): Promise<readonly (Evidence | undefined)[]> {
  const parts: (Evidence | undefined)[] = inquiries.map(() => undefined);
  const advance = (index: number, inquiry: Inquiry<Evidence>, answers: readonly Answer[]): Waiting[] => {
    let step = inquiry.next(answers);
    // An empty batch is a pause, and asks nothing.
    while (!step.done && step.value.length === 0) step = inquiry.next([]);
    if (!step.done) return [{ index, inquiry, questions: step.value }];
    parts[index] = step.value;
    return [];
  };
  const inTime = (questions: readonly Question[]): Promise<readonly Answer[] | undefined> => {
    const left = deadline - clock.monotonic();
    return left <= 0 ? Promise.resolve(undefined) : clock.within(ask(questions), left);
  };
  const askAll = async (start: readonly Waiting[]): Promise<void> => {
    const slow: Promise<void>[] = [];
    let waiting = start;
    while (waiting.length > 0) {
      // Alone it may take the time that it needs.
      const quick =
        waiting.length === 1 ? waiting : waiting.filter(({ questions }) => !questions.some(isSlow));
      slow.push(...waiting.filter((each) => !quick.includes(each)).map((each) => askAll([each])));
      if (quick.length === 0) break;
      const answers = await inTime(quick.flatMap(({ questions }) => questions));
      if (answers === undefined) break;
      let taken = 0;
      waiting = quick.flatMap(({ index, inquiry, questions }) => {
        const own = answers.slice(taken, taken + questions.length);
        taken += questions.length;
        return advance(index, inquiry, own);
      });
    }
    await Promise.all(slow);
  };
  await askAll(inquiries.flatMap((inquiry, index) => advance(index, inquiry, [])));
  return parts;
}

/** A machine that tries its channel may look for another controller first ([MS-NRPC] 3.5.4.9.1): seen up to 23 s. */
function isSlow(question: Question): boolean {
  return question.kind === 'secure-channel' && question.asked === 'verify';
}
