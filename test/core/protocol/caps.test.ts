// Lists that a stranger's server may make as long as it likes: each has an end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ber, berOid, berOidOf, readBer, TAG } from '../../../src/core/bytes/ber.ts';
import { DecodeError } from '../../../src/core/bytes/decode-error.ts';
import { Reader } from '../../../src/core/bytes/reader.ts';
import { concat } from '../../../src/core/bytes/writer.ts';
import { decodeCertificate } from '../../../src/core/crypto/certificate.ts';
import { readDistinguishedName } from '../../../src/core/crypto/distinguished-name.ts';
import { assembleCertificate, certificateToSign } from '../../../src/core/crypto/self-signed.ts';
import {
  decodeCertificateMessage,
  decodeServerHello,
  encodeCertificateMessage,
  encodeServerHello,
} from '../../../src/core/protocol/tls-hello.ts';

/** `most` are read, and one more is refused. */
function checkCap(name: string, most: number, read: (count: number) => number): void {
  test(`${name}: ${most} and no more`, () => {
    assert.equal(read(most), most);
    assert.throws(() => read(most + 1), DecodeError);
  });
}

const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

checkCap(
  'certificates of a chain',
  100,
  (count) => decodeCertificateMessage(encodeCertificateMessage(many(count, () => new Uint8Array(1)))).length,
);

checkCap('extensions of a hello', 256, (count) => {
  const hello = encodeServerHello({
    version: 0x0303,
    random: new Uint8Array(32),
    sessionId: new Uint8Array(0),
    suite: 0xc02f,
    compression: 0,
    extensions: many(count, (index) => ({ type: index, data: new Uint8Array(0) })),
  });
  return decodeServerHello(hello).extensions?.length ?? 0;
});

checkCap('arcs of an object identifier', 128, (count) => {
  const oid = berOidOf(['1', '3', ...many(count - 2, () => '1')].join('.'));
  return berOid(readBer(new Reader(oid, 'OID'), TAG.oid)).split('.').length;
});

checkCap('parts of a name', 256, (count) => {
  const part = ber(
    TAG.set,
    ber(TAG.sequence, berOidOf('2.5.4.3'), ber(TAG.utf8String, new TextEncoder().encode('a'))),
  );
  return readDistinguishedName(new Reader(concat(...many(count, () => part)), 'Name')).split(', ').length;
});

test('alternative names: the first 256, and the certificate is read all the same', () => {
  const key = ber(
    TAG.sequence,
    ber(TAG.sequence, berOidOf('1.3.101.112')),
    ber(TAG.bitString, new Uint8Array(33)),
  );
  const tbs = certificateToSign({
    commonName: 'vm1',
    notBefore: Date.UTC(2026, 0, 1),
    notAfter: Date.UTC(2027, 0, 1),
    serial: Uint8Array.of(1),
    subjectPublicKeyInfo: key,
    dnsNames: many(4_000, (index) => `host${index}.example`),
  });
  const { subject, subjectAlternativeNames } = decodeCertificate(
    assembleCertificate(tbs, new Uint8Array(64)),
  );
  assert.equal(subject, 'CN=vm1');
  assert.equal(subjectAlternativeNames.length, 256);
  assert.equal(subjectAlternativeNames[255], 'host255.example');
});
