// [MS-SMB2] 2.1 Transport: the Direct TCP transport packet header.
import { Reader } from '../../bytes/reader.ts';
import { Writer } from '../../bytes/writer.ts';
import type { Framing } from '../dialog.ts';

/** Zero (1) + StreamProtocolLength (3, big-endian) */
const HEADER_LENGTH = 4;

/** First byte of ProtocolId; 'SMB' follows. */
export const PROTOCOL = {
  /** [MS-SMB2] 2.2.1 SMB2 Packet Header */
  smb2: 0xfe,
  /** [MS-SMB2] 2.2.41 SMB2 TRANSFORM_HEADER */
  transform: 0xfd,
  /** [MS-SMB2] 2.2.42 SMB2 COMPRESSION_TRANSFORM_HEADER; never agreed to here. */
  compression: 0xfc,
  /** [MS-CIFS] 2.2.3.1 The SMB Header */
  smb1: 0xff,
} as const;

/**
 * Most bytes of a frame that are read. What we ask for has at most 64 KiB of data; headers, a
 * TRANSFORM_HEADER and the contexts of NEGOTIATE beside a security buffer of 64 KiB fit in the rest.
 */
export const FRAME_LIMIT = 0x1_4000;

/** Puts the transport's header before one message. */
export function encodeFrame(message: Uint8Array): Uint8Array {
  return new Writer(HEADER_LENGTH + message.length).u8(0).u24be(message.length).bytes(message).toBytes();
}

/** Takes the transport's header off one whole frame and returns the message as a view. Throws `DecodeError`. */
export function decodeFrame(bytes: Uint8Array): Uint8Array {
  const r = new Reader(bytes, 'Direct TCP transport packet');
  readZero(r);
  const message = r.bytes(r.u24be());
  r.expectEnd();
  return message;
}

/** How long is the frame that this buffer starts with, header included? For `receive`. */
export const frameLength: Framing = (buffered) => {
  const r = new Reader(buffered, 'Direct TCP transport packet');
  if (r.remaining === 0) return undefined;
  // The first byte alone tells another protocol apart: its banner may be shorter than our header.
  readZero(r);
  if (buffered.length < HEADER_LENGTH) return undefined;
  const length = r.u24be();
  const first = r.peek();
  if (!(first === undefined || first >= PROTOCOL.compression)) {
    r.fail(`expected an SMB message, received 0x${first.toString(16).padStart(2, '0')} as its first byte`);
  }
  return HEADER_LENGTH + length;
};

function readZero(r: Reader): void {
  const zero = r.u8();
  if (!(zero === 0)) r.fail(`expected a zero first byte, received 0x${zero.toString(16).padStart(2, '0')}`);
}
