import { copyBytes } from '../bytes/copy.ts';
import { equalBytes } from '../bytes/equal.ts';
import { concat, Writer } from '../bytes/writer.ts';
import { hmacMd5, md5 } from '../crypto/digest.ts';
import { Rc4 } from '../crypto/rc4.ts';
import { hasFlag, NTLM_FLAG } from './ntlm-flags.ts';

// [MS-NLMP] 3.4 Session Security Details, with extended session security: 3.4.4.2 MAC, 3.4.5.2 SIGNKEY,
// 3.4.5.3 SEALKEY, 3.4.6 GSS_WrapEx.

/** Bytes of a signature. */
export const NTLM_SIGNATURE_SIZE = 4 /* Version */ + 8 /* Checksum */ + 4; /* SeqNum */
const SIGNATURE_VERSION = 1;

export type NtlmSide = 'client' | 'server';

/** SIGNKEY, 16 bytes: what a side signs with. */
export function signKey(exportedSessionKey: Uint8Array, by: NtlmSide): Uint8Array {
  return md5(exportedSessionKey, magic(by, 'signing'));
}

/** SEALKEY, 16 bytes: what a side seals with, from a key that is cut to 7 or 5 bytes where 128 bits were not agreed on. */
export function sealKey(exportedSessionKey: Uint8Array, flags: number, by: NtlmSide): Uint8Array {
  const strength = hasFlag(flags, NTLM_FLAG.NEGOTIATE_128)
    ? 16
    : hasFlag(flags, NTLM_FLAG.NEGOTIATE_56)
      ? 7
      : 5;
  return md5(exportedSessionKey.subarray(0, strength), magic(by, 'sealing'));
}

/**
 * One side's end of a session in which each side seals what it sends.
 * INVARIANT: messages are unwrapped in the order in which they were wrapped; key streams and sequence numbers go on.
 */
export class NtlmSession {
  readonly #outward: Direction;
  readonly #inward: Direction;

  /**
   * @param exportedSessionKey 16 bytes
   * @param flags of the AUTHENTICATE_MESSAGE; extended session security must be among them
   */
  constructor(exportedSessionKey: Uint8Array, flags: number, side: NtlmSide) {
    if (!hasFlag(flags, NTLM_FLAG.NEGOTIATE_EXTENDED_SESSIONSECURITY)) {
      throw new RangeError('expected extended session security among the flags');
    }
    this.#outward = new Direction(exportedSessionKey, flags, side);
    this.#inward = new Direction(exportedSessionKey, flags, side === 'client' ? 'server' : 'client');
  }

  /** GSS_WrapEx with confidentiality: 16 bytes of signature, then as many bytes as the message has. */
  wrap(message: Uint8Array): Uint8Array {
    const sealed = this.#outward.cipher.apply(message);
    return concat(this.#outward.sign(message), sealed);
  }

  /** GSS_GetMICEx: the signature of a message that travels as it is, 16 bytes. */
  sign(message: Uint8Array): Uint8Array {
    return this.#outward.sign(message);
  }

  /** GSS_VerifyMICEx: the signature is the other side's, of its next message. */
  verify(message: Uint8Array, signature: Uint8Array): boolean {
    return equalBytes(this.#inward.sign(message), signature);
  }

  /** The message inside; `undefined` when its signature is not the other side's. */
  unwrap(wrapped: Uint8Array): Uint8Array | undefined {
    if (!(wrapped.length >= NTLM_SIGNATURE_SIZE)) return undefined;
    const message = this.#inward.cipher.apply(wrapped.subarray(NTLM_SIGNATURE_SIZE));
    const expected = this.#inward.sign(message);
    return equalBytes(expected, wrapped.subarray(0, NTLM_SIGNATURE_SIZE)) ? message : undefined;
  }

  /**
   * GSS_WrapEx over a packet of which only a part is sealed: the whole of it is signed, the bytes
   * from `from` to `to` are sealed (none where both are the same, which is GSS_GetMICEx).
   */
  protect(packet: Uint8Array, from: number, to: number): ProtectedPacket {
    const sealed = copyBytes(packet);
    sealed.set(this.#outward.cipher.apply(packet.subarray(from, to)), from);
    return { packet: sealed, signature: this.#outward.sign(packet) };
  }

  /** The packet as it was before the other side's `protect`; `undefined` when the signature is not the other side's. */
  unprotect({ packet, signature }: ProtectedPacket, from: number, to: number): Uint8Array | undefined {
    const opened = copyBytes(packet);
    opened.set(this.#inward.cipher.apply(packet.subarray(from, to)), from);
    return equalBytes(this.#inward.sign(opened), signature) ? opened : undefined;
  }
}

/** A packet, partly sealed, and the signature over what it was before that. */
export interface ProtectedPacket {
  readonly packet: Uint8Array;
  /** `NTLM_SIGNATURE_SIZE` bytes. */
  readonly signature: Uint8Array;
}

class Direction {
  readonly cipher: Rc4;
  readonly #signKey: Uint8Array;
  readonly #sealsChecksum: boolean;
  #sequence = 0;

  constructor(exportedSessionKey: Uint8Array, flags: number, by: NtlmSide) {
    this.cipher = new Rc4(sealKey(exportedSessionKey, flags, by));
    this.#signKey = signKey(exportedSessionKey, by);
    this.#sealsChecksum = hasFlag(flags, NTLM_FLAG.NEGOTIATE_KEY_EXCH);
  }

  /** MAC of the next message. Comes after the message's own sealing: both draw on the same key stream. */
  sign(message: Uint8Array): Uint8Array {
    const sequence = new Writer(4).u32le(this.#sequence).toBytes();
    this.#sequence += 1;
    const checksum = hmacMd5(this.#signKey, sequence, message).subarray(0, 8);
    return new Writer(NTLM_SIGNATURE_SIZE)
      .u32le(SIGNATURE_VERSION)
      .bytes(this.#sealsChecksum ? this.cipher.apply(checksum) : checksum)
      .bytes(sequence)
      .toBytes();
  }
}

function magic(by: NtlmSide, purpose: 'signing' | 'sealing'): Uint8Array {
  const way = by === 'client' ? 'client-to-server' : 'server-to-client';
  return Uint8Array.from(`session key to ${way} ${purpose} key magic constant\0`, (c) => c.charCodeAt(0));
}
