import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface Listener {
  readonly port: number;
  readonly server: Server;
  /** How the connections ended so far: `end` by the client, `reset`. */
  readonly ended: readonly string[];
  close(): Promise<void>;
}

/** A listener on loopback that treats each connection as told, and knows when the client has let go of it. */
export async function listen(handle: (socket: Socket) => void): Promise<Listener> {
  const ended: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', (hadError) => {
      sockets.delete(socket);
      ended.push(hadError ? 'reset' : 'end');
    });
    handle(socket);
    // A socket that nobody reads does not notice its end.
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    server,
    ended,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Waits until a condition holds; throws after two seconds. */
export async function eventually(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`it did not come to this: ${what}`);
}
