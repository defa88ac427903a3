import type { Dialog, DialogAnswer, Received } from '../dialog.ts';
import { NEXT_REPLY } from './connection.ts';

interface Waiting<T> {
  readonly dialog: Dialog<T>;
  readonly index: number;
}

/** What a dialog gets that is to look again at what has come: no connection gives a packet of no bytes. */
const lookAgain = (at: number): Received => ({ kind: 'received', bytes: new Uint8Array(0), at });

/**
 * Runs several dialogs on one SMB connection side by side, so that together they take as many round
 * trips as the longest of them: each goes on until it waits, and what comes is shown to all. Results
 * are in the dialogs' order.
 *
 * Only for dialogs of one connection: replies are told apart by their message ids, by `SmbConnection.pump`.
 */
export function sideBySide<T>(dialogs: readonly Dialog<T>[]): Dialog<T[]>;
/** The same for dialogs with results of different types. */
export function sideBySide<T extends readonly unknown[]>(
  dialogs: readonly [...{ [K in keyof T]: Dialog<T[K]> }],
): Dialog<T>;
export function* sideBySide<T>(dialogs: readonly Dialog<T>[]): Dialog<T[]> {
  const results: T[] = [];
  let waiting: Waiting<T>[] = dialogs.map((dialog, index) => ({ dialog, index }));

  /** Continues a dialog until it waits for a reply (true) or is done. */
  function* advance({ dialog, index }: Waiting<T>, first?: DialogAnswer): Dialog<boolean> {
    let step = first === undefined ? dialog.next() : dialog.next(first);
    while (!step.done) {
      if (step.value.kind === 'receive') return true;
      step = dialog.next(yield step.value);
    }
    results[index] = step.value;
    return false;
  }

  waiting = yield* stillWaiting(waiting, (each) => advance(each));
  while (waiting.length > 0) {
    const answer = yield NEXT_REPLY;
    // The first takes it in, whoever's it is; the others look whether theirs was in it.
    waiting = yield* stillWaiting(waiting, (each, at) =>
      advance(each, at === 0 ? answer : lookAgain(answer.at)),
    );
  }
  return results;
}

function* stillWaiting<T>(
  waiting: readonly Waiting<T>[],
  advance: (each: Waiting<T>, at: number) => Dialog<boolean>,
): Dialog<Waiting<T>[]> {
  const still: Waiting<T>[] = [];
  for (const [at, each] of waiting.entries()) if (yield* advance(each, at)) still.push(each);
  return still;
}
