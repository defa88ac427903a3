// tcp.connect, rdp.encryption, tls.certificate, and who else may answer on the port.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { observeCertificate } from '../../../../src/app/gather/outside/certificate.ts';
import { observeEncryption } from '../../../../src/app/gather/outside/encryption.ts';
import { nameService } from '../../../../src/app/gather/outside/foreign-service.ts';
import { locate, provenance } from '../../../../src/app/gather/outside/outside.ts';
import type { StandardProbe } from '../../../../src/app/gather/outside/probes.ts';
import { observeReach, observeUnresolved } from '../../../../src/app/gather/outside/reach.ts';
import { describeInterruption, shorten, whyOf } from '../../../../src/app/gather/outside/words.ts';
import { absent, type Observation, present, unknown } from '../../../../src/core/model/observation.ts';
import type { NegotiationAnswer } from '../../../../src/core/protocol/negotiate.ts';
import type { StandardSecurityAnswer } from '../../../../src/core/protocol/standard-security.ts';
import { testCertificate } from '../../fake-rdp.ts';
import {
  CLOSED,
  credsspProbe,
  failure,
  from,
  helloProbe,
  INTERRUPTED,
  OUTSIDE,
  selected,
  TIMEOUT,
  TOO_LONG,
} from './fixtures.ts';

// Where facts come from.

test('a place is a URL, with brackets round IPv6', () => {
  assert.equal(locate({ address: '192.0.2.4', port: 3390 }), 'tcp://192.0.2.4:3390');
  assert.equal(locate({ address: '2001:db8::1', port: 3389 }), 'tcp://[2001:db8::1]:3389');
  assert.equal(provenance(OUTSIDE, 'x', Date.UTC(2020, 0, 1)).observedAt, '2020-01-01T00:00:00.000Z');
});

// tcp.connect

test('reach: the address that the rest was asked of decides, and every one is listed', () => {
  const reached = [
    { address: '2001:db8::1', connect: { state: 'timeout', millis: 3500 } },
    { address: '192.0.2.4', connect: { state: 'open', millis: 12.3456 } },
  ] as const;
  assert.deepEqual(
    observeReach(OUTSIDE, reached),
    present(
      {
        state: 'open',
        address: '192.0.2.4',
        millis: 12.3,
        addresses: [
          { address: '2001:db8::1', state: 'timeout', millis: 3500 },
          { address: '192.0.2.4', state: 'open', millis: 12.3 },
        ],
      },
      from('reach'),
    ),
  );
});

test('reach: no connection was tried, and no name was found', () => {
  assert.equal(observeReach(OUTSIDE, []).state, 'unknown');
  assert.deepEqual(
    observeUnresolved({ kind: 'failed', problem: 'the name vm1 does not resolve to an address' }),
    unknown('no-channel', 'the name vm1 does not resolve to an address'),
  );
});

// rdp.encryption

function standard(
  security: StandardSecurityAnswer | undefined,
  negotiation: NegotiationAnswer = selected(0),
): StandardProbe {
  return { requested: 0, negotiation, ...(security === undefined ? {} : { security }) };
}
const STATED = { kind: 'security', method: 2, level: 3, version: 0x00080004 } as const;
const began = 'the server accepted standard RDP security and then';

const encryption: readonly (readonly [name: string, StandardProbe | undefined, Observation<unknown>])[] = [
  ['stated', standard(STATED), present({ level: 3, methods: 2 }, from('encryption'))],
  [
    'refused by the negotiation',
    standard(undefined, failure(5)),
    absent(from('encryption'), 'standard RDP security is refused, so its level cannot be observed'),
  ],
  [
    'silent',
    standard({ kind: 'interrupted', by: TIMEOUT }),
    unknown('timeout', `${began} sent nothing in time`),
  ],
  [
    'closed',
    standard({ kind: 'interrupted', by: CLOSED }),
    unknown('corrupt', `${began} closed the connection`),
  ],
  [
    'refused',
    standard({ kind: 'refused', problem: 'rn-user-requested' }),
    unknown('corrupt', `${began} gave no security data: rn-user-requested`),
  ],
  [
    'no negotiation',
    standard(undefined, INTERRUPTED.closed),
    unknown('no-channel', 'the negotiation did not get as far as standard RDP security'),
  ],
  ['no connection', undefined, unknown('no-channel', 'no connection opened in time for it')],
];
for (const [name, probe, expected] of encryption) {
  test(`encryption: ${name}`, () => {
    assert.deepEqual(observeEncryption(OUTSIDE, probe, []), expected);
  });
}

