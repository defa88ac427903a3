/**
 * Everything that core may use of its host beyond the ECMAScript library.
 * Growing this file is an architecture decision: say why in ARCHITECTURE.md.
 */

declare class TextDecoder {
  constructor(
    label?:
      | 'utf-8'
      | 'utf-16le'
      | 'latin1'
      // Code pages of a console.
      | 'ibm866'
      | 'windows-874'
      | `windows-125${0 | 1 | 3 | 4 | 5 | 6 | 7 | 8}`
      | 'shift_jis'
      | 'gbk'
      | 'gb18030'
      | 'euc-kr'
      | 'big5'
      | 'koi8-r',
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
