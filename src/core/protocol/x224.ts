// [MS-RDPBCGR] 2.2.1.1 Client X.224 Connection Request PDU, 2.2.1.2 Server X.224 Connection Confirm PDU;
// [X224] sections 13.3 (CR), 13.4 (CC) and 13.7 (DT), class 0. What is encoded and decoded here is the TPDU: the TPKT
// around it is another file's.
import { Reader } from '../bytes/reader.ts';
import { concat, Writer } from '../bytes/writer.ts';

/** TPDU codes of [X224] section 13, the credit bits of class 0 being zero. */
export const TPDU = {
  error: 0x70,
  disconnectRequest: 0x80,
  connectionConfirm: 0xd0,
  connectionRequest: 0xe0,
  data: 0xf0,
} as const;

/** [MS-RDPBCGR] 2.2.1.1.1 requestedProtocols (a mask) and 2.2.1.2.1 selectedProtocol (one of them). */
export const PROTOCOL = {
  rdp: 0x00,
  ssl: 0x01,
  hybrid: 0x02,
  rdstls: 0x04,
  hybridEx: 0x08,
  rdsaad: 0x10,
} as const;

/** [MS-RDPBCGR] 2.2.1.2.2 failureCode. */
export const NEGOTIATION_FAILURE = {
  SSL_REQUIRED_BY_SERVER: 1,
  SSL_NOT_ALLOWED_BY_SERVER: 2,
  SSL_CERT_NOT_ON_SERVER: 3,
  INCONSISTENT_FLAGS: 4,
  HYBRID_REQUIRED_BY_SERVER: 5,
  SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER: 6,
} as const;

/** The flags field: of RDP_NEG_REQ (2.2.1.1.1) and of RDP_NEG_RSP (2.2.1.2.1). */
export const NEGOTIATION_FLAGS = {
  request: {
    RESTRICTED_ADMIN_MODE_REQUIRED: 0x01,
    REDIRECTED_AUTHENTICATION_MODE_REQUIRED: 0x02,
    CORRELATION_INFO_PRESENT: 0x08,
  },
  response: {
    EXTENDED_CLIENT_DATA_SUPPORTED: 0x01,
    DYNVC_GFX_PROTOCOL_SUPPORTED: 0x02,
    NEGRSP_FLAG_RESERVED: 0x04,
    RESTRICTED_ADMIN_MODE_SUPPORTED: 0x08,
    REDIRECTED_AUTHENTICATION_MODE_SUPPORTED: 0x10,
  },
} as const;

const TYPE_RDP_NEG_REQ = 0x01;
const TYPE_RDP_NEG_RSP = 0x02;
const TYPE_RDP_NEG_FAILURE = 0x03;
const TYPE_RDP_CORRELATION_INFO = 0x06;
/** type (1) + flags (1) + length (2) + protocols or code (4): 2.2.1.1.1, 2.2.1.2.1 and 2.2.1.2.2. */
const NEGOTIATION_LENGTH = 8;
/** type (1) + flags (1) + length (2) + correlationId (16) + reserved (16): 2.2.1.1.2. */
const CORRELATION_INFO_LENGTH = 36;
const CORRELATION_ID_LENGTH = 16;
/** [X224] 13.2.1: 255 is reserved. */
const LONGEST_INDICATED = 254;
/** Length indicator of a DT TPDU (2), its code, and TPDU-NR with the end-of-TSDU mark, which class 0 always sets here. */
const DATA_HEADER = [2, TPDU.data, 0x80] as const;

/** X.224 Connection Request. References are 16-bit and arbitrary; the destination's is 0. */
export interface ConnectionRequest {
  readonly sourceReference: number;
  /** routingToken or cookie without its CR LF, one character a byte: `Cookie: mstshash=…`. Printable ASCII, not empty. */
  readonly token?: string;
  /** RDP_NEG_REQ. `flags`: NEGOTIATION_FLAGS.request; `requestedProtocols`: a mask of PROTOCOL. */
  readonly negotiation?: { readonly flags: number; readonly requestedProtocols: number };
  /** RDP_NEG_CORRELATION_INFO, 16 bytes. Only together with `negotiation`, whose CORRELATION_INFO_PRESENT flag is the caller's to set. */
  readonly correlationId?: Uint8Array;
}

