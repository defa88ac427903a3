import { tryDecode } from '../../bytes/decode-error.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';
import { type Anomaly, type Medium, slice, type Walker } from '../walker.ts';
import {
  BitmapStore,
  type BlockMap,
  LARGEST_DISK,
  mappedMedium,
  PagedTable,
  type Place,
  placeIn,
  readWhole,
  type SectorBitmap,
} from './block-map.ts';
import type { Image, ImageResult, ParentLink } from './image.ts';
import {
  decodeVhdDynamicHeader,
  decodeVhdFooter,
  VHD_DISK_TYPE,
  VHD_DYNAMIC_HEADER_LENGTH,
  VHD_FOOTER_LENGTH,
  type VhdDynamicHeader,
  type VhdFooter,
} from './vhd-records.ts';

const SECTOR = 512;
const UNUSED = 0xffffffff;

/** Blocks are 2 MiB or 512 KiB in practice; a header that says otherwise within these bounds is believed. */
const SMALLEST_BLOCK = 4096;
const LARGEST_BLOCK = 256 * 1024 * 1024;

/** A path longer than this is no path. */
const LONGEST_LOCATOR = 4096;

/**
 * A VHD by its footer. In a fixed disk the footer follows the data; a dynamic one has a copy in
 * front, which is believed where the last sector was cut off or damaged. `undefined` when neither is
 * there. One dependent round for a fixed disk; two for a dynamic one, three for a differencing one.
 */
export function* openVhd(file: Medium, parent: Medium | undefined): Walker<ImageResult | undefined> {
  const ends = yield* file.read([
    { offset: Math.max(0, file.size - VHD_FOOTER_LENGTH), length: VHD_FOOTER_LENGTH },
    { offset: 0, length: VHD_FOOTER_LENGTH },
  ]);
  const [last, front] = ends.map((end) => {
    const decoded = end.ok ? tryDecode(() => decodeVhdFooter(end.bytes)) : undefined;
    return decoded?.ok === true ? decoded.value : undefined;
  });
  // Nothing stands in front of a fixed disk's data: such a footer there is somebody's file.
  const copy = front?.diskType === VHD_DISK_TYPE.fixed ? undefined : front;
  const footer = [last, copy].find((candidate) => candidate?.checksumHolds === true) ?? last ?? copy;
  if (footer === undefined) return undefined;
  const anomalies: Anomaly[] = [];
  if (last === undefined) {
    anomalies.push({
      where: 'Hard Disk Footer',
      problem: 'it is missing at the end: the image is truncated',
    });
  } else if (!last.checksumHolds) {
    anomalies.push({
      where: 'Hard Disk Footer',
      problem: `its checksum is wrong${footer === last ? '' : ', so its copy was used'}`,
    });
  }
  const size = Number(footer.currentSize);
  if (footer.diskType === VHD_DISK_TYPE.fixed) {
    const held = Math.max(0, file.size - VHD_FOOTER_LENGTH);
    if (size > held) {
      anomalies.push({
        where: 'Hard Disk Footer',
        problem: `it says that the disk has ${size} bytes, but the image holds ${held}`,
      });
    }
    return { ok: true, image: describe(footer, slice(file, 0, Math.min(size, held)), anomalies) };
  }
  if (footer.diskType !== VHD_DISK_TYPE.dynamic && footer.diskType !== VHD_DISK_TYPE.differencing) {
    return { ok: false, problem: `the VHD has the unknown type ${footer.diskType}` };
  }
  return yield* openDynamic(file, footer, size, parent, anomalies);
}

function* openDynamic(
  file: Medium,
  footer: VhdFooter,
  size: number,
  parent: Medium | undefined,
  anomalies: Anomaly[],
): Walker<ImageResult> {
  const bytes = yield* readWhole(file, placeIn(file, footer.dataOffset), VHD_DYNAMIC_HEADER_LENGTH);
  const decoded = bytes === undefined ? undefined : tryDecode(() => decodeVhdDynamicHeader(bytes));
  if (decoded === undefined || !decoded.ok) {
    return { ok: false, problem: 'the VHD has no dynamic disk header: it is truncated or damaged' };
  }
  const header = decoded.value;
  // A wrong sum occurs in the wild on good disks, so it is told and not held against the rest.
  if (!header.checksumHolds)
    anomalies.push({ where: 'Dynamic Disk Header', problem: 'its checksum is wrong' });
  const { blockSize } = header;
  if (!(blockSize >= SMALLEST_BLOCK && blockSize <= LARGEST_BLOCK && blockSize % SECTOR === 0)) {
    return {
      ok: false,
      problem: `the VHD says that its blocks have ${blockSize} bytes, which is impossible`,
    };
  }
  const addressed = header.maxTableEntries * blockSize;
  if (size > addressed) {
    anomalies.push({
      where: 'Hard Disk Footer',
      problem: `it says that the disk has ${size} bytes, but its block table covers ${addressed}`,
    });
  }
  const held = Math.min(size, addressed);
  if (!(held <= LARGEST_DISK))
    return { ok: false, problem: `the VHD says that its disk has ${held} bytes, which is impossible` };
  const differencing = footer.diskType === VHD_DISK_TYPE.differencing;
  const link = differencing ? yield* readParentLink(file, header) : undefined;
  const map = new VhdBlocks(file, header, differencing);
  return {
    ok: true,
    image: {
      ...describe(footer, mappedMedium(file, held, map, parent), anomalies),
      ...(link === undefined ? {} : { parent: link }),
    },
  };
}

