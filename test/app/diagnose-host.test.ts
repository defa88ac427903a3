import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnoseHost, type HostDiagnosisRequest } from '../../src/app/diagnose-host.ts';
import { findClient } from '../../src/core/knowledge/clients.ts';
import type { Report } from '../../src/core/model/report.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeNetwork } from './fake-network.ts';
import { type FakeRdpOptions, fakeRdp, tlsAlert } from './fake-rdp.ts';

const ROUND_TRIP = 40;

async function diagnose(
  but: Partial<HostDiagnosisRequest> = {},
  server: Partial<FakeRdpOptions> = {},
): Promise<Report> {
  const clock = new FakeClock();
  const network = new FakeNetwork(clock, {
    roundTrip: ROUND_TRIP,
    peer: () => fakeRdp(clock, ROUND_TRIP, { tlsVersions: [0x0303, 0x0304], ...server }),
  });
  const random = { bytes: (count: number) => new Uint8Array(count).fill(1) };
  return clock.run(
    diagnoseHost(
      { network, clock, random },
      {
        target: '192.0.2.4',
        host: '192.0.2.4',
        port: 3389,
        timeoutMillis: 10_000,
        full: false,
        client: undefined,
        credential: undefined,
        suspected: [],
        ...but,
      },
    ),
  );
}

test('a healthy listener is healthy, and the report says when it was looked at', async () => {
  const report = await diagnose();
  assert.equal(report.outcome, 'healthy');
  assert.equal(report.at, '2026-03-01T12:00:00.000Z');
  assert.equal(report.target, '192.0.2.4');
  assert.ok(!('symptom' in report) && !('client' in report));
  assert.deepEqual(
    report.findings.filter(({ verdict }) => verdict === 'confirmed' || verdict === 'likely'),
    [],
  );
});

test('every version refused: the cause is confirmed, for a named client as well', async () => {
  for (const client of [undefined, findClient('windows-10')]) {
    const report = await diagnose({ client }, { tlsVersions: [], tls: { alert: 70 } });
    assert.equal(report.outcome, 'explained');
    const [first, second] = report.findings;
    assert.deepEqual([first?.cause, first?.verdict], ['tls-server-disabled', 'confirmed']);
    assert.notEqual(second?.verdict, 'confirmed');
  }
});

test('the client is judged by its own hello', async () => {
  const client = findClient('windows-7');
  const report = await diagnose(
    { client },
    { tlsVersions: [0x0304], hello: (version) => (version < 0x0304 ? [tlsAlert(70)] : undefined) },
  );
  assert.equal(report.client, 'windows-7');
  assert.deepEqual(
    [report.findings[0]?.cause, report.findings[0]?.verdict],
    ['tls-no-common-version', 'confirmed'],
  );
});

test('the symptom stands in the report, and what it points to is advised first', async () => {
  const report = await diagnose({
    symptom: 'The Local Security Authority cannot be contacted',
    suspected: ['domain-credentials-disabled'],
  });
  assert.equal(report.symptom, 'The Local Security Authority cannot be contacted');
  assert.match(report.next[0]?.why ?? '', /what the error points to: domain-credentials-disabled/);
});

test('what was looked at is not advised again, and not called unexamined', async () => {
  const credential = { domain: 'CORP', user: 'alice', password: 'x' };
  const report = await diagnose({ credential });
  assert.ok(!report.next.some(({ look }) => look === '--user' || look === 'HOST'));
  assert.ok(!report.notExamined.some(({ code }) => code === 'sign-in'));
  const [logon] = report.stages.filter(({ stage }) => stage === 'logon');
  assert.equal(logon?.state, 'failed');
  assert.match(logon.detail, /^STATUS_LOGON_FAILURE: /);
});
