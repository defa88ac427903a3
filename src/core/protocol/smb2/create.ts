// [MS-SMB2] 2.2.13 SMB2 CREATE Request, 2.2.14 SMB2 CREATE Response, 2.2.15 SMB2 CLOSE Request.
import { encodeUtf16le } from '../../bytes/utf16.ts';
import { Writer } from '../../bytes/writer.ts';
import { HEADER_SIZE, openBody } from './header.ts';

/** [MS-SMB2] 2.2.14.1 SMB2_FILEID, 16 bytes, of no meaning to a client. */
export type FileId = Uint8Array;

/** [MS-SMB2] 2.2.13.1 Access Mask Encoding, what is used of it. */
export const ACCESS = {
  READ_DATA: 0x0000_0001,
  WRITE_DATA: 0x0000_0002,
  APPEND_DATA: 0x0000_0004,
  READ_EA: 0x0000_0008,
  WRITE_EA: 0x0000_0010,
  READ_ATTRIBUTES: 0x0000_0080,
  WRITE_ATTRIBUTES: 0x0000_0100,
  READ_CONTROL: 0x0002_0000,
} as const;

export const SHARE = { READ: 1, WRITE: 2, DELETE: 4 } as const;
/** CreateOptions, what is used of them. */
export const OPTION = { NON_DIRECTORY_FILE: 0x0000_0040 } as const;

/** [MS-SMB2] 2.2.13: a server does no more than this on behalf of the user whom it carries to others. */
const IMPERSONATION = 2;
const FILE_OPEN = 1;

/** StructureSize (2) + SecurityFlags, RequestedOplockLevel (2) + ImpersonationLevel (4) + SmbCreateFlags, Reserved (16) + DesiredAccess … CreateOptions (20) + NameOffset, NameLength (4) + CreateContextsOffset, Length (8) */
const REQUEST_SIZE = 56;

export interface CreateRequest {
  /** Below the share, without a backslash in front: `winreg`. */
  readonly name: string;
  /** Bits as in ACCESS. */
  readonly desiredAccess: number;
  /** Bits as in SHARE. */
  readonly shareAccess: number;
  /** Bits as in OPTION. */
  readonly options?: number;
}

/** The body of a request that opens what exists, without oplock and contexts. */
export function encodeCreate(request: CreateRequest): Uint8Array {
  const name = encodeUtf16le(request.name);
  return new Writer(REQUEST_SIZE + name.length)
    .u16le(REQUEST_SIZE + 1)
    .u8(0 /* SecurityFlags */)
    .u8(0 /* RequestedOplockLevel: none */)
    .u32le(IMPERSONATION)
    .u64le(0n /* SmbCreateFlags */)
    .u64le(0n /* Reserved */)
    .u32le(request.desiredAccess)
    .u32le(0 /* FileAttributes */)
    .u32le(request.shareAccess)
    .u32le(FILE_OPEN)
    .u32le(request.options ?? 0)
    .u16le(HEADER_SIZE + REQUEST_SIZE)
    .u16le(name.length)
    .u32le(0 /* CreateContextsOffset */)
    .u32le(0 /* CreateContextsLength */)
    .bytes(name)
    .toBytes();
}

export interface CreateResponse {
  readonly fileId: FileId;
  /** FILETIME. */
  readonly lastWriteTime: bigint;
  /** EndOfFile: the size in bytes. */
  readonly size: number;
  readonly attributes: number;
}

/** Of a whole message with status success. Throws `DecodeError`. */
export function decodeCreateResponse(message: Uint8Array): CreateResponse {
  const r = openBody(message, 'SMB2 CREATE Response', 89);
  r.skip(1 /* OplockLevel */ + 1 /* Flags */ + 4 /* CreateAction */ + 8 /* CreationTime */ + 8);
  const lastWriteTime = r.u64le();
  r.skip(8 /* ChangeTime */ + 8 /* AllocationSize */);
  const size = r.u64leNumber();
  const attributes = r.u32le();
  r.skip(4 /* Reserved2 */);
  const fileId = r.bytes(16);
  return { fileId, lastWriteTime, size, attributes };
}

/** The body of a CLOSE that asks for no attributes. */
export function encodeClose(fileId: FileId): Uint8Array {
  return new Writer(24).u16le(24).u16le(0 /* Flags */).u32le(0 /* Reserved */).bytes(fileId).toBytes();
}
