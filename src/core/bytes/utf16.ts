import { Writer } from './writer.ts';

const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });

/** Text of UTF-16 little-endian bytes; an odd last byte and lone surrogates become U+FFFD. */
export function decodeUtf16le(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** UTF-16 little-endian bytes of a text, without a terminator. */
export function encodeUtf16le(text: string): Uint8Array {
  const writer = new Writer(text.length * 2);
  for (let index = 0; index < text.length; index += 1) writer.u16le(text.charCodeAt(index));
  return writer.toBytes();
}
