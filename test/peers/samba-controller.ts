// Samba's domain controller as a peer for DCE/RPC over TCP: nothing of it but its RPC server and the
// winbindd that Netlogon asks, on 127.0.0.1. Its endpoint mapper has the one port that clients know, 135.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  endByFile,
  run,
  type Scope,
  startPeer,
  takesConnections,
  temporaryFolder,
  waitUntilReady,
} from './processes.ts';

/** The domain that it serves. */
export const LAB_DOMAIN = {
  name: 'LAB',
  dnsName: 'lab.example',
  host: 'DC1',
  user: 'Administrator',
  password: 'Passw0rd!lab',
} as const;

const EPMAPPER_PORT = 135;
/** Another run on the same machine may hold the port; it is done with it within a minute. */
const PORT_WAIT_MILLIS = 90_000;

/** Provisions a domain (7 s on an idle machine) and starts the controller. */
export async function startController(scope: Scope): Promise<void> {
  // What is registered first is ended first: the folder still has to be there then.
  let end = async (): Promise<void> => undefined;
  scope.after(() => end());
  const folder = temporaryFolder(scope, 'controller');
  const at = (name: string): string => join(folder, name);
  for (const name of ['run', 'ncalrpc', 'winbindd']) mkdirSync(at(name), { mode: 0o755 });
  // Without a configuration of its own the machine's /etc/samba/smb.conf leaks in.
  writeFileSync(at('seed.conf'), '[global]\n');
  const provisioned = await run(
    'samba-tool',
    [
      ...['domain', 'provision', '-s', at('seed.conf'), `--targetdir=${at('dc')}`],
      ...[`--realm=${LAB_DOMAIN.dnsName.toUpperCase()}`, `--domain=${LAB_DOMAIN.name}`, '--server-role=dc'],
      ...['--dns-backend=NONE', `--host-name=${LAB_DOMAIN.host}`, '--host-ip=127.0.0.1'],
      ...[`--adminpass=${LAB_DOMAIN.password}`, '--option=dns forwarder='],
    ],
    { limitMillis: 180_000 },
  );
  if (provisioned.status !== 0) throw new Error(`samba-tool: ${provisioned.stdout}${provisioned.stderr}`);

  const until = Date.now() + PORT_WAIT_MILLIS;
  while (await takesConnections({ port: EPMAPPER_PORT })) {
    if (Date.now() > until) throw new Error(`somebody else serves port ${EPMAPPER_PORT} of 127.0.0.1`);
    await sleep(500);
  }
  // Options on the command line would not reach winbindd, which the controller starts.
  const conf = at('dc/etc/smb.conf');
  const options = [
    'server services = rpc, winbindd',
    'dcerpc endpoint servers = epmapper, lsarpc, netlogon, dssetup, eventlog6, wkssvc',
    'interfaces = 127.0.0.1/8',
    'bind interfaces only = yes',
    `pid directory = ${at('run')}`,
    `ncalrpc dir = ${at('ncalrpc')}`,
    `winbindd socket directory = ${at('winbindd')}`,
    `log file = ${at('log')}`,
  ];
  const provisionedConf = readFileSync(conf, 'utf8').replace(/^\s*server services = .*$/m, '');
  writeFileSync(conf, provisionedConf.replace('[global]', ['[global]', ...options].join('\n')));
  const peer = startPeer(scope, 'samba', ['-s', conf, '--foreground', '--no-process-group', '-M', 'single']);
  // winbindd may outlive its parent: it is ended by the id that it wrote down.
  end = async () => {
    for (const name of ['winbindd.pid', 'samba.pid']) endByFile(join(at('run'), name));
    await peer.stop();
  };
  await waitUntilReady(
    peer,
    'samba',
    async () => (await takesConnections({ port: EPMAPPER_PORT })) && existsSync(at('winbindd/pipe')),
  );
}
