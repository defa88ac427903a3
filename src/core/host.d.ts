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
