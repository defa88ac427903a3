// A session with a scripted server: what it costs, what is asked, and what is refused in which words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../../../../src/core/bytes/hex.ts';
import { Writer } from '../../../../src/core/bytes/writer.ts';
import type { Dialog } from '../../../../src/core/protocol/dialog.ts';
import type { SmbFailure, SmbFailureReason } from '../../../../src/core/protocol/smb2/failure.ts';
import { encodeFrame } from '../../../../src/core/protocol/smb2/framing.ts';
import { openSmbSession, type SmbOptions } from '../../../../src/core/protocol/smb2/open-session.ts';
import type { SmbSession, SmbTree } from '../../../../src/core/protocol/smb2/session.ts';
import { encodeSpnego, MECHANISM } from '../../../../src/core/protocol/spnego.ts';
import { errorBody, setupBody } from './fake-bodies.ts';
import type { FakeOptions, FakeReply } from './fake-options.ts';
import { PASSWORD, playSmb } from './fake-smb.ts';

export const OPTIONS: SmbOptions = {
  server: 'vm1',
  credential: { domain: 'CORP', user: 'alice', password: PASSWORD },
  random: {
    clientGuid: new Uint8Array(16).fill(1),
    salt: new Uint8Array(32).fill(2),
    exportedSessionKey: new Uint8Array(16).fill(3),
    clientChallenge: new Uint8Array(8).fill(4),
  },
  now: 134_000_000_000_000_000n,
  workstation: 'HERE',
};

const DIALECTS = { '2.1': 0x0210, '3.0': 0x0300, '3.0.2': 0x0302, '3.1.1': 0x0311 } as const;

/** A session and IPC$ on it. */
function* enter(options: SmbOptions): Dialog<SmbTree | SmbFailure> {
  const session = yield* openSmbSession(options);
  return session.kind === 'failed' ? session : yield* session.connectShare('IPC$');
}

for (const [name, dialect] of Object.entries(DIALECTS)) {
  for (const cipher of name === '2.1' ? [0] : [0, 1, 2, 3, 4]) {
    if (name !== '3.1.1' && cipher > 1) continue;
    test(`SMB ${name}, cipher ${cipher}: a session and a share in four round trips`, () => {
      const { value, sent, roundTrips } = playSmb(enter(OPTIONS), { dialect, cipher });
      assert.ok(value.kind === 'tree', value.kind === 'failed' ? value.problem : '');
      const { agreement, connection } = value.session;
      assert.deepEqual([agreement.dialect, agreement.cipher ?? 0], [dialect, cipher]);
      assert.equal(agreement.signing, name === '2.1' ? 0 : name === '3.1.1' ? 2 : 1);
      assert.equal(connection.seals, cipher > 0);
      assert.equal(roundTrips, 4);
      assert.deepEqual(
        sent.map(({ what, secret }) => [what, secret]),
        [
          ['SMB2 NEGOTIATE', false],
          ['SMB2 SESSION_SETUP with NTLM NEGOTIATE', false],
          ['SMB2 SESSION_SETUP with NTLM AUTHENTICATE', true],
          ['SMB2 TREE_CONNECT IPC$', false],
        ],
      );
    });
  }
}

for (const [name, signing] of [
  ['HMAC-SHA256', 0],
  ['CMAC', 1],
  ['GMAC', 2],
] as const) {
  test(`signing by ${name}, where it is offered`, () => {
    const { value } = playSmb(enter({ ...OPTIONS, signing: [signing] }), { cipher: 0, signing });
    assert.ok(value.kind === 'tree' && value.session.agreement.signing === signing);
  });
}

test('a server of 3.1.1 that names no signing algorithm signs by CMAC', () => {
  const { value } = playSmb(enter(OPTIONS), { cipher: 0, signing: 'not said' });
  assert.ok(value.kind === 'tree' && value.session.agreement.signing === 1);
});

test('messages are no longer than one credit pays for, nor than the server takes', () => {
  for (const [maxSize, maxTransmit] of [
    [0x80_0000, 65_536],
    [4096, 4096],
  ] as const) {
    const { value } = playSmb(enter(OPTIONS), { maxSize });
    assert.ok(value.kind === 'tree' && value.session.agreement.maxTransmit === maxTransmit);
  }
});

