// The command as a process: signals, readers that leave, disks that are full.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isSilent, listener, type Server, serve } from './hostile-servers.ts';

const BIN = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));

let healthy: Server;
let silent: Server;
before(async () => {
  healthy = await serve(listener());
  silent = await serve(isSilent);
});
after(async () => {
  await healthy.close();
  await silent.close();
});

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly millis: number;
}

type Running = ReturnType<typeof begin>;

/** `stdout`: a file descriptor to print to. */
function begin(argv: readonly string[], stdout?: number) {
  return spawn(process.execPath, ['--import', 'tsx', BIN, ...argv], {
    stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
  });
}

async function end(child: Running): Promise<Ended> {
  const began = performance.now();
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
  const [status, signal] = await once(child, 'close');
  return { status, signal, stderr, millis: performance.now() - began };
}

const host = (server: Server): string => `127.0.0.1:${server.port}`;

async function untilConnected(server: Server): Promise<void> {
  const before = server.accepted();
  while (server.accepted() === before) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('an interrupt ends it at once, with status 130', async () => {
  const child = begin(['diagnose', host(silent), '--timeout', '60']);
  child.stdout?.resume();
  await untilConnected(silent);
  child.kill('SIGINT');
  const { status, signal, stderr, millis } = await end(child);
  assert.deepEqual([status, signal, stderr], [130, null, '']);
  assert.ok(millis < 2_000, `${millis} ms`);
});

test('a reader that has seen enough is no fault', async () => {
  const child = begin(['diagnose', host(healthy), '--json']);
  child.stdout?.once('data', () => child.stdout?.destroy());
  const { status, stderr } = await end(child);
  assert.deepEqual([status, stderr], [0, '']);
});

test('a reader that has gone before the first word is no fault', async () => {
  const child = begin(['diagnose', host(healthy)]);
  child.stdout?.destroy();
  const { status, stderr } = await end(child);
  assert.deepEqual([status, stderr], [0, '']);
});

test('a disk that is full is told', {
  skip: !existsSync('/dev/full') && 'there is no /dev/full',
}, async () => {
  const { status, stderr } = await end(begin(['diagnose', host(healthy)], openSync('/dev/full', 'w')));
  assert.equal(stderr, 'rdpdoctor: the result could not be written (ENOSPC)\n');
  assert.equal(status, 2);
});
