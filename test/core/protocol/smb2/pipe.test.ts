// Pipes on a scripted server: PDUs both ways, what a round trip carries, and what goes wrong with a pipe.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../../../../src/core/bytes/hex.ts';
import type { Dialog } from '../../../../src/core/protocol/dialog.ts';
import type { PduTransport } from '../../../../src/core/protocol/rpc/pdu-transport.ts';
import type { SmbFailure, SmbFailureReason } from '../../../../src/core/protocol/smb2/failure.ts';
import { openPipe, type SmbPipe } from '../../../../src/core/protocol/smb2/pipe.ts';
import { sideBySide } from '../../../../src/core/protocol/smb2/side-by-side.ts';
import { errorBody, ioctlBody } from './fake-bodies.ts';
import type { FakeOptions, FakeReply } from './fake-options.ts';
import { type FakeRun, playSmb } from './fake-smb.ts';
import { DIALECTS, enter, OPTIONS, pending, saying } from './refusing.ts';

const [CREATE, CLOSE, READ, WRITE, IOCTL] = [5, 6, 8, 9, 11];
/** Round trips up to the share. */
const ENTRY = 4;

const echo = (pdu: Uint8Array): Uint8Array => Uint8Array.from([0xee, ...pdu]);
const SERVER: FakeOptions = { pipes: { winreg: echo, svcctl: echo, lsarpc: echo } };

/** Opens pipes side by side and does something with them. */
function withPipes<T>(
  names: readonly string[],
  act: (...pipes: readonly SmbPipe[]) => Dialog<T>,
  server: FakeOptions = SERVER,
): FakeRun<T | SmbFailure> {
  function* whole(): Dialog<T | SmbFailure> {
    const tree = yield* enter({ ...OPTIONS });
    if (tree.kind === 'failed') return tree;
    const opened = yield* sideBySide(names.map((name) => openPipe(tree, name)));
    const pipes: SmbPipe[] = [];
    for (const pipe of opened) {
      if (pipe.kind === 'failed') return pipe;
      pipes.push(pipe);
    }
    return yield* act(...pipes);
  }
  return playSmb(whole(), server);
}

const PDU = Uint8Array.of(5, 0, 0, 3);
const text = (answer: unknown): string => {
  const { kind, bytes, problem } = answer as { kind: string; bytes?: Uint8Array; problem?: string };
  return kind === 'bytes' ? toHex(bytes ?? new Uint8Array(0)) : (problem ?? kind);
};
function* transact(pipe: PduTransport | undefined): Dialog<string> {
  assert.ok(pipe);
  return text(yield* pipe.transact('bind', PDU));
}

for (const [name, dialect] of Object.entries(DIALECTS)) {
  for (const cipher of [0, 2]) {
    test(`SMB ${name}, cipher ${cipher}: a pipe costs a round trip to open and one for each exchange`, () => {
      const { value, roundTrips, sent } = withPipes(['winreg'], (pipe) => transact(pipe), {
        ...SERVER,
        dialect,
        cipher,
      });
      assert.equal(value, 'ee05000003');
      assert.equal(roundTrips, ENTRY + 2);
      // Below 3.1.1 the negotiation is confirmed in the round trip that opens the first pipe.
      assert.deepEqual(
        sent.slice(ENTRY).map(({ what }) => what),
        [
          ...(name === '3.1.1' ? [] : ['SMB2 IOCTL VALIDATE_NEGOTIATE_INFO']),
          'SMB2 CREATE winreg',
          'SMB2 IOCTL winreg: bind',
        ],
      );
    });
  }
}

test('three pipes side by side cost as many round trips as one', () => {
  for (const dialect of Object.values(DIALECTS)) {
    const { value, roundTrips } = withPipes(
      ['winreg', 'svcctl', 'lsarpc'],
      (...pipes) => sideBySide(pipes.map((pipe) => transact(pipe))),
      { ...SERVER, dialect },
    );
    assert.deepEqual(value, ['ee05000003', 'ee05000003', 'ee05000003']);
    assert.equal(roundTrips, ENTRY + 2);
  }
});

test('side by side, replies in any order find their dialog', () => {
  const held: FakeReply[] = [];
  const say: FakeOptions['say'] = (reply) => {
    if (reply.command !== IOCTL) return [reply];
    held.push(reply);
    return held.length < 3 ? [] : held.reverse();
  };
  const own = (tag: number) => (): Uint8Array => Uint8Array.of(tag);
  const { value, roundTrips } = withPipes(
    ['winreg', 'svcctl', 'lsarpc'],
    (...pipes) => sideBySide(pipes.map((pipe) => transact(pipe))),
    { pipes: { winreg: own(1), svcctl: own(2), lsarpc: own(3) }, say },
  );
  assert.deepEqual(value, ['01', '02', '03']);
  assert.equal(roundTrips, ENTRY + 2);
});

