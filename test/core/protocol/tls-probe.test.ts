import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import { concat } from '../../../src/core/bytes/writer.ts';
import { OFFERED_GROUPS, suitesFor } from '../../../src/core/knowledge/tls-suites.ts';
import {
  decodeKeyShares,
  decodeServerName,
  decodeSupportedVersions,
  decodeU16List,
  EXTENSION,
  findExtension,
  selectedKeyShareExtension,
  selectedVersionExtension,
} from '../../../src/core/protocol/tls-extensions.ts';
import {
  decodeClientHello,
  encodeCertificateMessage,
  encodeServerEcdhParams,
  encodeServerHello,
  helloRetryRequestRandom,
  type ServerHello,
} from '../../../src/core/protocol/tls-hello.ts';
import { clientHelloRecord, type HelloOptions, probeTls } from '../../../src/core/protocol/tls-probe.ts';
import {
  decodeHandshakeMessage,
  decodeTlsRecord,
  encodeHandshakeMessage,
  encodeTlsRecord,
} from '../../../src/core/protocol/tls-record.ts';
import { play } from '../dialog-drivers.ts';

const RANDOM = new Uint8Array(32).fill(7);
const SHARE = new Uint8Array(32).fill(9);

const offer = (version: number, more: Partial<HelloOptions> = {}): HelloOptions => ({
  versions: [version],
  suites: suitesFor(version),
  groups: OFFERED_GROUPS,
  random: RANDOM,
  keyShare: SHARE,
  ...more,
});

/** What a hello looks like, read back by the decoder. */
function sent(options: HelloOptions) {
  const bytes = clientHelloRecord(options);
  const record = decodeTlsRecord(bytes);
  const hello = decodeClientHello(decodeHandshakeMessage(record.fragment).body);
  const data = (type: number) => findExtension(hello.extensions, type)?.data;
  return { bytes, record, hello, data, types: hello.extensions?.map(({ type }) => type) };
}

function checkHello(name: string, options: HelloOptions, check: (hello: ReturnType<typeof sent>) => void) {
  test(`hello: ${name}`, () => check(sent(options)));
}

checkHello('SSL 3.0 has no extensions and signals renegotiation by a suite', offer(0x0300), (it) => {
  assert.equal(it.record.version, 0x0300);
  assert.equal(it.hello.version, 0x0300);
  assert.equal(it.types, undefined);
  assert.deepEqual(it.hello.suites, [...suitesFor(0x0300), 0x00ff]);
  assert.deepEqual(it.hello.random, RANDOM);
  assert.equal(it.hello.sessionId.length, 0);
  assert.deepEqual(it.hello.compressions, [0]);
});
checkHello('TLS 1.0', offer(0x0301), (it) => {
  assert.equal(it.record.version, 0x0301);
  assert.equal(it.hello.version, 0x0301);
  assert.deepEqual(it.types, [
    EXTENSION.extendedMasterSecret,
    EXTENSION.renegotiationInfo,
    EXTENSION.supportedGroups,
    EXTENSION.ecPointFormats,
  ]);
  assert.deepEqual(decodeU16List(it.data(EXTENSION.supportedGroups) ?? RANDOM), OFFERED_GROUPS);
});
checkHello('TLS 1.2 names signature algorithms, SHA-1 among them', offer(0x0303), (it) => {
  assert.equal(it.record.version, 0x0301);
  assert.equal(it.hello.version, 0x0303);
  assert.ok(decodeU16List(it.data(EXTENSION.signatureAlgorithms) ?? RANDOM).includes(0x0201));
  assert.equal(it.data(EXTENSION.supportedVersions), undefined);
  assert.equal(it.data(EXTENSION.sessionTicket), undefined);
});
checkHello('TLS 1.3 alone', offer(0x0304), (it) => {
  assert.equal(it.record.version, 0x0301);
  assert.equal(it.hello.version, 0x0303);
  assert.deepEqual(decodeSupportedVersions(it.data(EXTENSION.supportedVersions) ?? RANDOM), [0x0304]);
  assert.deepEqual(decodeKeyShares(it.data(EXTENSION.keyShare) ?? RANDOM), [{ group: 29, key: SHARE }]);
  assert.equal(toHex(it.data(EXTENSION.pskKeyExchangeModes) ?? RANDOM), '0101');
  for (const type of [EXTENSION.renegotiationInfo, EXTENSION.extendedMasterSecret, EXTENSION.ecPointFormats])
    assert.equal(it.data(type), undefined);
});
checkHello('TLS 1.3 without X25519 shows no share', offer(0x0304, { groups: [23] }), (it) => {
  assert.deepEqual(decodeKeyShares(it.data(EXTENSION.keyShare) ?? RANDOM), []);
});
checkHello('a client of several versions', offer(0x0303, { versions: [0x0304, 0x0303, 0x0302] }), (it) => {
  const versions = decodeSupportedVersions(it.data(EXTENSION.supportedVersions) ?? RANDOM);
  assert.deepEqual(versions, [0x0304, 0x0303, 0x0302]);
  assert.notEqual(it.data(EXTENSION.renegotiationInfo), undefined);
});
checkHello(
  'a client up to 1.2 has no supported_versions',
  offer(0x0303, { versions: [0x0303, 0x0301] }),
  (it) => {
    assert.equal(it.hello.version, 0x0303);
    assert.equal(it.data(EXTENSION.supportedVersions), undefined);
  },
);
checkHello(
  'options',
  offer(0x0302, { serverName: 'vm1', compression: true, fallbackScsv: true, heartbeat: true }),
  (it) => {
    assert.equal(decodeServerName(it.data(EXTENSION.serverName) ?? RANDOM), 'vm1');
    assert.deepEqual(it.hello.compressions, [1, 0]);
    assert.equal(it.hello.suites.at(-1), 0x5600);
    assert.equal(toHex(it.data(EXTENSION.heartbeat) ?? RANDOM), '02');
  },
);
checkHello('TLS 1.3 offers no compression', offer(0x0304, { compression: true }), (it) => {
  assert.deepEqual(it.hello.compressions, [0]);
});
checkHello('no groups, no extensions about them', offer(0x0301, { groups: [] }), (it) => {
  assert.deepEqual(it.types, [EXTENSION.extendedMasterSecret, EXTENSION.renegotiationInfo]);
});

