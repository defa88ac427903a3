// SMB sessions with Samba's file server: each dialect, cipher and signing algorithm, as the server's own
// status tells them; pipes and files; and what a server refuses, by its configuration.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fromHex, toHex } from '../../src/core/bytes/hex.ts';
import type { Dialog } from '../../src/core/protocol/dialog.ts';
import type { SmbFailure, SmbFailureReason } from '../../src/core/protocol/smb2/failure.ts';
import { openFile } from '../../src/core/protocol/smb2/file.ts';
import { openSmbSession, type SmbOptions } from '../../src/core/protocol/smb2/open-session.ts';
import { openPipe, type SmbPipe } from '../../src/core/protocol/smb2/pipe.ts';
import type { SmbSession, SmbTree } from '../../src/core/protocol/smb2/session.ts';
import { sideBySide } from '../../src/core/protocol/smb2/side-by-side.ts';
import { createNetwork } from '../../src/edge/network/driver.ts';
import { systemClock } from '../../src/edge/system/clock.ts';
import { requirePeer } from './require-peer.ts';
import { SMB_USER, type Smbd, startSmbd } from './smbd.ts';

const PROGRAMS = ['smbd', 'smbpasswd', 'smbstatus'] as const;
/** The first pipe of a server waits for its helpers to start, which takes seconds on a busy machine. */
const LIMIT_MILLIS = 60_000;

const network = createNetwork(systemClock);
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** [C706] 12.6.4.3: a bind PDU to winreg 1.0 in NDR, and the type of its answer, bind_ack. */
const BIND = fromHex(
  '05000b03100000004800000001000000b810b81000000000010000000000010001d08c334422f131aaaa900038001003' +
    '01000000045d888aeb1cc9119fe808002b10486002000000',
);
const BIND_ACK = '05000c03';

/** [MS-RRP] 3.1.5.3: request 2 of OpenLocalMachine, no server name, MAXIMUM_ALLOWED; its answer is a response PDU. */
const OPEN_LOCAL_MACHINE = fromHex('0500000310000000200000000200000008000000000002000000000000000002');
const RESPONSE = '05000203';

function optionsOf(given: Partial<SmbOptions>): SmbOptions {
  return {
    server: '127.0.0.1',
    credential: { domain: '', ...SMB_USER },
    random: {
      clientGuid: random(16),
      salt: random(32),
      exportedSessionKey: random(16),
      clientChallenge: random(8),
    },
    now: 134_000_000_000_000_000n,
    workstation: 'HERE',
    ...given,
  };
}

interface Talk<T> {
  readonly value: T | SmbFailure;
  /** How often the client waited after it had sent something. */
  readonly roundTrips: number;
}

/** Opens a session and does something in it. */
async function talk<T>(
  smbd: Smbd,
  given: Partial<SmbOptions>,
  act: (session: SmbSession) => Dialog<T | SmbFailure>,
): Promise<Talk<T>> {
  let roundTrips = 0;
  function* counting(): Dialog<T | SmbFailure> {
    const inner = whole();
    let asked = false;
    let step = inner.next();
    while (!step.done) {
      if (step.value.kind === 'receive' && asked) roundTrips += 1;
      asked = step.value.kind === 'send';
      step = inner.next(yield step.value);
    }
    return step.value;
  }
  function* whole(): Dialog<T | SmbFailure> {
    const session = yield* openSmbSession(optionsOf(given));
    return session.kind === 'failed' ? session : yield* act(session);
  }
  const { result, connect } = await network.converse({ address: '127.0.0.1', port: smbd.port }, counting(), {
    label: 'smb',
    deadline: systemClock.monotonic() + LIMIT_MILLIS,
  });
  assert.equal(connect.state, 'open');
  assert.ok(result !== undefined);
  return { value: result, roundTrips };
}

/** Binds to winreg over a pipe of this session, and has the server say what the session is. */
const bind = (smbd: Smbd) =>
  function* (session: SmbSession) {
    const tree = yield* session.connectShare('IPC$');
    if (tree.kind === 'failed') return tree;
    const pipe = yield* openPipe(tree, 'winreg');
    if (pipe.kind === 'failed') return pipe;
    const answer = yield* pipe.transact('bind', BIND);
    assert.ok(answer.kind === 'bytes', answer.kind === 'failed' ? answer.problem : '');
    assert.equal(toHex(answer.bytes.subarray(0, 4)), BIND_ACK);
    const said = smbd.status();
    yield* session.logOff();
    return said;
  };

