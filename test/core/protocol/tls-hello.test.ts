import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import {
  decodeKeyShares,
  decodeSelectedGroup,
  decodeSelectedVersion,
  decodeServerName,
  decodeSupportedVersions,
  decodeU16List,
  EXTENSION,
  ecPointFormatsExtension,
  extendedMasterSecretExtension,
  findExtension,
  heartbeatExtension,
  keyShareExtension,
  paddingExtension,
  pskKeyExchangeModesExtension,
  renegotiationInfoExtension,
  selectedKeyShareExtension,
  selectedVersionExtension,
  serverNameExtension,
  signatureAlgorithmsExtension,
  supportedGroupsExtension,
  supportedVersionsExtension,
} from '../../../src/core/protocol/tls-extensions.ts';
import {
  type ClientHello,
  decodeCertificateMessage,
  decodeClientHello,
  decodeServerEcdhParams,
  decodeServerHello,
  encodeCertificateMessage,
  encodeClientHello,
  encodeServerEcdhParams,
  encodeServerHello,
  helloRetryRequestRandom,
  isHelloRetryRequest,
  type ServerHello,
  type TlsExtension,
} from '../../../src/core/protocol/tls-hello.ts';
import { decodeHandshakeMessage, encodeHandshakeMessage } from '../../../src/core/protocol/tls-record.ts';
import { checkManners } from '../decoder-manners.ts';

/** RFC 8448 section 3, Simple 1-RTT Handshake: the client's first message, 196 octets. */
const RFC8448_CLIENT_HELLO = fromHex(
  '01 0000c0 0303' + // client_hello, 192 bytes, legacy_version
    'cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7' + // random
    '00' + // legacy_session_id: none
    '0006 1301 1303 1302' + // cipher_suites
    '01 00' + // legacy_compression_methods: null
    '0091' + // extensions, 145 bytes
    '0000 000b 0009 00 0006 736572766572' + // server_name: server
    'ff01 0001 00' + // renegotiation_info
    '000a 0014 0012 001d 0017 0018 0019 0100 0101 0102 0103 0104' + // supported_groups
    '0023 0000' + // session_ticket
    '0033 0026 0024 001d 0020' + // key_share: X25519
    '99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c' +
    '002b 0003 02 0304' + // supported_versions
    '000d 0020 001e 0403 0503 0603 0203 0804 0805 0806 0401 0501 0601 0201 0402 0502 0602 0202' +
    '002d 0002 01 01' + // psk_key_exchange_modes
    '001c 0002 4001', // record_size_limit
);

/** The server's answer there, 90 octets. */
const RFC8448_SERVER_HELLO = fromHex(
  '02 000056 0303' + // server_hello, 86 bytes, legacy_version
    'a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e26928' + // random
    '00 1301 00' + // no session id, TLS_AES_128_GCM_SHA256, null
    '002e' + // extensions, 46 bytes
    '0033 0024 001d 0020' + // key_share: X25519
    'c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f' +
    '002b 0002 0304', // supported_versions
);

/** RFC 8446 section 4.1.4, as a server without X25519 sends it. */
const HELLO_RETRY_REQUEST = fromHex(
  '02 000034 0303' + // server_hello, 52 bytes
    'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c' + // the random that says so
    '00 1302 00' + // TLS_AES_256_GCM_SHA384
    '000c' + // extensions, 12 bytes
    '002b 0002 0304' + // supported_versions
    '0033 0002 0017', // key_share: secp256r1, no key
);

/** RFC 6101 section 5.6.1.3: SSL 3.0 ends after the compression method. */
const SSL3_SERVER_HELLO = fromHex(
  '02 000046 0300' + // server_hello, 70 bytes, SSL 3.0
    '4f1d2c3b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeeff001' + // gmt_unix_time and random
    '20' + // session id, 32 bytes
    '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f' +
    '0005 00', // SSL_RSA_WITH_RC4_128_SHA, null
);

const body = (message: Uint8Array) => decodeHandshakeMessage(message).body;

