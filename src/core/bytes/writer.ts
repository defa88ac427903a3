import { copyBytes } from './copy.ts';

/** Builds a byte string from its start to its end. Methods return the writer, so they chain. */
export class Writer {
  #buffer: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 256) {
    this.#buffer = new Uint8Array(capacity);
    this.#view = new DataView(this.#buffer.buffer);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
    return this;
  }

  u16le(value: number): this {
    const at = this.#grow(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u16be(value: number): this {
    const at = this.#grow(2);
    this.#view.setUint16(at, value, false);
    return this;
  }

  u24be(value: number): this {
    return this.u8(value >>> 16).u16be(value & 0xffff);
  }

  u32le(value: number): this {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  u32be(value: number): this {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, false);
    return this;
  }

  u64le(value: bigint): this {
    const at = this.#grow(8);
    this.#view.setBigUint64(at, value, true);
    return this;
  }

  bytes(value: Uint8Array | readonly number[]): this {
    const at = this.#grow(value.length);
    this.#buffer.set(value, at);
    return this;
  }

  zeros(count: number): this {
    this.#grow(count);
    return this;
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array {
    return copyBytes(this.#buffer, 0, this.#length);
  }

  /** Makes room and says where. May replace buffer and view: call it before either is looked up. */
  #grow(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      larger.set(this.#buffer.subarray(0, at));
      this.#buffer = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#length = needed;
    return at;
  }
}

/** One byte string from several. */
export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const writer = new Writer(parts.reduce((sum, part) => sum + part.length, 0));
  for (const part of parts) writer.bytes(part);
  return writer.toBytes();
}
