// A small NTFS volume made by hand, so that a test can say what mkntfs never would: 512-byte sectors,
// clusters of 4 KiB, 64 records of 1 KiB at cluster 4, $UpCase at cluster 32, free clusters from 64 on.

import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import { concat, Writer } from '../../../../src/core/bytes/writer.ts';

export const CLUSTER = 4096;
export const RECORD = 1024;
export const RECORDS = 64;
export const MFT_LCN = 4;
export const FREE_LCN = 64;
const MIRROR_LCN = 2;
const UPCASE_LCN = 32;
const CLUSTERS = 256;

export const Type = {
  StandardInformation: 0x10,
  AttributeList: 0x20,
  VolumeName: 0x60,
  VolumeInformation: 0x70,
  Data: 0x80,
  IndexRoot: 0x90,
  IndexAllocation: 0xa0,
  ReparsePoint: 0xc0,
} as const;

/** A run of clusters; without `lcn` a hole. */
export interface BuiltRun {
  readonly lcn?: number;
  readonly clusters: number;
}

/** Mapping pairs with fields as short as they can be. */
export function encodeMappingPairs(runs: readonly BuiltRun[]): Uint8Array {
  const writer = new Writer();
  let before = 0n;
  for (const { lcn, clusters } of runs) {
    const length = signedBytes(BigInt(clusters));
    const delta = lcn === undefined ? new Uint8Array(0) : signedBytes(BigInt(lcn) - before);
    if (lcn !== undefined) before = BigInt(lcn);
    writer
      .u8((delta.length << 4) | length.length)
      .bytes(length)
      .bytes(delta);
  }
  return writer.u8(0).toBytes();
}

function signedBytes(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 8n) {
    bytes.push(Number(BigInt.asUintN(8, rest)));
    if (BigInt.asIntN(bytes.length * 8, value) === value) return Uint8Array.from(bytes);
  }
}

export function resident(type: number, value: Uint8Array, name = '', flags = 0): Uint8Array {
  const nameBytes = encodeUtf16le(name);
  const valueAt = align(24 + nameBytes.length);
  const length = align(valueAt + value.length);
  const writer = new Writer()
    .u32le(type)
    .u32le(length)
    .u8(0)
    .u8(name.length)
    .u16le(24)
    .u16le(flags)
    .u16le(0)
    .u32le(value.length)
    .u16le(valueAt)
    .u16le(0)
    .bytes(nameBytes);
  return padded(concat(padded(writer.toBytes(), valueAt), value), length);
}

export interface NonResident {
  readonly type: number;
  readonly name?: string;
  readonly runs: readonly BuiltRun[];
  readonly size: number;
  readonly initialisedSize?: number;
  readonly flags?: number;
  readonly unitShift?: number;
  readonly lowestVcn?: number;
  readonly highestVcn?: number;
  /** In place of the encoded runs. */
  readonly pairs?: Uint8Array;
}

export function nonResident(attribute: NonResident): Uint8Array {
  const { type, name = '', runs, size, flags = 0, unitShift = 0, lowestVcn = 0 } = attribute;
  const clusters = runs.reduce((sum, run) => sum + run.clusters, 0);
  const nameBytes = encodeUtf16le(name);
  const pairsAt = align(64 + nameBytes.length);
  const pairs = attribute.pairs ?? encodeMappingPairs(runs);
  const length = align(pairsAt + pairs.length);
  const writer = new Writer()
    .u32le(type)
    .u32le(length)
    .u8(1)
    .u8(name.length)
    .u16le(64)
    .u16le(flags)
    .u16le(0)
    .u64le(BigInt(lowestVcn))
    .u64le(BigInt.asUintN(64, BigInt(attribute.highestVcn ?? lowestVcn + clusters - 1)))
    .u16le(pairsAt)
    .u16le(unitShift)
    .u32le(0)
    .u64le(BigInt(clusters * CLUSTER))
    .u64le(BigInt(size))
    .u64le(BigInt(attribute.initialisedSize ?? size))
    .bytes(nameBytes);
  return padded(concat(padded(writer.toBytes(), pairsAt), pairs), length);
}

