// Whatever happens where TLS begins and inside it: the same promises, and bounded memory.
import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';
import { describe } from 'node:test';
import { ber, TAG } from '../../src/core/bytes/ber.ts';
import { fromHex } from '../../src/core/bytes/hex.ts';
import { encodeUtf16le } from '../../src/core/bytes/utf16.ts';
import { concat } from '../../src/core/bytes/writer.ts';
import {
  selectedKeyShareExtension,
  selectedVersionExtension,
} from '../../src/core/protocol/tls-extensions.ts';
import {
  encodeCertificateMessage,
  encodeServerHello,
  helloRetryRequestRandom,
  type ServerHello,
} from '../../src/core/protocol/tls-hello.ts';
import {
  CONTENT_TYPE,
  encodeHandshakeMessage,
  encodeTlsRecord,
  HANDSHAKE_TYPE,
} from '../../src/core/protocol/tls-record.ts';
import { encodeTsRequest } from '../../src/core/protocol/tsrequest.ts';
import { checkHost, SHORT } from './check-host.ts';
import {
  answers,
  type Behaviour,
  certificate,
  challenge,
  challengeNaming,
  contextWith,
  floods,
  listener,
} from './hostile-servers.ts';

const nothing = new Uint8Array(0);
const hex = (text: string): Uint8Array => fromHex(text.replaceAll(' ', ''));
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

const record = (type: number, fragment: Uint8Array): Uint8Array =>
  encodeTlsRecord({ type, version: 0x0303, fragment });
const handshake = (type: number, body: Uint8Array): Uint8Array =>
  record(CONTENT_TYPE.handshake, encodeHandshakeMessage({ type, body }));
const often = (bytes: Uint8Array): Uint8Array => concat(...Array.from({ length: 2_000 }, () => bytes));

function serverHello(change: Partial<ServerHello> = {}): Uint8Array {
  const body = encodeServerHello({
    version: 0x0303,
    random: filled(32, 9),
    sessionId: nothing,
    suite: 0xc02f,
    compression: 0,
    extensions: [],
    ...change,
  });
  return handshake(HANDSHAKE_TYPE.serverHello, body);
}

function flight(change: Partial<ServerHello>, ...chain: readonly Uint8Array[]): Uint8Array {
  return concat(
    serverHello(change),
    handshake(HANDSHAKE_TYPE.certificate, encodeCertificateMessage(chain)),
    handshake(HANDSHAKE_TYPE.serverHelloDone, nothing),
  );
}

/** Where TLS begins the server does this instead. */
const inPlaceOfTls = (behaviour: Behaviour): Behaviour => listener({ tls: behaviour });

describe('in place of TLS', { concurrency: 6 }, () => {
  const none = { status: 1, failed: 'tls', says: 'no TLS version is accepted' } as const;
  const check = (name: string, behaviour: Behaviour, expected: Parameters<typeof checkHost>[2]): void =>
    checkHost(name, inPlaceOfTls(behaviour), expected);
  check('silence', (socket) => void socket.resume(), {
    status: 3,
    says: 'not answered in time',
    seconds: SHORT,
  });
  check('an end', (socket) => void socket.resume().end(), none);
  check('a record of 65,535 bytes', answers(hex('160303ffff')), none);
  check(
    'a message of 16 MB',
    answers(concat(serverHello(), record(CONTENT_TYPE.handshake, hex('0bfffffffffffc')))),
    { status: 3, says: 'OpenSSL on this machine stopped (excessive message size)' },
  );
  check('garbage without end', floods(nothing, filled(65_536, 0x16)), none);
  check(
    'a certificate without end',
    floods(
      concat(serverHello(), record(CONTENT_TYPE.handshake, hex('0b01ff0001fefd00fefa'))),
      record(CONTENT_TYPE.handshake, filled(16_000, 0)),
    ),
    { status: 3, says: 'OpenSSL on this machine stopped (excessive message size)' },
  );
  check('empty records without end', floods(nothing, often(record(CONTENT_TYPE.handshake, nothing))), none);
  check(
    'changes of the cipher without end',
    floods(nothing, often(record(CONTENT_TYPE.changeCipherSpec, hex('01')))),
    none,
  );
  check('warnings without end', floods(nothing, often(record(CONTENT_TYPE.alert, hex('0170')))), none);
  check(
    'two thousand hello requests',
    answers(often(record(CONTENT_TYPE.handshake, hex('00000000'))), 'end'),
    none,
  );

  check('a suite that was not offered', answers(flight({ suite: 0x1234 }, certificate())), none);
  check('a version that does not exist', answers(flight({ version: 0x0309 }, certificate())), none);
  check('a certificate that is none', answers(flight({}, filled(500, 0x30))), {
    status: 3,
    says: 'certificate unknown (corrupt): Certificate at byte',
  });
  check('a certificate of no bytes', answers(flight({}, nothing)), {
    status: 3,
    says: 'certificate unknown (corrupt): Certificate at byte',
  });
  const retry = serverHello({
    suite: 0x1301,
    random: helloRetryRequestRandom(),
    extensions: [selectedVersionExtension(0x0304), selectedKeyShareExtension(0x0017, nothing)],
  });
  check(
    'a retry request for every hello',
    (socket) => void socket.on('data', () => socket.write(retry)).resume(),
    { status: 1, says: 'TLS 1.3 accepted' },
  );
});

