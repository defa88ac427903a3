// --ssh's connection against OpenSSH's own server: keys, an agent, passwords, host keys, hosts in between, and
// what a command brings back. Fingerprints and hashed names are compared with ssh-keygen's.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PasswordAttempt } from '../../src/edge/guest/ssh/authentication.ts';
import { carry } from '../../src/edge/guest/ssh/carry.ts';
import type { SshFailure } from '../../src/edge/guest/ssh/failure.ts';
import { type OpenedSsh, openSsh, type SshRequest } from '../../src/edge/guest/ssh/open.ts';
import { Patience, type Person } from '../../src/edge/guest/ssh/person.ts';
import type { SshSurroundings } from '../../src/edge/guest/ssh/surroundings.ts';
import { skipOrFail } from '../require-all.ts';
import { freePort, startPeer, takesConnections, waitUntilReady } from './processes.ts';
import { isInstalled, requirePeer } from './require-peer.ts';
import { clientIn, knownLine, SSH_USER, type Sshd, type SshFolder, sshFolder, startSshd } from './sshd.ts';

const LIMIT_MILLIS = 30_000;
const LIMITS = { millis: LIMIT_MILLIS, bytes: 1024 * 1024 };

const ends: (() => void | Promise<void>)[] = [];
const scope = { after: (end: () => void | Promise<void>) => void ends.push(end) };
let folder: SshFolder;
let sshd: Sshd;

function isPossible(t: TestContext): boolean {
  if (!requirePeer(t, 'sshd', 'ssh', 'ssh-agent', 'ssh-add', 'ssh-keygen', 'openssl')) return false;
  return process.getuid?.() === 0 || skipOrFail(t, 'sshd signs in another user only as root');
}

before(async () => {
  // Each test says what is missing.
  if (!isInstalled('sshd') || process.getuid?.() !== 0) return;
  folder = sshFolder(scope);
  sshd = await startSshd(scope, folder);
});
after(async () => {
  for (const end of ends.reverse()) await end();
});

/** A password that is never asked for in vain, and what became of it. */
function passwordOf(password: string | undefined, refusal?: string) {
  const outcomes: string[] = [];
  const attempt: PasswordAttempt = {
    obtain: async () => password,
    enter: async () => refusal,
    settle: (outcome) => void outcomes.push(outcome),
  };
  return { attempt, outcomes };
}

const nobody = passwordOf(undefined).attempt;

function open(given: Partial<SshRequest>, around?: SshSurroundings): Promise<OpenedSsh | SshFailure> {
  return openSsh(
    {
      host: '127.0.0.1',
      port: sshd.port,
      user: SSH_USER.user,
      passwordFor: () => nobody,
      person: undefined,
      patience: new Patience(LIMIT_MILLIS),
      ...given,
    },
    around ?? clientIn(folder, { knownHosts: knownLine(folder, sshd.port) }),
  );
}

async function opened(
  given: Partial<SshRequest>,
  around: SshSurroundings | undefined,
  use: (ssh: OpenedSsh) => Promise<void>,
): Promise<void> {
  const ssh = await open(given, around);
  assert.ok(ssh.ok, ssh.ok ? '' : `${ssh.problem}. ${ssh.advice}`);
  try {
    await use(ssh);
  } finally {
    ssh.close();
  }
}

async function says(ssh: OpenedSsh, command: string, stdin = ''): Promise<string> {
  const { stdout } = await carry(ssh.client, ssh.ended, { command, stdin: Buffer.from(stdin) }, LIMITS);
  return Buffer.from(stdout).toString();
}

/** The server writes of an attempt once it has answered it: it has to have done so before attempts are counted. */
async function logged({ log }: Sshd, what: RegExp): Promise<void> {
  const until = performance.now() + 5000;
  while (!what.test(log()) && performance.now() < until) await sleep(20);
}

