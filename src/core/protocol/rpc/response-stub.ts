import { concat } from '../../bytes/writer.ts';
import { type Pdu, PFC } from './pdu.ts';
import { decodeResponse } from './pdu-call.ts';

/**
 * Bytes of the largest stub that is put together. The largest that we ask for is a result of
 * EvtRpcQueryNext with 2 MiB ([MS-EVEN6] 2.2.1: MAX_RPC_BATCH_SIZE).
 */
const RESPONSE_LIMIT = 4 * 1024 * 1024;

/** Fragments of one response: as many of the least size that [C706] 12.6.3.1 lets a side ask for, 1432 bytes, as fill the limit. */
const FRAGMENT_LIMIT = Math.ceil(RESPONSE_LIMIT / 1432);

/** Puts the fragments of one response together. What alloc_hint says is not believed. */
export class ResponseStub {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  /**
   * The next response PDU of the call → the whole stub where it was the last one, `undefined` where
   * more is to come, or what is wrong with it. Throws `DecodeError`.
   */
  add(pdu: Pdu): Uint8Array | undefined | { readonly problem: string } {
    const { stub } = decodeResponse(pdu.body);
    const first = (pdu.flags & PFC.FIRST_FRAG) !== 0;
    const last = (pdu.flags & PFC.LAST_FRAG) !== 0;
    if (!(first === (this.#parts.length === 0))) {
      return { problem: first ? 'a response begins twice' : 'a response without its beginning' };
    }
    if (!last && stub.length === 0) return { problem: 'an empty fragment of a response that goes on' };
    this.#size += stub.length;
    if (!(this.#size <= RESPONSE_LIMIT))
      return { problem: `a response of more than ${RESPONSE_LIMIT} bytes` };
    if (!(this.#parts.length < FRAGMENT_LIMIT)) {
      return { problem: `a response of more than ${FRAGMENT_LIMIT} fragments` };
    }
    this.#parts.push(stub);
    return last ? concat(...this.#parts) : undefined;
  }
}
