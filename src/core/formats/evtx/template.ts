import { type Decoded, DecodeError, tryDecode } from '../../bytes/decode-error.ts';
import { Reader } from '../../bytes/reader.ts';
import { CHUNK_SIZE } from './chunk-header.ts';
import { parseNodes, type XmlSource } from './parse-xml.ts';
import type { Node } from './xml-tree.ts';

/** The definition of a template: what all events of one kind have in common. */
export interface Template {
  readonly nodes: readonly Node[];
}

/** [libevtx] Template definition: the next one's offset, a GUID and the size of what follows. */
const DEFINITION_HEADER_SIZE = 4 + 16 + 4;

/**
 * Templates that were read, by the offset of their definition in the chunk; one that cannot be read is
 * read once as well. Each stands in bytes of its own, so that all together are no longer than a chunk.
 */
export class TemplateCache {
  readonly #templates = new Map<number, Decoded<Template>>();
  #left = CHUNK_SIZE;

  /** The template at an offset, `undefined` where it is not known. Throws what kept it from being read. */
  get(offset: number): Template | undefined {
    const known = this.#templates.get(offset);
    if (known === undefined || known.ok) return known?.value;
    throw known.error;
  }

  /** Reads the template at an offset, once. Throws what kept it from being read. */
  add(offset: number, size: number, read: () => Template): Template {
    const isOver = size > this.#left;
    if (!isOver) this.#left -= size;
    const known = isOver ? overlapping(offset) : tryDecode(read);
    this.#templates.set(offset, known);
    if (!known.ok) throw known.error;
    return known.value;
  }
}

function overlapping(offset: number): Decoded<Template> {
  const message = 'the templates of its chunk overlap';
  return {
    ok: false,
    error: new DecodeError('BinXml template definition', offset, { kind: 'invalid', message }),
  };
}

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
  const size = templateSize(source, offset);
  return source.templates.add(offset, size, () => {
    const reader = new Reader(source.bytes.subarray(0, offset + size), 'BinXml template definition');
    reader.seek(offset + DEFINITION_HEADER_SIZE);
    return { nodes: parseNodes(source, reader, true) };
  });
}
