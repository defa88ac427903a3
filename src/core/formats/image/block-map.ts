import { type Medium, type Range, type ReadResult, readAt, type Walker } from '../walker.ts';

/** Where a piece of a virtual disk lies. */
export type Place =
  /** In the file, at this offset. */
  | { readonly kind: 'stored'; readonly offset: number }
  | { readonly kind: 'zero' }
  /** Not in this file: the parent has it. */
  | { readonly kind: 'parent' }
  | { readonly kind: 'lost'; readonly problem: string };

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
  /** Where these blocks lie, read as one batch as far as they are not known yet. */
  locate(blocks: readonly number[]): Walker<ReadonlyMap<number, Place>>;
  /** The part of a partly stored block that this range is in; only asked where `locate` said `parent` or `stored` and `mixed` is true. */
  readonly split:
    | ((
        block: number,
        from: number,
        length: number,
      ) => Walker<readonly (Place & { readonly length: number })[]>)
    | undefined;
}

/** No range that is asked for is longer than this in practice; what is longer is refused, so that memory stays bounded. */
const LONGEST_READ = 256 * 1024 * 1024;

/**
 * A virtual disk out of blocks that lie anywhere in its file, nowhere (zeros), or in a parent.
 * Costs one dependent round for the block table, as far as it is not known yet, and one for the data.
 */
export function mappedMedium(file: Medium, size: number, map: BlockMap, parent: Medium | undefined): Medium {
  return {
    size,
    *read(ranges) {
      const pieces = ranges.flatMap((range, result) => cut(range, result, size, map.blockSize));
      const blocks = [...new Set(pieces.map((piece) => Math.floor(piece.offset / map.blockSize)))];
      const places = yield* map.locate(blocks);
      const stored: { readonly piece: Piece; readonly offset: number; readonly length: number }[] = [];
      const inherited: Piece[] = [];
      const problems = new Map<number, string>();
      for (const piece of pieces) {
        const block = Math.floor(piece.offset / map.blockSize);
        const within = piece.offset - block * map.blockSize;
        const whole = places.get(block) ?? { kind: 'lost', problem: 'its block was not found' };
        const parts =
          map.split === undefined || whole.kind === 'zero' || whole.kind === 'lost'
            ? [{ ...shift(whole, within), length: piece.length }]
            : yield* map.split(block, within, piece.length);
        let done = 0;
        for (const part of parts) {
          const cutOut = { ...piece, at: piece.at + done, offset: piece.offset + done, length: part.length };
          done += part.length;
          if (part.kind === 'stored')
            stored.push({ piece: cutOut, offset: part.offset, length: part.length });
          else if (part.kind === 'parent') inherited.push(cutOut);
          else if (part.kind === 'lost') problems.set(piece.result, part.problem);
        }
      }

      const buffers = ranges.map(
        ({ offset, length }) => new Uint8Array(Math.max(0, Math.min(length, size - offset, LONGEST_READ))),
      );
      const own = yield* file.read(stored.map(({ offset, length }) => ({ offset, length })));
      for (const [index, { piece }] of stored.entries()) put(buffers, problems, piece, own[index]);
      if (inherited.length > 0) {
        if (parent === undefined) {
          for (const piece of inherited)
            problems.set(piece.result, 'it stands in the parent disk, which is not at hand');
        } else {
          const theirs = yield* parent.read(inherited.map(({ offset, length }) => ({ offset, length })));
          for (const [index, piece] of inherited.entries())
            put(buffers, problems, piece, theirs[index], true);
        }
      }
      return buffers.map((bytes, index): ReadResult => {
        const problem = problems.get(index);
        return problem === undefined ? { ok: true, bytes } : { ok: false, problem };
      });
    },
  };
}

function shift(place: Place, by: number): Place {
  return place.kind === 'stored' ? { kind: 'stored', offset: place.offset + by } : place;
}

function cut({ offset, length }: Range, result: number, size: number, blockSize: number): Piece[] {
  const pieces: Piece[] = [];
  const end = Math.min(offset + Math.min(length, LONGEST_READ), size);
  for (let at = offset; at < end; ) {
    const next = Math.min(end, (Math.floor(at / blockSize) + 1) * blockSize);
    pieces.push({ result, at: at - offset, offset: at, length: next - at });
    at = next;
  }
  return pieces;
}

function put(
  buffers: readonly Uint8Array[],
  problems: Map<number, string>,
  piece: Piece,
  read: ReadResult | undefined,
  mayEnd = false,
): void {
  if (read === undefined || !read.ok) {
    problems.set(piece.result, read?.problem ?? 'no answer');
    return;
  }
  // A parent may be smaller than its child; a file that ends inside a block was cut off.
  if (read.bytes.length < piece.length && !mayEnd) {
    problems.set(piece.result, 'the image ends inside a block: it is truncated');
  }
  buffers[piece.result]?.set(read.bytes.subarray(0, piece.length), piece.at);
}

/** A table in the file that is read page by page, as it is needed, and kept. */
export class PagedTable {
  readonly #file: Medium;
  readonly #offset: number;
  readonly #length: number;
  readonly #pages = new Map<number, Uint8Array>();

  /** `offset` and `length` in bytes. */
  constructor(file: Medium, offset: number, length: number) {
    this.#file = file;
    this.#offset = offset;
    this.#length = length;
  }

  /** Makes these entries known (byte offsets within the table), missing pages in one batch. Returns a problem for what could not be read. */
  *need(offsets: readonly number[]): Walker<string | undefined> {
    const missing = [...new Set(offsets.map((offset) => Math.floor(offset / PAGE)))].filter(
      (page) => !this.#pages.has(page) && page * PAGE < this.#length,
    );
    const results = yield* this.#file.read(
      missing.map((page) => ({
        offset: this.#offset + page * PAGE,
        length: Math.min(PAGE, this.#length - page * PAGE),
      })),
    );
    let problem: string | undefined;
    missing.forEach((page, index) => {
      const result = results[index];
      if (result?.ok === true) this.#pages.set(page, result.bytes);
      else problem = result?.problem ?? 'no answer';
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

/** Reads a structure of a known size; a shorter answer is `undefined`. */
export function* readWhole(medium: Medium, offset: number, length: number): Walker<Uint8Array | undefined> {
  const result = yield* readAt(medium, offset, length);
  return result.ok && result.bytes.length === length ? result.bytes : undefined;
}
