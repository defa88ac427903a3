import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lanes } from '../../../../src/app/gather/outside/lanes.ts';
import { type Probed, probeNegotiation } from '../../../../src/app/gather/outside/probes.ts';
import type { Conversation } from '../../../../src/app/ports/network.ts';
import { FakeClock } from '../../fake-clock.ts';
import { FakeNetwork, type Peer } from '../../fake-network.ts';
import { confirm, fakeRdp } from '../../fake-rdp.ts';

const ENDPOINT = { address: '192.0.2.4', port: 3389 };
const LATE = 60_000;

interface Round {
  readonly clock: FakeClock;
  readonly network: FakeNetwork;
  readonly lanes: Lanes;
  /** Asks so many times at once and waits for all. `deadline`: of the ask with this index. */
  ask(count: number, deadline?: (index: number) => number): Promise<Conversation<Probed>[]>;
}

/** Lanes to a listener; `peer` changes single connections, counted from 1. */
function round(
  roundTrip: number,
  peer: (connection: number) => Partial<Peer> = () => ({}),
  thinking = 0,
): Round {
  const clock = new FakeClock();
  const network = new FakeNetwork(clock, {
    roundTrip,
    thinking,
    peer: (connection) => ({ ...fakeRdp(clock, roundTrip), ...peer(connection) }),
  });
  const lanes = new Lanes(network, clock, ENDPOINT);
  return {
    clock,
    network,
    lanes,
    ask: (count, deadline = () => LATE) =>
      clock.run(
        Promise.all(
          Array.from({ length: count }, (_, index) =>
            lanes.ask(`ask ${index + 1}`, () => probeNegotiation(3), deadline(index)),
          ),
        ),
      ),
  };
}

const silent: Partial<Peer> = { receive: () => [] };
const closing: Partial<Peer> = { receive: () => ['end'] };

/** How many connections had started by this time. */
function startedBy({ network }: Round, at: number): number {
  return network.started.filter((start) => start.at <= at).length;
}

test('the first round has three, and only their answers let more start', async () => {
  const it = round(100);
  await it.ask(20);
  // Two round trips to the first answer; the third starts 12 ms after the first.
  assert.equal(startedBy(it, 199), 3);
  assert.equal(startedBy(it, 211), 3 + 2, 'the answers of the first two free their two lanes only');
  assert.equal(it.network.mostOpen, 8);
  assert.equal(it.lanes.connections, 20);
});

test('two answers do not open the lanes, the third does', async () => {
  const late: Partial<Peer> = {
    receive: () => [{ millis: 600 }, confirm({ selected: 2 })],
  };
  const it = round(100, (connection) => (connection === 3 ? late : {}));
  await it.ask(30);
  // The third is not that of the third connection: the fourth began at 200 ms, when the first was over.
  const before = it.network.started.filter(({ at }) => at < 400);
  assert.equal(before.length, 5);
  assert.ok(before.every(({ open }) => open <= 3));
  assert.ok(it.network.started.some(({ at, open }) => at < 420 && open > 3));
});

const widths: readonly (readonly [name: string, width: number, ...Parameters<typeof round>])[] = [
  ['a long line is worth eight lanes', 8, 100],
  ['a short line is not', 3, 19],
  ['a short line with a slow server behind it is', 8, 19, () => ({}), 40],
  // A relay connects at once and then adds the line's length.
  [
    'a quick connect does not make a long line short',
    8,
    100,
    () => ({ connect: { state: 'open', millis: -95 } }),
  ],
];
for (const [name, width, ...line] of widths) {
  test(name, async () => {
    const it = round(...line);
    await it.ask(30);
    assert.equal(it.network.mostOpen, width);
  });
}

/** Since this time no two connections were open at once. */
function checkOneAtATime({ network }: Round, since: number): void {
  const later = network.started.filter((start) => start.at >= since);
  assert.ok(later.length >= 5, `only ${later.length} came later`);
  assert.deepEqual([...new Set(later.map((start) => start.open))], [1]);
}

