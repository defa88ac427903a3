import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { ByteSource, OpenedSource } from '../../../src/app/ports/byte-source.ts';
import type { ReadResult } from '../../../src/core/formats/walker.ts';
import { type HttpSurroundings, openHttpSource } from '../../../src/edge/disk/http-source.ts';
import { type Answer, DECODED_SIGNATURE, RangeServer, SIGNATURE } from './range-server.ts';

const KIB = 1024;
const BLOB = Uint8Array.from({ length: 600_000 }, (_, index) => (index * 13 + (index >> 8)) & 0xff);
const SHORT_SILENCE_MILLIS = 300;
const NOW = Date.UTC(2026, 10, 22);

interface Bench {
  readonly server: RangeServer;
  readonly url: URL;
  readonly pauses: number[];
  open(): Promise<OpenedSource>;
  source(): Promise<ByteSource>;
}

/** Nothing that comes back may hold the signature, in any of its forms. */
function checkSecrecy(...values: readonly unknown[]): void {
  const text = JSON.stringify(values, (_, value) => (typeof value === 'function' ? undefined : value));
  for (const secret of [SIGNATURE, DECODED_SIGNATURE, 'sig=', '2024-11-04']) {
    assert.equal(text.includes(secret), false, 'a part of the SAS came back');
  }
}

async function bench(
  t: TestContext,
  options: { se?: string; blob?: Uint8Array; silenceMillis?: number } = {},
): Promise<Bench> {
  const server = new RangeServer(options.blob ?? BLOB);
  const url = await server.start(t, options.se);
  const pauses: number[] = [];
  const surroundings: HttpSurroundings = {
    // Long: on a busy machine a healthy server in this very process may take its time.
    silenceMillis: options.silenceMillis ?? 60_000,
    sleep: (millis) => {
      pauses.push(millis);
      return Promise.resolve();
    },
    now: () => NOW,
    random: () => 0.5,
  };
  const open = async () => {
    const opened = await openHttpSource(url, surroundings);
    if (opened.ok) {
      t.after(() => opened.source.close());
      checkSecrecy(opened.source.name, opened.source.cost);
    } else checkSecrecy(opened);
    return opened;
  };
  return {
    server,
    url,
    pauses,
    open,
    source: async () => {
      const opened = await open();
      assert.ok(opened.ok, opened.ok ? '' : opened.problem);
      return opened.source;
    },
  };
}

async function readOne(source: ByteSource, offset: number, length: number): Promise<ReadResult> {
  const [result] = await source.read([{ offset, length }]);
  checkSecrecy(source.name, source.cost, result?.ok === true ? undefined : result);
  return result ?? { ok: false, problem: 'the test got no answer' };
}

function checkBytes(result: ReadResult | undefined, offset: number, length: number): void {
  assert.ok(result?.ok === true, result?.ok === false ? result.problem : 'no answer');
  assert.deepEqual(Buffer.from(result.bytes), Buffer.from(BLOB.slice(offset, offset + length)));
}

test('ranges are what the blob holds; only single closed ranges are asked for, with the ETag', async (t) => {
  const { server, source: open } = await bench(t);
  const source = await open();
  assert.equal(source.size, BLOB.length);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ offset: fc.nat(610_000), length: fc.nat(200_000) }, { noNullPrototype: true }), {
        maxLength: 5,
      }),
      async (ranges) => {
        const results = await source.read(ranges);
        assert.equal(results.length, ranges.length);
        for (const [index, { offset, length }] of ranges.entries())
          checkBytes(results[index], offset, length);
      },
    ),
    { numRuns: 30 },
  );
  const [first, ...others] = server.asked;
  assert.deepEqual([first?.range, first?.ifMatch], ['bytes=0-131071', undefined]);
  for (const { range, ifMatch, start, end } of others) {
    assert.match(range, /^bytes=\d+-\d+$/);
    assert.ok(
      end < BLOB.length && start >= 128 * KIB,
      `${range}: the first bytes are known, and there are none past the end`,
    );
    assert.equal(ifMatch, '"0x8D1"');
  }
});

