import type { Dialog, DialogAnswer, Received } from '../dialog.ts';
import { NEXT_REPLY } from './connection.ts';

/** What a dialog gets that is to look again at what has come: no connection gives a packet of no bytes. */
const lookAgain = (at: number): Received => ({ kind: 'received', bytes: new Uint8Array(0), at });

/**
 * Dialogs of one SMB connection side by side: each goes on until it waits, and what comes is shown to all.
 * Others may be added while they run: what takes long (event logs, a controller that is asked) does not
 * hold up the rest.
 *
 * Only for dialogs of one connection: replies are told apart by their message ids, by `SmbConnection.pump`.
 */
export class Lanes {
  #added: Dialog<void>[] = [];

  /** Begins when the running ones next wait. */
  add(lane: Dialog<void>): void {
    this.#added.push(lane);
  }

  /** Runs until every lane is done. */
  *run(): Dialog<void> {
    let waiting: Dialog<void>[] = [];
    for (;;) {
      while (this.#added.length > 0) {
        const added = this.#added;
        this.#added = [];
        for (const lane of added) if (yield* advance(lane)) waiting.push(lane);
      }
      if (waiting.length === 0) return;
      const answer = yield NEXT_REPLY;
      const still: Dialog<void>[] = [];
      for (const [index, lane] of waiting.entries()) {
        // The first takes it in, whoever's it is; the others look whether theirs was in it.
        if (yield* advance(lane, index === 0 ? answer : lookAgain(answer.at))) still.push(lane);
      }
      waiting = still;
    }
  }
}

/** Continues a dialog until it waits for a reply (true) or is done. */
function* advance(lane: Dialog<void>, first?: DialogAnswer): Dialog<boolean> {
  let step = first === undefined ? lane.next() : lane.next(first);
  while (!step.done) {
    if (step.value.kind === 'receive') return true;
    step = lane.next(yield step.value);
  }
  return false;
}
