import type { Attribute } from './attribute.ts';
import type { Run } from './mapping-pairs.ts';

/**
 * One attribute of a file, put together from all the records that hold a part of it.
 */
export interface Stream {
  readonly type: number;
  readonly name: string;
  readonly flags: number;
  /** Bytes. */
  readonly size: number;
  /** The whole value, where it is resident. */
  readonly value?: Uint8Array;
  /** Sorted by VCN, never overlapping; a VCN in none of them has been lost. */
  readonly runs: readonly Run[];
  readonly initialisedSize: number;
  /** Log2 of the clusters of a compression unit. */
  readonly unitShift: number;
}

/** Joins attribute records to streams. Parts that do not fit are left out and said through `problem`. */
export function joinStreams(
  attributes: readonly Attribute[],
  problem: (text: string) => void,
): readonly Stream[] {
  const groups = new Map<string, Attribute[]>();
  for (const attribute of attributes) {
    const key = `${attribute.type}:${attribute.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [attribute]);
    else group.push(attribute);
  }
  return [...groups.values()].flatMap((group) => joinGroup(group, problem));
}

function joinGroup(group: readonly Attribute[], problem: (text: string) => void): readonly Stream[] {
  const streams: Stream[] = [];
  const parts: (Attribute & { form: 'non-resident' })[] = [];
  for (const attribute of group) {
    if (attribute.form === 'non-resident') {
      parts.push(attribute);
      continue;
    }
    // There can be several resident ones: a $FILE_NAME for every name.
    const { type, name, flags, value } = attribute;
    const size = value.length;
    streams.push({ type, name, flags, size, value, runs: [], initialisedSize: size, unitShift: 0 });
  }
  parts.sort((one, two) => one.lowestVcn - two.lowestVcn);
  const [first] = parts;
  if (first === undefined) return streams;
  const label = `attribute 0x${first.type.toString(16)}${first.name === '' ? '' : ` ${first.name}`}`;
  if (first.lowestVcn !== 0) {
    problem(`${label}: its first part is missing`);
    return streams;
  }
  const runs: Run[] = [];
  let next = 0;
  for (const part of parts) {
    if (part.lowestVcn < next) {
      problem(`${label}: the part at cluster ${part.lowestVcn} overlaps the one before it`);
      continue;
    }
    if (part.lowestVcn > next)
      problem(`${label}: no part has the clusters from ${next} to ${part.lowestVcn - 1}`);
    runs.push(...part.runs);
    next = Math.max(next, part.highestVcn + 1);
  }
  const { type, name, flags, size, initialisedSize, unitShift } = first;
  streams.push({ type, name, flags, size, runs, initialisedSize, unitShift });
  return streams;
}
