import type { Socket } from 'node:net';
import type { ConnectResult, Conversation, Network } from '../../../src/app/ports/network.ts';
import { type Dialog, type Received, receive, send } from '../../../src/core/protocol/dialog.ts';
import { encodeTpkt, tpktLength } from '../../../src/core/protocol/tpkt.ts';
import { createNetwork } from '../../../src/edge/network/driver.ts';
import type { TranscriptEntry } from '../../../src/edge/network/transcript.ts';
import { systemClock } from '../../../src/edge/system/clock.ts';
import { type Listener, listen } from './listeners.ts';

export const PACKET = encodeTpkt(Uint8Array.of(1, 2, 3, 4, 5));
export const HELLO = encodeTpkt(Uint8Array.of(9, 9, 9));

let listener: Listener | undefined;

/** The listener of the last `perform`. */
export function listening(): Listener {
  if (listener === undefined) throw new Error('nobody listens');
  return listener;
}

export async function closeListener(): Promise<void> {
  await listener?.close();
  listener = undefined;
}

export interface Performed<T> extends Conversation<T> {
  readonly entries: readonly TranscriptEntry[];
  readonly opened: readonly ConnectResult[];
  readonly answered: readonly boolean[];
  readonly millis: number;
}

/** Performs a dialog against a listener that treats its connection as told. */
export async function perform<T>(
  handle: (socket: Socket) => void,
  dialog: Dialog<T>,
  millis = 2000,
): Promise<Performed<T>> {
  await closeListener();
  listener = await listen(handle);
  return performOn(listener.port, dialog, millis);
}

export async function performOn<T>(port: number, dialog: Dialog<T>, millis = 2000): Promise<Performed<T>> {
  const entries: TranscriptEntry[] = [];
  const network: Network = createNetwork(systemClock, { record: (entry) => void entries.push(entry) });
  const opened: ConnectResult[] = [];
  const answered: boolean[] = [];
  const started = systemClock.monotonic();
  const conversation = await network.converse({ address: '127.0.0.1', port, serverName: 'vm1' }, dialog, {
    label: 'test',
    deadline: started + millis,
    opened: (connect) => void opened.push(connect),
    answered: (clean) => void answered.push(clean),
  });
  return { ...conversation, entries, opened, answered, millis: systemClock.monotonic() - started };
}

export function* ask(limit = 512): Dialog<Received> {
  yield* send('hello', HELLO);
  return yield* receive('answer', tpktLength, limit);
}

/** Answers when the client has spoken, with chunks a few milliseconds apart, then as told. */
export function answering(chunks: readonly Uint8Array[], then?: 'end' | 'reset') {
  return (socket: Socket): void => {
    socket.once('data', async () => {
      for (const chunk of chunks) {
        socket.write(chunk);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      if (then === 'end') socket.end();
      if (then === 'reset') socket.resetAndDestroy();
    });
  };
}

export const text = (words: string): Uint8Array => new TextEncoder().encode(words);
