// A machine in a workgroup is told nothing of a domain or of Kerberos: its reader has neither.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from './case.ts';
import { runOf } from './case.ts';
import { FAULTS } from './faults.ts';
import { perform } from './run.ts';

/** The case as it is, and the same fault on a machine that is a member of nothing. */
const CASES: readonly Case[] = FAULTS.flatMap((row) => {
  const alone = row.base?.replace(/\b(?:member|controller)\b/, 'workgroup');
  return alone === undefined || alone === row.base ? [row] : [row, { ...row, base: alone }];
});

/** Fewer would mean that the machines are not in a workgroup any more. */
const LEAST_REPORTS = 100;

const OF_A_DOMAIN = /domain|kerberos|active directory|--dc/i;
/** The profiles of Windows Firewall are called so everywhere. */
const PROFILES = /\bprofiles? [a-z, ]*\bdomain\b|\b(?:domain|domain and [a-z]+) profiles?\b/gi;

test('in a workgroup no finding, advice, remark or next step speaks of a domain or of Kerberos', async () => {
  const offences = new Set<string>();
  let reports = 0;
  for (const row of CASES) {
    const report = await perform(runOf(row));
    const membership = report.evidence['domain.membership'];
    if (membership?.state !== 'present' || membership.value.joined || membership.value.entraJoined === true)
      continue;
    reports++;
    const texts = [
      // What is ruled out may say that there is no domain.
      ...report.findings
        .filter(({ verdict }) => verdict !== 'ruled-out')
        .flatMap(({ title, explanation, advice }) => [title, explanation, advice]),
      ...report.remarks.map(({ text }) => text),
      ...report.next.map(({ look, why }) => `${look} ${why}`),
      ...report.notExamined,
    ];
    for (const text of texts)
      if (OF_A_DOMAIN.test(text.replaceAll(PROFILES, ''))) offences.add(`${row.id}: ${text}`);
  }
  assert.ok(reports >= LEAST_REPORTS, `only ${reports} cases of a workgroup`);
  assert.deepEqual([...offences], []);
});
