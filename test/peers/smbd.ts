// Samba's file server as a peer: standalone, on a free port of 127.0.0.1, with everything it writes in a
// folder of its own. It serves named pipes through helpers that it starts when one is opened.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  endByFile,
  freePort,
  type Scope,
  startPeer,
  takesConnections,
  temporaryFolder,
  waitUntilReady,
} from './processes.ts';

export interface Smbd {
  readonly port: number;
  /** Its smb.conf, for Samba's own tools. */
  readonly configuration: string;
  /** Where the share `files` has its files. */
  readonly files: string;
  /** How its log has each sign-in of this user ended: `NT_STATUS_OK`, … */
  signIns(user: string): readonly string[];
  /** What the server itself says of the only session that is open. */
  status(): SmbdSession;
}

export interface SmbdSession {
  /** `SMB3_11` */
  readonly dialect: string;
  /** `AES-128-GCM`, or `-`. */
  readonly cipher: string;
  /** `AES-128-GMAC` */
  readonly signing: string;
}

/** The only user it knows; a Unix account must exist, and the tests run as root. */
export const SMB_USER = { user: 'root', password: 'Passw0rd!smb' } as const;

/** The folders that Samba would else have under /var and /run. */
const FOLDERS = ['private', 'state', 'cache', 'lock', 'pid', 'ncalrpc', 'run', 'log', 'files'] as const;

/**
 * With /run/samba for itself: a winbindd of another test would be asked about the user, and say no. The
 * path of its socket is compiled in.
 */
const ALONE =
  'mkdir -p /run/samba && mount --bind "$0" /run/samba && exec smbd -s "$1" --foreground --no-process-group';

/** Starts smbd and waits until it answers. `options` are lines of [global] that override ours. */
export async function startSmbd(scope: Scope, options: readonly string[] = []): Promise<Smbd> {
  for (let attempt = 1; ; attempt += 1) {
    // What is registered first is ended first: the folder still has to be there then.
    let end = async (): Promise<void> => undefined;
    scope.after(() => end());
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
    const peer = startPeer(scope, 'unshare', ['--mount', 'sh', '-c', ALONE, join(folder, 'run'), conf], {
      env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
    });
    end = async () => {
      // The helpers' parent outlives smbd, in a group of its own: it is ended by the id that it wrote down.
      endByFile(join(folder, 'pid', 'samba-dcerpcd.pid'));
      await peer.stop();
    };
    try {
      await waitUntilReady(peer, 'smbd', () => takesConnections({ port }));
      return {
        port,
        configuration: conf,
        files: join(folder, 'files'),
        signIns: (user) => signIns(join(folder, 'log', 'smbd'), user),
        status: () => sessionOf(conf),
      };
    } catch (error) {
      await end();
      if (attempt === 3) throw error;
    }
  }
}

function signIns(path: string, user: string): string[] {
  const log = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const lines = log.split('\n').filter((line) => line.includes(`Auth: [SMB2,(null)] user []\\[${user}]`));
  return lines.map((line) => / status \[(\w+)\]/.exec(line)?.[1] ?? line);
}

function sessionOf(conf: string): SmbdSession {
  const { stdout, stderr } = spawnSync('smbstatus', ['-s', conf, '-j'], { encoding: 'utf8' });
  const { sessions } = JSON.parse(stdout) as {
    sessions: Record<
      string,
      { session_dialect: string; encryption: { cipher: string }; signing: { cipher: string } }
    >;
  };
  const [session, ...others] = Object.values(sessions);
  if (session === undefined || others.length > 0) throw new Error(`not one session: ${stdout}${stderr}`);
  const { session_dialect: dialect, encryption, signing } = session;
  return { dialect, cipher: encryption.cipher, signing: signing.cipher };
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
