import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Scope } from '../processes.ts';
import { waitUntilReady } from '../processes.ts';
import type { Host } from './host.ts';

/** Runs on the machine of the lab: from a socket of the file system, which no network separates, to TCP. */
const INSIDE = `
const { connect, createServer } = require('node:net');
const [path, host, port] = process.argv.slice(1);
createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
  const far = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
}).listen(path);
`;

/** Makes a port of a machine reachable from the tests. @returns its port on 127.0.0.1 */
export async function reach(scope: Scope, host: Host, port: number): Promise<number> {
  const path = join(host.folder, 'run', `relay-${port}`);
  const peer = host.start(scope, process.execPath, ['-e', INSIDE, path, host.address, String(port)]);
  await waitUntilReady(peer, 'the relay', () => existsSync(path));
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ path, allowHalfOpen: true });
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  scope.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}
