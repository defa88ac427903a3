import { cbc, cmac, ctr, gcm } from '@noble/ciphers/aes.js';
import { equalBytes } from '../bytes/equal.ts';
import { concat, Writer } from '../bytes/writer.ts';

// AES in the modes that SMB 3 uses. Keys have 16 or 32 bytes. Nothing here draws random numbers: nonces
// are the caller's, and a nonce must never be used twice with a key.

const BLOCK = 16;

/** What authenticated encryption gives: as many bytes as went in, and the tag over them and the associated data. */
export interface Sealed {
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

/** [RFC 4493] AES-CMAC of all parts as one message, 16 bytes. */
export function aesCmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return cmac(concat(...parts), key);
}

/** [SP 800-38D] GCM with a nonce of 12 bytes and a tag of 16. */
export function aesGcmSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  plaintext: Uint8Array,
): Sealed {
  expectLength('a GCM nonce', nonce, 12);
  const sealed = gcm(key, nonce, associated).encrypt(plaintext);
  return { ciphertext: sealed.subarray(0, plaintext.length), tag: sealed.subarray(plaintext.length) };
}

/** The plaintext; `undefined` when the tag is another one. */
export function aesGcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  { ciphertext, tag }: Sealed,
): Uint8Array | undefined {
  expectLength('a GCM nonce', nonce, 12);
  expectLength('a GCM tag', tag, BLOCK);
  const cipher = gcm(key, nonce, associated);
  try {
    return cipher.decrypt(concat(ciphertext, tag));
  } catch {
    // The lengths are right, so the tag was wrong: the library has no other way to say it.
    return undefined;
  }
}

/** [SP 800-38D] GMAC: the tag of GCM over associated data alone, 16 bytes. */
export function aesGmac(key: Uint8Array, nonce: Uint8Array, message: Uint8Array): Uint8Array {
  return aesGcmSeal(key, nonce, message, new Uint8Array(0)).tag;
}

/**
 * [RFC 3610] 2.2, 2.3 CCM ([SP 800-38C]).
 * @param nonce 7 to 13 bytes; SMB 3 has 11
 * @param tagLength 4 to 16 bytes, even; SMB 3 has 16
 */
export function aesCcmSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  plaintext: Uint8Array,
  tagLength: number = BLOCK,
): Sealed {
  const mac = ccmMac(key, nonce, associated, plaintext, tagLength);
  return counterMode(key, nonce, mac, plaintext);
}

/** The plaintext; `undefined` when the tag is another one. */
export function aesCcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  { ciphertext, tag }: Sealed,
): Uint8Array | undefined {
  // Counter mode is its own inverse: this gives the plaintext and the MAC that the sender computed.
  const opened = counterMode(key, nonce, tag, ciphertext);
  const mac = ccmMac(key, nonce, associated, opened.ciphertext, tag.length);
  return equalBytes(mac, opened.tag) ? opened.ciphertext : undefined;
}

/** The key stream's first block goes over the MAC, the others over the message. */
function counterMode(key: Uint8Array, nonce: Uint8Array, mac: Uint8Array, message: Uint8Array): Sealed {
  const lengthSize = 15 - nonce.length;
  const firstCounter = concat([lengthSize - 1], nonce, new Uint8Array(lengthSize));
  const padded = concat(mac, new Uint8Array(BLOCK - mac.length), message);
  const output = ctr(key, firstCounter).encrypt(padded);
  return { ciphertext: output.subarray(BLOCK), tag: output.subarray(0, mac.length) };
}

/** CBC-MAC over the block that states nonce and lengths, the associated data and the message. */
function ccmMac(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  message: Uint8Array,
  tagLength: number,
): Uint8Array {
  if (!(nonce.length >= 7 && nonce.length <= 13))
    throw new RangeError(`a CCM nonce has 7 to 13 bytes, not ${nonce.length}`);
  if (!(tagLength >= 4 && tagLength <= BLOCK && tagLength % 2 === 0))
    throw new RangeError(`a CCM tag has 4 to 16 bytes, an even number, not ${tagLength}`);
  // Longer associated data has another encoding of its length; SMB 3 has 32 bytes.
  if (!(associated.length < 0xff00)) throw new RangeError('too much associated data for CCM');
  const lengthSize = 15 - nonce.length;
  if (!(message.length < 256 ** lengthSize)) throw new RangeError('the message is too long for this nonce');

  const flags = (associated.length > 0 ? 0x40 : 0) | (((tagLength - 2) / 2) << 3) | (lengthSize - 1);
  const w = new Writer(BLOCK + 2 + associated.length + message.length + 2 * BLOCK).u8(flags).bytes(nonce);
  for (let octet = lengthSize - 1; octet >= 0; octet -= 1) w.u8(Math.floor(message.length / 256 ** octet));
  if (associated.length > 0) w.u16be(associated.length).bytes(associated);
  pad(w);
  w.bytes(message);
  pad(w);
  const chained = cbc(key, new Uint8Array(BLOCK), { disablePadding: true }).encrypt(w.toBytes());
  return chained.subarray(chained.length - BLOCK, chained.length - BLOCK + tagLength);
}

function pad(w: Writer): void {
  w.zeros((BLOCK - (w.length % BLOCK)) % BLOCK);
}

function expectLength(what: string, bytes: Uint8Array, length: number): void {
  if (!(bytes.length === length)) throw new RangeError(`${what} has ${length} bytes, not ${bytes.length}`);
}
