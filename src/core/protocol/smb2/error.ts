// [MS-SMB2] 2.2.2 SMB2 ERROR Response, 2.2.2.1 SMB2 ERROR Context Response.
import { Reader } from '../../bytes/reader.ts';
import { openBody } from './header.ts';

const STRUCTURE_SIZE = 9;
/** Contexts of one error. One or two are defined; the bound keeps a hostile list cheap. */
const CONTEXT_LIMIT = 16;

export interface Smb2ErrorContext {
  /** SMB2_ERROR_ID_DEFAULT 0, SMB2_ERROR_ID_SHARE_REDIRECT 0x72645253, or another number. */
  readonly id: number;
  readonly data: Uint8Array;
}

export interface Smb2Error {
  /** Empty below 3.1.1, and mostly in 3.1.1. */
  readonly contexts: readonly Smb2ErrorContext[];
  /** ErrorData as it is. */
  readonly data: Uint8Array;
}

/** The body of a response whose status is a failure. Throws `DecodeError`. */
export function decodeError(message: Uint8Array): Smb2Error {
  const r = openBody(message, 'SMB2 ERROR Response', STRUCTURE_SIZE);
  const count = r.u8();
  r.skip(1 /* Reserved */);
  const data = r.bytes(r.u32le());
  if (!(count <= CONTEXT_LIMIT)) r.fail(`more than ${CONTEXT_LIMIT} error contexts`);
  const contexts: Smb2ErrorContext[] = [];
  const list = new Reader(data, 'SMB2 ERROR Context Response', r.offset - data.length);
  for (let index = 0; index < count; index += 1) {
    const length = list.u32le();
    const id = list.u32le();
    contexts.push({ id, data: list.bytes(length) });
    // Contexts start at multiples of 8 from the first; the last one has no padding.
    if (index + 1 < count) list.skip((8 - (length % 8)) % 8);
  }
  return { contexts, data };
}
