import { copyBytes } from '../../bytes/copy.ts';
import { Reader } from '../../bytes/reader.ts';

/** Fixups protect blocks of this size, whatever the sectors of the disk are. */
const BLOCK_SIZE = 512;

/**
 * Undoes the update sequence ("fixups") of a FILE or INDX record: the last two bytes of each
 * 512-byte block were replaced by a number that changes with every write, which proves that all
 * blocks belong to the same write. Returns a copy with the true bytes.
 *
 * @param bytes the record as it lies on disk, at least `size` bytes
 * @param signature what it must begin with: `FILE` or `INDX`
 * Source: "New Technologies File System (NTFS)" of libfsntfs, "The fix-up values" (MULTI_SECTOR_HEADER).
 */
export function undoUpdateSequence(bytes: Uint8Array, size: number, signature: string): Uint8Array {
  const record = copyBytes(new Reader(bytes, `${signature} record`).bytes(size));
  const reader = new Reader(record, `${signature} record`);
  const found = String.fromCharCode(...reader.bytes(4));
  if (found === 'BAAD') reader.fail('chkdsk marked it as bad');
  if (!(found === signature)) reader.fail(`the signature ${signature} is missing`);
  const arrayAt = reader.u16le();
  const count = reader.u16le();
  const blocks = size / BLOCK_SIZE;
  // One value is the update sequence number itself; more values than blocks do occur.
  if (!(count >= blocks + 1)) reader.fail(`${count} fixup values for ${blocks} blocks`);
  reader.seek(arrayAt);
  const usn = reader.u16le();
  for (let end = BLOCK_SIZE; end <= size; end += BLOCK_SIZE) {
    const low = reader.u8();
    const high = reader.u8();
    if (!(record[end - 2] === (usn & 0xff) && record[end - 1] === usn >> 8)) {
      reader.fail(`the block that ends at byte ${end} belongs to another write`);
    }
    record[end - 2] = low;
    record[end - 1] = high;
  }
  return record;
}
