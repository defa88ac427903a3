import type { FileHandle } from 'node:fs/promises';

/** Sectors of 4 KiB are the largest that disks have; a device is read in whole ones. */
const SECTOR = 4096;

/** Beyond this no disk is that Windows starts from: NTFS volumes end at 8 PB. */
const MOST_BYTES = 2 ** 53;

/** `\\.\PhysicalDrive0`, `\\.\D:`, `\\?\Volume{…}`: what Windows opens as a device. A share (`UNC`) and a pipe are none. */
export function isWindowsDevice(path: string, platform: NodeJS.Platform = process.platform): boolean {
  return (
    platform === 'win32' &&
    /^[\\/]{2}[.?][\\/](?:PhysicalDrive\d+|[a-z]:|(?:Harddisk)?Volume[^\\/]*|CdRom\d+)$/i.test(path)
  );
}

/**
 * The size of a device, found by reading: Node has no other way to ask Windows for it. The first
 * sector that cannot be read is where it ends; about a hundred small reads.
 */
export async function sizeByReading(handle: Pick<FileHandle, 'read'>): Promise<number> {
  const sector = new Uint8Array(SECTOR);
  const canRead = async (index: number): Promise<boolean> => {
    try {
      return (await handle.read(sector, 0, SECTOR, index * SECTOR)).bytesRead > 0;
    } catch {
      return false;
    }
  };
  if (!(await canRead(0))) return 0;
  let readable = 0;
  let beyond = 1;
  while (beyond * SECTOR < MOST_BYTES && (await canRead(beyond))) {
    readable = beyond;
    beyond *= 2;
  }
  while (beyond - readable > 1) {
    const middle = readable + Math.floor((beyond - readable) / 2);
    if (await canRead(middle)) readable = middle;
    else beyond = middle;
  }
  return (readable + 1) * SECTOR;
}