describe('certificates', { concurrency: 6 }, () => {
  const shows = (...chain: readonly Uint8Array[]): Behaviour => listener({ context: contextWith(chain) });
  const time = (tag: number, text: string): Uint8Array =>
    ber(
      tag,
      Array.from(text, (each) => each.charCodeAt(0)),
    );
  const valid = (from: string, until: string, tag: number = TAG.generalizedTime): Behaviour =>
    shows(certificate({ validity: concat(time(tag, from), time(tag, until)) }));
  const healthy = { status: 0, says: 'No cause was found' } as const;
  checkHost('until 9999-12-31', valid('20260101000000Z', '99991231235959Z'), {
    ...healthy,
    says: '2026-01-01 to 9999-12-31',
  });
  checkHost('from the year 0', valid('00000101000000Z', '99991231235959Z'), {
    ...healthy,
    says: '0000-01-01 to 9999-12-31',
  });
  checkHost(
    'of offsets beyond the years that there are',
    valid('00000101000000+9959', '99991231235959-9959'),
    healthy,
  );
  checkHost('of a thirteenth month', valid('991399999999Z', '991399999999Z', TAG.utcTime), {
    ...healthy,
    says: 'the time lies outside the calendar',
  });
  checkHost('of words for dates', valid('hello world!!', 'hello world!!', TAG.utcTime), {
    ...healthy,
    says: 'digits of a time',
  });
  checkHost('a subject of 20,000 letters', shows(certificate({ commonName: 'x'.repeat(20_000) })), {
    ...healthy,
    says: 'xxx…',
  });
  checkHost('a subject of a million letters', shows(certificate({ commonName: 'y'.repeat(1_000_000) })), {
    status: 3,
    says: 'OpenSSL on this machine stopped (excessive message size)',
  });
  checkHost(
    'a subject that drives a terminal',
    shows(certificate({ commonName: '\x1b[31mred\u202e\u009b2J\r\n\u200b' })),
    { ...healthy, says: 'CN=\\1B[31mred\\u202e\\u009b2J' },
  );
  checkHost('a chain of 60', shows(...Array.from({ length: 60 }, () => certificate())), healthy);
  checkHost(
    'a chain longer than any client takes',
    shows(...Array.from({ length: 600 }, () => certificate())),
    { status: 3, says: 'OpenSSL on this machine stopped (excessive message size)' },
  );
});

