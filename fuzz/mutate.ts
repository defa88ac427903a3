/** A generator of numbers that a seed repeats (mulberry32): what a run found can be made again. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers at the edges of what fields can hold. */
const EDGES = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

/** A seed changed in one to eight places, seldom also cut off. The same numbers give the same input. */
export function mutate(seeds: readonly Uint8Array[], seed: number): Uint8Array {
  const next = random(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  const original = seeds[below(seeds.length)] ?? new Uint8Array(0);
  const bytes = original.slice();
  const view = new DataView(bytes.buffer);
  for (let count = 1 + below(8); count > 0; count -= 1) {
    // Structure is at the start of most formats, so half of the changes go there.
    const at = below(next() < 0.5 ? Math.min(bytes.length, 8192) : bytes.length);
    switch (below(5)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
        break;
      case 1:
        bytes[at] = below(256);
        break;
      case 2:
        if (at + 4 <= bytes.length) view.setUint32(at, EDGES[below(EDGES.length)] ?? 0, next() < 0.9);
        break;
      case 3:
        if (at + 2 <= bytes.length) view.setUint16(at, (EDGES[below(EDGES.length)] ?? 0) & 0xffff, true);
        break;
      default:
        bytes.copyWithin(at, below(bytes.length), below(bytes.length));
    }
  }
  return next() < 0.1 ? bytes.slice(0, below(bytes.length)) : bytes;
}
