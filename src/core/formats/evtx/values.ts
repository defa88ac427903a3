import { type ChunkBytes, expectBytes } from './chunk-bytes.ts';
import { VALUE } from './tokens.ts';

/** Bytes of a value's specification: size, type, a zero. */
const SPEC_SIZE = 4;

/** [MS-EVEN6] 2.2.12 TemplateInstanceData: the values of one instance, where they lie. A value that is not there is null. */
export interface Values {
  readonly count: number;
  /** Where their specifications begin in the chunk, and where the last value ends. */
  readonly start: number;
  readonly end: number;
  typeAt(index: number): number;
  /** In the chunk. */
  offsetAt(index: number): number;
  /** In bytes. */
  sizeAt(index: number): number;
}

class StoredValues implements Values {
  readonly count: number;
  readonly start: number;
  readonly end: number;
  readonly #view: DataView;
  /** Where each value begins, and where the last one ends. */
  readonly #bounds: readonly number[];

  constructor(view: DataView, specs: number, bounds: readonly number[]) {
    this.count = bounds.length - 1;
    this.#view = view;
    this.start = specs;
    this.end = bounds[bounds.length - 1] ?? specs;
    this.#bounds = bounds;
  }

  typeAt(index: number): number {
    return index < this.count ? this.#view.getUint8(this.start + index * SPEC_SIZE + 2) : VALUE.NULL;
  }

  offsetAt(index: number): number {
    return this.#bounds[index] ?? 0;
  }

  sizeAt(index: number): number {
    return index < this.count ? (this.#bounds[index + 1] ?? 0) - (this.#bounds[index] ?? 0) : 0;
  }
}

/** What elements without a template are filled with. */
export const NO_VALUES: Values = new StoredValues(new DataView(new ArrayBuffer(0)), 0, [0]);

/** The values at `at`, which have to end before `end`. */
export function readValues({ view }: ChunkBytes, at: number, end: number): Values {
  const context = 'BinXml TemplateInstanceData';
  expectBytes(context, at, 4, end);
  const count = view.getUint32(at, true);
  const specs = at + 4;
  expectBytes(context, specs, count * SPEC_SIZE, end);
  const first = specs + count * SPEC_SIZE;
  const bounds = new Array<number>(count + 1);
  let bound = first;
  for (let index = 0; index < count; index += 1) {
    bounds[index] = bound;
    bound += view.getUint16(specs + index * SPEC_SIZE, true);
  }
  bounds[count] = bound;
  expectBytes(context, first, bound - first, end);
  return new StoredValues(view, specs, bounds);
}

/** Whether a value is there: it has an index that the instance has, and another type than null. */
export function hasValue(values: Values, index: number): boolean {
  return values.typeAt(index) !== VALUE.NULL;
}