describe('inside TLS', { concurrency: 6 }, () => {
  const inside = (behaviour: Behaviour): Behaviour => listener({ credssp: behaviour });
  const sends = (bytes: Uint8Array): Behaviour => inside((socket) => void socket.write(bytes));
  const pours = (first: Uint8Array): Behaviour =>
    inside((socket) => {
      socket.write(first);
      pour(socket, filled(65_536, 0x30));
    });
  const blind = (says: string) => ({ status: 3, says });
  checkHost(
    'silence',
    inside(() => undefined),
    { ...blind('and then the server sent nothing in time'), seconds: SHORT },
  );
  checkHost(
    'an end',
    inside((socket) => void socket.end()),
    blind('and then the server closed the connection'),
  );
  checkHost(
    'a web server',
    sends(Buffer.from('HTTP/1.1 200 OK\r\n')),
    blind('the server sent an answer that could not be read'),
  );
  checkHost('2 GB announced', sends(hex('30847fffffff')), blind('announced a message of 2147483653 bytes'));
  checkHost('2 GB announced and poured', pours(hex('30847fffffff')), blind('announced a message of'));
  checkHost(
    '2^72 bytes announced',
    sends(hex('3089ffffffffffffffffff')),
    blind('the server sent an answer that could not be read'),
  );
  checkHost(
    'a length without end',
    sends(hex('3080')),
    blind('the server sent an answer that could not be read'),
  );
  checkHost(
    '64 KB announced, a byte at a time',
    inside((socket) => trickle(socket, hex('308300fff0'))),
    { ...blind('bytes of an answer in time'), seconds: SHORT },
  );
  checkHost(
    'a TSRequest without a token',
    sends(encodeTsRequest({ version: 6 })),
    blind('neither token nor status'),
  );
  checkHost(
    'a token that is none',
    sends(encodeTsRequest({ version: 6, negoTokens: [filled(30, 0)] })),
    blind('NTLMSSP'),
  );
  checkHost('a version below zero', sends(hex('3005a0030201fb')), blind('neither token nor status'));
  checkHost(
    'a list of names that lies about a length',
    sends(lyingPairs()),
    blind('expected 255 more bytes'),
  );
  checkHost('a status that nobody knows', sends(encodeTsRequest({ version: 6, errorCode: 0xdeadbeef })), {
    status: 3,
    failed: 'credssp',
    says: '0xDEADBEEF',
  });
});

describe('names and clocks', { concurrency: 6 }, () => {
  const states = (names: Parameters<typeof challengeNaming>[0]): Behaviour =>
    listener({ credssp: (socket) => void socket.write(challengeNaming(names)) });
  const skewed = { status: 1, says: 'The clocks are too far apart' } as const;
  checkHost('the year 1601', states({ timestamp: 0n }), { ...skewed, says: 'clock 1601-01-01 00:00:00 UTC' });
  checkHost('the year 30828', states({ timestamp: 2n ** 63n - 1n }), skewed);
  checkHost('the year 60056', states({ timestamp: 2n ** 64n - 1n }), skewed);
  checkHost(
    'names that drive a terminal',
    states({
      dnsComputerName: '\x1b]0;pwned\x07\u009b2J',
      dnsDomainName: 'a\u202eb\u2066\r\n\u2028\u061c\ufeff',
    }),
    { status: 0, says: 'domain a\\u202eb\\u2066\\u000d\\u000a\\u2028\\u061c\\ufeff' },
  );
  checkHost('a name of 30,000 letters', states({ dnsComputerName: 'A'.repeat(30_000) }), {
    status: 0,
    says: 'AAA…',
  });
  checkHost('halves of characters', states({ dnsComputerName: '\ud800vm\udc00' }), { status: 0, says: 'vm' });
});

/** MsvAvNbComputerName `VM1`, its length of 6 made 255. */
function lyingPairs(): Uint8Array {
  const bytes = challenge([{ id: 1, value: encodeUtf16le('VM1') }]).slice();
  const at = bytes.findIndex((_, index) =>
    hex('01000600').every((byte, offset) => bytes[index + offset] === byte),
  );
  assert.ok(at > 0);
  bytes[at + 2] = 0xff;
  return bytes;
}

function pour(socket: Duplex, bytes: Uint8Array): void {
  while (!socket.destroyed && socket.write(bytes));
  socket.once('drain', () => pour(socket, bytes));
}

function trickle(socket: Duplex, first: Uint8Array): void {
  socket.write(first);
  const timer = setInterval(() => void socket.write('x'), 5);
  socket.on('close', () => clearInterval(timer));
}
