/**
 * The stream cipher RC4 as [RFC 6229] has its vectors: what one call leaves of the key stream, the
 * next one goes on with. Encrypting and decrypting are the same.
 */
export class Rc4 {
  readonly #state: Uint8Array;
  #i = 0;
  #j = 0;

  /** @param key 1 to 256 bytes */
  constructor(key: Uint8Array) {
    if (!(key.length >= 1 && key.length <= 256)) {
      throw new RangeError(`expected an RC4 key of 1 to 256 bytes, received ${key.length}`);
    }
    const state = Uint8Array.from({ length: 256 }, (_, index) => index);
    let j = 0;
    for (let i = 0; i < 256; i += 1) {
      const at = state[i] ?? 0;
      j = (j + at + (key[i % key.length] ?? 0)) & 0xff;
      state[i] = state[j] ?? 0;
      state[j] = at;
    }
    this.#state = state;
  }

  /** As many bytes as went in, each combined with the next byte of the key stream. */
  apply(input: Uint8Array): Uint8Array {
    const state = this.#state;
    return input.map((byte) => {
      this.#i = (this.#i + 1) & 0xff;
      const x = state[this.#i] ?? 0;
      this.#j = (this.#j + x) & 0xff;
      const y = state[this.#j] ?? 0;
      state[this.#i] = y;
      state[this.#j] = x;
      return byte ^ (state[(x + y) & 0xff] ?? 0);
    });
  }
}
