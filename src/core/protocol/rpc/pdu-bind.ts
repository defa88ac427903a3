import { guidBytes, readGuid } from '../../bytes/guid.ts';
import { Reader } from '../../bytes/reader.ts';
import { Writer } from '../../bytes/writer.ts';
import { PDU_HEADER_SIZE } from './pdu.ts';

// [C706] 12.6.4.3 The bind PDU, 12.6.4.4 The bind_ack PDU, 12.6.4.5 The bind_nak PDU, 12.6.4.1 The
// alter_context PDU, 12.6.4.2 The alter_context_resp PDU: their bodies, without header and verifier.

/** p_syntax_id_t: of an interface or of a way to write data. */
export interface Syntax {
  readonly uuid: string;
  readonly major: number;
  readonly minor: number;
}

/** [C706] chapter 14 NDR, version 2.0: the transfer syntax that everybody speaks. */
export const NDR_SYNTAX: Syntax = { uuid: '8a885d04-1ceb-11c9-9fe8-08002b104860', major: 2, minor: 0 };

/** [MS-RPCE] 3.3.1.5.3 Bind Time Feature Negotiation: the first three fields of the UUID; the last carry the bits. */
const FEATURES_UUID_PREFIX = '6cb71c2c-9812-4540-';

/** Bits of bind time feature negotiation. */
export const BIND_FEATURE = {
  /** Several security contexts on one connection. */
  securityContextMultiplexing: 1,
  /** The connection stays after a call was abandoned. */
  keepConnectionOnOrphan: 2,
} as const;

/** The presentation context that asks for these features. */
export function featureSyntax(bits: number): Syntax {
  const first = bits.toString(16).padStart(2, '0');
  return { uuid: `${FEATURES_UUID_PREFIX}${first}00-000000000000`, major: 1, minor: 0 };
}

/** p_cont_elem_t. */
export interface PresentationContext {
  readonly id: number;
  readonly abstractSyntax: Syntax;
  readonly transferSyntaxes: readonly Syntax[];
}

/** Of bind and of alter_context. */
export interface BindBody {
  readonly maxTransmit: number;
  readonly maxReceive: number;
  /** assoc_group_id; 0 asks for a new one. */
  readonly group: number;
  readonly contexts: readonly PresentationContext[];
}

/** p_cont_def_result_t, and the negotiate_ack of [MS-RPCE] 2.2.2.4. */
export const CONTEXT_RESULT = {
  acceptance: 0,
  user_rejection: 1,
  provider_rejection: 2,
  negotiate_ack: 3,
} as const;

/** p_provider_reason_t, of a rejected presentation context. */
export const CONTEXT_REASON = {
  reason_not_specified: 0,
  abstract_syntax_not_supported: 1,
  proposed_transfer_syntaxes_not_supported: 2,
  local_limit_exceeded: 3,
} as const;

export interface ContextResult {
  /** CONTEXT_RESULT. */
  readonly result: number;
  /** CONTEXT_REASON, or with negotiate_ack the features. */
  readonly reason: number;
  readonly transferSyntax: Syntax;
}

/** Of bind_ack and of alter_context_resp. */
export interface BindAckBody {
  readonly maxTransmit: number;
  readonly maxReceive: number;
  readonly group: number;
  /** sec_addr, without its NUL: the pipe or the port of the server. */
  readonly address: string;
  /** In the order of the contexts in bind. */
  readonly results: readonly ContextResult[];
}

/** p_reject_reason_t with [MS-RPCE] 2.2.2.5. */
export const NAK_REASON = {
  REASON_NOT_SPECIFIED: 0,
  TEMPORARY_CONGESTION: 1,
  LOCAL_LIMIT_EXCEEDED: 2,
  PROTOCOL_VERSION_NOT_SUPPORTED: 4,
  AUTHENTICATION_TYPE_NOT_RECOGNIZED: 8,
  INVALID_CHECKSUM: 9,
} as const;

