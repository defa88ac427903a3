// `diagnose --ssh` as its user runs it, against OpenSSH's own server, which is no Windows here: what is asked at a
// terminal, what is said of a machine that was not asked, and that no secret is anywhere afterwards.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { skipOrFail } from '../require-all.ts';
import { isInstalled, requirePeer } from './require-peer.ts';
import { knownLine, SSH_USER, type Sshd, type SshFolder, sshFolder, startSshd } from './sshd.ts';

const COMMAND = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

const LIMIT_MILLIS = 30_000;

const ends: (() => void | Promise<void>)[] = [];
let folder: SshFolder;
let sshd: Sshd;
let knownHosts: string;

function isPossible(t: TestContext): boolean {
  if (!requirePeer(t, 'sshd', 'ssh-keygen', 'openssl', 'script')) return false;
  return process.getuid?.() === 0 || skipOrFail(t, 'sshd signs in another user only as root');
}

before(async () => {
  // Each test says what is missing.
  if (!isInstalled('sshd') || process.getuid?.() !== 0) return;
  const scope = { after: (end: () => void | Promise<void>) => void ends.push(end) };
  folder = sshFolder(scope);
  // What the server runs for PowerShell and cmd.exe: they keep what every user of the machine can see meanwhile.
  const programs = join(folder.path, 'programs');
  mkdirSync(programs, { mode: 0o755 });
  writeFileSync(
    join(programs, 'cmd.exe'),
    `#!/bin/sh\ncat > /dev/null\ncat /proc/[0-9]*/cmdline > "${folder.path}/seen" 2> /dev/null\necho nothing of use\nexit 4\n`,
    { mode: 0o755 },
  );
  writeFileSync(join(folder.path, 'seen'), '');
  chmodSync(join(folder.path, 'seen'), 0o666);
  sshd = await startSshd(scope, folder, [`SetEnv PATH=${programs}:/usr/bin:/bin`]);
  knownHosts = join(folder.home, '.ssh', 'known_hosts');
});
after(async () => {
  for (const end of ends.reverse()) await end();
});

interface Ran {
  readonly status: number | null;
  readonly output: string;
}