test('encryption: with --full each method alone', () => {
  const observed = observeEncryption(OUTSIDE, standard(STATED), [
    { offered: 1, probe: standard({ ...STATED, method: 1, level: 2 }) },
    { offered: 2, probe: standard({ kind: 'interrupted', by: CLOSED }) },
    { offered: 8, probe: standard({ kind: 'interrupted', by: TIMEOUT }) },
    { offered: 16, probe: standard({ kind: 'refused', problem: '' }) },
  ]);
  assert.ok(observed.state === 'present');
  assert.deepEqual(observed.value.perMethod, [
    { offered: 1, answer: 'accepted', method: 1, level: 2 },
    { offered: 2, answer: 'refused' },
    { offered: 8, answer: 'timeout' },
    { offered: 16, answer: 'refused' },
  ]);
});

// tls.certificate

const HELLO = {
  kind: 'hello',
  version: 0x0303,
  suite: 5,
  compression: 0,
  extensions: [],
  retry: false,
} as const;
const secured = (...certificates: Uint8Array[]) =>
  ({ kind: 'secured', version: '1.2', cipher: '', certificates, at: 0 }) as const;

test('certificate: of the full handshake', () => {
  const observed = observeCertificate(OUTSIDE, credsspProbe({ secured: secured(testCertificate()) }), []);
  assert.ok(observed.state === 'present');
  assert.match(observed.value.sha1, /^[0-9a-f]{40}$/);
  assert.deepEqual(observed.value, {
    subject: 'CN=vm1.corp.example',
    issuer: 'CN=vm1.corp.example',
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2026-07-01T00:00:00.000Z',
    sha1: observed.value.sha1,
    selfSigned: true,
    keyBits: 1024,
    keyAlgorithm: 'RSA',
    signatureAlgorithm: 'sha256WithRSAEncryption',
    subjectAlternativeNames: observed.value.subjectAlternativeNames,
    extendedKeyUsage: observed.value.extendedKeyUsage,
  });
});

test('certificate: of a hello where this OpenSSL could not go on', () => {
  const hello = helloProbe({ ...HELLO, certificates: [testCertificate()] });
  const failed = credsspProbe({ secured: { kind: 'tls-failed', reason: 'unsupported protocol', at: 0 } });
  assert.equal(observeCertificate(OUTSIDE, failed, [helloProbe(undefined), hello]).state, 'present');
});

test('certificate: one that cannot be read is unusable, not missing', () => {
  for (const garbage of [
    new Uint8Array(0),
    Uint8Array.of(0x30, 0x03, 1, 2, 3),
    testCertificate().slice(0, 100),
  ]) {
    const observed = observeCertificate(OUTSIDE, credsspProbe({ secured: secured(garbage) }), []);
    assert.ok(observed.state === 'unknown' && observed.why === 'corrupt', JSON.stringify(observed));
    assert.notEqual(observed.detail, '');
  }
});

