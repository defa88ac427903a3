import { tryDecode } from '../../../src/core/bytes/decode-error.ts';
import { toHex } from '../../../src/core/bytes/hex.ts';
import { concat } from '../../../src/core/bytes/writer.ts';
import type { Dialog, DialogRequest, Received } from '../../../src/core/protocol/dialog.ts';

/** What the peer does next: put bytes on the wire, close it, or say nothing until the time is up. */
export type Act = Uint8Array | 'end' | 'reset' | 'timeout';

export interface Played<T> {
  readonly value: T;
  /** Each sent packet in hexadecimal. */
  readonly sent: readonly string[];
}

/**
 * Runs a dialog against a script as the driver in `edge` would: packets are cut by the request's
 * framing from whatever has arrived, however it was split. After its last act the peer closes.
 * Every answer's `at` is 0.
 */
export function play<T>(dialog: Dialog<T>, acts: readonly Act[]): Played<T> {
  const sent: string[] = [];
  const script = [...acts];
  let buffered: Uint8Array = new Uint8Array(0);
  let step = dialog.next();
  while (step.done !== true) {
    const request = step.value;
    if (request.kind === 'start-tls' || request.kind === 'pause')
      throw new TypeError('this peer speaks no TLS, and waits for nothing');
    if (request.kind === 'send') {
      sent.push(toHex(request.bytes));
      step = dialog.next({ kind: 'sent', at: 0 });
    } else {
      step = dialog.next(receive(request));
    }
  }
  return { value: step.value, sent };

  function receive({ framing, limit }: Extract<DialogRequest, { kind: 'receive' }>): Received {
    for (;;) {
      const length = tryDecode(() => framing(buffered));
      if (!length.ok) return { kind: 'foreign', partial: buffered, problem: length.error.message, at: 0 };
      if (length.value !== undefined && length.value > limit) {
        return { kind: 'too-long', partial: buffered, announced: length.value, limit, at: 0 };
      }
      if (length.value !== undefined && length.value <= buffered.length) {
        const bytes = buffered.slice(0, length.value);
        buffered = buffered.slice(length.value);
        return { kind: 'received', bytes, at: 0 };
      }
      const act = script.shift() ?? 'end';
      if (act === 'timeout') return { kind: 'timeout', partial: buffered, at: 0 };
      if (typeof act === 'string') return { kind: 'closed', how: act, partial: buffered, at: 0 };
      buffered = concat(buffered, act);
    }
  }
}
