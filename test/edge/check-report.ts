// What every report owes its reader, whatever answered: the shape that programs rely on, and a text
// that fits 80 columns and drives no terminal.
import assert from 'node:assert/strict';
import { FACT_NAMES } from '../../src/core/model/facts.ts';
import type { Report } from '../../src/core/model/report.ts';
import { STAGES } from '../../src/core/model/stage.ts';
import { renderJson } from '../../src/core/report/layout.ts';
import { renderText } from '../../src/core/report/text.ts';

const WIDTH = 80;
/** Columns of a label before a word that fits no line. */
const MOST_BEFORE_A_WORD = 20;
const ISO = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const WHYS = ['not-gathered', 'no-channel', 'denied', 'timeout', 'corrupt'];
const VERDICTS = ['confirmed', 'likely', 'inconclusive', 'ruled-out'];

/** Longer than any text of a stranger may make one line of a report's JSON. */
const LONGEST_STRING = 2_000;

/** C0 but the line feed, DEL, C1, what turns the direction of writing, what nobody sees. */
const HARMFUL = /[^\P{C}\n]|[\u200e\u200f\u2028\u2029]/u;

/** Fails unless a parsed report has the shape of `Report`, and no cause crashed on it. */
export function checkShape(report: Report): void {
  assert.equal(report.schema, 2);
  assert.match(report.at, ISO);
  assert.ok(['healthy', 'explained', 'unexplained', 'blind'].includes(report.outcome), report.outcome);
  assert.deepEqual(
    report.stages.map(({ stage }) => stage),
    STAGES,
  );
  for (const { stage, state, detail } of report.stages) {
    assert.ok(['passed', 'failed', 'unknown'].includes(state), `${stage}: ${state}`);
    assert.match(detail, /\S/, `${stage} says nothing`);
  }
  assert.deepEqual(Object.keys(report.evidence), FACT_NAMES);
  for (const name of FACT_NAMES) {
    const observation = report.evidence[name];
    assert.ok(observation !== undefined, name);
    if (observation.state === 'unknown') {
      assert.ok(WHYS.includes(observation.why), `${name}: ${observation.why}`);
    } else {
      assert.match(observation.from.observedAt, ISO, name);
      assert.match(observation.from.locator, /\S/, name);
      if (observation.state === 'present') assert.notEqual(observation.value, undefined, name);
    }
  }
  for (const finding of report.findings) {
    assert.ok(VERDICTS.includes(finding.verdict), `${finding.cause}: ${finding.explanation}`);
    assert.match(finding.explanation, /\S/, finding.cause);
    assert.equal(finding.because.length > 0, finding.verdict !== 'inconclusive', finding.cause);
  }
  eachString(report, (text) =>
    assert.ok(text.length <= LONGEST_STRING, `${text.length} characters: ${text}`),
  );
}

/** The same, and that both renderings hold what they promise. */
export function checkReport(report: Report): void {
  checkShape(report);
  const json = renderJson(report);
  assert.deepEqual(JSON.parse(json), report);
  assert.doesNotMatch(json, HARMFUL);
  for (const verbose of [false, true])
    checkText(renderText(report, { width: WIDTH, colour: false, verbose }));
}

/** Every line fits 80 columns, or is one word that does not; and nothing in it drives a terminal. */
export function checkText(text: string): void {
  assert.doesNotMatch(text, HARMFUL);
  for (const line of text.split('\n')) {
    const words = line
      .trim()
      .split(' ')
      .map((word) => word.length);
    const isOneWord = line.length - Math.max(...words) <= MOST_BEFORE_A_WORD;
    assert.ok(line.length <= WIDTH || isOneWord, `${line.length} columns: ${line}`);
  }
}

function eachString(value: unknown, check: (text: string) => void): void {
  if (typeof value === 'string') check(value);
  else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) eachString(inner, check);
  }
}
