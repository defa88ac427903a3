import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type PipeOptions, Pipes } from '../../../src/core/dialect/rpc/pipes.ts';
import type { Dialog } from '../../../src/core/protocol/dialog.ts';
import type { Credential } from '../../../src/core/protocol/ntlm-logon.ts';
import { openSmbSession, type SmbOptions } from '../../../src/core/protocol/smb2/open-session.ts';
import type { SmbSession } from '../../../src/core/protocol/smb2/session.ts';
import { createNetwork } from '../../../src/edge/network/driver.ts';
import { systemClock } from '../../../src/edge/system/clock.ts';

/** The first pipe of a server waits for its helpers to start, which takes seconds on a busy machine. */
const LIMIT_MILLIS = 60_000;

const network = createNetwork(systemClock);
/** Others each time. */
export const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

export interface SessionOptions {
  readonly port: number;
  readonly credential: Credential;
  /** What is offered; everything where it is left out. */
  readonly offer?: Pick<SmbOptions, 'dialects' | 'ciphers'>;
  readonly limitMillis?: number;
}

/** Opens a session and does something in it. */
export async function inSession<T>(
  { port, credential, offer = {}, limitMillis = LIMIT_MILLIS }: SessionOptions,
  work: (session: SmbSession) => Dialog<T>,
): Promise<T> {
  const options: SmbOptions = {
    server: '127.0.0.1',
    credential,
    random: {
      clientGuid: random(16),
      salt: random(32),
      exportedSessionKey: random(16),
      clientChallenge: random(8),
    },
    now: 134_000_000_000_000_000n,
    workstation: 'HERE',
    ...offer,
  };
  function* whole(): Dialog<T> {
    const session = yield* openSmbSession(options);
    return session.kind === 'failed' ? assert.fail(session.problem) : yield* work(session);
  }
  const talk = await network.converse({ address: '127.0.0.1', port }, whole(), {
    label: 'smb',
    deadline: systemClock.monotonic() + limitMillis,
  });
  return talk.result ?? assert.fail(`no connection: ${talk.connect.state}`);
}

/** Pipes of a session, made as often as they are asked for. */
export function* pipesOf(session: SmbSession, credential: Credential): Dialog<() => Pipes> {
  const tree = yield* session.connectShare('IPC$');
  if (tree.kind === 'failed') return assert.fail(tree.problem);
  const options: PipeOptions = { credential, random, now: 0n, workstation: 'HERE' };
  return () => new Pipes(tree, options);
}
