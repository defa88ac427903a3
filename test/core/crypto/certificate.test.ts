import assert from 'node:assert/strict';
import { X509Certificate as NodeCertificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ber, berOidOf, TAG } from '../../../src/core/bytes/ber.ts';
import { fromHex, toHex } from '../../../src/core/bytes/hex.ts';
import { Reader } from '../../../src/core/bytes/reader.ts';
import { decodeCertificate, sha1Thumbprint } from '../../../src/core/crypto/certificate.ts';
import { readDistinguishedName } from '../../../src/core/crypto/distinguished-name.ts';
import { readPublicKeyInfo } from '../../../src/core/crypto/public-key-info.ts';
import { encodeTime, readTime } from '../../../src/core/crypto/x509-time.ts';
import { run, temporaryFolder } from '../../peers/processes.ts';
import { requirePeer } from '../../peers/require-peer.ts';
import { checkManners } from '../decoder-manners.ts';

/** RFC 8448 section 3: the server's certificate, 432 bytes: RSA with 1024 bits, CN=rsa, ten years from 2016. */
const RFC8448_CERTIFICATE = fromHex(
  '308201ac 30820115 a003020102 020102' + // version 3, serial number 2
    '300d06092a864886f70d01010b0500' + // sha256WithRSAEncryption
    '300e310c300a06035504031303727361' + // issuer CN=rsa
    '301e170d3136303733303031323335395a170d3236303733303031323335395a' + // 2016-07-30 01:23:59, 2026
    '300e310c300a06035504031303727361' + // subject CN=rsa
    '30819f300d06092a864886f70d010101050003818d00' + // rsaEncryption, bit string
    '30818902818100b4bb498f8279303d980836399b36c6988c0c68de55e1bdb826d3901a2461eafd2de49a91d015abbc9a95137ace6c1af19eaa6af98c7ced43120998e187a80ee0ccb0524b1b018c3e0b63264d449a6d38e22a5fda430846748030530ef0461c8ca9d9efbfae8ea6d1d03e2bd193eff0ab9a8002c47428a6d35a8d88d79f7f1e3f0203010001' +
    'a31a 3018 30090603551d1304023000 300b0603551d0f0404030205a0' + // basicConstraints, keyUsage
    '300d06092a864886f70d01010b0500 03818100' + // sha256WithRSAEncryption, bit string
    '85aad2a0e5b9276b908c65f73a7267170618a54c5f8a7b337d2df7a594365417f2eae8f8a58c8f8172f9319cf36b7fd6c55b80f21a03015156726096fd335e5e67f2dbf102702e608ccae6bec1fc63a42a99be5c3eb7107c3c54e9b9eb2bd5203b1c3b84e0a8b2f759409ba3eac9d91d402dcc0cc8f8961229ac9187b42b4de1',
);

test('the certificate of RFC 8448', () => {
  const { publicKey, ...rest } = decodeCertificate(RFC8448_CERTIFICATE);
  assert.deepEqual(rest, {
    subject: 'CN=rsa',
    issuer: 'CN=rsa',
    serial: '02',
    notBefore: Date.UTC(2016, 6, 30, 1, 23, 59),
    notAfter: Date.UTC(2026, 6, 30, 1, 23, 59),
    selfSigned: true,
    keyAlgorithm: 'RSA',
    keyBits: 1024,
    signatureAlgorithm: 'sha256WithRSAEncryption',
    subjectAlternativeNames: [],
  });
  assert.equal(publicKey.length, 140);
  assert.equal(toHex(publicKey.subarray(0, 8)), '30818902818100b4');
});

const name = (...sets: readonly Uint8Array[]) =>
  readDistinguishedName(new Reader(Uint8Array.from(sets.flatMap((set) => [...set])), 'Name'));
const attribute = (oid: string, tag: number, hex: string) =>
  ber(TAG.sequence, berOidOf(oid), ber(tag, fromHex(hex)));
const rdn = (oid: string, tag: number, hex: string) => ber(TAG.set, attribute(oid, tag, hex));

