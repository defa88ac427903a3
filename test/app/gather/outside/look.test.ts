import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resolution } from '../../../../src/app/ports/network.ts';
import { toHex } from '../../../../src/core/bytes/hex.ts';
import { findClient } from '../../../../src/core/knowledge/clients.ts';
import { type FactName, TLS_VERSIONS } from '../../../../src/core/model/facts.ts';
import { decodeServerName, EXTENSION, findExtension } from '../../../../src/core/protocol/tls-extensions.ts';
import { decodeClientHello } from '../../../../src/core/protocol/tls-hello.ts';
import { decodeHandshakeMessage, decodeTlsRecord } from '../../../../src/core/protocol/tls-record.ts';
import { decodeTpkt } from '../../../../src/core/protocol/tpkt.ts';
import { decodeConnectionRequest } from '../../../../src/core/protocol/x224.ts';
import { textsOf } from '../../../notices.ts';
import { testCertificate } from '../../fake-rdp.ts';
import { ALICE, authentications, type Looked, type LookOptions, look } from './looking.ts';

function factOf({ evidence }: Looked, name: FactName): unknown {
  const observation = evidence[name];
  return observation?.state === 'present' ? observation.value : observation;
}

// How long it takes.

/** Pauses between the starts of seven connections, and the third answer that opens the lanes. */
const PACING = 7 * 6;

const TLS_12 = { version: '1.2', certificates: [testCertificate()] } as const;
const TLS_13 = { version: '1.3', certificates: [testCertificate()] } as const;

for (const tls of [TLS_12, TLS_13]) {
  test(`a clean run costs five round trips, with TLS ${tls.version} as well`, async () => {
    const looked = await look({ roundTrip: 100, server: { tls } });
    assert.ok(looked.millis >= 500 && looked.millis <= 500 + PACING, `${looked.millis} ms`);
    assert.equal(looked.connections, 7);
    assert.ok(looked.network.mostOpen <= 8);
  });
}

test('what TLS 1.3 saves shows where CredSSP is the longest conversation', async () => {
  const credssp = async (tls: LookOptions['server']): Promise<number> => {
    const { network } = await look({ roundTrip: 100, server: tls ?? {} });
    const last = network.sent.filter(({ what }) => what.startsWith('TSRequest')).at(-1);
    return Math.round((last?.at ?? 0) / 100);
  };
  // Sent then; the answer is one round trip later.
  assert.equal(await credssp({ tls: TLS_12 }), 4);
  assert.equal(await credssp({ tls: TLS_13 }), 3);
});

test('a named client costs one connection and no round trip more', async () => {
  const client = findClient('windows-11');
  const looked = await look({ roundTrip: 100, request: { client } });
  assert.equal(looked.connections, 8);
  assert.ok(looked.millis <= 500 + PACING + 6, `${looked.millis} ms`);
  assert.deepEqual(looked.evidence['tls.asClient']?.state, 'present');
});

test('a credential costs six round trips more, on a connection of its own', async () => {
  const looked = await look({ roundTrip: 100, request: { credential: ALICE } });
  assert.equal(looked.connections, 8);
  assert.ok(looked.millis >= 1100 && looked.millis <= 1100 + PACING, `${looked.millis} ms`);
  assert.equal(looked.network.started.at(-1)?.open, 1);
});

test('on a short line no more than three are open at once', async () => {
  const looked = await look({ roundTrip: 10 });
  assert.ok(looked.network.mostOpen <= 3);
  assert.ok(looked.millis < 200, `${looked.millis} ms`);
});

test('the first three connections are the longest one and one of each other kind', async () => {
  const { network } = await look();
  const labels = network.started.map(({ label }) => label);
  assert.deepEqual(labels.slice(0, 3), ['CredSSP', 'standard RDP security', 'TLS 1.3']);
  assert.deepEqual(labels.slice(3), ['TLS 1.2', 'TLS 1.1', 'TLS 1.0', 'TLS without CredSSP']);
});

// What it sees.

