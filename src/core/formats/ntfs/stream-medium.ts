import { concat } from '../../bytes/writer.ts';
import type { Medium, Range, ReadResult, Walker } from '../walker.ts';
import type { Run } from './mapping-pairs.ts';
import type { Stream } from './stream.ts';

/** One read answers with this much at most: a stated size need not be a true one. */
export const READ_SIZE_MAX = 64 << 20;

/** What one range of a stream is made of: zeros, or bytes of the volume. */
type Piece = { readonly length: number } & ({ readonly at: number } | { readonly hole: true });

/** Media that answer from memory. */
export function memoryMedium(bytes: Uint8Array): Medium {
  return {
    size: bytes.length,
    *read(ranges) {
      return ranges.map(({ offset, length }) => ({
        ok: true,
        bytes: bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
      }));
    },
  };
}

/**
 * A medium over a stream as it lies on the volume, without decompression. Holes and what lies past
 * the initialised size are zeros. All fragments of all ranges of a read are one batch below: one round.
 *
 * @param volume the volume's medium
 */
export function streamMedium(volume: Medium, clusterSize: number, stream: Stream): Medium {
  if (stream.value !== undefined) return memoryMedium(stream.value);
  return {
    size: stream.size,
    read: (ranges) =>
      readPieces(
        volume,
        ranges.map((range) => piecesOf(range, clusterSize, stream)),
      ),
  };
}

/** Reads pieces from the volume, one list a result. One round. */
export function* readPieces(
  volume: Medium,
  lists: readonly (readonly Piece[] | string)[],
): Walker<readonly ReadResult[]> {
  const wanted: Range[] = [];
  for (const list of lists) {
    if (typeof list === 'string') continue;
    for (const piece of list) {
      if (isInside(piece, volume)) wanted.push({ offset: piece.at, length: piece.length });
    }
  }
  const answers = yield* volume.read(wanted);
  let next = 0;
  return lists.map((list): ReadResult => {
    if (typeof list === 'string') return { ok: false, problem: list };
    const parts: Uint8Array[] = [];
    let problem: string | undefined;
    for (const piece of list) {
      if (!('at' in piece)) {
        parts.push(new Uint8Array(piece.length));
        continue;
      }
      const answer = isInside(piece, volume) ? answers[next] : undefined;
      if (isInside(piece, volume)) next += 1;
      if (answer?.ok && answer.bytes.length === piece.length) parts.push(answer.bytes);
      else problem ??= answer?.ok === false ? answer.problem : `byte ${piece.at} lies outside the volume`;
    }
    if (problem !== undefined) return { ok: false, problem };
    const [only] = parts;
    return { ok: true, bytes: parts.length === 1 && only !== undefined ? only : concat(...parts) };
  });
}

/** Whether a piece is one to be read, and one that can be: others are not asked for. */
function isInside(piece: Piece, volume: Medium): piece is Piece & { readonly at: number } {
  return 'at' in piece && piece.at + piece.length <= volume.size;
}

/** The pieces of a range, cut at the stream's end; a text where they cannot be had. */
function piecesOf(range: Range, clusterSize: number, stream: Stream): readonly Piece[] | string {
  const end = Math.min(range.offset + range.length, stream.size);
  const length = end - range.offset;
  if (!(length > 0)) return [];
  if (!(length <= READ_SIZE_MAX)) return `more than ${READ_SIZE_MAX} bytes at once`;
  const pieces: Piece[] = [];
  const written = Math.min(end, stream.initialisedSize);
  let at = range.offset;
  for (let index = findRun(stream.runs, Math.floor(at / clusterSize)); at < written; index += 1) {
    const run = stream.runs[index];
    const from = run === undefined ? at : at - run.vcn * clusterSize;
    if (run === undefined || from < 0) return `no clusters are known for byte ${at} of the stream`;
    const part = Math.min(written - at, run.clusters * clusterSize - from);
    pieces.push(
      run.lcn === undefined
        ? { length: part, hole: true }
        : { length: part, at: run.lcn * clusterSize + from },
    );
    at += part;
  }
  if (at < end) pieces.push({ length: end - at, hole: true });
  return pieces;
}

/** The index of the run that holds a VCN, or of the first one after it. */
export function findRun(runs: readonly Run[], vcn: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const run = runs[middle];
    if (run !== undefined && run.vcn + run.clusters <= vcn) low = middle + 1;
    else high = middle;
  }
  return low;
}
