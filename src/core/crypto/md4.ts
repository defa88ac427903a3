import { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';

/** One round of [RFC 1320] section 3.4: its function, its additive constant, the order of words and the four shifts. */
interface Round {
  readonly mix: (x: number, y: number, z: number) => number;
  readonly constant: number;
  readonly order: readonly number[];
  readonly shifts: readonly [number, number, number, number];
}

const ROUNDS: readonly Round[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];

/**
 * [RFC 1320] The MD4 Message-Digest Algorithm: 16 bytes for any message.
 * Broken as a hash, and still what a Windows password is stored as; that is all it is here for.
 */
export function md4(message: Uint8Array): Uint8Array {
  const padding = (64 - ((message.length + 1 + 8) % 64)) % 64;
  const padded = new Writer(message.length + 1 + padding + 8)
    .bytes(message)
    .u8(0x80)
    .zeros(padding)
    .u64le(BigInt(message.length) * 8n)
    .toBytes();

  const r = new Reader(padded, 'MD4');
  let state: readonly [number, number, number, number] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  while (r.remaining > 0) {
    const words = Array.from({ length: 16 }, () => r.u32le());
    let [a, b, c, d] = state;
    for (const { mix, constant, order, shifts } of ROUNDS) {
      for (const [step, word] of order.entries()) {
        const sum = (a + mix(b, c, d) + (words[word] ?? 0) + constant) | 0;
        const shift = shifts[step % 4] ?? 0;
        // The four registers take turns: the new value becomes b, and the others move on by one.
        [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
      }
    }
    state = [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0];
  }
  const w = new Writer(16);
  for (const register of state) w.u32le(register >>> 0);
  return w.toBytes();
}