test('the name is the URL without its query; the cost counts rounds, requests and bytes', async (t) => {
  const { server, url, source: open } = await bench(t);
  const source = await open();
  assert.equal(source.name, `http://${url.host}/vhds/os%20disk.vhd`);
  assert.deepEqual(source.cost, { bytes: 128 * KIB, requests: 1, rounds: 1 });
  checkBytes(await readOne(source, 10, 1000), 10, 1000);
  checkBytes(await readOne(source, BLOB.length, 1000), 0, 0);
  assert.deepEqual(source.cost, { bytes: 128 * KIB, requests: 1, rounds: 1 });
  await source.read([
    { offset: 130_608, length: 1000 },
    { offset: 400_000, length: 1000 },
  ]);
  assert.deepEqual(source.cost, { bytes: 128 * KIB + 536 + 1000, requests: 3, rounds: 2 });
  assert.deepEqual(
    server.asked
      .slice(1)
      .map(({ range }) => range)
      .sort(),
    ['bytes=131072-131607', 'bytes=400000-400999'],
  );
});

test('a name and password in the URL are not shown either', async (t) => {
  const { url } = await bench(t);
  url.username = 'eve';
  url.password = 'hunter2';
  const opened = await openHttpSource(url);
  assert.ok(opened.ok, 'it opens');
  await opened.source.close();
  assert.equal(/eve|hunter2/.test(opened.source.name), false);
});

test('ranges of a batch are fetched side by side, eight at a time', async (t) => {
  const { server, source: open } = await bench(t);
  const source = await open();
  let held: (() => void)[] = [];
  server.answer = (asked, response) => {
    held.push(() => server.serveWell(asked, response));
    // All that may come at once has come: let them go.
    if (held.length === 8 || server.asked.length === 21) for (const go of held.splice(0)) setImmediate(go);
    return undefined;
  };
  const ranges = Array.from({ length: 20 }, (_, index) => ({ offset: 140_000 + index * 5000, length: 100 }));
  const results = await source.read(ranges);
  for (const [index, { offset, length }] of ranges.entries()) checkBytes(results[index], offset, length);
  assert.equal(server.most, 8);
  held = [];
});

test('a blob smaller than the first fetch', async (t) => {
  const { source: open, server } = await bench(t, { blob: BLOB.slice(0, 1000) });
  const source = await open();
  assert.equal(source.size, 1000);
  checkBytes(await readOne(source, 900, 5000), 900, 100);
  assert.equal(server.asked.length, 1);
});

/** Answers that end the matter at once. */
for (const [name, answer, problem, advice] of [
  [
    '403',
    (_, response) => void response.writeHead(403).end('no'),
    /^the server refuses the SAS \(HTTP 403\)$/,
    /read permission/,
  ],
  [
    '401',
    (_, response) => void response.writeHead(401).end(),
    /refuses the SAS \(HTTP 401\)/,
    /read permission/,
  ],
  [
    '404',
    (_, response) => void response.writeHead(404).end(),
    /no blob at this URL/,
    /snapshot may have been deleted/,
  ],
  ['409', (_, response) => void response.writeHead(409).end(), /in use and cannot be read/, /Use a snapshot/],
  [
    '416',
    (_, response) => void response.writeHead(416).end(),
    /shorter than expected/,
    /copy of the disk is complete/,
  ],
  [
    'a redirect',
    (_, response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
    /HTTP 302/,
    /Give the URL of the blob itself/,
  ],
  [
    'no Content-Range',
    (_, response) => void response.writeHead(206).end('x'.repeat(131_072)),
    /a different range from the one requested/,
    /name the file/,
  ],
  [
    'several ranges',
    (_, response) =>
      void response.writeHead(206, { 'content-type': 'multipart/byteranges; boundary=x' }).end('--x--'),
    /a different range from the one requested/,
    /name the file/,
  ],
  [
    'a range that starts elsewhere',
    (_, response) =>
      void response.writeHead(206, { 'content-range': 'bytes 512-131583/600000' }).end('x'.repeat(131_072)),
    /a different range/,
    /name the file/,
  ],
  [
    'a range that is shorter',
    (_, response) => void response.writeHead(206, { 'content-range': 'bytes 0-0/600000' }).end('x'),
    /a different range/,
    /name the file/,
  ],
  [
    'a range that is longer',
    (_, response) =>
      void response.writeHead(206, { 'content-range': 'bytes 0-199999/600000' }).end('x'.repeat(200_000)),
    /a different range/,
    /name the file/,
  ],
  [
    'a size of 2^63',
    (_, response) =>
      void response
        .writeHead(206, { 'content-range': 'bytes 0-131071/9223372036854775808' })
        .end('x'.repeat(131_072)),
    /a different range/,
    /name the file/,
  ],
  [
    'a size that is not told',
    (_, response) =>
      void response.writeHead(206, { 'content-range': 'bytes 0-131071/*' }).end('x'.repeat(131_072)),
    /a different range/,
    /name the file/,
  ],
] satisfies readonly (readonly [string, Answer, RegExp, RegExp])[]) {
  test(`${name} is told and not tried again`, async (t) => {
    const { server, open, pauses } = await bench(t);
    server.answer = answer;
    const opened = await open();
    assert.equal(opened.ok, false);
    assert.match(opened.ok ? '' : opened.problem, problem);
    assert.match(opened.ok ? '' : opened.advice, advice);
    assert.equal(server.asked.length, 1);
    assert.deepEqual(pauses, []);
  });
}

test('403 with an expired SAS names the time', async (t) => {
  const { server, open } = await bench(t, { se: '2026-11-21T23:59:59Z' });
  server.answer = (_, response) => void response.writeHead(403).end();
  const opened = await open();
  assert.equal(opened.ok ? '' : opened.problem, 'the SAS expired at 2026-11-21T23:59:59Z');
});

test('a server that ignores ranges is not listened to', async (t) => {
  const { server, open } = await bench(t);
  let sent = 0;
  let ended: (() => void) | undefined;
  const closed = new Promise<void>((resolve) => (ended = resolve));
  server.answer = (_, response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed) {
        sent += 131_072;
        if (!response.write(BLOB.subarray(0, 131_072))) break;
      }
    };
    response.on('drain', more);
    response.on('close', () => ended?.());
    more();
    return undefined;
  };
  const opened = await open();
  assert.equal(
    opened.ok ? '' : opened.problem,
    'the server ignores byte ranges and would send the whole disk',
  );
  await closed;
  // What the sockets' buffers take, and not a body without end.
  assert.ok(sent < 16 * KIB * KIB, `${sent} bytes were sent`);
});

