import { hmac } from '@noble/hashes/hmac.js';
import { md5 as nobleMd5 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { concat } from '../bytes/writer.ts';

/** [RFC 1321] MD5 of all parts as one message, 16 bytes. */
export function md5(...parts: readonly Uint8Array[]): Uint8Array {
  return nobleMd5(concat(...parts));
}

/** [RFC 2104] HMAC with MD5 of all parts as one message, 16 bytes. */
export function hmacMd5(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return hmac(nobleMd5, key, concat(...parts));
}

/** [FIPS 180-4] SHA-256 of all parts as one message, 32 bytes. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return nobleSha256(concat(...parts));
}
