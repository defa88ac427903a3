import { type Decoded, tryDecode } from '../../bytes/decode-error.ts';
import type { StoredRecord } from './chunk.ts';
import {
  Expansion,
  fragmentOf,
  isOmitted,
  isPresent,
  plainText,
  type Repetition,
  repetitionOf,
  textOf,
} from './expand.ts';
import type { FragmentSource } from './fragment.ts';
import { RECORD_HEADER_SIZE } from './records.ts';
import { VALUE } from './tokens.ts';
import type { Values } from './values.ts';
import type { Element, Node } from './xml-tree.ts';

/**
 * [MS-EVEN6] 2.2.12 BinXml, by its emit rules: a record as XML text, without white space between
 * elements and with attributes in single quotes, as Event Viewer saves it.
 */
export function eventToXml({ chunk, offset, size }: StoredRecord): Decoded<string> {
  return tryDecode(() => {
    const writer: XmlWriter = { source: chunk, expansion: new Expansion(chunk), parts: [] };
    const fragment = chunk.fragmentAt(offset + RECORD_HEADER_SIZE, offset + size - 4);
    writeNodes(writer, fragment.nodes, fragment.values, undefined);
    return writer.parts.join('');
  });
}

interface XmlWriter {
  readonly source: FragmentSource;
  readonly expansion: Expansion;
  readonly parts: string[];
}

/** What one element of a repeated one has in place of the array. */
interface Item {
  readonly index: number;
  readonly text: string;
}

function writeNodes(writer: XmlWriter, nodes: readonly Node[], values: Values, item: Item | undefined): void {
  for (const node of nodes) {
    writer.expansion.node();
    switch (node.kind) {
      case 'element':
        if (isPresent(node, values)) writeElement(writer, node, values);
        break;
      case 'text':
        write(writer, node.cdata ? `<![CDATA[${node.text}]]>` : escapeText(node.text));
        break;
      case 'substitution':
        if (node.index === item?.index) write(writer, escapeText(item.text));
        else writeValue(writer, values, node.index);
        break;
      case 'entity':
        write(writer, `&${node.name};`);
        break;
      case 'instruction':
        write(writer, `<?${node.target} ${node.data}?>`);
        break;
    }
  }
}

function writeElement(writer: XmlWriter, element: Element, values: Values): void {
  writer.expansion.look(element.attributes.length + element.content.length);
  const repetition = repetitionOf(writer.source, element, values);
  if (repetition === undefined) writeOnce(writer, element, values, undefined);
  else for (const item of items(repetition)) writeOnce(writer, element, values, item);
}

function* items({ index, texts }: Repetition): Generator<Item> {
  for (const text of texts) yield { index, text };
}

function writeOnce(writer: XmlWriter, element: Element, values: Values, item: Item | undefined): void {
  write(writer, `<${element.name}`);
  for (const attribute of element.attributes) {
    if (isOmitted(attribute, values)) continue;
    const value = plainText(writer.source, attribute.value, values, writer.expansion);
    write(writer, ` ${attribute.name}='${escapeText(value).replaceAll("'", '&apos;')}'`);
  }
  if (element.empty) write(writer, '/>');
  else {
    write(writer, '>');
    writeNodes(writer, element.content, values, item);
    write(writer, `</${element.name}>`);
  }
}

function writeValue(writer: XmlWriter, values: Values, index: number): void {
  const inner = fragmentOf(writer.source, values, index, writer.expansion);
  if (inner !== undefined) {
    writer.expansion.nest(() => writeNodes(writer, inner.nodes, inner.values, undefined));
  } else if (values.typeAt(index) !== VALUE.BIN_XML) {
    writer.expansion.look(values.sizeAt(index));
    write(writer, escapeText(textOf(writer.source, values, index)));
  }
}

function write(writer: XmlWriter, text: string): void {
  writer.parts.push(writer.expansion.text(text));
}

/** Characters that XML 1.0 does not allow are replaced, so that what is written can be read. */
function escapeText(text: string): string {
  const escaped = /[&<>]/.test(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    : text;
  return escaped.replace(/\p{Cc}|[\uFFFE\uFFFF]/gu, (character) =>
    ALLOWED.has(character) ? character : '\uFFFD',
  );
}

/** [XML10] 2.2 Characters: the only control characters below U+0020. Those from U+007F on are allowed too. */
const ALLOWED: ReadonlySet<string> = new Set([
  '\t',
  '\n',
  '\r',
  ...Array.from({ length: 0x21 }, (_, index) => String.fromCharCode(0x7f + index)),
]);
