import { type Medium, NO_ANSWER } from '../walker.ts';
import { decompressLznt1 } from './lznt1.ts';
import type { Run } from './mapping-pairs.ts';
import type { Stream } from './stream.ts';
import { findRun, readPieces } from './stream-medium.ts';
import { type Packed, unitMedium } from './unit-medium.ts';

/** Windows compresses in 16 clusters of at most 4 KiB; twice that with clusters of 64 KiB is the bound. */
const UNIT_SIZE_MAX = 2 << 20;
/** What is meant where a compressed attribute states no unit. */
const UNIT_SHIFT_USUAL = 4;

/**
 * A medium over a stream that NTFS itself compresses (LZNT1). A unit whose clusters are all there is
 * stored as it is, one with none is zeros, one with some is compressed. One round a read.
 * A text says why there is none.
 * Source: "New Technologies File System (NTFS)" of libfsntfs, "Compressed data runs".
 */
export function compressedMedium(volume: Medium, clusterSize: number, stream: Stream): Medium | string {
  const clusters = 2 ** (stream.unitShift === 0 ? UNIT_SHIFT_USUAL : stream.unitShift);
  const unitSize = clusters * clusterSize;
  if (!(unitSize <= UNIT_SIZE_MAX)) return `a compression unit of ${unitSize} bytes is not supported`;
  return unitMedium({
    size: stream.size,
    unitSize,
    initialisedSize: stream.initialisedSize,
    unpack: decompressLznt1,
    *fetch(units) {
      const lists = units.map((unit) => piecesOfUnit(stream, unit * clusters, clusters, clusterSize));
      const results = yield* readPieces(
        volume,
        lists.map((list) => (typeof list === 'string' ? list : list.pieces)),
      );
      return units.map((unit, index): Packed => {
        const list = lists[index];
        const result = results[index] ?? NO_ANSWER;
        if (list === undefined || typeof list === 'string' || !result.ok) {
          const problem = result.ok ? NO_ANSWER.problem : result.problem;
          return { kind: 'lost', problem };
        }
        if (list.pieces.length === 0 || unit * unitSize >= stream.initialisedSize) return { kind: 'zeros' };
        return { kind: list.isWhole ? 'plain' : 'packed', bytes: result.bytes };
      });
    },
  });
}

interface UnitPieces {
  readonly pieces: readonly { readonly at: number; readonly length: number }[];
  /** Every cluster of the unit, or all up to the stream's end, is there. */
  readonly isWhole: boolean;
}

function piecesOfUnit(
  stream: Stream,
  vcn: number,
  clusters: number,
  clusterSize: number,
): UnitPieces | string {
  const pieces: { at: number; length: number }[] = [];
  const end = vcn + clusters;
  const last = Math.ceil(stream.size / clusterSize);
  let found = 0;
  let next = vcn;
  for (let index = findRun(stream.runs, vcn); next < end; index += 1) {
    const run: Run | undefined = stream.runs[index];
    // The last unit may end with the stream.
    if (run === undefined && next >= last) break;
    if (run === undefined || run.vcn > next) return `no clusters are known for cluster ${next} of the stream`;
    const count = Math.min(run.vcn + run.clusters, end) - next;
    if (run.lcn !== undefined) {
      pieces.push({ at: (run.lcn + next - run.vcn) * clusterSize, length: count * clusterSize });
      found += count;
    }
    next += count;
  }
  return { pieces, isWhole: found === clusters || (found > 0 && found === next - vcn && next >= last) };
}
