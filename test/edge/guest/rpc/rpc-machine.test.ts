// The channel `rpc` against servers of this machine that refuse, lie, break off or say nothing: each a clear
// sentence with what to do, no attempt more than one, and nothing of the password anywhere.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { Attempts } from '../../../../src/app/attempts.ts';
import type { MachineSeen } from '../../../../src/app/ports/machine.ts';
import { concat } from '../../../../src/core/bytes/writer.ts';
import { warningsOf } from '../../../../src/edge/guest/rpc/rpc-machine.ts';
import type { TranscriptEntry } from '../../../../src/edge/network/transcript.ts';
import { systemClock } from '../../../../src/edge/system/clock.ts';
import { errorBody } from '../../../core/protocol/smb2/fake-bodies.ts';
import type { FakeOptions, FakeReply } from '../../../core/protocol/smb2/fake-options.ts';
import { PASSWORD } from '../../../core/protocol/smb2/fake-smb.ts';
import { askByRpc } from '../../../peers/rpc-channel.ts';
import { type Behaviour, hangsUp, isSilent, refusedPort, type Server, serve } from '../../hostile-servers.ts';
import { smb } from './smb-on-socket.ts';

const servers: Server[] = [];
after(async () => {
  for (const server of servers) await server.close();
});

async function start(behaviour: Behaviour): Promise<Server> {
  const server = await serve(behaviour);
  servers.push(server);
  return server;
}

const SESSION_SETUP = 1;
const TREE_CONNECT = 3;

/** Refuses the sign-in, once the account was named. */
const refusing = (status: number): FakeOptions => ({
  say: (reply) =>
    reply.command === SESSION_SETUP && reply.status === 0
      ? [{ ...reply, status, body: errorBody() }]
      : [reply],
});
const saying = (command: number, change: (reply: FakeReply) => FakeReply): FakeOptions => ({
  say: (reply) => [reply.command === command ? change(reply) : reply],
});

const alice = { domain: 'CORP', name: 'alice' };

async function ask(port: number, attempts = new Attempts(systemClock), limitMillis = 5000) {
  const transcript: TranscriptEntry[] = [];
  const seen = await askByRpc(port, {
    account: alice,
    password: PASSWORD,
    attempts,
    limitMillis,
    transcript: { record: (entry) => void transcript.push(entry) },
  });
  const all = JSON.stringify([seen, transcript]);
  assert.ok(!all.includes(PASSWORD), 'the password is in no result and no transcript');
  const wide = Buffer.from(PASSWORD, 'utf16le').toString('hex');
  assert.ok(!all.includes(wide), 'nor in its bytes');
  return { seen, transcript };
}

function unreached(seen: MachineSeen): MachineSeen & { ok: false } {
  assert.ok(!seen.ok, 'the machine was reached');
  // Lower case without a stop, then a sentence.
  assert.match(
    seen.problem,
    /^127\.0\.0\.1: [^A-Z].*[^.]$|^port \d+ of 127\.0\.0\.1 .*[^.]$|^the attempt .*[^.]$/s,
  );
  assert.match(seen.advice, /^[A-Z].*\.$/s);
  return seen;
}

interface Row {
  readonly server: Behaviour;
  readonly why: string;
  readonly problem: RegExp;
  readonly advice: RegExp;
  /** The attempt counts as failed. */
  readonly counts: boolean;
  readonly limitMillis?: number;
}