/** The same without a pipe, whose helpers take seconds to start. */
const enter = (smbd: Smbd) =>
  function* (session: SmbSession) {
    const tree = yield* session.connectShare('IPC$');
    return tree.kind === 'failed' ? tree : smbd.status();
  };

interface Accepted {
  readonly name: string;
  readonly options: Partial<SmbOptions>;
  /** As smbstatus names them. */
  readonly says: readonly [dialect: string, cipher: string, signing: string];
}

const [D21, D30, D302, D311] = [0x0210, 0x0300, 0x0302, 0x0311] as const;

/** On a server as it comes: it signs always and encrypts what asks for it. */
const ACCEPTED: readonly Accepted[] = [
  { name: 'all that we have', options: {}, says: ['SMB3_11', 'AES-128-GCM', 'AES-128-GMAC'] },
  { name: '2.1', options: { dialects: [D21] }, says: ['SMB2_10', '-', 'HMAC-SHA256'] },
  { name: '3.0', options: { dialects: [D30] }, says: ['SMB3_00', 'AES-128-CCM', 'AES-128-CMAC'] },
  {
    name: '3.0.2',
    options: { dialects: [D21, D30, D302] },
    says: ['SMB3_02', 'AES-128-CCM', 'AES-128-CMAC'],
  },
  { name: '3.0, signed', options: { dialects: [D30], ciphers: [] }, says: ['SMB3_00', '-', 'AES-128-CMAC'] },
  { name: '3.1.1, CCM', options: { ciphers: [1] }, says: ['SMB3_11', 'AES-128-CCM', 'AES-128-GMAC'] },
  { name: '3.1.1, CCM 256', options: { ciphers: [3] }, says: ['SMB3_11', 'AES-256-CCM', 'AES-128-GMAC'] },
  {
    name: '3.1.1, GCM 256',
    options: { ciphers: [4], dialects: [D311] },
    says: ['SMB3_11', 'AES-256-GCM', 'AES-128-GMAC'],
  },
  { name: '3.1.1, signed by GMAC', options: { ciphers: [] }, says: ['SMB3_11', '-', 'AES-128-GMAC'] },
  {
    name: '3.1.1, signed by CMAC',
    options: { ciphers: [], signing: [1] },
    says: ['SMB3_11', '-', 'AES-128-CMAC'],
  },
  {
    name: '3.1.1, signed by HMAC',
    options: { ciphers: [], signing: [0] },
    says: ['SMB3_11', '-', 'HMAC-SHA256'],
  },
  {
    name: '3.1.1, no list of signing algorithms',
    options: { ciphers: [], signing: [] },
    says: ['SMB3_11', '-', 'AES-128-CMAC'],
  },
];

