/** What was wrong with the input: it ended too early, or it said something that cannot be. */
export type DecodeProblem =
  | { readonly kind: 'truncated'; readonly needed: number; readonly remaining: number }
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * The only error a decoder throws.
 * `context` is the structure by its specification name, `offset` is counted in bytes from the
 * start of what the outermost Reader was given.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly context: string;
  readonly offset: number;
  readonly problem: DecodeProblem;

  constructor(context: string, offset: number, problem: DecodeProblem) {
    const what =
      problem.kind === 'truncated'
        ? `expected ${problem.needed} more bytes, ${problem.remaining} are left`
        : problem.message;
    super(`${context} at byte ${offset}: ${what}`);
    this.context = context;
    this.offset = offset;
    this.problem = problem;
  }
}

export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: DecodeError };

/**
 * Runs a decoder and turns its DecodeError into a value.
 * INVARIANT: the only place that catches DecodeError. Anything else that is thrown is a bug of
 * ours and passes through.
 */
export function tryDecode<T>(decode: () => T): Decoded<T> {
  try {
    return { ok: true, value: decode() };
  } catch (error) {
    if (error instanceof DecodeError) return { ok: false, error };
    throw error;
  }
}
