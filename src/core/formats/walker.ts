import type { Batched } from '../bytes/batched.ts';

/**
 * A walker reads a container without doing any input: a generator that yields batches of ranges and
 * is continued with their bytes. A driver in `edge` fetches them from a file or over HTTP, a test
 * from memory. Ranges of one batch do not depend on each other, so they cost one round trip.
 */

/** Bytes `offset` to `offset + length` of a medium. */
export interface Range {
  readonly offset: number;
  readonly length: number;
  /** Which of several files, where a disk is spread over them (a differencing disk and its parents). 0 unless said. */
  readonly source?: number;
}

/** What a medium gave for one range. A medium that ends inside it gives what there is: a shorter array. */
export type ReadResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  /** `problem`: lower case, no final stop. */
  | { readonly ok: false; readonly problem: string };

/** What a range has where a driver gave fewer results than it was asked for. */
export const NO_ANSWER = { ok: false, problem: 'the medium gave no answer' } as const satisfies ReadResult;

/** An empty batch is a pause (see Batched): a driver continues it with no answers. */
export type Walker<T> = Batched<Range, ReadResult, T>;

/**
 * Something with a size that can be read at any offset: a disk, a partition, a volume, a file.
 * Layers stack: reading one yields reads of the one below, down to the ranges that a driver fetches.
 */
export interface Medium {
  /** Bytes. */
  readonly size: number;
  /** One result a range, in their order. Never yields an empty batch. */
  read(ranges: readonly Range[]): Walker<readonly ReadResult[]>;
}

/** Something that is not as its format says it should be; what could be read all the same was read. */
export interface Anomaly {
  /** What it is in, by the format's own name: `hbin at 0x3000`, `MFT entry 1234`. */
  readonly where: string;
  /** Lower case, no final stop. */
  readonly problem: string;
}

/** The medium at the bottom: its reads are the driver's. `size` in bytes; `source` as in Range. */
export function bottom(size: number, source = 0): Medium {
  return {
    size,
    *read(ranges) {
      if (ranges.length === 0) return [];
      return yield source === 0 ? ranges : ranges.map((range) => ({ ...range, source }));
    },
  };
}

/** A part of another medium, cut at that one's end. */
export function slice(medium: Medium, offset: number, length: number): Medium {
  const size = Math.max(0, Math.min(length, medium.size - offset));
  return {
    size,
    read: (ranges) =>
      medium.read(
        ranges.map((range) => ({
          offset: offset + range.offset,
          length: Math.max(0, Math.min(range.length, size - range.offset)),
        })),
      ),
  };
}

/** Reads one range. */
export function* readAt(medium: Medium, offset: number, length: number): Walker<ReadResult> {
  const [result] = yield* medium.read([{ offset, length }]);
  return result ?? NO_ANSWER;
}

/**
 * Performs a walker's reads on bytes in memory: for tests, and for files that were read whole.
 * Nothing of them is changed, and what comes back may be a view of them.
 * @param further the files behind `bottom(size, 1)`, `bottom(size, 2)`, … in this order: a hive's logs,
 *   a differencing disk's parents. Throws a RangeError where the walker asks for one that was not given.
 */
export function walkBytes<T>(walker: Walker<T>, bytes: Uint8Array, ...further: readonly Uint8Array[]): T {
  const files = [bytes, ...further];
  let step = walker.next();
  while (!step.done) {
    step = walker.next(
      step.value.map(({ offset, length, source = 0 }) => {
        const file = files[source];
        if (file === undefined) {
          throw new RangeError(
            `the walker reads source ${source}, and walkBytes was given ${files.length}: hand in its bytes as well`,
          );
        }
        return { ok: true, bytes: file.subarray(offset, Math.min(file.length, offset + length)) };
      }),
    );
  }
  return step.value;
}
