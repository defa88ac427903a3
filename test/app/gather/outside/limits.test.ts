// Whatever a server does: the time limit is kept, and a credential is tried once at most.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Act, Peer } from '../../fake-network.ts';
import {
  type FakeRdpOptions,
  fakeRdp,
  serverFlight,
  serverHello,
  testCertificate,
  tlsAlert,
} from '../../fake-rdp.ts';
import { ALICE, authentications, type LookOptions, look } from './looking.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** A byte every second, for ever as far as this run is concerned. */
const trickle: readonly Act[] = Array.from({ length: 700 }, () => [
  { millis: 1000 },
  Uint8Array.of(3),
]).flat();

const SERVERS: readonly (readonly [name: string, LookOptions])[] = [
  ['healthy', {}],
  ['one that never opens', { peer: () => ({ connect: { state: 'timeout' } }) }],
  ['one that opens after three seconds', { peer: () => ({ connect: { state: 'open', millis: 3000 } }) }],
  ['one that says nothing', { peer: () => ({ receive: () => [] }) }],
  ['one that thinks for a second', { thinking: 1000 }],
  ['one that thinks for three seconds', { thinking: 3000 }],
  ['a byte a second', { peer: () => ({ receive: () => trickle }) }],
  ['one that closes', { peer: () => ({ receive: () => ['end'] }) }],
  ['one that resets', { peer: () => ({ receive: () => ['reset'] }) }],
  ['one that negotiates and is silent in TLS', { server: { hello: () => [], tls: 'silent' } }],
  ['one that negotiates and closes in TLS', { server: { hello: () => ['end'], tls: 'end' } }],
  ['one that sends half a hello', { server: { hello: (version) => [serverHello(version, 0x2f)] } }],
  ['one that is silent in CredSSP', { server: { ntlmNegotiate: [] } }],
  ['one that closes in CredSSP', { server: { ntlmNegotiate: ['end'] } }],
  ['one that trickles in CredSSP', { server: { ntlmNegotiate: trickle } }],
  ['one that is silent on the credential', { server: { authenticate: [] } }],
  [
    'one whose every second connection is silent',
    { peer: (n) => (n % 2 === 0 ? { receive: () => [] } : {}) },
  ],
  [
    'one whose every third connection closes',
    { peer: (n) => (n % 3 === 0 ? { receive: () => ['end'] } : {}) },
  ],
  ['garbage', { peer: () => ({ receive: () => [text('garbage, and more garbage\r\n')] }) }],
  [
    'standard RDP security, and then silence',
    { server: { negotiate: () => ({ selected: 0 }), security: [] } },
  ],
  ['a name that takes eight seconds to resolve', { resolving: 8000 }],
];

for (const [name, options] of SERVERS) {
  for (const full of [false, true]) {
    test(`in time: ${name}${full ? ', --full' : ''}`, async () => {
      for (const timeoutMillis of full ? [1000, 60_000] : [1000, 3000, 10_000, 30_000]) {
        const looked = await look({ ...options, request: { timeoutMillis, full, credential: ALICE } });
        assert.ok(looked.millis <= timeoutMillis, `${looked.millis} of ${timeoutMillis} ms`);
        assert.ok(authentications(looked.network).length <= 1);
        assert.equal(looked.network.open, 0);
      }
    });
  }
}

test('a credential is tried where the server gives a challenge in time, however slow it is', async () => {
  for (const thinking of [0, 100, 400]) {
    const looked = await look({ thinking, roundTrip: 50, request: { credential: ALICE } });
    assert.equal(authentications(looked.network).length, 1, `${thinking} ms`);
  }
});

// Servers that behave differently on every connection.

