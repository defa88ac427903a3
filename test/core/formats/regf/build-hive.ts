// A builder of small hives and their logs, for cases that no real file has. It writes what
// msuhanov/regf describes with its own hand: nothing of the reader is used but Marvin32, whose
// vectors are published.
import { concat, Writer } from '../../../../src/core/bytes/writer.ts';
import { marvin32 } from '../../../../src/core/crypto/marvin32.ts';

export interface ValueSpec {
  readonly name: string;
  readonly type: number;
  readonly data: Uint8Array | readonly number[];
}

/** How a key's subkeys are listed; `ri` followed by the kind of its leaves, of two elements each. */
export type ListKind = 'lf' | 'lh' | 'li' | 'ri-lf' | 'ri-lh' | 'ri-li';

export interface KeySpec {
  readonly name: string;
  readonly values?: readonly ValueSpec[];
  readonly subkeys?: readonly KeySpec[];
  readonly list?: ListKind;
  readonly className?: string;
}

export interface HiveSpec {
  readonly minor?: number;
  readonly primarySequence?: number;
  readonly secondarySequence?: number;
  /** FILETIME. */
  readonly lastWritten?: bigint;
  /** Bytes of the hive bins; as a default as few pages as will do. */
  readonly hiveBinsSize?: number;
}

export interface BuiltHive {
  readonly bytes: Uint8Array;
  /** Offsets of cells from the start of the hive bins: `nk A\B`, `vk A\B:name`, `data …`, `list A`, `values A`. */
  readonly cells: ReadonlyMap<string, number>;
}

export const KEY_TIME = 132_000_000_000_000_000n;
const NO_CELL = 0xffffffff;

/** Text as a REG_SZ stores it. */
export function sz(text: string): Uint8Array {
  return utf16(`${text}\0`);
}

export function dword(value: number): Uint8Array {
  return new Writer().u32le(value).toBytes();
}

function utf16(text: string): Uint8Array {
  const writer = new Writer();
  for (let index = 0; index < text.length; index += 1) writer.u16le(text.charCodeAt(index));
  return writer.toBytes();
}

/** Cells one after the other behind the header of a single bin; a cell may be written after it was placed. */
class Bin {
  readonly cells = new Map<string, number>();
  readonly #cells: { offset: number; size: number; data: Uint8Array }[] = [];
  #next = 32;

  place(length: number, name?: string): number {
    const offset = this.#next;
    const size = Math.ceil((4 + length) / 8) * 8;
    this.#next += size;
    this.#cells.push({ offset, size, data: new Uint8Array(length) });
    if (name !== undefined) this.cells.set(name, offset);
    return offset;
  }

  write(offset: number, data: Uint8Array): void {
    const cell = this.#cells.find((candidate) => candidate.offset === offset);
    if (cell === undefined) throw new Error('no such cell');
    cell.data = data;
  }

  add(data: Uint8Array, name?: string): number {
    const offset = this.place(data.length, name);
    this.write(offset, data);
    return offset;
  }

