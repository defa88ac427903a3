// What a server's refusals come to, where no software at hand refuses that way: the lab plays them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Report } from '../../src/core/model/report.ts';
import { diagnoseLab } from './read-lab.ts';

function found(report: Report): readonly string[] {
  return report.findings
    .filter(({ verdict }) => verdict === 'confirmed' || verdict === 'likely')
    .map(({ cause, verdict }) => `${cause} ${verdict}`);
}

/** RFC 8446 section 6 and the meanings of the alerts in RFC 5246 section 7.2.2, by what they speak of. */
const ALERTS: readonly (readonly [alert: number, first: string])[] = [
  [42, 'client-certificate-required likely'],
  [43, 'client-certificate-required likely'],
  [44, 'client-certificate-required likely'],
  [45, 'client-certificate-required likely'],
  [46, 'client-certificate-required likely'],
  [47, 'tls-handshake-refused likely'],
  [48, 'client-certificate-required likely'],
  [70, 'tls-server-disabled confirmed'],
  [86, 'tls-handshake-refused likely'],
  [112, 'server-name-refused likely'],
  [116, 'client-certificate-required likely'],
];

describe('an alert on every hello', { concurrency: 3 }, () => {
  for (const [alert, first] of ALERTS) {
    test(`alert ${alert}`, async () => {
      const report = await diagnoseLab({ tlsAlert: alert });
      assert.deepEqual(found(report), [first]);
    });
  }
  test('alert 80: its own fault, of which the certificate and TLS itself are the candidates', async () => {
    const causes = found(await diagnoseLab({ tlsAlert: 80 }));
    assert.deepEqual([...causes].sort(), ['certificate-missing likely', 'tls-server-disabled likely']);
  });
});

describe('one protocol alone', { concurrency: 2 }, () => {
  for (const [only, mask, cause] of [
    ['rdstls', 4, 'rdstls-required'],
    ['rdsaad', 0x10, 'entra-sign-in-required'],
  ] as const) {
    test(cause, async () => {
      const report = await diagnoseLab({ only });
      assert.deepEqual(found(report), [`${cause} likely`]);
      const rows = report.evidence['rdp.negotiation'];
      assert.ok(rows?.state === 'present');
      // Asked for alone: no mask mixes it with others.
      assert.deepEqual(
        rows.value
          .filter(({ requested }) => requested > 0xb || (requested & 4) !== 0)
          .map(({ requested }) => requested),
        only === 'rdstls' ? [4] : [4, 0x10],
      );
      assert.equal(rows.value.find(({ requested }) => requested === mask)?.selected, mask);
      assert.equal(report.stages.find(({ stage }) => stage === 'negotiate')?.state, 'failed');
    });
  }
  test('a healthy listener is asked for neither', async () => {
    const rows = (await diagnoseLab({})).evidence['rdp.negotiation'];
    assert.ok(rows?.state === 'present');
    assert.deepEqual(
      rows.value.map(({ requested }) => requested),
      [0, 1, 3, 0xb],
    );
  });
});
