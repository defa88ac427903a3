// OpenSSH's server as a peer, on a free port of 127.0.0.1. In a mount namespace of its own it sees a user
// that this machine does not have, with a password; nothing of the machine is changed.
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SshSurroundings, systemSurroundings } from '../../src/edge/guest/ssh/surroundings.ts';
import {
  freePort,
  type Scope,
  startPeer,
  takesConnections,
  temporaryFolder,
  waitUntilReady,
} from './processes.ts';

/** The user of the server, whom this machine does not know. */
export const SSH_USER = {
  user: 'doctor',
  password: 'Planted-Passw0rd!ssh',
  passphrase: 'Planted passphrase',
} as const;

/** No user of this machine has it. */
const USER_ID = 64_713;

/** Keys that the user may sign in with; the encrypted one has the passphrase. */
export const KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa', 'id_encrypted'] as const;
export const HOST_KEYS = ['ed25519', 'ecdsa', 'rsa'] as const;

export interface SshFolder {
  readonly path: string;
  /** Home of whoever connects: `.ssh` is empty. */
  readonly home: string;
  /** Path of a client's key. `stranger` is known to nobody. */
  key(name: (typeof KEYS)[number] | 'stranger'): string;
  hostKey(type: (typeof HOST_KEYS)[number]): string;
}

export interface Sshd {
  readonly port: number;
  /** What it logged so far. */
  log(): string;
}

/** A folder with keys of every kind, for any number of servers and clients. */
export function sshFolder(scope: Scope): SshFolder {
  const path = temporaryFolder(scope, 'sshd');
  // The server looks for the user's keys as that user.
  chmodSync(path, 0o755);
  const home = join(path, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  for (const name of [...KEYS, 'stranger']) {
    const type = name === 'stranger' || name === 'id_encrypted' ? 'ed25519' : name.slice('id_'.length);
    keygen(
      '-t',
      type,
      '-N',
      name === 'id_encrypted' ? SSH_USER.passphrase : '',
      '-C',
      name,
      '-f',
      join(path, name),
    );
  }
  for (const type of HOST_KEYS) keygen('-t', type, '-N', '', '-f', join(path, `host_${type}`));
  writeFileSync(
    join(path, 'authorized'),
    KEYS.map((name) => readFileSync(join(path, `${name}.pub`), 'utf8')).join(''),
  );
  copyFileSync('/etc/passwd', join(path, 'passwd'));
  copyFileSync('/etc/shadow', join(path, 'shadow'));
  chmodSync(join(path, 'shadow'), 0o600);
  const hash = spawnSync('openssl', ['passwd', '-6', '-stdin'], {
    input: SSH_USER.password,
    encoding: 'utf8',
  });
  appendFileSync(join(path, 'passwd'), `${SSH_USER.user}:x:${USER_ID}:${USER_ID}::/:/bin/sh\n`);
  appendFileSync(join(path, 'shadow'), `${SSH_USER.user}:${hash.stdout.trim()}:19000:0:99999:7:::\n`);
  return {
    path,
    home,
    key: (name) => join(path, name),
    hostKey: (type) => join(path, `host_${type}`),
  };
}

function keygen(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('ssh-keygen', ['-q', ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`);
}

const IN_NAMESPACE =
  'mkdir -p /run/sshd && mount --bind "$0/passwd" /etc/passwd && mount --bind "$0/shadow" /etc/shadow && exec /usr/sbin/sshd -D -e -f "$1"';

/** Starts a server and waits until it answers. `options` are lines of sshd_config(5) that win over ours. */
export async function startSshd(
  scope: Scope,
  folder: SshFolder,
  options: readonly string[] = [],
): Promise<Sshd> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const conf = join(folder.path, `sshd-${port}.conf`);
    writeFileSync(
      conf,
      `${[
        ...options,
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        ...HOST_KEYS.map((type) => `HostKey ${folder.hostKey(type)}`),
        `AuthorizedKeysFile ${join(folder.path, 'authorized')}`,
        'StrictModes no',
        'UsePAM no',
        'PidFile none',
        'LogLevel VERBOSE',
        // More at a time than sshd takes by default without signs of distress.
        'MaxStartups 100',
      ].join('\n')}\n`,
    );
    const peer = startPeer(scope, 'unshare', ['--mount', 'sh', '-c', IN_NAMESPACE, folder.path, conf]);
    try {
      await waitUntilReady(peer, 'sshd', () => takesConnections({ port }));
      return { port, log: () => peer.output() };
    } catch (error) {
      await peer.stop();
      if (attempt === 3) throw error;
    }
  }
}

/** What a client finds that has this home and nothing else: no agent, no files of the system. */
export function clientIn(
  folder: SshFolder,
  files: { readonly config?: string; readonly knownHosts?: string } = {},
  more: Partial<SshSurroundings> = {},
): SshSurroundings {
  const own = join(folder.home, '.ssh');
  const real = systemSurroundings();
  const given = new Map([
    [join(own, 'config'), files.config],
    [join(own, 'known_hosts'), files.knownHosts],
  ]);
  return {
    ...real,
    home: folder.home,
    files: [{ path: join(own, 'config'), folder: own, mayTilde: true }],
    keyFiles: [],
    userKnownHosts: [join(own, 'known_hosts')],
    globalKnownHosts: [],
    agentPath: undefined,
    read: (path) => (given.has(path) ? given.get(path) : real.read(path)),
    ...more,
  };
}

/** A line of known_hosts for a server of this folder. */
export function knownLine(
  folder: SshFolder,
  port: number,
  type: (typeof HOST_KEYS)[number] = 'ed25519',
): string {
  return `[127.0.0.1]:${port} ${readFileSync(`${folder.hostKey(type)}.pub`, 'utf8')}`;
}
