// Servers that no client should have to meet, on loopback, and one that behaves, for them to spoil.
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext, type SecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import { ber, TAG } from '../../src/core/bytes/ber.ts';
import { tryDecode } from '../../src/core/bytes/decode-error.ts';
import { concat } from '../../src/core/bytes/writer.ts';
import { assembleCertificate, certificateToSign } from '../../src/core/crypto/self-signed.ts';
import type { Framing } from '../../src/core/protocol/dialog.ts';
import { type AvPair, avPairsOf, type TargetNames } from '../../src/core/protocol/ntlm-av-pairs.ts';
import { flagsOf, NTLM_FLAG } from '../../src/core/protocol/ntlm-flags.ts';
import { encodeChallenge } from '../../src/core/protocol/ntlm-messages.ts';
import { decodeTpkt, encodeTpkt, tpktLength } from '../../src/core/protocol/tpkt.ts';
import { encodeTsRequest, tsRequestLength } from '../../src/core/protocol/tsrequest.ts';
import {
  type ConnectionConfirm,
  decodeConnectionRequest,
  encodeConnectionConfirm,
  PROTOCOL,
} from '../../src/core/protocol/x224.ts';
import { PUBLISHED_CONNECT_RESPONSE } from '../core/protocol/connect-samples.ts';

/** What a server does with one connection, or with the inside of one; `nth` counts them from 1. */
export type Behaviour = (socket: Duplex, nth: number) => void;

export interface Server {
  readonly port: number;
  /** Connections taken so far. */
  accepted(): number;
  /** Waits until every connection has ended; fails when that takes more than a second. */
  idle(): Promise<void>;
  /** Takes no more connections; those that are open stay. */
  refuse(): void;
  close(): Promise<void>;
}

