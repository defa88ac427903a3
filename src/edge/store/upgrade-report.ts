import type { Warning } from '../../core/model/report.ts';

/** Schemas of a report that this version reads. */
export const READABLE_SCHEMAS: readonly unknown[] = [1, 2];

/**
 * A report of schema 1 as one of schema 2, where warnings carry codes; one of schema 2 stays as it is, but
 * that its first version had no subjects.
 * What judging warned of is left out: it is drawn from the evidence, and so drawn again. What was not
 * examined is found again the same way.
 * @param report its shape was checked
 */
export function upgradeReport(report: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (report['schema'] !== 1) return { subjects: {}, ...report };
  const warnings = Array.isArray(report['warnings']) ? report['warnings'] : [];
  return {
    ...report,
    schema: 2,
    subjects: {},
    warnings: warnings
      .map(String)
      .filter((text) => !OF_JUDGING.test(text))
      .map((text): Warning => ({ code: 'saved-without-code', text })),
    notExamined: [],
  };
}

/** Doubts whether listener and disk are one machine, and causes that crashed, in the words of schema 1. */
const OF_JUDGING =
  /^the listener (?:shows another certificate|presents a different certificate|calls itself) .*the disk |^[a-z-]+: Judging this cause failed \(/s;
