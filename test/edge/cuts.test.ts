// A listener that dies at every byte of everything it says: no run fails, none lasts too long, none
// calls it healthy, and none makes a second sign-in attempt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnoseHost } from '../../src/app/diagnose-host.ts';
import type { Report } from '../../src/core/model/report.ts';
import { FakeClock } from '../app/fake-clock.ts';
import { type Act, FakeNetwork, type Peer } from '../app/fake-network.ts';
import { fakeRdp } from '../app/fake-rdp.ts';
import { checkReport, checkShape } from './check-report.ts';

const ROUND_TRIP = 20;
const TIMEOUT = 10_000;

type End = 'end' | 'reset' | 'silence';

/** The same peer, but after so many bytes of a connection it is gone. */
function cut(peer: Peer, bytes: number, end: End): Peer {
  let left = bytes;
  let isGone = false;
  const last: readonly Act[] = end === 'silence' ? [] : [end];
  return {
    ...peer,
    startTls: () => (isGone ? (end === 'silence' ? 'silent' : end) : peer.startTls()),
    receive(received, insideTls) {
      if (isGone) return [];
      const acts: Act[] = [];
      for (const act of peer.receive(received, insideTls)) {
        if (!(act instanceof Uint8Array)) {
          acts.push(act);
          continue;
        }
        acts.push(act.subarray(0, left));
        left -= Math.min(left, act.length);
        if (left === 0) {
          isGone = true;
          return [...acts.filter((kept) => !(kept instanceof Uint8Array && kept.length === 0)), ...last];
        }
      }
      return acts;
    },
  };
}

interface Run {
  readonly report: Report;
  readonly millis: number;
  /** Sign-in attempts. */
  readonly attempts: number;
  /** What each connection was for, in their order, and how many bytes it brought. */
  readonly connections: readonly { readonly label: string; readonly bytes: number }[];
}

/** One diagnosis in virtual time; `spoil` may replace the peer of the n-th connection, counted from 1. */
async function run(spoil: (peer: Peer, connection: number) => Peer, user = false): Promise<Run> {
  const clock = new FakeClock();
  const received: number[] = [];
  const network = new FakeNetwork(clock, {
    roundTrip: ROUND_TRIP,
    peer: (connection) => {
      const peer = spoil(fakeRdp(clock, ROUND_TRIP, { negotiate: offersEverything }), connection);
      return {
        ...peer,
        receive(bytes, insideTls) {
          const acts = peer.receive(bytes, insideTls);
          for (const act of acts) {
            if (act instanceof Uint8Array) received[connection] = (received[connection] ?? 0) + act.length;
          }
          return acts;
        },
      };
    },
  });
  const report = await clock.run(
    diagnoseHost(
      { network, clock, random: { bytes: (count) => new Uint8Array(count).fill(3) } },
      {
        target: 'vm1',
        host: '192.0.2.4',
        port: 3389,
        timeoutMillis: TIMEOUT,
        full: false,
        client: undefined,
        credential: user ? { domain: 'CORP', user: 'alice', password: 'secret' } : undefined,
        suspected: [],
      },
    ),
  );
  return {
    report,
    millis: clock.monotonic(),
    attempts: network.sent.filter(({ secret }) => secret).length,
    connections: network.started.map(({ label }, index) => ({ label, bytes: received[index + 1] ?? 0 })),
  };
}

function offersEverything(requested: number): { readonly selected: number } {
  if ((requested & 8) !== 0) return { selected: 8 };
  return { selected: (requested & 2) !== 0 ? 2 : requested & 1 };
}

/** Runs the check for every number of bytes; an error says which. */
async function atEveryByte(
  count: number,
  step: number,
  check: (bytes: number) => Promise<void>,
): Promise<void> {
  assert.ok(count > 0);
  for (let bytes = 0; bytes < count; bytes += step) {
    try {
      await check(bytes);
    } catch (cause) {
      throw new Error(`cut after ${bytes} bytes`, { cause });
    }
  }
}

const uncut = (peer: Peer): Peer => peer;
const whole = await run(uncut);
const bytesOf = (label: string): number => whole.connections.find((each) => each.label === label)?.bytes ?? 0;

test('uncut it is healthy', () => {
  checkReport(whole.report);
  assert.equal(whole.report.outcome, 'healthy');
  assert.equal(whole.connections.length, 7);
});

const endings: readonly (readonly [name: string, endOf: (connection: number) => End])[] = [
  ['by an end', () => 'end'],
  ['by a reset or by silence in turn', (connection) => (connection % 2 === 0 ? 'reset' : 'silence')],
];
for (const [name, endOf] of endings) {
  test(`every connection cut at every byte ${name}`, async () => {
    const longest = Math.max(...whole.connections.map(({ bytes }) => bytes));
    await atEveryByte(longest, 1, async (bytes) => {
      const { report, millis } = await run((peer, connection) => cut(peer, bytes, endOf(connection)));
      checkShape(report);
      assert.ok(millis <= TIMEOUT, `${millis} ms`);
      if (bytes < bytesOf('CredSSP')) assert.notEqual(report.outcome, 'healthy');
    });
  });
}

for (const [index, { label, bytes: count }] of whole.connections.entries()) {
  test(`${label} cut alone at every seventh byte is asked again`, async () => {
    await atEveryByte(count, 7, async (bytes) => {
      const { report } = await run((peer, connection) =>
        connection === index + 1 ? cut(peer, bytes, 'end') : peer,
      );
      assert.equal(report.outcome, 'healthy');
    });
  });
}

test('a sign-in attempt cut at every byte is not made again', async () => {
  const { connections, attempts } = await run(uncut, true);
  assert.equal(attempts, 1);
  const attempt = connections.length;
  await atEveryByte(connections.at(-1)?.bytes ?? 0, 1, async (bytes) => {
    const cutOff = await run(
      (peer, connection) => (connection === attempt ? cut(peer, bytes, 'reset') : peer),
      true,
    );
    assert.equal(cutOff.connections.length, attempt);
    assert.ok(cutOff.attempts <= 1);
    assert.notEqual(cutOff.report.evidence['nla.logon']?.state, 'present');
    checkShape(cutOff.report);
  });
});
