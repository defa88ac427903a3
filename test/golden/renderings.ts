// The saved reports of this folder, judged again and rendered: what `npm run golden` writes and the tests compare.
import { readdirSync, readFileSync } from 'node:fs';
import { inputOf } from '../../src/app/judge-saved.ts';
import { CAUSES } from '../../src/core/causes/index.ts';
import { diagnose } from '../../src/core/engine/diagnosis.ts';
import type { Report } from '../../src/core/model/report.ts';
import { renderJson } from '../../src/core/report/layout.ts';
import { renderText, type TextOptions } from '../../src/core/report/text.ts';
import { renderFacts } from './render-facts.ts';

const PLAIN: TextOptions = { width: 80, colour: false, verbose: false };

/** Which ways a saved report is rendered: the end of the file's name, and how. Every report has the first. */
const WAYS: readonly (readonly [ending: string, options: TextOptions, reports?: readonly string[]])[] = [
  ['.txt', PLAIN],
  [
    '.verbose.txt',
    { ...PLAIN, verbose: true },
    ['healthy', 'disk-workgroup', 'disk-member', 'disk-many', 'running-member'],
  ],
  ['.narrow.txt', { ...PLAIN, width: 40 }, ['tls-off', 'expired', 'disk-many', 'running-member']],
  ['.colour.txt', { ...PLAIN, colour: true }, ['tls-off']],
];

/** The report in which a cause crashes, and which. */
const CRASHED = { report: 'crashed', cause: 'clock-skew' } as const;

export interface Rendering {
  readonly file: URL;
  render(): string;
}

const FOLDER = new URL('.', import.meta.url);

/** A saved report as it stands in its file. */
export function loadReport(name: string): Report {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
}

/** The evidence of a saved report, judged by the causes of today. */
export function judgeAgain(name: string): Report {
  const causes =
    name === CRASHED.report
      ? CAUSES.map((cause) => (cause.id === CRASHED.cause ? { ...cause, judge: crash } : cause))
      : CAUSES;
  return diagnose(inputOf(loadReport(name)), causes);
}

function crash(): never {
  throw new Error('a fault');
}

/** The saved reports, by the names of their files. */
export function savedReports(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

/** Every saved report, judged again: as JSON, and in every way as a text; and every fact in words. */
export function renderings(): readonly Rendering[] {
  const reports = savedReports().flatMap((report) => [
    { file: new URL(`${report}.json`, FOLDER), render: () => renderJson(judgeAgain(report)) },
    ...WAYS.filter(([, , only]) => only?.includes(report) ?? true).map(([ending, options]) => ({
      file: new URL(`${report}${ending}`, FOLDER),
      render: () => renderText(judgeAgain(report), options),
    })),
  ]);
  return [...reports, { file: new URL('facts.txt', FOLDER), render: renderFacts }];
}
