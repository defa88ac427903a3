import { tryDecode } from '../../bytes/decode-error.ts';
import { Reader } from '../../bytes/reader.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';
import { type Anomaly, type Medium, NO_ANSWER, readAt, type Walker } from '../walker.ts';
import {
  BitmapStore,
  type BlockMap,
  LARGEST_DISK,
  mappedMedium,
  PagedTable,
  type Place,
  type SectorBitmap,
} from './block-map.ts';
import { type ImageResult, isDiskId, type ParentLink } from './image.ts';
import { replayVhdxLog } from './vhdx-log.ts';
import {
  decodeVhdxHeader,
  decodeVhdxMetadataTable,
  decodeVhdxParentLocator,
  decodeVhdxRegionTable,
  VHDX_HEADER_LENGTH,
  VHDX_METADATA,
  VHDX_METADATA_TABLE_LENGTH,
  VHDX_REGION,
  VHDX_REGION_TABLE_LENGTH,
  VHDX_SIGNATURE,
  type VhdxHeader,
  type VhdxMetadataEntry,
  type VhdxRegion,
} from './vhdx-records.ts';

const KIB = 1024;
const MIB = 1024 * 1024;
const EMPTY_LOG = '00000000-0000-0000-0000-000000000000';

/** [MS-VHDX] 2.6.2.1: BlockSize is a power of two from 1 MiB to 256 MiB. */
const LARGEST_BLOCK = 256 * MIB;

/** Items are a few bytes; a parent locator with five paths has a few thousand. */
const LONGEST_ITEM = 65_536;

/** The table and what follows it. */
const METADATA_READ = VHDX_METADATA_TABLE_LENGTH + LONGEST_ITEM;

/**
 * A VHDX by its signature; `undefined` when it is none. A log that is not empty is replayed in memory
 * first, as the specification demands of every reader. Three dependent rounds, four with a log.
 */
export function* openVhdx(file: Medium, parent: Medium | undefined): Walker<ImageResult | undefined> {
  const parts = yield* file.read([
    { offset: 0, length: 8 },
    { offset: 64 * KIB, length: VHDX_HEADER_LENGTH },
    { offset: 128 * KIB, length: VHDX_HEADER_LENGTH },
  ]);
  // Without its first bytes nothing can be said about an image, least of all that it is a raw disk.
  const start = parts[0] ?? NO_ANSWER;
  if (!start.ok) return { ok: false, problem: `the image cannot be read: ${start.problem}` };
  const [identifier, first, second] = parts.map((part) => (part.ok ? part.bytes : new Uint8Array(0)));
  if (identifier === undefined || identifier.length < 8) return undefined;
  if (new Reader(identifier, 'VHDX file identifier').u64le() !== VHDX_SIGNATURE) return undefined;
  const headers = [first, second].flatMap((bytes): VhdxHeader[] => {
    const decoded = tryDecode(() => decodeVhdxHeader(bytes ?? new Uint8Array(0)));
    return decoded.ok ? [decoded.value] : [];
  });
  const anomalies: Anomaly[] = [];
  if (headers.length === 1)
    anomalies.push({ where: 'VHDX header', problem: 'only one of the two can be read' });
  const header = headers.sort((a, b) => (a.sequenceNumber > b.sequenceNumber ? -1 : 1))[0];
  if (header === undefined)
    return { ok: false, problem: 'neither header of the VHDX can be read: it is damaged' };
  if (header.logGuid === EMPTY_LOG) return yield* openRegions(file, header, parent, anomalies, '');
  const replayed = yield* replayVhdxLog(file, header);
  if (!replayed.ok) {
    return { ok: false, problem: `the VHDX was not closed properly, and ${replayed.problem}` };
  }
  return yield* openRegions(
    replayed.file,
    header,
    parent,
    anomalies,
    `, its log replayed (${replayed.entries === 1 ? '1 entry' : `${replayed.entries} entries`})`,
  );
}

