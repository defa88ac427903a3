// However fast and long a server talks, memory and transcript stay small.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { fromHex } from '../../src/core/bytes/hex.ts';
import { temporaryFolder } from '../peers/processes.ts';
import { checkShape } from './check-report.ts';
import { type Behaviour, floods, greets, listener, selects, serve } from './hostile-servers.ts';
import { MainProcess } from './run-main.ts';

const MEBIBYTE = 2 ** 20;
/** Above what the first, harmless run has needed: every connection may hold a quarter of one, and garbage waits to be collected. */
const MOST_MORE = 48 * MEBIBYTE;
const MOST_KEPT = 2 * MEBIBYTE;

const nothing = new Uint8Array(0);
const zeros = new Uint8Array(MEBIBYTE);

let program: MainProcess;
let usual = 0;
before(async () => {
  program = await MainProcess.start();
  const server = await serve(listener());
  usual = (await program.run(['diagnose', `127.0.0.1:${server.port}`])).maxRssBytes;
  await server.close();
});
after(() => program.end());

function pour(socket: Duplex): void {
  while (!socket.destroyed && socket.write(zeros));
  socket.once('drain', () => pour(socket));
}

/** These bytes, and then no end of others. */
function says(first: Uint8Array): Behaviour {
  return (socket) => {
    socket.write(first);
    pour(socket);
  };
}

const inside = (first: Uint8Array): Behaviour => listener({ credssp: says(first) });

describe('endless data', () => {
  const rows: readonly (readonly [name: string, behaviour: Behaviour])[] = [
    ['before a word of ours', says(nothing)],
    ['instead of a confirm', floods(nothing, zeros)],
    ['behind the head of a TPKT', floods(fromHex('0300ffff'), zeros)],
    ['behind a confirm', floods(selects(0), zeros)],
    ['in place of TLS', listener({ tls: floods(nothing, zeros) })],
    ['behind the head of a TLS record', listener({ tls: floods(fromHex('1603034000'), zeros) })],
    ['as security data', listener({ connectResponse: says(fromHex('0300ffff')) })],
    ['inside TLS', inside(nothing)],
    ['behind a TSRequest of 2 GB', inside(fromHex('30847fffffff'))],
    ['behind a TSRequest of 64 KB', inside(fromHex('308300fff0'))],
  ];
  for (const [name, behaviour] of rows) {
    test(name, async (t) => {
      const server = await serve(behaviour);
      t.after(() => server.close());
      const folder = join(temporaryFolder(t, 'flood'), 'case');
      const { stdout, status, millis, maxRssBytes } = await program.run([
        'diagnose',
        `127.0.0.1:${server.port}`,
        '--json',
        '--timeout',
        '5',
        '--case',
        folder,
      ]);
      checkShape(JSON.parse(stdout));
      assert.ok([0, 1, 3].includes(status), `status ${status}`);
      assert.ok(millis < 7_000, `${millis} ms`);
      const more = maxRssBytes - usual;
      t.diagnostic(`${Math.round(more / MEBIBYTE)} MiB more, ${Math.round(millis)} ms`);
      assert.ok(more < MOST_MORE, `${more} bytes more`);
      const kept = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
      assert.ok(kept < MOST_KEPT, `${kept} bytes in the case`);
      await server.idle();
    });
  }
});

test('--full ends in its time, whatever changes under it', async (t) => {
  const moods: readonly Behaviour[] = [
    listener(),
    listener(),
    listener({ tls: (socket) => void socket.resume() }),
    listener({ tls: floods(nothing, zeros) }),
    greets('RFB 003.008\n'),
    (socket) => void socket.destroy(),
  ];
  const server = await serve((socket, nth) => (moods[nth % moods.length] ?? listener())(socket, nth));
  t.after(() => server.close());
  const { stdout, millis } = await program.run([
    'diagnose',
    `127.0.0.1:${server.port}`,
    '--full',
    '--json',
    '--timeout',
    '4',
  ]);
  checkShape(JSON.parse(stdout));
  assert.ok(millis < 5_500, `${millis} ms`);
  await server.idle();
});
