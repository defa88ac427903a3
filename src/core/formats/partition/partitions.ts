import { crc32 } from '../../bytes/crc32.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import { type Anomaly, type Medium, type ReadResult, readAt, type Walker } from '../walker.ts';
import { recogniseBootSector } from './boot-sector.ts';
import { decodeGptEntries, decodeGptHeader, type GptHeader, hasGptSignature } from './gpt.ts';
import {
  decodeMbr,
  isActive,
  isEmpty,
  isExtended,
  MBR_SIZE,
  type MbrEntry,
  TYPE_GPT_PROTECTIVE,
} from './mbr.ts';

/** Where a partition lies. Offset and size are in bytes of the disk, as the table states them. */
export interface Partition {
  /** From 1, as Windows and other tools number them; logical partitions of an MBR disk from 5. */
  readonly index: number;
  /** A GUID in lower case (GPT), or a number from 0 to 255 (MBR). */
  readonly type: string | number;
  readonly name?: string;
  readonly offset: number;
  readonly size: number;
  readonly active?: boolean;
}

export interface PartitionTable {
  /** `none`: the disk itself is the volume, or it holds nothing that is known. */
  readonly scheme: 'mbr' | 'gpt' | 'none';
  readonly partitions: readonly Partition[];
  /** Bytes. */
  readonly sectorSize: number;
  readonly anomalies: readonly Anomaly[];
}

type SectorSize = 512 | 4096;
const SECTOR_SIZES: readonly SectorSize[] = [512, 4096];

/** Holds the MBR, the header and the 16 KiB of entries that Windows writes, for sectors of either size. */
const HEAD_SIZE = 32 * 1024;
/** The same at the end: the entries end where the last sector, the backup header, begins. */
const TAIL_SIZE = 33 * 4096;

/** Drive letters end long before; a chain past this is a damaged or hostile one. */
const LOGICAL_PARTITIONS_MAX = 128;
const FIRST_LOGICAL_INDEX = 5;

/**
 * Reads the partition table of a disk. `sectorSize` is asked for only where a container states it:
 * a GPT shows it by where its header stands, an MBR does not, and is taken for 512 bytes.
 *
 * One round for a GPT or an MBR; one more for a GPT whose primary half is damaged, or whose entries
 * lie far from it; one more a logical partition.
 * Source: UEFI Specification 2.10, 5.2 and 5.3.
 */
export function* readPartitions(disk: Medium, sectorSize?: SectorSize): Walker<PartitionTable> {
  const anomalies: Anomaly[] = [];
  const head = yield* readAt(disk, 0, Math.min(HEAD_SIZE, disk.size));
  if (!head.ok) {
    anomalies.push({ where: 'the first sectors', problem: head.problem });
    return { scheme: 'none', partitions: [], sectorSize: sectorSize ?? 512, anomalies };
  }
  const mbr = tryDecode(() => decodeMbr(head.bytes.subarray(0, MBR_SIZE)));
  const rows = mbr.ok ? mbr.value : [];
  const isProtective = rows.some((row) => row.type === TYPE_GPT_PROTECTIVE);
  const kind = recogniseBootSector(head.bytes);
  // Boot code of a volume without a table lies where an MBR has its rows.
  if (kind !== 'unknown' && (kind !== 'fat' || !isPlausible(rows, disk.size))) {
    return { scheme: 'none', partitions: [], sectorSize: sectorSize ?? 512, anomalies };
  }

  const sizes = sectorSize === undefined ? SECTOR_SIZES : [sectorSize];
  const primaryAt = sizes.find((size) => hasGptSignature(head.bytes.subarray(size, size + 512)));
  const isUsedByMbr = rows.some((row) => !isEmpty(row)) && !isProtective;
  if (primaryAt !== undefined && isUsedByMbr) {
    anomalies.push({
      where: 'GPT Header',
      problem: 'there is one, but the MBR does not point to it: the MBR was used',
    });
  } else if (primaryAt !== undefined || isProtective) {
    const table = yield* readGpt(disk, head.bytes, sizes, anomalies);
    if (table !== undefined) {
      if (!isProtective)
        anomalies.push({ where: 'Master Boot Record', problem: 'it has no protective partition' });
      return table;
    }
  }

  if (!mbr.ok) {
    anomalies.push({ where: 'Master Boot Record', problem: mbr.error.message });
    return { scheme: 'none', partitions: [], sectorSize: sectorSize ?? 512, anomalies };
  }
  const partitions = yield* readMbrPartitions(disk, rows, sectorSize ?? 512, anomalies);
  return { scheme: 'mbr', partitions, sectorSize: sectorSize ?? 512, anomalies };
}

