import { Reader } from '../../bytes/reader.ts';
import { type ChunkBytes, textAt } from './chunk-bytes.ts';
import { CHUNK_SIZE } from './chunk-header.ts';
import { MORE, TOKEN, VALUE } from './tokens.ts';
import type { Attribute, Element, Node } from './xml-tree.ts';

/** Elements inside elements; event manifests reach about ten. */
export const MAX_DEPTH = 64;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Names that were read, by their offset in the chunk. Each stands in bytes of its own, so that all of
 * them together have no more characters than a chunk: names that lie over each other are made to grow.
 */
export class NameCache {
  readonly #names = new Map<number, string>();
  #left = CHUNK_SIZE / 2;

  get(offset: number): string | undefined {
    return this.#names.get(offset);
  }

  /** False where there is no room for a name of this length. */
  hasRoomFor(length: number): boolean {
    return length <= this.#left;
  }

  set(offset: number, name: string): void {
    this.#left -= name.length;
    this.#names.set(offset, name);
  }
}

/** What the elements of one piece of binary XML are read with. */
export interface XmlSource extends ChunkBytes {
  readonly names: NameCache;
}

/**
 * [MS-EVEN6] 2.2.12 BinXml: the nodes from the reader's offset up to the end-of-file token, which it
 * passes over, or to the end of the reader.
 * @param reader its offsets are those of the chunk
 * @param inTemplate elements of a template definition carry a dependency identifier, others do not
 */
export function parseNodes(source: XmlSource, reader: Reader, inTemplate: boolean): Node[] {
  const nodes: Node[] = [];
  while (reader.remaining > 0) {
    const token = reader.peek();
    if (token === TOKEN.EOF) {
      reader.skip(1);
      break;
    }
    if (token === TOKEN.FRAGMENT_HEADER) reader.skip(4);
    else nodes.push(parseNode(source, reader, inTemplate, 0));
  }
  return nodes;
}

function parseNode(source: XmlSource, reader: Reader, inTemplate: boolean, depth: number): Node {
  const token = reader.u8();
  switch (token & ~MORE) {
    case TOKEN.OPEN_START_ELEMENT:
      return parseElement(source, reader, inTemplate, (token & MORE) !== 0, depth);
    case TOKEN.VALUE_TEXT: {
      const type = reader.u8();
      if (!(type === VALUE.STRING)) reader.fail(`expected text of type 1, received ${type}`);
      return { kind: 'text', text: lengthPrefixedText(source, reader), cdata: false };
    }
    case TOKEN.CDATA_SECTION:
      return { kind: 'text', text: lengthPrefixedText(source, reader), cdata: true };
    case TOKEN.CHAR_REF:
      return { kind: 'text', text: String.fromCharCode(reader.u16le()), cdata: false };
    case TOKEN.ENTITY_REF: {
      const name = parseName(source, reader);
      const text = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
      return text === undefined ? { kind: 'entity', name } : { kind: 'text', text, cdata: false };
    }
    case TOKEN.PI_TARGET: {
      const target = parseName(source, reader);
      if (reader.peek() !== TOKEN.PI_DATA) return { kind: 'instruction', target, data: '' };
      reader.skip(1);
      return { kind: 'instruction', target, data: lengthPrefixedText(source, reader) };
    }
    case TOKEN.NORMAL_SUBSTITUTION:
    case TOKEN.OPTIONAL_SUBSTITUTION: {
      const index = reader.u16le();
      // The type that the template expects; what counts is the one beside the value.
      reader.skip(1);
      return { kind: 'substitution', index, optional: token === TOKEN.OPTIONAL_SUBSTITUTION };
    }
    default:
      return reader.fail(`a token 0x${token.toString(16)} does not belong here`);
  }
}

/** From behind the token of its start tag to behind that of its end. */
function parseElement(
  source: XmlSource,
  reader: Reader,
  inTemplate: boolean,
  hasAttributes: boolean,
  depth: number,
): Element {
  if (!(depth < MAX_DEPTH)) reader.fail(`more than ${MAX_DEPTH} elements inside each other`);
  const dependency = inTemplate ? reader.u16le() : 0xffff;
  // Its size: the tokens say where it ends.
  reader.skip(4);
  const name = parseName(source, reader);
  const attributes: Attribute[] = [];
  if (hasAttributes) {
    // The size of their list: as above.
    reader.skip(4);
    while (((reader.peek() ?? 0) & ~MORE) === TOKEN.ATTRIBUTE) {
      reader.skip(1);
      attributes.push(parseAttribute(source, reader));
    }
  }
  const content: Node[] = [];
  const close = reader.u8();
  if (close === TOKEN.CLOSE_START_ELEMENT) {
    while (reader.peek() !== TOKEN.END_ELEMENT) {
      content.push(parseNode(source, reader, inTemplate, depth + 1));
    }
    reader.skip(1);
  } else if (!(close === TOKEN.CLOSE_EMPTY_ELEMENT)) {
    reader.fail(`expected the end of a start tag, found a token 0x${close.toString(16)}`);
  }
  return {
    kind: 'element',
    name,
    dependency: dependency === 0xffff ? undefined : dependency,
    attributes,
    content,
    empty: close === TOKEN.CLOSE_EMPTY_ELEMENT,
  };
}

function parseAttribute(source: XmlSource, reader: Reader): Attribute {
  const name = parseName(source, reader);
  const value: Node[] = [];
  for (;;) {
    switch ((reader.peek() ?? 0) & ~MORE) {
      case TOKEN.VALUE_TEXT:
      case TOKEN.CHAR_REF:
      case TOKEN.ENTITY_REF:
      case TOKEN.NORMAL_SUBSTITUTION:
      case TOKEN.OPTIONAL_SUBSTITUTION:
        value.push(parseNode(source, reader, false, 0));
        break;
      default:
        return { name, value };
    }
  }
}

/**
 * [libevtx] Name. In an event log a name is given by its offset in the chunk; where that is the offset
 * reached, the name itself follows. The next name of the same hash, which it begins with, is not looked at.
 */
function parseName(source: XmlSource, reader: Reader): string {
  const offset = reader.u32le();
  if (offset === reader.offset) {
    reader.skip(4 + 2);
    reader.skip(reader.u16le() * 2 + 2);
  }
  return source.names.get(offset) ?? readName(source, offset);
}

function readName(source: XmlSource, offset: number): string {
  const reader = new Reader(source.bytes, 'BinXml Name');
  reader.seek(offset);
  reader.skip(4 + 2);
  const length = reader.u16le() * 2;
  if (!source.names.hasRoomFor(length / 2)) reader.fail('the names of its chunk overlap');
  const at = reader.offset;
  reader.skip(length + 2);
  const name = textAt(source, at, length);
  source.names.set(offset, name);
  return name;
}

function lengthPrefixedText(source: XmlSource, reader: Reader): string {
  const length = reader.u16le() * 2;
  const at = reader.offset;
  reader.skip(length);
  return textAt(source, at, length);
}
