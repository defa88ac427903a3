import type { Walker } from '../walker.ts';
import { type Hive, Reading } from './hive.ts';
import type { Task } from './pages.ts';
import { findKey, type KeyAnswer } from './read-key.ts';
import { readTreeValues, type TreeValue } from './read-subtree.ts';
import { readKeyValues } from './values.ts';

/**
 * All values of one key with their data, and nothing of what is below it. Without an anomaly there are no others.
 * Rounds: two a level to reach the key, then about four.
 * @param dataBytes of all values together; what is over it is told as an anomaly
 */
export function* readValues(
  hive: Hive,
  path: string,
  dataBytes: number,
): Walker<KeyAnswer<readonly TreeValue[]>> {
  const reading = new Reading(hive, { dataBytes });
  const search = yield* hive.pages.perform(findKey(reading, path));
  if (search.kind !== 'found') return { answer: search, anomalies: reading.anomalies };
  const key = search.value;
  const value = yield* hive.pages.perform(
    (function* (): Task<readonly TreeValue[]> {
      const { values } = yield* readKeyValues(reading, key);
      return yield* readTreeValues(reading, values);
    })(),
  );
  return { answer: { kind: 'found', value }, anomalies: reading.anomalies };
}