/** X.224 Connection Confirm. Without `negotiation` the server knows no RDP negotiation and speaks standard RDP security. */
export interface ConnectionConfirm {
  readonly destinationReference: number;
  readonly sourceReference: number;
  readonly negotiation?:
    | { readonly kind: 'response'; readonly flags: number; readonly selectedProtocol: number }
    | { readonly kind: 'failure'; readonly flags: number; readonly failureCode: number };
}

/** Encodes the TPDU. Throws RangeError when token and negotiation data do not fit in its 254 bytes. */
export function encodeConnectionRequest(request: ConnectionRequest): Uint8Array {
  const w = new Writer();
  w.u8(TPDU.connectionRequest).u16be(0).u16be(request.sourceReference).u8(0);
  if (request.token !== undefined) {
    for (let index = 0; index < request.token.length; index += 1) w.u8(request.token.charCodeAt(index));
    w.u8(0x0d).u8(0x0a);
  }
  if (request.negotiation !== undefined) {
    const { flags, requestedProtocols } = request.negotiation;
    w.u8(TYPE_RDP_NEG_REQ).u8(flags).u16le(NEGOTIATION_LENGTH).u32le(requestedProtocols);
  }
  if (request.correlationId !== undefined) {
    w.u8(TYPE_RDP_CORRELATION_INFO).u8(0).u16le(CORRELATION_INFO_LENGTH);
    w.bytes(request.correlationId).zeros(CORRELATION_INFO_LENGTH - 4 - CORRELATION_ID_LENGTH);
  }
  return withLengthIndicator(w.toBytes());
}

/** Decodes a whole TPDU. Throws DecodeError when it is no Connection Request or its lengths contradict each other. */
export function decodeConnectionRequest(tpdu: Uint8Array): ConnectionRequest {
  const r = indicated(tpdu, 'X.224 Connection Request', TPDU.connectionRequest);
  r.skip(2);
  const sourceReference = r.u16be();
  r.skip(1);
  const token = readToken(r);
  if (r.remaining === 0) return { sourceReference, ...(token !== undefined && { token }) };
  const negotiation = readNegotiation(r);
  if (!(negotiation.type === TYPE_RDP_NEG_REQ)) {
    r.fail(`expected RDP_NEG_REQ (type 1), received type ${negotiation.type}`);
  }
  const correlationId = r.remaining > 0 ? readCorrelationId(r) : undefined;
  r.expectEnd();
  return {
    sourceReference,
    ...(token !== undefined && { token }),
    negotiation: { flags: negotiation.flags, requestedProtocols: negotiation.value },
    ...(correlationId !== undefined && { correlationId }),
  };
}

/** Encodes the TPDU: 7 bytes, or 15 with negotiation data. */
export function encodeConnectionConfirm(confirm: ConnectionConfirm): Uint8Array {
  const w = new Writer();
  w.u8(TPDU.connectionConfirm).u16be(confirm.destinationReference).u16be(confirm.sourceReference).u8(0);
  const { negotiation } = confirm;
  if (negotiation !== undefined) {
    const [type, value] =
      negotiation.kind === 'response'
        ? [TYPE_RDP_NEG_RSP, negotiation.selectedProtocol]
        : [TYPE_RDP_NEG_FAILURE, negotiation.failureCode];
    w.u8(type).u8(negotiation.flags).u16le(NEGOTIATION_LENGTH).u32le(value);
  }
  return withLengthIndicator(w.toBytes());
}

/** Decodes a whole TPDU. Throws DecodeError when it is no Connection Confirm or its lengths contradict each other. */
export function decodeConnectionConfirm(tpdu: Uint8Array): ConnectionConfirm {
  const r = indicated(tpdu, 'X.224 Connection Confirm', TPDU.connectionConfirm);
  const references = { destinationReference: r.u16be(), sourceReference: r.u16be() };
  r.skip(1);
  if (r.remaining === 0) return references;
  const { type, flags, value } = readNegotiation(r);
  r.expectEnd();
  switch (type) {
    case TYPE_RDP_NEG_RSP:
      return { ...references, negotiation: { kind: 'response', flags, selectedProtocol: value } };
    case TYPE_RDP_NEG_FAILURE:
      return { ...references, negotiation: { kind: 'failure', flags, failureCode: value } };
    default:
      return r.fail(`expected RDP_NEG_RSP (type 2) or RDP_NEG_FAILURE (type 3), received type ${type}`);
  }
}

