import { copyBytes } from '../../bytes/copy.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import type { Medium, Range, ReadResult, Walker } from '../walker.ts';
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

/** A medium over data that is compressed in units of equal size. As many rounds a read as `fetch` takes. */
export function unitMedium(units: Units): Medium {
  return {
    size: units.size,
    *read(ranges) {
      const spans = ranges.map((range) => spanOf(range, units));
      const wanted = new Set<number>();
      for (const span of spans) {
        if (typeof span === 'string') continue;
        for (let unit = span.firstUnit; unit <= span.lastUnit; unit += 1) wanted.add(unit);
      }
      const numbers = [...wanted];
      // A range may begin and end inside a unit.
      if (numbers.length * units.unitSize > READ_SIZE_MAX + 2 * units.unitSize) {
        return ranges.map(
          (): ReadResult => ({ ok: false, problem: `more than ${READ_SIZE_MAX} bytes at once` }),
        );
      }
      const packed = numbers.length === 0 ? [] : yield* units.fetch(numbers);
      const unpacked = new Map(
        numbers.map((unit, index) => [unit, unpackUnit(units, unit, packed[index])] as const),
      );
      return spans.map((span) => (typeof span === 'string' ? lost(span) : cut(span, units, unpacked)));
    },
  };
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
  if (packed === undefined) return lost('the medium gave no answer');
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

function cut(span: Span, units: Units, unpacked: ReadonlyMap<number, ReadResult>): ReadResult {
  const bytes = new Uint8Array(span.length);
  for (let unit = span.firstUnit; unit <= span.lastUnit; unit += 1) {
    const result = unpacked.get(unit) ?? lost('the medium gave no answer');
    if (!result.ok) return result;
    const from = unit * units.unitSize - span.offset;
    const part = from < 0 ? result.bytes.subarray(-from) : result.bytes;
    bytes.set(part.subarray(0, span.length - Math.max(0, from)), Math.max(0, from));
  }
  return { ok: true, bytes };
}

function lost(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}
