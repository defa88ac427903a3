// Small VHDs, written after Microsoft's "Virtual Hard Disk Image Format Specification" (October 2006).
// qemu writes no differencing disks, and no blocks this small.
import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import { concat, Writer } from '../../../../src/core/bytes/writer.ts';

const SECTOR = 512;

export interface VhdBlock {
  /** As many bytes as a block has. */
  readonly data: Uint8Array;
  /** Which of its sectors are in this file; all of them unless said. */
  readonly has?: (sector: number) => boolean;
}

export interface VhdPlan {
  /** Bytes, a multiple of 512. */
  readonly size: number;
  /** Bytes, a multiple of 512. */
  readonly blockSize: number;
  readonly blocks: ReadonlyMap<number, VhdBlock>;
  /** The byte that its unique id is made of. */
  readonly id: number;
  readonly parent?: { readonly id: number; readonly name: string; readonly relative?: string };
}

/** The text form of an id. */
export function vhdId(byte: number): string {
  const two = byte.toString(16).padStart(2, '0');
  return `${two.repeat(4)}-${two.repeat(2)}-${two.repeat(2)}-${two.repeat(2)}-${two.repeat(6)}`;
}

/** Footer copy, dynamic header, block table, parent path, blocks with their bitmaps, footer. */
export function buildVhd(plan: VhdPlan): Uint8Array {
  const { blockSize } = plan;
  const entries = Math.ceil(plan.size / blockSize);
  const tableOffset = SECTOR + 1024;
  const tableLength = roundUp(entries * 4);
  const path = plan.parent?.relative === undefined ? new Uint8Array(0) : encodeUtf16le(plan.parent.relative);
  const pathOffset = tableOffset + tableLength;
  const bitmapLength = roundUp(blockSize / SECTOR / 8);
  let next = pathOffset + roundUp(path.length);

  const table = new DataView(new ArrayBuffer(tableLength));
  for (let at = 0; at < tableLength; at += 4) table.setUint32(at, 0xffff_ffff, false);
  const bodies: Uint8Array[] = [];
  for (const [index, { data, has = () => true }] of plan.blocks) {
    table.setUint32(index * 4, next / SECTOR, false);
    const bitmap = new Uint8Array(bitmapLength);
    for (let sector = 0; sector < blockSize / SECTOR; sector += 1) {
      if (has(sector)) bitmap[sector >> 3] = (bitmap[sector >> 3] ?? 0) | (0x80 >> (sector & 7));
    }
    bodies.push(bitmap, data);
    next += bitmapLength + blockSize;
  }
  const footer = vhdFooter(plan.size, plan.parent === undefined ? 3 : 4, plan.id);
  return concat(
    footer,
    dynamicHeader(plan, entries, tableOffset, { offset: pathOffset, length: path.length }),
    new Uint8Array(table.buffer),
    path,
    new Uint8Array(roundUp(path.length) - path.length),
    ...bodies,
    footer,
  );
}

/** `type` 2 fixed, 3 dynamic, 4 differencing. */
export function vhdFooter(size: number, type: number, id: number): Uint8Array {
  const footer = new Writer(SECTOR)
    .bytes(ascii('conectix'))
    .u32be(2) // features: reserved, always set
    .u32be(0x0001_0000) // file format version
    .bytes(wide(type === 2 ? 0xffff_ffff_ffff_ffffn : 512n)) // data offset
    .u32be(0x1000_0000) // time stamp
    .bytes(ascii('win '))
    .u32be(0x000a_0000) // creator version
    .bytes(ascii('Wi2k'))
    .bytes(wide(BigInt(size))) // original size
    .bytes(wide(BigInt(size))) // current size
    .u16be(1) // cylinders, heads, sectors per track: rounded down on purpose
    .u8(1)
    .u8(1)
    .u32be(type)
    .u32be(0) // checksum, below
    .bytes(new Uint8Array(16).fill(id))
    .zeros(1 + 427)
    .toBytes();
  return withSum(footer, 64);
}

function dynamicHeader(
  plan: VhdPlan,
  entries: number,
  tableOffset: number,
  path: { readonly offset: number; readonly length: number },
): Uint8Array {
  const { parent } = plan;
  const name = new Uint8Array(512);
  for (const [index, char] of [...(parent?.name ?? '')].entries()) {
    new DataView(name.buffer).setUint16(index * 2, char.charCodeAt(0), false);
  }
  const header = new Writer(1024)
    .bytes(ascii('cxsparse'))
    .bytes(wide(0xffff_ffff_ffff_ffffn)) // data offset, unused
    .bytes(wide(BigInt(tableOffset)))
    .u32be(0x0001_0000) // header version
    .u32be(entries)
    .u32be(plan.blockSize)
    .u32be(0) // checksum, below
    .bytes(new Uint8Array(16).fill(parent?.id ?? 0))
    .u32be(0) // parent time stamp
    .u32be(0) // reserved
    .bytes(name);
  if (path.length > 0) {
    header
      .bytes(ascii('W2ru'))
      .u32be(roundUp(path.length) / SECTOR) // data space
      .u32be(path.length)
      .u32be(0) // reserved
      .bytes(wide(BigInt(path.offset)));
  }
  return withSum(header.zeros(1024 - header.length).toBytes(), 36);
}

/** One's complement of the sum of all bytes, put where it belongs. */
export function withSum(bytes: Uint8Array, at: number): Uint8Array {
  const summed = bytes.slice();
  summed.fill(0, at, at + 4);
  let sum = 0;
  for (const byte of summed) sum += byte;
  new DataView(summed.buffer).setUint32(at, ~sum >>> 0, false);
  return summed;
}

function wide(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, false);
  return bytes;
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function roundUp(length: number): number {
  return Math.ceil(length / SECTOR) * SECTOR;
}
