import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, X509Certificate as NodeCertificate, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeCertificate } from '../../../src/core/crypto/certificate.ts';
import {
  assembleCertificate,
  certificateToSign,
  type SelfSignedCertificate,
} from '../../../src/core/crypto/self-signed.ts';
import { run, temporaryFolder } from '../../peers/processes.ts';
import { requirePeer } from '../../peers/require-peer.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = new Uint8Array(keys.publicKey.export({ type: 'spki', format: 'der' }));

function make(options: Partial<SelfSignedCertificate>, key: KeyObject = keys.privateKey): Uint8Array {
  const tbs = certificateToSign({
    commonName: 'vm1.corp.example',
    notBefore: Date.UTC(2026, 0, 1),
    notAfter: Date.UTC(2026, 6, 1),
    serial: Uint8Array.of(0x80, 1, 2, 3),
    subjectPublicKeyInfo: spki,
    ...options,
  });
  return assembleCertificate(tbs, new Uint8Array(sign('sha256', tbs, key)));
}

test('node takes it and verifies its signature', () => {
  const node = new NodeCertificate(
    make({ dnsNames: ['vm1.corp.example', 'vm1'], addresses: [Uint8Array.of(10, 0, 0, 4)] }),
  );
  assert.equal(node.verify(keys.publicKey), true);
  assert.equal(node.subject, 'CN=vm1.corp.example');
  assert.equal(node.serialNumber, '80010203');
  assert.equal(Date.parse(node.validFrom), Date.UTC(2026, 0, 1));
  assert.equal(Date.parse(node.validTo), Date.UTC(2026, 6, 1));
  assert.equal(node.subjectAltName, 'DNS:vm1.corp.example, DNS:vm1, IP Address:10.0.0.4');
  assert.equal(node.checkHost('vm1'), 'vm1');
  assert.deepEqual(node.keyUsage, ['1.3.6.1.5.5.7.3.1']);
});

function checkDecoded(
  name: string,
  options: Partial<SelfSignedCertificate>,
  expected: Readonly<Record<string, unknown>>,
) {
  test(`decoded again: ${name}`, () => {
    const decoded = decodeCertificate(make(options));
    for (const [key, value] of Object.entries(expected))
      assert.deepEqual(Reflect.get(decoded, key), value, key);
  });
}
checkDecoded(
  'as it stands',
  {},
  {
    subject: 'CN=vm1.corp.example',
    issuer: 'CN=vm1.corp.example',
    selfSigned: true,
    serial: '80010203',
    keyBits: 2048,
    signatureAlgorithm: 'sha256WithRSAEncryption',
    subjectAlternativeNames: [],
    extendedKeyUsage: ['serverAuth'],
  },
);
checkDecoded(
  'dates outside UTCTime',
  { notBefore: Date.UTC(1949, 11, 31), notAfter: Date.UTC(2050, 0, 1) },
  {
    notBefore: Date.UTC(1949, 11, 31),
    notAfter: Date.UTC(2050, 0, 1),
  },
);
checkDecoded('no extended key usage', { extendedKeyUsage: [] }, { extendedKeyUsage: undefined });
checkDecoded(
  'another one',
  { extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] },
  { extendedKeyUsage: ['clientAuth'] },
);
checkDecoded(
  'a name in all lengths of UTF-8',
  { commonName: 'aé中🔑\ud800' },
  { subject: 'CN=aé中🔑\ufffd' },
);
checkDecoded('leading zeros of a serial number', { serial: Uint8Array.of(0, 0, 7) }, { serial: '07' });
checkDecoded(
  'IPv6',
  { addresses: [Uint8Array.from([0x20, 1, 0xd, 0xb8, ...new Array(11).fill(0), 1])] },
  {
    subjectAlternativeNames: ['2001:db8::1'],
  },
);

test('a serial number must be one', () => {
  assert.throws(() => make({ serial: new Uint8Array(4) }), RangeError);
  assert.throws(() => make({ serial: new Uint8Array(21).fill(1) }), RangeError);
});

test('openssl reads and verifies it', async (t) => {
  if (!requirePeer(t, 'openssl')) return;
  const file = join(temporaryFolder(t, 'self-signed'), 'cert.pem');
  writeFileSync(file, new NodeCertificate(make({ dnsNames: ['vm1'] })).toString());
  const read = await run('openssl', ['x509', '-in', file, '-noout', '-text']);
  assert.equal(read.status, 0, read.stderr);
  assert.match(read.stdout, /Version: 3/);
  assert.match(read.stdout, /X509v3 Key Usage: *\n *Digital Signature, Key Encipherment/);
  assert.match(read.stdout, /TLS Web Server Authentication/);
  const args = ['verify', '-no_check_time', '-x509_strict', '-check_ss_sig', '-CAfile', file, file];
  const verified = await run('openssl', args);
  assert.match(verified.stdout + verified.stderr, /OK/);
});