test('no hello with extensions is 256 to 511 bytes long', () => {
  for (const version of [0x0301, 0x0303, 0x0304]) {
    for (let count = 0; count <= 250; count += 1) {
      const suites = Array.from({ length: count }, (_, index) => index);
      const { record, hello } = sent(offer(version, { suites }));
      const { length } = record.fragment;
      assert.ok(length < 256 || length >= 512, `${count} suites: ${length} bytes`);
      // Some servers refuse a hello whose last extension is empty.
      assert.ok((hello.extensions?.at(-1)?.data.length ?? 0) > 0);
    }
  }
});

test('an ordinary hello for TLS 1.0 is short, one for TLS 1.2 is padded to 512', () => {
  assert.ok(sent(offer(0x0301)).record.fragment.length < 256);
  assert.equal(sent(offer(0x0303)).record.fragment.length, 512);
});

const message = (type: number, body: Uint8Array) => encodeHandshakeMessage({ type, body });
const record = (fragment: Uint8Array, version = 0x0303, type = 22) =>
  encodeTlsRecord({ type, version, fragment });
const serverHello = (more: Partial<ServerHello>) =>
  message(
    2,
    encodeServerHello({
      version: 0x0303,
      random: RANDOM,
      sessionId: new Uint8Array(0),
      suite: 0xc030,
      compression: 0,
      ...more,
    }),
  );
const CERTIFICATE = fromHex('3003020101');
const certificate = message(11, encodeCertificateMessage([CERTIFICATE]));
const keyExchange = message(
  12,
  concat(encodeServerEcdhParams({ group: 23, point: fromHex('04aabb') }), [4, 1, 0, 1, 0xff]),
);
const done = message(14, new Uint8Array(0));
const alert = (level: number, description: number) => record(Uint8Array.of(level, description), 0x0303, 21);

/** RFC 6101 section 5.6: the flight of an SSL 3.0 server with RC4 in one record. */
const SSL3_FLIGHT = fromHex(
  '16 0300 003d' + // handshake, SSL 3.0, 61 bytes
    '02 000026 0300' + // server_hello, 38 bytes
    '07'.repeat(32) + // random
    '00 0005 00' + // no session id, SSL_RSA_WITH_RC4_128_SHA, null
    '0b 00000b 000008 000005 3003020101' + // certificate, 11 bytes: a list of 8, one of 5
    '0e 000000', // server_hello_done
);

/** RFC 2246 section 7.4, as Schannel of Windows Server 2003 answers: one record, a session id, 3DES. */
const TLS10_3DES_FLIGHT = fromHex(
  '16 0301 005d' + // handshake, TLS 1.0, 93 bytes
    '02 000046 0301' + // server_hello, 70 bytes
    '07'.repeat(32) +
    `20 ${'5a'.repeat(32)}` + // session id
    '000a 00' + // TLS_RSA_WITH_3DES_EDE_CBC_SHA, null
    '0b 00000b 000008 000005 3003020101' +
    '0e 000000',
);

