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

/** Whole PDUs out of what a transport brings, which may be less or more than one. */
export class PduStream {
  readonly #transport: PduTransport;
  #buffered: Uint8Array = new Uint8Array(0);

  constructor(transport: PduTransport) {
    this.#transport = transport;
  }

  get maxTransmit(): number {
    return this.#transport.maxTransmit;
  }

  write(what: string, pdu: Uint8Array, secret = false): Dialog<TransportDone> {
    return this.#transport.write(what, pdu, secret);
  }

  /** One PDU out, the next whole PDU back. `answer` names what is expected. */
  *transact(what: string, pdu: Uint8Array, answer: string): Dialog<PduArrival> {
    return yield* this.#whole(answer, yield* this.#transport.transact(what, pdu));
  }

  /** The next whole PDU. */
  *next(what: string): Dialog<PduArrival> {
    return yield* this.#whole(what, { kind: 'bytes', bytes: new Uint8Array(0) }, true);
  }

  /** @param nothingYet the answer is empty because nobody was asked */
  *#whole(what: string, first: TransportAnswer, nothingYet = false): Dialog<PduArrival> {
    let answer = first;
    let mayBeEmpty = nothingYet;
    for (;;) {
      if (answer.kind === 'failed') return answer;
      // Otherwise a server that gives nothing again and again would be asked for ever.
      if (answer.bytes.length === 0 && !mayBeEmpty) {
        return { kind: 'failed', problem: 'the server gave an empty message' };
      }
      mayBeEmpty = false;
      this.#buffered = concat(this.#buffered, answer.bytes);
      const framed = tryDecode(() => pduLength(this.#buffered));
      if (!framed.ok) return { kind: 'foreign', problem: framed.error.message };
      const length = framed.value;
      if (length !== undefined && length <= this.#buffered.length) {
        const bytes = copyBytes(this.#buffered, 0, length);
        this.#buffered = copyBytes(this.#buffered, length);
        return { kind: 'pdu', bytes };
      }
      answer = yield* this.#transport.read(what);
    }
  }
}
