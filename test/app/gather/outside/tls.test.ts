import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HelloProbe } from '../../../../src/app/gather/outside/probes.ts';
import {
  answerOf,
  helloAs,
  helloFor,
  observeAsClient,
  observeTlsVersions,
} from '../../../../src/app/gather/outside/tls.ts';
import { findClient } from '../../../../src/core/knowledge/clients.ts';
import { TLS_VERSIONS, type TlsVersion, type TlsVersionAnswer } from '../../../../src/core/model/facts.ts';
import { absent, present, unknown } from '../../../../src/core/model/observation.ts';
import type { NegotiationAnswer } from '../../../../src/core/protocol/negotiate.ts';
import type { TlsProbeAnswer } from '../../../../src/core/protocol/tls-probe.ts';
import { testCertificate } from '../../fake-rdp.ts';
import {
  CLOSED,
  failure,
  from,
  helloProbe,
  INTERRUPTED,
  OUTSIDE,
  selected,
  TIMEOUT,
  TOO_LONG,
} from './fixtures.ts';

const HELLO = {
  kind: 'hello',
  version: 0x0303,
  suite: 0xc030,
  compression: 0,
  extensions: [],
  certificates: [testCertificate()],
  retry: false,
} as const satisfies TlsProbeAnswer;

const nothing = new Uint8Array(0);
const ALERT_70 = { kind: 'alert', level: 2, description: 70 } as const;

const answers: readonly (readonly [name: string, HelloProbe | undefined, TlsVersionAnswer])[] = [
  ['the version and a suite that were asked for', helloProbe(HELLO), 'accepted'],
  ['a HelloRetryRequest', helloProbe({ ...HELLO, certificates: [], retry: true }), 'accepted'],
  ['a lower version', helloProbe({ ...HELLO, version: 0x0302 }), 'refused'],
  ['a version that was not offered', helloProbe({ ...HELLO, version: 0x7f1c }), 'refused'],
  ['a suite that was not offered', helloProbe({ ...HELLO, suite: 0x1301 }), 'refused'],
  ['a hello and then an alert', helloProbe({ ...HELLO, alert: { level: 2, description: 40 } }), 'refused'],
  [
    'a hello and then the end',
    helloProbe({ ...HELLO, certificates: [], problem: 'closed', by: CLOSED }),
    'closed',
  ],
  [
    'a hello, a certificate and then the end',
    helloProbe({ ...HELLO, problem: 'closed', by: CLOSED }),
    'closed',
  ],
  ['a hello and then silence', helloProbe({ ...HELLO, problem: 'timeout', by: TIMEOUT }), 'timeout'],
  [
    'a hello and then what cannot be read',
    helloProbe({ ...HELLO, certificates: [], problem: 'bad certificate' }),
    'accepted',
  ],
  ['an alert', helloProbe(ALERT_70), 'refused'],
  ['garbage', helloProbe({ kind: 'foreign', head: nothing, problem: '' }), 'foreign'],
  ['the end', helloProbe({ kind: 'interrupted', by: CLOSED }), 'closed'],
  ['silence', helloProbe({ kind: 'interrupted', by: TIMEOUT }), 'timeout'],
  ['a record of two gigabytes', helloProbe({ kind: 'interrupted', by: TOO_LONG }), 'closed'],
  ['silence in the negotiation', helloProbe(undefined, INTERRUPTED.timeout), 'timeout'],
  ['the end in the negotiation', helloProbe(undefined, INTERRUPTED.closed), 'closed'],
  ['a refusal in the negotiation', helloProbe(undefined, failure(2)), 'closed'],
  ['no connection', undefined, 'timeout'],
];
for (const [name, probe, expected] of answers) {
  test(`answer: ${name}`, () => {
    assert.equal(answerOf(probe, [0x0303], [0xc030, 0xc02f]), expected);
  });
}

function hellos(of: Partial<Record<TlsVersion, HelloProbe>>): ReadonlyMap<TlsVersion, HelloProbe> {
  return new Map(TLS_VERSIONS.flatMap((version) => (of[version] ? [[version, of[version]] as const] : [])));
}

