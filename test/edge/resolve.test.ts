import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolveHost } from '../../src/edge/network/resolve.ts';
import { Resolver } from '../../src/edge/network/resolver.ts';
import { temporaryFolder } from '../peers/processes.ts';

/** Far more than a look-up in the hosts file takes, and a process to do it. */
const AMPLE = 20_000;

test('an address stands for itself', async () => {
  for (const address of ['127.0.0.1', '::1', 'fe80::1%lo']) {
    assert.deepEqual(await resolveHost(address, AMPLE), { kind: 'addresses', addresses: [address] });
  }
});

test('localhost has addresses, each once', async () => {
  const resolution = await resolveHost('localhost', AMPLE);
  assert.ok(resolution.kind === 'addresses');
  assert.ok(resolution.addresses.length > 0);
  assert.equal(new Set(resolution.addresses).size, resolution.addresses.length);
  for (const address of resolution.addresses) assert.notEqual(isIP(address), 0, address);
});

test('a name that cannot be says so', async () => {
  const resolution = await resolveHost('nonexistent.invalid', AMPLE);
  assert.ok(resolution.kind === 'failed');
  assert.match(resolution.problem, /the name nonexistent\.invalid/);
});

test('without time nothing is looked up', async () => {
  assert.deepEqual(await resolveHost('localhost', 0), {
    kind: 'failed',
    problem: 'the name localhost was not resolved in time',
  });
});

const noShell = process.platform === 'win32' && 'the stand-in is a shell script';

/** Puts a script in the place of node for one call. */
async function withResolver<T>(folder: string, script: string, act: () => Promise<T>): Promise<T> {
  const stub = join(folder, 'node');
  writeFileSync(stub, `#!/bin/sh\n${script}\n`);
  chmodSync(stub, 0o755);
  const { execPath } = process;
  process.execPath = stub;
  try {
    return await act();
  } finally {
    process.execPath = execPath;
  }
}

test('a resolver that hangs is ended in time', { skip: noShell }, async (t) => {
  const folder = temporaryFolder(t, 'resolver');
  const pidFile = join(folder, 'pid');
  const began = performance.now();
  const resolution = await withResolver(folder, `echo $$ > ${pidFile}\nexec sleep 60`, () =>
    resolveHost('vm1', 1_000, new Resolver()),
  );
  assert.deepEqual(resolution, { kind: 'failed', problem: 'the name vm1 was not resolved in time' });
  assert.ok(performance.now() - began < 3_000);
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const isAlive = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  for (let tries = 0; isAlive() && tries < 50; tries += 1) await sleep(20);
  assert.equal(isAlive(), false);
});

test('a resolver gets neither options nor the password', { skip: noShell }, async (t) => {
  const folder = temporaryFolder(t, 'resolver');
  const seen = join(folder, 'environment');
  process.env['RDPDOCTOR_PASSWORD'] = 'secret';
  process.env['RDPDOCTOR_RPC_PASSWORD'] = 'secret';
  process.env['NODE_OPTIONS'] = '--no-warnings';
  t.after(() => {
    delete process.env['RDPDOCTOR_PASSWORD'];
    delete process.env['RDPDOCTOR_RPC_PASSWORD'];
    delete process.env['NODE_OPTIONS'];
  });
  await withResolver(folder, `env > ${seen}`, () => resolveHost('vm1', AMPLE, new Resolver()));
  assert.doesNotMatch(readFileSync(seen, 'utf8'), /PASSWORD|NODE_OPTIONS/);
});

for (const [name, script] of [
  ['dies', 'kill -9 $$'],
  ['says nothing', 'exit 0'],
  ['finds no address', "read name; echo '[0,[]]'"],
  ['speaks of something else', "read name; echo hello; echo '[7,[]]'; exit 0"],
] as const) {
  test(`a resolver that ${name} is a look-up that failed`, { skip: noShell }, async (t) => {
    const resolution = await withResolver(temporaryFolder(t, 'resolver'), script, () =>
      resolveHost('vm1', AMPLE, new Resolver()),
    );
    assert.equal(resolution.kind, 'failed');
  });
}

test('where no process can be started it is asked here', async (t) => {
  const { execPath } = process;
  t.after(() => {
    process.execPath = execPath;
  });
  process.execPath = join(temporaryFolder(t, 'resolver'), 'missing');
  assert.equal(existsSync(process.execPath), false);
  assert.equal((await resolveHost('localhost', AMPLE, new Resolver())).kind, 'addresses');
});

test('many names are looked up by one process', { skip: noShell }, async (t) => {
  const folder = temporaryFolder(t, 'resolver');
  const started = join(folder, 'started');
  const { execPath } = process;
  const script = `echo x >> ${started}\nexec ${execPath} "$@"`;
  const names = Array.from({ length: 50 }, (_, index) =>
    index % 2 === 0 ? 'localhost' : `no-${index}.invalid`,
  );
  const found = await withResolver(folder, script, () => {
    const resolver = new Resolver();
    return Promise.all(names.map((name) => resolveHost(name, AMPLE, resolver)));
  });
  for (const [index, resolution] of found.entries()) {
    assert.equal(resolution.kind, index % 2 === 0 ? 'addresses' : 'failed', names[index]);
  }
  assert.equal(readFileSync(started, 'utf8'), 'x\n');
});

test('a name that hangs keeps no other waiting', { skip: noShell }, async (t) => {
  const stub = `while read name; do number=\${number:-0}
case $name in *slow*) ;; *) echo "[$number,[\\"192.0.2.1\\"]]" ;; esac
number=$((number + 1)); done`;
  const folder = temporaryFolder(t, 'resolver');
  const [slow, quick] = await withResolver(folder, stub, () => {
    const resolver = new Resolver();
    return Promise.all([resolveHost('slow', 500, resolver), resolveHost('quick', AMPLE, resolver)]);
  });
  assert.equal(slow.kind, 'failed');
  assert.deepEqual(quick, { kind: 'addresses', addresses: ['192.0.2.1'] });
});
