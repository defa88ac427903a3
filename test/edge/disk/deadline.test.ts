// One deadline over everything, the opening of a disk included: servers that drip, that promise for ever,
// and that want to speak something else. The listener beside the disk is reported all the same.
import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import type { Report } from '../../../src/core/model/report.ts';
import { textsOf } from '../../notices.ts';
import { checkShape } from '../check-report.ts';
import { type Behaviour, listener, refusedPort, type Server, serve } from '../hostile-servers.ts';
import { MainProcess } from '../run-main.ts';

const SIGNATURE = 'c2VjcmV0LXNpZ25hdHVyZQ';
const TIMEOUT_SECONDS = 2;
/** Starting the readers and printing takes some time too, on a busy machine more. */
const MOST_MILLIS = 4500;

let program: MainProcess;
let rdp: Server;
before(async () => {
  program = await MainProcess.start();
  rdp = await serve(listener());
});
after(async () => {
  program.end();
  await rdp.close();
});

/** Says something again and again until the other side goes. */
function repeat(socket: Duplex, text: string, first = ''): void {
  socket.write(first);
  const timer = setInterval(() => socket.write(text), 50);
  socket.on('close', () => clearInterval(timer));
}

const PARTIAL =
  'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-131071/1048576\r\nContent-Length: 131072\r\n';

