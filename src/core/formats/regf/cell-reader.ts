import { tryDecode } from '../../bytes/decode-error.ts';
import { BASE_BLOCK_SIZE } from './base-block.ts';
import { NO_CELL } from './cells.ts';
import { type Attempt, cellName, problemOf, type Reading } from './hive.ts';
import { HIVE_BIN_HEADER_SIZE } from './hive-bin.ts';
import { PAGE_SIZE, PAGES_A_ROUND, type Page, type Pages, type Task } from './pages.ts';

/** How much of a cell to read. */
export interface CellExtent {
  /** Bytes of data it is likely to have: read at once, so that a cell over a page's edge costs no second round. */
  readonly likely: number;
  /** Bytes of data that are of use; a cell that claims more is read this far. */
  readonly most: number;
}

/** Of a cell's size field, which its data follows. */
const CELL_HEADER_SIZE = 4;

/** [msuhanov/regf] Cell: cells are multiples of this and begin at multiples of it. */
const CELL_ALIGNMENT = 8;

/** Pages that must be here before a cell can be read. */
interface Missing {
  readonly pages: readonly number[];
}

/**
 * [msuhanov/regf] Cell: the data of the cell at this offset. One round, or two where it is longer than likely.
 * A cell that is marked unallocated, or longer than the hive, is noted and read all the same.
 * @param what the record by its specification name, for anomalies
 */
export function* readCell(
  reading: Reading,
  cell: number,
  what: string,
  extent: CellExtent,
): Task<Attempt<Uint8Array>> {
  for (;;) {
    const step = cellFromPages(reading, cell, what, extent);
    if (!('pages' in step)) return step;
    yield step.pages;
  }
}

/**
 * Reads many cells side by side, as `all` would, without a task for each.
 * Rounds as readCell, and one for each PAGES_A_ROUND pages. Results are in the order of the cells.
 * @param then what becomes of a cell's data, which is a view of it and not to be kept
 */
export function* readCells<T>(
  reading: Reading,
  cells: readonly { readonly cell: number; readonly extent: CellExtent }[],
  what: string,
  then: (data: Attempt<Uint8Array>, index: number) => T,
): Task<readonly T[]> {
  const results: T[] = new Array(cells.length);
  let pending = [...cells.entries()];
  for (;;) {
    const wanted = new Set<number>();
    const waiting = pending.filter(([index, { cell, extent }]) => {
      if (wanted.size >= PAGES_A_ROUND) return true;
      const step = cellFromPages(reading, cell, what, extent);
      if ('pages' in step) {
        for (const page of step.pages) wanted.add(page);
        return true;
      }
      results[index] = then(step, index);
      return false;
    });
    if (waiting.length === 0) return results;
    yield [...wanted];
    pending = waiting;
  }
}

/** Reads a cell and decodes it; what the decoder refuses is noted. Rounds as readCell. */
export function* readRecord<T>(
  reading: Reading,
  cell: number,
  what: string,
  extent: CellExtent,
  decode: (bytes: Uint8Array, cell: number) => T,
): Task<Attempt<T>> {
  return decodeRecord(reading, cell, what, yield* readCell(reading, cell, what, extent), decode);
}

/** Reads and decodes many cells with records of one kind. Rounds as readCell. */
export function* readRecords<T>(
  reading: Reading,
  cells: readonly number[],
  what: string,
  extent: CellExtent,
  decode: (bytes: Uint8Array, cell: number) => T,
): Task<readonly Attempt<T>[]> {
  return yield* readCells(
    reading,
    cells.map((cell) => ({ cell, extent })),
    what,
    // Decoded at once: cells may lie over each other, and all their bytes together be far more than the hive has.
    (bytes, index) => decodeRecord(reading, cells[index] ?? NO_CELL, what, bytes, decode),
  );
}

function decodeRecord<T>(
  reading: Reading,
  cell: number,
  what: string,
  bytes: Attempt<Uint8Array>,
  decode: (bytes: Uint8Array, cell: number) => T,
): Attempt<T> {
  if (!bytes.ok) return bytes;
  const decoded = tryDecode(() => decode(bytes.value, cell));
  return decoded.ok ? decoded : reading.fail(cellName(what, cell), problemOf(decoded.error));
}

function cellFromPages(
  reading: Reading,
  cell: number,
  what: string,
  extent: CellExtent,
): Attempt<Uint8Array> | Missing {
  const { pages, hiveBinsSize } = reading.hive;
  if (
    !(cell % CELL_ALIGNMENT === 0 && cell >= HIVE_BIN_HEADER_SIZE && cell + CELL_ALIGNMENT <= hiveBinsSize)
  ) {
    return reading.fail(cellName(what, cell), 'no cell can be there');
  }
  const offset = BASE_BLOCK_SIZE + cell;
  const room = hiveBinsSize - cell;
  const likely = Math.min(CELL_HEADER_SIZE + extent.likely, room);
  const header = gather(pages, offset, CELL_HEADER_SIZE);
  if (header === undefined) return { pages: pagesOf(offset, likely) };
  if (!header.ok) return reading.fail(cellName(what, cell), header.problem);
  const signed = new DataView(header.bytes.buffer, header.bytes.byteOffset, 4).getInt32(0, true);
  let size = Math.abs(signed);
  if (size < CELL_ALIGNMENT)
    return reading.fail(cellName(what, cell), `a cell of ${size} bytes is impossible`);
  if (signed > 0) reading.fail(cellName(what, cell), 'it is in use, but marked as unallocated');
  if (size > room) {
    reading.fail(cellName(what, cell), `its ${size} bytes run past the end of the hive bins`);
    size = room;
  }

  const length = Math.min(size - CELL_HEADER_SIZE, extent.most);
  const data = gather(pages, offset + CELL_HEADER_SIZE, length);
  if (data === undefined) return { pages: pagesOf(offset, CELL_HEADER_SIZE + length) };
  return data.ok ? { ok: true, value: data.bytes } : reading.fail(cellName(what, cell), data.problem);
}

/** The numbers of the pages of a stretch. */
function pagesOf(offset: number, length: number): number[] {
  const first = Math.floor(offset / PAGE_SIZE);
  const last = Math.floor((offset + length - 1) / PAGE_SIZE);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** The bytes of a stretch: a view where it lies in one page, `undefined` while pages of it are not here. */
function gather(pages: Pages, offset: number, length: number): Page | undefined {
  const bytes = length <= PAGE_SIZE - (offset % PAGE_SIZE) ? undefined : new Uint8Array(length);
  let done = 0;
  for (;;) {
    const at = offset + done;
    const page = pages.get(Math.floor(at / PAGE_SIZE));
    if (page === undefined || !page.ok) return page;
    const from = at % PAGE_SIZE;
    const part = page.bytes.subarray(from, Math.min(PAGE_SIZE, from + length - done));
    if (bytes === undefined) return part.length === length ? { ok: true, bytes: part } : ENDS_INSIDE;
    bytes.set(part, done);
    done += part.length;
    if (done === length) return { ok: true, bytes };
    if (from + part.length < PAGE_SIZE) return ENDS_INSIDE;
  }
}

const ENDS_INSIDE: Page = { ok: false, problem: 'the file ends inside it' };
