// [MS-RDPBCGR] 1.3.1.1 Connection Sequence, phase 1 (Connection Initiation); 5.4.2.1 Negotiation-Based Approach
import { tryDecode } from '../bytes/decode-error.ts';
import { type Dialog, receive, send } from './dialog.ts';
import { type Foreign, foreign, type Interrupted, interrupted } from './foreign.ts';
import { decodeDisconnectProviderUltimatum, MCS_REASON } from './mcs.ts';
import { decodeTpkt, encodeTpkt, tpktLength } from './tpkt.ts';
import { decodeConnectionConfirm, decodeData, encodeConnectionRequest, TPDU, tpduCode } from './x224.ts';

/** A Connection Confirm has 11 or 19 bytes; its length indicator could announce 259. */
const CONFIRM_LIMIT = 512;

/** What a listener answered to one mask of requested protocols. */
export type NegotiationAnswer =
  /** RDP_NEG_RSP: a value of PROTOCOL and a mask of NEGOTIATION_FLAGS.response; unknown ones stay numbers. */
  | { readonly kind: 'selected'; readonly selected: number; readonly flags: number }
  /** RDP_NEG_FAILURE: a value of NEGOTIATION_FAILURE; unknown ones stay numbers. */
  | { readonly kind: 'failure'; readonly code: number }
  /** A confirm of 11 bytes: standard RDP security from a server that does not negotiate. */
  | { readonly kind: 'no-negotiation' }
  /** A Remote Desktop server that says goodbye instead of confirming. `problem`: lower case, no final stop. */
  | { readonly kind: 'disconnected'; readonly problem: string }
  /** Another protocol, or a TPKT that is no confirm. */
  | Foreign
  | Interrupted;

/**
 * Asks a fresh connection which of the requested protocols the server selects. Sends no cookie.
 * @param requestedProtocols a mask of PROTOCOL
 */
export function* negotiate(requestedProtocols: number): Dialog<NegotiationAnswer> {
  const request = encodeConnectionRequest({
    sourceReference: 0,
    negotiation: { flags: 0, requestedProtocols },
  });
  yield* send('X.224 Connection Request', encodeTpkt(request));
  const answer = yield* receive('X.224 Connection Confirm', tpktLength, CONFIRM_LIMIT);
  if (answer.kind !== 'received') return interrupted(answer);
  const confirm = tryDecode(() => readConfirm(answer.bytes));
  return confirm.ok ? confirm.value : foreign(answer.bytes, confirm.error.message);
}

/** Throws DecodeError when the packet is damaged or is no packet of Remote Desktop. */
function readConfirm(packet: Uint8Array): NegotiationAnswer {
  const tpdu = decodeTpkt(packet);
  switch (tpduCode(tpdu)) {
    case TPDU.data: {
      // xrdp says no this way to a mask or a flag that it does not know.
      const reason = decodeDisconnectProviderUltimatum(decodeData(tpdu));
      const name = MCS_REASON[reason] ?? reason;
      return disconnected(`an MCS Disconnect Provider Ultimatum (${name})`);
    }
    case TPDU.disconnectRequest:
      return disconnected('an X.224 Disconnect Request');
    case TPDU.error:
      return disconnected('an X.224 Error');
    default: {
      const { negotiation } = decodeConnectionConfirm(tpdu);
      if (negotiation === undefined) return { kind: 'no-negotiation' };
      return negotiation.kind === 'failure'
        ? { kind: 'failure', code: negotiation.failureCode }
        : { kind: 'selected', selected: negotiation.selectedProtocol, flags: negotiation.flags };
    }
  }
}

function disconnected(received: string): NegotiationAnswer {
  return { kind: 'disconnected', problem: `received ${received} instead of a Connection Confirm` };
}