test('side by side, a dialog that is done earlier leaves the others to go on', () => {
  function* twice(pipe: SmbPipe | undefined): Dialog<string> {
    yield* transact(pipe);
    return yield* transact(pipe);
  }
  const { value, roundTrips } = withPipes(['winreg', 'svcctl'], (first, second) =>
    sideBySide<readonly [string, string]>([transact(first), twice(second)]),
  );
  assert.deepEqual(value, ['ee05000003', 'ee05000003']);
  assert.equal(roundTrips, ENTRY + 3);
});

test('side by side, an end of the connection ends all of them', () => {
  const { value } = withPipes(
    ['winreg', 'svcctl'],
    (...pipes) => sideBySide(pipes.map((pipe) => transact(pipe))),
    { ...SERVER, put: (frame, number) => (number < ENTRY + 2 ? [frame] : ['end']) },
  );
  assert.ok(Array.isArray(value) && value.length === 2);
  for (const one of value) assert.match(String(one), /closed the connection after IOCTL svcctl: bind$/);
});

test('nothing at all side by side is done at once', () => {
  assert.deepEqual(playSmb(sideBySide([])).value, []);
});

test('one credit at a time is enough, and is kept to', () => {
  const { value, roundTrips } = withPipes(
    ['winreg', 'svcctl', 'lsarpc'],
    (...pipes) => sideBySide(pipes.map((pipe) => transact(pipe))),
    { ...SERVER, credits: 1 },
  );
  assert.deepEqual(value, ['ee05000003', 'ee05000003', 'ee05000003']);
  assert.equal(roundTrips, ENTRY + 6);
});

test('no nonce is used twice', () => {
  const { sent } = withPipes(['winreg', 'svcctl'], function* (...pipes) {
    for (let round = 0; round < 3; round += 1) yield* sideBySide(pipes.map((pipe) => transact(pipe)));
    return 0;
  });
  // Nonce of a TRANSFORM_HEADER: 16 bytes at 20, behind the four of the transport.
  const nonces = sent.slice(3).map(({ bytes }) => toHex(bytes.subarray(24, 40)));
  assert.equal(nonces.length, 9);
  assert.equal(new Set(nonces).size, 9);
});

test('a secret PDU is sent as a secret, and so is a secret write', () => {
  const { sent } = withPipes(['winreg'], function* (pipe) {
    yield* pipe?.transact('auth', PDU, true) ?? [];
    yield* pipe?.write('auth3', PDU, true) ?? [];
    return 0;
  });
  assert.deepEqual(
    sent.slice(-2).map(({ what, secret }) => [what, secret]),
    [
      ['SMB2 IOCTL winreg: auth', true],
      ['SMB2 WRITE winreg: auth3', true],
    ],
  );
});

test('writes cost no round trip: their answers come with that of the read', () => {
  const { value, roundTrips } = withPipes(['winreg'], function* (pipe) {
    assert.ok(pipe);
    for (let index = 0; index < 3; index += 1) assert.equal((yield* pipe.write('request', PDU)).kind, 'done');
    return text(yield* pipe.read('response'));
  });
  assert.deepEqual([value, roundTrips], ['ee05000003', ENTRY + 2]);
});

test('several answers are asked for at once where they are expected, and come in their order', () => {
  let answers = 0;
  const counting = (): Uint8Array => {
    answers += 1;
    return Uint8Array.of(answers);
  };
  const { value, roundTrips, sent } = withPipes(
    ['winreg'],
    function* (pipe) {
      assert.ok(pipe);
      for (let index = 0; index < 3; index += 1) yield* pipe.write('request', PDU);
      const seen: string[] = [];
      for (const left of [3, 2, 1]) seen.push(text(yield* pipe.read('response', left)));
      return seen;
    },
    { pipes: { winreg: counting } },
  );
  assert.deepEqual(value, ['01', '02', '03']);
  assert.equal(sent.filter(({ what }) => what.includes('READ')).length, 3);
  assert.equal(roundTrips, ENTRY + 2);
});

test('no more reads wait at a server than the bound', () => {
  const { sent } = withPipes(['winreg'], function* (pipe) {
    assert.ok(pipe);
    yield* pipe.read('response', 1000);
    return 0;
  });
  assert.equal(sent.filter(({ what }) => what.includes('READ')).length, 256);
});

