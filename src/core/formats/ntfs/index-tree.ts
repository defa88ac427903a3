import { pause, together } from '../../bytes/batched.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import { type Medium, NO_ANSWER, type Range, type ReadResult, type Walker } from '../walker.ts';
import { AttributeType } from './attribute.ts';
import { findStream, type NtfsFile, openStream } from './file.ts';
import { decodeIndexRecord, decodeIndexRoot, type IndexEntry, type IndexNode } from './index-node.ts';
import type { Volume } from './volume.ts';

/** An index that was opened: its root is there, its other nodes are read when they are needed. */
export interface IndexTree {
  readonly root: IndexNode;
  /** Bytes of a node. */
  readonly nodeSize: number;
  /** Bytes of the unit that nodes are numbered in. */
  readonly vcnSize: number;
  readonly allocation?: Medium;
}

/** A node, or why there is none. */
export type NodeResult = IndexNode | { readonly lost: string };

/** How an index is sorted: what its keys are, and how a target compares to one of them. */
export interface Collation<Target, Key> {
  /** The keys of entries, none for the last. May read what it needs to make them. */
  keys(entries: readonly IndexEntry[]): Walker<readonly Key[]>;
  /** Negative: the target comes before the key. */
  compare(target: Target, key: Key): number;
}

/** Smaller indexes are read whole: a round or two less than descending them. That of System32, some 5,000 names, has less. */
const READ_WHOLE_MAX = 1024 * 1024;
/** Each level has at least twice the entries of the one above; real trees have three or four levels. */
const DEPTH_MAX = 32;
/** Nodes smaller than a cluster are numbered in blocks of this size. */
const BLOCK_SIZE = 512;

/** Opens an index of a file, `$I30` of a directory for one. Reads nothing. A text says why there is none. */
export function openIndex(volume: Volume, file: NtfsFile, name: string): IndexTree | string {
  const root = findStream(file, AttributeType.IndexRoot, name)?.value;
  if (root === undefined) return `it has no index ${name}`;
  const decoded = tryDecode(() => decodeIndexRoot(root));
  if (!decoded.ok) return decoded.error.message;
  const { clusterSize, indexRecordSize } = volume.geometry;
  const stated = decoded.value.recordSize;
  const isUsable = stated >= BLOCK_SIZE && stated <= 1 << 16 && Number.isInteger(Math.log2(stated));
  const nodeSize = isUsable ? stated : indexRecordSize;
  const vcnSize = clusterSize <= nodeSize ? clusterSize : BLOCK_SIZE;
  const stream = findStream(file, AttributeType.IndexAllocation, name);
  const opened = stream && openStream(volume, stream);
  return { root: decoded.value, nodeSize, vcnSize, ...(opened?.ok ? { allocation: opened.medium } : {}) };
}

/**
 * Nodes of one index as they are read during one walk through it. An index of up to `wholeMax` bytes
 * is read at once when its first node is asked for.
 */
class IndexNodes {
  readonly #tree: IndexTree;
  readonly #wholeMax: number;
  #whole: Uint8Array | undefined;

  constructor(tree: IndexTree, wholeMax = READ_WHOLE_MAX) {
    this.#tree = tree;
    this.#wholeMax = wholeMax;
  }

