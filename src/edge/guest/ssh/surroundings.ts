import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ConfigSurroundings } from './config.ts';
import { matchesPattern } from './wildcard.ts';

/** What SSH finds on this machine: files of the user and of the system, and an agent. */
export interface SshSurroundings extends ConfigSurroundings {
  /** Used where the configuration names none, in this order. */
  readonly keyFiles: readonly string[];
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  /** Socket or pipe of the agent, where there may be one. */
  readonly agentPath: string | undefined;
  /** The bytes of a key file; `undefined` where it cannot be read. */
  readonly readKey: (path: string) => Uint8Array | undefined;
}

/** A known_hosts file of a large site has some megabytes, no other file here has as much. */
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_KEY_BYTES = 64 * 1024;

/** Where the OpenSSH that comes with Windows has its agent. */
const WINDOWS_AGENT = '\\\\.\\pipe\\openssh-ssh-agent';

/** Those of the user who runs this. */
export function systemSurroundings(): SshSurroundings {
  const environment = process.env;
  const isWindows = process.platform === 'win32';
  const home = homedir();
  const own = join(home, '.ssh');
  const system = isWindows ? join(environment['ProgramData'] ?? 'C:\\ProgramData', 'ssh') : '/etc/ssh';
  const socket = environment['SSH_AUTH_SOCK'];
  return {
    home,
    localUser: accountName(),
    localHost: hostname(),
    localUserId: String(process.getuid?.() ?? ''),
    environment,
    files: [
      { path: join(own, 'config'), folder: own, mayTilde: true },
      { path: join(system, 'ssh_config'), folder: system, mayTilde: false },
    ],
    read: (path) => readText(path),
    glob: (pattern) => expandPattern(pattern),
    keyFiles: ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(own, name)),
    userKnownHosts: ['known_hosts', 'known_hosts2'].map((name) => join(own, name)),
    globalKnownHosts: ['ssh_known_hosts', 'ssh_known_hosts2'].map((name) => join(system, name)),
    agentPath: isWindows
      ? socket?.startsWith('\\\\.\\pipe\\')
        ? socket
        : WINDOWS_AGENT
      : socket === ''
        ? undefined
        : socket,
    readKey: (path) => readRegular(path, MOST_KEY_BYTES),
  };
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

function readText(path: string): string | undefined {
  const bytes = readRegular(path, MOST_BYTES);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** Only what is a file, and no larger: a pipe would wait for its writer. */
function readRegular(path: string, limit: number): Uint8Array | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= limit ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** Paths that a pattern of an Include means: `*` and `?` in any part but the root, sorted. */
function expandPattern(pattern: string): readonly string[] {
  const parts = pattern.split(/[/\\]/);
  return parts.slice(1).reduce<readonly string[]>(
    (folders, part) => {
      if (!/[*?]/.test(part)) return folders.map((folder) => `${folder}/${part}`);
      return folders.flatMap((folder) =>
        entriesOf(folder)
          .filter((name) => (part.startsWith('.') || !name.startsWith('.')) && matchesPattern(name, part))
          .map((name) => `${folder}/${name}`),
      );
    },
    [parts[0] ?? ''],
  );
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder === '' ? '/' : folder).sort();
  } catch {
    return [];
  }
}