test('a healthy listener shows every fact that can be had without --full, --client and --user', async () => {
  const looked = await look({ server: { skewSeconds: 2 } });
  const states = Object.fromEntries(
    Object.entries(looked.evidence).map(([name, observation]) => [name, observation.state]),
  );
  assert.deepEqual(states, {
    'tcp.connect': 'present',
    'rdp.negotiation': 'present',
    'rdp.nla': 'present',
    'rdp.tls': 'present',
    'rdp.standard': 'present',
    'rdp.encryption': 'absent',
    'tls.versions': 'present',
    'tls.ciphers': 'unknown',
    'tls.features': 'unknown',
    'tls.asClient': 'unknown',
    'tls.asClients': 'present',
    'tls.certificate': 'present',
    'tls.clientCertificate': 'present',
    'tls.serverName': 'unknown',
    'tls.direct': 'unknown',
    'credssp.version': 'present',
    'ntlm.challenge': 'present',
    'ntlm.refusal': 'absent',
    'clock.skewSeconds': 'present',
    'nla.logon': 'unknown',
  });
  assert.equal(factOf(looked, 'clock.skewSeconds'), 2);
  assert.equal(factOf(looked, 'rdp.nla'), 'offered');
  assert.deepEqual(looked.warnings, []);
});

test('the skew has half the round trip taken off, however long the line is', async () => {
  for (const roundTrip of [10, 100, 800]) {
    const looked = await look({ roundTrip, server: { skewSeconds: -300 } });
    assert.equal(factOf(looked, 'clock.skewSeconds'), -300);
  }
});

test('standard RDP security only: the level is stated, and nothing of TLS is made up', async () => {
  const looked = await look({
    server: {
      negotiate: (requested) => (requested === 0 ? { selected: 0 } : { failure: 2 }),
      security: [16, 4],
    },
  });
  assert.deepEqual(factOf(looked, 'rdp.encryption'), { level: 4, methods: 16 });
  assert.equal(factOf(looked, 'rdp.standard'), 'accepted');
  for (const name of ['tls.versions', 'tls.certificate', 'ntlm.challenge', 'credssp.version'] as const) {
    assert.equal(looked.evidence[name]?.state, 'absent', name);
  }
});

test('a listener that takes TLS alone, and not together with CredSSP, is asked for TLS alone', async () => {
  const looked = await look({
    server: { negotiate: (requested) => (requested === 1 ? { selected: 1 } : { failure: 4 }) },
  });
  assert.equal(looked.connections, 11);
  const versions = looked.evidence['tls.versions'];
  assert.ok(versions?.state === 'present');
  assert.deepEqual(
    TLS_VERSIONS.map((version) => versions.value[version]),
    ['accepted', 'accepted', 'accepted', 'accepted'],
  );
  const negotiation = looked.evidence['rdp.negotiation'];
  assert.ok(negotiation?.state === 'present');
  assert.deepEqual(
    negotiation.value.map(({ requested, answer }) => [requested, answer]),
    [
      [0, 'failure'],
      [1, 'selected'],
      [3, 'failure'],
      [11, 'failure'],
    ],
  );
});

for (const state of ['refused', 'timeout', 'unreachable'] as const) {
  test(`a port that is ${state}: that is all there is`, async () => {
    const looked = await look({ peer: () => ({ connect: { state } }) });
    const connect = looked.evidence['tcp.connect'];
    assert.ok(connect?.state === 'present');
    assert.equal(connect.value.state, state);
    assert.equal(connect.value.addresses.length, 1);
    for (const name of ['rdp.negotiation', 'rdp.nla', 'tls.versions', 'ntlm.challenge'] as const) {
      const observation = looked.evidence[name];
      assert.ok(observation?.state === 'unknown' && observation.why === 'no-channel', name);
    }
    assert.equal(looked.connections, 3);
    assert.ok(looked.millis <= (state === 'timeout' ? 5000 : 120), `${looked.millis} ms`);
  });
}

// Names and addresses.

