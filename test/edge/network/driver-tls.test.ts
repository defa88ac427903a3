import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterEach, test } from 'node:test';
import { createSecureContext, TLSSocket } from 'node:tls';
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
import { tpktLength } from '../../../src/core/protocol/tpkt.ts';
import { tlsAlert } from '../../app/fake-rdp.ts';
import { eventually } from './listeners.ts';
import { answering, ask, closeListener, listening, PACKET, perform, text } from './performing.ts';

afterEach(closeListener);

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
    await closeListener();
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
    await eventually('the listener sees the end', () => listening().ended.length === 1);
    await closeListener();
  }
  await eventually(`nothing is open any more, but ${resources()}`, () => resources().length === 0);
});
