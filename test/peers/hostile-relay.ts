import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Scope } from './processes.ts';

/** Direct TCP, [MS-SMB2] 2.1: a zero byte and the length of the message behind. */
const HEADER = 4;

/**
 * What becomes of one message of the server, its frame included: other bytes, or the end of the connection
 * after them. `index`: from 0 on, in the order of one connection.
 */
export type Bend = (
  frame: Uint8Array,
  index: number,
) => Uint8Array | { readonly last: Uint8Array } | 'silence';

/** A relay in front of a server of SMB that changes what the server says, as somebody on the way could. */
export async function startHostileRelay(scope: Scope, target: number): Promise<HostileRelay> {
  let bend: Bend = (frame) => frame;
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port: target, noDelay: true });
    let buffered: Uint8Array = new Uint8Array(0);
    let index = 0;
    let isSilent = false;
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      buffered = Buffer.concat([buffered, bytes]);
      for (;;) {
        const whole = HEADER + ((buffered[1] ?? 0) << 16) + ((buffered[2] ?? 0) << 8) + (buffered[3] ?? 0);
        if (buffered.length < HEADER || buffered.length < whole || isSilent) return;
        const said = bend(Uint8Array.from(buffered.subarray(0, whole)), index);
        buffered = buffered.subarray(whole);
        index += 1;
        if (said === 'silence') isSilent = true;
        else if ('last' in said) {
          isSilent = true;
          near.end(said.last);
          far.destroy();
        } else near.write(said);
      }
    });
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on('error', end);
    near.on('close', () => far.destroy());
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  scope.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    use(next) {
      bend = next;
    },
  };
}

export interface HostileRelay {
  readonly port: number;
  /** From the next connection on. */
  use(bend: Bend): void;
}
