import type { ChunkBytes } from './chunk-bytes.ts';
import { isSame, sampleOf } from './same-bytes.ts';
import { valueText } from './value-text.ts';

/** Bytes of the longest value whose text is kept: longer ones are hardly the same twice. */
const LONGEST = 128;
/** A power of two. The values of a chunk that come again and again are a few dozen. */
const SLOTS = 512;

interface Kept {
  readonly type: number;
  readonly at: number;
  readonly size: number;
  readonly text: string;
}

/**
 * Texts of the values of one chunk. Most of a log says the same again and again: comparing a value's
 * bytes with those of the last one that looked like it is quicker than making its text anew, and of equal
 * texts one is kept.
 */
export class TextCache {
  readonly #kept: (Kept | undefined)[] = new Array<Kept | undefined>(SLOTS).fill(undefined);

  /** As `valueText`. */
  textOf(source: ChunkBytes, type: number, at: number, size: number): string {
    if (!(size > 0 && size <= LONGEST)) return valueText(source, type, at, size);
    const { bytes } = source;
    const slot = (sampleOf(bytes, at, size) + type * 61) & (SLOTS - 1);
    const kept = this.#kept[slot];
    if (kept !== undefined && kept.type === type && kept.size === size && isSame(bytes, kept.at, at, size)) {
      return kept.text;
    }
    const text = valueText(source, type, at, size);
    this.#kept[slot] = { type, at, size, text };
    return text;
  }
}
