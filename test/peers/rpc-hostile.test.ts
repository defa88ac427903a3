// `--rpc` and a server, or somebody on the way to it, that does not play by the rules: on real messages of
// Samba's file server, changed as they pass. Each is a sentence that says what was seen and what to do, no
// fact is believed that came later, and what was learned before stays.
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { MachineSeen } from '../../src/app/ports/machine.ts';
import type { Evidence } from '../../src/core/model/facts.ts';
import type { UnknownWhy } from '../../src/core/model/observation.ts';
import { type Bend, type HostileRelay, startHostileRelay } from './hostile-relay.ts';
import { isInstalled, requirePeer } from './require-peer.ts';
import { askByRpc } from './rpc-channel.ts';
import { startSmbd } from './smbd.ts';

const PROGRAMS = ['smbd', 'smbpasswd'] as const;

/** The server's messages: NEGOTIATE, then the challenge and the verdict of the sign-in, then everything else. */
const [NEGOTIATE, CHALLENGE, VERDICT] = [0, 1, 2];
/** The frame and the header of SMB 2. */
const BODY = 4 + 64;
const FLAGS_AT = 4 + 16;
const SIGNATURE_AT = 4 + 48;
const SIGNED = 0x08;

/** Changes one message, the others pass. */
const only =
  (which: number, change: (frame: Uint8Array) => ReturnType<Bend>): Bend =>
  (frame, index) =>
    index === which ? change(frame) : frame;

function put(frame: Uint8Array, at: number, ...bytes: readonly number[]): Uint8Array {
  frame.set(bytes, at);
  return frame;
}

interface Row {
  readonly name: string;
  readonly bend: Bend;
  readonly why: UnknownWhy;
  readonly problem: RegExp;
  readonly advice: RegExp;
}

const NOT_TRUSTED = /^Somebody or something on the way may change what passes, so nothing was believed/;
const NOT_OURS = /^Look whether Windows' file sharing answers on that port/;

/** Before a session is there: nothing was learned. */
const REFUSED: readonly Row[] = [
  {
    name: 'answers with a lower dialect than it would',
    bend: only(NEGOTIATE, (frame) => put(frame, BODY + 4, 0x10, 0x02)),
    why: 'no-channel',
    problem: /the signature under the sign-in is wrong/,
    advice: NOT_TRUSTED,
  },
  {
    name: 'answers with a dialect that was not offered',
    bend: only(NEGOTIATE, (frame) => put(frame, BODY + 4, 0x02, 0x02)),
    why: 'no-channel',
    problem: /answers with SMB 2\.0\.2; 2\.1, 3\.0, 3\.0\.2, 3\.1\.1 was offered/,
    advice: /^SMB 2\.1 is the least that is spoken here/,
  },
  {
    name: 'says that it cannot sign',
    bend: only(NEGOTIATE, (frame) => put(frame, BODY + 2, 0, 0)),
    why: 'no-channel',
    problem: /the signature under the sign-in is wrong/,
    advice: NOT_TRUSTED,
  },
  {
    name: 'does not sign its verdict on the sign-in',
    bend: only(VERDICT, (frame) =>
      put(put(frame, FLAGS_AT, (frame[FLAGS_AT] ?? 0) & ~SIGNED), SIGNATURE_AT, ...new Uint8Array(16)),
    ),
    why: 'no-channel',
    problem: /without signing that/,
    advice: NOT_TRUSTED,
  },
  {
    name: 'signs it with another key',
    bend: only(VERDICT, (frame) => put(frame, SIGNATURE_AT, (frame[SIGNATURE_AT] ?? 0) ^ 1)),
    why: 'no-channel',
    problem: /does not know the key/,
    advice: NOT_TRUSTED,
  },
  {
    name: 'announces sixteen megabytes',
    bend: only(CHALLENGE, (frame) => put(frame, 1, 0xff, 0xff, 0xff)),
    why: 'no-channel',
    problem: /announced a reply of 16777219 bytes/,
    advice: NOT_OURS,
  },
  {
    name: 'announces less than comes',
    bend: only(CHALLENGE, (frame) => put(frame, 1, 0, 0, 70)),
    why: 'no-channel',
    problem: /SESSION_SETUP Response at byte 70: expected 2 more bytes, 0 are left/,
    advice: NOT_OURS,
  },
  {
    name: 'has a token longer than its message',
    bend: only(CHALLENGE, (frame) => put(frame, BODY + 6, 0xff, 0xff)),
    why: 'no-channel',
    problem: /SESSION_SETUP Response at byte 72: expected 65535 more bytes/,
    advice: NOT_OURS,
  },
  {
    name: 'has a list of contexts beyond its message',
    bend: only(NEGOTIATE, (frame) => put(frame, BODY + 60, 0xff, 0xff, 0, 0)),
    why: 'no-channel',
    problem: /NEGOTIATE Response at byte \d+: expected \d+ more bytes/,
    advice: NOT_OURS,
  },
  {
    name: 'dies in the middle of its verdict',
    bend: only(VERDICT, (frame) => ({ last: frame.subarray(0, 30) })),
    why: 'no-channel',
    problem: /closed the connection after .*, in the middle of a reply \(30 bytes of it had come\)/,
    advice: NOT_OURS,
  },
  {
    name: 'says nothing to the sign-in',
    bend: only(VERDICT, () => 'silence'),
    why: 'timeout',
    problem: /no reply to .* in time/,
    advice: /--timeout/,
  },
  {
    name: 'speaks another protocol',
    bend: only(NEGOTIATE, () => new TextEncoder().encode('SSH-2.0-OpenSSH_9.2\r\n')),
    why: 'no-channel',
    problem: /zero first byte, received 0x53/,
    advice: NOT_OURS,
  },
];

