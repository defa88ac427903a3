// Small VHDXs, written after [MS-VHDX]: dynamic and differencing, with a log that was not emptied.
// qemu writes neither differencing disks nor dirty ones.
import { crc32c } from '../../../../src/core/bytes/crc32.ts';
import { fromHex } from '../../../../src/core/bytes/hex.ts';
import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';
import { concat, Writer } from '../../../../src/core/bytes/writer.ts';

export const KIB = 1024;
export const MIB = 1024 * 1024;

/** Where the parts of these images lie; blocks follow the block table. */
export const LAYOUT = { log: MIB, logLength: MIB, metadata: 2 * MIB, bat: 3 * MIB, blocks: 4 * MIB } as const;

export const STATE = { notPresent: 0, undefined: 1, zero: 2, unmapped: 3, full: 6, partial: 7 } as const;

export interface VhdxBlock {
  readonly state: number;
  /** As many bytes as a block has; none for states without data. */
  readonly data?: Uint8Array;
  /** Which sectors are in this file, where the state is partial. */
  readonly has?: (sector: number) => boolean;
}

export interface VhdxPlan {
  readonly size: number;
  /** A power of two from 1 MiB. */
  readonly blockSize: number;
  readonly sectorSize?: 512 | 4096;
  readonly blocks: ReadonlyMap<number, VhdxBlock>;
  /** The byte that its DataWriteGuid is made of. */
  readonly id: number;
  readonly parent?: ReadonlyMap<string, string>;
  /** The byte that the LogGuid is made of; 0: the log is empty. */
  readonly logId?: number;
  readonly log?: Uint8Array;
}

/** The text form of an id. */
export function vhdxId(byte: number): string {
  const two = byte.toString(16).padStart(2, '0');
  return `${two.repeat(4)}-${two.repeat(2)}-${two.repeat(2)}-${two.repeat(2)}-${two.repeat(6)}`;
}

