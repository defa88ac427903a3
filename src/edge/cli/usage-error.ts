/** The user asked for something that cannot be done as asked: exit status 2, one sentence, no stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
