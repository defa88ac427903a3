// The saved reports of test/golden, judged again: today's causes say what they said, of the true names
// and of the masked ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputOf, judgeRedacted, judgeSaved } from '../../../src/app/judge-saved.ts';
import { exitStatusOf } from '../../../src/core/engine/diagnosis.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { checkShape } from '../../edge/check-report.ts';
import { judgeAgain, loadReport, savedReports } from '../../golden/renderings.ts';

/** Each cause with its verdict, in the order of the report. */
function verdictsOf(report: Report): readonly string[] {
  return report.findings.map(({ cause, verdict }) => `${cause} ${verdict}`);
}

/** Names, addresses and SIDs of the saved reports that belong to somebody. */
const TELLING =
  /\bvm[19]\b|corp\b|alice|jsmith|laptop-042|app-srv|files7|\bdc1\b|\/srv\/|192\.0\.2\.|10\.20\.|S-1-5-21-/i;

for (const name of savedReports()) {
  test(`judged again: ${name} has the verdicts and the exit status that it had`, () => {
    const saved = loadReport(name);
    const again = judgeAgain(name);
    assert.deepEqual(verdictsOf(again), verdictsOf(saved), 'npm run golden writes what is judged now');
    assert.equal(exitStatusOf(again), exitStatusOf(saved));
  });

  test(`redacted: ${name} has the same verdicts, names nobody, and is judged again as it is`, () => {
    const judged = judgeSaved(loadReport(name));
    const { report } = judgeRedacted(inputOf(loadReport(name)));
    assert.deepEqual(verdictsOf(report), verdictsOf(judged));
    assert.deepEqual(
      report.stages.map(({ state }) => state),
      judged.stages.map(({ state }) => state),
    );
    assert.equal(exitStatusOf(report), exitStatusOf(judged));
    checkShape(report);
    for (const line of JSON.stringify(report, undefined, 1).split('\n')) assert.doesNotMatch(line, TELLING);
    const saved: Report = JSON.parse(JSON.stringify(report));
    assert.deepEqual(judgeSaved(saved), report);
    assert.deepEqual(judgeRedacted(inputOf(saved)).report, report);
  });
}
