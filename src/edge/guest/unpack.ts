import { gunzipSync } from 'node:zlib';
import type { Unpack } from '../../core/dialect/script/frame.ts';

/** Undoes gzip, up to a limit. */
export const unpackGzip: Unpack = (gzip, limit) => {
  try {
    return limit <= 0 ? undefined : new Uint8Array(gunzipSync(gzip, { maxOutputLength: limit }));
  } catch {
    // Damaged, or longer than the limit.
    return undefined;
  }
};
