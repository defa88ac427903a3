// Every number that a listener can put into its answers, in virtual time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnoseHost } from '../../src/app/diagnose-host.ts';
import { exitStatusOf } from '../../src/core/engine/diagnosis.ts';
import type { Report } from '../../src/core/model/report.ts';
import { FakeClock } from '../app/fake-clock.ts';
import { FakeNetwork } from '../app/fake-network.ts';
import { type FakeRdpOptions, fakeRdp, tlsAlert } from '../app/fake-rdp.ts';
import { checkShape } from './check-report.ts';

const ROUND_TRIP = 20;
const TIMEOUT = 10_000;

async function diagnoseFake(but: Partial<FakeRdpOptions>): Promise<Report> {
  const clock = new FakeClock();
  const peer = fakeRdp(clock, ROUND_TRIP, but);
  const network = new FakeNetwork(clock, { roundTrip: ROUND_TRIP, peer: () => peer });
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
        credential: undefined,
        suspected: [],
      },
    ),
  );
  checkShape(report);
  assert.ok(clock.monotonic() <= TIMEOUT, `${clock.monotonic()} ms`);
  return report;
}

const failedStage = (report: Report): string | undefined =>
  report.stages.find(({ state }) => state === 'failed')?.stage;

test('every failure code for every request stops at negotiate', async () => {
  for (let failure = 0; failure <= 255; failure += 1) {
    const report = await diagnoseFake({ negotiate: () => ({ failure }) });
    assert.equal(failedStage(report), 'negotiate', `failure ${failure}`);
    assert.notEqual(exitStatusOf(report), 0);
    assert.notEqual(exitStatusOf(report), 2);
  }
});

test('every selected protocol, whatever was asked for, is healthy only where a client could go on', async () => {
  for (let selected = 0; selected <= 255; selected += 1) {
    const report = await diagnoseFake({ negotiate: () => ({ selected }) });
    // RDP, TLS and both kinds of CredSSP; each of the others was never offered.
    const isOffered = [0, 1, 2, 8].includes(selected);
    assert.equal(failedStage(report), isOffered ? undefined : 'negotiate', `selected ${selected}`);
    assert.equal(report.outcome, isOffered ? 'healthy' : 'unexplained', `selected ${selected}`);
  }
});

for (const level of [1, 2]) {
  test(`every alert of level ${level} for every hello`, async () => {
    for (let alert = 0; alert <= 255; alert += 1) {
      // What a server warns of is no answer yet; then it hangs up.
      const report = await diagnoseFake({
        hello: () => [tlsAlert(alert, level), 'end'],
        tls: { alert },
      });
      assert.equal(failedStage(report), 'tls', `alert ${alert}`);
      assert.equal(exitStatusOf(report), 1, `alert ${alert}`);
      const versions = report.evidence['tls.versions'];
      assert.equal(versions?.state === 'present' && versions.value.alerts['1.2'], alert);
    }
  });
}

test('every encryption method and level is shown as the number that it is', async () => {
  for (const value of [0, 1, 2, 3, 4, 5, 8, 16, 255, 0x7fffffff, 0xffffffff]) {
    const report = await diagnoseFake({ negotiate: () => ({ selected: 0 }), security: [value, value] });
    const encryption = report.evidence['rdp.encryption'];
    assert.deepEqual(encryption?.state === 'present' && encryption.value, { level: value, methods: value });
  }
});

test('every CredSSP version is shown as the number that it is', async () => {
  for (const version of [-1, 0, 1, 2, 3, 4, 5, 6, 7, 255, 2 ** 31]) {
    const report = await diagnoseFake({ credsspVersion: version });
    const seen = report.evidence['credssp.version'];
    assert.equal(seen?.state === 'present' && seen.value, version);
  }
});