/** Runs it without a terminal, or on one where `typed` is typed as each of its questions appears. */
async function run(
  args: readonly string[],
  given: {
    readonly env?: NodeJS.ProcessEnv;
    readonly typed?: readonly (readonly [question: RegExp, answer: string])[];
  } = {},
): Promise<Ran> {
  const words = [COMMAND, 'diagnose', '--ssh', `${SSH_USER.user}@127.0.0.1:${sshd.port}`, ...args];
  const { SSH_AUTH_SOCK: _, ...environment } = process.env;
  const env = { ...environment, HOME: folder.home, NO_COLOR: '1', ...given.env };
  // Nothing in the words has a blank or a quote.
  const onTerminal = ['-qec', [process.execPath, ...words].join(' '), '/dev/null'];
  const child =
    given.typed === undefined
      ? spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('script', onTerminal, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  const open = [...(given.typed ?? [])];
  const take = (text: string): void => {
    output += text;
    const [next] = open;
    if (next?.[0].test(output)) {
      open.shift();
      child.stdin?.write(next[1]);
    }
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MILLIS);
  const [status] = await once(child, 'close');
  clearTimeout(timer);
  assert.deepEqual(open, [], `not asked in:\n${output}`);
  return { status, output: output.replace(/\s+/g, ' ') };
}

function known(isKnown: boolean): void {
  rmSync(knownHosts, { force: true });
  if (isKnown) writeFileSync(knownHosts, knownLine(folder, sshd.port));
}

describe('diagnose --ssh', () => {
  test('says that the script brought nothing, and asks no more', async (t) => {
    if (!isPossible(t)) return;
    known(true);
    const { status, output } = await run(['--ssh-key', folder.key('id_ed25519')]);
    assert.equal(status, 3, output);
    assert.match(
      output,
      /the machine was not asked by --ssh: 127\.0\.0\.1 port \d+ answered no script: .*cmd\.exe: the script ended with exit status 4, and no part of the answer is in what it printed/,
    );
  });

  test('without a terminal takes no unknown key', async (t) => {
    if (!isPossible(t)) return;
    known(false);
    const { status, output } = await run(['--ssh-key', folder.key('id_ed25519'), '--json']);
    assert.equal(status, 3, output);
    const report = JSON.parse(output);
    const { state, why } = report.evidence['os.version'];
    assert.deepEqual({ state, why }, { state: 'unknown', why: 'host-key' });
    assert.equal(report.warnings[0].code, 'machine-not-asked');
    assert.ok(!existsSync(knownHosts));
  });

  test('names nobody in a masked report', async (t) => {
    if (!isPossible(t)) return;
    for (const isKnown of [false, true]) {
      known(isKnown);
      const { output } = await run(['--ssh-key', folder.key('stranger'), '--redact', '--verbose']);
      assert.match(
        output,
        isKnown
          ? /did not let the account in/
          : /the host key of \S+ port \d+ is not known: ED25519 key name-1/,
      );
      // The loopback address is everybody's, and stays.
      for (const name of [SSH_USER.user, 'SHA256:', folder.path]) assert.ok(!output.includes(name), name);
    }
  });

  test('at a terminal takes an unknown key for a yes, and writes nothing', async (t) => {
    if (!isPossible(t)) return;
    known(false);
    const { output } = await run(['--ssh-key', folder.key('id_ed25519')], {
      typed: [
        [
          /The host key of 127\.0\.0\.1 port \d+ is not known: ED25519 key SHA256:[\s\S]*Type yes to go on: /,
          'yes\n',
        ],
      ],
    });
    assert.match(output, /answered no script/);
    assert.ok(!existsSync(knownHosts));
  });

  test('at a terminal takes no unknown key for anything else', async (t) => {
    if (!isPossible(t)) return;
    known(false);
    const { status, output } = await run(['--ssh-key', folder.key('id_ed25519')], {
      typed: [[/Type yes to go on: /, 'y\n']],
    });
    assert.equal(status, 3);
    assert.match(output, /The answer was not yes, so nothing was sent/);
  });

  test('at a terminal asks for a passphrase', async (t) => {
    if (!isPossible(t)) return;
    known(true);
    const { output } = await run(['--ssh-key', folder.key('id_encrypted')], {
      typed: [[/Passphrase of the key id_encrypted: $/, `${SSH_USER.passphrase}\n`]],
    });
    assert.match(output, /answered no script/);
    assert.ok(!output.includes(SSH_USER.passphrase));
  });

  test('at a terminal asks for a password, once, also where it is wrong', async (t) => {
    if (!isPossible(t)) return;
    known(true);
    const before = sshd.log().length;
    const right = await run([], {
      typed: [
        [
          /Password for doctor@127\.0\.0\.1 \(for --ssh; one attempt will be made\): $/,
          `${SSH_USER.password}\n`,
        ],
      ],
    });
    assert.match(right.output, /answered no script/);
    const wrong = await run([], { typed: [[/one attempt will be made\): $/, 'wrong-planted\n']] });
    assert.match(wrong.output, /the password was refused/);
    assert.equal(wrong.output.match(/Password for/g)?.length, 1);
    assert.equal(
      sshd
        .log()
        .slice(before)
        .match(/Failed password/g)?.length,
      1,
    );
    assert.ok(!`${right.output}${wrong.output}`.match(/Planted|wrong-planted/));
  });

  test('ends with 130 where somebody interrupts a question', async (t) => {
    if (!isPossible(t)) return;
    known(false);
    const atKey = await run(['--ssh-key', folder.key('id_ed25519')], {
      typed: [[/Type yes to go on: /, '\u0003']],
    });
    assert.equal(atKey.status, 130, atKey.output);
    known(true);
    const atPassword = await run([], { typed: [[/will be made\): $/, '\u0003']] });
    assert.equal(atPassword.status, 130, atPassword.output);
  });

  test('leaves no secret in a case, in what it prints, or in the list of processes', async (t) => {
    if (!isPossible(t)) return;
    known(true);
    const file = join(folder.path, 'password');
    writeFileSync(file, `${SSH_USER.password}\n`);
    const secrets = [
      SSH_USER.password,
      SSH_USER.passphrase,
      ...['id_ed25519', 'id_rsa'].map((name) => privateText(name)),
    ];
    for (const [name, args, env] of [
      ['file', ['--ssh-password-file', file], {}],
      ['variable', [], { RDPDOCTOR_SSH_PASSWORD: SSH_USER.password }],
      ['key', ['--ssh-key', folder.key('id_ed25519')], { RDPDOCTOR_DEBUG: '1' }],
      ['encrypted', ['--ssh-key', folder.key('id_encrypted')], {}],
    ] as const) {
      writeFileSync(join(folder.path, 'seen'), '');
      const place = join(folder.path, `case-${name}`);
      const { output } = await run(['--case', place, '--verbose', ...args], { env });
      const seen = readFileSync(join(folder.path, 'seen'), 'latin1');
      // The list was taken while the connection stood: this program is in it.
      if (name !== 'encrypted') assert.ok(seen.includes('--ssh'), name);
      const written = readdirSync(place).map((entry) => readFileSync(join(place, entry), 'latin1'));
      assert.ok(written.length > 0);
      for (const text of [output, seen, ...written]) {
        for (const secret of secrets) assert.ok(!text.includes(secret), name);
      }
    }
  });
});

/** A line of a private key that no other file has. */
function privateText(name: string): string {
  const line = readFileSync(folder.key(name as 'id_rsa'), 'utf8')
    .split('\n')
    .at(-4);
  assert.ok(line !== undefined && line.length > 40);
  return line;
}