test('the session says what the server said of itself', () => {
  const { value } = playSmb(openSmbSession(OPTIONS));
  assert.ok(value.kind === 'session');
  const { serverTime, serverGuid, challenge } = value.agreement;
  assert.equal(serverTime, 134_000_000_000_000_000n);
  assert.equal(toHex(serverGuid), '5a'.repeat(16));
  assert.equal(challenge.targetInfo?.nbComputerName, 'VM1');
});

test('logging off is one message, and its answer is waited for', () => {
  function* inAndOut(): Dialog<SmbSession | SmbFailure> {
    const session = yield* openSmbSession(OPTIONS);
    if (session.kind === 'session') yield* session.logOff();
    return session;
  }
  const { sent, roundTrips } = playSmb(inAndOut());
  assert.deepEqual([sent.at(-1)?.what, roundTrips], ['SMB2 LOGOFF', 4]);
});

interface Refused {
  readonly reason: SmbFailureReason;
  readonly problem: RegExp;
  readonly status?: number;
  /** How many messages went out, the last one being that which was refused. */
  readonly sent: number;
}

function refuses(name: string, server: FakeOptions, expected: Refused, options: Partial<SmbOptions> = {}) {
  test(`refused: ${name}`, () => {
    const { value, sent } = playSmb(enter({ ...OPTIONS, ...options }), server);
    assert.ok(value.kind === 'failed', 'a session was opened');
    assert.equal(value.reason, expected.reason, value.problem);
    assert.match(value.problem, expected.problem);
    assert.equal(value.status, expected.status);
    assert.equal(sent.length, expected.sent);
    // A structure keeps its specification's name at the start.
    assert.match(value.problem, /^(?:[^A-Z]|SMB |SMB2 .* at byte|Direct TCP .* at byte).*[^.]$/);
  });
}

type Say = NonNullable<FakeOptions['say']>;

/** Changes the replies to one command. */
const saying =
  (command: number, change: (reply: FakeReply) => FakeReply | readonly FakeReply[]): Say =>
  (reply) =>
    reply.command === command ? [change(reply)].flat() : [reply];
const failing = (command: number, status: number): Pick<FakeOptions, 'say'> => ({
  say: saying(command, (reply) => ({ ...reply, status, body: errorBody() })),
});
const [NEGOTIATE, SETUP, TREE] = [0, 1, 3];
/** Changes the last answer of the sign-in alone. */
const accepting = (change: (reply: FakeReply) => FakeReply): Pick<FakeOptions, 'say'> => ({
  say: (reply) => [reply.command === SETUP && reply.status === 0 ? change(reply) : reply],
});

// What [MS-SMB2] 3.2.5.2 has a client refuse, and the downgrades that a server may try.
refuses('none of the dialects', failing(NEGOTIATE, 0xc000_00bb), {
  reason: 'dialect-refused',
  problem: /accepts none of SMB 2\.1, 3\.0, 3\.0\.2, 3\.1\.1 \(0xc00000bb\)/,
  status: 0xc000_00bb,
  sent: 1,
});
for (const [dialect, text] of [
  [0x0202, '2.0.2'],
  [0x02ff, '2.???'],
  [0x0310, '0x0310'],
] as const) {
  refuses(
    `dialect ${text}`,
    { dialect },
    {
      reason: 'dialect-refused',
      problem: new RegExp(
        `answers with SMB ${text.replace(/[.?]/g, '\\$&')}; 2\\.1, 3\\.0, 3\\.0\\.2, 3\\.1\\.1 was offered`,
      ),
      sent: 1,
    },
  );
}
refuses(
  'a dialect below those offered',
  { dialect: 0x0210 },
  { reason: 'dialect-refused', problem: /SMB 2\.1; 3\.1\.1 was offered/, sent: 1 },
  { dialects: [0x0311] },
);
refuses(
  '3.1.1 without SHA-512',
  { hash: 2 },
  { reason: 'foreign', problem: /without preauthentication/, sent: 1 },
);
refuses(
  'a cipher that was not offered',
  { cipher: 2 },
  { reason: 'foreign', problem: /cipher 2, which was not offered/, sent: 1 },
  { ciphers: [4] },
);
refuses(
  'a signing algorithm that was not offered',
  { signing: 0 },
  { reason: 'foreign', problem: /signing algorithm 0, which was not offered/, sent: 1 },
);
refuses(
  'messages that are too short for RPC',
  { maxSize: 1000 },
  { reason: 'foreign', problem: /1000 bytes at most; 1432/, sent: 1 },
);
refuses(
  'no NTLM among the mechanisms',
  { token: encodeSpnego({ kind: 'init', mechTypes: [MECHANISM.kerberos] }) },
  { reason: 'ntlm-refused', problem: /not with NTLM/, sent: 1 },
);

