import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterEach, test } from 'node:test';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { ConnectResult, Conversation, Network } from '../../../src/app/ports/network.ts';
import { toHex } from '../../../src/core/bytes/hex.ts';
import { assembleCertificate, certificateToSign } from '../../../src/core/crypto/self-signed.ts';
import {
  type Dialog,
  type Received,
  receive,
  type Secured,
  send,
  startTls,
} from '../../../src/core/protocol/dialog.ts';
import { encodeTpkt, tpktLength } from '../../../src/core/protocol/tpkt.ts';
import { createNetwork } from '../../../src/edge/network/driver.ts';
import type { TranscriptEntry } from '../../../src/edge/network/transcript.ts';
import { systemClock } from '../../../src/edge/system/clock.ts';
import { tlsAlert } from '../../app/fake-rdp.ts';
import { eventually, type Listener, listen } from './listeners.ts';

const PACKET = encodeTpkt(Uint8Array.of(1, 2, 3, 4, 5));
const HELLO = encodeTpkt(Uint8Array.of(9, 9, 9));

let listener: Listener | undefined;
afterEach(async () => {
  await listener?.close();
  listener = undefined;
});

interface Performed<T> extends Conversation<T> {
  readonly entries: readonly TranscriptEntry[];
  readonly opened: readonly ConnectResult[];
  readonly answered: readonly boolean[];
  readonly millis: number;
}

/** Performs a dialog against a listener that treats its connection as told. */
async function perform<T>(
  handle: (socket: Socket) => void,
  dialog: Dialog<T>,
  millis = 2000,
): Promise<Performed<T>> {
  listener = await listen(handle);
  return performOn(listener.port, dialog, millis);
}

async function performOn<T>(port: number, dialog: Dialog<T>, millis = 2000): Promise<Performed<T>> {
  const entries: TranscriptEntry[] = [];
  const network: Network = createNetwork(systemClock, { record: (entry) => void entries.push(entry) });
  const opened: ConnectResult[] = [];
  const answered: boolean[] = [];
  const started = systemClock.monotonic();
  const conversation = await network.converse({ address: '127.0.0.1', port, serverName: 'vm1' }, dialog, {
    label: 'test',
    deadline: started + millis,
    opened: (connect) => void opened.push(connect),
    answered: (clean) => void answered.push(clean),
  });
  return { ...conversation, entries, opened, answered, millis: systemClock.monotonic() - started };
}

function* ask(limit = 512): Dialog<Received> {
  yield* send('hello', HELLO);
  return yield* receive('answer', tpktLength, limit);
}

