// [MS-SMB2] 2.2.41 SMB2 TRANSFORM_HEADER; 3.1.4.3 Encrypting the Message, 3.2.5.1.1 Decrypting the Message.
import { Reader } from '../../bytes/reader.ts';
import { Writer } from '../../bytes/writer.ts';
import { aesCcmOpen, aesCcmSeal, aesGcmOpen, aesGcmSeal } from '../../crypto/aes.ts';
import { PROTOCOL } from './framing.ts';
import { CIPHER, type SmbCipher } from './negotiate-contexts.ts';

/** ProtocolId (4) + Signature (16) */
const ASSOCIATED_OFFSET = 20;
/** ProtocolId (4) + Signature (16) + Nonce (16) + OriginalMessageSize (4) + Reserved (2) + Flags (2) + SessionId (8) */
const HEADER_SIZE = 52;
const TAG_SIZE = 16;
const NONCE_FIELD = 16;
/** Flags of 3.1.1: Encrypted; EncryptionAlgorithm of 3.0 and 3.0.2: AES-128-CCM. The same number. */
const ENCRYPTED = 0x0001;

/** 'SMB' */
const PROTOCOL_NAME = Uint8Array.of(0x53, 0x4d, 0x42);

export interface Sealing {
  readonly cipher: SmbCipher;
  /** 16 or 32 bytes. */
  readonly key: Uint8Array;
}

/** A nonce of the length that the cipher takes, from a number that is never used twice with a key. */
export function nonceOf(cipher: SmbCipher, counter: bigint): Uint8Array {
  return new Writer(NONCE_FIELD)
    .u64le(counter)
    .zeros(nonceSize(cipher) - 8)
    .toBytes();
}

/** TRANSFORM_HEADER and the encrypted message; `nonce` as `nonceOf` gives it. */
export function sealMessage(
  message: Uint8Array,
  sessionId: bigint,
  nonce: Uint8Array,
  { cipher, key }: Sealing,
): Uint8Array {
  const associated = new Writer(HEADER_SIZE - ASSOCIATED_OFFSET)
    .bytes(nonce)
    .zeros(NONCE_FIELD - nonce.length)
    .u32le(message.length)
    .u16le(0 /* Reserved */)
    .u16le(ENCRYPTED)
    .u64le(sessionId)
    .toBytes();
  const seal = isGcm(cipher) ? aesGcmSeal : aesCcmSeal;
  const { ciphertext, tag } = seal(key, nonce, associated, message);
  return new Writer(HEADER_SIZE + ciphertext.length)
    .u8(PROTOCOL.transform)
    .bytes(PROTOCOL_NAME)
    .bytes(tag)
    .bytes(associated)
    .bytes(ciphertext)
    .toBytes();
}

export interface SealedMessage {
  readonly sessionId: bigint;
  readonly tag: Uint8Array;
  /** All 16 bytes of the field. */
  readonly nonce: Uint8Array;
  /** What the tag covers beside the message. */
  readonly associated: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** The parts of an encrypted message. Throws `DecodeError`. */
export function decodeTransform(frame: Uint8Array): SealedMessage {
  const r = new Reader(frame, 'SMB2 TRANSFORM_HEADER');
  const protocol = r.u8();
  if (!(protocol === PROTOCOL.transform)) r.fail(`expected 0xfd first, received 0x${protocol.toString(16)}`);
  const name = r.bytes(PROTOCOL_NAME.length);
  if (!PROTOCOL_NAME.every((byte, index) => name[index] === byte)) r.fail('expected SMB after 0xfd');
  const tag = r.bytes(TAG_SIZE);
  const nonce = r.bytes(NONCE_FIELD);
  const size = r.u32le();
  r.skip(2 /* Reserved */);
  const flags = r.u16le();
  if (!(flags === ENCRYPTED)) r.fail(`expected Flags ${ENCRYPTED}, received ${flags}`);
  const sessionId = r.u64le();
  const ciphertext = r.bytes(size);
  r.expectEnd();
  return {
    sessionId,
    tag,
    nonce,
    associated: frame.subarray(ASSOCIATED_OFFSET, HEADER_SIZE),
    ciphertext,
  };
}

/** The message inside; `undefined` when it was not sealed with this key, or was changed on its way. */
export function openMessage(sealed: SealedMessage, { cipher, key }: Sealing): Uint8Array | undefined {
  const nonce = sealed.nonce.subarray(0, nonceSize(cipher));
  return (isGcm(cipher) ? aesGcmOpen : aesCcmOpen)(key, nonce, sealed.associated, sealed);
}

function isGcm(cipher: SmbCipher): boolean {
  return cipher === CIPHER.AES_128_GCM || cipher === CIPHER.AES_256_GCM;
}

function nonceSize(cipher: SmbCipher): number {
  return isGcm(cipher) ? 12 : 11;
}