  toBytes(atLeast: number, timestamp: bigint): Uint8Array {
    const size = Math.max(atLeast, Math.ceil((this.#next + 8) / 4096) * 4096);
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    bytes.set(
      new Writer().bytes(ascii('hbin')).u32le(0).u32le(size).zeros(8).u64le(timestamp).u32le(0).toBytes(),
    );
    for (const { offset, size: cellSize, data } of this.#cells) {
      view.setInt32(offset, -cellSize, true);
      bytes.set(data, offset + 4);
    }
    view.setInt32(this.#next, size - this.#next, true);
    return bytes;
  }
}

function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

export function buildHive(root: KeySpec, spec: HiveSpec = {}): BuiltHive {
  const minor = spec.minor ?? 5;
  const bin = new Bin();
  const rootCell = bin.place(76 + root.name.length, 'nk ');
  fillKey(bin, rootCell, NO_CELL, root, '', true, minor);
  const bins = bin.toBytes(spec.hiveBinsSize ?? 0, spec.lastWritten ?? KEY_TIME);
  return { bytes: concat(baseBlock(spec, rootCell, bins.length, 0, 4096), bins), cells: bin.cells };
}

/** A base block of `length` bytes, of which the checksum covers the first 508. */
export function baseBlock(
  spec: HiveSpec,
  rootCell: number,
  hiveBinsSize: number,
  fileType: number,
  length: number,
): Uint8Array {
  const start = new Writer()
    .bytes(ascii('regf'))
    .u32le(spec.primarySequence ?? 1)
    .u32le(spec.secondarySequence ?? spec.primarySequence ?? 1)
    .u64le(spec.lastWritten ?? KEY_TIME)
    .u32le(1) // major version
    .u32le(spec.minor ?? 5)
    .u32le(fileType)
    .u32le(1) // direct memory load
    .u32le(rootCell)
    .u32le(hiveBinsSize)
    .u32le(1) // clustering factor
    .bytes(utf16('\\test\\hive'))
    .toBytes();
  const bytes = new Uint8Array(length);
  bytes.set(start);
  sealBaseBlock(bytes);
  return bytes;
}

/** Puts the right checksum into a base block that was changed. */
export function sealBaseBlock(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let sum = 0;
  for (let at = 0; at < 508; at += 4) sum ^= view.getUint32(at, true);
  view.setUint32(508, sum === 0 ? 1 : sum === -1 ? 0xfffffffe : sum, true);
}

function fillKey(
  bin: Bin,
  cell: number,
  parent: number,
  key: KeySpec,
  path: string,
  isRoot: boolean,
  minor: number,
): void {
  const { values = [], subkeys = [], className } = key;
  const join = (name: string) => (path === '' ? name : `${path}\\${name}`);
  const valueCells = values.map((value) => addValue(bin, value, path, minor));
  const valuesList = values.length === 0 ? NO_CELL : bin.add(words(valueCells), `values ${path}`);
  const subkeyCells = subkeys.map((below) =>
    bin.place(76 + nameBytes(below.name).bytes.length, `nk ${join(below.name)}`),
  );
  const list =
    subkeys.length === 0 ? NO_CELL : addList(bin, key.list ?? 'lh', subkeys, subkeyCells, `list ${path}`);
  const classCell = className === undefined ? NO_CELL : bin.add(utf16(className), `class ${path}`);
  const { bytes: name, compressed } = nameBytes(key.name);
  bin.write(
    cell,
    new Writer()
      .bytes(ascii('nk'))
      .u16le((compressed ? 0x20 : 0) | (isRoot ? 0x0c : 0))
      .u64le(KEY_TIME)
      .u32le(0)
      .u32le(parent)
      .u32le(subkeys.length)
      .u32le(0)
      .u32le(list)
      .u32le(NO_CELL)
      .u32le(values.length)
      .u32le(valuesList)
      .u32le(NO_CELL)
      .u32le(classCell)
      .zeros(20)
      .u16le(name.length)
      .u16le((className ?? '').length * 2)
      .bytes(name)
      .toBytes(),
  );
  for (const [index, below] of subkeys.entries()) {
    fillKey(bin, subkeyCells[index] ?? 0, cell, below, join(below.name), false, minor);
  }
}

function nameBytes(name: string): { bytes: Uint8Array; compressed: boolean } {
  const units = [...name].flatMap((character) => character.charCodeAt(0));
  const compressed = name.length === units.length && units.every((unit) => unit < 256);
  return { bytes: compressed ? Uint8Array.from(units) : utf16(name), compressed };
}

function words(numbers: readonly number[]): Uint8Array {
  const writer = new Writer();
  for (const number of numbers) writer.u32le(number);
  return writer.toBytes();
}

function addValue(bin: Bin, value: ValueSpec, path: string, minor: number): number {
  const data = Uint8Array.from(value.data);
  const { bytes: name, compressed } = nameBytes(value.name);
  const label = `${path}:${value.name}`;
  let size = data.length;
  let place = 0;
  if (data.length <= 4) {
    size += 0x80000000;
    place = new DataView(concat(data, new Uint8Array(4)).buffer).getUint32(0, true);
  } else if (data.length > 16344 && minor > 3) {
    const segments: number[] = [];
    for (let at = 0; at < data.length; at += 16344) {
      segments.push(bin.add(data.subarray(at, at + 16344), `segment ${label} ${segments.length}`));
    }
    const list = bin.add(words(segments), `segments ${label}`);
    place = bin.add(
      new Writer().bytes(ascii('db')).u16le(segments.length).u32le(list).toBytes(),
      `data ${label}`,
    );
  } else place = bin.add(data, `data ${label}`);
  return bin.add(
    new Writer()
      .bytes(ascii('vk'))
      .u16le(name.length)
      .u32le(size)
      .u32le(place)
      .u32le(value.type)
      .u16le(compressed ? 1 : 0)
      .u16le(0)
      .bytes(name)
      .toBytes(),
    `vk ${label}`,
  );
}

function addList(
  bin: Bin,
  kind: ListKind,
  keys: readonly KeySpec[],
  cells: readonly number[],
  label: string,
): number {
  const leafKind = kind.slice(-2);
  const leaf = (from: number, to: number, name: string): number => {
    const writer = new Writer().bytes(ascii(leafKind)).u16le(to - from);
    for (let index = from; index < to; index += 1) {
      const name = keys[index]?.name ?? '';
      writer.u32le(cells[index] ?? 0);
      if (leafKind === 'lf') writer.bytes(hint(name));
      if (leafKind === 'lh') writer.u32le(hash(name));
    }
    return bin.add(writer.toBytes(), name);
  };
  if (!kind.startsWith('ri')) return leaf(0, keys.length, label);
  const root = new Writer().bytes(ascii('ri')).u16le(Math.ceil(keys.length / 2));
  for (let from = 0; from < keys.length; from += 2) {
    root.u32le(leaf(from, Math.min(keys.length, from + 2), `leaf ${from / 2} ${label}`));
  }
  return bin.add(root.toBytes(), label);
}

function hint(name: string): Uint8Array {
  const bytes = new Uint8Array(4);
  const start = ascii(name.slice(0, 4));
  if (start.every((unit) => unit < 256)) bytes.set(start);
  return bytes;
}

function hash(name: string): number {
  let sum = 0n;
  for (let index = 0; index < name.length; index += 1) {
    // One unit at a time, as Windows: the capital of ß would be two.
    const capital = name.charAt(index).toUpperCase();
    const raised = capital.length === 1 ? capital : name.charAt(index);
    sum = (sum * 37n + BigInt(raised.charCodeAt(0))) & 0xffffffffn;
  }
  return Number(sum);
}

const LOG_SEED = 0x82ef4d887a4e55c5n;

export interface EntrySpec {
  readonly sequence: number;
  readonly hiveBinsSize: number;
  readonly pages: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
}

/** One entry of a log of the new format. */
export function logEntry({ sequence, hiveBinsSize, pages }: EntrySpec): Uint8Array {
  const body = new Writer();
  for (const { offset, bytes } of pages) body.u32le(offset).u32le(bytes.length);
  for (const { bytes } of pages) body.bytes(bytes);
  const size = Math.ceil((40 + body.length) / 512) * 512;
  body.zeros(size - 40 - body.length);
  const header = new Writer()
    .bytes(ascii('HvLE'))
    .u32le(size)
    .u32le(0)
    .u32le(sequence)
    .u32le(hiveBinsSize)
    .u32le(pages.length)
    .u64le(marvin32(body.toBytes(), LOG_SEED));
  return concat(header.u64le(marvin32(header.toBytes(), LOG_SEED)).toBytes(), body.toBytes());
}

/** A log of the new format; its base block has the number of its first entry unless told otherwise. */
export function buildLog(hive: BuiltHive, entries: readonly EntrySpec[], first?: number): Uint8Array {
  const sequence = first ?? entries[0]?.sequence ?? 1;
  const head = baseBlock({ primarySequence: sequence }, 32, hive.bytes.length - 4096, 6, 512);
  return concat(head, ...entries.map(logEntry));
}

/** A log of the old format: `sectors` of the hive bins by number, in their order. */
export function buildOldLog(
  hiveBinsSize: number,
  sectors: ReadonlyMap<number, Uint8Array>,
  spec: HiveSpec = {},
): Uint8Array {
  const bits = new Uint8Array(hiveBinsSize / 4096);
  for (const sector of sectors.keys()) bits[sector >> 3] = (bits[sector >> 3] ?? 0) | (1 << (sector & 7));
  const vector = concat(ascii('DIRT'), bits);
  const padding = new Uint8Array(Math.ceil(vector.length / 512) * 512 - vector.length);
  const pages = [...sectors].sort(([a], [b]) => a - b).map(([, bytes]) => bytes);
  return concat(baseBlock(spec, 32, hiveBinsSize, 1, 512), vector, padding, ...pages);
}
