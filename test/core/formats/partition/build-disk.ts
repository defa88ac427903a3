// Small partitioned disks made by hand.
import { crc32 } from '../../../../src/core/bytes/crc32.ts';
import { fromHex } from '../../../../src/core/bytes/hex.ts';
import { encodeUtf16le } from '../../../../src/core/bytes/utf16.ts';

const BASIC_DATA = fromHex('a2a0d0eb e5b9 3344 87c0 68b6b72699c7');

export interface Row {
  readonly type: number;
  readonly first: number;
  readonly sectors: number;
  readonly status?: number;
}

/** Writes a table of four rows and its signature into a sector of a disk. */
export function putMbr(disk: Uint8Array, at: number, rows: readonly Row[]): void {
  const view = new DataView(disk.buffer, disk.byteOffset + at, 512);
  for (const [index, row] of rows.entries()) {
    const entry = 446 + index * 16;
    view.setUint8(entry, row.status ?? 0);
    view.setUint8(entry + 4, row.type);
    view.setUint32(entry + 8, row.first, true);
    view.setUint32(entry + 12, row.sectors, true);
  }
  view.setUint16(510, 0xaa55, true);
}

/** A GPT with one basic data partition from sector 64 to 127, primary and backup, and a protective MBR. */
export function gptDisk(sectorSize: number, sectors = 256): Uint8Array {
  const disk = new Uint8Array(sectorSize * sectors);
  putMbr(disk, 0, [{ type: 0xee, first: 1, sectors: sectors - 1 }]);
  const entries = new Uint8Array(128 * 128);
  const view = new DataView(entries.buffer);
  entries.set(BASIC_DATA, 0);
  entries.fill(7, 16, 32);
  view.setBigUint64(32, 64n, true);
  view.setBigUint64(40, 127n, true);
  entries.set(encodeUtf16le('Basic data partition'), 56);
  const entrySectors = entries.length / sectorSize;
  const put = (own: number, other: number, entriesLba: number) => {
    disk.set(entries, entriesLba * sectorSize);
    const header = new DataView(disk.buffer, own * sectorSize, 92);
    new Uint8Array(disk.buffer, own * sectorSize, 8).set(new TextEncoder().encode('EFI PART'));
    header.setUint32(8, 0x10000, true);
    header.setUint32(12, 92, true);
    header.setBigUint64(24, BigInt(own), true);
    header.setBigUint64(32, BigInt(other), true);
    header.setBigUint64(72, BigInt(entriesLba), true);
    header.setUint32(80, 128, true);
    header.setUint32(84, 128, true);
    header.setUint32(88, crc32(entries), true);
    header.setUint32(16, crc32(disk.subarray(own * sectorSize, own * sectorSize + 92)), true);
  };
  put(1, sectors - 1, 2);
  put(sectors - 1, 1, sectors - 1 - entrySectors);
  return disk;
}
