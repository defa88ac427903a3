import type { Anomaly } from '../walker.ts';
import { type CellExtent, readRecord, readRecords } from './cell-reader.ts';
import { decodeKeyNode, decodeSubkeysList, type KeyNode, NO_CELL, type SubkeyElement } from './cells.ts';
import { type Attempt, cellName, type Reading } from './hive.ts';
import { hintAllows, nameHash, upcase } from './names.ts';
import { all, type Task } from './pages.ts';

/** A key node and where it lies. */
export interface Key {
  readonly cell: number;
  readonly node: KeyNode;
}

/** Bytes of a key node before its name. */
const KEY_NODE_SIZE = 76;

/** "Registry element size limits": 255 characters. */
const MAX_NAME_BYTES = 255 * 2;

/** Windows begins an index root when a leaf would get longer than this; only a guess about what to read. */
const LEAF_ELEMENTS = 1012;

/** A list's count has 16 bits and its longest elements 8 bytes. */
const MAX_LIST_BYTES = 4 + 0xffff * 8;

/** Of one key; the largest keys of real hives have some tens of thousands. */
export const MAX_SUBKEYS = 1 << 18;

/** Leaves read in one round: each may be half a megabyte, if it lies. */
const LEAVES_A_ROUND = 16;

/** Key nodes read in one round, where all names must be looked at; many searches do so side by side. */
const NODES_A_ROUND = 256;

/** One round. */
export function* readKeyNode(reading: Reading, cell: number): Task<Attempt<Key>> {
  return yield* readRecord(reading, cell, 'key node', extentOf(0), decodeKey(reading));
}

/** One round. `likelyName`: how many bytes the names are likely to have. */
export function* readKeyNodes(
  reading: Reading,
  cells: readonly number[],
  likelyName: number,
): Task<readonly Attempt<Key>[]> {
  return yield* readRecords(reading, cells, 'key node', extentOf(likelyName), decodeKey(reading));
}

function extentOf(likelyName: number): CellExtent {
  return { likely: KEY_NODE_SIZE + likelyName, most: KEY_NODE_SIZE + MAX_NAME_BYTES };
}

function decodeKey(reading: Reading): (bytes: Uint8Array, cell: number) => Key {
  return (bytes, cell) => {
    const node = decodeKeyNode(bytes);
    reading.spendName(node.name, 'key node');
    return { cell, node };
  };
}

/** The subkeys that a key lists. */
export interface SubkeyElements {
  readonly elements: readonly SubkeyElement[];
  /** Set where subkeys may exist that are not among them. */
  readonly missing?: Anomaly;
}

/** One round, two with an index root, one more for each further LEAVES_A_ROUND leaves. */
export function* readSubkeyElements(reading: Reading, key: Key): Task<SubkeyElements> {
  const { subkeyCount, subkeysList } = key.node;
  if (subkeyCount === 0) return { elements: [] };
  const where = cellName('key node', key.cell);
  if (subkeysList === NO_CELL) {
    return { elements: [], missing: reading.fail(where, `its ${subkeyCount} subkeys have no list`).anomaly };
  }
  const claimed = Math.min(subkeyCount, MAX_SUBKEYS);
  if (!reading.spend('subkeys', claimed)) {
    const { anomaly } = reading.fail(where, `its ${claimed} subkeys are more than are read`);
    return { elements: [], missing: anomaly };
  }
  const top = yield* readList(reading, subkeysList, subkeyCount);
  if (!top.ok) return { elements: [], missing: top.anomaly };

  const elements: SubkeyElement[] = [];
  let missing: Anomaly | undefined;
  if (top.value.kind === 'leaf') elements.push(...top.value.elements);
  else {
    const cells = [...new Set(top.value.lists)];
    if (cells.length < top.value.lists.length) reading.fail(where, 'its index root names a leaf twice');
    for (let at = 0; at < cells.length && elements.length < MAX_SUBKEYS; at += LEAVES_A_ROUND) {
      const round = cells.slice(at, at + LEAVES_A_ROUND);
      const leaves = yield* all(round.map((cell) => readList(reading, cell, LEAF_ELEMENTS / 2)));
      for (const [index, leaf] of leaves.entries()) {
        if (!leaf.ok) missing ??= leaf.anomaly;
        else if (leaf.value.kind === 'root') {
          // It may not be, and following it could lead round in circles.
          const place = cellName('subkeys list', round[index] ?? NO_CELL);
          const told = reading.fail(place, 'an index root points to another index root');
          missing ??= told.anomaly;
        } else {
          for (const element of leaf.value.elements) {
            if (elements.length > MAX_SUBKEYS) break;
            elements.push(element);
          }
        }
      }
      yield [];
    }
  }
  const unexpected = elements.length - claimed;
  if (elements.length > MAX_SUBKEYS || (unexpected > 0 && !reading.spend('subkeys', unexpected))) {
    elements.length = claimed;
    const told = reading.fail(where, `only ${claimed} of its subkeys were read`);
    missing ??= told.anomaly;
  }
  if (elements.length !== subkeyCount) {
    const told = reading.fail(
      where,
      `it counts ${subkeyCount} subkeys, but its list has ${elements.length}`,
    ).anomaly;
    if (elements.length < subkeyCount) missing ??= told;
  }
  return missing === undefined ? { elements } : { elements, missing };
}