const rows: Readonly<Record<string, Row>> = {
  'a wrong password': {
    server: smb(refusing(0xc000_006d)),
    why: 'denied',
    problem: /user name or the password is wrong.*0xc000006d/,
    advice: /Check the name.*no second attempt is made in a run/,
    counts: true,
  },
  'an account that is locked': {
    server: smb(refusing(0xc000_0234)),
    why: 'denied',
    problem: /the account is locked out/,
    advice: /account itself/,
    counts: true,
  },
  'a member of Protected Users': {
    server: smb(refusing(0xc000_006e)),
    why: 'denied',
    problem: /a restriction of the account forbids it/,
    advice: /Protected Users cannot sign in with NTLM.*--ssh or rdpdoctor collect/,
    counts: true,
  },
  'a machine that blocks NTLM': {
    server: smb(refusing(0xc000_0418)),
    why: 'no-channel',
    problem: /NTLM is blocked/,
    advice: /it is restricted there: use --ssh or rdpdoctor collect/,
    counts: true,
  },
  'no right to sign in over the network': {
    server: smb(refusing(0xc000_015b)),
    why: 'denied',
    problem: /may not sign in to this machine over the network/,
    advice: /right to access this computer from the network/,
    counts: true,
  },
  'a machine that has lost its domain': {
    server: smb(refusing(0xc000_005e)),
    why: 'no-channel',
    problem: /reaches no domain controller/,
    advice: /may be the very trouble.*built-in Administrator/,
    counts: true,
  },
  'a guest in place of the user': {
    server: smb({ sessionFlags: 1 }),
    why: 'denied',
    problem: /Guest in place of the user/,
    advice: /Guests see nothing/,
    counts: true,
  },
  'a sign-in without a signature': {
    server: smb({
      say: (reply) => [
        reply.command === SESSION_SETUP && reply.status === 0 ? { ...reply, protect: 'none' } : reply,
      ],
    }),
    why: 'no-channel',
    problem: /without signing that/,
    advice: /may change what passes, so nothing was believed/,
    counts: true,
  },
  'a dialect that was not offered': {
    server: smb({ dialect: 0x0202 }),
    why: 'no-channel',
    problem: /SMB 2\.0\.2; .*was offered/,
    advice: /SMB 2\.1 is the least/,
    counts: false,
  },
  'a server that lies about a length': {
    server: smb({ put: (frame) => [concat(Uint8Array.of(0, 0xff, 0xff, 0xff), frame.subarray(4))] }),
    why: 'no-channel',
    problem: /no SMB 2 server, or breaks its rules \(announced a reply of 16777219 bytes/,
    advice: /file sharing/,
    counts: false,
  },
  'a server that dies in the middle of a reply': {
    server: smb({ put: (frame, number) => (number === 0 ? [frame.subarray(0, 40), 'end'] : [frame]) }),
    why: 'no-channel',
    problem: /in the middle of a reply \(40 bytes of it had come\)/,
    advice: /file sharing/,
    counts: false,
  },
  'a web server': {
    server: (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    why: 'no-channel',
    problem: /what answers there is no SMB 2 server.*in answer to NEGOTIATE\)/,
    advice: /file sharing/,
    counts: false,
  },
  'a server that hangs up': {
    server: hangsUp('end'),
    why: 'no-channel',
    problem: /it may speak SMB 1 only, or take no connection from here/,
    advice: /file sharing/,
    counts: false,
  },
  'a server that says nothing': {
    server: isSilent,
    why: 'timeout',
    problem: /no reply to NEGOTIATE in time/,
    advice: /Allow more with --timeout/,
    counts: false,
    limitMillis: 300,
  },
  'no way to the pipes': {
    server: smb(saying(TREE_CONNECT, (reply) => ({ ...reply, status: 0xc000_0022, body: errorBody() }))),
    why: 'denied',
    problem: /the account was let in, and no further: connecting to IPC\$: access denied/,
    advice: /administers the machine/,
    counts: false,
  },
};

suite('a machine that is not reached', () => {
  for (const [name, { server, why, problem, advice, counts, limitMillis }] of Object.entries(rows)) {
    test(name, async () => {
      const { port, accepted } = await start(server);
      const attempts = new Attempts(systemClock);
      const said = unreached((await ask(port, attempts, limitMillis)).seen);
      assert.equal(said.why, why, said.problem);
      assert.match(said.problem, problem);
      assert.match(said.advice, advice);
      assert.equal(accepted(), 1, 'one connection');
      // Whether a second attempt may be made is the ledger's word.
      const turn = await attempts.enter(alice, systemClock.monotonic() + 1000);
      assert.equal(turn === 'failed-before', counts);
      if (typeof turn !== 'string') turn.settle('not-made');
    });
  }

  test('nobody listens', async () => {
    const port = await refusedPort();
    const said = unreached((await ask(port)).seen);
    assert.equal(said.problem, `port ${port} of 127.0.0.1 refuses connections`);
    assert.match(said.advice, /Azure networks and most providers drop SMB/);
  });

  test('after a failure no second attempt is made, over whatever channel it was', async () => {
    const { port, accepted } = await start(smb(refusing(0xc000_006d)));
    const attempts = new Attempts(systemClock);
    await ask(port, attempts);
    const again = unreached((await ask(port, attempts)).seen);
    assert.match(
      again.problem,
      /one with an account of that name failed in this run, and a second could lock it/,
    );
    assert.equal(accepted(), 1);
  });
});

suite('a machine that is reached', () => {
  test('no ADMIN$, no pipes behind: everything says why, and remote registry is named', async () => {
    const { port } = await start(smb());
    const { seen } = await ask(port, new Attempts(systemClock), 15_000);
    assert.ok(seen.ok);
    const all: Record<string, { state: string; detail?: string }> = Object.assign({}, ...seen.parts);
    assert.equal(all['os.version']?.state, 'unknown');
    assert.match(
      seen.warnings.map(({ text }) => text).join(' '),
      /^127\.0\.0\.1: the service RemoteRegistry did not open its pipe/,
    );
  });

  test('unsigned from the first share on: nothing of it is believed', async () => {
    const { port } = await start(
      smb({ cipher: 0, ...saying(TREE_CONNECT, (reply) => ({ ...reply, protect: 'none' })) }),
    );
    const said = unreached((await ask(port)).seen);
    assert.match(said.problem, /is not signed/);
  });

  test('in the clear where all is encrypted', async () => {
    const { port } = await start(smb(saying(TREE_CONNECT, (reply) => ({ ...reply, protect: 'sign' }))));
    assert.match(unreached((await ask(port)).seen).problem, /came in the clear/);
  });

  test('what derives from the password is in the transcript by its length alone', async () => {
    const { port } = await start(smb(refusing(0xc000_006d)));
    const { transcript } = await ask(port);
    const secret = transcript.filter(({ what, event }) => event === 'send' && what.includes('AUTHENTICATE'));
    assert.equal(secret.length, 1);
    assert.match(secret[0]?.bytes ?? '', /^\(\d+ bytes left out: derived from a password\)$/);
  });
});

suite('an account that was let in and denied everything', () => {
  const host = 'vm1.corp.example';
  const rows: readonly (readonly [{ domain: string; name: string }, RegExp])[] = [
    [
      { domain: '', name: 'bob' },
      /^vm1\.corp\.example let bob in .*LocalAccountTokenFilterPolicy is 1 \(KB951016\)/,
    ],
    [{ domain: '.', name: 'bob' }, /KB951016/],
    [{ domain: 'vm1', name: 'bob' }, /KB951016/],
    [{ domain: 'CORP', name: 'bob' }, /let CORP\\bob in .*does not administer this machine/],
    [{ domain: '', name: 'bob@corp.example' }, /let bob@corp\.example in .*does not administer this machine/],
  ];
  for (const [account, said] of rows) {
    test(`${account.domain}\\${account.name}`, () => {
      const [warning, ...others] = warningsOf({ deniesAll: true, computer: 'VM1' }, { account, host });
      assert.deepEqual([warning?.code, others], ['machine-part-not-read', []]);
      assert.match(warning?.text ?? '', said);
    });
  }
});
