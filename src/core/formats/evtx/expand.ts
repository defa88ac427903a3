import { DecodeError } from '../../bytes/decode-error.ts';
import { type Fragment, type FragmentSource, readFragment } from './fragment.ts';
import type { Spare } from './spare.ts';
import { ARRAY, VALUE } from './tokens.ts';
import { arrayTexts } from './value-text.ts';
import { hasValue, type Values } from './values.ts';
import type { Attribute, Element, Node } from './xml-tree.ts';

/**
 * How much one record may grow to. A record has at most 65,000 bytes, but a value can be put in many
 * times and hold such values itself, which doubles with every level.
 */
const MAX_NODES = 1 << 17;
const MAX_CHARACTERS = 1 << 20;

/** What every record may grow to, whatever else its chunk holds: real ones come nowhere near. */
const LEAST_NODES = 1 << 11;
const LEAST_CHARACTERS = 1 << 15;

/** Binary XML inside values of binary XML; Windows writes one level, forwarding services two. */
const MAX_NESTING = 16;

/** Counts what putting values into one record costs, and ends it where that goes too far. */
export class Expansion {
  readonly #spare: Spare;
  #nodes = 0;
  #characters = 0;
  #nesting = 0;

  constructor({ spare }: FragmentSource) {
    this.#spare = spare;
  }

  node(): void {
    this.#nodes += 1;
    if (this.#nodes <= LEAST_NODES) return;
    this.#spare.nodes -= 1;
    if (!(this.#nodes <= MAX_NODES && this.#spare.nodes >= 0))
      this.#fail(`more than ${this.#nodes - 1} nodes`);
  }

  /** What looking at something costs, whatever it comes to. */
  look(count: number): void {
    const before = this.#characters;
    this.#characters += count;
    if (this.#characters <= LEAST_CHARACTERS) return;
    // What goes too far was not put together, and takes nothing from the others.
    if (!(this.#characters <= MAX_CHARACTERS)) this.#fail(`more than ${MAX_CHARACTERS} characters`);
    const excess = this.#characters - Math.max(before, LEAST_CHARACTERS);
    if (!(excess <= this.#spare.characters)) {
      this.#fail('more characters than the records of its chunk may have together');
    }
    this.#spare.characters -= excess;
  }

  text(text: string): string {
    this.look(text.length);
    return text;
  }

  nest<T>(run: () => T): T {
    if (!(this.#nesting < MAX_NESTING)) this.#fail(`binary XML more than ${MAX_NESTING} deep in itself`);
    this.#nesting += 1;
    const result = run();
    this.#nesting -= 1;
    return result;
  }

  #fail(what: string): never {
    throw new DecodeError('BinXml', 0, { kind: 'invalid', message: `it grows to ${what}` });
  }
}

/** The text of a value, arrays with their elements one after the other; binary XML is the caller's business. */
export function textOf(source: FragmentSource, values: Values, index: number): string {
  if (!(index < values.count)) return '';
  const type = values.typeAt(index);
  const at = values.offsetAt(index);
  const size = values.sizeAt(index);
  if ((type & ARRAY) === 0) return source.texts.textOf(source, type, at, size);
  return arrayTexts(source, type, at, size).join('');
}

/** The binary XML that a value is; `undefined` where it is another type, or empty. */
export function fragmentOf(
  source: FragmentSource,
  values: Values,
  index: number,
  expansion: Expansion,
): Fragment | undefined {
  if (values.typeAt(index) !== VALUE.BIN_XML || values.sizeAt(index) === 0) return undefined;
  expansion.look(values.sizeAt(index));
  const at = values.offsetAt(index);
  return readFragment(source, at, at + values.sizeAt(index));
}

/** Whether an element is there at all: the one whose value is null is left out with it. */
export function isPresent({ dependency }: Element, values: Values): boolean {
  return dependency === undefined || hasValue(values, dependency);
}

/** Whether an attribute is left out: all of it are optional values, and they are null. */
export function isOmitted({ value }: Attribute, values: Values): boolean {
  return (
    value.length > 0 &&
    value.every((node) => node.kind === 'substitution' && node.optional && !hasValue(values, node.index))
  );
}

/** An element that is repeated for every element of an array in its content. */
export interface Repetition {
  /** Index of the value that is the array. */
  readonly index: number;
  /** At least one: an empty array makes one empty element. */
  readonly texts: readonly string[];
}

export function repetitionOf(
  source: FragmentSource,
  { content }: Element,
  values: Values,
): Repetition | undefined {
  for (const node of content) {
    if (node.kind !== 'substitution') continue;
    const type = values.typeAt(node.index);
    if ((type & ARRAY) === 0) continue;
    const at = values.offsetAt(node.index);
    const texts = arrayTexts(source, type, at, values.sizeAt(node.index));
    return { index: node.index, texts: texts.length === 0 ? [''] : texts };
  }
  return undefined;
}

/** Character data of nodes that are not elements: what stands in an attribute, or in an element without others. */
export function plainText(
  source: FragmentSource,
  nodes: readonly Node[],
  values: Values,
  expansion: Expansion,
): string {
  let text = '';
  for (const node of nodes) {
    expansion.node();
    if (node.kind === 'text') text += expansion.text(node.text);
    else if (node.kind === 'substitution') {
      expansion.look(values.sizeAt(node.index));
      text += expansion.text(textOf(source, values, node.index));
    } else if (node.kind === 'entity') text += expansion.text(`&${node.name};`);
  }
  return text;
}
