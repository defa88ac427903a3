// [MS-RDPBCGR] 2.2.1.3.1 User Data Header (TS_UD_HEADER): what client and server data blocks share.
import { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';

/** type (2) + length (2) */
const HEADER_LENGTH = 4;
/** The specification knows nine blocks for one side; more than this is no settings data. */
const MOST_BLOCKS = 64;

/** A block of a type that nothing here reads. `bytes`: without the header. */
export interface UnknownBlock {
  readonly kind: 'unknown';
  readonly type: number;
  readonly bytes: Uint8Array;
}

/**
 * Cuts user data into blocks, in their order.
 * `read` gets the type and a reader over the content; what it leaves unread is passed over, since later
 * versions of the protocol append fields.
 */
export function readBlocks<T>(
  userData: Uint8Array,
  read: (type: number, content: Reader) => T,
): readonly T[] {
  const r = new Reader(userData, 'TS_UD_HEADER');
  const blocks: T[] = [];
  while (r.remaining > 0) {
    if (!(blocks.length < MOST_BLOCKS)) r.fail(`more than ${MOST_BLOCKS} data blocks`);
    const type = r.u16le();
    const length = r.u16le();
    if (!(length >= HEADER_LENGTH))
      r.fail(`expected a block of at least ${HEADER_LENGTH} bytes, received ${length}`);
    blocks.push(read(type, r.sub(length - HEADER_LENGTH)));
  }
  return blocks;
}

/** One block: header and content. Throws RangeError when the content does not fit in 16 bits of length. */
export function encodeBlock(type: number, content: Uint8Array): Uint8Array {
  const length = HEADER_LENGTH + content.length;
  if (!(length <= 0xffff)) throw new RangeError(`a data block cannot carry ${content.length} bytes`);
  return new Writer(length).u16le(type).u16le(length).bytes(content).toBytes();
}
