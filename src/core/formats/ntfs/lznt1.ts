import { Reader } from '../../bytes/reader.ts';
import { copyMatch } from './copy-match.ts';

/** A chunk unpacks to this much; the last one of a stream may give less. */
const CHUNK_SIZE = 4096;
const CHUNK_SIGNATURE = 3;
const MATCH_LENGTH_MIN = 3;

/**
 * [MS-XCA] 2.5 LZNT1 Algorithm Details.
 * @param size bytes of the output; what the input does not fill is zero, as NTFS reads it
 */
export function decompressLznt1(input: Uint8Array, size: number): Uint8Array {
  const output = new Uint8Array(size);
  const reader = new Reader(input, 'LZNT1');
  // Every chunk starts where the one before it would end when full.
  for (let start = 0; start < size && reader.remaining >= 2; start += CHUNK_SIZE) {
    const header = reader.u16le();
    if (header === 0) break;
    if (!(((header >> 12) & 7) === CHUNK_SIGNATURE)) reader.fail(`a chunk header 0x${header.toString(16)}`);
    const chunk = reader.sub((header & 0xfff) + 1);
    const room = Math.min(CHUNK_SIZE, size - start);
    if ((header & 0x8000) === 0) output.set(chunk.bytes(Math.min(chunk.remaining, room)), start);
    else unpackChunk(chunk, output.subarray(start, start + room));
  }
  return output;
}

function unpackChunk(chunk: Reader, output: Uint8Array): void {
  let at = 0;
  while (chunk.remaining > 0 && at < output.length) {
    let flags = chunk.u8();
    for (let bit = 0; bit < 8 && chunk.remaining > 0 && at < output.length; bit += 1, flags >>= 1) {
      if ((flags & 1) === 0) {
        output[at] = chunk.u8();
        at += 1;
        continue;
      }
      const token = chunk.u16le();
      // The further into the chunk, the more bits the distance has, and the fewer the length.
      const distanceBits = Math.max(4, 32 - Math.clz32(Math.max(1, at - 1)));
      const lengthBits = 16 - distanceBits;
      const distance = (token >> lengthBits) + 1;
      // A match of the last chunk may reach past the file's end.
      const length = Math.min((token & ((1 << lengthBits) - 1)) + MATCH_LENGTH_MIN, output.length - at);
      if (!copyMatch(output, at, distance, length, output.length)) {
        chunk.fail(`a match ${distance} back at ${at}`);
      }
      at += length;
    }
  }
}
