// Two small drivers for dialogs in tests: one plays a peer from bytes, the other talks to a port of this machine.
import { connect } from 'node:net';
import { tryDecode } from '../../src/core/bytes/decode-error.ts';
import type { Dialog, DialogAnswer, DialogRequest } from '../../src/core/protocol/dialog.ts';

export interface Played<T> {
  readonly result: T;
  /** What the dialog put on the wire, one entry a send. */
  readonly sent: readonly Uint8Array[];
}

/** The first packet in the buffer, or why there will be none; `undefined` while bytes are missing. */
function takePacket(
  request: Extract<DialogRequest, { kind: 'receive' }>,
  buffered: Uint8Array,
): Extract<DialogAnswer, { kind: 'received' | 'foreign' | 'too-long' }> | undefined {
  const framed = tryDecode(() => request.framing(buffered));
  if (!framed.ok) return { kind: 'foreign', partial: buffered, problem: framed.error.message, at: 0 };
  const length = framed.value;
  if (length === undefined) return undefined;
  if (length > request.limit)
    return { kind: 'too-long', partial: buffered, announced: length, limit: request.limit, at: 0 };
  return length <= buffered.length
    ? { kind: 'received', bytes: buffered.slice(0, length), at: 0 }
    : undefined;
}

/** Plays a peer that says exactly `bytes` and then ends as told. Sends are noted and answered. */
export function play<T>(
  dialog: Dialog<T>,
  bytes: Uint8Array,
  ending: 'end' | 'reset' | 'timeout' = 'end',
): Played<T> {
  let buffered = bytes;
  const sent: Uint8Array[] = [];
  let step = dialog.next();
  while (!step.done) {
    const request = step.value;
    if (request.kind === 'start-tls') throw new TypeError('this peer is bytes only');
    let answer: DialogAnswer;
    if (request.kind === 'send') {
      sent.push(request.bytes);
      answer = { kind: 'sent', at: 0 };
    } else if (request.kind === 'pause') {
      answer = { kind: 'paused', at: 0 };
    } else {
      answer =
        takePacket(request, buffered) ??
        (ending === 'timeout'
          ? { kind: 'timeout', partial: buffered, at: 0 }
          : { kind: 'closed', how: ending, partial: buffered, at: 0 });
      if (answer.kind === 'received') buffered = buffered.subarray(answer.bytes.length);
    }
    step = dialog.next(answer);
  }
  return { result: step.value, sent };
}

/** Performs a dialog on a TCP connection to 127.0.0.1. Gives up after five seconds. */
export async function converse<T>(port: number, dialog: Dialog<T>): Promise<T> {
  const socket = connect(port, '127.0.0.1');
  let buffered: Uint8Array = new Uint8Array(0);
  let ended: 'end' | 'reset' | 'timeout' | undefined;
  let wake = (): void => undefined;
  const end = (how: 'end' | 'reset' | 'timeout') => {
    ended ??= how;
    wake();
  };
  socket.on('data', (chunk) => {
    buffered = Uint8Array.from([...buffered, ...chunk]);
    wake();
  });
  socket.on('end', () => end('end'));
  socket.on('error', () => end('reset'));
  socket.on('close', () => end('end'));
  socket.setTimeout(5_000, () => end('timeout'));
  try {
    let step = dialog.next();
    while (!step.done) {
      const request = step.value;
      if (request.kind === 'start-tls') throw new TypeError('this driver does not start TLS');
      if (request.kind === 'send') {
        socket.write(request.bytes);
        step = dialog.next({ kind: 'sent', at: 0 });
        continue;
      }
      if (request.kind === 'pause') {
        step = dialog.next({ kind: 'paused', at: 0 });
        continue;
      }
      let answer: DialogAnswer | undefined = takePacket(request, buffered);
      while (answer === undefined) {
        if (ended === 'timeout') answer = { kind: 'timeout', partial: buffered, at: 0 };
        else if (ended !== undefined) answer = { kind: 'closed', how: ended, partial: buffered, at: 0 };
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          answer = takePacket(request, buffered);
        }
      }
      if (answer.kind === 'received') buffered = buffered.slice(answer.bytes.length);
      step = dialog.next(answer);
    }
    return step.value;
  } finally {
    socket.destroy();
  }
}