test('more writes than the bound are settled on the way', () => {
  const { value, roundTrips } = withPipes(['winreg'], function* (pipe) {
    assert.ok(pipe);
    for (let index = 0; index < 513; index += 1) yield* pipe.write('request', PDU);
    return text(yield* pipe.read('response'));
  });
  assert.equal(value, 'ee05000003');
  // One wait where the bound is reached, one for the answer; the rest are waits for credits.
  assert.ok(roundTrips >= ENTRY + 2, String(roundTrips));
});

test('what has come is given while the answer to a later write is still on its way', () => {
  let writes = 0;
  const { value } = withPipes(
    ['winreg'],
    function* (pipe) {
      assert.ok(pipe);
      yield* pipe.write('first', PDU);
      yield* pipe.write('second', PDU);
      const first = text(yield* pipe.read('first', 2));
      yield* pipe.write('third, which nobody answers', PDU);
      return [first, text(yield* pipe.read('second'))];
    },
    { ...SERVER, say: (reply) => (reply.command === WRITE && ++writes === 3 ? [] : [reply]) },
  );
  assert.deepEqual(value, ['ee05000003', 'ee05000003']);
});

test('a write that was refused shows at the next answer', () => {
  const say = saying(WRITE, (reply) => ({ ...reply, status: 0xc000_00b0, body: errorBody() }));
  const { value } = withPipes(
    ['winreg'],
    function* (pipe) {
      assert.ok(pipe);
      yield* pipe.write('request', PDU);
      return [text(yield* pipe.read('response')), text(yield* pipe.read('again'))];
    },
    { ...SERVER, say },
  );
  assert.ok(Array.isArray(value));
  assert.match(
    String(value[0]),
    /writing to the pipe winreg: the other end of the pipe is gone \(0xc00000b0\)/,
  );
  assert.equal(value[1], 'ee05000003');
});

test('a PDU that is longer than a message comes in parts', () => {
  const long = new Uint8Array(5000).fill(7);
  const { value } = withPipes(
    ['winreg'],
    function* (pipe) {
      assert.ok(pipe);
      const first = yield* pipe.transact('request', PDU);
      return first.kind === 'bytes' ? [pipe.maxTransmit, first.bytes.length] : first.problem;
    },
    { pipes: { winreg: () => long }, maxSize: 4096 },
  );
  assert.deepEqual(value, [4096, 4096]);
});

test('a PDU that no message carries is a mistake of ours', () => {
  assert.throws(
    () =>
      withPipes(['winreg'], function* (pipe) {
        yield* pipe?.transact('request', new Uint8Array(65_537)) ?? [];
        return 0;
      }),
    RangeError,
  );
});

test('a pipe that the server keeps waiting for is waited for', () => {
  const say = saying(READ, (reply) => [pending(reply), reply]);
  const { value } = withPipes(
    ['winreg'],
    function* (pipe) {
      assert.ok(pipe);
      return text(yield* pipe.read('response'));
    },
    { ...SERVER, cipher: 0, say },
  );
  assert.equal(value, 'ee');
});

test('closing a pipe', () => {
  const { value, sent } = withPipes(['winreg'], function* (pipe) {
    assert.ok(pipe);
    return (yield* pipe.close())?.problem ?? 'closed';
  });
  assert.deepEqual([value, sent.at(-1)?.what], ['closed', 'SMB2 CLOSE winreg']);
  const say = saying(CLOSE, (reply) => ({ ...reply, status: 0xc000_0128, body: errorBody() }));
  const refused = withPipes(['winreg'], (pipe) => pipe?.close() ?? failNow(), { ...SERVER, say });
  assert.match(text(refused.value), /closing the pipe winreg: it has been closed \(0xc0000128\)/);
});

function failNow(): never {
  throw new Error('no pipe');
}

interface Row {
  readonly command: number;
  readonly status: number;
  readonly reason: SmbFailureReason;
  readonly problem: RegExp;
}

