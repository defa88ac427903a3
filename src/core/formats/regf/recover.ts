import { pause } from '../../bytes/batched.ts';
import type { Anomaly, Walker } from '../walker.ts';
import { BASE_BLOCK_SIZE } from './base-block.ts';
import { NO_CELL } from './cells.ts';
import { type Hive, Reading } from './hive.ts';
import { type Key, readKeyNodes } from './keys.ts';
import { MAX_DEPTH } from './look-up.ts';
import { all, PAGE_SIZE, type Task } from './pages.ts';
import { readTreeValues, type TreeValue } from './read-subtree.ts';
import { type Candidate, Scan } from './scan.ts';
import { readKeyValues, readValueRecords } from './values.ts';

/** A key that was found by looking at every cell, not by following the tree. */
export interface RecoveredKey {
  /** Offset of its cell, from the start of the hive bins. */
  readonly cell: number;
  /** Names from the topmost key that is known down to this one; the root key's own name is left out. */
  readonly path: string;
  /** Whether that topmost key is the root key: only then is `path` where the key stood. */
  readonly rooted: boolean;
  /** FILETIME. */
  readonly lastWritten: bigint;
  readonly values: readonly TreeValue[];
}

/** A value that none of the keys found lists. */
export interface LooseValue {
  /** Offset of its cell, from the start of the hive bins. */
  readonly cell: number;
  readonly value: TreeValue;
}

/** Keys and values in cells of one kind. */
export interface RecoveredRecords {
  readonly keys: readonly RecoveredKey[];
  readonly looseValues: readonly LooseValue[];
}

export interface Recovered {
  /** In cells that are in use: what the hive holds, whether the tree leads there or not. */
  readonly present: RecoveredRecords;
  /**
   * In cells that are not: what was deleted, or an older copy of what was moved. Cells it refers to
   * may have been used again since, so values and path are a hint and no proof.
   */
  readonly deleted: RecoveredRecords;
  /** What is wrong with the hive's bins, and what of the present records could not be read. */
  readonly anomalies: readonly Anomaly[];
}

/** Pages looked through in one round: 4 MiB. */
const PAGES_A_ROUND = 1024;

/** Records that are read in one round. */
const RECORDS_A_ROUND = 256;

/** Characters: Windows allows 255 for a key, and no value in practice has more. */
const MAX_PLAUSIBLE_NAME = 255;

/** Flag of the root key. */
const KEY_HIVE_ENTRY = 0x0004;

/**
 * Looks at every cell for keys and values: for a hive whose tree is broken, and for what was deleted.
 * Cells are followed from one to the next; where that leads nowhere, and inside cells that are not
 * in use, records are looked for at every place where one could begin.
 * Rounds: one for each 4 MiB of the hive; where it has more pages than it keeps, some more for each
 * 256 records.
 */
export function* recoverHive(hive: Hive): Walker<Recovered> {
  const reading = new Reading(hive);
  const scan = new Scan(reading);
  const end = Math.ceil(Math.min(hive.pages.size, BASE_BLOCK_SIZE + hive.hiveBinsSize) / PAGE_SIZE);
  for (let first = BASE_BLOCK_SIZE / PAGE_SIZE; first < end; first += PAGES_A_ROUND) {
    const length = Math.min(PAGES_A_ROUND, end - first);
    const numbers = Array.from({ length }, (_, index) => first + index);
    yield* hive.pages.load(numbers);
    for (const number of numbers) {
      const page = hive.pages.get(number);
      if (page?.ok === true) scan.page(number * PAGE_SIZE - BASE_BLOCK_SIZE, page.bytes);
      else reading.fail(`page at 0x${(number * PAGE_SIZE).toString(16)}`, page?.problem ?? 'it was not read');
    }
  }

  // What is wrong with records that are no longer in use is normal, and nobody's concern.
  const quiet = new Reading(hive);
  const inUse = scan.candidates.filter(({ allocated }) => allocated);
  const free = scan.candidates.filter(({ allocated }) => !allocated);
  const presentKeys = yield* readKeys(reading, inUse);
  const deletedKeys = yield* readKeys(quiet, free);
  const known = new Map([...deletedKeys, ...presentKeys].map((key) => [key.cell, key]));
  const present = yield* readRecords(reading, presentKeys, inUse, known);
  const deleted = yield* readRecords(quiet, deletedKeys, free, known);
  return { present, deleted, anomalies: reading.anomalies };
}

function* readKeys(reading: Reading, candidates: readonly Candidate[]): Walker<readonly Key[]> {
  const cells = candidates.filter(({ kind }) => kind === 'key').map(({ cell }) => cell);
  const keys = yield* inRounds(reading, cells, (round) => readKeyNodes(reading, round, 0));
  return keys.flatMap((key) => (key.ok && isPlausible(key.value.node.name) ? [key.value] : []));
}

function isPlausible(name: string): boolean {
  return name.length > 0 && name.length <= MAX_PLAUSIBLE_NAME;
}

/** The values of keys, and those of the candidates that no key lists. */
function* readRecords(
  reading: Reading,
  keys: readonly Key[],
  candidates: readonly Candidate[],
  known: ReadonlyMap<number, Key>,
): Walker<RecoveredRecords> {
  const listed = new Set<number>();
  const read = yield* inRounds(reading, keys, (round) =>
    all(
      round.map(function* (key): Task<RecoveredKey> {
        const { values } = yield* readKeyValues(reading, key);
        for (const { cell } of values) listed.add(cell);
        const withData = yield* readTreeValues(reading, values);
        const { cell, node } = key;
        return { cell, ...pathOf(reading, key, known), lastWritten: node.lastWritten, values: withData };
      }),
    ),
  );

  const unlisted = candidates.filter(({ kind, cell }) => kind === 'value' && !listed.has(cell));
  const loose = yield* inRounds(reading, unlisted, function* (round): Task<readonly LooseValue[]> {
    const records = yield* readValueRecords(
      reading,
      round.map(({ cell }) => cell),
    );
    const plausible = records.flatMap((record) =>
      record.ok && record.value.name.length <= MAX_PLAUSIBLE_NAME ? [record.value] : [],
    );
    const values = yield* readTreeValues(reading, plausible);
    return values.map((value, index) => ({ cell: plausible[index]?.cell ?? NO_CELL, value }));
  });
  return { keys: read, looseValues: loose };
}

function* inRounds<T, R>(
  { hive }: Reading,
  items: readonly T[],
  read: (round: readonly T[]) => Task<readonly R[]>,
): Walker<readonly R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += RECORDS_A_ROUND) {
    yield* pause();
    const round = items.slice(at, at + RECORDS_A_ROUND);
    for (const result of yield* hive.pages.perform(read(round))) results.push(result);
  }
  return results;
}

/** Follows a key's parents as far as they are known. */
function pathOf(
  reading: Reading,
  key: Key,
  known: ReadonlyMap<number, Key>,
): { readonly path: string; readonly rooted: boolean } {
  const names: string[] = [];
  let at: Key | undefined = key;
  // Parents that go round in circles are cut off where no path of Windows can be longer, and where
  // all paths together have grown beyond what names may.
  while (at !== undefined && names.length < MAX_DEPTH && reading.spend('nameLength', at.node.name.length)) {
    const isRoot = at.cell === reading.hive.rootCell || (at.node.flags & KEY_HIVE_ENTRY) !== 0;
    if (isRoot) return { path: names.toReversed().join('\\'), rooted: true };
    names.push(at.node.name);
    at = known.get(at.node.parent);
  }
  return { path: names.toReversed().join('\\'), rooted: false };
}