const acts = fc.constantFrom<readonly Act[]>(
  [],
  ['end'],
  ['reset'],
  [{ millis: 500 }, 'end'],
  [text('HTTP/1.1 400 Bad Request\r\n\r\n')],
  [Uint8Array.of(3, 0, 0xff, 0xff)],
  [Uint8Array.of(0x30, 0x84, 0x7f, 0xff, 0xff, 0xff)],
  [Uint8Array.of(22, 3, 3, 0x40, 0)],
  trickle,
);
const negotiation = fc.oneof(
  { weight: 9, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ selected: 8 }, { selected: 2 }, { selected: 1 }, { selected: 0 }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ selected: 99 }, { failure: 3 }, { failure: 5 }, { failure: 77 }),
  },
  { weight: 1, arbitrary: acts },
);
const hello = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: acts },
  {
    weight: 1,
    arbitrary: fc.constantFrom<readonly Act[]>(
      [tlsAlert(70)],
      [tlsAlert(112, 1)],
      [serverFlight(0x0302)],
      [serverFlight(0x0303, 0x1234)],
      [serverFlight(0x0303), tlsAlert(40)],
      [serverFlight(0x0303, 0x2f, [Uint8Array.of(1)])],
    ),
  },
);
const tls = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constant<FakeRdpOptions['tls']>({ version: '1.2', certificates: [testCertificate()] }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<FakeRdpOptions['tls']>(
      { version: '1.3', certificates: [testCertificate()] },
      { version: '1.3', certificates: [] },
      { version: '1.0', certificates: [Uint8Array.of(0x30)] },
      { alert: 40 },
      'end',
      'silent',
    ),
  },
);
/** Mostly it works, so that credentials are tried at all. */
const ntlm = fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: acts });
const authenticate = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: acts },
);
const connect = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<NonNullable<Peer['connect']>>(
      { state: 'refused' },
      { state: 'timeout' },
      { state: 'unreachable' },
      { state: 'open', millis: 1000 },
      { state: 'open', millis: 3000 },
    ),
  },
);
const mood = fc.record({ connect, negotiation, hello, tls, ntlm, authenticate }, { noNullPrototype: true });

test('whatever each connection does: in time, nothing left open, one attempt at most', async () => {
  let attempts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(mood, { minLength: 1, maxLength: 9 }),
      fc.constantFrom(1, 30, 100, 700),
      fc.constantFrom(1000, 4000, 10_000),
      fc.boolean(),
      async (moods, roundTrip, timeoutMillis, full) => {
        const looked = await look({
          roundTrip,
          request: { timeoutMillis, full, credential: ALICE },
          peer: (connection, _, clock) => {
            const it = moods[connection % moods.length];
            if (it === undefined) return {};
            return {
              ...fakeRdp(clock, roundTrip, {
                tls: it.tls,
                ...(it.negotiation === undefined ? {} : { negotiate: () => it.negotiation ?? [] }),
                ...(it.hello === undefined ? {} : { hello: () => it.hello }),
                ...(it.ntlm === undefined ? {} : { ntlmNegotiate: it.ntlm }),
                ...(it.authenticate === undefined ? {} : { authenticate: it.authenticate }),
              }),
              ...(it.connect === undefined ? {} : { connect: it.connect }),
            };
          },
        });
        const tried = authentications(looked.network);
        attempts += tried.length;
        assert.ok(tried.length <= 1, `${tried.length} attempts`);
        assert.ok(tried.every(({ secret }) => secret));
        assert.ok(looked.millis <= timeoutMillis, `${looked.millis} of ${timeoutMillis} ms`);
        assert.equal(looked.network.open, 0);
        if (tried.length === 0) assert.notEqual(looked.evidence['nla.logon']?.state, 'present');
      },
    ),
    { numRuns: 150 },
  );
  // A property that never tries a credential would prove nothing.
  assert.ok(attempts > 10, `${attempts} attempts in all`);
});

test('without a credential none is ever sent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mood, { minLength: 1, maxLength: 5 }), async (moods) => {
      const looked = await look({
        peer: (connection, _, clock) => {
          const it = moods[connection % moods.length];
          return it?.ntlm === undefined ? {} : fakeRdp(clock, 100, { ntlmNegotiate: it.ntlm, tls: it.tls });
        },
      });
      assert.deepEqual(authentications(looked.network), []);
      assert.ok(looked.network.sent.every(({ secret }) => !secret));
    }),
    { numRuns: 20 },
  );
});
