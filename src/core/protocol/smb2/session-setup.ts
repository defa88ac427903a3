// [MS-SMB2] 2.2.5 SMB2 SESSION_SETUP Request, 2.2.6 SMB2 SESSION_SETUP Response, 2.2.7 SMB2 LOGOFF Request.
import { Writer } from '../../bytes/writer.ts';
import { bufferAt, HEADER_SIZE, openBody } from './header.ts';

/** Bits of SessionFlags. */
export const SESSION_FLAG = { IS_GUEST: 0x0001, IS_NULL: 0x0002, ENCRYPT_DATA: 0x0004 } as const;

/** StructureSize (2) + Flags (1) + SecurityMode (1) + Capabilities (4) + Channel (4) + SecurityBufferOffset (2) + SecurityBufferLength (2) + PreviousSessionId (8) */
const REQUEST_SIZE = 24;

/**
 * The body of a request.
 * @param securityMode bits as in SECURITY_MODE; one byte here
 * @param token GSS-API; at most 65,535 bytes
 */
export function encodeSessionSetup(securityMode: number, token: Uint8Array): Uint8Array {
  return new Writer(REQUEST_SIZE + token.length)
    .u16le(REQUEST_SIZE + 1)
    .u8(0 /* Flags: no binding to another session */)
    .u8(securityMode)
    .u32le(0 /* Capabilities: no DFS */)
    .u32le(0 /* Channel */)
    .u16le(HEADER_SIZE + REQUEST_SIZE)
    .u16le(token.length)
    .u64le(0n /* PreviousSessionId */)
    .bytes(token)
    .toBytes();
}

export interface SessionSetupResponse {
  /** Bits as in SESSION_FLAG. */
  readonly sessionFlags: number;
  /** GSS-API; may be empty. */
  readonly token: Uint8Array;
}

/** Of a whole message with status success or MORE_PROCESSING_REQUIRED. Throws `DecodeError`. */
export function decodeSessionSetupResponse(message: Uint8Array): SessionSetupResponse {
  const r = openBody(message, 'SMB2 SESSION_SETUP Response', 9);
  const sessionFlags = r.u16le();
  const offset = r.u16le();
  const length = r.u16le();
  return { sessionFlags, token: bufferAt(r, offset, length) };
}

/** The body of a LOGOFF, and of a TREE_DISCONNECT ([MS-SMB2] 2.2.11). */
export function encodeEmptyRequest(): Uint8Array {
  return new Writer(4).u16le(4).u16le(0).toBytes();
}
