import { tryDecode } from '../../bytes/decode-error.ts';
import type { Reading } from './hive.ts';
import { decodeHiveBin, HIVE_BIN_HEADER_SIZE } from './hive-bin.ts';
import { PAGE_SIZE } from './pages.ts';

/** A place that looks like a cell with a key node or a key value in it. */
export interface Candidate {
  readonly cell: number;
  readonly kind: 'key' | 'value';
  readonly allocated: boolean;
}

/** Of each hive; a SOFTWARE hive has about this many records. */
const MAX_CANDIDATES = 1 << 20;

/** A record's cell is rounded up to 8 bytes, and may be a little longer when it was used before. */
const ROOM_TO_SPARE = 64;

/** Bytes before the name of a key node and of a key value, with the cell's size. */
const KEY_NODE_CELL = 4 + 76;
const KEY_VALUE_CELL = 4 + 20;

/**
 * Finds keys and values without the tree, in pages that are fed to it in their order.
 * INVARIANT: `#next` is where the next cell begins by the sizes of those before it. Up to there
 * nothing is looked at; inside free cells, and where sizes lead nowhere, every place is.
 */
export class Scan {
  readonly candidates: Candidate[] = [];
  readonly #reading: Reading;
  #next = 0;
  #binEnd = 0;
  /** Up to here every place is looked at, since the cell is free or sizes lead nowhere. */
  #everyPlaceUntil = 0;
  /** Whether that is because a cell is free. */
  #free = false;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** @param start of the page, from the start of the hive bins */
  page(start: number, bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (start >= this.#binEnd) this.#beginBin(start, bytes);
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      const cell = start + at;
      if (cell < this.#next) continue;
      const size = view.getInt32(at, true);
      const room = this.#binEnd - cell;
      const fits = size !== 0 && size % 8 === 0 && Math.abs(size) <= room;
      const kind = fits ? kindOf(view.getUint16(at + 4, true)) : undefined;
      if (cell < this.#everyPlaceUntil) {
        if (kind !== undefined) this.#add({ cell, kind, allocated: size < 0 && !this.#free });
        continue;
      }
      if (!fits) {
        this.#reading.fail(`hive bin at 0x${cell.toString(16)}`, `a cell of ${size} bytes cannot be there`);
        this.#lookEverywhere(this.#binEnd, false);
      } else if (size > 0) {
        if (kind !== undefined) this.#add({ cell, kind, allocated: false });
        this.#lookEverywhere(cell + size, true);
      } else {
        if (kind !== undefined) this.#add({ cell, kind, allocated: true });
        this.#next = cell - size;
        const needed = neededSize(kind, view, at);
        if (needed !== undefined && -size > needed + ROOM_TO_SPARE) {
          // Its size lies, and would hide the cells behind it.
          this.#next = cell + needed;
          this.#lookEverywhere(this.#binEnd, false);
        }
      }
    }
  }

  #beginBin(start: number, bytes: Uint8Array): void {
    const bin = tryDecode(() => decodeHiveBin(bytes));
    this.#free = false;
    if (bin.ok && bin.value.offset === start) {
      this.#next = start + HIVE_BIN_HEADER_SIZE;
      this.#binEnd = start + bin.value.size;
      this.#everyPlaceUntil = start;
      return;
    }
    this.#reading.fail(`hive bin at 0x${start.toString(16)}`, 'its header is damaged');
    // It may be the inside of a larger bin: nothing is known of where cells begin.
    this.#next = start;
    this.#binEnd = start + PAGE_SIZE;
    this.#everyPlaceUntil = this.#binEnd;
  }

  #lookEverywhere(until: number, free: boolean): void {
    this.#everyPlaceUntil = until;
    this.#free = free;
  }

  #add(candidate: Candidate): void {
    if (this.candidates.length < MAX_CANDIDATES) this.candidates.push(candidate);
    else this.#reading.fail('hive', `records beyond the first ${MAX_CANDIDATES} are left out`);
  }
}

function kindOf(signature: number): Candidate['kind'] | undefined {
  if (signature === 0x6b6e) return 'key'; // 'nk'
  return signature === 0x6b76 ? 'value' : undefined; // 'vk'
}

/** Bytes that a record's cell needs, where the page has enough of it to tell. */
function neededSize(kind: Candidate['kind'] | undefined, view: DataView, at: number): number | undefined {
  const lengthAt = kind === 'key' ? at + 4 + 72 : at + 4 + 2;
  if (kind === undefined || lengthAt + 2 > view.byteLength) return undefined;
  const fixed = kind === 'key' ? KEY_NODE_CELL : KEY_VALUE_CELL;
  return Math.ceil((fixed + view.getUint16(lengthAt, true)) / 8) * 8;
}
