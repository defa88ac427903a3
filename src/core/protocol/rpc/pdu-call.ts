import { Reader } from '../../bytes/reader.ts';
import { Writer } from '../../bytes/writer.ts';
import { PDU_HEADER_SIZE } from './pdu.ts';

// [C706] 12.6.4.9 The request PDU, 12.6.4.10 The response PDU, 12.6.4.7 The fault PDU: their bodies,
// without header and verifier. Object UUIDs are not used by any interface that we call.

const CALL_HEADER_SIZE = 4 /* alloc_hint */ + 2 /* p_cont_id */ + 2; /* opnum, or cancel_count and reserved */

/** Where the stub of a request or a response begins, in bytes from the start of the PDU. */
export const STUB_AT = PDU_HEADER_SIZE + CALL_HEADER_SIZE;

export interface RequestBody {
  /** Bytes of stub still to come, this fragment's included; a hint. */
  readonly allocHint: number;
  readonly contextId: number;
  readonly opnum: number;
  readonly stub: Uint8Array;
}

export interface ResponseBody {
  /** A hint of the other side, which may be anything. */
  readonly allocHint: number;
  readonly contextId: number;
  readonly stub: Uint8Array;
}

export interface FaultBody {
  readonly contextId: number;
  /** nca_* or a Win32 code, unsigned: `fault-status.ts`. */
  readonly status: number;
}

export function encodeRequest({ allocHint, contextId, opnum, stub }: RequestBody): Uint8Array {
  return new Writer(CALL_HEADER_SIZE + stub.length)
    .u32le(allocHint)
    .u16le(contextId)
    .u16le(opnum)
    .bytes(stub)
    .toBytes();
}

/** Throws `DecodeError`. */
export function decodeRequest(body: Uint8Array): RequestBody {
  const r = new Reader(body, 'request', PDU_HEADER_SIZE);
  return { allocHint: r.u32le(), contextId: r.u16le(), opnum: r.u16le(), stub: r.rest() };
}

export function encodeResponse({ allocHint, contextId, stub }: ResponseBody): Uint8Array {
  return new Writer(CALL_HEADER_SIZE + stub.length)
    .u32le(allocHint)
    .u16le(contextId)
    .u16le(0)
    .bytes(stub)
    .toBytes();
}

/** Throws `DecodeError`. */
export function decodeResponse(body: Uint8Array): ResponseBody {
  const r = new Reader(body, 'response', PDU_HEADER_SIZE);
  const allocHint = r.u32le();
  const contextId = r.u16le();
  r.skip(2 /* cancel_count, reserved */);
  return { allocHint, contextId, stub: r.rest() };
}

export function encodeFault({ contextId, status }: FaultBody): Uint8Array {
  return new Writer(16).u32le(0).u16le(contextId).u16le(0).u32le(status).u32le(0).toBytes();
}

/** What follows the status ([MS-RPCE] 2.2.2.8: an extended error) is passed over. Throws `DecodeError`. */
export function decodeFault(body: Uint8Array): FaultBody {
  const r = new Reader(body, 'fault', PDU_HEADER_SIZE);
  r.skip(4 /* alloc_hint */);
  const contextId = r.u16le();
  r.skip(2 /* cancel_count, flags */);
  return { contextId, status: r.u32le() };
}
