/**
 * A pure program that needs answers from the world: a generator that yields batches of requests and
 * is continued with one answer a request, in their order. Requests of one batch do not depend on
 * each other, so whoever performs them may do so side by side: a batch costs one round trip.
 */
export type Batched<Request, Answer, T> = Generator<readonly Request[], T, readonly Answer[]>;

/**
 * Runs several programs side by side: each round puts their requests into one batch, so that
 * together they take as many rounds as the longest of them. Results are in the programs' order.
 */
export function* together<Request, Answer, T>(
  programs: readonly Batched<Request, Answer, T>[],
): Batched<Request, Answer, T[]> {
  const results: T[] = [];
  let active = programs.map((program, index) => ({ program, index, step: program.next() }));
  for (;;) {
    const waiting: { program: Batched<Request, Answer, T>; index: number; requests: readonly Request[] }[] =
      [];
    for (const { program, index, step } of active) {
      if (step.done) results[index] = step.value;
      else waiting.push({ program, index, requests: step.value });
    }
    if (waiting.length === 0) return results;
    const answers = yield waiting.flatMap(({ requests }) => requests);
    let at = 0;
    active = waiting.map(({ program, index, requests }) => {
      const mine = answers.slice(at, at + requests.length);
      at += requests.length;
      return { program, index, step: program.next(mine) };
    });
  }
}