function checkName(what: string, sets: readonly Uint8Array[], expected: string) {
  test(`name: ${what}`, () => assert.equal(name(...sets), expected));
}
const CN = '2.5.4.3';
checkName('empty', [], '');
checkName('most specific first', [rdn('2.5.4.10', 0x13, '41'), rdn(CN, 0x13, '42')], 'CN=B, O=A');
checkName(
  'several values in one',
  [ber(TAG.set, attribute(CN, 0x13, '41'), attribute('2.5.4.11', 0x13, '42'))],
  'CN=A+OU=B',
);
checkName('BMPString', [rdn(CN, 0x1e, '00e9 4e2d d83d dd11')], 'CN=é中🔑');
checkName('BMPString with an odd byte', [rdn(CN, 0x1e, '0041 42')], 'CN=A\ufffd');
checkName('T61String as Latin-1', [rdn(CN, 0x14, '4dfc6c6c6572')], 'CN=Müller');
checkName('UniversalString', [rdn(CN, 0x1c, '00000041 0001f511 00110000')], 'CN=A🔑\ufffd');
checkName('UTF8String', [rdn(CN, 0x0c, 'c3a9')], 'CN=é');
checkName('UTF8String that is none', [rdn(CN, 0x0c, 'ff41')], 'CN=\ufffdA');
checkName('IA5String', [rdn('1.2.840.113549.1.9.1', 0x16, '614062')], 'emailAddress=a@b');
checkName('a domain component', [rdn('0.9.2342.19200300.100.1.25', 0x16, '636f7270')], 'DC=corp');
checkName('an unknown type, no string', [rdn('1.2.3', 0x02, '05')], '1.2.3=#020105');
checkName(
  'characters to escape',
  [rdn(CN, 0x0c, '20 61 2c 2b 22 5c 3c 3e 3b 20')],
  'CN=\\ a\\,\\+\\"\\\\\\<\\>\\;\\ ',
);
checkName('a leading number sign', [rdn(CN, 0x0c, '23 31')], 'CN=\\#1');
checkName('control characters', [rdn(CN, 0x0c, '61 00 1b 5b 62 7f')], 'CN=a\\00\\1B[b\\7F');

const time = (tag: number, text: string) =>
  readTime(new Reader(ber(tag, [...Buffer.from(text, 'latin1')]), 'Time'));
function checkTime(tag: number, text: string, expected: string | RegExp) {
  test(`time: ${text}`, () => {
    if (expected instanceof RegExp) assert.throws(() => time(tag, text), expected);
    else assert.equal(new Date(time(tag, text)).toISOString(), expected);
  });
}
checkTime(TAG.utcTime, '491231235959Z', '2049-12-31T23:59:59.000Z');
checkTime(TAG.utcTime, '500101000000Z', '1950-01-01T00:00:00.000Z');
checkTime(TAG.utcTime, '2611220850Z', '2026-11-22T08:50:00.000Z');
checkTime(TAG.utcTime, '261122085001+0130', '2026-11-22T07:20:01.000Z');
checkTime(TAG.utcTime, '261122085001-0130', '2026-11-22T10:20:01.000Z');
checkTime(TAG.generalizedTime, '20501122085001Z', '2050-11-22T08:50:01.000Z');
checkTime(TAG.generalizedTime, '20501122085001.25Z', '2050-11-22T08:50:01.250Z');
checkTime(TAG.generalizedTime, '99991231235959Z', '9999-12-31T23:59:59.000Z');
checkTime(TAG.generalizedTime, '00010101000000Z', '0001-01-01T00:00:00.000Z');
checkTime(TAG.utcTime, '261322085001Z', /outside the calendar/);
checkTime(TAG.utcTime, '26112208500', /digits of a time/);
checkTime(TAG.utcTime, 'xx1122085001Z', /digits of a time/);
checkTime(TAG.octetString, '261122085001Z', /expected UTCTime/);

test('time: encode and decode agree', () => {
  const seconds = fc.integer({
    min: Date.UTC(-1, 0) / 1000 + 31_622_400,
    max: Date.UTC(9999, 11, 31) / 1000,
  });
  fc.assert(
    fc.property(seconds, (value) =>
      assert.equal(readTime(new Reader(encodeTime(value * 1000), 'Time')), value * 1000),
    ),
  );
  assert.throws(() => encodeTime(Date.UTC(10000, 0)), RangeError);
});

