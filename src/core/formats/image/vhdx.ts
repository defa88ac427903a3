import { tryDecode } from '../../bytes/decode-error.ts';
import { Reader } from '../../bytes/reader.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';
import type { Anomaly, Medium, Walker } from '../walker.ts';
import { type BlockMap, mappedMedium, PagedTable, type Place, readWhole } from './block-map.ts';
import type { ImageResult, ParentLink } from './image.ts';
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
  type VhdxRegion,
} from './vhdx-records.ts';

const KIB = 1024;
const MIB = 1024 * 1024;
const EMPTY_LOG = '00000000-0000-0000-0000-000000000000';

/** [MS-VHDX] 2.6.2.1: BlockSize is a power of two from 1 MiB to 256 MiB. */
const LARGEST_BLOCK = 256 * MIB;

/** Items are a few bytes; a parent locator with five paths has a few thousand. */
const LONGEST_ITEM = 65_536;

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
    `, its log replayed (${replayed.entries} entries)`,
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
    return { ok: false, problem: `the VHDX requires a region that is not known (${foreign.guid})` };

  const table = yield* readWhole(file, metadata.offset, VHDX_METADATA_TABLE_LENGTH);
  const entries = table === undefined ? undefined : tryDecode(() => decodeVhdxMetadataTable(table));
  if (entries === undefined || !entries.ok)
    return { ok: false, problem: "the VHDX's metadata cannot be read: it is damaged" };
  const wanted = Object.values(VHDX_METADATA).map((item) =>
    entries.value.find((entry) => entry.item === item),
  );
  const items = yield* file.read(
    wanted.map((entry) => ({
      offset: metadata.offset + (entry?.offset ?? 0),
      length: Math.min(LONGEST_ITEM, entry?.length ?? 0),
    })),
  );
  const [parameters, diskSize, sectors, locator] = items.map(
    (item) => new Reader(item.ok ? item.bytes : new Uint8Array(0), 'VHDX metadata'),
  );
  const decoded = tryDecode(() => {
    if (parameters === undefined || diskSize === undefined || sectors === undefined || locator === undefined)
      return undefined;
    const blockSize = parameters.u32le();
    const flags = parameters.u32le();
    const link = (flags & 2) === 0 ? undefined : readLink(locator.rest());
    return {
      blockSize,
      hasParent: (flags & 2) !== 0,
      fixed: (flags & 1) !== 0,
      size: Number(diskSize.u64le()),
      sectorSize: sectors.u32le(),
      link,
    };
  });
  if (!decoded.ok || decoded.value === undefined)
    return { ok: false, problem: "the VHDX's metadata is incomplete: it is damaged" };
  const { blockSize, hasParent, fixed, size, sectorSize, link } = decoded.value;
  if (!(blockSize >= MIB && blockSize <= LARGEST_BLOCK && (blockSize & (blockSize - 1)) === 0)) {
    return { ok: false, problem: `the VHDX says that its blocks have ${blockSize} bytes, which cannot be` };
  }
  if (!(sectorSize === 512 || sectorSize === 4096)) {
    return { ok: false, problem: `the VHDX says that its sectors have ${sectorSize} bytes, which cannot be` };
  }
  const map = new VhdxBlocks(file, bat, { blockSize, sectorSize, hasParent });
  const kind = hasParent ? 'differencing' : fixed ? 'fixed' : 'dynamic';
  return {
    ok: true,
    image: {
      container: `VHDX, ${kind}${replayed}`,
      disk: mappedMedium(file, size, map, parent),
      id: header.dataWriteGuid,
      ...(link === undefined ? {} : { parent: link }),
      anomalies,
    },
  };
}

