import { Reader } from '../../bytes/reader.ts';
import { concat, Writer } from '../../bytes/writer.ts';
import type { Framing } from '../dialog.ts';

// [C706] 12.6.3.1 Declarations (common header fields), 12.6.4 Connection-oriented PDU Definitions,
// 13.2.6.1 Common Authentication Verifier Encodings; [MS-RPCE] 2.2.2.11 sec_trailer Structure.
// Little-endian only: packed_drep tells, and every Windows and Samba sends it so.

/** PTYPE. */
export const PDU_TYPE = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bind_ack: 12,
  bind_nak: 13,
  alter_context: 14,
  alter_context_resp: 15,
  rpc_auth_3: 16,
} as const;

/** pfc_flags. */
export const PFC = {
  FIRST_FRAG: 0x01,
  LAST_FRAG: 0x02,
  /** [MS-RPCE] 2.2.2.3, in the PDUs that set up a connection. */
  SUPPORT_HEADER_SIGN: 0x04,
  /** In bind: we can; in bind_ack: several calls may be in flight. */
  CONC_MPX: 0x10,
  DID_NOT_EXECUTE: 0x20,
  OBJECT_UUID: 0x80,
} as const;

/** Both bits: the PDU is a whole. */
export const WHOLE = PFC.FIRST_FRAG | PFC.LAST_FRAG;

const VERSION = 5;
/** Integers little-endian, characters ASCII, floating point IEEE; two reserved bytes. */
const LITTLE_ENDIAN = 0x0000_0010;

export const PDU_HEADER_SIZE =
  2 /* rpc_vers, rpc_vers_minor */ +
  1 /* PTYPE */ +
  1 /* pfc_flags */ +
  4 /* packed_drep */ +
  2 /* frag_length */ +
  2 /* auth_length */ +
  4; /* call_id */

const SEC_TRAILER_SIZE =
  3 /* auth_type, auth_level, auth_pad_length */ + 1 /* auth_reserved */ + 4; /* auth_context_id */

/** sec_trailer and the authentication token that follows it. */
export interface AuthVerifier {
  /** auth_type: 9 SPNEGO, 10 NTLMSSP. */
  readonly type: number;
  /** auth_level: 5 integrity, 6 privacy. */
  readonly level: number;
  readonly contextId: number;
  readonly value: Uint8Array;
}

export interface Pdu {
  /** PDU_TYPE; others stay the number that came. */
  readonly type: number;
  /** Bits as in PFC. */
  readonly flags: number;
  readonly callId: number;
  /** Everything between the header and the padding of the verifier, as a view. */
  readonly body: Uint8Array;
  readonly auth?: AuthVerifier;
}

/** Length in bytes of the first PDU in a buffer; `undefined`: not enough bytes to tell. Throws `DecodeError` where no PDU begins. */
export const pduLength: Framing = (buffered) => {
  const r = new Reader(buffered, 'PDU');
  if (r.remaining === 0) return undefined;
  // The first byte alone tells another protocol apart.
  const version = r.peek();
  if (!(version === VERSION)) r.fail(`expected version ${VERSION}, received ${version}`);
  return buffered.length < PDU_HEADER_SIZE ? undefined : readHeader(r).fragLength;
};

/** Where the parts of a PDU with a verifier stand, in bytes from its start. */
export interface PduParts {
  /** The end of body and padding: the sec_trailer begins. */
  readonly trailerAt: number;
  /** The token begins; it goes on to the end. */
  readonly tokenAt: number;
}

/** Where sec_trailer and token stand; `undefined` where the PDU has none. Throws `DecodeError`. */
export function partsOf(bytes: Uint8Array): PduParts | undefined {
  const r = new Reader(bytes, 'PDU');
  const { fragLength, authLength } = readHeader(r);
  if (authLength === 0) return undefined;
  r.skip(fragLength - PDU_HEADER_SIZE);
  r.expectEnd();
  const tokenAt = fragLength - authLength;
  const trailerAt = tokenAt - SEC_TRAILER_SIZE;
  if (!(trailerAt >= PDU_HEADER_SIZE))
    r.fail(`a verifier of ${authLength} bytes has no room in ${fragLength}`);
  return { trailerAt, tokenAt };
}

/** One whole PDU, which nothing may follow. Its verifier is not checked here. Throws `DecodeError`. */
export function decodePdu(bytes: Uint8Array): Pdu {
  const r = new Reader(bytes, 'PDU');
  const { type, flags, callId, fragLength } = readHeader(r);
  const parts = partsOf(bytes);
  if (parts === undefined) {
    const body = r.bytes(fragLength - PDU_HEADER_SIZE);
    r.expectEnd();
    return { type, flags, callId, body };
  }
  const padded = r.bytes(parts.trailerAt - PDU_HEADER_SIZE);
  const authType = r.u8();
  const level = r.u8();
  const padding = r.u8();
  if (!(padding <= padded.length)) r.fail(`padding of ${padding} bytes in a body of ${padded.length}`);
  r.skip(1 /* auth_reserved */);
  const contextId = r.u32le();
  return {
    type,
    flags,
    callId,
    body: padded.subarray(0, padded.length - padding),
    auth: { type: authType, level, contextId, value: r.rest() },
  };
}

/**
 * The bytes of a PDU.
 * @param alignment where there is a verifier, the body is padded to a multiple of so many bytes before it
 */
export function encodePdu(pdu: Pdu, alignment = 4): Uint8Array {
  const { type, flags, callId, body, auth } = pdu;
  const padding = auth === undefined ? 0 : (alignment - (body.length % alignment)) % alignment;
  const trailer =
    auth === undefined
      ? new Uint8Array(0)
      : concat(
          new Uint8Array(padding),
          new Writer(SEC_TRAILER_SIZE)
            .u8(auth.type)
            .u8(auth.level)
            .u8(padding)
            .u8(0)
            .u32le(auth.contextId)
            .toBytes(),
          auth.value,
        );
  return new Writer(PDU_HEADER_SIZE + body.length + trailer.length)
    .u8(VERSION)
    .u8(0)
    .u8(type)
    .u8(flags)
    .u32le(LITTLE_ENDIAN)
    .u16le(PDU_HEADER_SIZE + body.length + trailer.length)
    .u16le(auth === undefined ? 0 : auth.value.length)
    .u32le(callId)
    .bytes(body)
    .bytes(trailer)
    .toBytes();
}

interface Header {
  readonly type: number;
  readonly flags: number;
  readonly fragLength: number;
  readonly authLength: number;
  readonly callId: number;
}

function readHeader(r: Reader): Header {
  const version = r.u8();
  if (!(version === VERSION)) r.fail(`expected version ${VERSION}, received ${version}`);
  const minor = r.u8();
  if (!(minor <= 1)) r.fail(`expected minor version 0 or 1, received ${minor}`);
  const type = r.u8();
  const flags = r.u8();
  const representation = r.u32le();
  if (!((representation & 0xffff) === LITTLE_ENDIAN))
    r.fail(`expected little-endian data, received the representation 0x${representation.toString(16)}`);
  const fragLength = r.u16le();
  const authLength = r.u16le();
  if (!(fragLength >= PDU_HEADER_SIZE))
    r.fail(`expected a length of at least ${PDU_HEADER_SIZE} bytes, received ${fragLength}`);
  return { type, flags, fragLength, authLength, callId: r.u32le() };
}
