import { DecodeError } from '../../bytes/decode-error.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';

/** Texts up to this many characters are put together one by one: quicker than waking the decoder. */
const SHORT_TEXT = 64;

/** The bytes of one chunk with what is needed to read numbers and texts at any offset. */
export interface ChunkBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function chunkBytes(bytes: Uint8Array): ChunkBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** Throws `DecodeError` unless `length` bytes at `at` lie before `end`. */
export function expectBytes(context: string, at: number, length: number, end: number): void {
  if (at + length <= end) return;
  throw new DecodeError(context, at, { kind: 'truncated', needed: length, remaining: Math.max(0, end - at) });
}

/** UTF-16LE of `length` bytes; the caller has seen that they are there. */
export function textAt({ bytes, view }: ChunkBytes, at: number, length: number): string {
  const characters = length >> 1;
  const units = UNITS[characters];
  if (units === undefined) return decodeUtf16le(bytes.subarray(at, at + characters * 2));
  for (let index = 0; index < characters; index += 1) {
    const unit = view.getUint16(at + index * 2, true);
    // A surrogate may stand alone, which is the decoder's business.
    if ((unit & 0xf800) === 0xd800) return decodeUtf16le(bytes.subarray(at, at + characters * 2));
    units[index] = unit;
  }
  // In one go: a text to which one character after the other is added stays a tree of them in memory.
  return String.fromCharCode(...units);
}

/** Room for the characters of a short text, by its length: used over and over. */
const UNITS: readonly number[][] = Array.from({ length: SHORT_TEXT + 1 }, (_, length) =>
  new Array<number>(length).fill(0),
);