/** Listens on loopback. Nothing that a client does to it throws. */
export async function serve(behaviour: Behaviour): Promise<Server> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    behaviour(socket, accepted);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port from the system');
  return {
    port: address.port,
    accepted: () => accepted,
    idle: async () => {
      for (let tries = 0; sockets.size > 0 && tries < 100; tries += 1) await sleep(10);
      assert.equal(sockets.size, 0, 'connections were left open');
    },
    refuse: () => void server.close(),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port of loopback on which nobody listens. */
export async function refusedPort(): Promise<number> {
  const server = await serve(() => undefined);
  await server.close();
  return server.port;
}

type Bytes = Uint8Array | string;

/** Says this to everyone who connects, before a word of theirs. */
export function greets(bytes: Bytes): Behaviour {
  return (socket) => {
    socket.resume();
    socket.write(bytes);
  };
}

/** Says this when the client has said something. */
export function answers(bytes: Bytes, then: 'hold' | 'end' | 'reset' = 'hold'): Behaviour {
  return (socket) => {
    socket.once('data', () => socket.write(bytes, () => leave(socket, then)));
    socket.resume();
  };
}

/** The same, one byte after the other. */
export function drips(bytes: Uint8Array, everyMillis: number): Behaviour {
  return (socket) => {
    let sent = 0;
    const timer = setInterval(() => {
      if (sent < bytes.length) socket.write(bytes.subarray(sent, sent + 1));
      sent += 1;
    }, everyMillis);
    socket.on('close', () => clearInterval(timer));
    socket.resume();
  };
}

/** Says the beginning and then the rest for ever, as fast as the client takes it. */
export function floods(first: Uint8Array, forEver: Uint8Array): Behaviour {
  return (socket) => {
    const pour = (): void => {
      while (!socket.destroyed && socket.write(forEver));
    };
    socket.resume();
    socket.on('drain', pour);
    socket.once('data', () => {
      socket.write(first);
      pour();
    });
  };
}

/** Takes the connection and says nothing. */
export const isSilent: Behaviour = (socket) => void socket.resume();

/** Ends every connection at once. */
export function hangsUp(how: 'end' | 'reset'): Behaviour {
  return (socket) => leave(socket, how);
}

function leave(socket: Duplex, how: 'hold' | 'end' | 'reset'): void {
  // Unread input would turn the end into a reset.
  socket.resume();
  if (how === 'end') socket.end();
  if (how === 'reset') socket instanceof Socket ? socket.resetAndDestroy() : socket.destroy();
}

// ---- Remote Desktop, well done, for the hostile to spoil ----

/** Waits for one whole packet; what comes after it stays in the socket. What does not frame is passed over. */
export function onPacket(socket: Duplex, framing: Framing, answer: (packet: Uint8Array) => void): void {
  let buffered: Uint8Array = new Uint8Array(0);
  const onData = (chunk: Uint8Array): void => {
    buffered = concat(buffered, chunk);
    const length = tryDecode(() => framing(buffered));
    if (!length.ok || length.value === undefined || buffered.length < length.value) return;
    const packet = buffered.slice(0, length.value);
    const rest = buffered.slice(length.value);
    // Whoever comes next reads on from here.
    socket.off('data', onData);
    socket.pause();
    if (rest.length > 0) socket.unshift(rest);
    answer(packet);
  };
  socket.on('data', onData);
  socket.resume();
}

/** One confirm in its TPKT. */
export function confirm(negotiation?: NonNullable<ConnectionConfirm['negotiation']>): Uint8Array {
  return encodeTpkt(
    encodeConnectionConfirm({
      destinationReference: 0,
      sourceReference: 0x1234,
      ...(negotiation === undefined ? {} : { negotiation }),
    }),
  );
}

export function selects(selectedProtocol: number): Uint8Array {
  return confirm({ kind: 'response', flags: 0x1f, selectedProtocol });
}

export function fails(failureCode: number): Uint8Array {
  return confirm({ kind: 'failure', flags: 0, failureCode });
}

/** What an ordinary listener that offers everything selects. */
export function bestOf(requested: number): number {
  if ((requested & PROTOCOL.hybridEx) !== 0) return PROTOCOL.hybridEx;
  if ((requested & PROTOCOL.hybrid) !== 0) return PROTOCOL.hybrid;
  return requested & PROTOCOL.ssl;
}

export interface Listener {
  /** The whole answer to a Connection Request. */
  readonly confirm: (requested: number, nth: number) => Uint8Array;
  /** The answer to an MCS Connect-Initial. */
  readonly connectResponse: Behaviour;
  /** What happens on the wire where TLS is to begin. The default is TLS, and `credssp` inside it. */
  readonly tls: Behaviour;
  /** What happens inside TLS on the first TSRequest. */
  readonly credssp: Behaviour;
  readonly context: SecureContext;
}

/** A Remote Desktop listener that offers everything, with the given parts replaced. */
export function listener(change: Partial<Listener> = {}): Behaviour {
  const parts: Listener = {
    confirm: (requested) => selects(bestOf(requested)),
    connectResponse: (socket) => void socket.write(PUBLISHED_CONNECT_RESPONSE),
    tls: (socket, nth) => {
      const inside = new TLSSocket(socket, { isServer: true, secureContext: parts.context });
      inside.on('error', () => undefined);
      onPacket(inside, tsRequestLength, () => parts.credssp(inside, nth));
    },
    credssp: (inside) => void inside.write(challenge()),
    context: change.context ?? ordinaryContext(),
    ...change,
  };
  return (socket, nth) => {
    onPacket(socket, tpktLength, (packet) => {
      const request = tryDecode(() => decodeConnectionRequest(decodeTpkt(packet)));
      const requested = request.ok ? (request.value.negotiation?.requestedProtocols ?? 0) : 0;
      socket.write(parts.confirm(requested, nth));
      if (bestOf(requested) === PROTOCOL.rdp)
        onPacket(socket, tpktLength, () => parts.connectResponse(socket, nth));
      else parts.tls(socket, nth);
    });
  };
}

const CHALLENGE_FLAGS = flagsOf(
  NTLM_FLAG.NEGOTIATE_UNICODE,
  NTLM_FLAG.NEGOTIATE_NTLM,
  NTLM_FLAG.NEGOTIATE_EXTENDED_SESSIONSECURITY,
  NTLM_FLAG.NEGOTIATE_TARGET_INFO,
  NTLM_FLAG.NEGOTIATE_VERSION,
);

const NAMES: TargetNames = {
  nbDomainName: 'CORP',
  nbComputerName: 'VM1',
  dnsDomainName: 'corp.example',
  dnsComputerName: 'vm1.corp.example',
};

/** A TSRequest with a CHALLENGE that has these pairs, in a message of its own making where one is given. */
export function challenge(pairs: readonly AvPair[] = avPairsOf(NAMES)): Uint8Array {
  const message = encodeChallenge({
    flags: CHALLENGE_FLAGS,
    targetName: 'CORP',
    serverChallenge: new Uint8Array(8).fill(7),
    targetInfo: { pairs },
    version: { major: 10, minor: 0, build: 20348, revision: 15 },
  });
  return encodeTsRequest({ version: 6, negoTokens: [message] });
}

export function challengeNaming(names: TargetNames): Uint8Array {
  return challenge(avPairsOf({ ...NAMES, ...names }));
}

/** One end of a connection that is gone after so many bytes of its own. */
export function cut(
  socket: Duplex,
  bytes: number,
  how: 'end' | 'reset',
  count?: (bytes: number) => void,
): Duplex {
  let left = bytes;
  const line = new Duplex({
    read: () => undefined,
    write(chunk: Uint8Array, _encoding, done) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      count?.(part.length);
      socket.write(part, () => done());
      if (left === 0) leave(socket, how);
    },
  });
  line.on('error', () => undefined);
  socket.on('data', (chunk) => line.push(chunk));
  socket.on('close', () => line.destroy());
  if (bytes === 0) leave(socket, how);
  return line;
}