test('a name that does not resolve ends there', async () => {
  const looked = await look({
    resolution: { kind: 'failed', problem: 'no such name' },
    request: { host: 'vm1' },
  });
  assert.deepEqual(looked.evidence, {
    'tcp.connect': { state: 'unknown', why: 'no-channel', detail: 'no such name' },
  });
  assert.equal(looked.connections, 0);
});

test('a resolver that takes for ever does not', async () => {
  const looked = await look({ resolving: 1e9, request: { host: 'vm1' } });
  assert.ok(looked.millis <= 10_000);
  assert.equal(looked.connections, 0);
});

const addresses = (...list: string[]): Resolution => ({ kind: 'addresses', addresses: list });

test('a name with several addresses: the first that opens is examined, each is reported', async () => {
  const looked = await look({
    resolution: addresses('2001:db8::1', '192.0.2.4', '192.0.2.5'),
    request: { host: 'vm1.corp.example' },
    peer: (_, { address }) => (address === '2001:db8::1' ? { connect: { state: 'timeout' } } : {}),
  });
  const connect = looked.evidence['tcp.connect'];
  assert.ok(connect?.state === 'present');
  assert.equal(connect.value.address, '192.0.2.4');
  assert.equal(connect.value.state, 'open');
  assert.deepEqual(
    connect.value.addresses.map(({ address, state }) => [address, state]),
    [
      ['2001:db8::1', 'timeout'],
      ['192.0.2.4', 'open'],
      ['192.0.2.5', 'open'],
    ],
  );
  assert.deepEqual(textsOf(looked.warnings), [
    'vm1.corp.example has 3 addresses; only 192.0.2.4 was examined, although there was also an answer from 192.0.2.5',
  ]);
  assert.equal(looked.connections, 3 + 7);
  assert.ok(looked.millis <= 3600, `${looked.millis} ms`);
});

test('a name none of whose addresses opens is not asked any further', async () => {
  const looked = await look({
    resolution: addresses('2001:db8::1', '192.0.2.4'),
    request: { host: 'vm1' },
    peer: (_, { address }) => ({ connect: { state: address === '192.0.2.4' ? 'refused' : 'unreachable' } }),
  });
  assert.equal(looked.connections, 2);
  const inFull = await look({
    resolution: addresses('2001:db8::1', '192.0.2.4'),
    request: { host: 'vm1', full: true },
    peer: () => ({ connect: { state: 'refused' } }),
  });
  assert.equal(inFull.connections, 2);
  const connect = looked.evidence['tcp.connect'];
  assert.ok(connect?.state === 'present');
  assert.deepEqual(
    connect.value.addresses.map(({ state }) => state),
    ['unreachable', 'refused'],
  );
  assert.equal(looked.evidence['rdp.negotiation']?.state, 'unknown');
});

test('of a name with a hundred addresses eight are tried, and that is said', async () => {
  const many = Array.from({ length: 100 }, (_, index) => `192.0.2.${index + 1}`);
  const looked = await look({ resolution: addresses(...many), request: { host: 'vm1' } });
  assert.equal(looked.connections, 8 + 7);
  assert.match(looked.warnings[0]?.text ?? '', /has 100 addresses; only the first 8 were tried/);
});

test('the name goes into every hello, without its final dot; an address never does', async () => {
  const names = async (host: string, list: string[]): Promise<readonly (string | undefined)[]> => {
    const { network } = await look({ resolution: addresses(...list), request: { host } });
    const hellos = network.sent.filter(({ what }) => what === 'TLS ClientHello');
    assert.equal(hellos.length, 4);
    return hellos.map(({ bytes }) => {
      const { extensions } = decodeClientHello(decodeHandshakeMessage(decodeTlsRecord(bytes).fragment).body);
      const extension = findExtension(extensions, EXTENSION.serverName);
      return extension === undefined ? undefined : decodeServerName(extension.data);
    });
  };
  assert.deepEqual([...new Set(await names('vm1.corp.example.', ['192.0.2.4']))], ['vm1.corp.example']);
  assert.deepEqual([...new Set(await names('192.0.2.4', ['192.0.2.4']))], [undefined]);
});

// The one attempt.