function describe(footer: VhdFooter, disk: Medium, anomalies: readonly Anomaly[]): Image {
  const kind =
    footer.diskType === VHD_DISK_TYPE.fixed
      ? 'fixed'
      : footer.diskType === VHD_DISK_TYPE.dynamic
        ? 'dynamic'
        : 'differencing';
  return { container: `VHD, ${kind}`, disk, id: footer.uniqueId, anomalies };
}

class VhdBlocks implements BlockMap {
  readonly blockSize: number;
  readonly #file: Medium;
  readonly #table: PagedTable;
  readonly #entries: number;
  /** Bytes of the sector bitmap in front of a block's data, rounded up to whole sectors. */
  readonly #bitmapLength: number;
  /** In a dynamic disk without a parent a sector whose bit is clear holds zeros anyway. */
  readonly #bitmaps: BitmapStore | undefined;

  constructor(file: Medium, header: VhdDynamicHeader, differencing: boolean) {
    this.#file = file;
    this.blockSize = header.blockSize;
    this.#entries = header.maxTableEntries;
    this.#table = new PagedTable(file, placeIn(file, header.tableOffset), header.maxTableEntries * 4);
    this.#bitmapLength = Math.ceil(header.blockSize / SECTOR / 8 / SECTOR) * SECTOR;
    this.#bitmaps = differencing ? new BitmapStore(file) : undefined;
  }

  *locate(blocks: readonly number[]): Walker<ReadonlyMap<number, Place>> {
    const problem = yield* this.#table.need(blocks.map((block) => block * 4));
    const places = new Map(blocks.map((block) => [block, this.#place(block, problem)]));
    if (this.#bitmaps === undefined) return places;
    const stored = [...places].flatMap(([block, place]) =>
      place.kind === 'stored' ? [{ block, offset: place.offset }] : [],
    );
    const length = this.#bitmapLength;
    const bitmaps = yield* this.#bitmaps.need(
      stored.map(({ block, offset }) => ({ block, offset: offset - length, length })),
    );
    for (const { block, offset } of stored) {
      const bitmap = bitmaps.get(block);
      places.set(
        block,
        bitmap === undefined
          ? { kind: 'lost', problem: 'the bitmap of its block cannot be read' }
          : { kind: 'mixed', offset, sectors: sectorsOf(bitmap) },
      );
    }
    return places;
  }

  #place(block: number, problem: string | undefined): Place {
    if (block >= this.#entries) return { kind: 'lost', problem: 'the block table ends before it' };
    const sector = this.#table.entry(block * 4, 4)?.getUint32(0, false);
    if (sector === undefined) return { kind: 'lost', problem: problem ?? 'the block table is truncated' };
    if (sector === UNUSED) return this.#bitmaps === undefined ? { kind: 'zero' } : { kind: 'parent' };
    const offset = sector * SECTOR;
    // The footer's copy and the header come first in every file.
    if (!(offset >= VHD_FOOTER_LENGTH + VHD_DYNAMIC_HEADER_LENGTH && offset < this.#file.size))
      return { kind: 'lost', problem: 'its block lies outside the data area of the file' };
    return { kind: 'stored', offset: offset + this.#bitmapLength };
  }
}

/** The highest bit of a byte stands for its first sector. */
function sectorsOf(bitmap: Uint8Array): SectorBitmap {
  return {
    sectorSize: SECTOR,
    has: (sector) => ((bitmap[sector >> 3] ?? 0) & (0x80 >> (sector & 7))) !== 0,
  };
}

/** Names under which the parent may be found, the relative ones first. */
function* readParentLink(file: Medium, header: VhdDynamicHeader): Walker<ParentLink> {
  const windows = header.locators.filter(
    ({ platform, length }) => (platform === 'W2ru' || platform === 'W2ku') && length <= LONGEST_LOCATOR,
  );
  windows.sort((a, b) => Number(b.platform === 'W2ru') - Number(a.platform === 'W2ru'));
  const texts = yield* file.read(
    windows.map(({ offset, length }) => ({ offset: placeIn(file, offset), length })),
  );
  const names = texts.flatMap((text) => (text.ok ? [decodeUtf16le(text.bytes).replace(/\0.*$/s, '')] : []));
  return {
    id: header.parentUniqueId,
    names: [...new Set([...names, header.parentName])].filter((name) => name !== ''),
  };
}
