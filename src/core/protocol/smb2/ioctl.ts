// [MS-SMB2] 2.2.31 SMB2 IOCTL Request, 2.2.32 SMB2 IOCTL Response, and the two control codes that are
// used: FSCTL_PIPE_TRANSCEIVE ([MS-FSCC] 2.3.49) and FSCTL_VALIDATE_NEGOTIATE_INFO (2.2.31.4, 2.2.32.6).
import { Reader } from '../../bytes/reader.ts';
import { Writer } from '../../bytes/writer.ts';
import type { FileId } from './create.ts';
import { bufferAt, HEADER_SIZE, openBody } from './header.ts';

export const FSCTL = {
  PIPE_TRANSCEIVE: 0x0011_c017,
  VALIDATE_NEGOTIATE_INFO: 0x0014_0204,
} as const;

/** The FileId of a request that is about no file. */
export const NO_FILE: FileId = new Uint8Array(16).fill(0xff);

/** StructureSize, Reserved (4) + CtlCode (4) + FileId (16) + InputOffset, InputCount, MaxInputResponse (12) + OutputOffset, OutputCount, MaxOutputResponse (12) + Flags (4) + Reserved2 (4) */
const REQUEST_SIZE = 56;
const IS_FSCTL = 1;

/** The body of a request; `mostOutput` in bytes. */
export function encodeIoctl(code: number, fileId: FileId, input: Uint8Array, mostOutput: number): Uint8Array {
  return new Writer(REQUEST_SIZE + input.length)
    .u16le(REQUEST_SIZE + 1)
    .u16le(0 /* Reserved */)
    .u32le(code)
    .bytes(fileId)
    .u32le(HEADER_SIZE + REQUEST_SIZE)
    .u32le(input.length)
    .u32le(0 /* MaxInputResponse */)
    .u32le(0 /* OutputOffset */)
    .u32le(0 /* OutputCount */)
    .u32le(mostOutput)
    .u32le(IS_FSCTL)
    .u32le(0 /* Reserved2 */)
    .bytes(input)
    .toBytes();
}

/** The output of a response, as a view. Of a whole message with status success or BUFFER_OVERFLOW. Throws `DecodeError`. */
export function decodeIoctlResponse(message: Uint8Array): Uint8Array {
  const r = openBody(message, 'SMB2 IOCTL Response', 49);
  r.skip(2 /* Reserved */ + 4 /* CtlCode */ + 16 /* FileId */ + 4 /* InputOffset */ + 4 /* InputCount */);
  const offset = r.u32le();
  const length = r.u32le();
  return bufferAt(r, offset, length);
}

/** What NEGOTIATE was about, said again under the session's signature. */
export interface NegotiateInfo {
  readonly capabilities: number;
  /** 16 bytes. */
  readonly guid: Uint8Array;
  readonly securityMode: number;
}

/** VALIDATE_NEGOTIATE_INFO Request: what the client had sent, and all dialects in their order. */
export function encodeValidateNegotiate(info: NegotiateInfo, dialects: readonly number[]): Uint8Array {
  const w = new Writer(24 + 2 * dialects.length)
    .u32le(info.capabilities)
    .bytes(info.guid)
    .u16le(info.securityMode)
    .u16le(dialects.length);
  for (const dialect of dialects) w.u16le(dialect);
  return w.toBytes();
}

/** VALIDATE_NEGOTIATE_INFO Response: what the server had answered. Throws `DecodeError`. */
export function decodeValidateNegotiate(output: Uint8Array): NegotiateInfo & { readonly dialect: number } {
  const r = new Reader(output, 'VALIDATE_NEGOTIATE_INFO Response');
  const capabilities = r.u32le();
  const guid = r.bytes(16);
  const securityMode = r.u16le();
  const dialect = r.u16le();
  return { capabilities, guid, securityMode, dialect };
}
