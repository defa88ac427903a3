import { DecodeError } from '../../bytes/decode-error.ts';

const WORD_BITS = 16;

/**
 * Bits of 16-bit little-endian words, the most significant first, as XPRESS Huffman and LZX pack
 * them, with whole bytes between them.
 * Words are fetched as late as a field of up to 16 bits allows: where bytes stand between bits, both
 * formats count from the word that comes next. Past the end there are zeros to look at, and none to
 * take: that throws DecodeError with `truncated`.
 */
export class BitReader {
  readonly context: string;
  readonly #bytes: Uint8Array;
  #at = 0;
  /** The next bits, from the top of 32. */
  #buffer = 0;
  #count = 0;
  /** How many of the bits are zeros that the input does not have. */
  #padding = 0;

  constructor(bytes: Uint8Array, context: string) {
    this.#bytes = bytes;
    this.context = context;
  }

  /** The next 16 bits, left unread. */
  peek16(): number {
    if (this.#count < WORD_BITS) this.#fetch();
    return this.#buffer >>> WORD_BITS;
  }

  /** Takes up to 16 bits that were looked at. */
  drop(count: number): void {
    this.#buffer <<= count;
    this.#count -= count;
    if (!(this.#count >= this.#padding)) this.#truncated(1);
  }

  /** Takes up to 16 bits. */
  bits(count: number): number {
    const value = this.peek16() >>> (WORD_BITS - count);
    this.drop(count);
    return value;
  }

  /** The byte behind the last word that was fetched. */
  byte(): number {
    const value = this.#bytes[this.#at];
    // Behind zeros that the input does not have there is no byte either.
    if (value === undefined || this.#padding > 0) return this.#truncated(1);
    this.#at += 1;
    return value;
  }

  u16le(): number {
    const low = this.byte();
    return low | (this.byte() << 8);
  }

  u32le(): number {
    const low = this.u16le();
    return (low | (this.u16le() << 16)) >>> 0;
  }

  /** The next `count` bytes, as a view. */
  take(count: number): Uint8Array {
    const left = this.#bytes.length - this.#at;
    if (!(count <= left)) this.#truncated(count);
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** Goes to the next word. Where it stands at one already, that word is left out: LZX pads by 1 to 16 bits. */
  alignByWord(): void {
    if (this.#padding > 0) this.#truncated(2);
    this.#at -= Math.floor(this.#count / WORD_BITS) * 2;
    if (this.#count % WORD_BITS === 0) this.take(2);
    this.#buffer = 0;
    this.#count = 0;
  }

  fail(message: string): never {
    throw new DecodeError(this.context, this.#at, { kind: 'invalid', message });
  }

  #fetch(): void {
    let word = 0;
    if (this.#at + 2 <= this.#bytes.length) {
      word = (this.#bytes[this.#at] ?? 0) | ((this.#bytes[this.#at + 1] ?? 0) << 8);
      this.#at += 2;
    } else this.#padding += WORD_BITS;
    this.#buffer |= word << (WORD_BITS - this.#count);
    this.#count += WORD_BITS;
  }

  #truncated(needed: number): never {
    const remaining = this.#bytes.length - this.#at;
    throw new DecodeError(this.context, this.#at, { kind: 'truncated', needed, remaining });
  }
}