test('the ClientHello of RFC 8448', () => {
  const hello = decodeClientHello(body(RFC8448_CLIENT_HELLO));
  assert.equal(hello.version, 0x0303);
  assert.equal(toHex(hello.random.subarray(0, 4)), 'cb34ecb1');
  assert.deepEqual(hello.suites, [0x1301, 0x1303, 0x1302]);
  assert.deepEqual(hello.compressions, [0]);
  const data = (type: number) => findExtension(hello.extensions, type)?.data ?? assert.fail(`no ${type}`);
  assert.equal(decodeServerName(data(EXTENSION.serverName)), 'server');
  assert.deepEqual(decodeU16List(data(EXTENSION.supportedGroups)).slice(0, 2), [0x1d, 0x17]);
  assert.equal(decodeU16List(data(EXTENSION.signatureAlgorithms)).length, 15);
  assert.deepEqual(decodeSupportedVersions(data(EXTENSION.supportedVersions)), [0x0304]);
  const [share] = decodeKeyShares(data(EXTENSION.keyShare));
  assert.equal(share?.group, 0x1d);
  assert.equal(toHex(share.key.subarray(0, 4)), '99381de5');
  const again = encodeHandshakeMessage({ type: 1, body: encodeClientHello(hello) });
  assert.equal(toHex(again), toHex(RFC8448_CLIENT_HELLO));
});

function checkServerHello(
  name: string,
  message: Uint8Array,
  expected: { version: number; suite: number; selected?: number; group?: number; retry: boolean },
) {
  test(`ServerHello: ${name}`, () => {
    const hello = decodeServerHello(body(message));
    const version = findExtension(hello.extensions, EXTENSION.supportedVersions);
    const share = findExtension(hello.extensions, EXTENSION.keyShare);
    assert.equal(hello.version, expected.version);
    assert.equal(hello.suite, expected.suite);
    assert.equal(version && decodeSelectedVersion(version.data), expected.selected);
    assert.equal(share && decodeSelectedGroup(share.data), expected.group);
    assert.equal(isHelloRetryRequest(hello), expected.retry);
    const again = encodeHandshakeMessage({ type: 2, body: encodeServerHello(hello) });
    assert.equal(toHex(again), toHex(message));
  });
}

checkServerHello('RFC 8448, TLS 1.3', RFC8448_SERVER_HELLO, {
  version: 0x0303,
  suite: 0x1301,
  selected: 0x0304,
  group: 0x1d,
  retry: false,
});
checkServerHello('HelloRetryRequest', HELLO_RETRY_REQUEST, {
  version: 0x0303,
  suite: 0x1302,
  selected: 0x0304,
  group: 0x17,
  retry: true,
});
checkServerHello('SSL 3.0 with RC4', SSL3_SERVER_HELLO, { version: 0x0300, suite: 5, retry: false });

test('the random of a HelloRetryRequest is a copy', () => {
  const random = helloRetryRequestRandom();
  random[0] = 0;
  assert.equal(helloRetryRequestRandom()[0], 0xcf);
});

test('what a ServerHello may not be', () => {
  assert.throws(() => decodeServerHello(fromHex(`0200${'00'.repeat(40)}`)), /version 3\.x/);
  assert.throws(() => decodeServerHello(fromHex(`0303${'00'.repeat(32)}21`)), /session id of at most 32/);
  assert.throws(() => decodeServerHello(fromHex(`0303${'00'.repeat(36)}0000ff`)), /1 bytes follow/);
});

test('no extensions and an empty list of extensions differ', () => {
  const bare = body(SSL3_SERVER_HELLO);
  assert.equal('extensions' in decodeServerHello(bare), false);
  assert.deepEqual(decodeServerHello(Uint8Array.from([...bare, 0, 0])).extensions, []);
});

/** What each extension looks like on the wire, from the sections named in the source. */
const EXTENSIONS: readonly (readonly [string, TlsExtension, string])[] = [
  ['server_name', serverNameExtension('vm1'), '0000 0006 00 0003 766d31'],
  ['supported_groups', supportedGroupsExtension([0x1d, 0x17]), '000a 0004 001d 0017'],
  ['ec_point_formats', ecPointFormatsExtension(), '000b 01 00'],
  ['signature_algorithms', signatureAlgorithmsExtension([0x0401]), '000d 0002 0401'],
  ['heartbeat', heartbeatExtension(), '000f 02'],
  ['padding', paddingExtension(3), '0015 000000'],
  ['extended_master_secret', extendedMasterSecretExtension(), '0017'],
  ['supported_versions', supportedVersionsExtension([0x0304, 0x0303]), '002b 04 0304 0303'],
  ['psk_key_exchange_modes', pskKeyExchangeModesExtension(), '002d 01 01'],
  ['key_share', keyShareExtension([{ group: 0x1d, key: fromHex('aabb') }]), '0033 0006 001d 0002 aabb'],
  ['key_share, empty', keyShareExtension([]), '0033 0000'],
  ['key_share, selected', selectedKeyShareExtension(0x1d, fromHex('aabb')), '0033 001d 0002 aabb'],
  ['key_share, retry', selectedKeyShareExtension(0x17), '0033 0017'],
  ['supported_versions, selected', selectedVersionExtension(0x0304), '002b 0304'],
  ['renegotiation_info', renegotiationInfoExtension(), 'ff01 00'],
];
for (const [name, extension, hex] of EXTENSIONS) {
  test(`extension: ${name}`, () => {
    const type = extension.type.toString(16).padStart(4, '0');
    assert.equal(type + toHex(extension.data), hex.replaceAll(' ', ''));
  });
}

