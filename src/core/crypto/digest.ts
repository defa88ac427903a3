import { hmac } from '@noble/hashes/hmac.js';
import { md5 as nobleMd5 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256, sha512 as nobleSha512 } from '@noble/hashes/sha2.js';
import { concat, Writer } from '../bytes/writer.ts';

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

/** [FIPS 180-4] SHA-512 of all parts as one message, 64 bytes. */
export function sha512(...parts: readonly Uint8Array[]): Uint8Array {
  return nobleSha512(concat(...parts));
}

/** [RFC 2104] HMAC with SHA-256 of all parts as one message, 32 bytes. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return hmac(nobleSha256, key, concat(...parts));
}

/**
 * [SP 800-108] (revision 1) 4.1 KDF in counter mode, with HMAC-SHA256 and 32 bits for counter and length.
 * @param label and context as they are; the zero octet between them is added here
 * @param length of the key wanted, in bytes
 */
export function counterModeKdf(
  key: Uint8Array,
  label: Uint8Array,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const blocks = new Writer(length + 32);
  for (let counter = 1; blocks.length < length; counter += 1) {
    const input = new Writer()
      .u32be(counter)
      .bytes(label)
      .u8(0)
      .bytes(context)
      .u32be(length * 8);
    blocks.bytes(hmacSha256(key, input.toBytes()));
  }
  return blocks.toBytes().subarray(0, length);
}
