// A machine in a workgroup is told nothing of a domain or of Kerberos: its reader has neither.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsOf } from '../notices.ts';
import { reportsOf, saidIn } from './reports-of-faults.ts';

const OF_A_DOMAIN = /domain|kerberos|active directory|--dc|machine's password|machine password/i;
/** The profiles of Windows Firewall are called so everywhere. */
const PROFILES = /\bprofiles? [a-z, ]*\bdomain\b|\b(?:domain|domain and [a-z]+) profiles?\b/gi;

/** Fewer would mean that the machines are not in a workgroup any more. */
const LEAST_REPORTS = 100;

test('in a workgroup no finding, advice, remark or next step speaks of a domain or of Kerberos', async () => {
  const reports = await reportsOf((base) => base.replace(/\b(?:member|controller)\b/, 'workgroup'));
  const alone = reports.filter(({ report: { evidence } }) => {
    const membership = evidence['domain.membership'];
    return (
      membership?.state === 'present' && !membership.value.joined && membership.value.entraJoined !== true
    );
  });
  assert.ok(alone.length >= LEAST_REPORTS, `only ${alone.length} cases of a workgroup`);
  assert.deepEqual(
    alone.flatMap(({ id, report }) =>
      [
        ...saidIn(report),
        ...report.next.map(({ look, why }) => `${look} ${why}`),
        ...textsOf(report.notExamined),
        ...textsOf(report.warnings),
      ]
        .filter((text) => OF_A_DOMAIN.test(text.replaceAll(PROFILES, '')))
        .map((text) => `${id}: ${text}`),
    ),
    [],
  );
});
