import { type ChunkBytes, expectBytes } from './chunk-bytes.ts';
import { VALUE } from './tokens.ts';

/**
 * [MS-EVEN6] 2.2.12 TemplateInstanceData: the values of one instance, where they lie.
 * Offsets are those of the chunk.
 */
export interface Values {
  readonly count: number;
  readonly types: readonly number[];
  readonly offsets: readonly number[];
  /** In bytes. */
  readonly sizes: readonly number[];
}

export const NO_VALUES: Values = { count: 0, types: [], offsets: [], sizes: [] };

/** The values at `at`, which have to end before `end`. */
export function readValues({ view }: ChunkBytes, at: number, end: number): Values {
  const context = 'BinXml TemplateInstanceData';
  expectBytes(context, at, 4, end);
  const count = view.getUint32(at, true);
  expectBytes(context, at + 4, count * 4, end);
  const types: number[] = [];
  const offsets: number[] = [];
  const sizes: number[] = [];
  let spec = at + 4;
  let data = spec + count * 4;
  for (let index = 0; index < count; index += 1) {
    const size = view.getUint16(spec, true);
    types.push(view.getUint8(spec + 2));
    offsets.push(data);
    sizes.push(size);
    data += size;
    spec += 4;
  }
  expectBytes(context, at + 4 + count * 4, data - (at + 4 + count * 4), end);
  return { count, types, offsets, sizes };
}

/** Whether a value is there: it has an index that the instance has, and another type than null. */
export function hasValue(values: Values, index: number): boolean {
  return (values.types[index] ?? VALUE.NULL) !== VALUE.NULL;
}
