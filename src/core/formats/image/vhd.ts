import { tryDecode } from '../../bytes/decode-error.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';
import { type Anomaly, type Medium, slice, type Walker } from '../walker.ts';
import { type BlockMap, mappedMedium, PagedTable, type Place, readWhole } from './block-map.ts';
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
 * front, which is believed where the last sector was cut off. `undefined` when neither is there.
 * Two dependent rounds for a dynamic disk, none for a fixed one beyond the footer's.
 */
export function* openVhd(file: Medium, parent: Medium | undefined): Walker<ImageResult | undefined> {
  const ends = yield* file.read([
    { offset: Math.max(0, file.size - VHD_FOOTER_LENGTH), length: VHD_FOOTER_LENGTH },
    { offset: 0, length: VHD_FOOTER_LENGTH },
  ]);
  const [last, first] = ends.map((end) => {
    const decoded = end.ok ? tryDecode(() => decodeVhdFooter(end.bytes)) : undefined;
    return decoded?.ok === true ? decoded.value : undefined;
  });
  const footer = last ?? first;
  if (footer === undefined) return undefined;
  const anomalies: Anomaly[] = [];
  if (last === undefined) {
    anomalies.push({
      where: 'Hard Disk Footer',
      problem: 'it is missing at the end: the image is truncated',
    });
  }
  if (!footer.checksumHolds) anomalies.push({ where: 'Hard Disk Footer', problem: 'its checksum is wrong' });
  const size = Number(footer.currentSize);
  if (footer.diskType === VHD_DISK_TYPE.fixed) {
    return {
      ok: true,
      image: describe(footer, slice(file, 0, Math.min(size, file.size - SECTOR)), anomalies),
    };
  }
  if (footer.diskType !== VHD_DISK_TYPE.dynamic && footer.diskType !== VHD_DISK_TYPE.differencing) {
    return { ok: false, problem: `the VHD is of type ${footer.diskType}, which is not known` };
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
  const bytes = yield* readWhole(file, Number(footer.dataOffset), VHD_DYNAMIC_HEADER_LENGTH);
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
    return { ok: false, problem: `the VHD says that its blocks have ${blockSize} bytes, which cannot be` };
  }
  const differencing = footer.diskType === VHD_DISK_TYPE.differencing;
  const link = differencing ? yield* readParentLink(file, header) : undefined;
  const map = new VhdBlocks(file, header, differencing);
  return {
    ok: true,
    image: {
      ...describe(footer, mappedMedium(file, size, map, parent), anomalies),
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
  readonly split: BlockMap['split'];
  readonly #file: Medium;
  readonly #table: PagedTable;
  readonly #entries: number;
  /** Bytes of the sector bitmap in front of a block's data, rounded up to whole sectors. */
  readonly #bitmapLength: number;
  readonly #differencing: boolean;
  /** Block → its bitmap; bounded, since only blocks that are read have one. */
  readonly #bitmaps = new Map<number, Uint8Array>();

  constructor(file: Medium, header: VhdDynamicHeader, differencing: boolean) {
    this.#file = file;
    this.blockSize = header.blockSize;
    this.#entries = header.maxTableEntries;
    this.#table = new PagedTable(file, Number(header.tableOffset), header.maxTableEntries * 4);
    this.#bitmapLength = Math.ceil(header.blockSize / SECTOR / 8 / SECTOR) * SECTOR;
    this.#differencing = differencing;
    // In a dynamic disk without a parent a sector whose bit is clear holds zeros anyway.
    this.split = differencing ? (block, from, length) => this.#bySector(block, from, length) : undefined;
  }

  *locate(blocks: readonly number[]): Walker<ReadonlyMap<number, Place>> {
    const problem = yield* this.#table.need(blocks.map((block) => block * 4));
    return new Map(blocks.map((block) => [block, this.#place(block, problem)]));
  }

  #place(block: number, problem: string | undefined): Place {
    if (block >= this.#entries) return { kind: 'lost', problem: 'the block table ends before it' };
    const sector = this.#table.entry(block * 4, 4)?.getUint32(0, false);
    if (sector === undefined) return { kind: 'lost', problem: problem ?? 'the block table is truncated' };
    if (sector === UNUSED) return this.#differencing ? { kind: 'parent' } : { kind: 'zero' };
    return { kind: 'stored', offset: sector * SECTOR + this.#bitmapLength };
  }

  *#bySector(
    block: number,
    from: number,
    length: number,
  ): Walker<readonly (Place & { readonly length: number })[]> {
    const place = this.#place(block, undefined);
    if (place.kind !== 'stored') return [{ ...place, length }];
    let bitmap = this.#bitmaps.get(block);
    if (bitmap === undefined) {
      bitmap = yield* readWhole(this.#file, place.offset - this.#bitmapLength, this.#bitmapLength);
      if (bitmap === undefined)
        return [{ kind: 'lost', problem: 'the bitmap of its block is truncated', length }];
      this.#bitmaps.set(block, bitmap);
    }
    const parts: (Place & { length: number })[] = [];
    for (let at = from; at < from + length; ) {
      const sector = Math.floor(at / SECTOR);
      const next = Math.min(from + length, (sector + 1) * SECTOR);
      const own = ((bitmap[sector >> 3] ?? 0) & (0x80 >> (sector & 7))) !== 0;
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
}

/** Names under which the parent may be found, the relative ones first. */
function* readParentLink(file: Medium, header: VhdDynamicHeader): Walker<ParentLink> {
  const windows = header.locators.filter(
    ({ platform, length }) => (platform === 'W2ru' || platform === 'W2ku') && length <= LONGEST_LOCATOR,
  );
  windows.sort((a, b) => Number(b.platform === 'W2ru') - Number(a.platform === 'W2ru'));
  const texts = yield* file.read(windows.map(({ offset, length }) => ({ offset: Number(offset), length })));
  const names = texts.flatMap((text) => (text.ok ? [decodeUtf16le(text.bytes).replace(/\0.*$/s, '')] : []));
  return {
    id: header.parentUniqueId,
    names: [...new Set([...names, header.parentName])].filter((name) => name !== ''),
  };
}