/** Inside of a session: one message is changed, and what it does to the rest. */
const BROKEN: readonly {
  readonly name: string;
  readonly change: (frame: Uint8Array) => ReturnType<Bend>;
  readonly detail: RegExp;
  readonly silent?: true;
}[] = [
  {
    name: 'dies in the middle of a reply',
    change: (frame) => ({ last: frame.subarray(0, frame.length >> 1) }),
    detail: /closed the connection after .*, in the middle of a reply/,
  },
  {
    name: 'changes a byte',
    change: (frame) => put(frame, frame.length - 1, (frame.at(-1) ?? 0) ^ 1),
    detail: /not encrypted with the key of this session/,
  },
  {
    name: 'lies about a length',
    change: (frame) => put(frame, 1, 0xff, 0xff, 0xff),
    detail: /announced a reply of 16777219 bytes/,
  },
  {
    name: 'falls silent',
    change: () => 'silence',
    detail: /no reply to .* in time/,
    silent: true,
  },
];

describe('--rpc and a server that breaks the rules', () => {
  const ends: (() => void | Promise<void>)[] = [];
  let started: HostileRelay | undefined;
  before(async () => {
    if (!PROGRAMS.every(isInstalled)) return;
    const scope = { after: (end: () => void | Promise<void>) => void ends.push(end) };
    started = await startHostileRelay(scope, (await startSmbd(scope)).port);
    // The first pipe waits for its helpers to start; those after it do not.
    await askByRpc(started.port);
  });
  after(async () => {
    for (const end of ends) await end();
  });
  async function ask(t: TestContext, bend: Bend, limitMillis = 30_000): Promise<MachineSeen | undefined> {
    if (!requirePeer(t, ...PROGRAMS)) return undefined;
    const relay = started ?? assert.fail('the relay did not start');
    relay.use(bend);
    return askByRpc(relay.port, { limitMillis });
  }
  /** Where nothing more will come: long enough for what comes before. */
  const SILENT_MILLIS = 3_000;

  for (const { name, bend, why, problem, advice } of REFUSED) {
    test(`no session with a server that ${name}`, async (t) => {
      const seen = await ask(t, bend, why === 'timeout' ? SILENT_MILLIS : undefined);
      if (!seen) return;
      assert.ok(!seen.ok, 'a session was opened');
      assert.equal(seen.why, why, seen.problem);
      assert.match(seen.problem, problem);
      assert.match(seen.advice, advice, seen.problem);
    });
  }

  let messages = 0;
  test('a server that keeps to the rules, to begin with', async (t) => {
    const seen = await ask(t, (frame, index) => {
      messages = index + 1;
      return frame;
    });
    if (!seen) return;
    assert.ok(seen.ok && seen.parts.every((part) => part !== undefined));
  });

  for (const { name, change, detail, silent } of BROKEN) {
    test(`in a session with a server that ${name}: what came before stays`, async (t) => {
      // Most of it has come by then.
      const at = Math.floor(messages * 0.7);
      const bend: Bend = (frame, index) => (index === at ? change(frame) : frame);
      const seen = await ask(t, bend, silent ? SILENT_MILLIS : undefined);
      if (!seen) return;
      assert.ok(seen.ok, seen.ok ? '' : seen.problem);
      const evidence: Evidence = Object.assign({}, ...seen.parts.filter((part) => part !== undefined));
      const all = Object.values(evidence);
      const told = all.filter((each) => each.state === 'unknown' && detail.test(each.detail ?? ''));
      assert.ok(told.length > 0, 'nothing says what happened');
      assert.ok(
        all.some(({ state }) => state !== 'unknown'),
        'nothing was kept',
      );
    });
  }
});
