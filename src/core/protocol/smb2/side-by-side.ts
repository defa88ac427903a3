import type { Dialog } from '../dialog.ts';
import { Lanes } from './lanes.ts';

/**
 * Runs several dialogs on one SMB connection side by side, so that together they take as many round
 * trips as the longest of them. Results are in the dialogs' order.
 */
export function sideBySide<T>(dialogs: readonly Dialog<T>[]): Dialog<T[]>;
/** The same for dialogs with results of different types. */
export function sideBySide<T extends readonly unknown[]>(
  dialogs: readonly [...{ [K in keyof T]: Dialog<T[K]> }],
): Dialog<T>;
export function* sideBySide<T>(dialogs: readonly Dialog<T>[]): Dialog<T[]> {
  const results: T[] = [];
  const lanes = new Lanes();
  for (const [index, dialog] of dialogs.entries()) lanes.add(noting(dialog, index, results));
  yield* lanes.run();
  return results;
}

function* noting<T>(dialog: Dialog<T>, index: number, results: T[]): Dialog<void> {
  results[index] = yield* dialog;
}
