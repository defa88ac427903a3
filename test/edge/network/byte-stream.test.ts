import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat } from '../../../src/core/bytes/writer.ts';
import { encodeTpkt, tpktLength } from '../../../src/core/protocol/tpkt.ts';
import { ByteStream } from '../../../src/edge/network/byte-stream.ts';

const HOUR = (): number => 3_600_000;

test('whatever pieces packets come in, they come out whole and in order', async () => {
  const packets = fc.array(fc.uint8Array({ minLength: 3, maxLength: 40 }).map(encodeTpkt), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(
      packets,
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      async (list, sizes) => {
        const socket = new PassThrough();
        const stream = new ByteStream(socket, () => 0);
        const bytes = concat(...list);
        for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
          const size = sizes[piece % sizes.length] ?? 1;
          socket.write(bytes.subarray(at, at + size));
          at += size;
        }
        socket.end();
        for (const packet of list) {
          const answer = await stream.read(tpktLength, 512, HOUR);
          assert.ok(answer.kind === 'received', answer.kind);
          assert.deepEqual(answer.bytes, packet);
        }
        assert.equal((await stream.read(tpktLength, 512, HOUR)).kind, 'closed');
      },
    ),
    { numRuns: 50 },
  );
});

test('a stream that is not read takes a bounded amount, and goes on when it is', async () => {
  const socket = new PassThrough({ highWaterMark: 16 * 1024 });
  const stream = new ByteStream(socket, () => 0);
  const packet = encodeTpkt(new Uint8Array(60_000).fill(7));
  let taken = 0;
  for (let count = 0; count < 200; count += 1) {
    if (!socket.write(packet)) {
      const drained = await Promise.race([
        new Promise<boolean>((resolve) => socket.once('drain', () => resolve(true))),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 50)),
      ]);
      if (!drained) break;
    }
    taken += packet.length;
  }
  assert.ok(taken < 1024 * 1024, `${taken} bytes were taken unread`);
  for (let count = 0; count < 6; count += 1) {
    const answer = await stream.read(tpktLength, 0x10000, HOUR);
    if (answer.kind !== 'received') break;
    assert.deepEqual(answer.bytes, packet);
    taken -= packet.length;
  }
  assert.ok(taken < 0.75 * 1024 * 1024);
});

test('what was read ahead is handed over once, and the next socket starts clean', async () => {
  const outer = new PassThrough();
  const stream = new ByteStream(outer, () => 0);
  outer.write(Uint8Array.from([...encodeTpkt(Uint8Array.of(1, 2, 3)), 0xaa, 0xbb]));
  assert.equal((await stream.read(tpktLength, 512, HOUR)).kind, 'received');
  assert.deepEqual(stream.release(), Uint8Array.of(0xaa, 0xbb));
  assert.deepEqual(stream.release(), new Uint8Array(0));
  const inner = new PassThrough();
  stream.moveTo(inner);
  // What still comes on the outer one is TLS's matter.
  outer.write(Uint8Array.of(0xcc));
  inner.write(encodeTpkt(Uint8Array.of(4, 5, 6)));
  const answer = await stream.read(tpktLength, 512, HOUR);
  assert.ok(answer.kind === 'received');
  assert.deepEqual(answer.bytes, encodeTpkt(Uint8Array.of(4, 5, 6)));
});

test('a socket that is gone before anybody listens is an ended one', async () => {
  const socket = new PassThrough();
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const stream = new ByteStream(socket, () => 0);
  assert.equal((await stream.read(tpktLength, 512, HOUR)).kind, 'closed');
});

test('an error is a reset, and what comes after it changes nothing', async () => {
  const socket = new PassThrough();
  const stream = new ByteStream(socket, () => 0);
  socket.destroy(new Error('ECONNRESET'));
  const answer = await stream.read(tpktLength, 512, HOUR);
  assert.ok(answer.kind === 'closed');
  assert.equal(answer.how, 'reset');
});
