import type { Dialog } from '../../protocol/dialog.ts';
import type { CallAnswer, PreparedCall, RpcAssociation } from '../../protocol/rpc/association.ts';

/** A call and what becomes of its answer: calls of different methods go out together. */
export interface Job {
  readonly call: PreparedCall<unknown>;
  take(answer: CallAnswer<unknown>): void;
}

export function job<T>(call: PreparedCall<T>, take: (answer: CallAnswer<T>) => void): Job {
  // The answer is of the same call.
  return { call, take: (answer) => take(answer as CallAnswer<T>) };
}

/** Makes all calls together, as far as the server allows it. */
export function* runJobs(association: RpcAssociation, jobs: readonly Job[]): Dialog<void> {
  if (jobs.length === 0) return;
  const answers = yield* association.callAll(jobs.map(({ call }) => call));
  for (const [index, answer] of answers.entries()) jobs[index]?.take(answer);
}
