import { BitReader } from './bit-reader.ts';
import { copyMatch } from './copy-match.ts';
import { HuffmanCode } from './huffman-code.ts';

/**
 * LZX as WIM files and WOF use it: every chunk of 32 KiB stands alone, with a window of that size.
 * Source: [MS-PATCH] LZX DELTA Compression and Decompression, 2 (blocks, trees, matches), and what
 * differs, by wimlib's documentation of LZX: no header bit for the E8 translation, which is always
 * done with a file size of 12,000,000; one bit for the usual block size, else 16 bits.
 */

const LZX_CHUNK_SIZE = 1 << 15;

const BLOCK_VERBATIM = 1;
const BLOCK_ALIGNED = 2;
const BLOCK_UNCOMPRESSED = 3;

const LITERALS = 256;
/** Of a 32 KiB window. */
const POSITION_SLOTS = 30;
const LENGTH_HEADERS = 8;
const MAIN_SYMBOLS = LITERALS + POSITION_SLOTS * LENGTH_HEADERS;
const LENGTH_SYMBOLS = 249;
const PRETREE_SYMBOLS = 20;
const ALIGNED_SYMBOLS = 8;
const ALIGNED_BITS = 3;
const MATCH_LENGTH_MIN = 2;
const LENGTH_ESCAPE = 7;
const REPEATED_OFFSETS = 3;
/** Formatted offsets 0 to 2 are the repeated ones. */
const FORMATTED_OFFSET_BIAS = 2;

const TRANSLATION_SIZE = 12_000_000;
/** The last bytes of a chunk are never translated. */
const TRANSLATION_TAIL = 10;

/** Footer bits of a position slot: none, none, none, none, 1, 1, 2, 2 … 13, 13. */
const FOOTER_BITS = Array.from({ length: POSITION_SLOTS }, (_, slot) => Math.max(0, (slot >> 1) - 1));
/** The first formatted offset of a position slot. */
const SLOT_BASES = FOOTER_BITS.map((_, slot) =>
  FOOTER_BITS.slice(0, slot).reduce((sum, bits) => sum + (1 << bits), 0),
);

interface Trees {
  /** Lengths of the code words; each block states how they differ from those of the one before. */
  readonly main: Uint8Array;
  readonly length: Uint8Array;
}

/**
 * Unpacks one LZX chunk.
 * @param size bytes of the output, at most 32 KiB; the result has exactly these
 */
export function decompressLzx(input: Uint8Array, size: number): Uint8Array {
  const bits = new BitReader(input, 'LZX');
  if (!(size <= LZX_CHUNK_SIZE)) bits.fail(`a chunk of ${size} bytes`);
  const output = new Uint8Array(size);
  const trees: Trees = { main: new Uint8Array(MAIN_SYMBOLS), length: new Uint8Array(LENGTH_SYMBOLS) };
  const repeated: [number, number, number] = [1, 1, 1];
  let at = 0;
  while (at < size) {
    const type = bits.bits(3);
    const blockSize = bits.bits(1) === 1 ? LZX_CHUNK_SIZE : bits.bits(16);
    if (!(blockSize > 0 && blockSize <= size - at))
      bits.fail(`a block of ${blockSize} bytes at ${at} of ${size}`);
    const end = at + blockSize;
    if (type === BLOCK_UNCOMPRESSED) {
      bits.alignByWord();
      for (let index = 0; index < REPEATED_OFFSETS; index += 1) repeated[index] = bits.u32le();
      output.set(bits.take(blockSize), at);
      if (blockSize % 2 === 1 && end < size) bits.take(1);
    } else if (type === BLOCK_VERBATIM || type === BLOCK_ALIGNED) {
      unpackBlock(bits, output, at, end, type === BLOCK_ALIGNED, trees, repeated);
    } else bits.fail(`a block of type ${type}`);
    at = end;
  }
  undoTranslation(output);
  return output;
}