test('an unknown mechanism beside NTLM is passed over', () => {
  const token = encodeSpnego({ kind: 'init', mechTypes: ['1.3.6.1.5.2.5', MECHANISM.ntlmssp] });
  assert.equal(playSmb(enter(OPTIONS), { token }).value.kind, 'tree');
});

// Sign-in: what each status means, and that one attempt is all.
refuses(
  'a wrong password',
  {},
  {
    reason: 'wrong-credential',
    problem: /user name or the password is wrong.*\(0xc000006d\)/,
    status: 0xc000_006d,
    sent: 3,
  },
  { credential: { domain: 'CORP', user: 'alice', password: 'other' } },
);
for (const [status, reason, problem] of [
  [0xc000_0072, 'account-state', /account is disabled/],
  [0xc000_0234, 'account-state', /locked out/],
  [0xc000_0193, 'account-state', /account has expired/],
  [0xc000_0071, 'account-state', /password has expired/],
  [0xc000_0224, 'account-state', /password must be changed/],
  [0xc000_006e, 'account-state', /restriction/],
  [0xc000_006f, 'account-state', /at this hour/],
  [0xc000_0070, 'account-state', /from this machine/],
  [0xc000_015b, 'logon-type-refused', /over the network/],
  [0xc000_005e, 'domain-unreachable', /no domain controller/],
  [0xc000_018d, 'domain-unreachable', /lost the trust/],
  [0xc000_0418, 'ntlm-refused', /NTLM is blocked/],
  [0xc000_009a, 'server-busy', /short of resources/],
  [0xc000_0001, 'status', /refused \(0xc0000001\)/],
] as const) {
  const say = accepting((reply) => ({ ...reply, status, body: errorBody(), protect: 'none' }));
  refuses(`sign-in with 0x${status.toString(16)}`, say, { reason, problem, status, sent: 3 });
}
refuses('NTLM, before anybody is named', failing(SETUP, 0xc000_00bb), {
  reason: 'ntlm-refused',
  problem: /asking for an NTLM challenge/,
  status: 0xc000_00bb,
  sent: 2,
});
refuses(
  'sign-in without encryption where it is demanded',
  {
    cipher: 0,
    ...accepting((reply) => ({ ...reply, status: 0xc000_0022, body: errorBody() })),
  },
  { reason: 'encryption-required', problem: /demands encryption/, status: 0xc000_0022, sent: 3 },
);
refuses(
  'sign-in that is denied although encryption was agreed on',
  {
    ...accepting((reply) => ({ ...reply, status: 0xc000_0022, body: errorBody() })),
  },
  { reason: 'access-denied', problem: /access denied \(0xc0000022\)$/, status: 0xc000_0022, sent: 3 },
);
refuses(
  'Guest',
  accepting((reply) => ({ ...reply, body: setupBody(1, new Uint8Array(0)), protect: 'none' })),
  {
    reason: 'guest',
    problem: /Guest in place of the user/,
    sent: 3,
  },
);
refuses(
  'nobody',
  accepting((reply) => ({ ...reply, body: setupBody(2, new Uint8Array(0)), protect: 'none' })),
  {
    reason: 'null-session',
    problem: /nobody in place/,
    sent: 3,
  },
);
for (const dialect of Object.values(DIALECTS)) {
  const text = dialect.toString(16);
  refuses(
    `a sign-in that is not signed, 0x${text}`,
    { dialect, ...accepting((reply) => ({ ...reply, protect: 'none' })) },
    {
      reason: 'unsigned',
      problem: /without signing that/,
      sent: 3,
    },
  );
  refuses(
    `a sign-in signed by somebody else, 0x${text}`,
    { dialect, ...flipping(2, 60) },
    {
      reason: 'forged',
      problem: /does not know the key/,
      sent: 3,
    },
  );
}
refuses(
  'a mechListMIC of somebody else',
  accepting((reply) => ({
    ...reply,
    body: setupBody(0, encodeSpnego({ kind: 'resp', negState: 0, mechListMIC: new Uint8Array(16) })),
  })),
  { reason: 'forged', problem: /choice of NTLM/, sent: 3 },
);
refuses(
  'a session that demands encryption and has none',
  { cipher: 0, sessionFlags: 4 },
  {
    reason: 'encryption-required',
    problem: /agreed to none/,
    sent: 3,
  },
);
refuses(
  'a share that demands encryption and has none',
  { cipher: 0, shareFlags: 0x8000 },
  {
    reason: 'encryption-required',
    problem: /IPC\$: the share demands encryption, and SMB 3\.1\.1 as negotiated has none/,
    sent: 4,
  },
);
refuses(
  'a third NTLM message',
  {
    ...accepting((reply) => ({ ...reply, status: 0xc000_0016 })),
  },
  { reason: 'foreign', problem: /third NTLM message/, sent: 3 },
);
refuses(
  'success without a challenge',
  { say: saying(SETUP, (reply) => ({ ...reply, status: 0 })) },
  {
    reason: 'foreign',
    problem: /without a challenge/,
    sent: 2,
  },
);