const slow: readonly (readonly [name: string, behaviour: Behaviour])[] = [
  ['header bytes that drip', (socket) => repeat(socket, 'a', 'HTTP/1.1 206 Partial Content\r\nX-Long: ')],
  ['body bytes that drip', (socket) => repeat(socket, 'a', `${PARTIAL}\r\n`)],
  ['100 Continue for ever', (socket) => repeat(socket, 'HTTP/1.1 100 Continue\r\n\r\n')],
  ['103 Early Hints for ever', (socket) => repeat(socket, 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')],
  ['silence', () => undefined],
  [
    '503 with hours to wait',
    (socket) =>
      void socket.on('data', () =>
        socket.write('HTTP/1.1 503 Busy\r\nRetry-After: 7200\r\nContent-Length: 0\r\n\r\n'),
      ),
  ],
];

describe('a disk that is not opened in time', { concurrency: 1 }, () => {
  for (const [name, behaviour] of slow) {
    test(`${name}: the run ends in its time, and says what was the matter`, async (t) => {
      const server = await serve(behaviour);
      t.after(() => server.close());
      const place = `http://127.0.0.1:${server.port}/os.vhd?sv=1&sig=${SIGNATURE}`;
      const { status, stdout, stderr, millis } = await program.run([
        'diagnose',
        '--disk',
        place,
        '--timeout',
        String(TIMEOUT_SECONDS),
      ]);
      assert.ok(millis < MOST_MILLIS, `${millis} ms`);
      assert.match(stderr, /^rdpdoctor: [^\n]+\n$/);
      assert.ok(!stderr.includes(SIGNATURE));
      assert.deepEqual([status, stdout], [2, '']);
    });
  }

  test('the listener is looked at meanwhile, and the disk is a warning of its report', async (t) => {
    const server = await serve((socket) => repeat(socket, 'a', `${PARTIAL}\r\n`));
    t.after(() => server.close());
    const place = `http://127.0.0.1:${server.port}/os.vhd?sv=1&sig=${SIGNATURE}`;
    const { status, stdout, stderr, millis } = await program.run([
      'diagnose',
      `127.0.0.1:${rdp.port}`,
      '--disk',
      place,
      '--timeout',
      String(TIMEOUT_SECONDS),
      '--json',
    ]);
    assert.ok(millis < MOST_MILLIS, `${millis} ms`);
    assert.deepEqual([status, stderr], [0, '']);
    assert.ok(!stdout.includes(SIGNATURE));
    const report: Report = JSON.parse(stdout);
    checkShape(report);
    assert.deepEqual(report.looks, ['HOST']);
    assert.equal(report.target, `127.0.0.1:${rdp.port}, http://127.0.0.1:${server.port}/os.vhd`);
    assert.deepEqual(textsOf(report.warnings), [
      'the disk was not read: the server did not finish its answer in time. Allow more time with --timeout, or copy the disk to this machine.',
    ]);
  });
});

describe('a disk that cannot be opened, beside a listener', () => {
  const rows: readonly (readonly [name: string, place: string, says: string])[] = [
    ['no file', '/nowhere/os.vhd', 'there is no file /nowhere/os.vhd. Check the path of the disk image.'],
    [
      'no URL',
      `http://?sig=${SIGNATURE}`,
      'the URL of the disk is not valid. Copy the whole URL and put it in quotes.',
    ],
    ['another scheme', `ftp://vm/x?sig=${SIGNATURE}`, 'ftp://vm/x is not a URL that rdpdoctor can read'],
  ];
  for (const [name, place, says] of rows) {
    test(`${name}: the report of the listener, with a warning`, async () => {
      const { status, stdout, stderr } = await program.run([
        'diagnose',
        `127.0.0.1:${rdp.port}`,
        '--disk',
        place,
        '--json',
      ]);
      assert.deepEqual([status, stderr], [0, '']);
      assert.ok(!stdout.includes(SIGNATURE));
      const { warnings }: Report = JSON.parse(stdout);
      assert.ok(
        warnings.length === 1 && warnings[0]?.text.startsWith(`the disk was not read: ${says}`),
        textsOf(warnings).join('; '),
      );
    });
  }
});

describe('answers that are none', () => {
  /** Answers every request with the same bytes. */
  const answering =
    (text: string): Behaviour =>
    (socket) =>
      void socket.on('data', () => socket.write(text));
  const rows: readonly (readonly [name: string, text: string, says: RegExp])[] = [
    [
      '101 Switching Protocols',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      /^the server wants to switch to another protocol \(HTTP 101\)\. /,
    ],
    [
      '101 without Upgrade',
      'HTTP/1.1 101 Switching Protocols\r\n\r\n',
      /^the server wants to switch to another protocol \(HTTP 101\)\. /,
    ],
    [
      'a banner of SSH',
      'SSH-2.0-OpenSSH_9.2\r\n',
      /^what answers at 127\.0\.0\.1:\d+ does not speak HTTP \(HPE_[A-Z_]+\)\. /,
    ],
    [
      'headers without end',
      `HTTP/1.1 206 Partial Content\r\nX-Long: ${'a'.repeat(100_000)}\r\n\r\n`,
      /sends more headers than any storage service does\. /,
    ],
  ];
  for (const [name, text, says] of rows) {
    test(name, async (t) => {
      const server = await serve(answering(text));
      t.after(() => server.close());
      const { status, stderr } = await program.run([
        'diagnose',
        '--disk',
        `http://127.0.0.1:${server.port}/os.vhd?sig=${SIGNATURE}`,
        '--timeout',
        '5',
      ]);
      assert.match(stderr.replace(/^rdpdoctor: /, ''), says);
      assert.equal(status, 2);
    });
  }

  for (const code of [301, 302, 303, 307, 308]) {
    test(`a redirection (${code}) is not followed, and nobody else gets the signature`, async (t) => {
      const elsewhere = await serve(answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
      t.after(() => elsewhere.close());
      const server = await serve(
        answering(
          `HTTP/1.1 ${code} Moved\r\nLocation: http://127.0.0.1:${elsewhere.port}/x\r\nContent-Length: 0\r\n\r\n`,
        ),
      );
      t.after(() => server.close());
      const { status, stderr } = await program.run([
        'diagnose',
        '--disk',
        `http://127.0.0.1:${server.port}/os.vhd?sig=${SIGNATURE}`,
      ]);
      assert.match(
        stderr,
        new RegExp(`redirects to another address \\(HTTP ${code}\\), which rdpdoctor does not follow`),
      );
      assert.deepEqual([status, elsewhere.accepted(), server.accepted()], [2, 0, 1]);
    });
  }
});

test('a closed port of a storage service ends at once, with its reason', async () => {
  const { millis, stderr, status } = await program.run([
    'diagnose',
    '--disk',
    `http://127.0.0.1:${await refusedPort()}/x`,
    '--timeout',
    '2',
  ]);
  assert.match(stderr, /cannot be reached \(ECONNREFUSED\)/);
  assert.equal(status, 2);
  assert.ok(millis < MOST_MILLIS, `${millis} ms`);
});
