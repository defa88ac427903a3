import { together } from '../../bytes/batched.ts';
import { type Medium, NO_ANSWER, type Range, type ReadResult, readAt, type Walker } from '../walker.ts';

/** Where a block of a virtual disk, or a piece of one, lies. */
export type Place =
  /** In the file, at this offset. */
  | { readonly kind: 'stored'; readonly offset: number }
  /** Some of its sectors are in the file, where the block begins at this offset; the parent has the others. */
  | { readonly kind: 'mixed'; readonly offset: number; readonly sectors: SectorBitmap }
  | { readonly kind: 'zero' }
  /** Not in this file: the parent has it. */
  | { readonly kind: 'parent' }
  | { readonly kind: 'lost'; readonly problem: string };

export interface SectorBitmap {
  /** Bytes. */
  readonly sectorSize: number;
  /** Whether the file, not the parent, has this sector of the block. */
  has(sector: number): boolean;
}

/** One piece of a range: it lies in one block, and there in one place. */
interface Piece {
  readonly result: number;
  /** Where in the result it begins. */
  readonly at: number;
  readonly offset: number;
  readonly length: number;
}

export interface BlockMap {
  readonly blockSize: number;
  /** Where these blocks lie; what is not known yet is read in one batch, sector bitmaps in a second one. */
  locate(blocks: readonly number[]): Walker<ReadonlyMap<number, Place>>;
}

/** Nobody asks for more at once; it is refused, so that memory stays bounded. */
const LONGEST_READ = 64 * 1024 * 1024;

/** [MS-VHDX] 2.6.2.2: VirtualDiskSize is at most 64 TB. Dynamic VHDs end far below. */
export const LARGEST_DISK = 64 * 2 ** 40;

/**
 * A virtual disk out of blocks that lie anywhere in its file, nowhere (zeros), or in a parent.
 * Costs one dependent round for the block table and one for sector bitmaps, as far as they are not
 * known yet, and one for the data; a parent adds what it costs itself, beside the data.
 */
export function mappedMedium(file: Medium, size: number, map: BlockMap, parent: Medium | undefined): Medium {
  return {
    size,
    *read(ranges) {
      const problems = new Map<number, string>();
      const pieces = ranges.flatMap((range, result) => {
        if (range.length <= LONGEST_READ) return cut(range, result, size, map.blockSize);
        problems.set(result, `${range.length} bytes are too many for one read`);
        return [];
      });
      const blocks = [...new Set(pieces.map((piece) => Math.floor(piece.offset / map.blockSize)))];
      const places = yield* map.locate(blocks);
      const own: { readonly piece: Piece; readonly offset: number }[] = [];
      const inherited: Piece[] = [];
      for (const whole of pieces) {
        const block = Math.floor(whole.offset / map.blockSize);
        const place = places.get(block) ?? { kind: 'lost', problem: 'its block was not found' };
        for (const { piece, place: part } of split(whole, place, whole.offset - block * map.blockSize)) {
          if (part.kind === 'stored') own.push({ piece, offset: part.offset });
          else if (part.kind === 'parent') inherited.push(piece);
          else if (part.kind === 'lost') problems.set(piece.result, part.problem);
        }
      }

      const buffers = ranges.map(
        ({ offset, length }, index) =>
          new Uint8Array(problems.has(index) ? 0 : Math.max(0, Math.min(length, size - offset))),
      );
      const [stored, theirs] = yield* together([
        file.read(own.map(({ piece, offset }) => ({ offset, length: piece.length }))),
        parent === undefined
          ? nothing()
          : parent.read(inherited.map(({ offset, length }) => ({ offset, length }))),
      ]);
      for (const [index, { piece }] of own.entries()) put(buffers, problems, piece, stored?.[index]);
      for (const [index, piece] of inherited.entries()) {
        if (parent === undefined)
          problems.set(piece.result, 'it is in the parent disk, which is not available');
        else put(buffers, problems, piece, theirs?.[index], true);
      }
      return buffers.map((bytes, index): ReadResult => {
        const problem = problems.get(index);
        return problem === undefined ? { ok: true, bytes } : { ok: false, problem };
      });
    },
  };
}

// biome-ignore lint/correctness/useYield: a walker that has nothing to read
function* nothing(): Walker<readonly ReadResult[]> {
  return [];
}

function cut({ offset, length }: Range, result: number, size: number, blockSize: number): Piece[] {
  const pieces: Piece[] = [];
  const end = Math.min(offset + length, size);
  for (let at = offset; at < end; ) {
    const next = Math.min(end, (Math.floor(at / blockSize) + 1) * blockSize);
    pieces.push({ result, at: at - offset, offset: at, length: next - at });
    at = next;
  }
  return pieces;
}

/** A piece that begins `within` its block, as parts that lie in one place each. */
function split(piece: Piece, place: Place, within: number): { piece: Piece; place: Place }[] {
  if (place.kind === 'stored') return [{ piece, place: { kind: 'stored', offset: place.offset + within } }];
  if (place.kind !== 'mixed') return [{ piece, place }];
  const { sectorSize } = place.sectors;
  const parts: { piece: Piece; place: Place }[] = [];
  const end = within + piece.length;
  for (let from = within; from < end; ) {
    const here = place.sectors.has(Math.floor(from / sectorSize));
    let to = from;
    do to = (Math.floor(to / sectorSize) + 1) * sectorSize;
    while (to < end && place.sectors.has(to / sectorSize) === here);
    to = Math.min(to, end);
    const skipped = from - within;
    parts.push({
      piece: { ...piece, at: piece.at + skipped, offset: piece.offset + skipped, length: to - from },
      place: here ? { kind: 'stored', offset: place.offset + from } : { kind: 'parent' },
    });
    from = to;
  }
  return parts;
}

