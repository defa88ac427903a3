// Starting and ending software nobody here wrote. A peer runs in a process group of its own and is
// ended by that group's id: after the test that asked for it, and at the latest when this test process ends.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Long enough for a peer to start on a busy two-core machine; a healthy start takes well under a second. */
const READY_MILLIS = 15_000;
const POLL_MILLIS = 15;
/** What a peer gets to end by itself before it is killed. */
const GRACE_MILLIS = 2_000;

/** Whose end ends what was started in it: a test, or a benchmark. */
export interface Scope {
  after(end: () => void | Promise<void>): void;
}

const groups = new Set<number>();
const folders = new Set<string>();

/** The last resort, synchronous: nothing of ours survives this process. */
function endEverything(): void {
  for (const group of groups) signalGroup(group, 'SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
process.on('exit', endEverything);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(1));
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // The group is gone already.
  }
}

/** A folder under the system's temporary folder, removed at the end of the scope. */
export function temporaryFolder(scope: Scope, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `rdpdoctor-${name}-`));
  folders.add(folder);
  scope.after(() => {
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
  });
  return folder;
}

/** A TCP port of 127.0.0.1 that was free a moment ago: a peer that loses the race is started again on another. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port from the system');
  return address.port;
}

export interface Peer {
  /** The process id, which is also the id of its process group. */
  readonly pid: number;
  /** Everything it wrote so far, both streams. */
  output(): string;
  running(): boolean;
  /** Ends the whole group and waits for its leader. Calling it again does no harm. */
  stop(): Promise<void>;
}

/** Starts a program in its own process group; it is ended with the scope. */
export function startPeer(
  scope: Scope,
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Peer {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  // A program that cannot be started has no pid, which is told below.
  child.on('error', () => undefined);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} did not start`);
  groups.add(pid);

  const running = () => child.exitCode === null && child.signalCode === null;
  const stop = async () => {
    const until = Date.now() + GRACE_MILLIS;
    signalGroup(pid, 'SIGTERM');
    while (running() && Date.now() < until) await sleep(POLL_MILLIS);
    // What the leader forked may linger, and may be a zombie that nobody reaps: it is killed, not awaited.
    signalGroup(pid, 'SIGKILL');
    while (running()) await sleep(POLL_MILLIS);
    groups.delete(pid);
  };
  scope.after(stop);
  return {
    pid,
    output: () => output,
    running,
    stop,
  };
}

/** Asks `ready` until it says yes; fails with the peer's own words when it ended or never became ready. */
export async function waitUntilReady(
  peer: Peer,
  what: string,
  ready: () => boolean | Promise<boolean>,
): Promise<void> {
  const until = Date.now() + READY_MILLIS;
  while (!(await ready())) {
    if (!peer.running()) throw new Error(`${what} ended while starting:\n${peer.output()}`);
    if (Date.now() > until) throw new Error(`${what} was not ready in ${READY_MILLIS} ms:\n${peer.output()}`);
    await sleep(POLL_MILLIS);
  }
}

/**
 * The server's own readiness: it takes a TCP connection and answers an X.224 Connection Request
 * (without RDP_NEG_REQ, [MS-RDPBCGR] 2.2.1.1) with a TPKT.
 */
export function answersConnectionRequest(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => done(false));
    socket.on('error', () => done(false));
    socket.on('close', () => done(false));
    socket.on('connect', () => socket.write(Uint8Array.of(3, 0, 0, 11, 6, 0xe0, 0, 0, 0, 0, 0)));
    socket.once('data', (data) => done(data[0] === 3));
  });
}

/** Whether somebody takes a connection on a port of 127.0.0.1, or on a socket of the file system. */
export function takesConnections(
  place: { readonly port: number } | { readonly path: string },
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', ...place });
    socket.on('error', () => resolve(false));
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** Ends a process by the id that it wrote into a file, where there is one. */
export function endByFile(path: string): void {
  const pid = existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) : 0;
  if (!(pid > 1)) return;
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

export interface Finished {
  /** Undefined when a signal ended it, our time limit included. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly millis: number;
}

/** Runs a program to its end. Never rejects for its exit status; kills its whole group after `limitMillis`. */
export function run(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; limitMillis?: number; cwd?: string } = {},
): Promise<Finished> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: options.env ?? process.env,
      cwd: options.cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid !== undefined) groups.add(pid);
    const timer = setTimeout(
      () => pid !== undefined && signalGroup(pid, 'SIGKILL'),
      options.limitMillis ?? 60_000,
    );
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk) => (stderr += chunk));
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (pid !== undefined) groups.delete(pid);
      resolve({ status: code ?? undefined, stdout, stderr, millis: performance.now() - began });
    });
  });
}