export interface BindNakBody {
  /** NAK_REASON; others stay the number that came. */
  readonly reason: number;
}

export function encodeBind({ maxTransmit, maxReceive, group, contexts }: BindBody): Uint8Array {
  const w = new Writer().u16le(maxTransmit).u16le(maxReceive).u32le(group).u8(contexts.length).zeros(3);
  for (const { id, abstractSyntax, transferSyntaxes } of contexts) {
    w.u16le(id).u8(transferSyntaxes.length).u8(0);
    writeSyntax(w, abstractSyntax);
    for (const syntax of transferSyntaxes) writeSyntax(w, syntax);
  }
  return w.toBytes();
}

/** Throws `DecodeError`. */
export function decodeBind(body: Uint8Array): BindBody {
  const r = new Reader(body, 'bind', PDU_HEADER_SIZE);
  const maxTransmit = r.u16le();
  const maxReceive = r.u16le();
  const group = r.u32le();
  const count = r.u8();
  r.skip(3);
  const contexts = Array.from({ length: count }, () => {
    const id = r.u16le();
    const syntaxes = r.u8();
    r.skip(1);
    const abstractSyntax = readSyntax(r);
    return {
      id,
      abstractSyntax,
      transferSyntaxes: Array.from({ length: syntaxes }, () => readSyntax(r)),
    };
  });
  r.expectEnd();
  return { maxTransmit, maxReceive, group, contexts };
}

/** The address in Latin-1 with a NUL; none at all where it is empty, as in alter_context_resp. */
export function encodeBindAck(ack: BindAckBody): Uint8Array {
  const { maxTransmit, maxReceive, group, address, results } = ack;
  const w = new Writer().u16le(maxTransmit).u16le(maxReceive).u32le(group);
  if (address === '') w.u16le(0);
  else {
    w.u16le(address.length + 1);
    for (let index = 0; index < address.length; index += 1) w.u8(address.charCodeAt(index) & 0xff);
    w.u8(0);
  }
  w.zeros(-(PDU_HEADER_SIZE + w.length) & 3);
  w.u8(results.length).zeros(3);
  for (const { result, reason, transferSyntax } of results) {
    writeSyntax(w.u16le(result).u16le(reason), transferSyntax);
  }
  return w.toBytes();
}

/** Throws `DecodeError`. */
export function decodeBindAck(body: Uint8Array): BindAckBody {
  const r = new Reader(body, 'bind_ack', PDU_HEADER_SIZE);
  const maxTransmit = r.u16le();
  const maxReceive = r.u16le();
  const group = r.u32le();
  const address = new TextDecoder('latin1').decode(r.bytes(r.u16le())).replace(/\0+$/, '');
  r.skip(-(PDU_HEADER_SIZE + r.offset) & 3);
  const count = r.u8();
  r.skip(3);
  const results = Array.from({ length: count }, () => ({
    result: r.u16le(),
    reason: r.u16le(),
    transferSyntax: readSyntax(r),
  }));
  r.expectEnd();
  return { maxTransmit, maxReceive, group, address, results };
}

/** With the one version that there is. */
export function encodeBindNak({ reason }: BindNakBody): Uint8Array {
  return new Writer(5).u16le(reason).u8(1).u8(5).u8(0).toBytes();
}

/** The versions that the server offers and the extended error that may follow ([MS-RPCE] 2.2.2.9) are passed over. Throws `DecodeError`. */
export function decodeBindNak(body: Uint8Array): BindNakBody {
  return { reason: new Reader(body, 'bind_nak', PDU_HEADER_SIZE).u16le() };
}

function writeSyntax(w: Writer, { uuid, major, minor }: Syntax): void {
  w.bytes(guidBytes(uuid)).u16le(major).u16le(minor);
}

function readSyntax(r: Reader): Syntax {
  return { uuid: readGuid(r), major: r.u16le(), minor: r.u16le() };
}