const extension = fc.record(
  { type: fc.nat(0xffff), data: fc.uint8Array({ maxLength: 60 }) },
  { noNullPrototype: true },
);
const common = {
  version: fc.integer({ min: 0x0300, max: 0x0303 }),
  random: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  sessionId: fc.uint8Array({ maxLength: 32 }),
  extensions: fc.array(extension, { maxLength: 5 }),
};

test('ClientHello: encode and decode agree', () => {
  const hello = fc.record(
    {
      ...common,
      suites: fc.array(fc.nat(0xffff), { maxLength: 200 }),
      compressions: fc.array(fc.nat(255), { maxLength: 3 }),
    },
    { requiredKeys: ['version', 'random', 'sessionId', 'suites', 'compressions'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(hello, (value: ClientHello) =>
      assert.deepEqual(decodeClientHello(encodeClientHello(value)), value),
    ),
  );
});

test('ServerHello: encode and decode agree', () => {
  const hello = fc.record(
    { ...common, suite: fc.nat(0xffff), compression: fc.nat(255) },
    { requiredKeys: ['version', 'random', 'sessionId', 'suite', 'compression'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(hello, (value: ServerHello) =>
      assert.deepEqual(decodeServerHello(encodeServerHello(value)), value),
    ),
  );
});

test('Certificate: encode and decode agree', () => {
  const certificates = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 });
  fc.assert(
    fc.property(certificates, (value) =>
      assert.deepEqual(decodeCertificateMessage(encodeCertificateMessage(value)), value),
    ),
  );
  // RFC 5246 section 7.4.2: length of the list, length of the one certificate, certificate
  assert.equal(toHex(encodeCertificateMessage([fromHex('3003aabbcc')])), '000008' + '000005' + '3003aabbcc');
  assert.throws(() => decodeCertificateMessage(fromHex('000001 00 ff')), /1 bytes follow/);
});

test('the named curve of a ServerKeyExchange', () => {
  // RFC 8422 section 5.4: named_curve, secp256r1, a point of two bytes; RFC 5246 section 7.4.3: rsa_pkcs1_sha256,
  // then the signature, which is not read
  const params = decodeServerEcdhParams(fromHex('03 0017 02 04aa 0401 0001 ff'));
  assert.deepEqual(params, { group: 0x17, point: fromHex('04aa'), signature: 0x0401 });
  assert.deepEqual(decodeServerEcdhParams(fromHex('03 0017 02 04aa')), {
    group: 0x17,
    point: fromHex('04aa'),
  });
  assert.equal(toHex(encodeServerEcdhParams(params)), '0300170204aa');
  assert.throws(() => decodeServerEcdhParams(fromHex('01 0017')), /curve type 1/);
});

const message = (type: number, content: Uint8Array) => encodeHandshakeMessage({ type, body: content });
checkManners('ClientHello', (bytes) => decodeClientHello(body(bytes)), [RFC8448_CLIENT_HELLO]);
checkManners('ServerHello', (bytes) => decodeServerHello(body(bytes)), [
  RFC8448_SERVER_HELLO,
  HELLO_RETRY_REQUEST,
  SSL3_SERVER_HELLO,
]);
checkManners('Certificate', (bytes) => decodeCertificateMessage(body(bytes)), [
  message(11, encodeCertificateMessage([fromHex('3003aabbcc'), fromHex('3000')])),
]);
checkManners('ServerECDHParams', decodeServerEcdhParams, [fromHex('03 001d 02 aabb')]);
for (const [name, { data }, decode] of [
  ['server_name', serverNameExtension('vm1'), decodeServerName],
  ['supported_groups', supportedGroupsExtension([0x1d, 0x17]), decodeU16List],
  ['supported_versions', supportedVersionsExtension([0x0304]), decodeSupportedVersions],
  ['supported_versions, selected', selectedVersionExtension(0x0304), decodeSelectedVersion],
  ['key_share', keyShareExtension([{ group: 0x1d, key: fromHex('aabb') }]), decodeKeyShares],
  ['key_share, retry', selectedKeyShareExtension(0x17), decodeSelectedGroup],
] as const) {
  checkManners(name, decode, [data]);
}