test('Samba as it comes', async (t) => {
  if (!requirePeer(t, ...PROGRAMS)) return;
  const smbd = await startSmbd(t);
  for (const { name, options, says } of ACCEPTED) {
    await t.test(name, async () => {
      const { value } = await talk(smbd, options, bind(smbd));
      assert.ok(!('kind' in value), 'kind' in value ? value.problem : '');
      assert.deepEqual([value.dialect, value.cipher, value.signing], says);
    });
  }
  await t.test('a wrong password: one attempt, and what the server says of it', async () => {
    const credential = { domain: '', user: 'root', password: 'wrong' };
    const before = smbd.signIns('root').length;
    const { value } = await talk(smbd, { credential }, bind(smbd));
    checkRefused(value, 'wrong-credential', /user name or the password is wrong.*0xc000006d/);
    assert.deepEqual(smbd.signIns('root').slice(before), ['NT_STATUS_WRONG_PASSWORD']);
  });
  await t.test('an unknown user is told in the same words', async () => {
    const credential = { domain: '', user: 'nobody-here', password: 'wrong' };
    const { value } = await talk(smbd, { credential }, bind(smbd));
    checkRefused(value, 'wrong-credential', /0xc000006d/);
    assert.deepEqual(smbd.signIns('nobody-here'), ['NT_STATUS_NO_SUCH_USER']);
  });
  await t.test('names that do not exist', async () => {
    const { value } = await talk(smbd, {}, function* (session) {
      const share = yield* session.connectShare('NOSHARE');
      const tree = yield* session.connectShare('IPC$');
      assert.ok(tree.kind === 'tree');
      return [share, yield* openPipe(tree, 'nopipe'), yield* openPipe(tree, 'winreg')] as const;
    });
    assert.ok(Array.isArray(value));
    checkRefused(value[0], 'not-found', /connecting to NOSHARE: there is no such share \(0xc00000cc\)/);
    checkRefused(value[1], 'not-found', /opening the pipe nopipe: there is no such name \(0xc0000034\)/);
    assert.equal(value[2].kind, 'pipe', 'the session goes on');
  });
  await t.test('five pipes side by side, each answered for itself', () => checkSideBySide(smbd));
  await t.test('a PDU by WRITE and its answer by READ', async () => {
    const { value, roundTrips } = await talk(smbd, {}, function* (session) {
      const pipe = yield* openOne(session, 'winreg');
      assert.equal((yield* pipe.write('bind', BIND)).kind, 'done');
      const answer = yield* pipe.read('bind_ack');
      assert.ok(answer.kind === 'bytes', answer.kind === 'failed' ? answer.problem : '');
      assert.equal(yield* pipe.close(), undefined);
      return toHex(answer.bytes.subarray(0, 4));
    });
    assert.equal(value, BIND_ACK);
    // Three for the session, share, pipe, WRITE and READ together, CLOSE.
    assert.equal(roundTrips, 7);
  });
  await t.test('three calls in flight on one pipe, answered in one round trip', async () => {
    const { value, roundTrips } = await talk(smbd, {}, function* (session) {
      const pipe = yield* openOne(session, 'winreg');
      const bound = yield* pipe.transact('bind', BIND);
      assert.equal(bound.kind, 'bytes');
      for (let call = 0; call < 3; call += 1) yield* pipe.write('OpenLocalMachine', OPEN_LOCAL_MACHINE);
      const seen: string[] = [];
      for (const left of [3, 2, 1]) {
        const answer = yield* pipe.read('response', left);
        seen.push(answer.kind === 'bytes' ? toHex(answer.bytes.subarray(0, 4)) : answer.problem);
      }
      return seen;
    });
    assert.deepEqual(value, [RESPONSE, RESPONSE, RESPONSE]);
    // Replies come one by one, and the counter has a wait only after something was sent.
    assert.equal(roundTrips, 7, 'three for the session, share, pipe, bind, and one for all calls');
  });
  await t.test('parts of a file, byte for byte', () => checkFile(smbd));
});

function* openOne(session: SmbSession, name: string): Dialog<SmbPipe> {
  const tree = yield* session.connectShare('IPC$');
  assert.ok(tree.kind === 'tree');
  const pipe = yield* openPipe(tree, name);
  assert.ok(pipe.kind === 'pipe', pipe.kind === 'failed' ? pipe.problem : '');
  return pipe;
}

async function checkSideBySide(smbd: Smbd): Promise<void> {
  for (const dialects of [[D21], [D30], [D311]] as const) {
    const { value } = await talk(smbd, { dialects }, function* (session) {
      const tree = yield* session.connectShare('IPC$');
      if (tree.kind === 'failed') return tree;
      return yield* sideBySide(
        ['winreg', 'svcctl', 'lsarpc', 'srvsvc', 'wkssvc'].map((name) => bindOn(tree, name)),
      );
    });
    // Another interface than the pipe's own is refused by a bind_ack or a bind_nak, type 12 or 13.
    assert.ok(Array.isArray(value) && value.length === 5);
    for (const type of value) assert.match(String(type), /^05000[cd]/);
  }
}

function* bindOn(tree: SmbTree, name: string): Dialog<string> {
  const pipe = yield* openPipe(tree, name);
  if (pipe.kind === 'failed') return pipe.problem;
  const answer = yield* pipe.transact('bind', BIND);
  return answer.kind === 'bytes' ? toHex(answer.bytes.subarray(0, 3)) : answer.problem;
}

async function checkFile(smbd: Smbd): Promise<void> {
  const content = random(300_000);
  writeFileSync(join(smbd.files, 'program.dll'), content);
  for (const dialects of [[D21], [D311]] as const) {
    const { value, roundTrips } = await talk(smbd, { dialects }, function* (session) {
      const tree = yield* session.connectShare('files');
      if (tree.kind === 'failed') return tree;
      const missing = yield* openFile(tree, 'missing.dll');
      checkRefused(missing, 'not-found', /opening missing\.dll on files: there is no such name/);
      const file = yield* openFile(tree, 'program.dll');
      if (file.kind === 'failed') return file;
      assert.equal(file.size, content.length);
      const read = yield* file.read([
        { offset: 60, length: 4 },
        { offset: 100_000, length: 150_000 },
        { offset: 299_990, length: 100 },
      ]);
      return read.kind === 'failed' ? read : read.parts;
    });
    assert.ok(Array.isArray(value));
    const parts = [content.subarray(60, 64), content.subarray(100_000, 250_000), content.subarray(299_990)];
    for (const [index, part] of parts.entries()) {
      assert.ok(Buffer.compare(part, value[index] ?? new Uint8Array(0)) === 0, `part ${index}`);
    }
    assert.equal(roundTrips, 7, 'three for the session, share, two names, all reads');
  }
}