export interface BuiltRecord {
  readonly number: number;
  readonly attributes: readonly Uint8Array[];
  readonly isDirectory?: boolean;
  readonly isFree?: boolean;
  readonly sequence?: number;
  readonly base?: number;
}

export function encodeRecord(record: BuiltRecord): Uint8Array {
  const { number, attributes, isDirectory = false, isFree = false, sequence = 1, base } = record;
  const used = 56 + attributes.reduce((sum, { length }) => sum + length, 0) + 8;
  const header = new Writer()
    .bytes(new TextEncoder().encode('FILE'))
    .u16le(48)
    .u16le(3)
    .u64le(0n)
    .u16le(sequence)
    .u16le(1)
    .u16le(56)
    .u16le((isFree ? 0 : 1) | (isDirectory ? 2 : 0))
    .u32le(used)
    .u32le(RECORD)
    .bytes(base === undefined ? new Uint8Array(8) : reference(base))
    .u16le(9)
    .u16le(0)
    .u32le(number)
    .u64le(0n);
  const end = new Writer().u32le(0xffff_ffff).u32le(0);
  return protect(padded(concat(header.toBytes(), ...attributes, end.toBytes()), RECORD));
}

/** Puts an update sequence into a record whose array lies where its header says. */
export function protect(record: Uint8Array): Uint8Array {
  const view = new DataView(record.buffer, record.byteOffset);
  const array = view.getUint16(4, true);
  view.setUint16(array, 0x1234, true);
  for (let end = 512, at = array + 2; end <= record.length; end += 512, at += 2) {
    view.setUint16(at, view.getUint16(end - 2, true), true);
    view.setUint16(end - 2, 0x1234, true);
  }
  return record;
}

export function reference(record: number, sequence = 1): Uint8Array {
  return new Writer().u32le(record).u16le(0).u16le(sequence).toBytes();
}

export interface BuiltEntry {
  readonly name: string;
  readonly record: number;
  readonly isDirectory?: boolean;
  readonly namespace?: number;
  readonly subnode?: number;
}

/** The key of a directory's index. All times are 1601-01-01 plus the record's number in units of 100 ns. */
export function fileName(entry: BuiltEntry): Uint8Array {
  const time = BigInt(entry.record);
  return new Writer()
    .bytes(reference(5))
    .u64le(time)
    .u64le(time)
    .u64le(time)
    .u64le(time)
    .u64le(0n)
    .u64le(123n)
    .u32le(entry.isDirectory === true ? 0x1000_0000 : 0x20)
    .u32le(0)
    .u8(entry.name.length)
    .u8(entry.namespace ?? 1)
    .bytes(encodeUtf16le(entry.name))
    .toBytes();
}

/** Entries in the order they are given, and the last one, which may point to a subnode. */
export function indexNode(
  entries: readonly { readonly head: Uint8Array; readonly key: Uint8Array; readonly subnode?: number }[],
  lastSubnode?: number,
): Uint8Array {
  const encoded = [...entries, { head: new Uint8Array(8), key: new Uint8Array(0), subnode: lastSubnode }].map(
    ({ head, key, subnode }, index) => {
      const length = align(16 + key.length) + (subnode === undefined ? 0 : 8);
      const flags = (subnode === undefined ? 0 : 1) | (index === entries.length ? 2 : 0);
      const bytes = concat(
        head,
        new Writer().u16le(length).u16le(key.length).u16le(flags).u16le(0).toBytes(),
        key,
      );
      const body = padded(bytes, length - (subnode === undefined ? 0 : 8));
      return subnode === undefined ? body : concat(body, new Writer().u64le(BigInt(subnode)).toBytes());
    },
  );
  return concat(...encoded);
}

export function nameNode(entries: readonly BuiltEntry[], lastSubnode?: number): Uint8Array {
  return indexNode(
    entries.map((entry) => ({
      head: reference(entry.record),
      key: fileName(entry),
      ...(entry.subnode === undefined ? {} : { subnode: entry.subnode }),
    })),
    lastSubnode,
  );
}