function put(
  buffers: readonly Uint8Array[],
  problems: Map<number, string>,
  piece: Piece,
  read: ReadResult = NO_ANSWER,
  mayEnd = false,
): void {
  if (!read.ok) {
    problems.set(piece.result, read.problem);
    return;
  }
  // A parent may be smaller than its child; a file that ends inside a block was cut off.
  if (read.bytes.length < piece.length && !mayEnd) {
    problems.set(piece.result, 'the image ends inside a block: it is truncated');
  }
  // The buffer of a range that has a problem already may be empty, and is not shown.
  if (!problems.has(piece.result)) {
    buffers[piece.result]?.set(read.bytes.subarray(0, piece.length), piece.at);
  }
}

/** A table in the file that is read page by page, as it is needed, and kept. */
export class PagedTable {
  readonly #file: Medium;
  readonly #offset: number;
  readonly #length: number;
  /** Those read first are forgotten first. */
  readonly #pages = new Map<number, Uint8Array>();

  /** `offset` and `length` in bytes; a table may not reach beyond its file, whatever it says. */
  constructor(file: Medium, offset: number, length: number) {
    this.#file = file;
    this.#offset = offset;
    this.#length = Math.max(0, Math.min(length, file.size - offset));
  }

  /** Makes these entries known until the next call (byte offsets within the table), missing pages in one batch. Returns a problem for what could not be read. */
  *need(offsets: readonly number[]): Walker<string | undefined> {
    const wanted = new Set(offsets.map((offset) => Math.floor(offset / PAGE)));
    const missing = [...wanted].filter((page) => !this.#pages.has(page) && page * PAGE < this.#length);
    for (const page of this.#pages.keys()) {
      if (this.#pages.size + missing.length <= MOST_TABLE_PAGES) break;
      if (!wanted.has(page)) this.#pages.delete(page);
    }
    const results = yield* this.#file.read(
      missing.map((page) => ({
        offset: this.#offset + page * PAGE,
        length: Math.min(PAGE, this.#length - page * PAGE),
      })),
    );
    let problem: string | undefined;
    missing.forEach((page, index) => {
      const result = results[index] ?? NO_ANSWER;
      if (result.ok) this.#pages.set(page, result.bytes);
      else problem = result.problem;
    });
    return problem;
  }

  /** `size` bytes of a known entry that does not cross a page; `undefined` where they are not there. */
  entry(offset: number, size: number): DataView | undefined {
    const page = this.#pages.get(Math.floor(offset / PAGE));
    const at = offset % PAGE;
    return page === undefined || at + size > page.length
      ? undefined
      : new DataView(page.buffer, page.byteOffset + at, size);
  }
}

/** A power of two, so that no entry crosses a page; one page of a VHD's table stands for 8 GiB. */
const PAGE = 16_384;

/** 4 MiB of a table stand for 2 TiB of a disk with blocks of 2 MiB; a chain of disks has one for each. */
const MOST_TABLE_PAGES = 256;

/** Bitmaps are 512 bytes to 64 KiB, for blocks of 2 to 256 MiB: enough for 16 GiB of a disk. A chain has one store for each. */
const MOST_BITMAP_BYTES = 4 * 1024 * 1024;

/** The sector bitmaps of a differencing disk's blocks; the ones read first are forgotten first. */
export class BitmapStore {
  readonly #file: Medium;
  readonly #bitmaps = new Map<number, Uint8Array>();
  #kept = 0;

  constructor(file: Medium) {
    this.#file = file;
  }

  /** The bitmap of each block (by its number), as far as it can be read, missing ones in one batch. */
  *need(
    wanted: readonly { readonly block: number; readonly offset: number; readonly length: number }[],
  ): Walker<ReadonlyMap<number, Uint8Array>> {
    const found = new Map<number, Uint8Array>();
    const missing = wanted.filter(({ block, offset, length }) => {
      const known = this.#bitmaps.get(block);
      if (known !== undefined) found.set(block, known);
      return known === undefined && offset + length <= this.#file.size;
    });
    const results = yield* this.#file.read(missing.map(({ offset, length }) => ({ offset, length })));
    for (const [index, { block, length }] of missing.entries()) {
      const result = results[index];
      if (result?.ok !== true || result.bytes.length < length) continue;
      found.set(block, result.bytes);
      this.#bitmaps.set(block, result.bytes);
      this.#kept += length;
    }
    for (const [block, bitmap] of this.#bitmaps) {
      if (this.#kept <= MOST_BITMAP_BYTES) break;
      this.#bitmaps.delete(block);
      this.#kept -= bitmap.length;
    }
    return found;
  }
}

/** Reads a structure of a known size; `undefined` where not all of it is there, whatever offset the medium states. */
export function* readWhole(medium: Medium, offset: number, length: number): Walker<Uint8Array | undefined> {
  if (!(offset + length <= medium.size)) return undefined;
  const result = yield* readAt(medium, offset, length);
  return result.ok && result.bytes.length === length ? result.bytes : undefined;
}

/** An offset out of a record as a place in this file: one that lies past its end is its end, where nothing is read. */
export function placeIn(file: Medium, offset: bigint): number {
  return offset > BigInt(file.size) ? file.size : Number(offset);
}
