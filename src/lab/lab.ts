import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { type LabChange, labConfig } from './config.ts';
import { type LabService, serveConnection } from './connection.ts';
import { createIdentity } from './identity.ts';
import { secureContextOf } from './tls.ts';

/** At once. A scanner that opens more is told no by a reset. */
const MOST_CONNECTIONS = 64;
const LOOPBACK = '127.0.0.1';
const DAY = 86_400_000;

/** A practice target under way. */
export interface Lab {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Ends every connection and the listener. Rejects when the lab itself was at fault: a peer never makes it. */
  close(): Promise<void>;
}

/**
 * Starts a Remote Desktop listener with chosen faults on a free port of 127.0.0.1, and of no other address.
 * @param change what differs from a healthy, hardened server
 */
export async function startLab(change: LabChange = {}): Promise<Lab> {
  const now = Date.now;
  const config = labConfig(change, now());
  const identity = await createIdentity(
    config.certificate === 'missing'
      ? { subject: 'missing', notBefore: now(), notAfter: now() + DAY }
      : config.certificate,
  );
  const service: LabService = {
    config,
    identity,
    context: secureContextOf(config, identity),
    settings: {
      serverRandom: new Uint8Array(randomBytes(32)),
      serverCertificate: identity.proprietaryCertificate,
    },
    now,
  };
  const sockets = new Set<Socket>();
  const faults: unknown[] = [];
  let connections = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    const limit = setTimeout(() => socket.destroy(), config.connectionMillis);
    socket.on('close', () => {
      clearTimeout(limit);
      sockets.delete(socket);
    });
    serveConnection(socket, service).catch((fault: unknown) => {
      faults.push(fault);
      socket.destroy();
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new TypeError('a TCP server has an address and a port');
  return {
    port: address.port,
    get connections() {
      return connections;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      if (faults.length > 0) throw new AggregateError(faults, 'the lab itself was at fault');
    },
  };
}
