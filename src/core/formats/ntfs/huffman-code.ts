import type { BitReader } from './bit-reader.ts';

/** The longest code word of XPRESS Huffman has 15 bits, of LZX 16. */
const LENGTH_MAX = 16;
/** Words up to this long are found by one look into a table, longer ones length by length. */
const TABLE_BITS = 9;
/** A table entry: the symbol above, the length of its word below. */
const ENTRY_LENGTH_BITS = 5;

/**
 * A canonical Huffman code, given by the length of every symbol's word: shorter words first, words
 * of one length in the order of their symbols.
 */
export class HuffmanCode {
  readonly #table = new Uint16Array(1 << TABLE_BITS);
  /** Symbols in the order of their words. */
  readonly #symbols: Uint16Array;
  /** By length: the first word, how many there are, and where their symbols begin. */
  readonly #first = new Uint32Array(LENGTH_MAX + 1);
  readonly #counts = new Uint16Array(LENGTH_MAX + 1);
  readonly #starts = new Uint16Array(LENGTH_MAX + 1);

  /**
   * @param lengths one a symbol, 0 for a symbol that does not occur; a code may be empty or incomplete
   * @param bits whose `fail` says that words overlap
   */
  constructor(lengths: Uint8Array, bits: BitReader) {
    for (const length of lengths) if (length > 0) this.#counts[length] = (this.#counts[length] ?? 0) + 1;
    let word = 0;
    let start = 0;
    for (let length = 1; length <= LENGTH_MAX; length += 1) {
      const count = this.#counts[length] ?? 0;
      word <<= 1;
      this.#first[length] = word;
      this.#starts[length] = start;
      word += count;
      start += count;
      if (!(word <= 1 << length)) bits.fail('a Huffman code with more words than there is room for');
    }
    this.#symbols = new Uint16Array(start);
    const next = this.#starts.slice();
    for (const [symbol, length] of lengths.entries()) {
      if (length === 0) continue;
      const place = next[length] ?? 0;
      next[length] = place + 1;
      this.#symbols[place] = symbol;
      if (length > TABLE_BITS) continue;
      const shift = TABLE_BITS - length;
      const from = ((this.#first[length] ?? 0) + place - (this.#starts[length] ?? 0)) << shift;
      this.#table.fill((symbol << ENTRY_LENGTH_BITS) | length, from, from + (1 << shift));
    }
  }

  /** Reads one symbol. */
  read(bits: BitReader): number {
    const ahead = bits.peek16();
    const entry = this.#table[ahead >>> (LENGTH_MAX - TABLE_BITS)] ?? 0;
    if (entry !== 0) {
      bits.drop(entry & ((1 << ENTRY_LENGTH_BITS) - 1));
      return entry >>> ENTRY_LENGTH_BITS;
    }
    for (let length = TABLE_BITS + 1; length <= LENGTH_MAX; length += 1) {
      const place = (ahead >>> (LENGTH_MAX - length)) - (this.#first[length] ?? 0);
      if (place >= 0 && place < (this.#counts[length] ?? 0)) {
        bits.drop(length);
        return this.#symbols[(this.#starts[length] ?? 0) + place] ?? 0;
      }
    }
    return bits.fail('these bits are not a word of the Huffman code');
  }
}
