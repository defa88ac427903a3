// [MS-SMB2] 2.2.19 SMB2 READ Request, 2.2.20 SMB2 READ Response, 2.2.21 SMB2 WRITE Request, 2.2.22 SMB2 WRITE Response.
import { Writer } from '../../bytes/writer.ts';
import type { FileId } from './create.ts';
import { bufferAt, HEADER_SIZE, openBody } from './header.ts';

/** Of both requests: from StructureSize to the buffer. */
const REQUEST_SIZE = 48;
/** StructureSize (2) + DataOffset (1) + Reserved (1) + DataLength (4) + DataRemaining (4) + Reserved2 (4) */
const READ_RESPONSE_SIZE = 16;

/** Where in the message a READ response should put its data: behind its own fields, without padding. */
const DATA_OFFSET = HEADER_SIZE + READ_RESPONSE_SIZE;

/**
 * The body of a READ.
 * @param length most bytes to be given
 * @param offset in the file, in bytes; 0 for a pipe
 */
export function encodeRead(fileId: FileId, length: number, offset: number): Uint8Array {
  return new Writer(REQUEST_SIZE + 1)
    .u16le(REQUEST_SIZE + 1)
    .u8(DATA_OFFSET)
    .u8(0 /* Flags */)
    .u32le(length)
    .u64le(BigInt(offset))
    .bytes(fileId)
    .u32le(0 /* MinimumCount */)
    .u32le(0 /* Channel */)
    .u32le(0 /* RemainingBytes */)
    .u16le(0 /* ReadChannelInfoOffset */)
    .u16le(0 /* ReadChannelInfoLength */)
    .u8(0 /* Buffer: one byte at least */)
    .toBytes();
}

/** The data of a READ response, as a view. Of a whole message with status success or BUFFER_OVERFLOW. Throws `DecodeError`. */
export function decodeReadResponse(message: Uint8Array): Uint8Array {
  const r = openBody(message, 'SMB2 READ Response', READ_RESPONSE_SIZE + 1);
  const offset = r.u8();
  r.skip(1 /* Reserved */);
  const length = r.u32le();
  r.skip(4 /* DataRemaining */ + 4 /* Reserved2 */);
  return bufferAt(r, offset, length);
}

/** The body of a WRITE; `offset` as in `encodeRead`. */
export function encodeWrite(fileId: FileId, data: Uint8Array, offset = 0): Uint8Array {
  return new Writer(REQUEST_SIZE + data.length)
    .u16le(REQUEST_SIZE + 1)
    .u16le(HEADER_SIZE + REQUEST_SIZE)
    .u32le(data.length)
    .u64le(BigInt(offset))
    .bytes(fileId)
    .u32le(0 /* Channel */)
    .u32le(0 /* RemainingBytes */)
    .u16le(0 /* WriteChannelInfoOffset */)
    .u16le(0 /* WriteChannelInfoLength */)
    .u32le(0 /* Flags */)
    .bytes(data)
    .toBytes();
}

/** How many bytes were taken. Of a whole message with status success. Throws `DecodeError`. */
export function decodeWriteResponse(message: Uint8Array): number {
  const r = openBody(message, 'SMB2 WRITE Response', 17);
  r.skip(2 /* Reserved */);
  return r.u32le();
}
