// The reports of all fault cases, as they are and with the same fault on other machines: what is said there is tested.
import { CAUSES } from '../../src/core/causes/index.ts';
import type { Report } from '../../src/core/model/report.ts';
import type { Case } from './case.ts';
import { runOf } from './case.ts';
import { FAULTS } from './faults.ts';
import { perform } from './run.ts';
import { BASES, nameOf } from './systems.ts';

export interface FaultReport {
  readonly id: string;
  readonly report: Report;
}

const NAMES = BASES.map(nameOf);

/** Every case, and again on the machine that `move` names for its base, where there is such a machine. */
export async function reportsOf(move: (base: string) => string): Promise<readonly FaultReport[]> {
  const cases: readonly Case[] = FAULTS.flatMap((row) => {
    const other = row.base === undefined ? undefined : move(row.base);
    return other === undefined || other === row.base || !NAMES.includes(other)
      ? [row]
      : [row, { ...row, base: other }];
  });
  const reports: FaultReport[] = [];
  for (const row of cases) {
    reports.push({ id: `${row.id} (${row.base ?? 'wire'})`, report: await perform(runOf(row)) });
  }
  return reports;
}

/** What the findings say and advise, but those that are ruled out: their advice is no advice. */
export function saidIn({ findings, remarks }: Report): readonly string[] {
  return [
    ...findings
      .filter(({ verdict }) => verdict !== 'ruled-out')
      .flatMap(({ title, explanation, advice }) => [title, explanation, advice]),
    ...remarks.map(({ text }) => text),
  ];
}

/** The same, a finding and its advice in one. */
export function foundIn({ findings }: Report): readonly string[] {
  return findings
    .filter(({ verdict }) => verdict === 'confirmed' || verdict === 'likely')
    .map(({ explanation, advice }) => `${explanation} ${advice}`);
}

/** What every cause advises by itself. */
export const ADVICE: readonly string[] = CAUSES.flatMap(({ advice, workgroupAdvice }) =>
  workgroupAdvice === undefined ? [advice] : [advice, workgroupAdvice],
);
