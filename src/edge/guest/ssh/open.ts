import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { resolveHost } from '../../network/resolve.ts';
import type { PasswordAttempt } from './authentication.ts';
import { type ConfigQuery, readSshConfig, type SshSettings } from './config.ts';
import { failed, type SshFailure } from './failure.ts';
import { handshake, type Session } from './handshake.ts';
import { findIdentities } from './identities.ts';
import { type KnownHost, parseKnownHosts } from './known-hosts.ts';
import { loadSsh2, type Ssh2 } from './library.ts';
import type { Patience, Person } from './person.ts';
import type { SshSurroundings } from './surroundings.ts';

/** Whom to sign in as, and where. */
export interface SshRequest {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /** The only key to use, with the agent's help where it is encrypted. */
  readonly keyFile?: string;
  /** The password for an account: asked for once a host, when no key was taken. */
  readonly passwordFor: (account: SshAccount) => PasswordAttempt;
  readonly person: Person | undefined;
  readonly patience: Patience;
}

export interface SshAccount {
  readonly user: string;
  readonly host: string;
  /** The machine to look at; else one on the way to it. */
  readonly isTarget: boolean;
}

export interface OpenedSsh extends Omit<Session, 'ok'> {
  readonly ok: true;
  /** Where it led to: `vm1.corp.example port 22`. */
  readonly where: string;
  /** What of the configuration was left out. */
  readonly skipped: readonly string[];
  close(): void;
}

/** As many hosts as anybody has one behind the other; more is a circle. */
const MOST_JUMPS = 8;

/** A server that does not answer a farewell is not waited for. */
const FAREWELL_MILLIS = 300;

/** Opens an SSH connection as ssh(1) would, with its configuration. Nothing that a host does rejects the promise. */
export async function openSsh(request: SshRequest, around: SshSurroundings): Promise<OpenedSsh | SshFailure> {
  const ssh2 = await loadSsh2();
  return signIn(ssh2, request, request, around, 0);
}

async function signIn(
  ssh2: Ssh2,
  query: ConfigQuery & Pick<SshRequest, 'keyFile'>,
  request: SshRequest,
  around: SshSurroundings,
  depth: number,
): Promise<OpenedSsh | SshFailure> {
  const settings = readSshConfig(query, around);
  const { hostName, port } = settings;
  const isTarget = depth === 0;
  // As it was named, which a masked report knows; hosts of the configuration are nobody's business there.
  const host = isTarget ? query.host : `host ${depth} of ProxyJump`;
  const where = `${host} port ${port}`;
  const user = settings.user ?? (isTarget ? undefined : around.localUser);
  if (user === undefined) {
    return failed(
      'no-channel',
      `no user is named for ${host}, neither with --ssh nor in the configuration of ssh`,
      'Write --ssh USER@HOST.',
    );
  }
  if (settings.proxyCommand !== undefined) {
    return failed(
      'no-channel',
      `the configuration of ssh reaches ${host} by ProxyCommand, and rdpdoctor runs no commands of it`,
      'Use ProxyJump, or forward a port with ssh -L and give that with --ssh.',
    );
  }
  const reached = await reach(ssh2, settings, host, request, around, depth);
  if (!reached.ok) return reached;
  const identities = await findIdentities(ssh2, {
    files: query.keyFile === undefined ? keyFiles(settings, around) : [query.keyFile],
    agentPath: agentPath(settings, around),
    only: query.keyFile !== undefined || settings.identitiesOnly,
    person: request.person,
    read: async (path) => around.readKey(path),
  });
  const session = await handshake(ssh2, {
    stream: reached.stream,
    user,
    where,
    // An alias stands for the host and its port.
    name:
      settings.hostKeyAlias === undefined
        ? { host: hostName, port }
        : { host: settings.hostKeyAlias, port: 22 },
    knownHosts: knownHosts(settings, around),
    identities,
    password: request.passwordFor({ user, host: query.host, isTarget }),
    person: request.person,
    patience: request.patience,
  });
  if (!session.ok) {
    reached.close();
    return session;
  }
  return {
    ...session,
    where,
    skipped: [...reached.skipped, ...settings.skipped],
    close() {
      session.client.end();
      setTimeout(() => session.client.destroy(), FAREWELL_MILLIS).unref();
      session.ended.then(reached.close, reached.close);
    },
  };
}

interface Reached {
  readonly ok: true;
  readonly stream: Duplex;
  readonly skipped: readonly string[];
  close(): void;
}

