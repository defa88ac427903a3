// A TCP client that knows nothing: it sends bytes and says what came back.
import { connect } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

export interface Heard {
  readonly bytes: Uint8Array;
  /** How the server ended the connection; `open`: not within the time. */
  readonly how: 'end' | 'reset' | 'open';
  readonly millis: number;
}

/** Sends everything at once, then listens until the server ends the connection or the time is over. */
export function say(port: number, words: readonly Uint8Array[], patience = 5_000): Promise<Heard> {
  return new Promise((resolve) => {
    const started = performance.now();
    const chunks: Uint8Array[] = [];
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const settle = (how: Heard['how']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ bytes: new Uint8Array(Buffer.concat(chunks)), how, millis: performance.now() - started });
    };
    const timer = setTimeout(() => settle('open'), patience);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => settle('end'));
    socket.on('error', () => settle('reset'));
    for (const bytes of words) socket.write(bytes);
  });
}

/** Sends a clear packet, waits for `answer` bytes, becomes a TLS client, sends the rest inside and listens there. */
export function sayInsideTls(
  port: number,
  request: Uint8Array,
  answer: number,
  inside: readonly Uint8Array[],
  options: ConnectionOptions = {},
): Promise<Heard> {
  return new Promise((resolve) => {
    const started = performance.now();
    const chunks: Uint8Array[] = [];
    const raw = connect({ host: '127.0.0.1', port, noDelay: true });
    let heard = 0;
    const settle = (how: Heard['how']): void => {
      clearTimeout(timer);
      raw.destroy();
      resolve({ bytes: new Uint8Array(Buffer.concat(chunks)), how, millis: performance.now() - started });
    };
    const timer = setTimeout(() => settle('open'), 5_000);
    raw.on('error', () => settle('reset'));
    raw.write(request);
    const onClear = (chunk: Uint8Array): void => {
      heard += chunk.length;
      if (heard < answer) return;
      raw.off('data', onClear);
      const secure = connectTls({ socket: raw, rejectUnauthorized: false, ...options });
      secure.on('error', () => settle('reset'));
      secure.on('data', (bytes) => chunks.push(bytes));
      secure.on('end', () => settle('end'));
      secure.on('secureConnect', () => {
        for (const bytes of inside) secure.write(bytes);
      });
    };
    raw.on('data', onClear);
  });
}
