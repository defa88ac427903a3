import { pause } from '../../bytes/batched.ts';
import { copyBytes } from '../../bytes/copy.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import { type Medium, NO_ANSWER, type Range, type ReadResult, type Walker } from '../walker.ts';
import { READ_SIZE_MAX } from './stream-medium.ts';

/** Everything about a medium that is unpacked unit by unit. */
export interface Units {
  /** Bytes of the unpacked data. */
  readonly size: number;
  /** Bytes of a unit; the last one may have fewer. */
  readonly unitSize: number;
  /** Bytes; what lies past them is zero. */
  readonly initialisedSize?: number;
  /** Reads the packed bytes of units, one result a unit, in their order. */
  fetch(units: readonly number[]): Walker<readonly Packed[]>;
  /** Unpacks one; throws DecodeError only. Gives `length` bytes. */
  unpack(packed: Uint8Array, length: number): Uint8Array;
}

export type Packed =
  | { readonly kind: 'zeros' }
  /** As it is, and at least as long as the unit. */
  | { readonly kind: 'plain'; readonly bytes: Uint8Array }
  | { readonly kind: 'packed'; readonly bytes: Uint8Array }
  | { readonly kind: 'lost'; readonly problem: string };

/** Unpacked bytes that are held at once beside the answer: what a batch is made of is unpacked in portions. */
const PORTION_SIZE = 8 << 20;

/**
 * A medium over data that is compressed in units of equal size. As many rounds a read as `fetch` takes,
 * for each 8 MiB of units.
 */
export function unitMedium(units: Units): Medium {
  return {
    size: units.size,
    *read(ranges) {
      const spans = ranges.map((range) => spanOf(range, units));
      const total = spans.reduce((sum, span) => sum + (typeof span === 'string' ? 0 : span.length), 0);
      if (total > READ_SIZE_MAX) return ranges.map(() => lost(`more than ${READ_SIZE_MAX} bytes at once`));
      const wanted = new Map<number, number[]>();
      for (const [index, span] of spans.entries()) {
        if (typeof span === 'string') continue;
        for (let unit = span.firstUnit; unit <= span.lastUnit; unit += 1) {
          const users = wanted.get(unit);
          if (users === undefined) wanted.set(unit, [index]);
          else users.push(index);
        }
      }
      const results = spans.map(
        (span): ReadResult =>
          typeof span === 'string' ? lost(span) : { ok: true, bytes: new Uint8Array(span.length) },
      );
      const numbers = [...wanted.keys()];
      const portion = Math.max(1, Math.floor(PORTION_SIZE / units.unitSize));
      for (let at = 0; at < numbers.length; at += portion) {
        const mine = numbers.slice(at, at + portion);
        const packed = yield* units.fetch(mine);
        for (const [index, unit] of mine.entries()) {
          const unpacked = unpackUnit(units, unit, packed[index]);
          for (const user of wanted.get(unit) ?? [])
            put(results, spans, user, unit * units.unitSize, unpacked);
        }
        if (at + portion < numbers.length) yield* pause();
      }
      return results;
    },
  };
}

/** Puts a unit that begins at `start` into the answer of one range. */
function put(
  results: ReadResult[],
  spans: readonly (Span | string)[],
  index: number,
  start: number,
  unpacked: ReadResult,
): void {
  const span = spans[index];
  const result = results[index];
  if (span === undefined || typeof span === 'string' || !result?.ok) return;
  if (!unpacked.ok) {
    results[index] = unpacked;
    return;
  }
  const from = start - span.offset;
  const part = from < 0 ? unpacked.bytes.subarray(-from) : unpacked.bytes;
  result.bytes.set(part.subarray(0, span.length - Math.max(0, from)), Math.max(0, from));
}

interface Span {
  readonly offset: number;
  readonly length: number;
  readonly firstUnit: number;
  /** Below `firstUnit` where the range is empty. */
  readonly lastUnit: number;
}

function spanOf(range: Range, { size, unitSize }: Units): Span | string {
  const length = Math.max(0, Math.min(range.length, size - range.offset));
  if (!(length <= READ_SIZE_MAX)) return `more than ${READ_SIZE_MAX} bytes at once`;
  const firstUnit = Math.floor(range.offset / unitSize);
  const lastUnit = length === 0 ? firstUnit - 1 : Math.floor((range.offset + length - 1) / unitSize);
  return { offset: range.offset, length, firstUnit, lastUnit };
}

function unpackUnit(units: Units, unit: number, packed: Packed | undefined): ReadResult {
  const result = unpackWholeUnit(units, unit, packed);
  const initialised = (units.initialisedSize ?? units.size) - unit * units.unitSize;
  if (!result.ok || initialised >= result.bytes.length) return result;
  return { ok: true, bytes: copyBytes(result.bytes).fill(0, Math.max(0, initialised)) };
}

function unpackWholeUnit(units: Units, unit: number, packed: Packed | undefined): ReadResult {
  const length = Math.min(units.unitSize, units.size - unit * units.unitSize);
  if (packed === undefined) return NO_ANSWER;
  if (packed.kind === 'lost') return lost(packed.problem);
  if (packed.kind === 'zeros') return { ok: true, bytes: new Uint8Array(length) };
  if (packed.kind === 'plain') {
    if (packed.bytes.length < length)
      return lost(`unit ${unit} has ${packed.bytes.length} of ${length} bytes`);
    return { ok: true, bytes: packed.bytes.subarray(0, length) };
  }
  const decoded = tryDecode(() => units.unpack(packed.bytes, length));
  return decoded.ok ? { ok: true, bytes: decoded.value } : lost(`unit ${unit}: ${decoded.error.message}`);
}

function lost(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}
