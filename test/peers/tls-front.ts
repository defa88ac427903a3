// What stands in front of a Windows in practice: OpenSSL's own server, bare or behind an RDP negotiation.
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { tryDecode } from '../../src/core/bytes/decode-error.ts';
import { decodeTpkt, encodeTpkt, tpktLength } from '../../src/core/protocol/tpkt.ts';
import { decodeConnectionRequest, encodeConnectionConfirm } from '../../src/core/protocol/x224.ts';
import type { CertificateFiles } from './certificates.ts';
import { freePort, type Scope, startPeer, waitUntilReady } from './processes.ts';

/** `openssl s_server` with these options on a free port of loopback. Without `-www` the end of its own input ends its connections. */
export async function startOpenssl(
  scope: Scope,
  { certificate, key }: CertificateFiles,
  ...options: readonly string[]
): Promise<number> {
  const port = await freePort();
  const peer = startPeer(scope, 'openssl', [
    's_server',
    '-accept',
    `127.0.0.1:${port}`,
    '-cert',
    certificate,
    '-key',
    key,
    '-www',
    ...options,
  ]);
  await waitUntilReady(peer, 'openssl s_server', () => peer.output().includes('ACCEPT'));
  return port;
}

/** Answers a connection request by selecting `protocol`, and passes the rest of the connection on to `port`. */
export async function negotiateBefore(scope: Scope, port: number, protocol: number): Promise<number> {
  const server = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', (packet) => {
      const request = tryDecode(() => {
        tpktLength(packet);
        return decodeConnectionRequest(decodeTpkt(packet));
      });
      const requested = request.ok ? (request.value.negotiation?.requestedProtocols ?? 0) : 0;
      const negotiation =
        (requested & protocol) === 0
          ? ({ kind: 'failure', flags: 0, failureCode: requested === 0 ? 1 : 5 } as const)
          : ({ kind: 'response', flags: 0, selectedProtocol: protocol } as const);
      const confirm = encodeTpkt(
        encodeConnectionConfirm({ destinationReference: 0, sourceReference: 0x1234, negotiation }),
      );
      if (negotiation.kind === 'failure') return void client.end(confirm);
      const behind = connect(port, '127.0.0.1');
      behind.on('error', () => client.destroy());
      client.write(confirm);
      client.pipe(behind).pipe(client);
    });
  });
  return listen(scope, server);
}

/** TLS from the first byte, ended here and passed on in clear to `port`: what stunnel does. */
export async function wrap(
  scope: Scope,
  { certificate, key }: CertificateFiles,
  port: number,
): Promise<number> {
  const options = { cert: readFileSync(certificate), key: readFileSync(key) };
  return listen(
    scope,
    createTlsServer(options, (inside) => {
      const behind = connect(port, '127.0.0.1');
      behind.on('error', () => inside.destroy());
      inside.on('error', () => behind.destroy());
      inside.pipe(behind).pipe(inside);
    }),
  );
}

async function listen(scope: Scope, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.after(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port from the system');
  return address.port;
}
