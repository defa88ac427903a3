import { copyBytes } from '../../bytes/copy.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import { concat } from '../../bytes/writer.ts';
import type { Dialog } from '../dialog.ts';
import { pduLength } from './pdu.ts';
import type { PduTransport, TransportAnswer, TransportDone, TransportFailure } from './pdu-transport.ts';

export type PduArrival =
  /** One whole PDU, bytes of our own. */
  | { readonly kind: 'pdu'; readonly bytes: Uint8Array }
  | TransportFailure
  /** What came is no PDU. `problem`: lower case, no final stop. */
  | { readonly kind: 'foreign'; readonly problem: string };

/**
 * Bytes of the fragments that Windows itself proposes over TCP. Over a pipe it takes 4280; more than
 * 65535 have no room in frag_length.
 */
const FRAGMENT_SIZE = 5840;

/** Whole PDUs out of what a transport brings, which may be less or more than one. */
export class PduStream {
  readonly #transport: PduTransport;
  #buffered: Uint8Array = new Uint8Array(0);

  constructor(transport: PduTransport) {
    this.#transport = transport;
  }

  /** Bytes of the longest PDU that we send and take. */
  get maxTransmit(): number {
    return Math.min(this.#transport.maxTransmit, FRAGMENT_SIZE);
  }

  write(what: string, pdu: Uint8Array, secret = false): Dialog<TransportDone> {
    return this.#transport.write(what, pdu, secret);
  }

  /** One PDU out, the next whole PDU back. `answer` names what is expected. */
  *transact(what: string, pdu: Uint8Array, answer: string): Dialog<PduArrival> {
    return yield* this.#whole(answer, yield* this.#transport.transact(what, pdu), 1);
  }

  /** The next whole PDU. `expected`: so many will come at least, this one among them. */
  *next(what: string, expected: number): Dialog<PduArrival> {
    const buffered = this.#take();
    return buffered ?? (yield* this.#whole(what, yield* this.#transport.read(what, expected), expected));
  }

  /** Asks for so many PDUs ahead, without waiting. */
  *expect(what: string, count: number): Dialog<TransportDone> {
    const ahead = this.#transport.expect?.(what, count);
    return ahead === undefined ? { kind: 'done' } : yield* ahead;
  }

  *#whole(what: string, first: TransportAnswer, expected: number): Dialog<PduArrival> {
    let answer = first;
    for (;;) {
      if (answer.kind === 'failed') return answer;
      // Otherwise a server that gives nothing again and again would be asked for ever.
      if (answer.bytes.length === 0) return { kind: 'failed', problem: 'the server gave an empty message' };
      this.#buffered = concat(this.#buffered, answer.bytes);
      const arrival = this.#take();
      if (arrival !== undefined) return arrival;
      answer = yield* this.#transport.read(what, expected);
    }
  }

  /** The first PDU of what has arrived; `undefined` while it is not whole. */
  #take(): PduArrival | undefined {
    if (this.#buffered.length === 0) return undefined;
    const framed = tryDecode(() => pduLength(this.#buffered));
    if (!framed.ok) return { kind: 'foreign', problem: framed.error.message };
    const length = framed.value;
    if (length === undefined || length > this.#buffered.length) return undefined;
    const bytes = copyBytes(this.#buffered, 0, length);
    this.#buffered = copyBytes(this.#buffered, length);
    return { kind: 'pdu', bytes };
  }
}
