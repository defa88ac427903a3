// A builder for small event logs: file header, chunks, records, binary XML with and without templates.
import { crc32 } from '../../../../src/core/bytes/crc32.ts';
import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import { concat, Writer } from '../../../../src/core/bytes/writer.ts';

export const CHUNK_SIZE = 65536;
export const NO_DEPENDENCY = 0xffff;

/** An element as it is to be stored. */
export interface ElementSpec {
  readonly name: string;
  /** An attribute without a part has nothing behind its name. */
  readonly attributes?: readonly (readonly [string, Part?])[];
  readonly content?: readonly (Part | ElementSpec)[];
  readonly dependency?: number;
}

/** A string is literal text, a number an optional substitution of that value. */
export type Part =
  | string
  | number
  | { readonly must: number }
  | { readonly entity: string }
  | { readonly char: number }
  | { readonly cdata: string }
  | { readonly instruction: string; readonly data: string };

export interface Value {
  readonly type: number;
  readonly bytes: Uint8Array | InnerXml;
  /** Instead of the true one. */
  readonly size?: number;
}

/** Binary XML in a value. */
export type InnerXml = (chunk: ChunkBuilder) => void;

export const value = (type: number, bytes: Uint8Array | readonly number[] | InnerXml): Value => ({
  type,
  bytes: typeof bytes === 'function' ? bytes : Uint8Array.from(bytes),
});
export const text = (content: string): Value => value(0x01, encodeUtf16le(content));
export const u16 = (number: number): Value => value(0x06, new Writer().u16le(number).toBytes());
export const u32 = (number: number): Value => value(0x08, new Writer().u32le(number).toBytes());
export const filetime = (time: bigint): Value => value(0x11, new Writer().u64le(time).toBytes());
export const NULL: Value = value(0, []);

/** One chunk: names and templates are stored where they are first used, and by their offset after that. */
export class ChunkBuilder {
  readonly #writer = new Writer(CHUNK_SIZE);
  readonly #names = new Map<string, number>();
  readonly #templates = new Map<ElementSpec, number>();
  readonly #ids: number[] = [];

  constructor() {
    this.#writer.zeros(512);
  }

  get length(): number {
    return this.#writer.length;
  }

  raw(bytes: Uint8Array | readonly number[]): this {
    this.#writer.bytes(bytes);
    return this;
  }

  /** A record with whatever `write` puts into it. */
  record(id: number, written: bigint, write: InnerXml): this {
    const start = this.length;
    this.#writer.u32le(0x2a2a).u32le(0).u64le(BigInt(id)).u64le(written);
    write(this);
    while ((this.length + 4) % 8 !== 0) this.#writer.u8(0);
    const size = this.length + 4 - start;
    this.#writer.u32le(size);
    this.#patch.push([start + 4, size]);
    this.#ids.push(id);
    return this;
  }

  /** A fragment that is an instance of a template. */
  instance(template: ElementSpec, values: readonly Value[]): this {
    const known = this.#templates.get(template);
    const here = this.length + 4 + 10;
    this.#writer
      .bytes([0x0f, 1, 1, 0, 0x0c, 1])
      .u32le(7)
      .u32le(known ?? here);
    if (known === undefined) {
      this.#templates.set(template, here);
      this.#writer.u32le(0).zeros(16).u32le(0);
      const start = this.length;
      this.#writer.bytes([0x0f, 1, 1, 0]);
      this.#element(template, true);
      this.#writer.u8(0);
      this.#patch.push([start - 4, this.length - start]);
    }
    this.#values(values);
    return this;
  }

  /** A fragment that is an element, as in forwarded events. */
  plain(element: ElementSpec): this {
    this.#writer.bytes([0x0f, 1, 1, 0]);
    this.#element(element, false);
    this.#writer.u8(0);
    return this;
  }