// The share.
refuses(
  'an unsigned reply',
  {
    cipher: 0,
    say: saying(TREE, (reply) => ({ ...reply, protect: 'none' })),
  },
  {
    reason: 'unsigned',
    problem: /reply to TREE_CONNECT IPC\$ is not signed$/,
    sent: 4,
  },
);
refuses(
  'an unsigned refusal',
  {
    cipher: 0,
    say: saying(TREE, (reply) => ({
      ...reply,
      status: 0xc000_0022,
      body: errorBody(),
      protect: 'none',
    })),
  },
  {
    reason: 'unsigned',
    problem: /is not signed; it says 0xc0000022/,
    sent: 4,
  },
);
refuses(
  'a reply in the clear',
  { say: saying(TREE, (reply) => ({ ...reply, protect: 'sign' })) },
  {
    reason: 'unencrypted',
    problem: /TREE_CONNECT IPC\$ came in the clear/,
    sent: 4,
  },
);
refuses(
  'a reply of another session',
  {
    cipher: 0,
    say: saying(TREE, (reply) => ({ ...reply, sessionId: 9n })),
  },
  {
    reason: 'forged',
    problem: /of another session/,
    sent: 4,
  },
);
for (const at of [4 + 12, 4 + 48, 4 + 70]) {
  refuses(
    `a signed reply with byte ${at} changed`,
    { cipher: 0, ...flipping(3, at) },
    {
      reason: at === 16 ? 'foreign' : 'forged',
      problem:
        at === 16
          ? /a reply to command 27 came after TREE_CONNECT/
          : /signature of the reply to TREE_CONNECT IPC\$ is wrong/,
      sent: 4,
    },
  );
}
for (const at of [4 + 4, 4 + 20, 4 + 60]) {
  refuses(`an encrypted reply with byte ${at} changed`, flipping(3, at), {
    reason: 'forged',
    problem: /not encrypted with the key of this session/,
    sent: 4,
  });
}
refuses('the share, with access denied', failing(TREE, 0xc000_0022), {
  reason: 'access-denied',
  problem: /connecting to IPC\$: access denied \(0xc0000022\)$/,
  status: 0xc000_0022,
  sent: 4,
});
refuses(
  'the share, with access denied and without encryption',
  { cipher: 0, ...failing(TREE, 0xc000_0022) },
  {
    reason: 'encryption-required',
    problem: /access denied \(0xc0000022\); a server that demands encryption says this too/,
    status: 0xc000_0022,
    sent: 4,
  },
);
refuses('a share that does not exist', failing(TREE, 0xc000_00cc), {
  reason: 'not-found',
  problem: /no such share/,
  status: 0xc000_00cc,
  sent: 4,
});