  /** Reads all nodes where they are few; at most one round. */
  *readWhole(): Walker<void> {
    const { allocation } = this.#tree;
    if (this.#whole !== undefined || allocation === undefined || allocation.size > this.#wholeMax) return;
    const [all] = yield* allocation.read([{ offset: 0, length: allocation.size }]);
    if (all?.ok) this.#whole = all.bytes;
  }

  /** Reads nodes, one result a number, in their order. At most one round. */
  *read(vcns: readonly number[]): Walker<readonly NodeResult[]> {
    const { allocation, nodeSize, vcnSize } = this.#tree;
    if (allocation === undefined) return vcns.map(() => ({ lost: 'the index has no $INDEX_ALLOCATION' }));
    if (vcns.length > 0) yield* this.readWhole();
    const whole = this.#whole;
    const ranges = vcns.map((vcn): Range => ({ offset: vcn * vcnSize, length: nodeSize }));
    const results: readonly ReadResult[] =
      whole === undefined
        ? yield* allocation.read(ranges)
        : ranges.map(({ offset, length }) => ({ ok: true, bytes: whole.subarray(offset, offset + length) }));
    return vcns.map((vcn, index): NodeResult => {
      const result = results[index] ?? NO_ANSWER;
      if (!result.ok) return { lost: result.problem };
      if (result.bytes.length < nodeSize) return { lost: `node ${vcn} lies outside the index` };
      const decoded = tryDecode(() => decodeIndexRecord(result.bytes, nodeSize));
      if (!decoded.ok) return { lost: `node ${vcn}: ${decoded.error.message}` };
      if (decoded.value.vcn !== vcn) return { lost: `node ${vcn} says that it is node ${decoded.value.vcn}` };
      return decoded.value;
    });
  }
}

/** What a search found: an entry, nothing where the order says that there is none, or why it is not known. */
export type SearchResult =
  | { readonly kind: 'found'; readonly entry: IndexEntry }
  | { readonly kind: 'absent' }
  | { readonly kind: 'lost'; readonly problem: string };

/**
 * Finds several keys by descending the tree, all of them level by level. As many rounds as the tree
 * has levels below its root; one where the whole index has at most 1 MiB; none where all is in the root.
 */
export function* searchIndex<Target, Key>(
  tree: IndexTree,
  targets: readonly Target[],
  collation: Collation<Target, Key>,
): Walker<readonly SearchResult[]> {
  const results: SearchResult[] = targets.map(() => ({ kind: 'lost', problem: 'the index is too deep' }));
  const nodes = new IndexNodes(tree);
  const all = targets.map((target, index) => ({ target, index }));
  // What the keys need and what lies below the root do not depend on each other.
  const ahead = tree.root.entries.some(({ subnode }) => subnode !== undefined);
  yield* together<Range, ReadResult, unknown>([
    collation.keys(tree.root.entries),
    ...(ahead ? [nodes.readWhole()] : []),
  ]);
  let level: { readonly node: NodeResult; readonly wanted: typeof all }[] = [
    { node: tree.root, wanted: all },
  ];
  for (let depth = 0; depth < DEPTH_MAX && level.length > 0; depth += 1) {
    const below = new Map<number, typeof all>();
    for (const { node, wanted } of level) {
      if ('lost' in node) {
        for (const { index } of wanted) results[index] = { kind: 'lost', problem: node.lost };
        continue;
      }
      const keys = yield* collation.keys(node.entries);
      for (const one of wanted) {
        const step = stepInto(node, keys, one.target, collation);
        if (typeof step !== 'number') results[one.index] = step;
        else below.set(step, [...(below.get(step) ?? []), one]);
      }
    }
    const vcns = [...below.keys()];
    const read = vcns.length === 0 ? [] : yield* nodes.read(vcns);
    level = vcns.map((vcn, index) => ({
      node: read[index] ?? { lost: NO_ANSWER.problem },
      wanted: below.get(vcn) ?? [],
    }));
  }
  return results;
}

/** The entry, or the subnode where to go on. */
function stepInto<Target, Key>(
  node: IndexNode,
  keys: readonly Key[],
  target: Target,
  collation: Collation<Target, Key>,
): SearchResult | number {
  for (const [at, entry] of node.entries.entries()) {
    const key = keys[at];
    const order = entry.isLast || key === undefined ? -1 : collation.compare(target, key);
    if (order === 0) return { kind: 'found', entry };
    if (order < 0) return entry.subnode ?? { kind: 'absent' };
  }
  return { kind: 'lost', problem: node.problem ?? 'a node has no last entry' };
}

export interface WalkedIndex {
  readonly entries: readonly IndexEntry[];
  /** What could not be read; empty when `entries` is everything. */
  readonly problems: readonly string[];
}

/** 64 MiB of nodes: some 400,000 names. */
const WALK_SIZE_MAX = 64 << 20;
/** A listing needs every node, so that reading all at once wastes nothing, up to what one answer should hold. */
const WALK_WHOLE_MAX = 4 << 20;
/** As many names as a walk gives: a node may hold entries of 16 bytes, each of which becomes an object of many times that. */
const ENTRIES_MAX = 1 << 17;
/** Bytes of nodes that are read in one round. */
const ROUND_SIZE_MAX = 4 << 20;
/** A tree that points everywhere is not worth more words than this. */
const PROBLEMS_MAX = 100;

/**
 * All entries of an index, in no order. One round for an index of up to 4 MiB, else one a level, or for 4 MiB of it.
 * Where a node is damaged, the nodes below it are looked for among all that the index has.
 */
export function* walkIndex(tree: IndexTree): Walker<WalkedIndex> {
  const nodes = new IndexNodes(tree, WALK_WHOLE_MAX);
  const entries: IndexEntry[] = [];
  const problems: string[] = [];
  const seen = new Set<number>();
  const nodesMax = Math.floor(WALK_SIZE_MAX / tree.nodeSize);
  let isFull = false;
  const problem = (text: string) => {
    if (problems.length < PROBLEMS_MAX) problems.push(text);
  };
  const aRound = Math.max(1, Math.floor(ROUND_SIZE_MAX / tree.nodeSize));
  const take = (node: NodeResult): number[] => {
    if ('lost' in node) {
      problem(node.lost);
      return [];
    }
    if (node.problem !== undefined) problem(node.problem);
    for (const entry of node.entries) {
      if (entry.isLast) continue;
      if (entries.length >= ENTRIES_MAX) {
        if (!isFull) problem(`more than ${ENTRIES_MAX} entries: the rest is left out`);
        isFull = true;
        return [];
      }
      entries.push(entry);
    }
    return node.entries.flatMap(({ subnode }) => (subnode === undefined ? [] : [subnode]));
  };
  const unseen = (vcns: readonly number[]) =>
    vcns.filter((vcn) => {
      if (seen.has(vcn)) problem(`node ${vcn} is pointed to twice`);
      else if (seen.size >= nodesMax) problem(`more than ${nodesMax} nodes: the rest is left out`);
      else {
        seen.add(vcn);
        return true;
      }
      return false;
    });

  let level = unseen(take(tree.root));
  while (level.length > 0 && !isFull) {
    const below: number[] = [];
    for (let at = 0; at < level.length; at += aRound) {
      for (const node of yield* nodes.read(level.slice(at, at + aRound))) below.push(...take(node));
      yield* pause();
    }
    level = unseen(below);
  }

  if (problems.length > 0 && tree.allocation !== undefined) {
    const step = Math.max(1, tree.nodeSize / tree.vcnSize);
    const count = Math.min(nodesMax, Math.floor(tree.allocation.size / tree.nodeSize));
    const others = Array.from({ length: count }, (_, index) => index * step).filter((vcn) => !seen.has(vcn));
    for (let at = 0; at < others.length && !isFull; at += aRound) {
      for (const node of yield* nodes.read(others.slice(at, at + aRound))) if (!('lost' in node)) take(node);
      yield* pause();
    }
  }
  return { entries, problems };
}