export function indexRoot(node: Uint8Array, name = '$I30'): Uint8Array {
  const value = new Writer()
    .u32le(0x30)
    .u32le(1)
    .u32le(4096)
    .u32le(1)
    .u32le(16)
    .u32le(16 + node.length)
    .u32le(16 + node.length)
    .u32le(1)
    .bytes(node)
    .toBytes();
  return resident(Type.IndexRoot, value, name);
}

/** An INDX record of 4 KiB. */
export function indexRecord(vcn: number, node: Uint8Array): Uint8Array {
  const entriesAt = 40;
  const header = new Writer()
    .bytes(new TextEncoder().encode('INDX'))
    .u16le(40)
    .u16le(9)
    .u64le(0n)
    .u64le(BigInt(vcn))
    .u32le(entriesAt)
    .u32le(entriesAt + node.length)
    .u32le(4096 - 24)
    .u32le(1)
    .toBytes();
  return protect(padded(concat(padded(header, 24 + entriesAt), node), 4096));
}

export interface BuiltVolume {
  /** Records by number; those that every volume has can be replaced. */
  readonly records?: readonly BuiltRecord[];
  /** Bytes by cluster. */
  readonly clusters?: Readonly<Record<number, Uint8Array>>;
  readonly root?: readonly BuiltEntry[];
  /** The upper case of code units that differ from themselves, beside a to z. */
  readonly upcase?: Readonly<Record<string, string>>;
  readonly mftRuns?: readonly BuiltRun[];
}

export function buildVolume(built: BuiltVolume = {}): Uint8Array {
  const volume = new Uint8Array(CLUSTERS * CLUSTER);
  const boot = new Writer()
    .bytes(Uint8Array.of(0xeb, 0x52, 0x90))
    .bytes(new TextEncoder().encode('NTFS    '))
    .u16le(512)
    .u8(CLUSTER / 512)
    .bytes(new Uint8Array(26))
    .u64le(BigInt(CLUSTERS * 8 - 1))
    .u64le(BigInt(MFT_LCN))
    .u64le(BigInt(MIRROR_LCN))
    .u32le(0xf6)
    .u32le(0xf4)
    .u64le(0x1122_3344_5566_7788n)
    .toBytes();
  volume.set(boot, 0);
  volume.set(boot, volume.length - 512);

  const table = new Uint8Array(131_072);
  const view = new DataView(table.buffer);
  for (let unit = 0; unit < 65_536; unit += 1) {
    view.setUint16(unit * 2, unit >= 0x61 && unit <= 0x7a ? unit - 0x20 : unit, true);
  }
  for (const [from, to] of Object.entries(built.upcase ?? {})) {
    view.setUint16(from.charCodeAt(0) * 2, to.charCodeAt(0), true);
  }
  volume.set(table, UPCASE_LCN * CLUSTER);

  const mft = { type: Type.Data, size: RECORDS * RECORD };
  const records = new Map<number, BuiltRecord>(
    [
      {
        number: 0,
        attributes: [nonResident({ ...mft, runs: built.mftRuns ?? [{ lcn: MFT_LCN, clusters: 16 }] })],
      },
      {
        number: 3,
        attributes: [
          resident(Type.VolumeName, encodeUtf16le('Tést')),
          resident(Type.VolumeInformation, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 3, 1, 1, 0)),
        ],
      },
      { number: 5, isDirectory: true, attributes: [indexRoot(nameNode(built.root ?? []))] },
      {
        number: 10,
        attributes: [
          nonResident({ type: Type.Data, runs: [{ lcn: UPCASE_LCN, clusters: 32 }], size: table.length }),
        ],
      },
      ...(built.records ?? []),
    ].map((record) => [record.number, record]),
  );
  for (const record of records.values()) {
    volume.set(encodeRecord(record), MFT_LCN * CLUSTER + record.number * RECORD);
  }
  volume.set(volume.slice(MFT_LCN * CLUSTER, MFT_LCN * CLUSTER + 4 * RECORD), MIRROR_LCN * CLUSTER);
  for (const [lcn, bytes] of Object.entries(built.clusters ?? {})) volume.set(bytes, Number(lcn) * CLUSTER);
  return volume;
}

function align(size: number): number {
  return Math.ceil(size / 8) * 8;
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(size);
  result.set(bytes);
  return result;
}
