import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A relay on loopback that makes a line longer: each direction waits half a round trip, and the
 * first bytes of a connection wait a whole one more for the TCP handshake, which loopback does in no
 * time. Order is kept. It takes any number of connections at once, and counts them.
 */
export interface Relay {
  readonly port: number;
  /** Connections since the last call. */
  count(): number;
  close(): Promise<void>;
}

export async function startRelay(target: number, roundTripMillis: number): Promise<Relay> {
  let connections = 0;
  const open = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    connections += 1;
    const far = connect({ host: '127.0.0.1', port: target, allowHalfOpen: true, noDelay: true });
    const accepted = performance.now();
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    carry(near, far, roundTripMillis / 2, accepted + roundTripMillis);
    carry(far, near, roundTripMillis / 2, accepted);
  });
  server.listen({ host: '127.0.0.1', port: 0, backlog: 128 });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    count() {
      const seen = connections;
      connections = 0;
      return seen;
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function carry(from: Socket, to: Socket, delay: number, notBefore: number): void {
  let last = 0;
  const later = (act: () => void): void => {
    const now = performance.now();
    last = Math.max(last, Math.max(now, notBefore) + delay);
    setTimeout(act, last - now);
  };
  from.on('data', (chunk) => later(() => to.writable && to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => later(() => to.destroy()));
  from.on('close', () => later(() => to.destroy()));
}
