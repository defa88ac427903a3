import { BitReader } from './bit-reader.ts';
import { copyMatch } from './copy-match.ts';
import { HuffmanCode } from './huffman-code.ts';

/** One table of code lengths serves this much output; WOF's chunks are smaller. */
const BLOCK_SIZE_MAX = 1 << 16;
const SYMBOLS = 512;
const LITERALS = 256;
const LENGTH_ESCAPE = 15;
const LENGTH_BYTE_ESCAPE = 255;
const MATCH_LENGTH_MIN = 3;

/**
 * [MS-XCA] 2.2 LZ77+Huffman Decompression Algorithm Details: one block of up to 64 KiB.
 * @param size bytes of the output, which the container states; the result has exactly these
 */
export function decompressXpressHuffman(input: Uint8Array, size: number): Uint8Array {
  const bits = new BitReader(input, 'LZ77+Huffman');
  if (!(size <= BLOCK_SIZE_MAX)) bits.fail(`a block of ${size} bytes`);
  const lengths = new Uint8Array(SYMBOLS);
  for (const [index, pair] of bits.take(SYMBOLS / 2).entries()) {
    lengths[index * 2] = pair & 15;
    lengths[index * 2 + 1] = pair >> 4;
  }
  const code = new HuffmanCode(lengths, bits);
  const output = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const symbol = code.read(bits);
    if (symbol < LITERALS) {
      output[at] = symbol;
      at += 1;
      continue;
    }
    // A match: the number of distance bits above, the length below. The bits come before the bytes
    // that lengthen it, which follow the last word fetched.
    const distanceBits = (symbol - LITERALS) >> 4;
    const distance = (1 << distanceBits) | bits.bits(distanceBits);
    let length = symbol & 15;
    if (length === LENGTH_ESCAPE) {
      const more = bits.byte();
      length = more === LENGTH_BYTE_ESCAPE ? bits.u16le() : LENGTH_ESCAPE + more;
      if (!(length >= LENGTH_ESCAPE)) bits.fail(`a long match of ${length} bytes`);
    }
    length += MATCH_LENGTH_MIN;
    if (!copyMatch(output, at, distance, length, size)) bits.fail(`a match ${distance} back at ${at}`);
    at += length;
  }
  return output;
}