/** Whether rows can be partitions of this disk: boot code read as rows is not. */
function isPlausible(rows: readonly MbrEntry[], diskSize: number): boolean {
  const used = rows.filter((row) => !isEmpty(row));
  return (
    used.length > 0 &&
    rows.every((row) => (row.status & 0x7f) === 0) &&
    used.every((row) => row.firstSector > 0 && row.firstSector * 512 < diskSize)
  );
}

function* readMbrPartitions(
  disk: Medium,
  rows: readonly MbrEntry[],
  sectorSize: number,
  anomalies: Anomaly[],
): Walker<readonly Partition[]> {
  const partitions: Partition[] = [];
  const add = (index: number, row: MbrEntry, base: number) => {
    const offset = (base + row.firstSector) * sectorSize;
    const size = row.sectors * sectorSize;
    partitions.push({ index, type: row.type, offset, size, active: isActive(row) });
    noteOverrun(disk, index, offset, size, anomalies);
  };
  let extended: MbrEntry | undefined;
  for (const [at, row] of rows.entries()) {
    if (isEmpty(row) || row.type === TYPE_GPT_PROTECTIVE) continue;
    if (!isExtended(row)) add(at + 1, row, 0);
    else if (extended === undefined) extended = row;
    else anomalies.push({ where: `partition ${at + 1}`, problem: 'a second extended partition is left out' });
  }

  const visited = new Set<number>();
  let record = extended?.firstSector;
  for (let index = FIRST_LOGICAL_INDEX; record !== undefined && extended !== undefined; ) {
    const where = `Extended Boot Record at sector ${record}`;
    if (visited.has(record) || visited.size >= LOGICAL_PARTITIONS_MAX) {
      const problem = visited.has(record)
        ? 'the chain comes back to it'
        : `the chain goes on past ${LOGICAL_PARTITIONS_MAX} records`;
      anomalies.push({ where, problem });
      break;
    }
    visited.add(record);
    const result = yield* readAt(disk, record * sectorSize, MBR_SIZE);
    const decoded = result.ok ? tryDecode(() => decodeMbr(result.bytes)) : undefined;
    if (decoded === undefined || !decoded.ok) {
      anomalies.push({ where, problem: decoded?.error.message ?? problemOf(result) });
      break;
    }
    const logical = decoded.value.find((row) => !isEmpty(row) && !isExtended(row));
    if (logical !== undefined) {
      add(index, logical, record);
      index += 1;
    }
    const next = decoded.value.find((row) => !isEmpty(row) && isExtended(row));
    record = next === undefined ? undefined : extended.firstSector + next.firstSector;
  }
  return partitions;
}

interface HeaderFound {
  readonly header: GptHeader;
  readonly sectorSize: SectorSize;
}

