// The prompt on a real terminal: whatever ends it, the terminal echoes again, and a slip costs no attempt.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DEBIAN_PYTHON } from '../../peers/require-peer.ts';
import { listener, type Server, serve } from '../hostile-servers.ts';

const BIN = fileURLToPath(new URL('../../../src/bin.ts', import.meta.url));
const TERMINAL = fileURLToPath(new URL('terminal.py', import.meta.url));
const skip =
  process.platform === 'win32' || !existsSync(DEBIAN_PYTHON) ? 'no terminal to be had here' : false;

let target: Server;
before(async () => {
  target = await serve(listener());
});
after(() => target.close());

type Step = readonly ['wait' | 'type' | 'signal', string] | readonly ['stopped' | 'raw' | 'continue'];

interface Outcome {
  readonly status: number | null;
  readonly signal: string | null;
  readonly echo: boolean;
  readonly stops: readonly boolean[];
  readonly shown: string;
}

async function onTerminal(...steps: readonly Step[]): Promise<Outcome> {
  const { stdout } = await promisify(execFile)(
    DEBIAN_PYTHON,
    [
      ...[TERMINAL, JSON.stringify(steps), process.execPath, '--import', 'tsx', BIN],
      ...['diagnose', `127.0.0.1:${target.port}`, '--user', 'alice', '--timeout', '5', '--json'],
    ],
    { env: { ...process.env, RDPDOCTOR_PASSWORD: '' } },
  );
  return JSON.parse(stdout);
}

const ASKED: readonly Step[] = [['wait', 'Password for alice'], ['raw']];

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
  test(`${name} at the prompt ends it, and the terminal echoes again`, { skip }, async () => {
    const { status, signal, echo, shown } = await onTerminal(...ASKED, ['type', 'secret'], ['signal', name]);
    assert.equal(echo, true);
    assert.deepEqual([status, signal], name === 'SIGINT' ? [130, null] : [null, name]);
    assert.ok(!shown.includes('secret'), shown);
  });
}

for (const [name, key, ends] of [
  ['Ctrl-C', '\u0003', [130, null]],
  ['Ctrl-\\', '\u001c', [null, 'SIGQUIT']],
] as const) {
  test(`${name} at the prompt ends it, and the terminal echoes again`, { skip }, async () => {
    const { status, signal, echo } = await onTerminal(...ASKED, ['type', `sec${key}`]);
    assert.equal(echo, true);
    assert.deepEqual([status, signal], ends);
  });
}

for (const [name, stop] of [
  ['SIGTSTP', ['signal', 'SIGTSTP']],
  ['Ctrl-Z', ['type', '\u001a']],
] as const) {
  test(`${name} at the prompt: the terminal echoes while it is stopped, and it asks again afterwards`, {
    skip,
  }, async () => {
    const { status, stops, echo, shown } = await onTerminal(
      ...ASKED,
      ['type', 'se'],
      stop,
      ['stopped'],
      ['continue'],
      ...ASKED,
      ['type', 'cret\r'],
    );
    assert.deepEqual(stops, [true]);
    assert.equal(echo, true);
    assert.ok(status === 0 || status === 3, `status ${status}: ${shown}`);
    assert.ok(!shown.includes('secret'), shown);
  });
}

test('an arrow key costs no attempt: refused with a sentence, nothing is sent', { skip }, async () => {
  const connections = target.accepted();
  const { status, shown, echo } = await onTerminal(...ASKED, ['type', 'sec\u001b[Dret\r']);
  assert.match(
    shown,
    /contains a control character \(U\+001B\), as an arrow key or Tab produces: nothing was sent/,
  );
  assert.deepEqual([status, echo, target.accepted()], [2, true, connections]);
});