/** Answers when the client has spoken, with chunks a few milliseconds apart, then as told. */
function answering(chunks: readonly Uint8Array[], then?: 'end' | 'reset') {
  return (socket: Socket): void => {
    socket.once('data', async () => {
      for (const chunk of chunks) {
        socket.write(chunk);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      if (then === 'end') socket.end();
      if (then === 'reset') socket.resetAndDestroy();
    });
  };
}

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

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
    await listener?.close();
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
  await eventually('the listener sees the end', () => listener?.ended.length === 1);
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
  await eventually('the listener sees the end', () => listener?.ended.length === 1);
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

// TLS.

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const tbs = certificateToSign({
  commonName: 'vm1',
  notBefore: Date.UTC(2026, 0, 1),
  notAfter: Date.UTC(2030, 0, 1),
  serial: Uint8Array.of(1),
  subjectPublicKeyInfo: new Uint8Array(keys.publicKey.export({ type: 'spki', format: 'der' })),
});
const DER = assembleCertificate(tbs, new Uint8Array(sign('sha256', tbs, keys.privateKey)));
const PEM = `-----BEGIN CERTIFICATE-----\n${Buffer.from(DER).toString('base64')}\n-----END CERTIFICATE-----\n`;

function contextFor(version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') {
  return createSecureContext({
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: PEM,
    minVersion: version,
    maxVersion: version,
    ciphers: 'ALL:@SECLEVEL=0',
  });
}

/** Answers the first packet with `before`, then becomes a TLS server that echoes what it gets. */
function securing(version: Parameters<typeof contextFor>[0], before: Uint8Array = PACKET) {
  return (socket: Socket): void => {
    socket.once('data', () => {
      socket.write(before);
      const inside = new TLSSocket(socket, { isServer: true, secureContext: contextFor(version) });
      inside.on('error', () => undefined);
      inside.on('data', (chunk) => inside.write(chunk));
    });
  };
}

interface Inside {
  readonly secured: Secured;
  readonly answer?: Received;
}

function* goInside(): Dialog<Inside> {
  yield* ask();
  const secured = yield* startTls('TLS handshake');
  if (secured.kind !== 'secured') return { secured };
  yield* send('inside', PACKET);
  return { secured, answer: yield* receive('echo', tpktLength, 512) };
}

for (const [wire, version] of [
  ['TLSv1', '1.0'],
  ['TLSv1.1', '1.1'],
  ['TLSv1.2', '1.2'],
  ['TLSv1.3', '1.3'],
] as const) {
  test(`TLS ${version}: up, with the certificate, and the dialog goes on inside`, async () => {
    const { result, entries } = await perform(securing(wire), goInside());
    assert.ok(result?.secured.kind === 'secured', JSON.stringify(result));
    assert.equal(result.secured.version, version);
    assert.match(result.secured.cipher, /^TLS_/);
    assert.deepEqual(result.secured.certificates.map(toHex), [toHex(DER)]);
    assert.ok(result.answer?.kind === 'received');
    assert.deepEqual(result.answer.bytes, PACKET);
    // The transcript has the inside in the clear.
    const inside = entries.slice(entries.findIndex(({ event }) => event === 'start-tls') + 1);
    assert.deepEqual(
      inside.map(({ event, bytes }) => [event, bytes]),
      [
        ['send', toHex(PACKET)],
        ['receive', toHex(PACKET)],
        ['end', undefined],
      ],
    );
  });
}

test('bytes that were read ahead are the beginning of TLS', async () => {
  // A whole packet and an alert behind it in one chunk: the alert belongs to the handshake.
  const { result } = await perform(answering([Uint8Array.from([...PACKET, ...tlsAlert(40)])]), goInside());
  assert.ok(result?.secured.kind === 'tls-failed', JSON.stringify(result));
  assert.equal(result.secured.alert, 40);
});

test('a handshake that is refused with an alert says which', async () => {
  const refusing = (socket: Socket): void => {
    socket.once('data', () => {
      socket.write(PACKET);
      socket.once('data', () => socket.end(tlsAlert(70)));
    });
  };
  const { result } = await perform(refusing, goInside());
  assert.ok(result?.secured.kind === 'tls-failed');
  assert.equal(result.secured.alert, 70);
});

test('a handshake that is answered with garbage fails without an alert, in words', async () => {
  const { result } = await perform(answering([PACKET, text('HTTP/1.1 400 Bad Request\r\n\r\n')]), goInside());
  assert.ok(result?.secured.kind === 'tls-failed');
  assert.equal(result.secured.alert, undefined);
  assert.match(result.secured.reason, /^[a-z0-9 ]+$/);
});

test('a handshake that ends, is reset, or is never answered', async () => {
  const after = (act: (socket: Socket) => void) => (socket: Socket) => {
    socket.once('data', () => {
      socket.write(PACKET);
      socket.once('data', () => act(socket));
    });
  };
  for (const [act, kind, how] of [
    [(socket: Socket) => socket.end(), 'closed', 'end'],
    [(socket: Socket) => socket.resetAndDestroy(), 'closed', 'reset'],
    [() => undefined, 'timeout', undefined],
  ] as const) {
    const { result, millis, entries } = await perform(after(act), goInside(), 400);
    assert.equal(result?.secured.kind, kind);
    assert.equal(result.secured.kind === 'closed' ? result.secured.how : undefined, how);
    assert.ok(millis < 1500);
    assert.match(entries.find(({ event }) => event === 'start-tls')?.what ?? '', new RegExp(`: ${kind}$`));
    await listener?.close();
  }
});

test('TLS on a connection that has ended is closed', async () => {
  function* late(): Dialog<Secured> {
    yield* receive('the end', tpktLength, 512);
    return yield* startTls('TLS');
  }
  const { result, entries } = await perform((socket) => socket.end(), late());
  assert.equal(result?.kind, 'closed');
  assert.ok(entries.some(({ event, what }) => event === 'start-tls' && what === 'TLS: closed'));
});

test('the end inside TLS is an end', async () => {
  const closing = (socket: Socket): void => {
    socket.once('data', () => {
      socket.write(PACKET);
      const inside = new TLSSocket(socket, { isServer: true, secureContext: contextFor('TLSv1.2') });
      inside.on('error', () => undefined);
      inside.once('data', () => inside.end());
    });
  };
  const { result } = await perform(closing, goInside());
  assert.ok(result?.answer?.kind === 'closed');
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

test('nothing is left open: no socket, no timer', async () => {
  const resources = (): readonly string[] =>
    process.getActiveResourcesInfo().filter((name) => /Socket|TLS|Timeout/.test(name));
  for (const handle of [
    answering([PACKET]),
    answering([], 'reset'),
    answering([text('garbage')]),
    securing('TLSv1.2'),
    securing('TLSv1.3'),
    () => undefined,
  ]) {
    await perform(handle, goInside(), 300);
    await eventually('the listener sees the end', () => listener?.ended.length === 1);
    await listener?.close();
    listener = undefined;
  }
  await eventually(`nothing is open any more, but ${resources()}`, () => resources().length === 0);
});

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
