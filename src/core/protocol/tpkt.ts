// [T123] section 8 / RFC 1006 section 6: Packet Format (TPKT)
import { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';
import type { Framing } from './dialog.ts';

const VERSION = 3;
/** version (1) + reserved (1) + length (2) */
const HEADER_LENGTH = 4;
/** RFC 1006 section 6: the header and the shortest TPDU, which has three bytes. */
const SHORTEST_PACKET = HEADER_LENGTH + 3;
const LONGEST_PACKET = 0xffff;

/**
 * Puts a TPKT header before one TPDU.
 * @param payload the TPDU, 3 to 65531 bytes; other lengths are a mistake of ours and throw RangeError
 */
export function encodeTpkt(payload: Uint8Array): Uint8Array {
  const length = HEADER_LENGTH + payload.length;
  if (!(length >= SHORTEST_PACKET && length <= LONGEST_PACKET)) {
    throw new RangeError(`a TPKT cannot carry ${payload.length} bytes`);
  }
  return new Writer(length).u8(VERSION).u8(0).u16be(length).bytes(payload).toBytes();
}

/**
 * Takes the TPKT header off one whole packet and returns the TPDU as a view.
 * Throws DecodeError when the length in the header is not the length of `bytes`. The reserved byte is passed over.
 */
export function decodeTpkt(bytes: Uint8Array): Uint8Array {
  const r = new Reader(bytes, 'TPKT');
  readVersion(r);
  r.skip(1);
  const payload = r.bytes(readLength(r) - HEADER_LENGTH);
  r.expectEnd();
  return payload;
}

/** How long is the TPKT that this buffer starts with, header included? For `receive`. */
export const tpktLength: Framing = (buffered) => {
  const r = new Reader(buffered, 'TPKT');
  if (r.remaining === 0) return undefined;
  // The first byte alone tells another protocol apart: its banner may be shorter than a TPKT header.
  readVersion(r);
  if (buffered.length < HEADER_LENGTH) return undefined;
  r.skip(1);
  return readLength(r);
};

function readVersion(r: Reader): void {
  const version = r.peek();
  if (!(version === undefined || version === VERSION)) {
    r.fail(`expected version ${VERSION}, received 0x${version.toString(16).padStart(2, '0')}`);
  }
  r.skip(1);
}

function readLength(r: Reader): number {
  const length = r.u16be();
  if (!(length >= SHORTEST_PACKET)) {
    r.fail(`expected a length of at least ${SHORTEST_PACKET} bytes, received ${length}`);
  }
  return length;
}
