import { copyBytes } from '../../bytes/copy.ts';
import { Reader } from '../../bytes/reader.ts';
import { readSid } from '../../bytes/sid.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';
import { CONTEXT_HANDLE_SIZE } from './ndr-writer.ts';

// [C706] chapter 14 Transfer Syntax NDR, with [MS-RPCE] 2.2.4. Little-endian.

/** The fixed part of an RPC_UNICODE_STRING. */
export interface UnicodeHeader {
  /** Bytes. */
  readonly length: number;
  /** There is a buffer to come. */
  readonly present: boolean;
}

/**
 * Reads a stub; the companion of NdrWriter. A count is never believed beyond what the bytes that
 * are there can hold. Throws `DecodeError`.
 */
export class NdrReader {
  readonly #r: Reader;

  /** @param context the call by its specification name, for error messages */
  constructor(stub: Uint8Array, context: string) {
    this.#r = new Reader(stub, context);
  }

  get remaining(): number {
    return this.#r.remaining;
  }

  u8(): number {
    return this.#r.u8();
  }

  u16(): number {
    this.align(2);
    return this.#r.u16le();
  }

  u32(): number {
    this.align(4);
    return this.#r.u32le();
  }

  /** long, with its sign. */
  i32(): number {
    this.align(4);
    return this.#r.i32le();
  }

  /** hyper. */
  u64(): bigint {
    this.align(8);
    return this.#r.u64le();
  }

  align(size: number): void {
    this.#r.skip((size - (this.#r.offset % size)) % size);
  }

  /** Bytes as they are, without alignment, as a view. */
  bytes(count: number): Uint8Array {
    return this.#r.bytes(count);
  }

  /** A context handle, 20 bytes of our own. */
  handle(): Uint8Array {
    this.align(4);
    return copyBytes(this.#r.bytes(CONTEXT_HANDLE_SIZE));
  }

  /** Whether a unique or full pointer points to something. */
  pointer(): boolean {
    return this.u32() !== 0;
  }

  /**
   * A count of elements that are still to come.
   * @param bytesEach what one element takes at least
   */
  count(bytesEach: number): number {
    return this.fits(this.u32(), bytesEach);
  }

  /** The count, where the bytes that are left have room for so many elements. */
  fits(count: number, bytesEach: number): number {
    if (!(count * bytesEach <= this.#r.remaining)) this.#r.skip(count * bytesEach);
    return count;
  }

  /** The counts before a conformant and varying array: how many elements follow. */
  varyingCount(bytesEach: number): number {
    const max = this.u32();
    const offset = this.u32();
    const actual = this.u32();
    if (!(offset === 0)) this.fail(`expected an array from its first element, received offset ${offset}`);
    if (!(actual <= max)) this.fail(`${actual} elements of an array of ${max}`);
    return this.fits(actual, bytesEach);
  }

  /** [string] wchar_t *: the text up to its NUL. */
  wideString(): string {
    const text = decodeUtf16le(this.#r.bytes(2 * this.varyingCount(2)));
    const end = text.indexOf('\0');
    return end === -1 ? text : text.slice(0, end);
  }

  /** [unique, string] wchar_t * as a parameter of its own. */
  optionalWideString(): string | undefined {
    return this.pointer() ? this.wideString() : undefined;
  }

  /** [size_is] byte *, as a view. */
  conformantBytes(): Uint8Array {
    return this.#r.bytes(this.count(1));
  }

  /** [size_is, length_is] byte *, as a view: what was sent of it. */
  varyingBytes(): Uint8Array {
    return this.#r.bytes(this.varyingCount(1));
  }

  unicodeHeader(): UnicodeHeader {
    this.align(4);
    const length = this.u16();
    this.u16(); // MaximumLength
    return { length, present: this.pointer() };
  }

  /** The buffer that a header announced; the text of a null pointer is empty. One final NUL, which names in a registry bring, is taken off. */
  unicodeBuffer({ length, present }: UnicodeHeader): string {
    if (!present) return '';
    const count = this.varyingCount(2);
    const units = this.#r.bytes(2 * count);
    if (!(length <= units.length)) this.fail(`a string of ${length} bytes in a buffer of ${units.length}`);
    return decodeUtf16le(units.subarray(0, length)).replace(/\0$/, '');
  }

  /** An RPC_UNICODE_STRING as a parameter. */
  unicodeString(): string {
    return this.unicodeBuffer(this.unicodeHeader());
  }

  /** RPC_SID in text form. */
  sid(): string {
    const announced = this.u32();
    const text = readSid(this.#r);
    if (!(text.split('-').length - 3 === announced))
      this.fail(`a SID of other than ${announced} subauthorities`);
    return text;
  }

  /** A GUID or another structure that has a reader of its own. */
  read<T>(read: (r: Reader) => T): T {
    return read(this.#r);
  }

  expectEnd(): void {
    this.#r.expectEnd();
  }

  /** Throws `DecodeError`. `message`: lower case, no final stop. */
  fail(message: string): never {
    return this.#r.fail(message);
  }
}
