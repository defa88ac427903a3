import { chunkBytes } from './chunk-bytes.ts';
import type { ChunkHeader } from './chunk-header.ts';
import { type EventPlan, planEvent } from './event-plan.ts';
import { type Fragment, type FragmentSource, readFragment } from './fragment.ts';
import { NameCache } from './parse-xml.ts';
import { PayloadCache } from './payload-cache.ts';
import { newSpare } from './spare.ts';
import { TemplateCache } from './template.ts';
import { TextCache } from './text-cache.ts';
import type { Node } from './xml-tree.ts';

/** A chunk in memory, with what was read from it so far: names and templates are shared by its records, and by no others. */
export class Chunk implements FragmentSource {
  /** Which chunk of the file it is, from 0. */
  readonly slot: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** `undefined` where it is not readable. */
  readonly header: ChunkHeader | undefined;
  readonly names = new NameCache();
  readonly templates = new TemplateCache();
  readonly texts = new TextCache();
  readonly payloads = new PayloadCache();
  readonly spare = newSpare();
  readonly #plans = new Map<readonly Node[], EventPlan>();

  constructor(slot: number, bytes: Uint8Array, header: ChunkHeader | undefined) {
    this.slot = slot;
    this.header = header;
    const { view } = chunkBytes(bytes);
    this.bytes = bytes;
    this.view = view;
  }

  fragmentAt(at: number, end: number): Fragment {
    return readFragment(this, at, end);
  }

  /** Where the fields of an event stand; found out once for all instances of a template. */
  planOf({ nodes }: Fragment): EventPlan {
    let plan = this.#plans.get(nodes);
    if (plan === undefined) {
      plan = planEvent(nodes);
      this.#plans.set(nodes, plan);
    }
    return plan;
  }
}

/** A record where it lies in its chunk. */
export interface StoredRecord {
  readonly chunk: Chunk;
  /** Offset in the chunk. */
  readonly offset: number;
  /** In bytes, header and trailer included. */
  readonly size: number;
  /** Its number in this file; EventRecordID as a rule. */
  readonly id: number;
  /** FILETIME of when it was written; 0 in some exported logs. */
  readonly written: bigint;
}

export function chunkName(slot: number): string {
  return `chunk ${slot}`;
}

export function recordName({ chunk, id }: StoredRecord): string {
  return `record ${id} in ${chunkName(chunk.slot)}`;
}
