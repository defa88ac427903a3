import { copyBytes } from '../../bytes/copy.ts';
import type { Anomaly, Walker } from '../walker.ts';
import { readCell, readRecord } from './cell-reader.ts';
import { decodeKeySecurity, NO_CELL } from './cells.ts';
import { type Attempt, type Hive, Reading } from './hive.ts';
import { findSubkey, type Key, readKeyNode, readSubkeyElements, readSubkeys, type Search } from './keys.ts';
import { MAX_DEPTH, splitPath } from './look-up.ts';
import { decodeNameUnits } from './names.ts';
import { all, type Task } from './pages.ts';
import { readKeyValues } from './values.ts';

/** A key with the names of what it has. */
export interface KeyContents {
  /** As it is stored. */
  readonly name: string;
  /** FILETIME. */
  readonly lastWritten: bigint;
  readonly className?: string;
  /** In the order of the hive, which is that of their raised names. */
  readonly subkeys: readonly string[];
  readonly values: readonly ValueHeader[];
  /** Whether these are all; anomalies say what is missing. */
  readonly complete: boolean;
}

export interface ValueHeader {
  /** Empty for the default value. */
  readonly name: string;
  readonly type: number;
  /** Bytes of its data. */
  readonly size: number;
}

/** What was asked about one key, and what was met on the way. */
export interface KeyAnswer<T> {
  readonly answer: Search<T>;
  readonly anomalies: readonly Anomaly[];
}

/** Far more than a security descriptor may have: its length and its lists' are 16-bit numbers. */
const MAX_SECURITY_BYTES = 1 << 18;

/** Subkeys whose names are read in one round. */
const SUBKEYS_A_ROUND = 1024;

/**
 * A key with the names of its subkeys and values, at most MAX_SUBKEYS and MAX_VALUES of them.
 * Rounds: two a level to reach it, then two, three where it has an index root.
 */
export function* readKey(hive: Hive, path: string): Walker<KeyAnswer<KeyContents>> {
  const reading = new Reading(hive);
  const answer = yield* hive.pages.perform(findThen(reading, path, readContents));
  return { answer, anomalies: reading.anomalies };
}

/** The security descriptor of a key, self-relative [MS-DTYP 2.4.6]. Rounds: two a level to reach it, then one. */
export function* readKeySecurity(hive: Hive, path: string): Walker<KeyAnswer<Uint8Array>> {
  const reading = new Reading(hive);
  const answer = yield* hive.pages.perform(
    findThen(reading, path, function* (_, { node }): Task<Attempt<Uint8Array>> {
      const extent = { likely: 20 + 144, most: MAX_SECURITY_BYTES };
      const descriptor = yield* readRecord(reading, node.security, 'key security', extent, decodeKeySecurity);
      return descriptor.ok ? { ok: true, value: copyBytes(descriptor.value) } : descriptor;
    }),
  );
  return { answer, anomalies: reading.anomalies };
}

/** The key at the end of a path, from the root key. Two rounds a level, three where a level has an index root. */
export function* findKey(reading: Reading, path: string): Task<Search<Key>> {
  const parts = splitPath(path);
  if (parts.length > MAX_DEPTH) return { kind: 'absent' };
  const root = yield* readKeyNode(reading, reading.hive.rootCell);
  if (!root.ok) return { kind: 'unreadable', anomaly: root.anomaly };
  let key = root.value;
  for (const part of parts) {
    const search = yield* findSubkey(reading, key, yield* readSubkeyElements(reading, key), part);
    if (search.kind !== 'found') return search;
    key = search.value;
  }
  return { kind: 'found', value: key };
}

/** Finds a key and goes on with it. */
function* findThen<T>(
  reading: Reading,
  path: string,
  then: (reading: Reading, key: Key) => Task<Attempt<T>>,
): Task<Search<T>> {
  const search = yield* findKey(reading, path);
  if (search.kind !== 'found') return search;
  const read = yield* then(reading, search.value);
  return read.ok ? { kind: 'found', value: read.value } : { kind: 'unreadable', anomaly: read.anomaly };
}

function* readContents(reading: Reading, key: Key): Task<Attempt<KeyContents>> {
  const { name, lastWritten } = key.node;
  const found: { subkeys: string[]; values: ValueHeader[]; className?: string } = { subkeys: [], values: [] };
  let complete = true;
  yield* all([
    (function* (): Task<void> {
      const { elements, missing } = yield* readSubkeyElements(reading, key);
      for (let at = 0; at < elements.length; at += SUBKEYS_A_ROUND) {
        if (at > 0) yield [];
        const keys = yield* readSubkeys(reading, key, elements.slice(at, at + SUBKEYS_A_ROUND));
        for (const { node } of keys) found.subkeys.push(node.name);
      }
      if (missing !== undefined || found.subkeys.length < elements.length) complete = false;
    })(),
    (function* (): Task<void> {
      const { values, missing } = yield* readKeyValues(reading, key);
      found.values = values.map((value) => ({ name: value.name, type: value.type, size: value.size }));
      if (missing !== undefined) complete = false;
    })(),
    (function* (): Task<void> {
      const className = yield* readClassName(reading, key);
      if (className !== undefined) found.className = className;
    })(),
  ]);
  return { ok: true, value: { name, lastWritten, ...found, complete } };
}

/** [msuhanov/regf] Class name: UTF-16LE, of no meaning to Windows, and where Syskey keeps its parts. */
function* readClassName(reading: Reading, { node }: Key): Task<string | undefined> {
  const { className, classNameLength } = node;
  if (className === NO_CELL || classNameLength === 0) return undefined;
  const extent = { likely: classNameLength, most: classNameLength };
  const bytes = yield* readCell(reading, className, 'class name', extent);
  return bytes.ok ? decodeNameUnits(bytes.value, false) : undefined;
}