const unclean: readonly (readonly [name: string, Partial<Peer>])[] = [
  ['closed', closing],
  ['reset', { receive: () => ['reset'] }],
  ['silent', silent],
  ['refused by TCP', { connect: { state: 'refused' } }],
  ['dropped by TCP', { connect: { state: 'timeout' } }],
];
for (const [name, peer] of unclean) {
  for (const which of [2, 9]) {
    test(`connection ${which} is ${name}: one at a time from then on`, async () => {
      const it = round(100, (connection) => (connection === which ? peer : {}));
      // That one may wait for a second; by then the others that were under way are long over.
      await it.ask(60, (index) => (index === which - 1 ? 1000 : LATE));
      checkOneAtATime(it, 1201);
    });
  }
}

test('another protocol is an answer, not a dropped connection', async () => {
  const it = round(100, () => ({ receive: () => [new TextEncoder().encode('SSH-2.0-x\r\n')] }));
  await it.ask(20);
  assert.equal(it.network.mostOpen, 8);
});

test('a connect that needed a second SYN means a full accept queue: one at a time', async () => {
  const it = round(100, (connection) =>
    connection === 3 ? { connect: { state: 'open', millis: 1000 } } : {},
  );
  await it.ask(60);
  checkOneAtATime(it, 1400);
});

test('starts are six milliseconds apart at least, also after a wait', async () => {
  const it = round(100);
  await it.ask(30);
  const gaps = it.network.started
    .slice(1)
    .map((start, index) => start.at - (it.network.started[index]?.at ?? 0));
  assert.ok(Math.min(...gaps) >= 6, `${gaps}`);
});

test('what gets no lane before its deadline is not asked at all', async () => {
  const it = round(100, () => silent);
  const answers = await it.ask(5, () => 1000);
  assert.equal(it.network.connections, 3);
  for (const answer of answers.slice(3)) {
    assert.deepEqual(answer, { connect: { state: 'timeout', millis: 0 } });
  }
  assert.equal(it.clock.monotonic(), 1000);
});

test('everOpened tells a dead address from a busy one', async () => {
  const dead = round(100, () => ({ connect: { state: 'refused' } }));
  await dead.ask(3);
  assert.equal(dead.lanes.everOpened, false);
  const busy = round(100, (connection) => (connection === 1 ? { connect: { state: 'refused' } } : {}));
  await busy.ask(3);
  assert.equal(busy.lanes.everOpened, true);
});

test('where a whole round of connections does not open nobody is asked any more', async () => {
  const it = round(100, () => ({ connect: { state: 'refused' } }));
  const answers = await it.ask(10);
  assert.equal(it.network.connections, 3);
  assert.ok(answers.every(({ result }) => result === undefined));
  // Two of three are not a round.
  const busy = round(100, (connection) => (connection <= 2 ? { connect: { state: 'refused' } } : {}));
  await busy.ask(10);
  assert.equal(busy.network.connections, 10);
});

test('a fault of ours rejects the one that asked, and the lane goes on', async () => {
  const it = round(100);
  const broken = it.lanes.ask(
    'broken',
    () => {
      throw new TypeError('a fault');
    },
    LATE,
  );
  await assert.rejects(it.clock.run(broken), /a fault/);
  const answers = await it.ask(4);
  assert.ok(answers.every((answer) => answer.result?.negotiation.kind === 'selected'));
});

test('a connection that would have next to no time is not begun: it would call the listener silent', async () => {
  const it = round(10);
  const [begun, late] = await it.ask(2, (index) => (index === 0 ? 1000 : 99));
  assert.equal(begun?.connect.state, 'open');
  assert.deepEqual(late, { connect: { state: 'timeout', millis: 0 } });
  assert.equal(it.network.started.length, 1);
});
