import { Reader } from '../../bytes/reader.ts';
import { parseNodes, type XmlSource } from './parse-xml.ts';
import type { Node } from './xml-tree.ts';

/** The definition of a template: what all events of one kind have in common. */
export interface Template {
  readonly nodes: readonly Node[];
}

/** [libevtx] Template definition: the next one's offset, a GUID and the size of what follows. */
const DEFINITION_HEADER_SIZE = 4 + 16 + 4;

/** Templates that were read, by the offset of their definition in the chunk. */
export type TemplateCache = Map<number, Template>;

/** The size of the definition at `offset`, its header included. */
export function templateSize(source: XmlSource, offset: number): number {
  const reader = new Reader(source.bytes, 'BinXml template definition');
  reader.seek(offset);
  reader.skip(20);
  const size = reader.u32le();
  reader.bytes(size);
  return DEFINITION_HEADER_SIZE + size;
}

/**
 * [MS-EVEN6] 2.2.12 TemplateDef: the definition at `offset` of the chunk.
 * It holds no instance of another template (its tokens do not allow one), so definitions cannot go round in circles.
 */
export function readTemplate(
  source: XmlSource & { readonly templates: TemplateCache },
  offset: number,
): Template {
  const known = source.templates.get(offset);
  if (known !== undefined) return known;
  const end = offset + templateSize(source, offset);
  const reader = new Reader(source.bytes.subarray(0, end), 'BinXml template definition');
  reader.seek(offset + DEFINITION_HEADER_SIZE);
  const template = { nodes: parseNodes(source, reader, true) };
  source.templates.set(offset, template);
  return template;
}
