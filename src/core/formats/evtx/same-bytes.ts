/** Whether `size` bytes at two places are alike. */
export function isSame(bytes: Uint8Array, one: number, other: number, size: number): boolean {
  for (let index = 0; index < size; index += 1) {
    if (bytes[one + index] !== bytes[other + index]) return false;
  }
  return true;
}

/** A number from a few of the bytes at a place and their count: enough to keep what comes in turn apart. */
export function sampleOf(bytes: Uint8Array, at: number, size: number): number {
  const sample =
    (bytes[at] ?? 0) + (bytes[at + (size >> 1)] ?? 0) * 7 + (bytes[at + ((size - 1) & ~1)] ?? 0) * 31;
  return sample + size * 13;
}
