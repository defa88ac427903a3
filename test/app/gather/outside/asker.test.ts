import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Asker, isDropped } from '../../../../src/app/gather/outside/asker.ts';
import { Lanes } from '../../../../src/app/gather/outside/lanes.ts';
import { type HelloProbe, probeHello } from '../../../../src/app/gather/outside/probes.ts';
import { concat } from '../../../../src/core/bytes/writer.ts';
import type { Interruption } from '../../../../src/core/protocol/dialog.ts';
import { FakeClock } from '../../fake-clock.ts';
import { FakeNetwork, type Peer } from '../../fake-network.ts';
import { type FakeRdpOptions, fakeRdp, serverHello, tlsAlert } from '../../fake-rdp.ts';

const ROUND_TRIP = 50;
const END = 10_000;
const HELLO = {
  versions: [0x0303],
  suites: [0x002f],
  groups: [23],
  random: new Uint8Array(32),
  keyShare: new Uint8Array(32),
};

interface Run {
  readonly clock: FakeClock;
  readonly network: FakeNetwork;
  readonly asker: Asker;
  /** The labels in the order of their connections. */
  labels(): readonly string[];
  ask(label: string): Promise<HelloProbe | undefined>;
}

type Change = (connection: number) => Partial<FakeRdpOptions> & { readonly connect?: Peer['connect'] };

function run(change: Change, patience?: number): Run {
  const clock = new FakeClock();
  const network = new FakeNetwork(clock, {
    roundTrip: ROUND_TRIP,
    peer: (connection) => {
      const { connect, ...but } = change(connection);
      return { ...fakeRdp(clock, ROUND_TRIP, but), ...(connect === undefined ? {} : { connect }) };
    },
  });
  const lanes = new Lanes(network, clock, { address: '192.0.2.4', port: 3389 });
  const asker = new Asker(lanes, clock, END, patience);
  return {
    clock,
    network,
    asker,
    labels: () => network.started.map(({ label }) => label),
    ask: (label) => asker.ask(label, () => probeHello(3, HELLO)),
  };
}

const silent = { negotiate: () => [] };
const closing = { negotiate: () => ['end' as const] };
const silentTls = { hello: () => [] };
const closingTls = { hello: () => ['end' as const] };
const halfHello = concat(serverHello(0x0303, 0x002f), Uint8Array.of(22, 3, 3));
const halfFlight = { hello: () => [halfHello, 'end' as const] };

const dropped: readonly (readonly [name: string, ReturnType<Change>])[] = [
  ['closed in the negotiation', closing],
  ['reset in the negotiation', { negotiate: () => ['reset'] }],
  ['silent in the negotiation', silent],
  ['closed in TLS', closingTls],
  ['silent in TLS', silentTls],
  ['closed after the ServerHello', halfFlight],
  ['silent after the ServerHello', { hello: () => [halfHello] }],
];
for (const [name, peer] of dropped) {
  test(`${name}: retried, alone, and only once`, async () => {
    const it = run((connection) => (connection === 2 ? peer : {}));
    const [a, b, c] = await it.clock.run(Promise.all([it.ask('a'), it.ask('b'), it.ask('c')]));
    assert.deepEqual(it.labels(), ['a', 'b', 'c', 'b, alone']);
    assert.equal(it.network.started[3]?.open, 1);
    for (const probe of [a, b, c]) {
      assert.ok(probe?.tls?.kind === 'hello' && probe.tls.problem === undefined);
    }
  });

  test(`${name}, both times: reported as it is`, async () => {
    const it = run(() => peer);
    const probe = await it.clock.run(it.ask('a'));
    assert.deepEqual(it.labels(), ['a', 'a, alone']);
    assert.ok(probe !== undefined && isDropped(probe));
  });
}

