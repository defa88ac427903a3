import { Reader } from '../../bytes/reader.ts';

/**
 * The boot sector of an NTFS volume: where its $MFT lies and how large its units are.
 * Source: "New Technologies File System (NTFS)" of libfsntfs, "The volume header"; the NTFS
 * documentation of linux-ntfs, "$Boot".
 */
export interface Geometry {
  /** Bytes. */
  readonly sectorSize: number;
  /** Bytes: 512 to 2 MiB. */
  readonly clusterSize: number;
  /** Bytes: all sectors of the volume, which may be fewer than the partition has. */
  readonly volumeSize: number;
  /** Clusters. */
  readonly mftLcn: number;
  readonly mirrorLcn: number;
  /** Bytes of a FILE record. */
  readonly recordSize: number;
  /** Bytes of an INDX record. */
  readonly indexRecordSize: number;
  readonly serialNumber: bigint;
}

export const BOOT_SECTOR_SIZE = 512;
const CLUSTER_SIZE_MAX = 2 << 20;
/** Windows writes 1 or 4 KiB. An update sequence array of 16 bits counts 512-byte blocks far beyond this. */
const RECORD_SIZE_MAX = 1 << 16;

/** Decodes an NTFS boot sector (512 bytes; the backup at the volume's end is the same). */
export function decodeBootSector(bytes: Uint8Array): Geometry {
  const reader = new Reader(bytes, 'NTFS boot sector');
  reader.skip(3); // Jump instruction
  const oem = String.fromCharCode(...reader.bytes(8));
  if (!(oem === 'NTFS    ')) reader.fail('the identifier NTFS is missing');
  const sectorSize = reader.u16le();
  if (!(isPowerOfTwo(sectorSize) && sectorSize >= 256 && sectorSize <= 4096)) {
    reader.fail(`a sector size of ${sectorSize} bytes is not valid`);
  }
  // Above 128 the byte is a negative power of two, as mkntfs and Windows write clusters past 64 KiB.
  const stated = reader.u8();
  const sectorsPerCluster = stated >= 0xf4 ? 2 ** (256 - stated) : stated;
  const clusterSize = sectorSize * sectorsPerCluster;
  if (!(isPowerOfTwo(sectorsPerCluster) && clusterSize <= CLUSTER_SIZE_MAX)) {
    reader.fail(`a cluster of ${sectorsPerCluster} sectors of ${sectorSize} bytes is not valid`);
  }
  reader.skip(26); // the rest of the BIOS parameter block, which NTFS does not use
  const sectors = reader.u64leNumber();
  const volumeSize = sectors * sectorSize;
  if (!(Number.isSafeInteger(volumeSize) && sectors > 0))
    reader.fail(`a volume of ${sectors} sectors is not valid`);
  const lcn = () => {
    const value = reader.u64leNumber();
    if (!(value * clusterSize < volumeSize)) reader.fail(`cluster ${value} lies outside the volume`);
    return value;
  };
  const mftLcn = lcn();
  const mirrorLcn = reader.u64leNumber();
  const recordSize = readRecordSize(reader, clusterSize);
  const indexRecordSize = readRecordSize(reader, clusterSize);
  const serialNumber = reader.u64le();
  reader.skip(4 + 426); // Checksum, boot code
  // The signature is for the BIOS; volumes that are not booted from may lack it.
  reader.skip(2);
  return {
    sectorSize,
    clusterSize,
    volumeSize,
    mftLcn,
    mirrorLcn,
    recordSize,
    indexRecordSize,
    serialNumber,
  };
}

/** A signed byte: clusters when positive, a negative power of two bytes else. Three unused bytes follow. */
function readRecordSize(reader: Reader, clusterSize: number): number {
  const stated = reader.u8();
  const size = stated < 128 ? stated * clusterSize : 2 ** (256 - stated);
  if (!(isPowerOfTwo(size) && size >= 512 && size <= RECORD_SIZE_MAX)) {
    reader.fail(`a record of ${size} bytes is not valid`);
  }
  reader.skip(3);
  return size;
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value));
}
