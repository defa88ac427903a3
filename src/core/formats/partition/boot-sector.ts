import { toHex } from '../../bytes/hex.ts';
import { type Medium, readAt, type Walker } from '../walker.ts';

/** What the first sector of a volume says it holds. */
export type VolumeKind = 'ntfs' | 'bitlocker' | 'bitlocker-to-go' | 'refs' | 'fat' | 'unknown';

/** The smallest sector: everything that tells volumes apart lies in it. */
const BOOT_SECTOR_SIZE = 512;

/** The OEM identifier is eight characters behind the jump instruction. */
const OEM_IDENTIFIER_AT = 3;

/** 4967d63b-2e29-4ad8-8399-f6a339e3d001, the BitLocker identifier, as it lies on disk. */
const BITLOCKER_IDENTIFIER = '3bd66749292ed84a8399f6a339e3d001';
const BITLOCKER_TO_GO_IDENTIFIER_AT = 0x1a8;

/**
 * Tells the kind of a volume by its first sector (512 bytes are enough; fewer are `unknown`).
 * BitLocker To Go shows a FAT volume to systems that do not know it; its GUID gives it away.
 * Source: "BitLocker Drive Encryption (BDE) format" of libbde, volume headers; [MS-ReFS] has no
 * published boot sector, its OEM identifier is `ReFS`.
 */
export function recogniseBootSector(sector: Uint8Array): VolumeKind {
  if (sector.length < BOOT_SECTOR_SIZE) return 'unknown';
  const text = (at: number, length: number) => String.fromCharCode(...sector.subarray(at, at + length));
  const oem = text(OEM_IDENTIFIER_AT, 8);
  if (oem === '-FVE-FS-') return 'bitlocker';
  const identifier = sector.subarray(BITLOCKER_TO_GO_IDENTIFIER_AT, BITLOCKER_TO_GO_IDENTIFIER_AT + 16);
  if (toHex(identifier) === BITLOCKER_IDENTIFIER) return 'bitlocker-to-go';
  if (oem === 'NTFS    ') return 'ntfs';
  if (oem === 'ReFS\0\0\0\0') return 'refs';
  const signed = sector[510] === 0x55 && sector[511] === 0xaa;
  // File system types of the FAT12/16 and of the FAT32 extended BIOS parameter block; exFAT's identifier.
  const isFat = text(0x36, 3) === 'FAT' || text(0x52, 5) === 'FAT32' || oem === 'EXFAT   ';
  return signed && isFat ? 'fat' : 'unknown';
}

/** What a volume is, by its first sector. One round. A sector that cannot be read is `unknown`. */
export function* recogniseVolume(medium: Medium): Walker<VolumeKind> {
  const result = yield* readAt(medium, 0, BOOT_SECTOR_SIZE);
  return result.ok ? recogniseBootSector(result.bytes) : 'unknown';
}
