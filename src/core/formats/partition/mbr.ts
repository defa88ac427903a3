import { Reader } from '../../bytes/reader.ts';

/**
 * The master boot record and the extended boot records that chain logical partitions.
 * Source: UEFI Specification 2.10, 5.2.1 "Legacy Master Boot Record (MBR)"; an extended boot record
 * has the same table, with its own logical partition first and the next record second.
 */

/** One row of the table. LBAs and lengths are in sectors of the disk. */
export interface MbrEntry {
  readonly status: number;
  readonly type: number;
  /** Relative: to the disk in the MBR, to this record or to the extended partition in an extended one. */
  readonly firstSector: number;
  readonly sectors: number;
}

export const MBR_SIZE = 512;
const TABLE_AT = 446;
const ENTRIES = 4;

export const TYPE_GPT_PROTECTIVE = 0xee;
const EXTENDED_TYPES: readonly number[] = [0x05, 0x0f, 0x85];
const STATUS_ACTIVE = 0x80;

/**
 * Decodes the four rows of an MBR or an extended boot record, empty ones included.
 * @param bytes its sector, at least 512 bytes
 */
export function decodeMbr(bytes: Uint8Array): readonly MbrEntry[] {
  const reader = new Reader(bytes, 'Master Boot Record');
  reader.skip(TABLE_AT);
  const entries = Array.from({ length: ENTRIES }, () => {
    const status = reader.u8();
    reader.skip(3);
    const type = reader.u8();
    reader.skip(3);
    return { status, type, firstSector: reader.u32le(), sectors: reader.u32le() };
  });
  const signature = reader.u16le();
  if (!(signature === 0xaa55))
    reader.fail(`expected the signature 0xaa55, received 0x${signature.toString(16)}`);
  return entries;
}

export function isExtended(entry: MbrEntry): boolean {
  return EXTENDED_TYPES.includes(entry.type);
}

export function isActive(entry: MbrEntry): boolean {
  return entry.status === STATUS_ACTIVE;
}

export function isEmpty(entry: MbrEntry): boolean {
  return entry.type === 0 || entry.sectors === 0;
}
