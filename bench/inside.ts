import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unixMillisToFiletime } from '../src/core/bytes/filetime.ts';
import { inquireOverRpc } from '../src/core/dialect/rpc/inquire.ts';
import type { Evidence } from '../src/core/model/facts.ts';
import type { Dialog } from '../src/core/protocol/dialog.ts';
import { openSmbSession } from '../src/core/protocol/smb2/open-session.ts';
import type { Answer, Inquiry, Question } from '../src/core/windows/inquiry.ts';
import { machineInquiries } from '../src/core/windows/machine.ts';
import { createNetwork } from '../src/edge/network/driver.ts';
import { systemClock } from '../src/edge/system/clock.ts';
import { systemRandom } from '../src/edge/system/random.ts';
import { CONTENTS, type RegistryContent } from '../test/channels/contents.ts';
import { registryFile } from '../test/channels/registry-file.ts';
import { type Scope, temporaryFolder } from '../test/peers/processes.ts';
import { SMB_USER, type Smbd, startSmbd } from '../test/peers/smbd.ts';
import { show, summarise, table, timeProcess } from './measure.ts';
import { startRelay } from './relay.ts';

/** Round trips of the line, in milliseconds. */
const LINES = [0, 20, 50] as const;
/** On a short line a server that works meanwhile hides round trips; on this one it does not. */
const LONG_LINE = 200;

/**
 * Everything that a diagnosis asks over RPC but event logs and Netlogon, from TREE_CONNECT on, on Samba's
 * remote registry, services and policy, beside `net rpc registry` that reads the same keys.
 */
export async function benchInside(rounds: number): Promise<void> {
  const ends: (() => void | Promise<void>)[] = [];
  try {
    await bench({ after: (end) => void ends.push(end) }, rounds);
  } finally {
    // In their order: what a server started is ended by a file in its folder.
    for (const end of ends) await end();
  }
}

async function bench(scope: Scope, rounds: number): Promise<void> {
  const smbd = await startSmbd(scope);
  fill(scope, smbd, Object.values(CONTENTS)[0] ?? {});
  const rows: string[][] = [];
  const least = new Map<number, number>();
  const theirs = new Map<number, number>();
  let asked = 0;
  let keys: readonly string[] = [];
  for (const line of [...LINES, LONG_LINE]) {
    const relay = await startRelay(smbd.port, line);
    const samples: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const seen = await inquire(relay.port);
      if (round > 0) samples.push(seen.millis);
      asked = seen.questions;
      keys = seen.keys;
    }
    const ours = summarise(samples);
    least.set(line, ours.least);
    const net = line === LONG_LINE ? Number.NaN : await timeNet(relay.port, keys);
    theirs.set(line, net);
    rows.push([
      line === 0 ? 'loopback' : `${line} ms`,
      ...[ours.median, ours.least, ours.most].map(show),
      ...(Number.isNaN(net) ? ['-', '-'] : [show(net), (ours.median / net).toFixed(2)]),
    ]);
    await relay.close();
  }
  console.log(table(['line', 'ours, median', 'least', 'most', `net, ${keys.length} keys`, 'ours/net'], rows));
  // The least times: what a busy machine adds to one of them is no round trip.
  const trips = (times: ReadonlyMap<number, number>, line: number): string =>
    (((times.get(line) ?? Number.NaN) - (times.get(0) ?? Number.NaN)) / line).toFixed(1);
  console.log(
    `${asked} questions from TREE_CONNECT on: ${trips(least, 50)} round trips by the line of 50 ms (15 is the bar), ` +
      `${trips(least, LONG_LINE)} by that of ${LONG_LINE} ms; net, a process a key: ${trips(theirs, 50)}`,
  );
}

function fill(scope: Scope, smbd: Smbd, content: RegistryContent): void {
  const file = join(temporaryFolder(scope, 'bench-inside'), 'content.reg');
  writeFileSync(file, registryFile(content));
  const { status, stderr } = spawnSync(
    'net',
    ['registry', 'import', file, '--configfile', smbd.configuration],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`net registry import: ${stderr}`);
}

interface Inquired {
  /** From the first byte after the sign-in to the last answer. */
  readonly millis: number;
  readonly questions: number;
  /** Of HKLM, each once: those that are there. */
  readonly keys: readonly string[];
}

async function inquire(port: number): Promise<Inquired> {
  const bytes = (length: number): Uint8Array => systemRandom.bytes(length);
  const shared = {
    credential: { domain: '', ...SMB_USER },
    now: unixMillisToFiletime(systemClock.now()),
    workstation: 'RDPDOCTOR',
  };
  let questions = 0;
  const keys = new Set<string>();
  const note = (question: Question, answer: Answer): void => {
    questions += 1;
    if ('hive' in question && answer.state === 'present') keys.add(`HKLM\\${question.hive}\\${question.key}`);
  };
  const ask = (): readonly Inquiry<Evidence>[] =>
    machineInquiries({ channel: 'rpc', observedAt: '2026-01-01T00:00:00.000Z' }).map((inquiry) =>
      quickOnly(inquiry, note),
    );
  let began = Number.NaN;
  function* whole(): Dialog<number> {
    const session = yield* openSmbSession({
      server: '127.0.0.1',
      ...shared,
      random: {
        clientGuid: bytes(16),
        salt: bytes(32),
        exportedSessionKey: bytes(16),
        clientChallenge: bytes(8),
      },
    });
    if (session.kind === 'failed') throw new Error(session.problem);
    began = performance.now();
    const { noPipes, noRegistry } = yield* inquireOverRpc(
      session,
      { ...shared, random: bytes },
      ask,
      () => undefined,
    );
    if (noPipes ?? noRegistry) throw new Error(JSON.stringify(noPipes ?? noRegistry));
    return performance.now() - began;
  }
  const deadline = systemClock.monotonic() + 60_000;
  const { result } = await createNetwork(systemClock).converse({ address: '127.0.0.1', port }, whole(), {
    label: 'rpc',
    deadline,
  });
  if (result === undefined) throw new Error('no connection');
  return { millis: result, questions, keys: [...keys] };
}

/** Event logs and Netlogon take as long as the machine needs: they are answered here, and not asked. */
function* quickOnly<T>(inquiry: Inquiry<T>, note: (question: Question, answer: Answer) => void): Inquiry<T> {
  let step = inquiry.next();
  while (!step.done) {
    const questions = step.value;
    const quick = questions.filter((question) => !isSlow(question));
    const answers = quick.length > 0 || questions.length === 0 ? yield quick : [];
    let next = 0;
    step = inquiry.next(
      questions.map((question) => {
        if (isSlow(question)) return { state: 'unknown', at: '', why: 'not-gathered' };
        const answer: Answer = answers[next++] ?? { state: 'unknown', at: '', why: 'not-gathered' };
        note(question, answer);
        return answer;
      }),
    );
  }
  return step.value;
}

function isSlow({ kind }: Question): boolean {
  return kind === 'events' || kind === 'logons' || kind === 'secure-channel';
}

async function timeNet(port: number, keys: readonly string[]): Promise<number> {
  let millis = 0;
  for (const key of keys) {
    millis += await timeProcess('net', [
      ...['rpc', 'registry', 'enumerate', key, '-S', '127.0.0.1', '-p', String(port)],
      ...['-U', `${SMB_USER.user}%${SMB_USER.password}`],
    ]);
  }
  return millis;
}
