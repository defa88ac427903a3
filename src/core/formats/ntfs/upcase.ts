/**
 * $UpCase: 65,536 UTF-16 code units, each mapped to its upper case, by which directories are sorted.
 * A volume carries its own table, and versions of Windows differ in it. It is read in pages, since
 * nearly all names need only the first.
 */

/** Bytes of a page. */
export const UPCASE_PAGE_SIZE = 4096;
const UNITS_PER_PAGE = UPCASE_PAGE_SIZE / 2;

/** INVARIANT: a page, once set, never changes. */
export class UpcaseTable {
  readonly #pages: (Uint16Array | undefined)[] = [];

  /** The pages that these code units need and that are not there yet. */
  missing(texts: readonly Uint16Array[]): ReadonlySet<number> {
    const pages = new Set<number>();
    for (const text of texts) {
      for (const unit of text) {
        const page = Math.floor(unit / UNITS_PER_PAGE);
        if (this.#pages[page] === undefined) pages.add(page);
      }
    }
    return pages;
  }

  /** Sets a page from its bytes in the $UpCase stream. Without them Unicode's own upper case serves. */
  set(page: number, bytes?: Uint8Array): void {
    const first = page * UNITS_PER_PAGE;
    const view = bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#pages[page] ??= Uint16Array.from({ length: UNITS_PER_PAGE }, (_, index) =>
      view !== undefined && index * 2 + 1 < view.byteLength
        ? view.getUint16(index * 2, true)
        : simpleUpperCase(first + index),
    );
  }

  /** Upper case of every code unit; those of a page that is not set stay as they are. */
  upcase(text: Uint16Array): Uint16Array {
    return text.map(
      (unit) => this.#pages[Math.floor(unit / UNITS_PER_PAGE)]?.[unit % UNITS_PER_PAGE] ?? unit,
    );
  }

  /** COLLATION_FILE_NAME without its second pass: negative, 0 or positive. Both are upper case already. */
  static compare(one: Uint16Array, two: Uint16Array): number {
    const shared = Math.min(one.length, two.length);
    for (let at = 0; at < shared; at += 1) {
      const difference = (one[at] ?? 0) - (two[at] ?? 0);
      if (difference !== 0) return difference;
    }
    return one.length - two.length;
  }
}

/** UTF-16 code units of a text. */
export function codeUnits(text: string): Uint16Array {
  return Uint16Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}

/** UTF-16 code units of little-endian bytes. */
export function codeUnitsOf(bytes: Uint8Array): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, index) => view.getUint16(index * 2, true));
}

function simpleUpperCase(unit: number): number {
  const upper = String.fromCharCode(unit).toUpperCase();
  return upper.length === 1 ? upper.charCodeAt(0) : unit;
}
