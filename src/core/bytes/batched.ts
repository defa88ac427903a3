/**
 * A pure program that needs answers from the world: a generator that yields batches of requests and
 * is continued with one answer a request, in their order. Requests of one batch do not depend on
 * each other, so whoever performs them may do so side by side: a batch costs one round trip.
 *
 * An empty batch is a pause: the program has computed for a while and asks for nothing. Whoever
 * performs it continues it with no answers, or ends it there because its time is over.
 */
export type Batched<Request, Answer, T> = Generator<readonly Request[], T, readonly Answer[]>;

/** Lets whoever performs the program look at the time: once for each portion of work that a lying medium could multiply. */
export function* pause(): Generator<readonly never[], void, unknown> {
  yield [];
}

interface Running<Request, Answer, T> {
  readonly program: Batched<Request, Answer, T>;
  readonly index: number;
  readonly requests: readonly Request[];
}

/**
 * Runs several programs side by side: each round puts their requests into one batch, so that
 * together they take as many rounds as the longest of them. Results are in the programs' order.
 * A program that pauses is continued before the batch goes out: pauses cost no rounds.
 * @param atHand the answers to requests that need no round, `undefined` where one of them does: a
 *   program whose answers are at hand goes on while others wait
 */
export function together<Request, Answer, T>(
  programs: readonly Batched<Request, Answer, T>[],
  atHand?: (requests: readonly Request[]) => readonly Answer[] | undefined,
): Batched<Request, Answer, T[]>;
/** The same for programs with results of different types, which have to be named. */
export function together<Request, Answer, T extends readonly unknown[]>(
  programs: readonly [...{ [K in keyof T]: Batched<Request, Answer, T[K]> }],
  atHand?: (requests: readonly Request[]) => readonly Answer[] | undefined,
): Batched<Request, Answer, T>;
export function* together<Request, Answer, T>(
  programs: readonly Batched<Request, Answer, T>[],
  atHand?: (requests: readonly Request[]) => readonly Answer[] | undefined,
): Batched<Request, Answer, T[]> {
  const results: T[] = [];
  /** Runs a program up to its next requests; `undefined` where it is done. */
  function* advance(
    program: Batched<Request, Answer, T>,
    index: number,
    answers: readonly Answer[],
  ): Batched<Request, Answer, Running<Request, Answer, T> | undefined> {
    let step = program.next(answers);
    while (!step.done) {
      const known = step.value.length === 0 ? [] : atHand?.(step.value);
      if (known === undefined) break;
      yield [];
      step = program.next(known);
    }
    if (!step.done) return { program, index, requests: step.value };
    results[index] = step.value;
    return undefined;
  }

  let waiting: Running<Request, Answer, T>[] = [];
  for (const [index, program] of programs.entries()) {
    const running = yield* advance(program, index, []);
    if (running !== undefined) waiting.push(running);
  }
  while (waiting.length > 0) {
    const answers = yield waiting.flatMap(({ requests }) => requests);
    const still: Running<Request, Answer, T>[] = [];
    let at = 0;
    for (const { program, index, requests } of waiting) {
      const mine = answers.slice(at, at + requests.length);
      at += requests.length;
      const running = yield* advance(program, index, mine);
      if (running !== undefined) still.push(running);
    }
    waiting = still;
  }
  return results;
}