/** Puts the three bytes of a Data TPDU before user data. */
export function encodeData(userData: Uint8Array): Uint8Array {
  return concat(DATA_HEADER, userData);
}

/** User data of a whole Data TPDU, as a view. Throws DecodeError when it is another TPDU, or not the last of its TSDU. */
export function decodeData(tpdu: Uint8Array): Uint8Array {
  const r = new Reader(tpdu, 'X.224 Data');
  const header = r.sub(r.u8());
  readCode(header, TPDU.data);
  // RDP never segments: a client or server whose data continues in the next TPDU is no RDP peer.
  const mark = header.u8();
  if (!((mark & 0x80) !== 0)) header.fail('expected the end-of-TSDU mark, received a segment');
  header.expectEnd();
  return r.rest();
}

/** The code of a TPDU (one of `TPDU`, or another multiple of 16), credit bits taken off. */
export function tpduCode(tpdu: Uint8Array): number {
  const r = new Reader(tpdu, 'X.224');
  r.skip(1);
  return r.u8() & 0xf0;
}

/** A reader after the code of a TPDU that its length indicator covers whole. INVARIANT: the indicator counts every byte but itself. */
function indicated(tpdu: Uint8Array, context: string, code: number): Reader {
  const outer = new Reader(tpdu, context);
  const length = outer.u8();
  const r = outer.sub(length);
  if (!(outer.remaining === 0)) {
    outer.fail(`the length indicator says ${length} bytes, the TPKT carries ${tpdu.length - 1}`);
  }
  readCode(r, code);
  return r;
}

function readCode(r: Reader, code: number): void {
  const received = r.u8() & 0xf0;
  if (!(received === code)) {
    r.fail(`expected TPDU code 0x${code.toString(16)}, received 0x${received.toString(16).padStart(2, '0')}`);
  }
}

/** Both forms end in CR LF and are text, so they never start with the type byte of RDP_NEG_REQ. */
function readToken(r: Reader): string | undefined {
  const first = r.peek();
  if (first === undefined || first === TYPE_RDP_NEG_REQ) return undefined;
  let token = '';
  for (let byte = r.u8(); byte !== 0x0d; byte = r.u8()) token += String.fromCharCode(byte);
  const lineFeed = r.u8();
  if (!(lineFeed === 0x0a))
    r.fail(`expected a line feed after the token, received 0x${lineFeed.toString(16)}`);
  return token;
}

function readNegotiation(r: Reader): {
  readonly type: number;
  readonly flags: number;
  readonly value: number;
} {
  const type = r.u8();
  const flags = r.u8();
  const length = r.u16le();
  if (!(length === NEGOTIATION_LENGTH)) {
    r.fail(`expected ${NEGOTIATION_LENGTH} bytes of negotiation data, received a length of ${length}`);
  }
  return { type, flags, value: r.u32le() };
}

function readCorrelationId(r: Reader): Uint8Array {
  const type = r.u8();
  if (!(type === TYPE_RDP_CORRELATION_INFO)) {
    r.fail(`expected RDP_NEG_CORRELATION_INFO (type 6), received type ${type}`);
  }
  r.skip(1);
  const length = r.u16le();
  if (!(length === CORRELATION_INFO_LENGTH)) {
    r.fail(`expected ${CORRELATION_INFO_LENGTH} bytes of correlation data, received a length of ${length}`);
  }
  const correlationId = r.bytes(CORRELATION_ID_LENGTH);
  r.skip(CORRELATION_INFO_LENGTH - 4 - CORRELATION_ID_LENGTH);
  return correlationId;
}

function withLengthIndicator(rest: Uint8Array): Uint8Array {
  if (!(rest.length <= LONGEST_INDICATED)) {
    throw new RangeError(`an X.224 header cannot have ${rest.length} bytes`);
  }
  return concat([rest.length], rest);
}
