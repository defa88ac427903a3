/**
 * Repeats `length` bytes from `distance` before `at`; the two may overlap, which repeats a pattern.
 * False, and nothing done, where the match would begin before the output or end after `end`.
 */
export function copyMatch(
  output: Uint8Array,
  at: number,
  distance: number,
  length: number,
  end: number,
): boolean {
  if (!(distance >= 1 && distance <= at && length <= end - at)) return false;
  if (distance >= length) output.copyWithin(at, at - distance, at - distance + length);
  else for (let to = at; to < at + length; to += 1) output[to] = output[to - distance] ?? 0;
  return true;
}