// ---- certificates ----

/** Short, since thousands of handshakes are made with it. */
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const rsaPem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' });

export interface CertificateWishes {
  readonly commonName?: string;
  readonly notBefore?: number;
  readonly notAfter?: number;
  /** Replaces both dates: two Time values in BER. */
  readonly validity?: Uint8Array;
}

/** A self-signed certificate in DER, for the key of `contextWith`. */
export function certificate(wishes: CertificateWishes = {}): Uint8Array {
  const { validity, ...asked } = wishes;
  const notBefore = Date.UTC(2026, 0, 1);
  const notAfter = Date.UTC(2040, 0, 1);
  const tbs = certificateToSign({
    commonName: 'vm1.corp.example',
    notBefore,
    notAfter,
    serial: Uint8Array.of(1, 2, 3),
    subjectPublicKeyInfo: new Uint8Array(rsa.publicKey.export({ type: 'spki', format: 'der' })),
    ...asked,
  });
  const signed = validity === undefined ? tbs : withValidity(tbs, validity);
  return assembleCertificate(signed, new Uint8Array(sign('sha256', signed, rsa.privateKey)));
}

/** Two UTCTimes of 13 bytes in a SEQUENCE of 32 are the only ones of that shape in a TBSCertificate. */
function withValidity(tbs: Uint8Array, validity: Uint8Array): Uint8Array {
  const at = tbs.findIndex(
    (byte, index) => byte === TAG.sequence && tbs[index + 1] === 30 && tbs[index + 2] === TAG.utcTime,
  );
  if (at < 0) throw new Error('the certificate has no validity of two UTCTimes');
  const headerLength = 4;
  return ber(
    TAG.sequence,
    tbs.subarray(headerLength, at),
    ber(TAG.sequence, validity),
    tbs.subarray(at + 2 + 30),
  );
}

export function contextWith(chain: readonly Uint8Array[], options: SecureContextOptions = {}): SecureContext {
  const pem = chain.map(
    (der) =>
      `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`,
  );
  return createSecureContext({
    key: rsaPem,
    cert: pem.join(''),
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
    ...options,
  });
}

let ordinary: SecureContext | undefined;

function ordinaryContext(): SecureContext {
  ordinary ??= contextWith([certificate()]);
  return ordinary;
}