/** A stream to a host: straight, or through the hosts before it. */
async function reach(
  ssh2: Ssh2,
  { hostName, port, jumps }: SshSettings,
  host: string,
  request: SshRequest,
  around: SshSurroundings,
  depth: number,
): Promise<Reached | SshFailure> {
  const jump = jumps.at(-1);
  if (jump === undefined) return connectTo(hostName, port, host, request.patience);
  if (depth >= MOST_JUMPS) {
    return failed(
      'no-channel',
      `the configuration of ssh leads through more than ${MOST_JUMPS} hosts (ProxyJump)`,
      'Check ProxyJump there: it may lead in a circle.',
    );
  }
  const place = parseJump(jump);
  if (place === undefined) {
    return failed(
      'no-channel',
      `the configuration of ssh names a ProxyJump that is no host`,
      'Expected [user@]host[:port].',
    );
  }
  const before = jumps.slice(0, -1);
  const query = before.length === 0 ? place : { ...place, jumps: before };
  const opened = await signIn(ssh2, query, request, around, depth + 1);
  if (!opened.ok) return { ...opened, problem: `on the way to ${host}: ${opened.problem}` };
  const { client, where } = opened;
  const stream = await new Promise<Duplex | Error | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), request.patience.left());
    client.forwardOut('127.0.0.1', 0, hostName, port, (error, channel) => {
      clearTimeout(timer);
      resolve(error ?? channel);
    });
  });
  if (stream === undefined || stream instanceof Error) {
    opened.close();
    const why = stream === undefined ? 'it did not in time' : stream.message;
    return failed(
      stream === undefined ? 'timeout' : 'no-channel',
      `${where} did not connect to ${host} port ${port} (${why})`,
      'Check that the machine is reached from there, and that the host in between forwards (AllowTcpForwarding).',
    );
  }
  return { ok: true, stream, skipped: opened.skipped, close: opened.close };
}

/** `[user@]host[:port]` or an ssh URI. */
function parseJump(text: string): Pick<ConfigQuery, 'host' | 'user' | 'port'> | undefined {
  const found = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:@/]+))(?::(\d{1,5}))?\/?$/i.exec(text.trim());
  const host = found?.[2] ?? found?.[3];
  if (host === undefined) return undefined;
  const user = found?.[1];
  const port = found?.[4];
  return {
    host,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}

async function connectTo(
  address: string,
  port: number,
  host: string,
  patience: Patience,
): Promise<Reached | SshFailure> {
  const resolution = await resolveHost(address, patience.left());
  if (resolution.kind === 'failed') {
    return failed(
      'no-channel',
      resolution.problem.replaceAll(address, host),
      'Check the name after --ssh, and the name server.',
    );
  }
  const codes = new Set<string>();
  for (const [index, found] of resolution.addresses.entries()) {
    const share = patience.left() / (resolution.addresses.length - index);
    const socket = await connectOnce(found, port, share);
    if (typeof socket !== 'string') {
      // Errors of a socket that nobody has in hand any more.
      socket.on('error', () => {});
      return { ok: true, stream: socket, skipped: [], close: () => socket.destroy() };
    }
    codes.add(socket);
  }
  const where = `${host} port ${port}`;
  if (codes.has('timeout')) {
    return failed(
      'timeout',
      `${where} did not answer`,
      'Check the address, and that firewalls let SSH through (TCP 22); by default Windows opens it for private networks only.',
    );
  }
  if (codes.has('ECONNREFUSED')) {
    return failed(
      'no-channel',
      `${where} refuses the connection`,
      'Start the OpenSSH server there (Start-Service sshd), or give its port: --ssh USER@HOST:PORT.',
    );
  }
  return failed(
    'no-channel',
    `${where} was not reached (${[...codes].join(', ')})`,
    'Check the network and the route to the machine.',
  );
}

/** The open socket, or the code of what was in the way. */
function connectOnce(address: string, port: number, millis: number): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, noDelay: true });
    const give = (result: Socket | string): void => {
      clearTimeout(timer);
      socket.off('error', onError);
      if (typeof result === 'string') {
        socket.on('error', () => {});
        socket.destroy();
      }
      resolve(result);
    };
    const timer = setTimeout(() => give('timeout'), millis);
    const onError = (error: Error & { readonly code?: string }): void =>
      give(error.code === 'ETIMEDOUT' ? 'timeout' : (error.code ?? error.message));
    socket.once('connect', () => give(socket));
    socket.once('error', onError);
  });
}

function keyFiles({ identityFiles }: SshSettings, around: SshSurroundings): readonly string[] {
  return identityFiles.length === 0 ? around.keyFiles : identityFiles;
}

function agentPath({ identityAgent }: SshSettings, around: SshSurroundings): string | undefined {
  if (identityAgent === 'none') return undefined;
  return identityAgent === undefined || identityAgent === 'SSH_AUTH_SOCK' ? around.agentPath : identityAgent;
}

function knownHosts(settings: SshSettings, around: SshSurroundings): readonly KnownHost[] {
  const files = [
    ...(settings.userKnownHostsFiles ?? around.userKnownHosts),
    ...(settings.globalKnownHostsFiles ?? around.globalKnownHosts),
  ];
  return files.flatMap((path) => parseKnownHosts(around.read(path) ?? '', path));
}
