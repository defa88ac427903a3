import { tryDecode } from '../../bytes/decode-error.ts';
import { BASE_BLOCK_SIZE } from './base-block.ts';
import { type Attempt, cellName, problemOf, type Reading } from './hive.ts';
import { HIVE_BIN_HEADER_SIZE } from './hive-bin.ts';
import { PAGE_SIZE, type Page, type Pages, type Task } from './pages.ts';

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
  const { pages, hiveBinsSize } = reading.hive;
  const where = cellName(what, cell);
  if (
    !(cell % CELL_ALIGNMENT === 0 && cell >= HIVE_BIN_HEADER_SIZE && cell + CELL_ALIGNMENT <= hiveBinsSize)
  ) {
    return reading.fail(where, 'no cell can be there');
  }
  const offset = BASE_BLOCK_SIZE + cell;
  const room = hiveBinsSize - cell;
  yield* bringIn(pages, offset, Math.min(CELL_HEADER_SIZE + extent.likely, room));
  const header = gather(pages, offset, CELL_HEADER_SIZE);
  if (!header.ok) return reading.fail(where, header.problem);
  const signed = new DataView(header.bytes.buffer, header.bytes.byteOffset, 4).getInt32(0, true);
  let size = Math.abs(signed);
  if (size < CELL_ALIGNMENT) return reading.fail(where, `a cell of ${size} bytes cannot be`);
  if (signed > 0) reading.note({ where, problem: 'it is referred to, and marked as unallocated' });
  if (size > room) {
    reading.note({ where, problem: `its ${size} bytes run past the end of the hive bins` });
    size = room;
  }

  const length = Math.min(size - CELL_HEADER_SIZE, extent.most);
  yield* bringIn(pages, offset + CELL_HEADER_SIZE, length);
  const data = gather(pages, offset + CELL_HEADER_SIZE, length);
  return data.ok ? { ok: true, value: data.bytes } : reading.fail(where, data.problem);
}

/** Reads a cell and decodes it; what the decoder refuses is noted. Rounds as readCell. */
export function* readRecord<T>(
  reading: Reading,
  cell: number,
  what: string,
  extent: CellExtent,
  decode: (bytes: Uint8Array) => T,
): Task<Attempt<T>> {
  const bytes = yield* readCell(reading, cell, what, extent);
  if (!bytes.ok) return bytes;
  const decoded = tryDecode(() => decode(bytes.value));
  return decoded.ok ? decoded : reading.fail(cellName(what, cell), problemOf(decoded.error));
}

/** Waits until all pages of a stretch are here. */
function* bringIn(pages: Pages, offset: number, length: number): Task<void> {
  const first = Math.floor(offset / PAGE_SIZE);
  const last = Math.floor((offset + length - 1) / PAGE_SIZE);
  let here = true;
  for (let number = first; number <= last && here; number += 1) here = pages.get(number) !== undefined;
  if (!here) yield Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** The bytes of a stretch whose pages are here: a view where it lies in one page. */
function gather(pages: Pages, offset: number, length: number): Page {
  const bytes = length <= PAGE_SIZE - (offset % PAGE_SIZE) ? undefined : new Uint8Array(length);
  for (let done = 0; ; ) {
    const at = offset + done;
    const page = pages.get(Math.floor(at / PAGE_SIZE)) ?? NOT_HERE;
    if (!page.ok) return page;
    const part = page.bytes.subarray(at % PAGE_SIZE, (at % PAGE_SIZE) + length - done);
    if (bytes === undefined) return part.length === length ? { ok: true, bytes: part } : ENDS_INSIDE;
    bytes.set(part, done);
    done += part.length;
    if (done === length) return { ok: true, bytes };
    if ((offset + done) % PAGE_SIZE !== 0) return ENDS_INSIDE;
    if (part.length === 0) return ENDS_INSIDE;
  }
}

/** INVARIANT of Pages: what a task waited for is here, so this is never seen. */
const NOT_HERE: Page = { ok: false, problem: 'its page was not read' };
const ENDS_INSIDE: Page = { ok: false, problem: 'the file ends inside it' };