test('with a credential exactly one attempt is made, and it is sent as a secret', async () => {
  const looked = await look({ request: { credential: ALICE } });
  const [attempt, ...more] = authentications(looked.network);
  assert.deepEqual(more, []);
  assert.equal(attempt?.secret, true);
  assert.deepEqual(factOf(looked, 'nla.logon'), { status: 0xc000006d, name: 'STATUS_LOGON_FAILURE' });
});

test('nothing but the attempt is a secret, and nothing else holds the user', async () => {
  const { network } = await look({ request: { credential: ALICE } });
  assert.equal(network.sent.filter(({ secret }) => secret).length, 1);
});

const noAttempt: readonly (readonly [name: string, LookOptions])[] = [
  ['no credential was given', {}],
  ['NTLM is refused', { request: { credential: ALICE }, server: { ntlmNegotiate: ['end'] } }],
  [
    'CredSSP is not offered',
    { request: { credential: ALICE }, server: { negotiate: () => ({ selected: 1 }) } },
  ],
  [
    'the certificate cannot be read, so that the answer could not be bound to it',
    {
      request: { credential: ALICE },
      server: { tls: { version: '1.2', certificates: [Uint8Array.of(0x30, 0)] } },
    },
  ],
  [
    'the second challenge never comes',
    {
      request: { credential: ALICE },
      peer: (connection) => (connection === 8 ? { startTls: () => 'silent' } : {}),
    },
  ],
];
for (const [name, options] of noAttempt) {
  test(`no attempt is made when ${name}`, async () => {
    const looked = await look(options);
    assert.deepEqual(authentications(looked.network), []);
    assert.equal(looked.evidence['nla.logon']?.state, 'unknown');
  });
}

test('where no challenge came there is no second connection for a credential', async () => {
  for (const server of [{ ntlmNegotiate: ['end' as const] }, { negotiate: () => ({ selected: 1 }) }]) {
    const { network } = await look({ request: { credential: ALICE }, server });
    assert.ok(!network.started.some(({ label }) => label.startsWith('the one sign-in attempt')));
  }
});

test('standard RDP security is asked for with every encryption method', async () => {
  const { network } = await look({ server: { negotiate: () => 'no-negotiation' } });
  const [initial] = network.sent.filter(({ what }) => what === 'MCS Connect-Initial');
  // CS_SECURITY, 12 bytes: 40, 56 and 128 bits and FIPS.
  assert.ok(toHex(initial?.bytes ?? new Uint8Array(0)).includes('02c00c001b000000'));
});

test('a client that has no CredSSP is played without it, one that has with it', async () => {
  const requestedAs = async (nla: boolean): Promise<number | undefined> => {
    const client = { ...(findClient('windows-10') ?? assert.fail()), nla };
    const { network } = await look({ request: { client } });
    const connection = network.started.findIndex(({ label }) => label === 'as windows-10') + 1;
    const request = network.sent.find((sent) => sent.connection === connection)?.bytes ?? new Uint8Array(0);
    return decodeConnectionRequest(decodeTpkt(request)).negotiation?.requestedProtocols;
  };
  assert.equal(await requestedAs(false), 0x1);
  assert.equal(await requestedAs(true), 0xb);
});

const answers: readonly (readonly [name: string, authenticate: LookOptions['server'], why: string])[] = [
  ['closes', { authenticate: ['end'] }, 'denied'],
  ['resets', { authenticate: ['reset'] }, 'denied'],
  ['is silent', { authenticate: [] }, 'timeout'],
  ['answers garbage', { authenticate: [Uint8Array.of(1, 2, 3)] }, 'corrupt'],
];
for (const [name, server, why] of answers) {
  test(`an attempt on which the server ${name} is not made again`, async () => {
    const looked = await look({
      request: { credential: ALICE },
      ...(server === undefined ? {} : { server }),
    });
    assert.equal(authentications(looked.network).length, 1);
    const logon = looked.evidence['nla.logon'];
    assert.ok(logon?.state === 'unknown');
    assert.equal(logon.why, why);
    assert.ok(looked.millis <= 10_000);
  });
}
