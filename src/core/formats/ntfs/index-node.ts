import { tryDecode } from '../../bytes/decode-error.ts';
import { Reader } from '../../bytes/reader.ts';
import { undoUpdateSequence } from './update-sequence.ts';

/**
 * Nodes of an index (a B-tree): $INDEX_ROOT and the INDX records of $INDEX_ALLOCATION.
 * Source: "New Technologies File System (NTFS)" of libfsntfs, "The index".
 */

export interface IndexEntry {
  /** The whole entry: its first eight bytes are a file reference, or where its data lies in it. */
  readonly bytes: Uint8Array;
  readonly key: Uint8Array;
  /** The node with the keys that come before this one, in units of `vcnSize`. */
  readonly subnode?: number;
  /** The entry that has no key and stands behind all others. */
  readonly isLast: boolean;
}

export interface IndexNode {
  readonly entries: readonly IndexEntry[];
  /** Set when entries that follow could not be decoded. */
  readonly problem?: string;
}

export interface IndexRoot extends IndexNode {
  /** Bytes of an INDX record of this index. */
  readonly recordSize: number;
}

const ENTRY_HEADER_SIZE = 16;
const FLAG_SUBNODE = 1;
const FLAG_LAST = 2;
const SUBNODE_SIZE = 8;

/** Decodes the value of $INDEX_ROOT. */
export function decodeIndexRoot(value: Uint8Array): IndexRoot {
  const reader = new Reader(value, '$INDEX_ROOT');
  reader.skip(4 + 4); // attribute type, collation rule
  const recordSize = reader.u32le();
  reader.skip(4); // clusters an index record
  return { recordSize, ...readNode(reader) };
}

/**
 * Decodes an INDX record as it lies on disk, fixups included.
 * @param size bytes of an index record
 */
export function decodeIndexRecord(bytes: Uint8Array, size: number): IndexNode & { readonly vcn: number } {
  const reader = new Reader(undoUpdateSequence(bytes, size, 'INDX'), 'INDX record');
  reader.skip(4 + 2 + 2 + 8); // signature, update sequence array, log file sequence number
  const vcn = reader.u64leNumber();
  return { vcn, ...readNode(reader) };
}

/** The node header, from which its offsets count, and the entries. */
function readNode(reader: Reader): IndexNode {
  const start = reader.offset;
  const entriesAt = reader.u32le();
  const usedSize = reader.u32le();
  reader.seek(start);
  const node = reader.sub(Math.min(usedSize, reader.remaining), 'index node');
  node.seek(entriesAt);
  const entries: IndexEntry[] = [];
  while (entries.at(-1)?.isLast !== true) {
    const decoded = tryDecode(() => readEntry(node));
    if (!decoded.ok) return { entries, problem: decoded.error.message };
    entries.push(decoded.value);
  }
  return { entries };
}

function readEntry(node: Reader): IndexEntry {
  const at = node.offset;
  node.skip(8);
  const length = node.u16le();
  if (!(length >= ENTRY_HEADER_SIZE)) node.fail(`an entry of ${length} bytes is not valid`);
  node.seek(at);
  const entry = node.sub(length, 'index entry');
  const bytes = entry.bytes(length);
  entry.seek(10);
  const keyLength = entry.u16le();
  const flags = entry.u16le();
  entry.skip(2);
  const isLast = (flags & FLAG_LAST) !== 0;
  const key = isLast ? new Uint8Array(0) : entry.bytes(keyLength);
  if ((flags & FLAG_SUBNODE) === 0) return { bytes, key, isLast };
  // The subnode is the last field, whatever padding stands before it.
  entry.seek(Math.max(entry.offset, length - SUBNODE_SIZE));
  return { bytes, key, subnode: entry.u64leNumber(), isLast };
}