/** A refusal that names these, and none of the planted secrets. */
async function refused(
  given: Partial<SshRequest>,
  around: SshSurroundings | undefined,
  why: string,
  ...words: readonly RegExp[]
): Promise<void> {
  const ssh = await open(given, around);
  assert.equal(ssh.ok, false);
  if (ssh.ok) return;
  const text = `${ssh.problem}. ${ssh.advice}`;
  assert.equal(ssh.why, why, text);
  for (const word of words) assert.match(text, word);
  assert.match(ssh.advice, /^[A-Z].*\.$/);
  for (const secret of [SSH_USER.password, SSH_USER.passphrase, 'PRIVATE KEY'])
    assert.ok(!text.includes(secret));
}

function person(answers: {
  readonly yes?: boolean;
  readonly secrets?: readonly string[];
}): Person & { asked: string[] } {
  const asked: string[] = [];
  const secrets = [...(answers.secrets ?? [])];
  return {
    asked,
    confirm: async (text) => {
      asked.push(text);
      return answers.yes === true;
    },
    secret: async (question) => {
      asked.push(question);
      return secrets.shift();
    },
  };
}

describe('ssh signs in', () => {
  for (const name of ['id_ed25519', 'id_ecdsa', 'id_rsa'] as const) {
    test(`with ${name}`, async (t) => {
      if (!isPossible(t)) return;
      await opened({ keyFile: folder.key(name) }, undefined, async (ssh) => {
        assert.match(ssh.software, /^OpenSSH_/);
        assert.equal(await says(ssh, 'id -un'), `${SSH_USER.user}\n`);
      });
    });
  }

  test('with a usual key file, after one that is refused', async (t) => {
    if (!isPossible(t)) return;
    const around = clientIn(
      folder,
      { knownHosts: knownLine(folder, sshd.port) },
      { keyFiles: [join(folder.path, 'none'), folder.key('stranger'), folder.key('id_rsa')] },
    );
    await opened({}, around, async (ssh) => assert.equal(await says(ssh, 'echo in'), 'in\n'));
  });

  test('with an encrypted key whose passphrase a person types, at the second try', async (t) => {
    if (!isPossible(t)) return;
    const someone = person({ secrets: ['wrong', SSH_USER.passphrase] });
    await opened({ keyFile: folder.key('id_encrypted'), person: someone }, undefined, async (ssh) => {
      assert.equal(await says(ssh, 'echo in'), 'in\n');
    });
    assert.deepEqual(someone.asked, Array(2).fill('Passphrase of the key id_encrypted: '));
  });

  test('not with an encrypted key where nobody can be asked', async (t) => {
    if (!isPossible(t)) return;
    await refused(
      { keyFile: folder.key('id_encrypted') },
      undefined,
      'denied',
      /id_encrypted is protected by a passphrase/,
      /ssh-add/,
    );
  });

  test('does not ask for the passphrase of a key that the server does not want', async (t) => {
    if (!isPossible(t)) return;
    const someone = person({ secrets: [SSH_USER.passphrase] });
    const stranger = join(folder.path, 'stranger-encrypted');
    copyFileSync(folder.key('stranger'), stranger);
    spawnSync('ssh-keygen', ['-q', '-p', '-f', stranger, '-P', '', '-N', SSH_USER.passphrase]);
    await refused(
      { keyFile: stranger, person: someone },
      undefined,
      'denied',
      /no key was accepted \(stranger-encrypted/,
    );
    assert.deepEqual(someone.asked, []);
  });

  test('with an agent, which signs for an encrypted key file as well', async (t) => {
    if (!isPossible(t)) return;
    const socket = join(folder.path, 'agent');
    const agent = startPeer(t, 'ssh-agent', ['-D', '-a', socket]);
    await waitUntilReady(agent, 'ssh-agent', () => takesConnections({ path: socket }));
    const add = (name: 'id_encrypted' | 'stranger'): void => {
      const { status, stderr } = spawnSync('ssh-add', ['-q', folder.key(name)], {
        env: {
          ...process.env,
          SSH_AUTH_SOCK: socket,
          SSH_ASKPASS: join(folder.path, 'askpass'),
          SSH_ASKPASS_REQUIRE: 'force',
        },
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
    };
    writeFileSync(join(folder.path, 'askpass'), `#!/bin/sh\necho '${SSH_USER.passphrase}'\n`, {
      mode: 0o700,
    });
    add('stranger');
    add('id_encrypted');
    const around = clientIn(folder, { knownHosts: knownLine(folder, sshd.port) }, { agentPath: socket });
    await opened({}, around, async (ssh) => assert.equal(await says(ssh, 'echo in'), 'in\n'));
    await opened({ keyFile: folder.key('id_encrypted') }, around, async () => {});
    await opened({ keyFile: `${folder.key('id_encrypted')}.pub` }, around, async () => {});
    const only = clientIn(
      folder,
      {
        knownHosts: knownLine(folder, sshd.port),
        config: `IdentitiesOnly yes\nIdentityFile ${folder.key('stranger')}\n`,
      },
      { agentPath: socket },
    );
    await refused({}, only, 'denied', /no key was accepted/);
    const gone = clientIn(
      folder,
      { knownHosts: knownLine(folder, sshd.port) },
      { agentPath: join(folder.path, 'no-agent') },
    );
    await refused({}, gone, 'denied', /the agent did not answer/);
  });

  test('with a password', async (t) => {
    if (!isPossible(t)) return;
    const { attempt, outcomes } = passwordOf(SSH_USER.password);
    await opened({ passwordFor: () => attempt }, undefined, async (ssh) =>
      assert.equal(await says(ssh, 'echo in'), 'in\n'),
    );
    assert.deepEqual(outcomes, ['accepted']);
  });

  test('with a key and then a password, where the server wants both', async (t) => {
    if (!isPossible(t)) return;
    const both = await startSshd(t, folder, ['AuthenticationMethods publickey,password']);
    const { attempt, outcomes } = passwordOf(SSH_USER.password);
    const around = clientIn(folder, { knownHosts: knownLine(folder, both.port) });
    await opened(
      { port: both.port, keyFile: folder.key('id_ed25519'), passwordFor: () => attempt },
      around,
      async () => {},
    );
    assert.deepEqual(outcomes, ['accepted']);
    await refused(
      { port: both.port, keyFile: folder.key('id_ed25519') },
      around,
      'denied',
      /a key alone was not enough/,
    );
  });

  test('with a wrong password exactly once', async (t) => {
    if (!isPossible(t)) return;
    const one = await startSshd(t, folder);
    const { attempt, outcomes } = passwordOf('wrong');
    const around = clientIn(folder, { knownHosts: knownLine(folder, one.port) });
    await refused(
      { port: one.port, passwordFor: () => attempt },
      around,
      'denied',
      /the password was refused/,
      /no second attempt/,
    );
    assert.deepEqual(outcomes, ['failed']);
    await logged(one, /Failed password/);
    assert.equal(one.log().match(/Failed password/g)?.length, 1, one.log());
    const barred = passwordOf(SSH_USER.password, 'the attempt was not made');
    await refused(
      { port: one.port, passwordFor: () => barred.attempt },
      around,
      'denied',
      /the attempt was not made/,
    );
    assert.equal(one.log().match(/password/g)?.length, 1, one.log());
  });

  test('by keyboard-interactive, with the password, once', async (t) => {
    if (!isPossible(t)) return;
    const pam = await startSshd(t, folder, [
      'UsePAM yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication yes',
    ]);
    const around = clientIn(folder, { knownHosts: knownLine(folder, pam.port) });
    const right = passwordOf(SSH_USER.password);
    await opened({ port: pam.port, passwordFor: () => right.attempt }, around, async () => {});
    assert.deepEqual(right.outcomes, ['accepted']);
    const wrong = passwordOf('wrong');
    await refused(
      { port: pam.port, passwordFor: () => wrong.attempt },
      around,
      'denied',
      /the password was refused/,
    );
    assert.deepEqual(wrong.outcomes, ['failed']);
    await logged(pam, /Failed keyboard-interactive/);
    assert.equal(pam.log().match(/Failed keyboard-interactive/g)?.length, 1, pam.log());
  });

  test('not where nothing is offered', async (t) => {
    if (!isPossible(t)) return;
    await refused(
      {},
      undefined,
      'denied',
      /did not let the account in \(it takes publickey, password/,
      /no key was there to offer/,
      /--ssh-key/,
    );
  });

  test('after five keys at most, so that a password has its turn', async (t) => {
    if (!isPossible(t)) return;
    const many = Array.from({ length: 7 }, (_, index) => {
      const path = join(folder.path, `many-${index}`);
      spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
      return path;
    });
    const around = clientIn(folder, { knownHosts: knownLine(folder, sshd.port) }, { keyFiles: many });
    const { attempt } = passwordOf(SSH_USER.password);
    await opened({ passwordFor: () => attempt }, around, async () => {});
    await refused({}, around, 'denied', /2 more keys were not offered/);
  });
});

describe('a host key', () => {
  const key = (): Partial<SshRequest> => ({ keyFile: folder.key('id_ed25519') });

  test('that is unknown is named by the fingerprint that ssh-keygen -l prints', async (t) => {
    if (!isPossible(t)) return;
    const { stdout } = spawnSync('ssh-keygen', ['-lf', `${folder.hostKey('ed25519')}.pub`], {
      encoding: 'utf8',
    });
    const print = stdout.split(' ')[1] ?? '';
    assert.match(print, /^SHA256:/);
    const before = sshd.log().length;
    await refused(
      key(),
      clientIn(folder),
      'host-key',
      new RegExp(print.replace(/[+/]/g, '\\$&')),
      /ssh-keyscan/,
    );
    const someone = person({ yes: false });
    await refused({ ...key(), person: someone }, clientIn(folder), 'host-key', /not yes/);
    assert.ok(someone.asked[0]?.includes(print), someone.asked[0]);
    assert.doesNotMatch(sshd.log().slice(before), /Accepted/);
  });

  test('that is unknown is taken where a person says yes, and not remembered', async (t) => {
    if (!isPossible(t)) return;
    await opened({ ...key(), person: person({ yes: true }) }, clientIn(folder), async () => {});
    await refused(key(), clientIn(folder), 'host-key');
  });

  test('is found under its hashed name', async (t) => {
    if (!isPossible(t)) return;
    const path = join(folder.path, 'hashed');
    writeFileSync(path, knownLine(folder, sshd.port));
    spawnSync('ssh-keygen', ['-q', '-H', '-f', path]);
    const knownHosts = readFileSync(path, 'utf8');
    assert.match(knownHosts, /^\|1\|/);
    await opened(key(), clientIn(folder, { knownHosts }), async () => {});
  });

  test('is asked for by the type that is known', async (t) => {
    if (!isPossible(t)) return;
    for (const type of ['ecdsa', 'rsa'] as const) {
      await opened(
        key(),
        clientIn(folder, { knownHosts: knownLine(folder, sshd.port, type) }),
        async () => {},
      );
    }
  });

  test('that was changed is refused, whatever a person says', async (t) => {
    if (!isPossible(t)) return;
    const stranger = readFileSync(`${folder.key('stranger')}.pub`, 'utf8');
    const around = clientIn(folder, { knownHosts: `[127.0.0.1]:${sshd.port} ${stranger}` });
    await refused(
      { ...key(), person: person({ yes: true }) },
      around,
      'host-key',
      /not the one that is known/,
      /known_hosts:1/,
    );
  });

  test('that was revoked is refused, whatever a person says', async (t) => {
    if (!isPossible(t)) return;
    const line = knownLine(folder, sshd.port);
    const around = clientIn(folder, {
      knownHosts: `${line}@revoked * ${line.split(' ').slice(1).join(' ')}`,
    });
    await refused(
      { ...key(), person: person({ yes: true }) },
      around,
      'host-key',
      /revoked in .*known_hosts:2/,
    );
  });
});

describe('a host in between', () => {
  const config = (more = ''): string =>
    `Host inner\nHostName 127.0.0.1\nPort ${sshd.port}\nProxyJump gate\nHost gate\nHostName 127.0.0.1\nPort ${sshd.port}\nUser ${SSH_USER.user}\nIdentityFile ${folder.key('id_rsa')}\n${more}`;
  const inner = (): SshRequest => ({
    host: 'inner',
    user: SSH_USER.user,
    keyFile: folder.key('id_ed25519'),
    passwordFor: () => nobody,
    person: undefined,
    patience: new Patience(LIMIT_MILLIS),
  });

  test('is gone through', async (t) => {
    if (!isPossible(t)) return;
    const ssh = await openSsh(
      inner(),
      clientIn(folder, { config: config(), knownHosts: knownLine(folder, sshd.port) }),
    );
    assert.ok(ssh.ok, ssh.ok ? '' : ssh.problem);
    // The server sees itself as the client of the second connection: it came through the first.
    const connection = await says(ssh, 'echo $SSH_CONNECTION');
    assert.match(sshd.log(), new RegExp(`Connection from 127.0.0.1 port ${connection.split(' ')[1]} `));
    ssh.close();
    await ssh.ended;
  });

  for (const [what, options, why, problem] of [
    [
      'whose key is unknown',
      [],
      'host-key',
      /on the way to inner: the host key of host 1 of ProxyJump port \d+ is not known/,
    ],
    [
      'that does not forward',
      ['AllowTcpForwarding no'],
      'no-channel',
      /host 1 of ProxyJump port \d+ did not connect to inner port/,
    ],
  ] as const) {
    test(`${what} is named`, async (t) => {
      if (!isPossible(t)) return;
      const gate = await startSshd(t, folder, options);
      const around = clientIn(folder, {
        config: config().replace(
          new RegExp(`(Host gate\\nHostName 127.0.0.1\\nPort )${sshd.port}`),
          `$1${gate.port}`,
        ),
        knownHosts: knownLine(folder, why === 'host-key' ? sshd.port : gate.port),
      });
      const ssh = await openSsh(inner(), around);
      assert.equal(ssh.ok, false);
      if (!ssh.ok) assert.match(ssh.problem, problem);
      assert.equal(!ssh.ok && ssh.why, why);
    });
  }

  test('that leads in a circle is noticed', async (t) => {
    if (!isPossible(t)) return;
    const ssh = await openSsh(
      inner(),
      clientIn(folder, { config: 'Host inner\nProxyJump gate\nHost gate\nProxyJump inner\n' }),
    );
    assert.match(ssh.ok ? '' : ssh.problem, /more than 8 hosts/);
  });

  test('that is reached by a command is not', async (t) => {
    if (!isPossible(t)) return;
    const ssh = await openSsh(inner(), clientIn(folder, { config: 'ProxyCommand nc %h %p\n' }));
    assert.match(ssh.ok ? '' : ssh.problem, /ProxyCommand/);
  });
});

describe('a command', () => {
  const run = (command: string, stdin: Uint8Array, limits = LIMITS) =>
    new Promise<Awaited<ReturnType<typeof carry>>>((resolve, reject) => {
      opened({ keyFile: folder.key('id_ed25519') }, undefined, async (ssh) => {
        resolve(await carry(ssh.client, ssh.ended, { command, stdin }, limits));
      }).catch(reject);
    });

  test('reads a long script, and brings back bytes and its exit status', async (t) => {
    if (!isPossible(t)) return;
    // Longer than a command line of Windows, and than a channel's window of 64 KiB to 2 MiB.
    const script = Buffer.alloc(3 * 1024 * 1024, 'echo \xe4\r\n', 'latin1');
    const { stdout, stderr, exitCode, endedBy } = await run('sha256sum; printf "\\351" >&2; exit 5', script);
    const { stdout: sum } = spawnSync('sha256sum', { input: script, encoding: 'utf8' });
    assert.equal(Buffer.from(stdout).toString(), sum);
    assert.deepEqual([...stderr], [0xe9]);
    assert.deepEqual({ exitCode, endedBy }, { exitCode: 5, endedBy: 'exit' });
  });

  test('that floods is ended at the limit', async (t) => {
    if (!isPossible(t)) return;
    const { stdout, endedBy } = await run('yes', Buffer.alloc(0), { ...LIMITS, bytes: 100_000 });
    assert.deepEqual({ bytes: stdout.length, endedBy }, { bytes: 100_000, endedBy: 'limit' });
  });

  test('that says nothing is ended in time', async (t) => {
    if (!isPossible(t)) return;
    const { stdout, endedBy } = await run('echo first; sleep 60', Buffer.alloc(0), {
      ...LIMITS,
      millis: 1000,
    });
    assert.deepEqual(
      { said: Buffer.from(stdout).toString(), endedBy },
      { said: 'first\n', endedBy: 'timeout' },
    );
  });

  test('whose server dies keeps what came before', async (t) => {
    if (!isPossible(t)) return;
    const { stdout, endedBy } = await run('echo first; sleep 0.3; kill -9 $PPID', Buffer.alloc(0));
    assert.deepEqual(
      { said: Buffer.from(stdout).toString(), endedBy },
      { said: 'first\n', endedBy: 'disconnected' },
    );
  });

  test('that reads nothing of a long script still ends', async (t) => {
    if (!isPossible(t)) return;
    const { exitCode, endedBy } = await run('exit 3', Buffer.alloc(3 * 1024 * 1024));
    assert.deepEqual({ exitCode, endedBy }, { exitCode: 3, endedBy: 'exit' });
  });

  test('that does not exist has a status of its own', async (t) => {
    if (!isPossible(t)) return;
    const { exitCode, stderr } = await run('no-such-command', Buffer.alloc(0));
    assert.equal(exitCode, 127);
    assert.match(Buffer.from(stderr).toString(), /not found/);
  });
});

describe('what is no SSH server', () => {
  async function server(t: TestContext, greet: string | undefined): Promise<number> {
    const listening: Server = createServer((socket) => {
      socket.on('error', () => {});
      if (greet === undefined) socket.resume();
      else if (greet === '') socket.end();
      else socket.end(greet);
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    t.after(() => void listening.close());
    const address = listening.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  for (const [what, greet, why, problem] of [
    [
      'speaks HTTP',
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      'no-channel',
      /no SSH server: it says "HTTP\/1.1 400 Bad Request"/,
    ],
    ['closes', '', 'no-channel', /ended the connection before it said that it speaks SSH/],
    ['breaks off', 'SSH-2.0-x\r\n', 'no-channel', /ended the connection while keys were exchanged/],
    ['is silent', undefined, 'timeout', /did not answer as an SSH server does in time/],
  ] as const) {
    test(`is named where it ${what}`, async (t) => {
      const port = await server(t, greet);
      await refusedAnywhere(
        { port, patience: new Patience(greet === undefined ? 500 : LIMIT_MILLIS) },
        why,
        problem,
      );
    });
  }

  test('is named where nobody listens', async () => {
    await refusedAnywhere({ port: await freePort() }, 'no-channel', /refuses the connection/);
  });

  test('is named where the name does not exist', async () => {
    await refusedAnywhere({ host: 'vm1.invalid' }, 'no-channel', /vm1\.invalid/);
  });

  test('and one that has no algorithm of ours is named by what is missing', async (t) => {
    if (!isPossible(t)) return;
    const old = await startSshd(t, folder, ['Ciphers 3des-cbc']);
    const around = clientIn(folder, { knownHosts: knownLine(folder, old.port) });
    await refused({ port: old.port }, around, 'no-channel', /no algorithm in common \(C->S cipher\)/);
  });

  async function refusedAnywhere(given: Partial<SshRequest>, why: string, problem: RegExp): Promise<void> {
    const nothing = { path: '', home: '/nonexistent', key: () => '', hostKey: () => '' };
    const ssh = await openSsh(
      {
        host: '127.0.0.1',
        user: 'x',
        passwordFor: () => nobody,
        person: undefined,
        patience: new Patience(LIMIT_MILLIS),
        ...given,
      },
      clientIn(nothing),
    );
    assert.equal(ssh.ok, false);
    if (ssh.ok) return;
    assert.match(ssh.problem, problem);
    assert.equal(ssh.why, why);
  }
});