const HELLO_12 = {
  kind: 'hello',
  version: 0x0303,
  suite: 0xc030,
  compression: 0,
  extensions: [],
  certificates: [],
  retry: false,
} as const;

type Ending = 'end' | 'reset' | 'timeout';

function checkAnswer(name: string, bytes: Uint8Array, expected: unknown, ending: Ending = 'timeout') {
  test(`answer: ${name}`, () => {
    const played = play(probeTls(offer(0x0303)), bytes, ending);
    assert.deepEqual(played.result, expected);
    // One hello and not a byte more, whatever the server says.
    assert.deepEqual(played.sent, [clientHelloRecord(offer(0x0303))]);
  });
}

checkAnswer('SSL 3.0 with RC4', SSL3_FLIGHT, {
  ...HELLO_12,
  version: 0x0300,
  suite: 0x0005,
  certificates: [CERTIFICATE],
});
checkAnswer('TLS 1.0 with 3DES', TLS10_3DES_FLIGHT, {
  ...HELLO_12,
  version: 0x0301,
  suite: 0x000a,
  certificates: [CERTIFICATE],
});
const FULL_12 = { ...HELLO_12, group: 23, signature: 0x0401, certificates: [CERTIFICATE] };
checkAnswer(
  'TLS 1.2, a record a message',
  concat(...[serverHello({}), certificate, keyExchange, done].map((each) => record(each))),
  FULL_12,
);
checkAnswer(
  'certificate and key exchange are enough',
  record(concat(serverHello({}), certificate, keyExchange)),
  FULL_12,
);
checkAnswer(
  'a DHE key exchange names no group',
  record(concat(serverHello({ suite: 0x009f }), certificate, message(12, fromHex('0001ff')))),
  { ...HELLO_12, suite: 0x009f, certificates: [CERTIFICATE] },
);
checkAnswer(
  'anonymous: no certificate, the end tells',
  record(concat(serverHello({ suite: 0xc019 }), keyExchange, done)),
  { ...HELLO_12, suite: 0xc019, group: 23 },
);
checkAnswer(
  'anonymous: a key exchange alone is no end',
  record(concat(serverHello({ suite: 0xc019 }), keyExchange)),
  {
    ...HELLO_12,
    suite: 0xc019,
    group: 23,
    problem: 'timeout before the flight was complete',
    by: { kind: 'timeout', partial: new Uint8Array(0), at: 0 },
  },
);
checkAnswer(
  'a certificate request is told, unknown messages are passed over',
  record(
    concat(
      message(0, new Uint8Array(0)),
      serverHello({}),
      certificate,
      message(22, RANDOM),
      message(13, RANDOM),
      done,
    ),
  ),
  { ...HELLO_12, certificates: [CERTIFICATE], asksForCertificate: true },
);
checkAnswer(
  'DEFLATE and extensions',
  record(
    concat(
      serverHello({
        compression: 1,
        extensions: [
          { type: 0xff01, data: Uint8Array.of(0) },
          { type: 15, data: Uint8Array.of(1) },
        ],
      }),
      done,
    ),
  ),
  { ...HELLO_12, compression: 1, extensions: [0xff01, 15] },
);
const hello13 = (key?: Uint8Array) =>
  serverHello({
    suite: 0x1301,
    ...(key === undefined ? { random: helloRetryRequestRandom() } : {}),
    extensions: [
      selectedVersionExtension(0x0304),
      selectedKeyShareExtension(key === undefined ? 23 : 29, key),
    ],
  });
const ANSWER_13 = { ...HELLO_12, version: 0x0304, suite: 0x1301, extensions: [43, 51] };
checkAnswer('TLS 1.3 ends with the ServerHello', record(hello13(SHARE)), { ...ANSWER_13, group: 29 });
checkAnswer('HelloRetryRequest', record(hello13()), { ...ANSWER_13, group: 23, retry: true });
checkAnswer(
  'TLS 1.3 without a key share (a pre-shared key)',
  record(serverHello({ suite: 0x1301, extensions: [selectedVersionExtension(0x0304)] })),
  { ...ANSWER_13, extensions: [43] },
);