test('tls.versions: each version by its own hello, with alert and suite', () => {
  assert.deepEqual(
    observeTlsVersions(
      OUTSIDE,
      hellos({
        '1.0': helloProbe(ALERT_70),
        '1.1': helloProbe({ kind: 'interrupted', by: CLOSED }),
        '1.2': helloProbe(HELLO),
        '1.3': helloProbe({ ...HELLO, version: 0x0304, suite: 0x1302, alert: { level: 2, description: 80 } }),
      }),
    ),
    present(
      {
        '1.0': 'refused',
        '1.1': 'closed',
        '1.2': 'accepted',
        '1.3': 'refused',
        alerts: { '1.0': 70, '1.3': 80 },
        suites: { '1.2': 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384' },
        how: { '1.1': 'end' },
      },
      from('tls'),
    ),
  );
});

test('tls.versions: a version whose connection never came that far is not the others', () => {
  const observed = observeTlsVersions(
    OUTSIDE,
    hellos({ '1.0': helloProbe(undefined, INTERRUPTED.timeout), '1.2': helloProbe(HELLO) }),
  );
  assert.ok(observed.state === 'present');
  const { alerts, suites, ...versions } = observed.value;
  assert.deepEqual(versions, { '1.0': 'timeout', '1.1': 'timeout', '1.2': 'accepted', '1.3': 'timeout' });
});

const without = 'the listener selects no protocol that runs inside TLS';
const short = 'the negotiation did not get as far as TLS';
const none: readonly (readonly [name: string, NegotiationAnswer | undefined, ReturnType<typeof unknown>])[] =
  [
    ['standard RDP security', selected(0), absent(from('tls'), without)],
    ['a failure', failure(2), absent(from('tls'), without)],
    ['an old confirm', { kind: 'no-negotiation' }, absent(from('tls'), without)],
    ['silence', INTERRUPTED.timeout, unknown('no-channel', short)],
    ['the end', INTERRUPTED.closed, unknown('no-channel', short)],
    ['another protocol', { kind: 'foreign', head: nothing, problem: '' }, unknown('no-channel', short)],
    ['no connection', undefined, unknown('no-channel', short)],
  ];
for (const [name, negotiation, expected] of none) {
  test(`without TLS: ${name}`, () => {
    const probe = negotiation === undefined ? undefined : helloProbe(undefined, negotiation);
    const each = probe === undefined ? {} : { '1.0': probe, '1.1': probe, '1.2': probe, '1.3': probe };
    assert.deepEqual(observeTlsVersions(OUTSIDE, hellos(each)), expected);
    assert.deepEqual(observeAsClient(OUTSIDE, WINDOWS_10, probe), expected);
  });
}

const WINDOWS_10 = findClient('windows-10') ?? assert.fail('windows-10 is a client');
const [SUITE_10 = 0] = WINDOWS_10.tlsSuites;

test('tls.asClient: what it would come to', () => {
  const observed = observeAsClient(OUTSIDE, WINDOWS_10, helloProbe({ ...HELLO, suite: SUITE_10 }));
  assert.ok(observed.state === 'present');
  assert.equal(observed.value.client, 'windows-10');
  assert.equal(observed.value.answer, 'accepted');
  assert.equal(observed.value.version, '1.2');
});

test('tls.asClient: refused, with the alert', () => {
  assert.deepEqual(
    observeAsClient(OUTSIDE, WINDOWS_10, helloProbe(ALERT_70)),
    present({ client: 'windows-10', answer: 'refused', alert: 70 }, from('tls')),
  );
});

test('tls.asClient: a version that it does not speak is refused, and shown as it is', () => {
  const observed = observeAsClient(
    OUTSIDE,
    WINDOWS_10,
    helloProbe({ ...HELLO, suite: SUITE_10, version: 0x7f1c }),
  );
  assert.ok(observed.state === 'present');
  assert.deepEqual([observed.value.answer, observed.value.version], ['refused', '0x7f1c']);
});

test('tls.asClient: a client that speaks no TLS is not asked for', () => {
  const observed = observeAsClient(OUTSIDE, { ...WINDOWS_10, title: 'Plain', tlsVersions: [] }, undefined);
  assert.deepEqual(observed, unknown('not-gathered', 'Plain does not support TLS'));
});

test('hellos: one version each, fresh random bytes each, and the client as it is', () => {
  let drawn = 0;
  const random = {
    bytes: (count: number) => {
      drawn += 1;
      return new Uint8Array(count).fill(drawn);
    },
  };
  const one = helloFor('1.2', random, 'vm1');
  assert.deepEqual(one.versions, [0x0303]);
  assert.ok(one.suites.length > 50);
  assert.equal(one.serverName, 'vm1');
  assert.notDeepEqual(one.random, one.keyShare);
  const client = helloAs(WINDOWS_10, random, undefined);
  assert.deepEqual(client.suites, WINDOWS_10.tlsSuites);
  assert.deepEqual(client.groups, WINDOWS_10.tlsGroups);
  assert.ok(!('serverName' in client));
  assert.notDeepEqual(client.random, one.random);
  assert.deepEqual(helloFor('SSLv3', random, undefined, [5]).suites, [5]);
});