function* openRegions(
  file: Medium,
  header: VhdxHeader,
  parent: Medium | undefined,
  anomalies: Anomaly[],
  replayed: string,
): Walker<ImageResult> {
  const tables = yield* file.read([
    { offset: 192 * KIB, length: VHDX_REGION_TABLE_LENGTH },
    { offset: 256 * KIB, length: VHDX_REGION_TABLE_LENGTH },
  ]);
  let regions: readonly VhdxRegion[] | undefined;
  for (const table of tables) {
    const decoded = table.ok ? tryDecode(() => decodeVhdxRegionTable(table.bytes)) : undefined;
    if (decoded?.ok === true) regions ??= decoded.value;
    else anomalies.push({ where: 'VHDX region table', problem: 'one of the two cannot be read' });
  }
  const bat = regions?.find(({ guid }) => guid === VHDX_REGION.bat);
  const metadata = regions?.find(({ guid }) => guid === VHDX_REGION.metadata);
  if (bat === undefined || metadata === undefined) {
    return { ok: false, problem: 'the VHDX names no block table or no metadata: it is damaged' };
  }
  const known: readonly string[] = Object.values(VHDX_REGION);
  const foreign = regions?.find(({ guid, required }) => required && !known.includes(guid));
  if (foreign !== undefined)
    return { ok: false, problem: `the VHDX requires an unknown region (${foreign.guid})` };

  const described = yield* readMetadata(file, metadata);
  if (typeof described === 'string') return { ok: false, problem: described };
  const { item } = described;
  const decoded = tryDecode(() => {
    const parameters = new Reader(item(VHDX_METADATA.fileParameters), 'VHDX file parameters');
    const blockSize = parameters.u32le();
    const flags = parameters.u32le();
    return {
      blockSize,
      fixed: (flags & 1) !== 0,
      hasParent: (flags & 2) !== 0,
      size: Number(new Reader(item(VHDX_METADATA.virtualDiskSize), 'VHDX virtual disk size').u64le()),
      sectorSize: new Reader(item(VHDX_METADATA.logicalSectorSize), 'VHDX logical sector size').u32le(),
    };
  });
  if (!decoded.ok) return { ok: false, problem: "the VHDX's metadata is incomplete: it is damaged" };
  const { blockSize, hasParent, fixed, size, sectorSize } = decoded.value;
  if (!(blockSize >= MIB && blockSize <= LARGEST_BLOCK && (blockSize & (blockSize - 1)) === 0)) {
    return {
      ok: false,
      problem: `the VHDX says that its blocks have ${blockSize} bytes, which is impossible`,
    };
  }
  if (!(sectorSize === 512 || sectorSize === 4096)) {
    return {
      ok: false,
      problem: `the VHDX says that its sectors have ${sectorSize} bytes, which is impossible`,
    };
  }
  const map = new VhdxBlocks(file, bat, { blockSize, sectorSize, hasParent });
  if (size > map.addressed) {
    anomalies.push({
      where: 'VHDX metadata',
      problem: `it says that the disk has ${size} bytes, but its block table covers ${map.addressed}`,
    });
  }
  const held = Math.min(size, map.addressed);
  if (!(held <= LARGEST_DISK))
    return { ok: false, problem: `the VHDX says that its disk has ${held} bytes, which is impossible` };
  const link = hasParent ? tryDecode(() => readLink(item(VHDX_METADATA.parentLocator))) : undefined;
  if (link?.ok === false)
    anomalies.push({ where: 'VHDX parent locator', problem: `it cannot be read (${link.error.message})` });
  else if (link !== undefined && !isDiskId(link.value.id))
    anomalies.push({ where: 'VHDX parent locator', problem: 'it has no parent_linkage' });
  const kind = hasParent ? 'differencing' : fixed ? 'fixed' : 'dynamic';
  return {
    ok: true,
    image: {
      container: `VHDX, ${kind}${replayed}`,
      disk: mappedMedium(file, held, map, parent),
      id: header.dataWriteGuid,
      // What it does not hold itself is in a parent, even where nobody can say in which.
      ...(link === undefined ? {} : { parent: link.ok ? link.value : { id: '', names: [] } }),
      anomalies,
    },
  };
}

/** A function that gives the bytes of an item, empty where it is missing; or what is wrong. One dependent round. */
function* readMetadata(
  file: Medium,
  region: VhdxRegion,
): Walker<string | { readonly item: (id: string) => Uint8Array }> {
  const damaged = "the VHDX's metadata cannot be read: it is damaged";
  if (!(region.offset < file.size)) return damaged;
  const read = yield* readAt(file, region.offset, METADATA_READ);
  if (!read.ok || read.bytes.length < VHDX_METADATA_TABLE_LENGTH) return damaged;
  const table = tryDecode(() => decodeVhdxMetadataTable(read.bytes.subarray(0, VHDX_METADATA_TABLE_LENGTH)));
  if (!table.ok) return damaged;
  const known: readonly string[] = Object.values(VHDX_METADATA);
  const strange = table.value.find(({ item, required }) => required && !known.includes(item));
  if (strange !== undefined) return `the VHDX requires unknown metadata (${strange.item})`;

  const items = new Map<string, Uint8Array>();
  const far: VhdxMetadataEntry[] = [];
  for (const entry of table.value) {
    if (!(known.includes(entry.item) && entry.length <= LONGEST_ITEM)) continue;
    if (entry.offset + entry.length > read.bytes.length) far.push(entry);
    else items.set(entry.item, read.bytes.subarray(entry.offset, entry.offset + entry.length));
  }
  // Every implementation puts the items right behind the table, where they were just read.
  const results = yield* file.read(
    far.map(({ offset, length }) => ({ offset: region.offset + offset, length })),
  );
  for (const [index, { item }] of far.entries()) {
    const result = results[index];
    if (result?.ok === true) items.set(item, result.bytes);
  }
  return { item: (id) => items.get(id) ?? new Uint8Array(0) };
}

/** [MS-VHDX] 2.6.2.6.3 VHDX Parent Locator. Throws `DecodeError` on another type of locator, and where it is cut off. */
function readLink(bytes: Uint8Array): ParentLink {
  const entries = decodeVhdxParentLocator(bytes, decodeUtf16le);
  const guid = (key: string) => (entries.get(key) ?? '').replace(/[{}]/g, '').toLowerCase();
  const otherId = guid('parent_linkage2');
  return {
    id: guid('parent_linkage'),
    ...(otherId === '' ? {} : { otherId }),
    names: ['relative_path', 'volume_path', 'absolute_win32_path'].flatMap((key) => entries.get(key) ?? []),
  };
}