/** Bad moments: the same request again, with growing pauses. */
for (const [name, answer, pause] of [
  ['429 with Retry-After', (_, response) => void response.writeHead(429, { 'retry-after': '2' }).end(), 2000],
  [
    '503 with a long Retry-After',
    (_, response) => void response.writeHead(503, { 'retry-after': '3600' }).end(),
    5000,
  ],
  [
    '503 with a date',
    (_, response) => void response.writeHead(503, { 'retry-after': 'Sun, 22 Nov 2026 00:00:09 GMT' }).end(),
    250,
  ],
  ['500', (_, response) => void response.writeHead(500).end(), 250],
  ['408', (_, response) => void response.writeHead(408).end(), 250],
  ['a reset before the answer', (_, __, socket) => void socket.resetAndDestroy(), 250],
  [
    'a reset in the middle of the body',
    ({ start }, response, socket) => {
      response.writeHead(206, {
        'content-range': `bytes ${start}-${start + 999}/600000`,
        'content-length': 1000,
        etag: '"0x8D1"',
      });
      response.write(BLOB.subarray(0, 100), () => setTimeout(() => socket.resetAndDestroy(), 20));
      return undefined;
    },
    250,
  ],
  [
    'a body that ends early',
    ({ start }, response) => {
      response.writeHead(206, { 'content-range': `bytes ${start}-${start + 999}/600000`, etag: '"0x8D1"' });
      response.end(BLOB.subarray(0, 100));
      return undefined;
    },
    250,
  ],
  [
    'a body that does not end',
    ({ start }, response) => {
      response.writeHead(206, { 'content-range': `bytes ${start}-${start + 999}/600000`, etag: '"0x8D1"' });
      response.end(BLOB.subarray(0, 200_000));
      return undefined;
    },
    250,
  ],
  ['silence', () => undefined, 250],
  [
    'silence in the middle of the body',
    ({ start }, response) => {
      response.writeHead(206, {
        'content-range': `bytes ${start}-${start + 999}/600000`,
        'content-length': 1000,
        etag: '"0x8D1"',
      });
      response.write(BLOB.subarray(0, 100));
      return undefined;
    },
    250,
  ],
] satisfies readonly (readonly [string, Answer, number])[]) {
  test(`${name}, then a good answer: the bytes, after a pause of ${pause} ms`, async (t) => {
    const silent = name.startsWith('silence');
    const {
      server,
      source: open,
      pauses,
    } = await bench(t, silent ? { silenceMillis: SHORT_SILENCE_MILLIS } : {});
    const source = await open();
    let bad = true;
    server.answer = (...request) => {
      if (!bad) return true;
      bad = false;
      return answer(...request);
    };
    checkBytes(await readOne(source, 200_000, 1000), 200_000, 1000);
    // Where silence is short, a healthy answer may come too late as well.
    if (silent) assert.equal(pauses[0], pause);
    else assert.deepEqual(pauses, [pause]);
    assert.equal(server.asked.length, 2 + pauses.length);
    assert.equal(source.cost.requests, 2 + pauses.length);
  });
}

