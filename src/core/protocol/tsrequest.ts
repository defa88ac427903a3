import {
  ber,
  berInteger,
  berIntegerOf,
  berLength,
  contextTag,
  readBer,
  readOnlyBer,
  readOptionalBer,
  TAG,
} from '../bytes/ber.ts';
import { Reader } from '../bytes/reader.ts';
import type { Framing } from './dialog.ts';

// [MS-CSSP] 2.2.1 TSRequest, 2.2.1.1 NegoData. DER, EXPLICIT tags, always inside TLS.

/** Bytes of the longest TSRequest we wait for. Kerberos tickets with many groups are the longest seen, well below 64 KiB. */
export const TS_REQUEST_LIMIT = 65_536;

/** negoTokens of one TSRequest. The protocol sends one; the bound keeps a hostile answer cheap. */
const NEGO_TOKEN_LIMIT = 16;

export interface TsRequest {
  /** 2 … 6; others stay the number that came. */
  readonly version: number;
  /** SPNEGO tokens, or Kerberos or NTLM messages bare. */
  readonly negoTokens?: readonly Uint8Array[];
  /** Sealed TSCredentials. We never write it. */
  readonly authInfo?: Uint8Array;
  /** Sealed proof that both ends see the same TLS key. */
  readonly pubKeyAuth?: Uint8Array;
  /** NTSTATUS or SECURITY_STATUS, unsigned 32-bit. From version 3 on. */
  readonly errorCode?: number;
  /** 32 bytes. From version 5 on. */
  readonly clientNonce?: Uint8Array;
}

/**
 * Length in bytes of the first TSRequest in a buffer, header included; `undefined`: not enough bytes to tell.
 * Throws `DecodeError` when the bytes start no SEQUENCE of definite length.
 */
export const tsRequestLength: Framing = (buffered) => {
  const first = buffered[0];
  const r = new Reader(buffered, 'TSRequest');
  if (first !== undefined && first !== TAG.sequence) {
    r.fail(`expected tag 0x${TAG.sequence.toString(16)}, received 0x${first.toString(16)}`);
  }
  return berLength(buffered, r);
};

/** One whole TSRequest. Fields above [5], which a later version may add, are passed over. Throws `DecodeError`. */
export function decodeTsRequest(bytes: Uint8Array): TsRequest {
  const outer = new Reader(bytes, 'TSRequest');
  const r = readBer(outer, TAG.sequence);
  outer.expectEnd();

  const version = berInteger(readOnlyBer(readBer(r, contextTag(0), 'version'), TAG.integer));
  const tokens = readOptionalBer(r, contextTag(1), 'negoTokens');
  const negoTokens = tokens && readNegoData(tokens);
  const authInfo = readOptionalBer(r, contextTag(2), 'authInfo');
  const pubKeyAuth = readOptionalBer(r, contextTag(3), 'pubKeyAuth');
  const errorCode = readOptionalBer(r, contextTag(4), 'errorCode');
  const clientNonce = readOptionalBer(r, contextTag(5), 'clientNonce');
  return {
    version,
    ...(negoTokens && { negoTokens }),
    ...(authInfo && { authInfo: readOnlyBer(authInfo, TAG.octetString).rest() }),
    ...(pubKeyAuth && { pubKeyAuth: readOnlyBer(pubKeyAuth, TAG.octetString).rest() }),
    ...(errorCode && { errorCode: readStatus(readOnlyBer(errorCode, TAG.integer)) }),
    ...(clientNonce && { clientNonce: readOnlyBer(clientNonce, TAG.octetString).rest() }),
  };
}

/** The DER of a TSRequest. A status above 0x7FFFFFFF is written as Windows does, in four octets with the sign bit set. */
export function encodeTsRequest(request: TsRequest): Uint8Array {
  const { version, negoTokens, authInfo, pubKeyAuth, errorCode, clientNonce } = request;
  const fields = [ber(contextTag(0), berIntegerOf(version))];
  if (negoTokens) {
    const items = negoTokens.map((token) =>
      ber(TAG.sequence, ber(contextTag(0), ber(TAG.octetString, token))),
    );
    fields.push(ber(contextTag(1), ber(TAG.sequence, ...items)));
  }
  if (authInfo) fields.push(ber(contextTag(2), ber(TAG.octetString, authInfo)));
  if (pubKeyAuth) fields.push(ber(contextTag(3), ber(TAG.octetString, pubKeyAuth)));
  if (errorCode !== undefined) fields.push(ber(contextTag(4), berIntegerOf(errorCode | 0)));
  if (clientNonce) fields.push(ber(contextTag(5), ber(TAG.octetString, clientNonce)));
  return ber(TAG.sequence, ...fields);
}

/** NegoData ::= SEQUENCE OF SEQUENCE { negoToken [0] OCTET STRING } */
function readNegoData(field: Reader): readonly Uint8Array[] {
  const list = readOnlyBer(field, TAG.sequence);
  const tokens: Uint8Array[] = [];
  while (list.remaining > 0) {
    if (!(tokens.length < NEGO_TOKEN_LIMIT)) list.fail(`more than ${NEGO_TOKEN_LIMIT} tokens`);
    const item = readBer(list, TAG.sequence);
    tokens.push(readOnlyBer(readBer(item, contextTag(0), 'negoToken'), TAG.octetString).rest());
    item.expectEnd();
  }
  return tokens;
}

/** An NTSTATUS comes as a negative INTEGER of four octets, or as a positive one of five. */
function readStatus(content: Reader): number {
  const value = berInteger(content);
  if (!(value >= -0x8000_0000 && value <= 0xffff_ffff)) {
    content.fail(`expected a status of 32 bits, received ${value}`);
  }
  return value >>> 0;
}