test("the server's own word is never asked for again", async () => {
  for (const peer of [
    {},
    { negotiate: () => ({ failure: 2 }) },
    { negotiate: () => 'no-negotiation' as const },
    { negotiate: () => [new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n')] },
    { hello: () => [tlsAlert(70)] },
    { hello: () => [new TextEncoder().encode('nonsense')] },
  ]) {
    const it = run(() => peer);
    const probe = await it.clock.run(it.ask('a'));
    assert.deepEqual(it.labels(), ['a']);
    assert.ok(probe !== undefined && !isDropped(probe));
  }
});

test('retries come one after the other, while nothing else is under way', async () => {
  const it = run((connection) => (connection <= 8 && connection % 2 === 0 ? closing : {}));
  await it.clock.run(Promise.all([...'abcdefgh'].map((label) => it.ask(label))));
  const alone = it.network.started.filter(({ label }) => label.endsWith(', alone'));
  assert.equal(alone.length, 4);
  assert.deepEqual([...new Set(alone.map(({ open }) => open))], [1]);
});

test('what is asked while a retry is under way waits for its end', async () => {
  // Dropped in TLS: the negotiation was answered, so there are lanes for more than one.
  const it = run((connection) => (connection === 1 ? closingTls : {}));
  const first = it.ask('a');
  // Three round trips until it is dropped, and the retry has begun by then.
  const second = it.clock.sleep(3.5 * ROUND_TRIP).then(() => it.ask('b'));
  await it.clock.run(Promise.all([first, second]));
  assert.deepEqual(it.labels(), ['a', 'a, alone', 'b']);
  assert.deepEqual(
    it.network.started.map(({ open }) => open),
    [1, 1, 1],
  );
});

test('a chain of questions does not slip in between a drop and its retry', async () => {
  const it = run((connection) => (connection === 1 ? closingTls : {}));
  const chain = async (): Promise<void> => {
    for (const label of ['b', 'c', 'd']) await it.ask(label);
  };
  await it.clock.run(Promise.all([it.ask('a'), chain()]));
  const retry = it.network.started.find(({ label }) => label === 'a, alone');
  assert.equal(retry?.open, 1);
});

test('two retries that found nobody are a habit: the rest is not asked again', async () => {
  const it = run(() => closing);
  const probes = await it.clock.run(Promise.all([...'abcdefg'].map((label) => it.ask(label))));
  assert.equal(it.labels().filter((label) => label.endsWith(', alone')).length, 2);
  assert.ok(probes.every((probe) => probe?.negotiation.kind === 'interrupted'));
});

test('four retries that were dropped in TLS are a habit', async () => {
  const it = run(() => closingTls);
  await it.clock.run(Promise.all([...'abcdefg'].map((label) => it.ask(label))));
  assert.equal(it.labels().filter((label) => label.endsWith(', alone')).length, 4);
});

test('a habit in TLS does not keep a silent negotiation from its retry', async () => {
  const it = run((connection) => (connection === 7 ? closing : closingTls));
  await it.clock.run(Promise.all([...'abcdefg'].map((label) => it.ask(label))));
  assert.ok(it.labels().includes('g, alone'));
});

test('where no connection opens nothing is asked again', async () => {
  for (const state of ['refused', 'timeout', 'unreachable'] as const) {
    const it = run(() => ({ connect: { state } }));
    const probes = await it.clock.run(Promise.all([it.ask('a'), it.ask('b')]));
    assert.deepEqual(probes, [undefined, undefined]);
    assert.deepEqual(it.labels(), ['a', 'b']);
  }
});

test('a connection that does not open beside others that do is retried', async () => {
  const it = run((connection) => (connection === 2 ? { connect: { state: 'timeout' } } : {}));
  const [, b] = await it.clock.run(Promise.all([it.ask('a'), it.ask('b')]));
  assert.equal(b?.tls?.kind, 'hello');
  assert.deepEqual(it.labels(), ['a', 'b', 'b, alone']);
});

test('what a first try has learned is not lost when the retry comes less far', async () => {
  const it = run((connection) => (connection === 1 ? closingTls : silent));
  const probe = await it.clock.run(it.ask('a'));
  assert.equal(probe?.negotiation.kind, 'selected');
  assert.equal(probe?.tls?.kind, 'interrupted');
});

test('a first try leaves time for retries, and the end is kept', async () => {
  const it = run(() => silent);
  await it.clock.run(Promise.all([...'abcdefg'].map((label) => it.ask(label))));
  const [first, , , retry, second] = it.network.started;
  assert.deepEqual([first?.at, retry?.at], [0, 0.5 * END]);
  assert.equal(second?.at, 0.5 * END + 0.6 * 0.5 * END);
  assert.ok(it.clock.monotonic() <= END);
  assert.equal(it.network.connections, 5);
});

test('patience limits every try', async () => {
  const it = run(() => silent, 500);
  await it.clock.run(it.ask('a'));
  assert.equal(it.clock.monotonic(), 1000);
});

test('after the end nothing is asked', async () => {
  const it = run(() => ({}));
  await it.clock.run(it.clock.sleep(END));
  assert.equal(await it.clock.run(it.ask('a')), undefined);
  assert.equal(it.network.connections, 0);
});

test('isDropped: what counts as a connection without the last word', () => {
  const partial = new Uint8Array(0);
  const by: Interruption = { kind: 'timeout', partial, at: 0 };
  const selected = { requested: 3, negotiation: { kind: 'selected', selected: 2, flags: 0 } } as const;
  const rows: readonly (readonly [Parameters<typeof isDropped>[0], boolean])[] = [
    [selected, false],
    [{ requested: 0, negotiation: { kind: 'failure', code: 5 } }, false],
    [{ requested: 0, negotiation: { kind: 'foreign', head: partial, problem: '' } }, false],
    [{ requested: 0, negotiation: { kind: 'interrupted', by: { kind: 'timeout', partial, at: 0 } } }, true],
    [{ ...selected, security: { kind: 'interrupted', by: { kind: 'timeout', partial, at: 0 } } }, true],
    [{ ...selected, security: { kind: 'refused', problem: '' } }, false],
    [{ ...selected, secured: { kind: 'closed', how: 'end', partial, at: 0 } }, true],
    [{ ...selected, secured: by }, true],
    [{ ...selected, secured: { kind: 'tls-failed', reason: '', at: 0 } }, false],
    [{ ...selected, challenge: { kind: 'interrupted', by } }, true],
    [{ ...selected, challenge: { kind: 'refused', rejected: true } }, false],
  ];
  for (const [probe, expected] of rows) assert.equal(isDropped(probe), expected, JSON.stringify(probe));
});