checkAnswer('a fatal alert', alert(2, 70), { kind: 'alert', level: 2, description: 70 });
checkAnswer('close_notify', alert(1, 0), { kind: 'alert', level: 1, description: 0 });
checkAnswer(
  'a warning, then the hello',
  concat(alert(1, 112), record(concat(serverHello({}), done))),
  HELLO_12,
);
checkAnswer('a warning, then the end', alert(1, 112), { kind: 'alert', level: 1, description: 112 }, 'end');
checkAnswer('an alert after the hello', concat(record(serverHello({})), alert(2, 80)), {
  ...HELLO_12,
  alert: { level: 2, description: 80 },
});

for (const [name, ending] of [
  ['closed', 'end'],
  ['reset', 'reset'],
  ['silent', 'timeout'],
] as const) {
  const partial = fromHex('16 0303');
  const by =
    ending === 'timeout'
      ? { kind: 'timeout', partial, at: 0 }
      : { kind: 'closed', how: ending, partial, at: 0 };
  checkAnswer(`${name} before the hello`, partial, { kind: 'interrupted', by }, ending);
  const problem = `${by.kind} before the flight was complete`;
  checkAnswer(
    `${name} after the hello`,
    record(serverHello({})),
    { ...HELLO_12, problem, by: { ...by, partial: new Uint8Array(0) } },
    ending,
  );
}

function checkForeign(name: string, bytes: Uint8Array, problem: RegExp) {
  test(`foreign: ${name}`, () => {
    const { result } = play(probeTls(offer(0x0303)), bytes);
    assert.equal(result.kind, 'foreign');
    assert.match(result.problem, problem);
    assert.equal(toHex(result.head), toHex(bytes.slice(0, 64)));
  });
}
checkForeign(
  'SSH',
  new Uint8Array(Buffer.from(`SSH-2.0-OpenSSH_9.2p1 ${'x'.repeat(80)}\r\n`)),
  /content type of 20 to 24, received 83/,
);
checkForeign('an SSL 2.0 answer', fromHex('802c 04 00 01 0002 0000 0000 0000'), /SSL 2\.0 SERVER-HELLO/);
checkForeign('application data first', record(Uint8Array.of(1), 0x0303, 23), /content type 23/);
checkForeign(
  'a Certificate first',
  record(certificate),
  /expected a ServerHello, received handshake type 11/,
);
checkForeign(
  'a ServerHello that is cut short',
  record(message(2, fromHex('0303'))),
  /ServerHello at byte 2: expected 32/,
);
checkForeign('an alert of three bytes', record(Uint8Array.of(2, 40, 0), 0x0303, 21), /Alert/);

test('what was good stays when a later message in the same record is not', () => {
  const { result } = play(
    probeTls(offer(0x0303)),
    record(concat(serverHello({}), message(11, fromHex('000009')))),
  );
  assert.equal(result.kind, 'hello');
  assert.match(result.problem ?? '', /Certificate/);
});

function checkBound(name: string, bytes: Uint8Array) {
  test(`bounded: ${name}`, () => {
    const { result } = play(probeTls(offer(0x0303)), bytes);
    assert.equal(result.kind, 'hello');
    assert.match(result.problem ?? '', /did not end within 512 records and 262144 bytes/);
  });
}
const endless = (fragment: Uint8Array, count: number) =>
  concat(record(serverHello({})), ...new Array<Uint8Array>(count).fill(record(fragment)));
checkBound('empty records', endless(new Uint8Array(0), 600));
checkBound('messages that say nothing', endless(message(99, new Uint8Array(8000)), 100));

test('the answer does not depend on how the flight is cut into records', () => {
  const flight = concat(serverHello({}), certificate, keyExchange, done);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: flight.length - 1 }), { maxLength: 6 }), (cuts) => {
      const places = [0, ...cuts, flight.length].toSorted((a, b) => a - b);
      const records = places.slice(1).map((end, index) => record(flight.subarray(places[index], end)));
      assert.deepEqual(play(probeTls(offer(0x0303)), concat(...records)).result, FULL_12);
    }),
  );
});

test('random bytes, and a flight with one changed byte, give an answer', () => {
  const kinds = new Set(['hello', 'alert', 'foreign', 'interrupted']);
  const answer = (bytes: Uint8Array) =>
    assert.ok(kinds.has(play(probeTls(offer(0x0303)), bytes).result.kind));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), answer));
  const flight = record(concat(serverHello({}), certificate, keyExchange, done));
  for (let at = 0; at < flight.length; at += 1) {
    for (const change of [0x01, 0x80, 0xff]) {
      const damaged = flight.slice();
      damaged[at] = (damaged[at] ?? 0) ^ change;
      answer(damaged);
    }
  }
});
