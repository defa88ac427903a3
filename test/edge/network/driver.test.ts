import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { afterEach, test } from 'node:test';
import { toHex } from '../../../src/core/bytes/hex.ts';
import { type Dialog, type Received, receive, send, startTls } from '../../../src/core/protocol/dialog.ts';
import { encodeTpkt, tpktLength } from '../../../src/core/protocol/tpkt.ts';
import { createNetwork } from '../../../src/edge/network/driver.ts';
import { systemClock } from '../../../src/edge/system/clock.ts';
import { eventually, listen } from './listeners.ts';
import {
  answering,
  ask,
  closeListener,
  HELLO,
  listening,
  PACKET,
  perform,
  performOn,
  text,
} from './performing.ts';

afterEach(closeListener);

test('a packet in one chunk, byte by byte, and with more behind it', async () => {
  for (const chunks of [
    [PACKET],
    [...PACKET].map((byte) => Uint8Array.of(byte)),
    [Uint8Array.from([...PACKET, ...PACKET, 3])],
  ]) {
    const { connect, result, answered, opened } = await perform(answering(chunks), ask());
    assert.ok(result?.kind === 'received', JSON.stringify(result));
    assert.deepEqual(result.bytes, PACKET);
    assert.deepEqual(answered, [true]);
    assert.deepEqual(opened, [connect]);
    assert.equal(connect.state, 'open');
    await closeListener();
  }
});

test('two packets in one chunk are two answers', async () => {
  function* twice(): Dialog<readonly Received[]> {
    yield* send('hello', HELLO);
    return [yield* receive('first', tpktLength, 512), yield* receive('second', tpktLength, 512)];
  }
  const { result, answered } = await perform(answering([Uint8Array.from([...PACKET, ...HELLO])]), twice());
  assert.deepEqual(
    result?.map((answer) => answer.kind === 'received' && [...answer.bytes]),
    [[...PACKET], [...HELLO]],
  );
  assert.deepEqual(answered, [true]);
});

test('the end in the middle of a packet, with what had come', async () => {
  const { result, answered } = await perform(answering([PACKET.subarray(0, 6)], 'end'), ask());
  assert.ok(result?.kind === 'closed');
  assert.equal(result.how, 'end');
  assert.deepEqual(result.partial, PACKET.subarray(0, 6));
  assert.deepEqual(answered, [false]);
});

test('a reset is told from an end', async () => {
  const { result } = await perform(answering([], 'reset'), ask());
  assert.ok(result?.kind === 'closed');
  assert.equal(result.how, 'reset');
});

test('what came before the end is an answer still', async () => {
  const { result } = await perform(answering([PACKET], 'end'), ask());
  assert.equal(result?.kind, 'received');
});

test('silence ends at the deadline, with what had come', async () => {
  const { result, millis, answered } = await perform(answering([PACKET.subarray(0, 2)]), ask(), 250);
  assert.ok(result?.kind === 'timeout');
  assert.deepEqual(result.partial, PACKET.subarray(0, 2));
  assert.ok(millis >= 240 && millis < 1500, `${millis} ms`);
  assert.deepEqual(answered, [false]);
});

test('after the deadline every further request is a timeout at once', async () => {
  function* stubborn(): Dialog<readonly string[]> {
    const kinds: string[] = [];
    for (let times = 0; times < 50; times += 1) {
      kinds.push((yield* receive('answer', tpktLength, 512)).kind);
    }
    kinds.push((yield* startTls('TLS')).kind);
    return kinds;
  }
  const { result, millis } = await perform(() => undefined, stubborn(), 150);
  assert.deepEqual([...new Set(result)], ['timeout']);
  assert.ok(millis < 1500, `${millis} ms`);
});

test('a banner in pieces is put together before it is called foreign', async () => {
  const { result, answered } = await perform(
    answering([text('S'), text('SH-2.0-'), text('OpenSSH_9.2\r\n')]),
    ask(),
  );
  assert.ok(result?.kind === 'foreign');
  assert.equal(new TextDecoder().decode(result.partial), 'SSH-2.0-OpenSSH_9.2\r\n');
  assert.match(result.problem, /expected version 3/);
  assert.deepEqual(answered, [true]);
});

test('a foreign answer without end is kept by its beginning', async () => {
  const { result, millis } = await perform(answering([text('x'.repeat(100_000))]), ask());
  assert.ok(result?.kind === 'foreign');
  assert.equal(result.partial.length, 512);
  assert.ok(millis < 1000);
});

test('a packet that announces more than the limit is not waited for', async () => {
  const announced = Uint8Array.of(3, 0, 0xff, 0xff, 1, 2, 3);
  const { result, millis } = await perform(answering([announced]), ask(512));
  assert.ok(result?.kind === 'too-long');
  assert.deepEqual([result.announced, result.limit], [0xffff, 512]);
  assert.ok(millis < 1000);
});

