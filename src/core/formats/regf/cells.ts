import { copyBytes } from '../../bytes/copy.ts';
import { Reader } from '../../bytes/reader.ts';
import { decodeNameUnits } from './names.ts';

/** An offset that points nowhere. */
export const NO_CELL = 0xffffffff;

/** Flags of a key node that matter for reading. */
const KEY_COMP_NAME = 0x0020;
const KEY_PREDEF_HANDLE = 0x0040;

/** Flags of a key value. */
const VALUE_COMP_NAME = 0x0001;
const VALUE_TOMBSTONE = 0x0002;

/** Bit 31 of a value's size: the data stands in the offset's own four bytes. */
const DATA_IN_OFFSET = 0x80000000;

/** A data segment of a big data record is this long, the last one excepted. */
export const BIG_DATA_SEGMENT = 16344;

export interface KeyNode {
  readonly name: string;
  readonly flags: number;
  /** FILETIME. */
  readonly lastWritten: bigint;
  readonly parent: number;
  readonly subkeyCount: number;
  readonly subkeysList: number;
  readonly valueCount: number;
  readonly valuesList: number;
  readonly security: number;
  readonly className: number;
  /** Bytes. */
  readonly classNameLength: number;
}

/** [msuhanov/regf] Key node. `bytes`: a cell's data. */
export function decodeKeyNode(bytes: Uint8Array): KeyNode {
  const reader = new Reader(bytes, 'key node');
  // 'nk'
  if (!(reader.u16le() === 0x6b6e)) reader.fail('the signature is not "nk"');
  const flags = reader.u16le();
  const lastWritten = reader.u64le();
  reader.skip(4); // Access bits
  const parent = reader.u32le();
  const subkeyCount = reader.u32le();
  reader.skip(4); // Volatile subkeys are not on the disk.
  const subkeysList = reader.u32le();
  reader.skip(4); // Their list is not either.
  const valueCount = reader.u32le();
  const valuesList = reader.u32le();
  const security = reader.u32le();
  const className = reader.u32le();
  reader.skip(20); // The largest lengths below this key (4 of them) and WorkVar.
  const nameLength = reader.u16le();
  const classNameLength = reader.u16le();
  const name = decodeNameUnits(reader.bytes(nameLength), (flags & KEY_COMP_NAME) !== 0);
  return {
    name,
    flags,
    lastWritten,
    parent,
    subkeyCount,
    subkeysList,
    // A predefined handle keeps the handle where the count would be.
    valueCount: (flags & KEY_PREDEF_HANDLE) === 0 ? valueCount : 0,
    valuesList,
    security,
    className,
    classNameLength,
  };
}

/** One element of a subkeys list, with what the list tells about the key's name. */
export interface SubkeyElement {
  readonly cell: number;
  /** In a hash leaf: the hash of the raised name. */
  readonly hash?: number;
  /** In a fast leaf: the first four characters. */
  readonly hint?: number;
}

/** `declared`: how many elements the list says it has; there are fewer where its cell ends before. */
export type SubkeysList =
  | { readonly kind: 'leaf'; readonly declared: number; readonly elements: readonly SubkeyElement[] }
  /** Index root: a list of leaves. */
  | { readonly kind: 'root'; readonly declared: number; readonly lists: readonly number[] };

/** [msuhanov/regf] Index leaf (li), Fast leaf (lf), Hash leaf (lh), Index root (ri). `bytes`: a cell's data. */
export function decodeSubkeysList(bytes: Uint8Array): SubkeysList {
  const reader = new Reader(bytes, 'subkeys list');
  const signature = reader.u16le();
  const declared = reader.u16le();
  const all = <T>(size: number, element: () => T): T[] =>
    Array.from({ length: Math.min(declared, Math.floor(reader.remaining / size)) }, element);
  switch (signature) {
    case 0x686c: // 'lh'
      return {
        kind: 'leaf',
        declared,
        elements: all(8, () => ({ cell: reader.u32le(), hash: reader.u32le() })),
      };
    case 0x666c: // 'lf'
      return {
        kind: 'leaf',
        declared,
        elements: all(8, () => ({ cell: reader.u32le(), hint: reader.u32le() })),
      };
    case 0x696c: // 'li'
      return { kind: 'leaf', declared, elements: all(4, () => ({ cell: reader.u32le() })) };
    case 0x6972: // 'ri'
      return { kind: 'root', declared, lists: all(4, () => reader.u32le()) };
    default:
      return reader.fail(`the signature 0x${signature.toString(16)} is not that of a subkeys list`);
  }
}

/**
 * A list of cell offsets without a header: a key's values, or the segments of big data.
 * Gives `count` of them, or as many as there are.
 */
export function decodeCellList(bytes: Uint8Array, count: number): number[] {
  const reader = new Reader(bytes, 'list of cells');
  const length = Math.min(count, Math.floor(bytes.length / 4));
  return Array.from({ length }, () => reader.u32le());
}

export interface KeyValue {
  /** Empty for a key's default value. */
  readonly name: string;
  /** REG_SZ and so on; a type that is not predefined is legal. */
  readonly type: number;
  /** Bytes of the data. */
  readonly size: number;
  /** Four bytes or fewer, where they stand in the record itself. */
  readonly inline?: Uint8Array;
  /** The cell of the data otherwise. */
  readonly data: number;
  /** In a differencing hive: says that the value below it is deleted. */
  readonly tombstone: boolean;
}

/** [msuhanov/regf] Key value. `bytes`: a cell's data. */
export function decodeKeyValue(bytes: Uint8Array): KeyValue {
  const reader = new Reader(bytes, 'key value');
  // 'vk'
  if (!(reader.u16le() === 0x6b76)) reader.fail('the signature is not "vk"');
  const nameLength = reader.u16le();
  const rawSize = reader.u32le();
  const place = reader.bytes(4);
  const type = reader.u32le();
  const flags = reader.u16le();
  reader.skip(2);
  const name = decodeNameUnits(reader.bytes(nameLength), (flags & VALUE_COMP_NAME) !== 0);
  const tombstone = (flags & VALUE_TOMBSTONE) !== 0;
  const size = rawSize % DATA_IN_OFFSET;
  if (rawSize === size) return { name, type, size, data: new Reader(place, 'key value').u32le(), tombstone };
  if (!(size <= 4)) reader.fail(`data of ${size} bytes cannot fit into four`);
  return { name, type, size, inline: copyBytes(place, 0, size), data: NO_CELL, tombstone };
}

/** [msuhanov/regf] Key security: the security descriptor, self-relative [MS-DTYP 2.4.6]. `bytes`: a cell's data. */
export function decodeKeySecurity(bytes: Uint8Array): Uint8Array {
  const reader = new Reader(bytes, 'key security');
  // 'sk'
  if (!(reader.u16le() === 0x6b73)) reader.fail('the signature is not "sk"');
  reader.skip(2 + 4 + 4 + 4); // Reserved, flink, blink, reference count
  return reader.bytes(reader.u32le());
}

/** Big data: how many segments there are, and the cell of their list. */
export interface BigData {
  readonly segments: number;
  readonly list: number;
}

/** [msuhanov/regf] Big data. `bytes`: a cell's data. */
export function decodeBigData(bytes: Uint8Array): BigData {
  const reader = new Reader(bytes, 'big data');
  // 'db'
  if (!(reader.u16le() === 0x6264)) reader.fail('the signature is not "db"');
  return { segments: reader.u16le(), list: reader.u32le() };
}