function unpackBlock(
  bits: BitReader,
  output: Uint8Array,
  start: number,
  end: number,
  isAligned: boolean,
  trees: Trees,
  repeated: [number, number, number],
): void {
  const alignedLengths = new Uint8Array(ALIGNED_SYMBOLS);
  if (isAligned)
    for (let index = 0; index < ALIGNED_SYMBOLS; index += 1) alignedLengths[index] = bits.bits(3);
  const aligned = new HuffmanCode(alignedLengths, bits);
  readLengths(bits, trees.main.subarray(0, LITERALS));
  readLengths(bits, trees.main.subarray(LITERALS));
  const main = new HuffmanCode(trees.main, bits);
  readLengths(bits, trees.length);
  const lengths = new HuffmanCode(trees.length, bits);

  let at = start;
  while (at < end) {
    const symbol = main.read(bits);
    if (symbol < LITERALS) {
      output[at] = symbol;
      at += 1;
      continue;
    }
    const header = (symbol - LITERALS) % LENGTH_HEADERS;
    const slot = (symbol - LITERALS - header) / LENGTH_HEADERS;
    const length = MATCH_LENGTH_MIN + header + (header === LENGTH_ESCAPE ? lengths.read(bits) : 0);
    let distance: number;
    if (slot < REPEATED_OFFSETS) {
      // The one that is used changes places with the first.
      distance = repeated[slot] ?? 0;
      repeated[slot] = repeated[0];
      repeated[0] = distance;
    } else {
      const footerBits = FOOTER_BITS[slot] ?? 0;
      const formatted =
        isAligned && footerBits >= ALIGNED_BITS
          ? bits.bits(footerBits - ALIGNED_BITS) * ALIGNED_SYMBOLS + aligned.read(bits)
          : bits.bits(footerBits);
      distance = (SLOT_BASES[slot] ?? 0) + formatted - FORMATTED_OFFSET_BIAS;
      repeated[2] = repeated[1];
      repeated[1] = repeated[0];
      repeated[0] = distance;
    }
    if (!copyMatch(output, at, distance, length, end)) bits.fail(`a match ${distance} back at ${at}`);
    at += length;
  }
}

/** Reads the lengths of a part of a tree, as differences modulo 17 to what they were, in runs. */
function readLengths(bits: BitReader, lengths: Uint8Array): void {
  const preLengths = new Uint8Array(PRETREE_SYMBOLS);
  for (let index = 0; index < PRETREE_SYMBOLS; index += 1) preLengths[index] = bits.bits(4);
  const pretree = new HuffmanCode(preLengths, bits);
  const changed = (at: number, difference: number) => ((lengths[at] ?? 0) + 17 - difference) % 17;
  for (let at = 0; at < lengths.length; ) {
    const symbol = pretree.read(bits);
    if (symbol < 17) {
      lengths[at] = changed(at, symbol);
      at += 1;
      continue;
    }
    let run: number;
    let length = 0;
    if (symbol === 17) run = 4 + bits.bits(4);
    else if (symbol === 18) run = 20 + bits.bits(5);
    else {
      run = 4 + bits.bits(1);
      const difference = pretree.read(bits);
      if (!(difference < 17)) bits.fail(`a run of the difference ${difference}`);
      length = changed(at, difference);
    }
    if (!(run <= lengths.length - at)) bits.fail(`a run of ${run} lengths, of ${lengths.length - at}`);
    lengths.fill(length, at, at + run);
    at += run;
  }
}

/** Turns the absolute targets of x86 calls (opcode E8), which compress better, into relative ones again. */
function undoTranslation(output: Uint8Array): void {
  const view = new DataView(output.buffer);
  for (let at = 0; at < output.length - TRANSLATION_TAIL; at += 1) {
    if (output[at] !== 0xe8) continue;
    const absolute = view.getInt32(at + 1, true);
    if (absolute >= 0 && absolute < TRANSLATION_SIZE) view.setInt32(at + 1, absolute - at, true);
    else if (absolute < 0 && absolute >= -at) view.setInt32(at + 1, absolute + TRANSLATION_SIZE, true);
    at += 4;
  }
}
