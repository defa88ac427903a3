/** Microsoft "Virtual Hard Disk Image Format Specification", October 2006: Hard Disk Footer and Dynamic Disk Header. Big-endian. */
import { toHex } from '../../bytes/hex.ts';
import { Reader } from '../../bytes/reader.ts';

export const VHD_FOOTER_LENGTH = 512;
export const VHD_DYNAMIC_HEADER_LENGTH = 1024;
const FOOTER_COOKIE = 0x636f6e6563746978n; // conectix
const HEADER_COOKIE = 0x6378737061727365n; // cxsparse

/** Seconds between 1970-01-01 and 2000-01-01, where the format's time begins. */
const EPOCH_SECONDS = 946_684_800;

export interface VhdFooter {
  /** Of the dynamic disk header, in bytes; 0xFFFFFFFFFFFFFFFF in a fixed disk. */
  readonly dataOffset: bigint;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly createdAt: number;
  /** Four characters: `vpc `, `win `, `qemu`, … */
  readonly creator: string;
  /** Current Size in bytes. The geometry, which some writers round down, is not believed. */
  readonly currentSize: bigint;
  /** 2 fixed, 3 dynamic, 4 differencing; others stay numbers. */
  readonly diskType: number;
  readonly uniqueId: string;
  /** The sum that stands there is right. */
  readonly checksumHolds: boolean;
}

export const VHD_DISK_TYPE = { fixed: 2, dynamic: 3, differencing: 4 } as const;

/** Hard Disk Footer, the first 512 of these bytes. Throws `DecodeError` where the cookie is missing. */
export function decodeVhdFooter(bytes: Uint8Array): VhdFooter {
  const r = new Reader(bytes, 'Hard Disk Footer').sub(VHD_FOOTER_LENGTH);
  if (!(r.u64be() === FOOTER_COOKIE)) r.fail('expected the cookie conectix');
  r.skip(4 + 4); // features, file format version
  const dataOffset = r.u64be();
  const createdAt = (r.u32be() + EPOCH_SECONDS) * 1000;
  const creator = String.fromCharCode(...r.bytes(4));
  r.skip(4 + 4 + 8); // creator version, creator host OS, original size
  const currentSize = r.u64be();
  r.skip(4); // geometry
  const diskType = r.u32be();
  const checksum = r.u32be();
  const uniqueId = readBigEndianGuid(r);
  return {
    dataOffset,
    createdAt,
    creator,
    currentSize,
    diskType,
    uniqueId,
    checksumHolds: checksum === checksumOf(bytes.subarray(0, VHD_FOOTER_LENGTH), 64),
  };
}

export interface VhdDynamicHeader {
  /** Of the Block Allocation Table, in bytes. */
  readonly tableOffset: bigint;
  readonly maxTableEntries: number;
  /** Bytes of data in a block, without its bitmap. */
  readonly blockSize: number;
  readonly parentUniqueId: string;
  readonly parentName: string;
  readonly locators: readonly VhdParentLocator[];
  readonly checksumHolds: boolean;
}

export interface VhdParentLocator {
  /** `W2ru` relative and `W2ku` absolute Windows path in UTF-16, `MacX` a URL; others stay. */
  readonly platform: string;
  /** Bytes. */
  readonly length: number;
  readonly offset: bigint;
}

/** Dynamic Disk Header, the first 1,024 of these bytes. Throws `DecodeError` where the cookie is missing. */
export function decodeVhdDynamicHeader(bytes: Uint8Array): VhdDynamicHeader {
  const r = new Reader(bytes, 'Dynamic Disk Header').sub(VHD_DYNAMIC_HEADER_LENGTH);
  if (!(r.u64be() === HEADER_COOKIE)) r.fail('expected the cookie cxsparse');
  r.skip(8); // data offset, unused
  const tableOffset = r.u64be();
  r.skip(4); // header version
  const maxTableEntries = r.u32be();
  const blockSize = r.u32be();
  const checksum = r.u32be();
  const parentUniqueId = readBigEndianGuid(r);
  r.skip(4 + 4); // parent time stamp, reserved
  let parentName = '';
  for (let unit = 0; unit < 256; unit += 1) {
    const code = r.u16be();
    if (code === 0) break;
    parentName += String.fromCharCode(code);
  }
  r.seek(576);
  const locators = Array.from({ length: 8 }, () => {
    const platform = String.fromCharCode(...r.bytes(4));
    r.skip(4); // data space, in sectors or bytes: writers differ
    const length = r.u32be();
    r.skip(4);
    return { platform, length, offset: r.u64be() };
  }).filter((locator) => locator.length > 0);
  return {
    tableOffset,
    maxTableEntries,
    blockSize,
    parentUniqueId,
    parentName,
    locators,
    checksumHolds: checksum === checksumOf(bytes.subarray(0, VHD_DYNAMIC_HEADER_LENGTH), 36),
  };
}

/** This format writes a UUID in network order throughout. */
function readBigEndianGuid(r: Reader): string {
  return toHex(r.bytes(16)).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** One's complement of the sum of all bytes but the four of the sum itself. */
function checksumOf(bytes: Uint8Array, sumAt: number): number {
  let sum = 0;
  for (const [index, byte] of bytes.entries()) if (index < sumAt || index >= sumAt + 4) sum += byte;
  return ~sum >>> 0;
}
