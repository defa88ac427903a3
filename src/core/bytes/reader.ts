import { DecodeError } from './decode-error.ts';

/**
 * A bounds-checked cursor over bytes that are all there.
 * Every method that needs more than what remains throws `DecodeError` with `truncated`; none of
 * them copies: `bytes` and `rest` are views of the input.
 */
export class Reader {
  readonly context: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #base: number;
  #offset = 0;

  /**
   * @param bytes what to read
   * @param context the structure by its specification name, for error messages
   * @param base what to add to offsets in error messages (bytes)
   */
  constructor(bytes: Uint8Array, context: string, base = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.context = context;
    this.#base = base;
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  get length(): number {
    return this.#bytes.length;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16le(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u16be(): number {
    return this.#view.getUint16(this.#take(2), false);
  }

  u24be(): number {
    const at = this.#take(3);
    return (this.#view.getUint8(at) << 16) | this.#view.getUint16(at + 1, false);
  }

  u32le(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u32be(): number {
    return this.#view.getUint32(this.#take(4), false);
  }

  i32le(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  u64le(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  /** A size or an offset of eight bytes; more than 2^53 - 1 is invalid: nothing that large exists. */
  u64leNumber(): number {
    const at = this.#take(8);
    const value = this.#view.getUint32(at + 4, true) * 0x1_0000_0000 + this.#view.getUint32(at, true);
    if (!Number.isSafeInteger(value)) this.fail('a number of more than 53 bits');
    return value;
  }

  u64be(): bigint {
    return this.#view.getBigUint64(this.#take(8), false);
  }

  /** The next byte, left unread; `undefined` at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#offset];
  }

  /** The next `count` bytes, as a view. */
  bytes(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** Everything that is left, as a view. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  skip(count: number): void {
    this.#take(count);
  }

  /** Moves to an absolute offset inside the input, forwards or backwards. */
  seek(offset: number): void {
    if (!(Number.isInteger(offset) && offset >= 0 && offset <= this.#bytes.length)) {
      this.fail(`offset ${offset} lies outside its ${this.#bytes.length} bytes`);
    }
    this.#offset = offset;
  }

  /** A reader over the next `count` bytes, which this one skips. */
  sub(count: number, context: string = this.context): Reader {
    const at = this.#take(count);
    return new Reader(this.#bytes.subarray(at, at + count), context, this.#base + at);
  }

  expectEnd(): void {
    if (!(this.remaining === 0)) this.fail(`${this.remaining} bytes follow the end`);
  }

  /** Throws `DecodeError` at the present offset. `message`: lower case, no final stop. */
  fail(message: string): never {
    throw new DecodeError(this.context, this.#base + this.#offset, { kind: 'invalid', message });
  }

  #take(count: number): number {
    const at = this.#offset;
    if (!(Number.isInteger(count) && count >= 0 && count <= this.#bytes.length - at)) {
      throw new DecodeError(this.context, this.#base + at, {
        kind: 'truncated',
        needed: count,
        remaining: this.#bytes.length - at,
      });
    }
    this.#offset = at + count;
    return at;
  }
}
