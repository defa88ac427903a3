// A domain with a member, and a second domain that it trusts: Samba throughout, each on a machine of its own.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Peer, Scope } from '../processes.ts';
import { connectHosts, type Host, startHost } from './host.ts';

/** Who can sign in to the domain and to its member. */
export const LAB = {
  domain: 'CORP',
  dnsDomain: 'corp.example',
  /** The domain that it trusts, and that trusts it. */
  other: { domain: 'OTHER', dnsDomain: 'other.example', controller: '\\\\odc.other.example' },
  administrator: { domain: 'CORP', user: 'Administrator', password: 'Passw0rd!lab' },
  /** A user like any other. */
  alice: { domain: 'CORP', user: 'alice', password: 'Passw0rd!alice' },
} as const;

export type HostName = 'dc1' | 'vm1' | 'odc';

const ADDRESS: Readonly<Record<HostName, string>> = {
  dc1: '198.18.0.1',
  vm1: '198.18.0.2',
  odc: '198.18.0.3',
};
const DOMAIN: Readonly<Record<HostName, string>> = {
  dc1: LAB.dnsDomain,
  vm1: LAB.dnsDomain,
  odc: LAB.other.dnsDomain,
};
const NAMES: readonly HostName[] = ['dc1', 'vm1', 'odc'];

function makeHost(scope: Scope, folder: string, name: HostName): Promise<Host> {
  return startHost(scope, join(folder, name), {
    address: ADDRESS[name],
    hosts: NAMES.map((other) => `${ADDRESS[other]} ${other}.${DOMAIN[other]} ${other}`),
    resolver: [
      `search ${DOMAIN[name]}`,
      `nameserver ${ADDRESS[name === 'odc' ? 'odc' : 'dc1']}`,
      'options timeout:2 attempts:1',
    ],
  });
}

const COMMON = `bind interfaces only = yes
logging = file
log level = 1 auth_audit:3
printing = bsd
printcap name = /dev/null
disable spoolss = yes
load printers = no
machine password timeout = 0
winbind reconnect delay = 1
`;

/** What a controller needs here of all that it can do. */
const CONTROLLER = `server services = s3fs, rpc, cldap, ldap, kdc, winbindd, dns
tls enabled = no
${COMMON}`;

const MEMBER = `[global]
workgroup = ${LAB.domain}
realm = ${LAB.dnsDomain.toUpperCase()}
security = ads
server role = member server
netbios name = VM1
interfaces = ${ADDRESS.vm1}
${COMMON}admin users = ${LAB.domain}\\administrator
svcctl list = TermService gpsvc
eventlog list = System Application Security
idmap config * : backend = tdb
idmap config * : range = 100000-199999
idmap config ${LAB.domain} : backend = rid
idmap config ${LAB.domain} : range = 200000-999999
`;

const KERBEROS = `[libdefaults]
 default_realm = ${LAB.dnsDomain.toUpperCase()}
 dns_lookup_kdc = true
 dns_lookup_realm = false
 rdns = false
`;

interface Account {
  readonly domain: string;
  readonly user: string;
  readonly password: string;
}

/** The options of Samba's own programs that sign in with this account. */
export function signInAs({ domain, user, password }: Account): readonly string[] {
  return ['-U', `${domain}\\${user}%${password}`];
}

/** As the administrator of a domain. */
function signIn(domain: string = LAB.domain): readonly string[] {
  return signInAs({ ...LAB.administrator, domain });
}

/** Sets everything up in a folder, and ends it. */
export async function setUp(folder: string): Promise<void> {
  const ends: (() => void | Promise<void>)[] = [];
  const scope: Scope = { after: (end) => ends.push(end) };
  try {
    const hosts = await makeHosts(scope, folder, NAMES);
    const { dc1, vm1, odc } = hosts;
    for (const name of NAMES) writeFileSync(join(folder, name, 'etc', 'krb5.conf'), KERBEROS);
    await Promise.all([
      provision(dc1, 'dc1', LAB.domain, ADDRESS.odc),
      provision(odc, 'odc', LAB.other.domain, ADDRESS.dc1),
    ]);
    await Promise.all([
      startController(scope, dc1, LAB.domain),
      startController(scope, odc, LAB.other.domain),
    ]);
    await dc1.must('samba-tool', [
      ...['domain', 'trust', 'create', LAB.other.dnsDomain, '--type=external', '--direction=both'],
      ...['--create-location=both', ...signIn(LAB.other.domain)],
    ]);
    mkdirSync(join(folder, 'vm1', 'lib', 'private'), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'vm1', 'etc', 'smb.conf'), MEMBER);
    await vm1.must('net', ['ads', 'join', '--no-dns-updates', ...signIn()]);
    for (const { run } of [dc1, odc]) await run('sh', ['-c', 'kill "$(cat /run/samba/samba.pid)"']);
    await sleep(1_000);
  } finally {
    for (const end of ends.reverse()) await end();
  }
  for (const name of NAMES)
    for (const inside of ['run', 'log']) rmSync(join(folder, name, inside), { recursive: true });
}

async function provision(host: Host, name: HostName, domain: string, forwarder: string): Promise<void> {
  await host.must(
    'samba-tool',
    [
      ...['domain', 'provision', `--realm=${DOMAIN[name].toUpperCase()}`, `--domain=${domain}`],
      ...['--server-role=dc', '--dns-backend=SAMBA_INTERNAL', `--host-name=${name}`],
      ...[`--host-ip=${host.address}`, `--adminpass=${LAB.administrator.password}`],
      ...[`--option=interfaces=${host.address}`, '--option=bind interfaces only=yes'],
      `--option=dns forwarder=${forwarder}`,
    ],
    300_000,
  );
  const conf = join(host.folder, 'etc', 'smb.conf');
  writeFileSync(conf, readFileSync(conf, 'utf8').replace('[global]', `[global]\n${CONTROLLER}`));
  // A lab that was kept for a season still signs in, and alice is known.
  const settings = ['--max-pwd-age=0', '--min-pwd-age=0', '--history-length=0'];
  await host.must('samba-tool', ['domain', 'passwordsettings', 'set', ...settings]);
  await host.must('samba-tool', ['user', 'create', LAB.alice.user, LAB.alice.password]);
}

export async function makeHosts<N extends HostName>(
  scope: Scope,
  folder: string,
  names: readonly N[],
): Promise<Record<N, Host>> {
  const hosts = await Promise.all(names.map((name) => makeHost(scope, folder, name)));
  const [first, ...others] = hosts;
  if (first !== undefined) await connectHosts([first, ...others]);
  return Object.fromEntries(names.map((name, index) => [name, hosts[index]])) as Record<N, Host>;
}

/** Tries until it works. */
export async function until(what: string, works: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + START_MILLIS;
  while (!(await works())) {
    if (Date.now() > end) throw new Error(`${what} was not ready in ${START_MILLIS} ms`);
    await sleep(100);
  }
}
const START_MILLIS = 60_000;

/** A controller is ready when somebody can sign in, not when a port answers. */
export async function startController(scope: Scope, host: Host, domain: string): Promise<Peer> {
  const peer = host.start(scope, 'setsid', ['samba', '--foreground', '--no-process-group', '-M', 'single']);
  await until(`the controller of ${domain}`, async () => {
    if (!peer.running()) throw new Error(`samba ended: ${peer.output()}`);
    const asked = await host.run('rpcclient', [host.address, ...signIn(domain), '-c', 'getusername'], 10_000);
    return asked.status === 0;
  });
  return peer;
}