  #values(values: readonly Value[]): void {
    this.#writer.u32le(values.length);
    const specs = this.length;
    for (const { type, bytes, size } of values) {
      this.#writer
        .u16le(typeof bytes === 'function' ? 0 : (size ?? bytes.length))
        .u8(type)
        .u8(0);
    }
    for (const [index, { bytes }] of values.entries()) {
      const start = this.length;
      if (typeof bytes !== 'function') this.#writer.bytes(bytes);
      else {
        bytes(this);
        this.#sizes.push([specs + index * 4, this.length - start]);
      }
    }
  }

  #element({ name, attributes = [], content, dependency }: ElementSpec, inTemplate: boolean): void {
    this.#writer.u8(attributes.length > 0 ? 0x41 : 0x01);
    if (inTemplate) this.#writer.u16le(dependency ?? NO_DEPENDENCY);
    this.#writer.u32le(0);
    const start = this.length;
    this.#name(name);
    if (attributes.length > 0) {
      this.#writer.u32le(0);
      const list = this.length;
      for (const [index, [attribute, part]] of attributes.entries()) {
        this.#writer.u8(index + 1 < attributes.length ? 0x46 : 0x06);
        this.#name(attribute);
        if (part !== undefined) this.#part(part);
      }
      this.#patch.push([list - 4, this.length - list]);
    }
    if (content === undefined) this.#writer.u8(0x03);
    else {
      this.#writer.u8(0x02);
      for (const part of content) {
        if (typeof part === 'object' && 'name' in part) this.#element(part, inTemplate);
        else this.#part(part);
      }
      this.#writer.u8(0x04);
    }
    this.#patch.push([start - 4, this.length - start]);
  }

  #part(part: Part): void {
    if (typeof part === 'string') this.#text(0x05, part);
    else if (typeof part === 'number') this.#writer.u8(0x0e).u16le(part).u8(0x01);
    else if ('must' in part) this.#writer.u8(0x0d).u16le(part.must).u8(0x01);
    else if ('char' in part) this.#writer.u8(0x08).u16le(part.char);
    else if ('cdata' in part) this.#text(0x07, part.cdata);
    else if ('entity' in part) {
      this.#writer.u8(0x09);
      this.#name(part.entity);
    } else {
      this.#writer.u8(0x0a);
      this.#name(part.instruction);
      this.#text(0x0b, part.data);
    }
  }

  #text(token: number, content: string): void {
    this.#writer.u8(token);
    if (token === 0x05) this.#writer.u8(0x01);
    this.#writer.u16le(content.length).bytes(encodeUtf16le(content));
  }

  #name(name: string): void {
    const known = this.#names.get(name);
    this.#writer.u32le(known ?? this.length + 4);
    if (known !== undefined) return;
    this.#names.set(name, this.length);
    this.#writer.u32le(0).u16le(0).u16le(name.length).bytes(encodeUtf16le(name)).u16le(0);
  }

  /** Numbers of 32 and 16 bits that are known only after what they stand before. */
  readonly #patch: (readonly [number, number])[] = [];
  readonly #sizes: (readonly [number, number])[] = [];

  /** The chunk with its header; `spoil` changes the header before its checksums are made. */
  build(spoil: (view: DataView) => void = () => {}): Uint8Array {
    const bytes = new Uint8Array(CHUNK_SIZE);
    bytes.set(this.#writer.toBytes());
    const view = new DataView(bytes.buffer);
    for (const [at, number] of this.#patch) view.setUint32(at, number, true);
    for (const [at, number] of this.#sizes) view.setUint16(at, number, true);
    bytes.set(new TextEncoder().encode('ElfChnk'));
    const first = BigInt(this.#ids[0] ?? 1);
    const last = BigInt(this.#ids.at(-1) ?? 0);
    for (const at of [8, 24]) view.setBigUint64(at, first, true);
    for (const at of [16, 32]) view.setBigUint64(at, last, true);
    view.setUint32(40, 128, true);
    view.setUint32(48, this.length, true);
    spoil(view);
    view.setUint32(52, crc32(bytes.subarray(512, view.getUint32(48, true))), true);
    view.setUint32(124, crc32(bytes.subarray(128, 512), crc32(bytes.subarray(0, 120))), true);
    return bytes;
  }
}

/** A file header; its counters are what the caller wants them to be. */
export function fileHeader(
  counters: {
    firstChunk?: number;
    lastChunk?: number;
    nextRecordId?: number;
    chunks?: number;
    flags?: number;
  } = {},
): Uint8Array {
  const writer = new Writer(4096)
    .bytes(new TextEncoder().encode('ElfFile\0'))
    .u64le(BigInt(counters.firstChunk ?? 0))
    .u64le(BigInt(counters.lastChunk ?? 0))
    .u64le(BigInt(counters.nextRecordId ?? 1))
    .u32le(128)
    .u16le(1)
    .u16le(3)
    .u16le(4096)
    .u16le(counters.chunks ?? 1)
    .zeros(76);
  const checksum = crc32(writer.toBytes());
  return writer
    .u32le(counters.flags ?? 0)
    .u32le(checksum)
    .zeros(3968)
    .toBytes();
}

/** A log of chunks; `undefined` is a slot that was never used. The header says that it was not closed. */
export function buildLog(
  chunks: readonly (Uint8Array | undefined)[],
  header = fileHeader({ flags: 1 }),
): Uint8Array {
  return concat(header, ...chunks.map((chunk) => chunk ?? new Uint8Array(CHUNK_SIZE)));
}

/** 2020-01-01 in FILETIME. */
export const NEW_YEAR = 132_223_104_000_000_000n;
export const SECOND = 10_000_000n;

/** The template that Windows stores most events with: System as values, and what else there is as one more. */
export const EVENT: ElementSpec = {
  name: 'Event',
  attributes: [['xmlns', 'http://schemas.microsoft.com/win/2004/08/events/event']],
  content: [
    {
      name: 'System',
      content: [
        {
          name: 'Provider',
          attributes: [
            ['Name', 0],
            ['EventSourceName', 7],
          ],
        },
        { name: 'EventID', attributes: [['Qualifiers', 2]], content: [1], dependency: 1 },
        { name: 'Level', content: [3], dependency: 3 },
        { name: 'TimeCreated', attributes: [['SystemTime', 4]] },
        { name: 'Channel', content: ['Test'] },
        { name: 'Computer', content: ['box'] },
        { name: 'Security', attributes: [['UserID', 6]] },
      ],
    },
    5,
  ],
};

export const PROVIDER = 'Test-Provider';

export interface EventSpec {
  readonly id?: number;
  readonly provider?: string;
  readonly source?: string;
  readonly qualifiers?: number;
  readonly time?: bigint;
  readonly payload?: InnerXml;
}

/** An event as Windows stores most: an instance of EVENT, with another template's instance for its data. */
export function storeEvent({ id = 1, provider, source, qualifiers, time, payload }: EventSpec): InnerXml {
  return (chunk) =>
    chunk.instance(EVENT, [
      text(provider ?? PROVIDER),
      u16(id),
      qualifiers === undefined ? NULL : u16(qualifiers),
      value(0x04, [4]),
      time === undefined ? NULL : filetime(time),
      payload === undefined ? NULL : value(0x21, payload),
      value(0x13, [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]),
      source === undefined ? NULL : text(source),
    ]);
}
