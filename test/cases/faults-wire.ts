// Fault cases that the wire alone shows: who answers, what TLS says, which certificate is shown. Expectations are from the documents named.
import { generateKeyPairSync, sign } from 'node:crypto';
import { assembleCertificate, certificateToSign } from '../../src/core/crypto/self-signed.ts';
import type { Act, Peer } from '../app/fake-network.ts';
import { type FakeRdpOptions, tlsAlert } from '../app/fake-rdp.ts';
import type { Case } from './case.ts';
import { certificate, selfSigned } from './certificates.ts';
import type { Wire } from './run.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const peer =
  (...acts: readonly Act[]): (() => Peer) =>
  () => ({ receive: () => acts, startTls: () => 'reset' });

const OTHERS: readonly Case[] = [
  {
    id: 'SSH answers',
    wire: { peer: peer(bytes('SSH-2.0-OpenSSH_9.2\r\n'), 'end') },
    expect: { first: 'other-service-on-port', verdict: 'confirmed' },
    source: 'RFC 4253 4.2 Protocol Version Exchange',
  },
  {
    id: 'a web server answers',
    wire: {
      peer: peer(bytes('HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nConnection: close\r\n\r\n'), 'end'),
    },
    expect: { first: 'other-service-on-port', verdict: 'confirmed' },
    source: 'RFC 9112 4 Status Line',
  },
  {
    id: 'the listener closes before it negotiates',
    wire: { peer: peer('end') },
    expect: { first: 'listener-closes-connection' },
    source: '[MS-RDPBCGR] 1.3.1.1: a Connection Confirm is what follows',
  },
  {
    id: 'the listener resets before it negotiates',
    wire: { peer: peer('reset') },
    expect: { first: 'listener-closes-connection' },
    source: '[MS-RDPBCGR] 1.3.1.1: a Connection Confirm is what follows',
  },
  {
    id: 'the listener says nothing',
    wire: { peer: peer() },
    expect: { first: 'listener-silent' },
    source: '[MS-RDPBCGR] 1.3.1.1: a Connection Confirm is what follows',
  },
];

const refusing = (description: number): Wire => ({
  server: { hello: () => [tlsAlert(description)], tls: { alert: description } },
});

const ALERTS: readonly Case[] = [
  {
    id: 'a name must be sent',
    wire: refusing(112),
    expect: { first: 'server-name-refused' },
    source: 'RFC 6066 3: unrecognized_name (112)',
  },
  {
    id: 'a client certificate is demanded',
    wire: refusing(116),
    expect: { first: 'client-certificate-required' },
    source: 'RFC 8446 6.2: certificate_required (116)',
  },
  {
    id: 'a parameter is refused',
    wire: refusing(47),
    expect: { first: 'tls-handshake-refused' },
    source: 'RFC 8446 6.2: illegal_parameter (47) speaks of neither version nor suite',
  },
  {
    id: 'plain HTTP where TLS should be',
    wire: {
      server: {
        hello: () => [bytes('HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n'), 'end'],
        tls: 'end',
      },
    },
    expect: { first: 'tls-answer-foreign' },
    source: 'RFC 8446 5.1: a record begins with its content type; RFC 9112 4 Status Line',
  },
];

const only =
  (mask: number): FakeRdpOptions['negotiate'] =>
  (requested) =>
    (requested & mask) === 0 ? { failure: 5 } : { selected: mask, flags: 0 };

const PROTOCOLS: readonly Case[] = [
  {
    id: 'TLS without NLA, and the client insists on NLA',
    wire: {
      server: { negotiate: (mask) => ((mask & 1) === 0 ? { failure: 1 } : { selected: 1, flags: 0 }) },
    },
    suspected: ['nla-not-offered'],
    expect: { first: 'nla-not-offered' },
    source:
      '[MS-RDPBCGR] 5.4.2.2: a client with CredSSP alone; mstsc: the remote computer does not support NLA',
  },
  {
    id: 'TLS without NLA, and nobody said that the client insists',
    wire: {
      server: { negotiate: (mask) => ((mask & 1) === 0 ? { failure: 1 } : { selected: 1, flags: 0 }) },
    },
    expect: { never: ['nla-not-offered'] },
    source: '[MS-RDPBCGR] 5.4.2.1: negotiation takes the best that both have',
  },
  {
    id: 'RDSTLS alone',
    wire: { server: { negotiate: only(0x4) } },
    expect: { first: 'rdstls-required' },
    source: '[MS-RDPBCGR] 2.2.1.1.1: PROTOCOL_RDSTLS (0x4), as a redirected connection uses it',
  },
  {
    id: 'Entra sign-in alone',
    wire: { server: { negotiate: only(0x10) } },
    expect: { first: 'entra-sign-in-required' },
    source: '[MS-RDPBCGR] 2.2.1.1.1: PROTOCOL_RDSAAD (0x10)',
  },
];

/** RSA with a key that Windows does not take any more. */
function weak(): Uint8Array {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 512 });
  const tbs = certificateToSign({
    commonName: 'vm1.corp.example',
    notBefore: Date.UTC(2026, 0, 1),
    notAfter: Date.UTC(2026, 6, 1),
    serial: Uint8Array.of(9),
    subjectPublicKeyInfo: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    dnsNames: ['vm1.corp.example'],
  });
  return assembleCertificate(tbs, new Uint8Array(sign('sha256', tbs, privateKey)));
}

const showing = (der: Uint8Array): Wire => ({
  server: { tls: { version: '1.2', certificates: [der] } },
});
const FUTURE = certificate(Date.UTC(2027, 0, 1), Date.UTC(2028, 0, 1));

const OTHER_NAME = certificate(Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1), 'web.other.example');

const CERTIFICATES: readonly Case[] = [
  {
    id: 'certificate not yet valid, on the wire',
    wire: showing(FUTURE),
    expect: { first: 'certificate-not-yet-valid' },
    source: 'RFC 5280 4.1.2.5 Validity, notBefore',
  },
  {
    id: 'certificate not yet valid, on the disk',
    base: 'server-2022 workgroup',
    set: selfSigned(FUTURE),
    expect: { first: 'certificate-not-yet-valid' },
    source: 'RFC 5280 4.1.2.5 Validity, notBefore; made while the clock was ahead',
  },
  {
    // Corrected after the first run: the target was an address, and mstsc by itself only warns.
    id: 'certificate of another name, and the client insists',
    wire: { ...showing(OTHER_NAME), host: 'vm1.corp.example' },
    suspected: ['certificate-name-mismatch'],
    expect: { first: 'certificate-name-mismatch', verdict: 'likely' },
    source: 'RFC 9525 6: the name has to be among those of the certificate',
  },
  {
    id: 'certificate of another name, and nobody said that the client insists',
    wire: { ...showing(OTHER_NAME), host: 'vm1.corp.example' },
    expect: { never: ['certificate-name-mismatch'] },
    source: 'Microsoft: AuthenticationLevel 2, the default, warns and lets the user go on',
  },
  {
    id: 'key of 512 bits',
    wire: showing(weak()),
    expect: { first: 'certificate-unusable' },
    source: 'Microsoft KB2661254: RSA keys below 1024 bits are blocked',
  },
];

export const WIRE_FAULTS: readonly Case[] = [...OTHERS, ...ALERTS, ...PROTOCOLS, ...CERTIFICATES];