function* readList(reading: Reading, cell: number, likely: number) {
  const extent = {
    // So many elements are spread over leaves, and the root above those is short.
    likely: 4 + (likely > LEAF_ELEMENTS ? Math.ceil(likely / LEAF_ELEMENTS) * 8 : likely * 8),
    most: MAX_LIST_BYTES,
  };
  const list = yield* readRecord(reading, cell, 'subkeys list', extent, decodeSubkeysList);
  if (list.ok) {
    const { declared } = list.value;
    const there = list.value.kind === 'leaf' ? list.value.elements.length : list.value.lists.length;
    if (there < declared) {
      reading.fail(cellName('subkeys list', cell), `it has room for ${there} of its ${declared} elements`);
    }
  }
  return list;
}

/** What became of a search: absent only where everything that could have been it was read. */
export type Search<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly anomaly: Anomaly };

/**
 * Looks for a subkey as Windows does: through the hashes or hints of the lists where they have any,
 * and always by the name of the key itself. One round, where one key has the hash.
 * @param parent the key whose lists the elements come from
 */
export function* findSubkey(
  reading: Reading,
  parent: Key,
  { elements, missing }: SubkeyElements,
  name: string,
): Task<Search<Key>> {
  const raised = upcase(name);
  const hash = nameHash(raised);
  const candidates = elements.filter((element) => {
    if (element.hash !== undefined) return element.hash === hash;
    return element.hint === undefined || hintAllows(element.hint, raised);
  });
  let unreadable = missing;
  for (let at = 0; at < candidates.length; at += NODES_A_ROUND) {
    if (at > 0) yield [];
    const round = candidates.slice(at, at + NODES_A_ROUND);
    const keys = yield* readKeyNodes(
      reading,
      round.map(({ cell }) => cell),
      name.length,
    );
    for (const key of keys) {
      if (!key.ok) unreadable ??= key.anomaly;
      else if (upcase(key.value.node.name) === raised) {
        checkParent(reading, parent, key.value);
        return { kind: 'found', value: key.value };
      }
    }
  }
  return unreadable === undefined ? { kind: 'absent' } : { kind: 'unreadable', anomaly: unreadable };
}

/** The keys of a stretch of list elements; those that cannot be read are noted and left out. One round. */
export function* readSubkeys(
  reading: Reading,
  parent: Key,
  elements: readonly SubkeyElement[],
): Task<readonly Key[]> {
  const cells = elements.map(({ cell }) => cell);
  const keys = yield* readKeyNodes(reading, cells, 0);
  const read: Key[] = [];
  for (const key of keys) {
    if (!key.ok) continue;
    checkParent(reading, parent, key.value);
    read.push(key.value);
  }
  return read;
}

function checkParent(reading: Reading, parent: Key, key: Key): void {
  if (key.node.parent === parent.cell) return;
  const told = `0x${key.node.parent.toString(16)}`;
  reading.fail(
    cellName('key node', key.cell),
    `its parent is ${told}, but 0x${parent.cell.toString(16)} lists it`,
  );
}