// What no SMB server does.
const puts = (
  number: number,
  ...acts: readonly (Uint8Array | 'end' | 'reset' | 'timeout')[]
): FakeOptions => ({
  put: (frame, index) => (index === number ? acts : [frame]),
});
const banner = new TextEncoder().encode('SSH-2.0-OpenSSH_9.2\r\n');
refuses('another protocol', puts(0, banner), {
  reason: 'foreign',
  problem: /zero first byte, received 0x53/,
  sent: 1,
});
refuses('junk in a frame', puts(0, encodeFrame(banner)), {
  reason: 'foreign',
  problem: /an SMB message, received 0x53/,
  sent: 1,
});
refuses('SMB 1', puts(0, encodeFrame(Uint8Array.of(0xff, 0x53, 0x4d, 0x42, 0x72, 0, 0, 0))), {
  reason: 'dialect-refused',
  problem: /answered in SMB 1/,
  sent: 1,
});
refuses('an end at once', puts(0, 'end'), {
  reason: 'closed',
  problem: /closed the connection after NEGOTIATE: it may speak SMB 1 only/,
  sent: 1,
});
refuses('a reset', puts(1, 'reset'), {
  reason: 'closed',
  problem: /reset the connection after SESSION_SETUP with NTLM NEGOTIATE$/,
  sent: 2,
});
refuses('silence', puts(3, 'timeout'), {
  reason: 'timeout',
  problem: /no reply to TREE_CONNECT IPC\$ in time$/,
  sent: 4,
});
refuses(
  'an end in the middle of a reply',
  { put: (frame, index) => (index === 3 ? [frame.subarray(0, 50), 'end'] : [frame]) },
  {
    reason: 'closed',
    problem: /after TREE_CONNECT IPC\$, in the middle of a reply \(50 bytes of it had come\)/,
    sent: 4,
  },
);
refuses('a frame without end', puts(0, Uint8Array.of(0, 0xff, 0xff, 0xff, 0xfe)), {
  reason: 'foreign',
  problem: /announced a reply of 16777219 bytes to NEGOTIATE; 81920 is the most/,
  sent: 1,
});
refuses('an empty frame', puts(0, Uint8Array.of(0, 0, 0, 0)), {
  reason: 'foreign',
  problem: /SMB2 Packet Header at byte 0/,
  sent: 1,
});
refuses(
  'an encrypted message before there is a key',
  puts(0, encodeFrame(new Writer().u8(0xfd).bytes([0x53, 0x4d, 0x42]).zeros(60).toBytes())),
  {
    reason: 'foreign',
    problem: /without a key for it/,
    sent: 1,
  },
);
refuses(
  'a request in place of a reply',
  { put: (frame, index) => (index === 0 ? [cleared(frame)] : [frame]) },
  {
    reason: 'foreign',
    problem: /no reply/,
    sent: 1,
  },
);
refuses(
  'a reply to nothing',
  { say: saying(NEGOTIATE, (reply) => ({ ...reply, messageId: 77n })) },
  {
    reason: 'foreign',
    problem: /message 77 came, which is not waited for/,
    sent: 1,
  },
);
refuses(
  'no credit for another message',
  { credits: 0 },
  { reason: 'foreign', problem: /grants no credit/, sent: 1 },
);
refuses(
  'messages that nobody asked for, without end',
  {
    cipher: 0,
    say: saying(TREE, (reply) =>
      Array.from({ length: 17 }, () => ({ ...reply, messageId: 0xffff_ffff_ffff_ffffn })),
    ),
  },
  { reason: 'foreign', problem: /more than 16 messages came that nobody asked for/, sent: 4 },
);
refuses(
  'interim replies without end',
  {
    cipher: 0,
    say: saying(TREE, (reply) => Array.from({ length: 17 }, () => pending(reply))),
  },
  { reason: 'foreign', problem: /more than 16 interim replies to TREE_CONNECT/, sent: 4 },
);

test('an interim reply, which is not signed, is waited through', () => {
  const say = saying(TREE, (reply) => [pending(reply), reply]);
  assert.equal(playSmb(enter(OPTIONS), { cipher: 0, say }).value.kind, 'tree');
});

test('every truncation of every reply gives a failure, and nothing throws', () => {
  for (const cipher of [0, 2]) {
    for (let number = 0; number < 4; number += 1) {
      for (let length = 0; length < 200; length += 3) {
        const put: FakeOptions['put'] = (frame, index) =>
          index === number && length < frame.length - 4
            ? [encodeFrame(frame.subarray(4, 4 + length))]
            : [frame];
        const { value } = playSmb(enter(OPTIONS), { cipher, put });
        if (value.kind === 'tree') assert.ok(length > 70, `${length} bytes of reply ${number} will do`);
      }
    }
  }
});

function pending(reply: FakeReply): FakeReply {
  return { ...reply, status: 0x103, flags: 2, body: errorBody(), protect: 'none' };
}

function cleared(frame: Uint8Array): Uint8Array {
  return frame.map((byte, index) => (index === 4 + 16 ? byte & ~1 : byte));
}

function flipping(number: number, at: number): Pick<FakeOptions, 'put'> {
  return {
    put: (frame, index) =>
      index === number ? [frame.map((byte, place) => (place === at ? byte ^ 0x18 : byte))] : [frame],
  };
}