/** The GPT by its primary header, else by its backup; `undefined` when neither can be used. */
function* readGpt(
  disk: Medium,
  head: Uint8Array,
  sizes: readonly SectorSize[],
  anomalies: Anomaly[],
): Walker<PartitionTable | undefined> {
  const primary = findHeader(sizes, (size) => head.subarray(size, size * 2), 'primary GPT Header', anomalies);
  const good = primary && (yield* readEntries(disk, primary, head, 0, anomalies));
  if (good?.intact) return good.table;

  const tailAt = Math.max(0, disk.size - TAIL_SIZE);
  const tail = yield* readAt(disk, tailAt, disk.size - tailAt);
  if (!tail.ok) anomalies.push({ where: 'backup GPT Header', problem: tail.problem });
  const { bytes } = tail.ok ? tail : { bytes: new Uint8Array(0) };
  const lastSector = (size: number) => bytes.subarray(Math.max(0, bytes.length - size));
  const backup = findHeader(sizes, lastSector, 'backup GPT Header', anomalies);
  const second = backup && (yield* readEntries(disk, backup, bytes, tailAt, anomalies));
  // Two damaged arrays: the primary is as good as the other.
  return second?.intact ? second.table : (good?.table ?? second?.table);
}

function findHeader(
  sizes: readonly SectorSize[],
  sector: (size: SectorSize) => Uint8Array,
  where: string,
  anomalies: Anomaly[],
): HeaderFound | undefined {
  let problem = 'the signature EFI PART is missing';
  for (const sectorSize of sizes) {
    const bytes = sector(sectorSize);
    if (!hasGptSignature(bytes)) continue;
    const decoded = tryDecode(() => decodeGptHeader(bytes));
    if (decoded.ok) return { header: decoded.value, sectorSize };
    problem = decoded.error.message;
  }
  anomalies.push({ where, problem });
  return undefined;
}

/** `intact`: the array is there, has its CRC and decodes. */
function* readEntries(
  disk: Medium,
  { header, sectorSize }: HeaderFound,
  known: Uint8Array,
  knownAt: number,
  anomalies: Anomaly[],
): Walker<{ readonly table: PartitionTable; readonly intact: boolean } | undefined> {
  const where = `GPT Partition Entry Array at sector ${header.entriesLba}`;
  const offset = header.entriesLba * sectorSize;
  const length = header.entryCount * header.entrySize;
  const from = offset - knownAt;
  const result: ReadResult =
    from >= 0 && from + length <= known.length
      ? { ok: true, bytes: known.subarray(from, from + length) }
      : yield* readAt(disk, offset, length);
  if (!result.ok) {
    anomalies.push({ where, problem: result.problem });
    return undefined;
  }
  const decoded = tryDecode(() => decodeGptEntries(result.bytes, header));
  if (!decoded.ok) {
    anomalies.push({ where, problem: decoded.error.message });
    return undefined;
  }
  const intact = crc32(result.bytes) === header.entriesCrc;
  if (!intact) anomalies.push({ where, problem: 'the CRC of the entries does not match the header' });
  const partitions: Partition[] = [];
  for (const { index, type, name, firstLba, lastLba, legacyBootable } of decoded.value) {
    const partition = {
      index,
      type,
      name,
      offset: firstLba * sectorSize,
      size: (lastLba - firstLba + 1) * sectorSize,
      active: legacyBootable,
    };
    if (!(lastLba >= firstLba)) {
      anomalies.push({
        where: `partition ${index}`,
        problem: `ends at sector ${lastLba}, before its first sector, ${firstLba}`,
      });
      continue;
    }
    noteOverrun(disk, index, partition.offset, partition.size, anomalies);
    partitions.push(partition);
  }
  return { table: { scheme: 'gpt', partitions, sectorSize, anomalies }, intact };
}

function noteOverrun(disk: Medium, index: number, offset: number, size: number, anomalies: Anomaly[]): void {
  if (offset + size <= disk.size) return;
  const problem = `ends at byte ${offset + size}, but the disk ends at ${disk.size}`;
  anomalies.push({ where: `partition ${index}`, problem });
}

function problemOf(result: ReadResult): string {
  return result.ok ? 'it could not be decoded' : result.problem;
}
