// [MS-SMB2] 3.1.4.1 Signing An Outgoing Message, 3.1.5.1 Verifying an Incoming Message.
import { equalBytes } from '../../bytes/equal.ts';
import { unreachable } from '../../bytes/unreachable.ts';
import { concat, Writer } from '../../bytes/writer.ts';
import { aesCmac, aesGmac } from '../../crypto/aes.ts';
import { hmacSha256 } from '../../crypto/digest.ts';
import { SIGNATURE_OFFSET, SIGNATURE_SIZE, SMB2_COMMAND } from './header.ts';
import { SIGNING, type SmbSigning } from './negotiate-contexts.ts';

export interface Signer {
  readonly algorithm: SmbSigning;
  /** 16 bytes. */
  readonly key: Uint8Array;
}

export type SmbSide = 'client' | 'server';

/** The message with its signature in place; the SIGNED bit is the caller's business. */
export function signMessage(message: Uint8Array, by: SmbSide, signer: Signer): Uint8Array {
  const signed = blanked(message);
  signed.set(signatureOf(signed, by, signer), SIGNATURE_OFFSET);
  return signed;
}

/** The signature in the message is the one that this side makes. */
export function isSignedBy(message: Uint8Array, by: SmbSide, signer: Signer): boolean {
  const given = message.subarray(SIGNATURE_OFFSET, SIGNATURE_OFFSET + SIGNATURE_SIZE);
  return equalBytes(given, signatureOf(blanked(message), by, signer));
}

function signatureOf(message: Uint8Array, by: SmbSide, { algorithm, key }: Signer): Uint8Array {
  switch (algorithm) {
    case SIGNING.HMAC_SHA256:
      return hmacSha256(key, message).subarray(0, SIGNATURE_SIZE);
    case SIGNING.AES_CMAC:
      return aesCmac(key, message);
    case SIGNING.AES_GMAC:
      return aesGmac(key, gmacNonce(message, by), message);
    default:
      return unreachable(algorithm);
  }
}

/** MessageId, then bit 0: from the server, bit 1: a CANCEL. So no two messages of a session share one. */
function gmacNonce(message: Uint8Array, by: SmbSide): Uint8Array {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const cancels = view.getUint16(12, true) === SMB2_COMMAND.CANCEL;
  return new Writer(12)
    .bytes(message.subarray(24, 32))
    .u32le((by === 'server' ? 1 : 0) | (cancels ? 2 : 0))
    .toBytes();
}

/** A copy with zeros in place of the signature. */
function blanked(message: Uint8Array): Uint8Array {
  const copy = concat(message);
  copy.fill(0, SIGNATURE_OFFSET, SIGNATURE_OFFSET + SIGNATURE_SIZE);
  return copy;
}
