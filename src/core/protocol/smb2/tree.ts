// [MS-SMB2] 2.2.9 SMB2 TREE_CONNECT Request, 2.2.10 SMB2 TREE_CONNECT Response.
import { encodeUtf16le } from '../../bytes/utf16.ts';
import { Writer } from '../../bytes/writer.ts';
import { HEADER_SIZE, openBody } from './header.ts';

/** ShareType. Others stay numbers. */
export const SHARE_TYPE = { DISK: 1, PIPE: 2, PRINT: 3 } as const;
/** The bit of ShareFlags that demands encryption. */
export const SHARE_ENCRYPT_DATA = 0x0000_8000;

/** StructureSize (2) + Flags (2) + PathOffset (2) + PathLength (2) */
const REQUEST_SIZE = 8;

/**
 * The body of a request.
 * @param server a name or an address, as the server may see it
 * @param share `IPC$`, `ADMIN$`, …
 */
export function encodeTreeConnect(server: string, share: string): Uint8Array {
  const path = encodeUtf16le(`\\\\${server}\\${share}`);
  return new Writer(REQUEST_SIZE + path.length)
    .u16le(REQUEST_SIZE + 1)
    .u16le(0 /* Flags */)
    .u16le(HEADER_SIZE + REQUEST_SIZE)
    .u16le(path.length)
    .bytes(path)
    .toBytes();
}

export interface TreeConnectResponse {
  /** One of SHARE_TYPE, or another number. */
  readonly shareType: number;
  readonly shareFlags: number;
  readonly capabilities: number;
  /** Access mask: what this user may do at most. */
  readonly maximalAccess: number;
}

/** Of a whole message with status success. Throws `DecodeError`. */
export function decodeTreeConnectResponse(message: Uint8Array): TreeConnectResponse {
  const r = openBody(message, 'SMB2 TREE_CONNECT Response', 16);
  const shareType = r.u8();
  r.skip(1 /* Reserved */);
  return { shareType, shareFlags: r.u32le(), capabilities: r.u32le(), maximalAccess: r.u32le() };
}