export function buildVhdx(plan: VhdxPlan): Uint8Array {
  const { blockSize, sectorSize = 512 } = plan;
  const ratio = (2 ** 23 * sectorSize) / blockSize;
  const bat = new DataView(new ArrayBuffer(MIB));
  const tail: Uint8Array[] = [];
  let next: number = LAYOUT.blocks;
  const place = (bytes: Uint8Array): number => {
    const at = next;
    const padded = Math.ceil(bytes.length / MIB) * MIB;
    tail.push(bytes, new Uint8Array(padded - bytes.length));
    next += padded;
    return at;
  };
  const bitmaps = new Map<number, Uint8Array>();
  for (const [index, { state, data, has }] of plan.blocks) {
    const at = data === undefined ? 0 : place(data);
    bat.setBigUint64((index + Math.floor(index / ratio)) * 8, batEntry(state, at), true);
    if (has === undefined) continue;
    const chunk = Math.floor(index / ratio);
    let bitmap = bitmaps.get(chunk);
    if (bitmap === undefined) {
      bitmap = new Uint8Array(MIB);
      bitmaps.set(chunk, bitmap);
    }
    const first = ((index % ratio) * blockSize) / sectorSize;
    for (let sector = 0; sector < blockSize / sectorSize; sector += 1) {
      const bit = first + sector;
      if (has(sector)) bitmap[bit >> 3] = (bitmap[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  for (const [chunk, bitmap] of bitmaps) {
    bat.setBigUint64(((chunk + 1) * (ratio + 1) - 1) * 8, batEntry(STATE.full, place(bitmap)), true);
  }

  const file = new Uint8Array(next);
  file.set(new TextEncoder().encode('vhdxfile'));
  file.set(vhdxHeader(7n, plan), 64 * KIB);
  file.set(vhdxHeader(8n, plan), 128 * KIB);
  const regions = regionTable();
  file.set(regions, 192 * KIB);
  file.set(regions, 256 * KIB);
  if (plan.log !== undefined) file.set(plan.log, LAYOUT.log);
  file.set(metadata(plan), LAYOUT.metadata);
  file.set(new Uint8Array(bat.buffer), LAYOUT.bat);
  let at: number = LAYOUT.blocks;
  for (const bytes of tail) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/** A state and a file offset (bytes, whole MiB) as an entry of the block table. */
export function batEntry(state: number, offset: number): bigint {
  return (BigInt(offset / MIB) << 20n) | BigInt(state);
}

export function vhdxHeader(sequence: bigint, plan: Pick<VhdxPlan, 'id' | 'logId'>): Uint8Array {
  const header = new Writer(4096)
    .bytes(new TextEncoder().encode('head'))
    .u32le(0) // checksum, below
    .u64le(sequence)
    .bytes(new Uint8Array(16).fill(0x11)) // FileWriteGuid
    .bytes(new Uint8Array(16).fill(plan.id)) // DataWriteGuid
    .bytes(new Uint8Array(16).fill(plan.logId ?? 0))
    .u16le(0) // LogVersion
    .u16le(1) // Version
    .u32le(LAYOUT.logLength)
    .u64le(BigInt(LAYOUT.log));
  return withCrc(header.zeros(4096 - header.length).toBytes());
}

function regionTable(): Uint8Array {
  const table = new Writer(64 * KIB)
    .bytes(new TextEncoder().encode('regi'))
    .u32le(0) // checksum, below
    .u32le(2)
    .u32le(0)
    .bytes(guidBytes('2dc27766-f623-4200-9d64-115e9bfd4a08')) // BAT
    .u64le(BigInt(LAYOUT.bat))
    .u32le(MIB)
    .u32le(1)
    .bytes(guidBytes('8b7ca206-4790-4b9a-b8fe-575f050f886e')) // metadata
    .u64le(BigInt(LAYOUT.metadata))
    .u32le(MIB)
    .u32le(1);
  return withCrc(table.zeros(64 * KIB - table.length).toBytes());
}

function metadata(plan: VhdxPlan): Uint8Array {
  const u32 = (value: number) => new Writer().u32le(value).toBytes();
  const required = 4;
  const ofDisk = 2;
  const items: { id: string; bytes: Uint8Array; flags: number }[] = [
    {
      id: 'caa16737-fa36-4d43-b3b6-33f0aa44e76b', // file parameters
      bytes: concat(u32(plan.blockSize), u32(plan.parent === undefined ? 0 : 2)),
      flags: required,
    },
    {
      id: '2fa54224-cd1b-4876-b211-5dbed83bf4b8', // virtual disk size
      bytes: new Writer().u64le(BigInt(plan.size)).toBytes(),
      flags: required | ofDisk,
    },
    {
      id: 'beca12ab-b2e6-4523-93ef-c309e000c746', // virtual disk id
      bytes: new Uint8Array(16).fill(0x22),
      flags: required | ofDisk,
    },
    {
      id: '8141bf1d-a96f-4709-ba47-f233a8faab5f', // logical sector size
      bytes: u32(plan.sectorSize ?? 512),
      flags: required | ofDisk,
    },
    {
      id: 'cda348c7-445d-4471-9cc9-e9885251c556', // physical sector size
      bytes: u32(4096),
      flags: required | ofDisk,
    },
  ];
  if (plan.parent !== undefined) {
    items.push({
      id: 'a8d35f2d-b30b-454d-abf7-d3d84834ab0c',
      bytes: parentLocator(plan.parent),
      flags: required,
    });
  }
  const table = new Writer(64 * KIB)
    .bytes(new TextEncoder().encode('metadata'))
    .u16le(0)
    .u16le(items.length)
    .zeros(20);
  let offset = 64 * KIB;
  for (const { id, bytes, flags } of items) {
    table.bytes(guidBytes(id)).u32le(offset).u32le(bytes.length).u32le(flags).u32le(0);
    offset += bytes.length;
  }
  return concat(table.zeros(64 * KIB - table.length).toBytes(), ...items.map(({ bytes }) => bytes));
}

/** [MS-VHDX] 2.6.2.6 */
export function parentLocator(
  values: ReadonlyMap<string, string>,
  type = 'b04aefb7-d19e-4a81-b789-25b8e9445913',
): Uint8Array {
  const locator = new Writer().bytes(guidBytes(type)).u16le(0).u16le(values.size);
  const texts: Uint8Array[] = [];
  let offset = 20 + 12 * values.size;
  for (const [key, value] of values) {
    const [keyText, valueText] = [encodeUtf16le(key), encodeUtf16le(value)];
    locator.u32le(offset).u32le(offset + keyText.length);
    locator.u16le(keyText.length).u16le(valueText.length);
    texts.push(keyText, valueText);
    offset += keyText.length + valueText.length;
  }
  return concat(locator.toBytes(), ...texts);
}

export type LogWrite =
  | { readonly at: number; readonly bytes: Uint8Array }
  | { readonly at: number; readonly zeros: number };

export interface LogEntryPlan {
  readonly sequence: bigint;
  /** Where the sequence begins, bytes from the log's start. */
  readonly tail: number;
  readonly logId: number;
  readonly writes: readonly LogWrite[];
  readonly flushedFileOffset?: number;
  readonly lastFileOffset?: number;
}

/** [MS-VHDX] 2.3.1: descriptors, then a sector for each data descriptor. */
export function logEntry(plan: LogEntryPlan): Uint8Array {
  const descriptorBytes = Math.ceil((64 + plan.writes.length * 32) / 4096) * 4096;
  const sectors = plan.writes.flatMap((write) => ('bytes' in write ? [write.bytes] : []));
  const entry = new Writer(descriptorBytes + sectors.length * 4096)
    .bytes(new TextEncoder().encode('loge'))
    .u32le(0) // checksum, below
    .u32le(descriptorBytes + sectors.length * 4096)
    .u32le(plan.tail)
    .u64le(plan.sequence)
    .u32le(plan.writes.length)
    .u32le(0)
    .bytes(new Uint8Array(16).fill(plan.logId))
    .u64le(BigInt(plan.flushedFileOffset ?? LAYOUT.blocks))
    .u64le(BigInt(plan.lastFileOffset ?? LAYOUT.blocks));
  for (const write of plan.writes) {
    if ('bytes' in write) {
      entry
        .bytes(new TextEncoder().encode('desc'))
        .bytes(write.bytes.subarray(4092)) // TrailingBytes
        .bytes(write.bytes.subarray(0, 8)); // LeadingBytes
    } else {
      entry.bytes(new TextEncoder().encode('zero')).u32le(0).u64le(BigInt(write.zeros));
    }
    entry.u64le(BigInt(write.at)).u64le(plan.sequence);
  }
  entry.zeros(descriptorBytes - entry.length);
  for (const bytes of sectors) {
    entry
      .bytes(new TextEncoder().encode('data'))
      .u32le(Number(plan.sequence >> 32n))
      .bytes(bytes.subarray(8, 4092))
      .u32le(Number(plan.sequence & 0xffff_ffffn));
  }
  return withCrc(entry.toBytes());
}

/** A log with these entries at these places; one that reaches over the end goes on at the start. */
export function logOf(
  ...entries: readonly { readonly at: number; readonly bytes: Uint8Array }[]
): Uint8Array {
  const log = new Uint8Array(LAYOUT.logLength);
  for (const { at, bytes } of entries) {
    const first = bytes.subarray(0, log.length - at);
    log.set(first, at);
    log.set(bytes.subarray(first.length), 0);
  }
  return log;
}

/** CRC-32C over everything, put at byte 4. */
export function withCrc(bytes: Uint8Array): Uint8Array {
  const summed = bytes.slice();
  summed.fill(0, 4, 8);
  new DataView(summed.buffer).setUint32(4, crc32c(summed), true);
  return summed;
}

function guidBytes(text: string): Uint8Array {
  const bytes = fromHex(text.replaceAll('-', ''));
  return Uint8Array.from([
    ...bytes.subarray(0, 4).toReversed(),
    ...bytes.subarray(4, 6).toReversed(),
    ...bytes.subarray(6, 8).toReversed(),
    ...bytes.subarray(8),
  ]);
}
