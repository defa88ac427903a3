// Samba's file server as a peer: standalone, on a free port of 127.0.0.1, with everything it writes in a
// folder of its own. It serves named pipes through helpers that it starts when one is opened.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, type Scope, startPeer, temporaryFolder, waitUntilReady } from './processes.ts';

export interface Smbd {
  readonly port: number;
  /** The server's share of a folder with files: `files`. */
  readonly files: string;
  log(): string;
  /** How often this user's sign-in was refused, by the server's own log. */
  refusals(user: string): number;
  stop(): Promise<void>;
}

/** The only user it knows; a Unix account must exist, and the tests run as root. */
export const SMB_USER = { user: 'root', password: 'Passw0rd!smb' } as const;

/** The folders that Samba would else have under /var and /run. */
const FOLDERS = ['private', 'state', 'cache', 'lock', 'pid', 'ncalrpc', 'log', 'files'] as const;

/** Starts smbd and waits until it answers. `options` are lines of [global] that override ours. */
export async function startSmbd(scope: Scope, options: readonly string[] = []): Promise<Smbd> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = temporaryFolder(scope, 'smbd');
    for (const name of FOLDERS) mkdirSync(join(folder, name), { mode: 0o755 });
    const port = await freePort();
    const conf = join(folder, 'smb.conf');
    writeFileSync(conf, configuration(folder, port, options));
    const added = spawnSync('smbpasswd', ['-c', conf, '-s', '-a', SMB_USER.user], {
      input: `${SMB_USER.password}\n${SMB_USER.password}\n`,
      encoding: 'utf8',
    });
    if (added.status !== 0) throw new Error(`smbpasswd: ${added.stdout}${added.stderr}`);
    const peer = startPeer(scope, 'smbd', ['-s', conf, '--foreground', '--no-process-group'], {
      env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
    });
    // The helpers' parent outlives smbd, in a group of its own: it is ended by the id that it wrote down.
    const endHelpers = (): void => {
      for (const name of ['samba-dcerpcd.pid', 'smbd.pid']) endByFile(join(folder, 'pid', name));
    };
    const stop = async (): Promise<void> => {
      endHelpers();
      await peer.stop();
    };
    scope.after(stop);
    const log = (): string => {
      const path = join(folder, 'log', 'smbd');
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    };
    try {
      await waitUntilReady(peer, 'smbd', () => takesConnections(port));
      return {
        port,
        files: join(folder, 'files'),
        log,
        refusals: (user) =>
          log()
            .split('\n')
            .filter((line) => line.includes(`user [${user}]`) || line.includes(`[${user}] FAILED`)).length,
        stop,
      };
    } catch (error) {
      await stop();
      if (attempt === 3) throw error;
    }
  }
}

function endByFile(path: string): void {
  const pid = existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) : 0;
  if (!(pid > 1)) return;
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(false));
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

function configuration(folder: string, port: number, options: readonly string[]): string {
  const at = (name: (typeof FOLDERS)[number]): string => join(folder, name);
  return `[global]
server role = standalone
workgroup = LAB
netbios name = VM1
smb ports = ${port}
interfaces = 127.0.0.1
bind interfaces only = yes
disable netbios = yes
private dir = ${at('private')}
state directory = ${at('state')}
cache directory = ${at('cache')}
lock directory = ${at('lock')}
pid directory = ${at('pid')}
ncalrpc dir = ${at('ncalrpc')}
log file = ${join(folder, 'log', 'smbd')}
log level = 1 auth_audit:3
logging = file
printing = bsd
printcap name = /dev/null
disable spoolss = yes
load printers = no
admin users = ${SMB_USER.user}
server signing = mandatory
${options.join('\n')}
[files]
path = ${at('files')}
read only = yes
`;
}
