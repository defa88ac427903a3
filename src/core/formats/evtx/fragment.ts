import { DecodeError } from '../../bytes/decode-error.ts';
import { Reader } from '../../bytes/reader.ts';
import { expectBytes } from './chunk-bytes.ts';
import { parseNodes, type XmlSource } from './parse-xml.ts';
import type { PayloadCache } from './payload-cache.ts';
import type { Spare } from './spare.ts';
import { readTemplate, type TemplateCache, templateSize } from './template.ts';
import type { TextCache } from './text-cache.ts';
import { TOKEN } from './tokens.ts';
import { NO_VALUES, readValues, type Values } from './values.ts';
import type { Node } from './xml-tree.ts';

/** A chunk with the names and templates that were read from it. */
export interface FragmentSource extends XmlSource {
  readonly templates: TemplateCache;
  readonly texts: TextCache;
  readonly payloads: PayloadCache;
  readonly spare: Spare;
}

/** Nodes and the values that go into them. */
export interface Fragment {
  /** The same array for all instances of a template in one chunk. */
  readonly nodes: readonly Node[];
  readonly values: Values;
}

/** Token, its version, the template's identifier and the offset of its definition. */
const INSTANCE_SIZE = 1 + 1 + 4 + 4;

/**
 * [MS-EVEN6] 2.2.12 Fragment: what a record holds, and what a value of the BinXml type holds: an
 * instance of a template, or elements (forwarded events have no templates).
 */
export function readFragment(source: FragmentSource, at: number, end: number): Fragment {
  const { bytes } = source;
  let from = at;
  while (from < end && bytes[from] === TOKEN.FRAGMENT_HEADER) from += 4;
  if (from < end && bytes[from] === TOKEN.TEMPLATE_INSTANCE) return readInstance(source, from, end);
  if (!(from < end))
    throw new DecodeError('BinXml Fragment', at, { kind: 'truncated', needed: 1, remaining: 0 });
  const reader = new Reader(bytes.subarray(0, end), 'BinXml Fragment');
  reader.seek(from);
  return { nodes: parseNodes(source, reader, false), values: NO_VALUES };
}

/** [MS-EVEN6] 2.2.12 TemplateInstance, with its definition given by its offset; where that is the offset reached, it follows. */
function readInstance(source: FragmentSource, at: number, end: number): Fragment {
  expectBytes('BinXml TemplateInstance', at, INSTANCE_SIZE, end);
  const definition = source.view.getUint32(at + 6, true);
  const template = readTemplate(source, definition);
  let data = at + INSTANCE_SIZE;
  if (definition === data) data += templateSize(source, definition);
  return { nodes: template.nodes, values: readValues(source, data, end) };
}
