import type { ChunkBytes } from './chunk-bytes.ts';
import type { EventField } from './event-field.ts';
import { isSame, sampleOf } from './same-bytes.ts';
import type { TextCache } from './text-cache.ts';
import { ARRAY, VALUE } from './tokens.ts';
import type { Values } from './values.ts';
import type { Node } from './xml-tree.ts';

/** `Data` elements with a name and one value each, and nothing else: what nearly all events are about. */
interface NamedData {
  readonly name: string;
  /** Of its value. */
  readonly index: number;
}

/** More fields than real events have; it bounds what all the records of a chunk can grow to. */
const MOST_FIELDS = 64;

/** Bytes of the longest values that are compared, specifications included. */
const LONGEST = 1024;
/** A power of two. */
const SLOTS = 256;

type Source = ChunkBytes & { readonly texts: TextCache };

interface Kept {
  readonly nodes: readonly Node[];
  readonly at: number;
  readonly size: number;
  readonly fields: readonly EventField[];
}

/**
 * Fields of the events of one chunk. A log that somebody hammers at says the same tens of thousands of
 * times: events that are about the same share one list of fields, found by comparing the bytes of their
 * values, which is quicker than reading them and leaves nothing behind for the garbage collection.
 */
export class PayloadCache {
  readonly #plans = new Map<readonly Node[], readonly NamedData[] | undefined>();
  readonly #kept: (Kept | undefined)[] = new Array<Kept | undefined>(SLOTS).fill(undefined);

  /**
   * What `collectFields` would find in a payload of named values; `undefined` where it is anything else.
   * No value is put in twice, and none holds binary XML or an array, so that the texts are no longer than
   * a few times the record: nothing here has to be counted.
   */
  fieldsOf(source: Source, nodes: readonly Node[], values: Values): readonly EventField[] | undefined {
    const plan = this.#planOf(nodes);
    if (plan === undefined || !plan.every(({ index }) => isPlain(values, index))) return undefined;
    const { start, end } = values;
    const size = end - start;
    if (size > LONGEST) return readFields(source, plan, values);
    const slot = sampleOf(source.bytes, start, size) & (SLOTS - 1);
    const kept = this.#kept[slot];
    if (
      kept !== undefined &&
      kept.nodes === nodes &&
      kept.size === size &&
      isSame(source.bytes, kept.at, start, size)
    ) {
      return kept.fields;
    }
    const fields = readFields(source, plan, values);
    this.#kept[slot] = { nodes, at: start, size, fields };
    return fields;
  }

  #planOf(nodes: readonly Node[]): readonly NamedData[] | undefined {
    const known = this.#plans.get(nodes);
    if (known !== undefined || this.#plans.has(nodes)) return known;
    const plan = planData(nodes);
    this.#plans.set(nodes, plan);
    return plan;
  }
}

function planData(nodes: readonly Node[]): readonly NamedData[] | undefined {
  const [only, second] = nodes;
  if (only?.kind !== 'element' || second !== undefined) return undefined;
  if (only.name !== 'EventData' || only.dependency !== undefined) return undefined;
  if (only.content.length > MOST_FIELDS) return undefined;
  const plan: NamedData[] = [];
  for (const node of only.content) {
    if (node.kind !== 'element' || node.name !== 'Data' || node.dependency !== undefined) return undefined;
    const name = constantName(node.attributes);
    const [value, further] = node.content;
    if (name === undefined || value?.kind !== 'substitution' || further !== undefined) return undefined;
    plan.push({ name, index: value.index });
  }
  return new Set(plan.map(({ index }) => index)).size === plan.length ? plan : undefined;
}

/** The text of a Name that is the same for all instances, where it is the only attribute. */
function constantName(
  attributes: readonly { readonly name: string; readonly value: readonly Node[] }[],
): string | undefined {
  const [only, second] = attributes;
  const [part, further] = only?.value ?? [];
  if (only?.name !== 'Name' || second !== undefined || further !== undefined) return undefined;
  return part?.kind === 'text' && part.text !== '' ? part.text : undefined;
}

function isPlain(values: Values, index: number): boolean {
  const type = values.typeAt(index);
  return (type & ARRAY) === 0 && type !== VALUE.BIN_XML;
}

function readFields(source: Source, plan: readonly NamedData[], values: Values): readonly EventField[] {
  return plan.map(({ name, index }) => ({ name, value: textOf(source, values, index) }));
}

function textOf(source: Source, values: Values, index: number): string {
  return source.texts.textOf(source, values.typeAt(index), values.offsetAt(index), values.sizeAt(index));
}
