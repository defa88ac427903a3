import type { EventField } from './event-field.ts';
import { type Expansion, fragmentOf, isOmitted, isPresent, plainText, repetitionOf } from './expand.ts';
import type { FragmentSource } from './fragment.ts';
import { VALUE } from './tokens.ts';
import type { Values } from './values.ts';
import type { Element, Node } from './xml-tree.ts';

/** What `collectFields` adds to. */
export interface Collected {
  fields: readonly EventField[];
  /** The text of the event, in the collector's language: only forwarded events bring it. */
  message: string | undefined;
}

/** Names of the fields of a classic event that come without one. */
const UNNAMED = 'param';

/** Fields out of what stands beside System. Throws `DecodeError`; what was collected before stays. */
export function collectFields(
  source: FragmentSource,
  payload: readonly Node[],
  values: Values,
  expansion: Expansion,
  into: Collected,
): void {
  const [only, second] = payload;
  const inner =
    only?.kind === 'substitution' && second === undefined
      ? fragmentOf(source, values, only.index, expansion)
      : undefined;
  const { nodes, values: own } = inner ?? { nodes: payload, values };
  const shared = source.payloads.fieldsOf(source, nodes, own);
  if (shared !== undefined) {
    into.fields = shared;
    return;
  }
  const fields: EventField[] = [];
  const visit = (element: Element, filled: Values): void => {
    collectFrom(source, element, filled, expansion, fields, into);
  };
  try {
    if (inner === undefined) eachElement(source, payload, values, expansion, visit);
    else expansion.nest(() => eachElement(source, nodes, own, expansion, visit));
  } finally {
    // An array that things are pushed to holds room for more: of many events that is a third of them all.
    into.fields = fields.slice();
  }
}

function collectFrom(
  source: FragmentSource,
  element: Element,
  values: Values,
  expansion: Expansion,
  fields: EventField[],
  into: Collected,
): void {
  switch (element.name) {
    case 'EventData':
      collectData(source, element.content, values, expansion, fields, { unnamed: 0 });
      break;
    case 'RenderingInfo':
      eachElement(source, element.content, values, expansion, (part, own) => {
        if (part.name === 'Message') into.message = plainText(source, part.content, own, expansion);
      });
      break;
    default:
      // UserData and its relatives: one element of the provider's own, and the fields in that.
      eachElement(source, element.content, values, expansion, (top, own) => {
        collectTree(source, top, '', own, expansion, fields);
      });
  }
}

/** Calls `visit` for every element among nodes, also those in values of binary XML, with the values that it is filled with. */
function eachElement(
  source: FragmentSource,
  nodes: readonly Node[],
  values: Values,
  expansion: Expansion,
  visit: (element: Element, values: Values) => void,
): void {
  for (const node of nodes) {
    expansion.node();
    if (node.kind === 'element') {
      expansion.look(node.attributes.length + node.content.length);
      if (isPresent(node, values)) visit(node, values);
    } else if (node.kind === 'substitution') {
      const inner = fragmentOf(source, values, node.index, expansion);
      if (inner === undefined) continue;
      expansion.nest(() => eachElement(source, inner.nodes, inner.values, expansion, visit));
    }
  }
}

function collectData(
  source: FragmentSource,
  nodes: readonly Node[],
  values: Values,
  expansion: Expansion,
  fields: EventField[],
  count: { unnamed: number },
): void {
  eachElement(source, nodes, values, expansion, (element, own) => {
    const given = element.attributes.find(({ name }) => name === 'Name');
    const name = given && plainText(source, given.value, own, expansion);
    if (element.name === 'Data' && !hasElements(element, own)) {
      eachText(source, element, own, expansion, (value) => {
        if (!name) count.unnamed += 1;
        fields.push({ name: name || `${UNNAMED}${count.unnamed}`, value });
      });
    } else if (element.name === 'Binary') {
      fields.push({ name: 'binary', value: plainText(source, element.content, own, expansion) });
    } else collectTree(source, element, name || element.name, own, expansion, fields);
  });
}

/** The leaves of a tree of elements, named by their path. */
function collectTree(
  source: FragmentSource,
  element: Element,
  path: string,
  values: Values,
  expansion: Expansion,
  fields: EventField[],
): void {
  for (const attribute of element.attributes) {
    const { name, value } = attribute;
    if (isOmitted(attribute, values)) continue;
    if (name === 'xmlns' || name.startsWith('xmlns:') || (name === 'Name' && path === '')) continue;
    fields.push({
      name: expansion.text(`${path}@${name}`),
      value: plainText(source, value, values, expansion),
    });
  }
  if (hasElements(element, values)) {
    eachElement(source, element.content, values, expansion, (child, own) => {
      const below = path === '' ? child.name : `${path}/${child.name}`;
      collectTree(source, child, expansion.text(below), own, expansion, fields);
    });
  } else if (element.content.length > 0) {
    eachText(source, element, values, expansion, (value) => {
      fields.push({ name: path === '' ? element.name : path, value });
    });
  }
}

function hasElements(element: Element, values: Values): boolean {
  return element.content.some(
    (node) =>
      node.kind === 'element' ||
      (node.kind === 'substitution' && values.typeAt(node.index) === VALUE.BIN_XML),
  );
}

/** The text of an element; one for each element of an array. */
function eachText(
  source: FragmentSource,
  element: Element,
  values: Values,
  expansion: Expansion,
  visit: (text: string) => void,
): void {
  const repetition = repetitionOf(source, element, values);
  if (repetition === undefined) {
    visit(plainText(source, element.content, values, expansion));
    return;
  }
  for (const text of repetition.texts) {
    expansion.node();
    visit(expansion.text(text));
  }
}
