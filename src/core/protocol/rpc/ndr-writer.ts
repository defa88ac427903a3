import { encodeUtf16le } from '../../bytes/utf16.ts';
import { Writer } from '../../bytes/writer.ts';

// [C706] chapter 14 Transfer Syntax NDR, with [MS-RPCE] 2.2.4. Little-endian.

/** Referent identifiers are ours to choose; Windows and Samba count so, from here and by four. */
const FIRST_REFERENT = 0x0002_0000;
const REFERENT_STEP = 4;

/** Bytes of a context handle: attributes and a UUID. */
export const CONTEXT_HANDLE_SIZE = 20;

/**
 * Writes a stub. Every value is aligned to its size from the start of the stub.
 * What a pointer points to is written by the caller where [C706] 14.3.12 wants it: at once for a
 * parameter of its own, behind the whole structure for a pointer inside one.
 */
export class NdrWriter {
  readonly #w = new Writer();
  #referent = FIRST_REFERENT;

  u8(value: number): this {
    this.#w.u8(value);
    return this;
  }

  u16(value: number): this {
    this.align(2);
    this.#w.u16le(value);
    return this;
  }

  u32(value: number): this {
    this.align(4);
    this.#w.u32le(value);
    return this;
  }

  /** hyper. */
  u64(value: bigint): this {
    this.align(8);
    this.#w.u64le(value);
    return this;
  }

  /** Bytes as they are, without alignment. */
  bytes(value: Uint8Array): this {
    this.#w.bytes(value);
    return this;
  }

  align(size: number): this {
    this.#w.zeros((size - (this.#w.length % size)) % size);
    return this;
  }

  /** A context handle of 20 bytes, as the server gave it. */
  handle(value: Uint8Array): this {
    if (!(value.length === CONTEXT_HANDLE_SIZE)) throw new RangeError('a context handle has 20 bytes');
    return this.align(4).bytes(value);
  }

  /** The referent of a unique or full pointer; `false` is the null pointer. */
  pointer(present = true): this {
    if (!present) return this.u32(0);
    this.u32(this.#referent);
    this.#referent += REFERENT_STEP;
    return this;
  }

  /** [string] wchar_t *: conformant and varying, its NUL counted and sent. */
  wideString(text: string): this {
    const count = text.length + 1;
    return this.u32(count).u32(0).u32(count).bytes(encodeUtf16le(text)).u16(0);
  }

  /** [unique, string] wchar_t * as a parameter of its own; `undefined` is the null pointer. */
  optionalWideString(text: string | undefined): this {
    this.pointer(text !== undefined);
    return text === undefined ? this : this.wideString(text);
  }

  /** [size_is] byte *: the count, then the bytes. */
  conformantBytes(value: Uint8Array): this {
    return this.u32(value.length).bytes(value);
  }

  /** [size_is(max), length_is] byte *: only the bytes that count are sent. */
  varyingBytes(max: number, value: Uint8Array): this {
    return this.u32(max).u32(0).u32(value.length).bytes(value);
  }

  /** The fixed part of an RPC_UNICODE_STRING ([MS-DTYP] 2.3.10); its buffer comes with `unicodeBuffer`. */
  unicodeHeader(text: string | undefined, terminated: boolean): this {
    const length = text === undefined ? 0 : 2 * (text.length + (terminated ? 1 : 0));
    return this.align(4)
      .u16(length)
      .u16(length)
      .pointer(text !== undefined);
  }

  /** The buffer of an RPC_UNICODE_STRING, nothing for a null pointer. */
  unicodeBuffer(text: string | undefined, terminated: boolean): this {
    if (text === undefined) return this;
    const count = text.length + (terminated ? 1 : 0);
    this.u32(count).u32(0).u32(count).bytes(encodeUtf16le(text));
    return terminated ? this.u16(0) : this;
  }

  /** An RPC_UNICODE_STRING as a parameter: without a NUL in its length. */
  unicodeString(text: string): this {
    return this.unicodeHeader(text, false).unicodeBuffer(text, false);
  }

  /** An RRP_UNICODE_STRING ([MS-RRP] 2.2.4) as a parameter: its NUL is counted and sent. */
  registryString(text: string): this {
    return this.unicodeHeader(text, true).unicodeBuffer(text, true);
  }

  /** RPC_SID ([MS-DTYP] 2.4.2.3): the count of subauthorities, then the SID. */
  sid(packet: Uint8Array): this {
    return this.u32(packet[1] ?? 0).bytes(packet);
  }

  toBytes(): Uint8Array {
    return this.#w.toBytes();
  }
}
