import { pause } from '../../bytes/batched.ts';
import type { Anomaly, Walker } from '../walker.ts';
import type { KeyValue } from './cells.ts';
import { cellName, type Hive, Reading } from './hive.ts';
import { type Key, readSubkeyElements, readSubkeys } from './keys.ts';
import { MAX_DEPTH, type Value } from './look-up.ts';
import { all, type Task } from './pages.ts';
import { findKey, type KeyAnswer } from './read-key.ts';
import { readKeyValues, readValuesData, type ValueData } from './values.ts';

/** A key with everything below it. */
export interface KeyTree {
  /** As it is stored. */
  readonly name: string;
  /** FILETIME. */
  readonly lastWritten: bigint;
  readonly values: readonly TreeValue[];
  readonly subkeys: readonly KeyTree[];
}

export interface TreeValue extends Value {
  /** Set where `data` is not all of it. */
  readonly missing?: Anomaly;
}

/** Where to stop; what was left out is told as an anomaly. */
export interface SubtreeLimits {
  /** Levels below the key itself. */
  readonly depth?: number;
  readonly keys?: number;
  /** Values of all keys together. */
  readonly values?: number;
  /** Bytes of the data of all values together. */
  readonly dataBytes?: number;
}

/** More keys than any one hive of a server has, and still a tree that memory holds. */
const DEFAULT_KEYS = 1 << 19;

/** Keys whose values and subkeys are read in one round; the lists of that many may lie about their length. */
const KEYS_A_ROUND = 128;

/** A key that is still to be looked into. */
interface Entry {
  readonly key: Key;
  readonly tree: Growing;
  /** Levels below the key that was asked for. */
  readonly below: number;
}

interface Growing extends KeyTree {
  readonly values: TreeValue[];
  readonly subkeys: Growing[];
}

/**
 * A key with everything below it, as far as the limits allow.
 * Rounds: two a level to reach the key, then about four for each level below it and for each 128 keys.
 */
export function* readSubtree(
  hive: Hive,
  path: string,
  limits: SubtreeLimits = {},
): Walker<KeyAnswer<KeyTree>> {
  const { depth = MAX_DEPTH, keys = DEFAULT_KEYS, ...allowance } = limits;
  const reading = new Reading(hive, allowance);
  const { pages } = hive;
  const search = yield* pages.perform(findKey(reading, path));
  if (search.kind !== 'found') return { answer: search, anomalies: reading.anomalies };

  let keysLeft = keys - 1;
  const seen = new Set<number>([search.value.cell]);
  const tree = grow(search.value);
  // The last first: keys lie near their parents, so pages are still here when they are needed again.
  const stack: Entry[] = [{ key: search.value, tree, below: 0 }];
  while (stack.length > 0) {
    const round = stack.splice(-KEYS_A_ROUND);
    yield* pause();
    const subkeys = yield* pages.perform(
      all(round.map((entry) => readBranch(reading, entry, depth, keysLeft))),
    );
    for (const [index, entry] of round.entries()) {
      for (const key of subkeys[index] ?? []) {
        if (seen.has(key.cell)) reading.fail(cellName('key node', key.cell), 'it is listed more than once');
        else if (keysLeft <= 0) reading.fail('hive', `keys beyond the first ${keys} are left out`);
        else {
          seen.add(key.cell);
          keysLeft -= 1;
          const child = grow(key);
          entry.tree.subkeys.push(child);
          stack.push({ key, tree: child, below: entry.below + 1 });
        }
      }
    }
  }
  return { answer: { kind: 'found', value: tree }, anomalies: reading.anomalies };
}

function grow({ node }: Key): Growing {
  return { name: node.name, lastWritten: node.lastWritten, values: [], subkeys: [] };
}

/** Fills in a key's values and gives its subkeys. */
function* readBranch(
  reading: Reading,
  { key, tree, below }: Entry,
  depth: number,
  keysLeft: number,
): Task<readonly Key[]> {
  let subkeys: readonly Key[] = [];
  yield* all([
    (function* (): Task<void> {
      const { values } = yield* readKeyValues(reading, key);
      for (const value of yield* readTreeValues(reading, values)) tree.values.push(value);
    })(),
    (function* (): Task<void> {
      if (below >= depth) {
        if (key.node.subkeyCount > 0)
          reading.fail(cellName('key node', key.cell), 'its subkeys are left out');
        return;
      }
      const { elements } = yield* readSubkeyElements(reading, key);
      // What is over the limit by far need not even be looked at; what is over it by little is told.
      subkeys = yield* readSubkeys(reading, key, elements.slice(0, Math.max(0, keysLeft) + 1));
    })(),
  ]);
  return subkeys;
}

/** Values with their data. Rounds as readValuesData. */
export function* readTreeValues(reading: Reading, values: readonly KeyValue[]): Task<readonly TreeValue[]> {
  const data = yield* readValuesData(reading, values);
  return values.map(({ name, type }, index) => ({ name, type, ...(data[index] ?? NO_DATA) }));
}

/** INVARIANT of readValuesData: one result a value, so this is never seen. */
const NO_DATA: ValueData = { data: new Uint8Array() };