/** [MS-VHDX] 2.5.1.1 Payload BAT Entry States. */
const STATE = {
  notPresent: 0,
  undefined: 1,
  zero: 2,
  unmapped: 3,
  fullyPresent: 6,
  partiallyPresent: 7,
} as const;

class VhdxBlocks implements BlockMap {
  readonly blockSize: number;
  readonly #file: Medium;
  readonly #table: PagedTable;
  readonly #sectorSize: number;
  /** Payload blocks in front of each sector bitmap block. */
  readonly #chunkRatio: number;
  /** Only where there is a parent. */
  readonly #bitmaps: BitmapStore | undefined;
  /** Bytes of disk that the table has entries for. */
  readonly addressed: number;

  constructor(
    file: Medium,
    bat: VhdxRegion,
    disk: { readonly blockSize: number; readonly sectorSize: number; readonly hasParent: boolean },
  ) {
    this.#file = file;
    this.blockSize = disk.blockSize;
    this.#sectorSize = disk.sectorSize;
    this.#chunkRatio = (2 ** 23 * disk.sectorSize) / disk.blockSize;
    this.#table = new PagedTable(file, bat.offset, bat.length);
    this.#bitmaps = disk.hasParent ? new BitmapStore(file) : undefined;
    const entries = Math.floor(bat.length / 8);
    this.addressed = (entries - Math.floor(entries / (this.#chunkRatio + 1))) * disk.blockSize;
  }

  *locate(blocks: readonly number[]): Walker<ReadonlyMap<number, Place>> {
    const bitmapEntries = this.#bitmaps === undefined ? [] : blocks.map((block) => this.#bitmapEntry(block));
    const problem = yield* this.#table.need([
      ...blocks.map((block) => this.#payloadEntry(block)),
      ...bitmapEntries,
    ]);
    const places = new Map(blocks.map((block) => [block, this.#place(block, problem)]));
    if (this.#bitmaps === undefined) return places;
    const length = this.blockSize / this.#sectorSize / 8;
    const partial = [...places].flatMap(([block, place]) => {
      if (place.kind !== 'stored') return [];
      if (this.#entry(this.#payloadEntry(block))?.state !== STATE.partiallyPresent) return [];
      const bitmaps = this.#entry(this.#bitmapEntry(block));
      const offset =
        bitmaps?.state === STATE.fullyPresent
          ? bitmaps.offset + (block % this.#chunkRatio) * length
          : Number.POSITIVE_INFINITY;
      return [{ block, start: place.offset, offset, length }];
    });
    const bitmaps = yield* this.#bitmaps.need(partial);
    for (const { block, start } of partial) {
      const bitmap = bitmaps.get(block);
      places.set(
        block,
        bitmap === undefined
          ? { kind: 'lost', problem: 'the bitmap of its block cannot be read' }
          : { kind: 'mixed', offset: start, sectors: this.#sectorsOf(bitmap) },
      );
    }
    return places;
  }

  /** [MS-VHDX] 2.4: the lowest bit of a byte stands for its first sector. */
  #sectorsOf(bitmap: Uint8Array): SectorBitmap {
    return {
      sectorSize: this.#sectorSize,
      has: (sector) => ((bitmap[sector >> 3] ?? 0) & (1 << (sector & 7))) !== 0,
    };
  }

  #payloadEntry(block: number): number {
    return (block + Math.floor(block / this.#chunkRatio)) * 8;
  }

  #bitmapEntry(block: number): number {
    return ((Math.floor(block / this.#chunkRatio) + 1) * (this.#chunkRatio + 1) - 1) * 8;
  }

  /** State and file offset (bytes) of an entry that was made known. */
  #entry(at: number): { readonly state: number; readonly offset: number } | undefined {
    const entry = this.#table.entry(at, 8)?.getBigUint64(0, true);
    return entry === undefined
      ? undefined
      : { state: Number(entry & 7n), offset: Number(entry >> 20n) * MIB };
  }

  #place(block: number, problem: string | undefined): Place {
    const entry = this.#entry(this.#payloadEntry(block));
    if (entry === undefined) return { kind: 'lost', problem: problem ?? 'the block table is truncated' };
    switch (entry.state) {
      case STATE.fullyPresent:
      case STATE.partiallyPresent:
        // The header section takes the first MiB.
        return entry.offset >= MIB && entry.offset < this.#file.size
          ? { kind: 'stored', offset: entry.offset }
          : { kind: 'lost', problem: 'its block lies outside the data area of the file' };
      case STATE.notPresent:
        return this.#bitmaps === undefined ? { kind: 'zero' } : { kind: 'parent' };
      case STATE.undefined:
      case STATE.zero:
      case STATE.unmapped:
        return { kind: 'zero' };
      default:
        return { kind: 'lost', problem: `its block is in the unknown state ${entry.state}` };
    }
  }
}