function checkKey(what: string, hex: string, algorithm: string, bits: number) {
  test(`key: ${what}`, () => {
    const key = readPublicKeyInfo(new Reader(fromHex(hex), 'SubjectPublicKeyInfo'));
    assert.deepEqual([key.algorithm, key.bits], [algorithm, bits]);
  });
}
// RFC 8017 A.1.1: a modulus of nine bits, with the zero octet of its sign and one more
checkKey(
  'RSA, leading zeros',
  '301c 300d 06092a864886f70d0101010500 030b00 3008 0203 000101 0201 03',
  'RSA',
  9,
);
// RFC 5480: an unknown curve (1.2.3) is measured by its point: 04, x, y of two bytes each
checkKey('EC, unknown curve', '3017 300d 06072a8648ce3d0201 06022a03 030600 0411112222', 'EC', 16);
// a compressed point: 02, x
checkKey('EC, unknown curve, compressed', '3015 300d 06072a8648ce3d0201 06022a03 030400 021111', 'EC', 16);
checkKey('an algorithm nobody knows', '300a 3004 06022a03 030200 aa', '1.2.3', 0);
// RFC 3279: DSA whose parameters are inherited
checkKey('DSA without parameters', '3010 3009 06072a8648ce380401 030300 0201', 'DSA', 0);

/** Certificates made by openssl; what node says about them is the truth. */
const MADE: readonly (readonly [string, readonly string[], number])[] = [
  ['RSA 2048', ['-newkey', 'rsa:2048'], 2048],
  ['RSA-PSS', ['-newkey', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'], 2048],
  ['RSA 1024 with SHA-1', ['-newkey', 'rsa:1024', '-sha1'], 1024],
  ['P-256', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], 256],
  ['P-521', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521', '-sha512'], 521],
  [
    'P-256, explicit',
    ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:explicit'],
    256,
  ],
  ['brainpoolP384r1', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP384r1'], 384],
  ['Ed25519', ['-newkey', 'ed25519'], 256],
  ['Ed448', ['-newkey', 'ed448'], 456],
];

for (const [what, args, bits] of MADE) {
  test(`as node reads it: ${what}`, async (t) => {
    if (!requirePeer(t, 'openssl')) return;
    const folder = temporaryFolder(t, 'certificate');
    const file = join(folder, 'cert.der');
    const san = 'subjectAltName=DNS:vm1.corp.example,DNS:vm1,IP:10.0.0.4,IP:2001:db8::1:0:0:1,email:a@b';
    const made = await run('openssl', [
      ...['req', '-x509', '-nodes', '-keyout', join(folder, 'key.pem'), '-out', file, '-outform', 'DER'],
      ...['-subj', '/C=DE/O=Example, Inc./CN=vm1.corp.example', '-utf8', '-days', '180', ...args],
      ...['-addext', san, '-addext', 'extendedKeyUsage=serverAuth,1.3.6.1.4.1.311.54.1.2,1.2.3.4'],
    ]);
    assert.equal(made.status, 0, made.stderr);
    const der = new Uint8Array(readFileSync(file));
    const ours = decodeCertificate(der);
    const node = new NodeCertificate(der);
    assert.equal(ours.subject, 'CN=vm1.corp.example, O=Example\\, Inc., C=DE');
    assert.equal(ours.issuer, ours.subject);
    assert.equal(ours.serial, node.serialNumber.toLowerCase());
    assert.equal(ours.notBefore, Date.parse(node.validFrom));
    assert.equal(ours.notAfter, Date.parse(node.validTo));
    assert.equal(ours.selfSigned, true);
    assert.equal(ours.keyBits, bits);
    const modulus = node.publicKey.asymmetricKeyDetails?.modulusLength;
    if (modulus !== undefined) assert.equal(ours.keyBits, modulus);
    const spki = new Uint8Array(node.publicKey.export({ type: 'spki', format: 'der' }));
    assert.equal(toHex(spki.subarray(spki.length - ours.publicKey.length)), toHex(ours.publicKey));
    const sans = ['vm1.corp.example', 'vm1', '10.0.0.4', '2001:db8::1:0:0:1'];
    assert.deepEqual(ours.subjectAlternativeNames, sans);
    assert.deepEqual(ours.extendedKeyUsage, ['serverAuth', 'remoteDesktop', '1.2.3.4']);
    assert.equal(sha1Thumbprint(der), node.fingerprint.replaceAll(':', '').toLowerCase());
    const text = await run('openssl', ['x509', '-in', file, '-inform', 'DER', '-noout', '-text']);
    const said = /Signature Algorithm: (\S+)/.exec(text.stdout)?.[1];
    const openssl: Readonly<Record<string, string>> = {
      rsassaPss: 'id-RSASSA-PSS',
      ED25519: 'id-Ed25519',
      ED448: 'id-Ed448',
    };
    assert.equal(ours.signatureAlgorithm, openssl[said ?? ''] ?? said);
  });
}

checkManners('Certificate', decodeCertificate, [RFC8448_CERTIFICATE]);
