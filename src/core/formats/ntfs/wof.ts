import { Reader } from '../../bytes/reader.ts';
import { type Medium, NO_ANSWER, type Walker } from '../walker.ts';
import { decompressLzx } from './lzx.ts';
import { type Packed, unitMedium } from './unit-medium.ts';
import { decompressXpressHuffman } from './xpress-huffman.ts';

/**
 * Files that the Windows Overlay Filter compresses ("CompactOS"): a reparse point names the
 * algorithm, the stream `WofCompressedData` has the chunks, and the unnamed stream is one hole.
 * Source: [MS-FSCC] 2.1.2.1 Reparse Tags (IO_REPARSE_TAG_WOF); wdm's WOF_EXTERNAL_INFO and
 * FILE_PROVIDER_EXTERNAL_INFO_V1; wimlib's description of the stream.
 */

export const REPARSE_TAG_WOF = 0x8000_0017;
export const WOF_STREAM = 'WofCompressedData';

export interface ReparsePoint {
  readonly tag: number;
  readonly data: Uint8Array;
}

export type WofAlgorithm = 'XPRESS4K' | 'LZX' | 'XPRESS8K' | 'XPRESS16K';

const ALGORITHMS: readonly WofAlgorithm[] = ['XPRESS4K', 'LZX', 'XPRESS8K', 'XPRESS16K'];
const CHUNK_SIZES = { XPRESS4K: 1 << 12, LZX: 1 << 15, XPRESS8K: 1 << 13, XPRESS16K: 1 << 14 } as const;
const PROVIDER_WIM = 1;
const PROVIDER_FILE = 2;
/** Offsets in the chunk table take eight bytes in files of 4 GiB and more. */
const WIDE_FROM = 2 ** 32;

/** [MS-FSCC] 2.1.2.2 REPARSE_DATA_BUFFER */
export function decodeReparsePoint(bytes: Uint8Array): ReparsePoint {
  const reader = new Reader(bytes, '$REPARSE_POINT');
  const tag = reader.u32le();
  const length = reader.u16le();
  reader.skip(2);
  return { tag, data: reader.bytes(length) };
}

/** What algorithm a WOF reparse point names (its `data`). */
export function decodeWofProvider(data: Uint8Array): WofAlgorithm {
  const reader = new Reader(data, 'WOF_EXTERNAL_INFO');
  const version = reader.u32le();
  const provider = reader.u32le();
  if (provider === PROVIDER_WIM) reader.fail('the data lies in a WIM file');
  if (!(version === 1 && provider === PROVIDER_FILE))
    reader.fail(`provider ${provider} of version ${version} is not supported`);
  const fileVersion = reader.u32le();
  const number = reader.u32le();
  const algorithm = ALGORITHMS[number];
  if (fileVersion === 1 && algorithm !== undefined) return algorithm;
  return reader.fail(`algorithm ${number} of version ${fileVersion} is not supported`);
}

/**
 * A medium over the data of a WOF file. Two rounds a read: the table, then the chunks.
 * @param packed the stream `WofCompressedData`
 * @param size bytes of the file
 */
export function wofMedium(packed: Medium, algorithm: WofAlgorithm, size: number): Medium {
  const unitSize = CHUNK_SIZES[algorithm];
  const chunks = Math.ceil(size / unitSize);
  const offsetSize = size < WIDE_FROM ? 4 : 8;
  // The first chunk begins where the table ends, so the table has no row for it.
  const tableSize = (chunks - 1) * offsetSize;
  return unitMedium({
    size,
    unitSize,
    unpack: algorithm === 'LZX' ? decompressLzx : decompressXpressHuffman,
    *fetch(units) {
      const table = yield* readTable(packed, units, chunks, offsetSize);
      if (typeof table === 'string') return units.map(() => ({ kind: 'lost', problem: table }));
      const startOf = (chunk: number) =>
        chunk === 0 ? 0 : chunk === chunks ? packed.size - tableSize : table.get(chunk);
      const places = units.map((unit) => {
        const start = startOf(unit);
        const end = startOf(unit + 1);
        const whole = Math.min(unitSize, size - unit * unitSize);
        // A chunk that would not get smaller is stored as it is.
        const fits = start !== undefined && end !== undefined && end > start && end - start <= whole;
        return fits ? { start, length: end - start, isPlain: end - start === whole } : undefined;
      });
      const ranges = places.flatMap((place) =>
        place === undefined ? [] : [{ offset: tableSize + place.start, length: place.length }],
      );
      const results = (yield* packed.read(ranges)).values();
      return units.map((unit, index): Packed => {
        const place = places[index];
        if (place === undefined) return { kind: 'lost', problem: `chunk ${unit} is out of place` };
        const result = results.next().value ?? NO_ANSWER;
        if (!result.ok) return { kind: 'lost', problem: result.problem };
        return { kind: place.isPlain ? 'plain' : 'packed', bytes: result.bytes };
      });
    },
  });
}

/**
 * Where chunks begin, of these and of those behind each: the rows of the table that are needed and no
 * others, since a file may say that it is of any size. A text says why there are none.
 */
function* readTable(
  packed: Medium,
  units: readonly number[],
  chunks: number,
  offsetSize: 4 | 8,
): Walker<ReadonlyMap<number, number> | string> {
  const wanted = [...new Set(units.flatMap((unit) => [unit, unit + 1]))]
    .filter((chunk) => chunk > 0 && chunk < chunks)
    .sort((a, b) => a - b);
  const runs: { first: number; count: number }[] = [];
  for (const chunk of wanted) {
    const last = runs.at(-1);
    if (last !== undefined && last.first + last.count === chunk) last.count += 1;
    else runs.push({ first: chunk, count: 1 });
  }
  const table = new Map<number, number>();
  // The row of a chunk is the one before its number: the first chunk has none.
  const results = yield* packed.read(
    runs.map(({ first, count }) => ({ offset: (first - 1) * offsetSize, length: count * offsetSize })),
  );
  for (const [index, { first, count }] of runs.entries()) {
    const result = results[index] ?? NO_ANSWER;
    if (!result.ok) return result.problem;
    if (result.bytes.length < count * offsetSize) return 'the chunk table is cut off';
    const view = new DataView(result.bytes.buffer, result.bytes.byteOffset, result.bytes.byteLength);
    for (let row = 0; row < count; row += 1) {
      const offset =
        offsetSize === 4 ? view.getUint32(row * 4, true) : Number(view.getBigUint64(row * 8, true));
      table.set(first + row, offset);
    }
  }
  return table;
}