// [MS-SMB2] 3.3.5.9 and 3.3.5.15.3: what a server answers when a pipe is opened or used.
const ROWS: readonly Row[] = [
  {
    command: CREATE,
    status: 0xc000_0034,
    reason: 'not-found',
    problem: /opening the pipe winreg: there is no such name/,
  },
  {
    command: CREATE,
    status: 0xc000_00ac,
    reason: 'pipe-not-available',
    problem: /the pipe is not available/,
  },
  { command: CREATE, status: 0xc000_00ab, reason: 'pipe-busy', problem: /every instance/ },
  {
    command: CREATE,
    status: 0xc000_0022,
    reason: 'access-denied',
    problem: /opening the pipe winreg: access denied \(0xc0000022\)$/,
  },
  {
    command: IOCTL,
    status: 0xc000_00ae,
    reason: 'pipe-busy',
    problem: /bind on the pipe winreg: the pipe is busy/,
  },
  { command: IOCTL, status: 0xc000_00b0, reason: 'pipe-closed', problem: /other end of the pipe is gone/ },
  { command: IOCTL, status: 0xc000_014b, reason: 'pipe-closed', problem: /the pipe is broken/ },
  { command: IOCTL, status: 0xc000_035c, reason: 'session-ended', problem: /session has expired/ },
  { command: IOCTL, status: 0xc000_0203, reason: 'session-ended', problem: /session has been ended/ },
  {
    command: IOCTL,
    status: 0xc000_1234,
    reason: 'status',
    problem: /bind on the pipe winreg: refused \(0xc0001234\)/,
  },
];
for (const { command, status, reason, problem } of ROWS) {
  test(`command ${command} with 0x${status.toString(16)}: ${reason}, and the session goes on`, () => {
    let failing = true;
    const say: FakeOptions['say'] = (reply) => {
      if (reply.command !== command || !failing) return [reply];
      failing = false;
      return [{ ...reply, status, body: errorBody() }];
    };
    function* twice(): Dialog<readonly unknown[]> {
      const tree = yield* enter(OPTIONS);
      if (tree.kind === 'failed') return [tree];
      const seen: unknown[] = [];
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const pipe = yield* openPipe(tree, 'winreg');
        seen.push(pipe.kind === 'failed' ? pipe : yield* pipe.transact('bind', PDU));
      }
      return seen;
    }
    const [first, second] = playSmb(twice(), { ...SERVER, say }).value;
    const failure = first as SmbFailure;
    assert.deepEqual([failure.kind, failure.reason, failure.status], ['failed', reason, status]);
    assert.match(failure.problem, problem);
    assert.equal(text(second), 'ee05000003');
  });
}

test('a server that lies about lengths: the session is over, in one sentence', () => {
  const lies: readonly [string, Uint8Array, RegExp][] = [
    ['an output beyond the message', lie(ioctlBody(PDU), 36, 0x00ff_ffff), /expected 16777215 more bytes/],
    ['an output inside the header', lie(ioctlBody(PDU), 32, 8), /the buffer at 8 lies inside the header/],
    ['an offset beyond the message', lie(ioctlBody(PDU), 32, 0xffff_fff0), /expected \d+ more bytes/],
    [
      'more than was asked for',
      ioctlBody(new Uint8Array(65_537)),
      /65537 bytes came where 65536 were asked for/,
    ],
    ['another structure', errorBody(), /expected StructureSize 49, received 9/],
  ];
  for (const [name, body, problem] of lies) {
    const say = saying(IOCTL, (reply) => ({ ...reply, body }));
    const { value, sent } = withPipes(
      ['winreg'],
      function* (pipe) {
        return [yield* transact(pipe), yield* transact(pipe)];
      },
      { ...SERVER, say },
    );
    assert.ok(Array.isArray(value), name);
    assert.match(String(value[0]), problem, name);
    assert.equal(value[1], value[0], `${name}: nothing more is sent`);
    assert.equal(sent.filter(({ what }) => what.includes('IOCTL')).length, 1, name);
  }
});

function lie(body: Uint8Array, at: number, value: number): Uint8Array {
  const changed = Uint8Array.from(body);
  new DataView(changed.buffer).setUint32(at, value, true);
  return changed;
}

test('messages that will come are asked for ahead, without waiting', () => {
  const { value, sent, roundTrips } = withPipes(['winreg'], function* (pipe) {
    assert.ok(pipe);
    yield* pipe.write('request', PDU);
    assert.deepEqual(yield* pipe.expect('response', 3), { kind: 'done' });
    return text(yield* pipe.read('response', 3));
  });
  assert.equal(value, 'ee05000003');
  assert.equal(sent.filter(({ what }) => what.includes('READ')).length, 3);
  // The one wait is that of the READ, which takes the answer to the WRITE on its way.
  assert.equal(roundTrips, ENTRY + 2);
});

test('a transaction while a READ waits is written and read: the READ would be given its answer', () => {
  const { value, sent } = withPipes(['winreg'], function* (pipe) {
    assert.ok(pipe);
    yield* pipe.write('request', PDU);
    yield* pipe.read('response', 2);
    return text(yield* pipe.transact('another', PDU));
  });
  assert.equal(value, 'ee05000003');
  assert.ok(sent.every(({ what }) => !what.includes('IOCTL')));
});