/** [MS-VHDX] 2.6.2.6.3 VHDX Parent Locator. */
function readLink(bytes: Uint8Array): ParentLink {
  const entries = decodeVhdxParentLocator(bytes, decodeUtf16le);
  const names = ['relative_path', 'absolute_win32_path', 'volume_path'].flatMap(
    (key) => entries.get(key) ?? [],
  );
  return { id: (entries.get('parent_linkage') ?? '').replace(/[{}]/g, '').toLowerCase(), names };
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
  readonly split: BlockMap['split'];
  readonly #file: Medium;
  readonly #table: PagedTable;
  readonly #sectorSize: number;
  readonly #hasParent: boolean;
  /** Payload blocks in front of each sector bitmap block. */
  readonly #chunkRatio: number;
  /** Block → its part of a sector bitmap. */
  readonly #bitmaps = new Map<number, Uint8Array>();

  constructor(
    file: Medium,
    bat: VhdxRegion,
    disk: { readonly blockSize: number; readonly sectorSize: number; readonly hasParent: boolean },
  ) {
    this.#file = file;
    this.blockSize = disk.blockSize;
    this.#sectorSize = disk.sectorSize;
    this.#hasParent = disk.hasParent;
    this.#chunkRatio = (2 ** 23 * disk.sectorSize) / disk.blockSize;
    this.#table = new PagedTable(file, bat.offset, bat.length);
    this.split = disk.hasParent ? (block, from, length) => this.#bySector(block, from, length) : undefined;
  }

  *locate(blocks: readonly number[]): Walker<ReadonlyMap<number, Place>> {
    const bitmaps = this.#hasParent ? blocks.map((block) => this.#bitmapEntry(block)) : [];
    const problem = yield* this.#table.need([
      ...blocks.map((block) => this.#payloadEntry(block)),
      ...bitmaps,
    ]);
    return new Map(blocks.map((block) => [block, this.#place(block, problem)]));
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
        return { kind: 'stored', offset: entry.offset };
      case STATE.notPresent:
        return this.#hasParent ? { kind: 'parent' } : { kind: 'zero' };
      case STATE.undefined:
      case STATE.zero:
      case STATE.unmapped:
        return { kind: 'zero' };
      default:
        return { kind: 'lost', problem: `its block is in state ${entry.state}, which is not known` };
    }
  }

  *#bySector(
    block: number,
    from: number,
    length: number,
  ): Walker<readonly (Place & { readonly length: number })[]> {
    const place = this.#place(block, undefined);
    const payload = this.#entry(this.#payloadEntry(block));
    if (place.kind !== 'stored' || payload?.state !== STATE.partiallyPresent) {
      return [
        place.kind === 'stored'
          ? { kind: 'stored', offset: place.offset + from, length }
          : { ...place, length },
      ];
    }
    const bitmap = yield* this.#bitmapOf(block);
    if (bitmap === undefined)
      return [{ kind: 'lost', problem: 'the bitmap of its block cannot be read', length }];
    const parts: (Place & { length: number })[] = [];
    for (let at = from; at < from + length; ) {
      const sector = Math.floor(at / this.#sectorSize);
      const next = Math.min(from + length, (sector + 1) * this.#sectorSize);
      // [MS-VHDX] 2.5.1.2: the lowest bit stands for the first sector.
      const own = ((bitmap[sector >> 3] ?? 0) & (1 << (sector & 7))) !== 0;
      const last = parts.at(-1);
      if (last !== undefined && (last.kind === 'stored') === own) last.length += next - at;
      else
        parts.push(
          own
            ? { kind: 'stored', offset: place.offset + at, length: next - at }
            : { kind: 'parent', length: next - at },
        );
      at = next;
    }
    return parts;
  }

  *#bitmapOf(block: number): Walker<Uint8Array | undefined> {
    const known = this.#bitmaps.get(block);
    if (known !== undefined) return known;
    const entry = this.#entry(this.#bitmapEntry(block));
    if (entry === undefined || entry.state !== STATE.fullyPresent) return undefined;
    const bytes = this.blockSize / this.#sectorSize / 8;
    const bitmap = yield* readWhole(this.#file, entry.offset + (block % this.#chunkRatio) * bytes, bytes);
    if (bitmap !== undefined) this.#bitmaps.set(block, bitmap);
    return bitmap;
  }
}
