// Standard input is read to its end and no further than a limit, and nobody waits for it longer than --timeout says.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readInput } from '../../src/edge/cli/standard-input.ts';

const BIN = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));

test('all of an input, in the order in which it came', async () => {
  const input = new PassThrough();
  input.write('first ');
  input.end('second');
  assert.deepEqual(await readInput(input, 100, 60_000), new TextEncoder().encode('first second'));
});

test('more than the limit is not read on', async () => {
  const input = new PassThrough();
  input.write('123');
  input.write('45');
  const bytes = await readInput(input, 4);
  assert.ok(bytes !== 'late' && bytes.length === 5);
});

test('an input that is not closed is given up, and let go', async () => {
  const input = new PassThrough();
  input.write('first');
  assert.equal(await readInput(input, 100, 1), 'late');
  assert.equal(input.destroyed, true);
});

test('diagnose --error - waits for no pipe longer than --timeout', async () => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', BIN, 'diagnose', '127.0.0.1:1', '--error', '-', '--timeout', '1'],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  child.stdin.write('Error code: 0x904');
  // It ends although the pipe stays open: without a limit this test would hang.
  const [status] = await once(child, 'exit');
  assert.match(said, /standard input was not closed within the time limit/);
  assert.equal(status, 2);
});