test('a server that stays bad is given up after four tries', async (t) => {
  const { server, source: open, pauses } = await bench(t);
  const source = await open();
  server.answer = (_, response) => void response.writeHead(503).end();
  const [bad, known] = await source.read([
    { offset: 200_000, length: 10 },
    { offset: 0, length: 10 },
  ]);
  assert.deepEqual(bad, { ok: false, problem: 'the server answered HTTP 503' });
  checkBytes(known, 0, 10);
  assert.deepEqual(pauses, [250, 500, 1000]);
  assert.equal(server.asked.length, 5);
});

test('a server that falls silent for good is given up', async (t) => {
  const { server, source: open, pauses } = await bench(t, { silenceMillis: SHORT_SILENCE_MILLIS });
  const source = await open();
  server.answer = () => undefined;
  const result = await readOne(source, 200_000, 10);
  assert.match(result.ok ? '' : result.problem, /cannot be reached \(ETIMEDOUT\)$/);
  assert.deepEqual(pauses.slice(-3), [250, 500, 1000]);
});

test('a blob that is changed while it is read', async (t) => {
  for (const change of [
    // The server minds If-Match …
    (server: RangeServer) => {
      server.etag = '"0x8D2"';
    },
    // … or does not know it, and has another ETag
    (server: RangeServer) => {
      server.answer = ({ start, end }, response) => {
        response.writeHead(206, { 'content-range': `bytes ${start}-${end}/600000`, etag: '"0x8D2"' });
        response.end(new Uint8Array(end - start + 1));
        return undefined;
      };
    },
    // … or only another size.
    (server: RangeServer) => {
      server.answer = ({ start, end }, response) => {
        response.writeHead(206, { 'content-range': `bytes ${start}-${end}/300512`, etag: '"0x8D1"' });
        response.end(new Uint8Array(end - start + 1));
        return undefined;
      };
    },
  ]) {
    const { server, source: open, pauses } = await bench(t);
    const source = await open();
    checkBytes(await readOne(source, 200_000, 100), 200_000, 100);
    change(server);
    assert.deepEqual(await readOne(source, 200_000, 100), {
      ok: false,
      problem: 'the blob changed while it was being read',
    });
    assert.deepEqual(pauses, []);
  }
});

test('a weak ETag is compared and not sent; no ETag at all will do', async (t) => {
  for (const etag of ['W/"1"', undefined]) {
    const { server, source: open } = await bench(t);
    server.etag = etag;
    const source = await open();
    checkBytes(await readOne(source, 200_000, 100), 200_000, 100);
    assert.equal(server.asked[1]?.ifMatch, undefined);
  }
});

test('nobody listens, and nobody is there: told by host, without the path', async (t) => {
  const { url } = await bench(t);
  const other: Server = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  other.close();
  await once(other, 'close');
  const surroundings: HttpSurroundings = {
    silenceMillis: 2000,
    sleep: () => Promise.resolve(),
    now: () => NOW,
    random: () => 0,
  };
  url.port = String(typeof address === 'object' ? address?.port : 0);
  const refused = await openHttpSource(url, surroundings);
  checkSecrecy(refused);
  assert.equal(refused.ok ? '' : refused.problem, `${url.host} cannot be reached (ECONNREFUSED)`);
  const nowhere = await openHttpSource(new URL(`http://disk.invalid/x?sig=${SIGNATURE}`), surroundings);
  checkSecrecy(nowhere);
  assert.match(
    nowhere.ok ? '' : nowhere.problem,
    /^disk\.invalid cannot be reached \((ENOTFOUND|EAI_AGAIN)\)$/,
  );
});

test('https to a server that speaks plain HTTP', async (t) => {
  const { url } = await bench(t);
  url.protocol = 'https:';
  const opened = await openHttpSource(url, {
    silenceMillis: 2000,
    sleep: () => Promise.resolve(),
    now: () => NOW,
    random: () => 0,
  });
  checkSecrecy(opened);
  assert.match(opened.ok ? '' : opened.problem, /cannot be reached \(E[A-Z_]+\)$/);
});

test('closing ends what is under way, and it is not tried again', async (t) => {
  const { server, source: open, pauses } = await bench(t);
  const source = await open();
  server.answer = () => {
    void source.close();
    return undefined;
  };
  const result = await readOne(source, 200_000, 10);
  assert.equal(result.ok, false);
  assert.deepEqual(pauses, []);
});
