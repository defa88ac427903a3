/**
 * A copy of bytes, or of a part of them, that shares no memory with what was given.
 * `slice` is not that: on a Node `Buffer`, which a caller may hand in for a Uint8Array, it gives a view,
 * and whoever writes into it changes the caller's input. core/host.d.ts takes `slice` away from bytes.
 */
export function copyBytes(bytes: Uint8Array, from = 0, to = bytes.length): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.subarray(from, to));
}