interface Server {
  readonly name: string;
  /** Lines of smb.conf. */
  readonly lines: readonly string[];
  /** Whether a pipe is opened too. */
  readonly pipe?: true;
  readonly rows: readonly {
    readonly options?: Partial<SmbOptions>;
    readonly expected: Accepted['says'] | readonly [SmbFailureReason, RegExp];
  }[];
}

const denied = [
  'encryption-required',
  /access denied \(0xc0000022\); a server that demands encryption/,
] as const;

const SERVERS: readonly Server[] = [
  {
    name: 'that demands encryption',
    lines: ['server smb encrypt = required'],
    rows: [
      { expected: ['SMB3_11', 'AES-128-GCM', 'AES-128-GMAC'] },
      { options: { dialects: [D30] }, expected: ['SMB3_00', 'AES-128-CCM', 'AES-128-CMAC'] },
      { options: { dialects: [D21] }, expected: denied },
      { options: { ciphers: [] }, expected: denied },
    ],
  },
  {
    name: 'that has no encryption',
    lines: ['server smb encrypt = off'],
    rows: [
      { expected: ['SMB3_11', '-', 'AES-128-GMAC'] },
      { options: { dialects: [D21, D30] }, expected: ['SMB3_00', '-', 'AES-128-CMAC'] },
    ],
  },
  {
    name: 'up to 3.0',
    lines: ['server max protocol = SMB3_00'],
    rows: [
      { expected: ['SMB3_00', 'AES-128-CCM', 'AES-128-CMAC'] },
      {
        options: { dialects: [D311] },
        expected: ['dialect-refused', /accepts none of SMB 3\.1\.1 \(0xc00000bb\)/],
      },
    ],
  },
  {
    name: 'up to 2.1',
    lines: ['server max protocol = SMB2_10'],
    rows: [{ expected: ['SMB2_10', '-', 'HMAC-SHA256'] }],
  },
  {
    name: 'with 2.0.2 only',
    lines: ['server max protocol = SMB2_02'],
    rows: [{ expected: ['dialect-refused', /accepts none of SMB 2\.1, 3\.0, 3\.0\.2, 3\.1\.1/] }],
  },
  {
    name: 'with SMB 1 only',
    lines: ['server min protocol = NT1', 'server max protocol = NT1'],
    rows: [{ expected: ['closed', /after NEGOTIATE: it may speak SMB 1 only/] }],
  },
  {
    name: 'that makes strangers guests',
    lines: ['map to guest = bad user', 'server signing = auto'],
    rows: [D21, D311].map((dialect) => ({
      options: { dialects: [dialect], credential: { domain: '', user: 'stranger', password: 'x' } },
      expected: ['guest', /Guest in place of the user/] as const,
    })),
  },
  {
    name: 'that blocks NTLM',
    lines: ['ntlm auth = disabled'],
    rows: [{ expected: ['ntlm-refused', /NTLM is blocked \(0xc0000418\)/] }],
  },
  {
    name: 'without helpers for its pipes',
    lines: ['rpc start on demand helpers = no'],
    pipe: true,
    rows: [{ expected: ['not-found', /opening the pipe winreg: there is no such name \(0xc0000034\)/] }],
  },
];

for (const { name, lines, rows, pipe } of SERVERS) {
  test(`Samba ${name}`, async (t) => {
    if (!requirePeer(t, ...PROGRAMS)) return;
    const smbd = await startSmbd(t, lines);
    for (const [index, { options = {}, expected }] of rows.entries()) {
      await t.test(`row ${index + 1}: ${String(expected[0])}`, async () => {
        const { value } = await talk(smbd, options, pipe ? bind(smbd) : enter(smbd));
        const [first, second] = expected;
        if (second instanceof RegExp) checkRefused(value, first as SmbFailureReason, second);
        else {
          assert.ok(!('kind' in value), 'kind' in value ? value.problem : '');
          assert.deepEqual([value.dialect, value.cipher, value.signing], expected);
        }
      });
    }
  });
}

function checkRefused(value: unknown, reason: SmbFailureReason, problem: RegExp): void {
  const failure = value as SmbFailure;
  assert.equal(failure.kind, 'failed');
  assert.equal(failure.reason, reason, failure.problem);
  assert.match(failure.problem, problem);
}
