import type { TypedData } from '../../bytes/registry-data.ts';
import type { Anomaly, Walker } from '../walker.ts';
import type { KeyValue } from './cells.ts';
import { type Hive, Reading } from './hive.ts';
import { findSubkey, type Key, readKeyNode, readSubkeyElements, type Search } from './keys.ts';
import { upcase } from './names.ts';
import { all, type Task } from './pages.ts';
import { findValue, readKeyValues, readValuesData } from './values.ts';

/** A key, or a value of it. */
export interface LookUp {
  /** From the root key, parts separated by a backslash, in any case; empty for the root key itself. */
  readonly path: string;
  /** A value's name, in any case; empty for the default value. Left out: the key itself is looked up. */
  readonly name?: string;
}

export interface Value extends TypedData {
  /** As it is stored; empty for a key's default value. */
  readonly name: string;
}

export type Answer =
  | {
      readonly kind: 'value';
      readonly value: Value;
      /** FILETIME of the last change to the key that has it. */
      readonly keyLastWritten: bigint;
    }
  | {
      readonly kind: 'key';
      /** As it is stored. */
      readonly name: string;
      /** FILETIME. */
      readonly lastWritten: bigint;
      readonly subkeyCount: number;
      readonly valueCount: number;
    }
  /** Looked, and not there: the key, or the value in a key that is there. */
  | { readonly kind: 'absent'; readonly missing: 'key' | 'value' }
  /** Not known: what could have been it cannot be read. `partial`: the beginning of its data. */
  | { readonly kind: 'unreadable'; readonly anomaly: Anomaly; readonly partial?: Value };

export interface Answers {
  /** One a request, in their order. */
  readonly answers: readonly Answer[];
  readonly anomalies: readonly Anomaly[];
}

/**
 * Looks up many keys and values together, level by level.
 * Rounds depend on the depth of the deepest path and not on how many there are: two a level (the
 * subkeys list, the key), one more where a key has an index root, and at the end three for a value
 * (the list, the value, its data); fewer where they share pages, as they mostly do.
 * @param limits `dataBytes` of all values together, 128 MiB as a default; a value over it is unreadable
 */
export function* lookUp(
  hive: Hive,
  requests: readonly LookUp[],
  limits: { readonly dataBytes?: number } = {},
): Walker<Answers> {
  const reading = new Reading(hive, limits);
  const answers: Answer[] = new Array(requests.length);
  const top = new Branch();
  for (const [index, { path, name }] of requests.entries()) {
    const parts = splitPath(path);
    if (parts.length > MAX_DEPTH) {
      answers[index] = { kind: 'absent', missing: 'key' };
      continue;
    }
    let branch = top;
    for (const part of parts) branch = branch.below(part);
    branch.wanted.push({ index, name });
  }
  yield* hive.pages.perform(resolveTop(reading, top, answers));
  return { answers, anomalies: reading.anomalies };
}

/** Levels of keys that Windows allows (Registry element size limits); a deeper path leads to no key. */
export const MAX_DEPTH = 512;

/** The parts of a key's path; leading, trailing and doubled separators are passed over. */
export function splitPath(path: string): string[] {
  return path.split('\\').filter((part) => part !== '');
}

/** Requests arranged as the tree that their paths span, so that what they share is read once. */
class Branch {
  readonly name: string;
  readonly wanted: { readonly index: number; readonly name: string | undefined }[] = [];
  readonly #below = new Map<string, Branch>();

  constructor(name = '') {
    this.name = name;
  }

  get branches(): readonly Branch[] {
    return [...this.#below.values()];
  }

  below(name: string): Branch {
    const raised = upcase(name);
    const known = this.#below.get(raised);
    if (known !== undefined) return known;
    const branch = new Branch(name);
    this.#below.set(raised, branch);
    return branch;
  }
}

function* resolveTop(reading: Reading, top: Branch, answers: Answer[]): Task<void> {
  const root = yield* readKeyNode(reading, reading.hive.rootCell);
  const search: Search<Key> = root.ok
    ? { kind: 'found', value: root.value }
    : { kind: 'unreadable', anomaly: root.anomaly };
  yield* resolve(reading, search, top, answers);
}

function* resolve(reading: Reading, search: Search<Key>, branch: Branch, answers: Answer[]): Task<void> {
  if (search.kind !== 'found') {
    answerAll(branch, search.kind === 'absent' ? { kind: 'absent', missing: 'key' } : search, answers);
    return;
  }
  yield* all([
    resolveValues(reading, search.value, branch, answers),
    resolveSubkeys(reading, search.value, branch, answers),
  ]);
}

function answerAll(branch: Branch, answer: Answer, answers: Answer[]): void {
  for (const { index } of branch.wanted) answers[index] = answer;
  for (const below of branch.branches) answerAll(below, answer, answers);
}

function* resolveSubkeys(reading: Reading, key: Key, branch: Branch, answers: Answer[]): Task<void> {
  if (branch.branches.length === 0) return;
  const elements = yield* readSubkeyElements(reading, key);
  yield* all(
    branch.branches.map(function* (below): Task<void> {
      yield* resolve(reading, yield* findSubkey(reading, key, elements, below.name), below, answers);
    }),
  );
}

function* resolveValues(reading: Reading, key: Key, branch: Branch, answers: Answer[]): Task<void> {
  const { name, lastWritten, subkeyCount, valueCount } = key.node;
  const asked: { index: number; name: string }[] = [];
  for (const want of branch.wanted) {
    if (want.name !== undefined) asked.push({ index: want.index, name: want.name });
    else answers[want.index] = { kind: 'key', name, lastWritten, subkeyCount, valueCount };
  }
  if (asked.length === 0) return;
  const values = yield* readKeyValues(reading, key);
  const found: { index: number; value: KeyValue }[] = [];
  for (const want of asked) {
    const search = findValue(values, want.name);
    if (search.kind === 'found') found.push({ index: want.index, value: search.value });
    else answers[want.index] = search.kind === 'absent' ? { kind: 'absent', missing: 'value' } : search;
  }
  const read = yield* readValuesData(
    reading,
    found.map(({ value }) => value),
  );
  for (const [at, { data, missing }] of read.entries()) {
    const entry = found[at];
    if (entry === undefined) continue;
    const value = { name: entry.value.name, type: entry.value.type, data };
    answers[entry.index] =
      missing === undefined
        ? { kind: 'value', value, keyLastWritten: lastWritten }
        : { kind: 'unreadable', anomaly: missing, partial: value };
  }
}
