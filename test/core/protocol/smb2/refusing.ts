// Sessions with the scripted server that must be refused: what every row of those tests shares.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dialog } from '../../../../src/core/protocol/dialog.ts';
import type { SmbFailure, SmbFailureReason } from '../../../../src/core/protocol/smb2/failure.ts';
import { openSmbSession, type SmbOptions } from '../../../../src/core/protocol/smb2/open-session.ts';
import type { SmbTree } from '../../../../src/core/protocol/smb2/session.ts';
import { errorBody } from './fake-bodies.ts';
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

export const DIALECTS = { '2.1': 0x0210, '3.0': 0x0300, '3.0.2': 0x0302, '3.1.1': 0x0311 } as const;

/** A session and IPC$ on it. */
export function* enter(options: SmbOptions): Dialog<SmbTree | SmbFailure> {
  const session = yield* openSmbSession(options);
  return session.kind === 'failed' ? session : yield* session.connectShare('IPC$');
}

interface Refused {
  readonly reason: SmbFailureReason;
  readonly problem: RegExp;
  readonly status?: number;
  /** How many messages went out, the last one being that which was refused. */
  readonly sent: number;
}

/** One row: this server is refused with this reason, in these words, after so many messages. */
export function refuses(
  name: string,
  server: FakeOptions,
  expected: Refused,
  options: Partial<SmbOptions> = {},
) {
  test(`refused: ${name}`, () => {
    const { value, sent } = playSmb(enter({ ...OPTIONS, ...options }), server);
    assert.ok(value.kind === 'failed', 'a session was opened');
    assert.equal(value.reason, expected.reason, value.problem);
    assert.match(value.problem, expected.problem);
    assert.equal(value.status, expected.status);
    assert.equal(sent.length, expected.sent);
    // A structure keeps its specification's name at the start.
    assert.match(
      value.problem,
      /^(?:[^A-Z]|SMB |SMB2 .* at byte|Direct TCP .* at byte|CHALLENGE_MESSAGE at byte).*[^.]$/,
    );
  });
}

export type Say = NonNullable<FakeOptions['say']>;

/** Changes the replies to one command. */
export const saying =
  (command: number, change: (reply: FakeReply) => FakeReply | readonly FakeReply[]): Say =>
  (reply) =>
    reply.command === command ? [change(reply)].flat() : [reply];
export const failing = (command: number, status: number): Pick<FakeOptions, 'say'> => ({
  say: saying(command, (reply) => ({ ...reply, status, body: errorBody() })),
});
export const [NEGOTIATE, SETUP, TREE] = [0, 1, 3];
/** Changes the last answer of the sign-in alone. */
export const accepting = (change: (reply: FakeReply) => FakeReply): Pick<FakeOptions, 'say'> => ({
  say: (reply) => [reply.command === SETUP && reply.status === 0 ? change(reply) : reply],
});

/** Puts something else on the wire in place of one reply. */
export const puts = (
  number: number,
  ...acts: readonly (Uint8Array | 'end' | 'reset' | 'timeout')[]
): FakeOptions => ({
  put: (frame, index) => (index === number ? acts : [frame]),
});

/** [MS-SMB2] 3.3.4.2: an interim response. */
export function pending(reply: FakeReply): FakeReply {
  return { ...reply, status: 0x103, flags: 2, body: errorBody(), protect: 'none' };
}

/** Changes one byte of one frame. */
export function flipping(number: number, at: number): Pick<FakeOptions, 'put'> {
  return {
    put: (frame, index) =>
      index === number ? [frame.map((byte, place) => (place === at ? byte ^ 0x18 : byte))] : [frame],
  };
}