test('a port where nobody listens refuses', async () => {
  const closed = await listen(() => undefined);
  await closed.close();
  const { connect, result, answered, entries } = await performOn(closed.port, ask());
  assert.equal(connect.state, 'refused');
  assert.equal(result, undefined);
  assert.deepEqual(answered, [false]);
  assert.deepEqual(
    entries.map(({ event }) => event),
    ['connect'],
  );
});

test('a dialog without a word opens and closes', async () => {
  // biome-ignore lint/correctness/useYield: a dialog without a word is still a dialog
  function* nothing(): Dialog<string> {
    return 'done';
  }
  const { result, answered } = await perform(() => undefined, nothing());
  assert.equal(result, 'done');
  assert.deepEqual(answered, [false]);
  await eventually('the listener sees the end', () => listening().ended.length === 1);
});

test('a fault in a dialog rejects, and the connection is closed all the same', async () => {
  function* broken(): Dialog<never> {
    yield* send('hello', HELLO);
    throw new TypeError('a fault of ours');
  }
  await assert.rejects(
    perform(() => undefined, broken()),
    /a fault of ours/,
  );
  await eventually('the listener sees the end', () => listening().ended.length === 1);
});

test('a send on a connection that has ended says so in the transcript, and the next receive tells', async () => {
  function* late(): Dialog<Received> {
    yield* receive('the end', tpktLength, 512);
    yield* send('too late', HELLO);
    return yield* receive('answer', tpktLength, 512);
  }
  const { result, entries } = await perform((socket) => socket.end(), late());
  assert.equal(result?.kind, 'closed');
  assert.match(entries.find(({ event }) => event === 'send')?.what ?? '', /^too late: not sent/);
});

// The transcript.

test('every byte of a connection is written down, under its number', async () => {
  const { entries } = await perform(answering([PACKET]), ask());
  assert.deepEqual(
    entries.map(({ connection, event, what, bytes }) => [
      connection,
      event,
      what.replace(/\d{4,}/, 'N'),
      bytes,
    ]),
    [
      [1, 'connect', 'test: 127.0.0.1 port N open', undefined],
      [1, 'send', 'hello', toHex(HELLO)],
      [1, 'receive', 'answer', toHex(PACKET)],
      [1, 'end', 'test', undefined],
    ],
  );
  for (const { at } of entries) assert.match(at, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test('what had come of a packet that never did is written down too', async () => {
  const { entries } = await perform(answering([PACKET.subarray(0, 5)], 'end'), ask());
  const received = entries.find(({ event }) => event === 'receive');
  assert.equal(received?.bytes, toHex(PACKET.subarray(0, 5)));
  assert.equal(received.what, 'answer: closed (end)');
});

test('a secret leaves only its length', async () => {
  const secret = encodeTpkt(text('derived from a password'));
  function* confide(): Dialog<Received> {
    yield* send('the secret', secret, true);
    return yield* receive('answer', tpktLength, 512);
  }
  let heard = '';
  const { entries } = await perform((socket) => {
    socket.once('data', (chunk) => {
      heard = toHex(chunk);
      socket.write(PACKET);
    });
  }, confide());
  assert.equal(heard, toHex(secret), 'it was sent all the same');
  const sent = entries.find(({ event }) => event === 'send');
  assert.equal(sent?.bytes, `(${secret.length} bytes left out: derived from a password)`);
  assert.ok(!JSON.stringify(entries).includes(toHex(secret).slice(10, 30)));
});

// What is left behind.

test('a peer that floods while nobody reads is held back', async () => {
  const chunk = new Uint8Array(64 * 1024).fill(0x55);
  let written = 0;
  function* patient(): Dialog<Received> {
    // The packet is never complete, and the flood behind it is no part of it.
    yield* receive('a packet', tpktLength, 512);
    return yield* receive('another', (buffered) => (buffered.length < 4 ? undefined : 4), 512);
  }
  const flood = (socket: Socket): void => {
    socket.write(PACKET);
    const pour = (): void => {
      while (socket.writable && written < 64 * 1024 * 1024) {
        written += chunk.length;
        if (!socket.write(chunk)) {
          socket.once('drain', pour);
          return;
        }
      }
    };
    pour();
  };
  const before = process.memoryUsage().arrayBuffers;
  const { result } = await perform(flood, patient());
  assert.equal(result?.kind, 'received');
  assert.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024);
  assert.ok(written < 32 * 1024 * 1024, `${written} bytes were taken`);
});

test('addresses and names', async () => {
  const network = createNetwork(systemClock);
  const soon = systemClock.monotonic() + 5000;
  assert.deepEqual(await network.resolve('192.0.2.4', soon), { kind: 'addresses', addresses: ['192.0.2.4'] });
  assert.deepEqual(await network.resolve('2001:db8::1', soon), {
    kind: 'addresses',
    addresses: ['2001:db8::1'],
  });
  const local = await network.resolve('localhost', soon);
  assert.ok(local.kind === 'addresses');
  assert.ok(local.addresses.some((address) => address === '127.0.0.1' || address === '::1'));
  const late = await network.resolve('localhost', systemClock.monotonic() - 1);
  assert.equal(late.kind, 'failed');
});