const noCertificate: readonly (readonly [
  name: string,
  NegotiationAnswer | undefined,
  'absent' | 'unknown',
  RegExp,
])[] = [
  ['standard RDP security was selected', selected(0), 'absent', /continues without TLS/],
  ['TLS is refused', failure(2), 'absent', /continues without TLS/],
  ['an old server', { kind: 'no-negotiation' }, 'absent', /continues without TLS/],
  ['the server has none', failure(3), 'absent', /no usable certificate/],
  ['TLS failed', selected(8), 'unknown', /no TLS handshake got as far/],
  ['silence', INTERRUPTED.timeout, 'unknown', /no TLS handshake got as far/],
  ['no connection', undefined, 'unknown', /no TLS handshake got as far/],
];
for (const [name, negotiation, state, detail] of noCertificate) {
  test(`certificate: none, because ${name}`, () => {
    const probe = negotiation === undefined ? undefined : credsspProbe({ negotiation });
    const observed = observeCertificate(OUTSIDE, probe, []);
    assert.ok(observed.state !== 'present');
    assert.equal(observed.state, state);
    assert.match(observed.detail ?? '', detail);
  });
}

// Who answers instead.

const services: readonly (readonly [head: string, name: string])[] = [
  ['SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', 'an SSH server (SSH-2.0-OpenSSH_9.2p1 Debian-2)'],
  ['RFB 003.008\n', 'a VNC server (RFB 003.008)'],
  ['HTTP/1.1 400 Bad Request\r\nServer: x\r\n', 'a web server (HTTP/1.1 400 Bad Request)'],
  ['<!DOCTYPE HTML>\n<p>', 'a web server (<!DOCTYPE HTML>)'],
  ['220 mail.example ESMTP Postfix\r\n', 'a mail server (220 mail.example ESMTP Postfix)'],
  ['220 ready\r\n', 'an FTP or mail server (220 ready)'],
  ['* OK IMAP4 ready\r\n', 'an IMAP server (* OK IMAP4 ready)'],
  ['+OK POP3 ready\r\n', 'a POP3 server (+OK POP3 ready)'],
  ['\x15\x03\x03\x00\x02\x02\x32', 'a server that speaks TLS from the first byte'],
  [
    '\x03\x00\x00\x0b\x06\xe0\x00\x00',
    'a service that begins like Remote Desktop and then continues differently (why)',
  ],
  ['hello, world\n', 'another protocol (hello, world)'],
  ['hi\n', 'another protocol (why)'],
  ['', 'another protocol (why)'],
  ['\xff\xfb\x01', 'another protocol (why)'],
  // Control characters end what is shown.
  ['SSH-2.0-\x1b]0;owned\x07\r\n', 'an SSH server (SSH-2.0-)'],
  ['SSH-\x9b31m', 'an SSH server'],
  [`HTTP/1.1 200 ${'A'.repeat(100)}\r\n`, `a web server (HTTP/1.1 200 ${'A'.repeat(47)}…)`],
];
for (const [head, name] of services) {
  test(`service: ${JSON.stringify(head.slice(0, 24))}`, () => {
    assert.equal(
      nameService(
        Uint8Array.from(head, (character) => character.charCodeAt(0)),
        'why',
      ),
      name,
    );
  });
}

test('service: whatever answers, its name is short, printable ASCII', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (head) => {
      assert.match(nameService(head, 'why'), /^[\x20-\x7e…]{1,120}$/u);
    }),
  );
});

// Words.

test('words: interruptions', () => {
  const half = { kind: 'timeout', partial: new Uint8Array(7), at: 0 } as const;
  assert.equal(describeInterruption(CLOSED), 'closed the connection');
  assert.equal(describeInterruption({ ...CLOSED, how: 'reset' }), 'reset the connection');
  assert.equal(describeInterruption(TIMEOUT), 'sent nothing in time');
  assert.equal(describeInterruption(half), 'sent only 7 bytes of an answer in time');
  assert.match(describeInterruption(TOO_LONG), /announced a message of 2147483648 bytes/);
  assert.match(
    describeInterruption({ kind: 'foreign', partial: half.partial, problem: 'x', at: 0 }),
    /another protocol \(x\)/,
  );
  assert.deepEqual([TIMEOUT, CLOSED, TOO_LONG].map(whyOf), ['timeout', 'corrupt', 'corrupt']);
  assert.equal(shorten('a'.repeat(256)).length, 256);
  assert.equal(shorten('a'.repeat(257)).length, 257);
  assert.match(shorten('a'.repeat(300)), /a…$/);
});
