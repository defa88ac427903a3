/**
 * Everything that core may use of its host beyond the ECMAScript library.
 * Growing this file is an architecture decision: say why in ARCHITECTURE.md.
 */

declare class TextDecoder {
  constructor(
    label?: 'utf-8' | 'utf-16le' | 'latin1',
    options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean },
  );
  decode(bytes: Uint8Array): string;
}

/** What is left of `slice` on bytes: nothing that could be used. */
interface SlicedBytes {
  readonly 'slice aliases a Buffer: use copyBytes, or subarray for a view': never;
}

/**
 * On a Node Buffer `slice` is a view and on a Uint8Array a copy, so that a decoder which writes into
 * its "copy" changes the input of whoever gave it a Buffer. The overload takes precedence over the
 * library's, and its result fits nowhere.
 */
interface Uint8Array<TArrayBuffer extends ArrayBufferLike> {
  slice(start?: number, end?: number): SlicedBytes;
}
