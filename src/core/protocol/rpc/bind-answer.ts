import { tryDecode } from '../../bytes/decode-error.ts';
import { decodePdu, PDU_TYPE, type Pdu } from './pdu.ts';
import { type BindAckBody, CONTEXT_RESULT, decodeBindAck, decodeBindNak, NDR_SYNTAX } from './pdu-bind.ts';
import { decodeFault } from './pdu-call.ts';
import type { PduArrival } from './pdu-stream.ts';
import type { TransportFailure } from './pdu-transport.ts';

/** [C706] 12.6.3.1 MustRecvFragSize: every implementation takes fragments of so many bytes. */
const LEAST_FRAGMENT = 1432;

/** Why there is no answer to work with. */
export type BindRefusal =
  /** bind_nak; `reason` is one of NAK_REASON. */
  | { readonly kind: 'rejected'; readonly reason: number }
  /** A fault instead of an answer; `status` as in FAULT_STATUS. */
  | { readonly kind: 'fault'; readonly status: number }
  | TransportFailure
  /** `problem`: lower case, no final stop. */
  | { readonly kind: 'foreign'; readonly problem: string };

/** Reads what answered a bind or an alter_context with so many interfaces, at our largest fragment of `ours` bytes. */
export function readBindAnswer(
  arrival: PduArrival,
  asked: {
    readonly type: number;
    readonly callId: number;
    readonly interfaces: number;
    readonly ours: number;
  },
): { readonly kind: 'ack'; readonly pdu: Pdu; readonly ack: BindAckBody } | BindRefusal {
  if (arrival.kind !== 'pdu') return arrival;
  const read = tryDecode(() => readAnswer(arrival.bytes, asked.callId, asked.type));
  if (!read.ok) return { kind: 'foreign', problem: read.error.message };
  if (read.value.kind !== 'ack') return read.value;
  const problem = problemOf(read.value.ack, asked.interfaces, asked.ours);
  return problem === undefined ? read.value : { kind: 'foreign', problem };
}

function readAnswer(
  bytes: Uint8Array,
  callId: number,
  type: number,
): { readonly kind: 'ack'; readonly pdu: Pdu; readonly ack: BindAckBody } | BindRefusal {
  const pdu = decodePdu(bytes);
  if (pdu.callId !== callId)
    return { kind: 'foreign', problem: `an answer to call ${pdu.callId}, not to ours` };
  switch (pdu.type) {
    case type:
      return { kind: 'ack', pdu, ack: decodeBindAck(pdu.body) };
    case PDU_TYPE.bind_nak:
      return { kind: 'rejected', reason: decodeBindNak(pdu.body).reason };
    case PDU_TYPE.fault:
      return { kind: 'fault', status: decodeFault(pdu.body).status };
    default:
      return { kind: 'foreign', problem: `expected a PDU of type ${type}, received type ${pdu.type}` };
  }
}

function problemOf(ack: BindAckBody, interfaces: number, ours: number): string | undefined {
  if (!(ack.maxReceive >= Math.min(LEAST_FRAGMENT, ours)))
    return `the server takes fragments of ${ack.maxReceive} bytes at the most`;
  // Bind time feature negotiation may be left unanswered; an interface may not.
  if (!(ack.results.length >= interfaces))
    return `${ack.results.length} results for ${interfaces} interfaces`;
  const other = ack.results
    .slice(0, interfaces)
    .find(
      ({ result, transferSyntax }) =>
        result === CONTEXT_RESULT.acceptance && transferSyntax.uuid !== NDR_SYNTAX.uuid,
    );
  return other && `the server chose the transfer syntax ${other.transferSyntax.uuid}, which was not offered`;
}
