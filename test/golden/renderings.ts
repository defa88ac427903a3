import { readdirSync, readFileSync } from 'node:fs';
import type { Report } from '../../src/core/model/report.ts';
import { renderText, type TextOptions } from '../../src/core/report/text.ts';

const PLAIN: TextOptions = { width: 80, colour: false, verbose: false };

/** Which ways a saved report is rendered: the end of the file's name, and how. Every report has the first. */
const WAYS: readonly (readonly [ending: string, options: TextOptions, reports?: readonly string[]])[] = [
  ['.txt', PLAIN],
  ['.verbose.txt', { ...PLAIN, verbose: true }, ['healthy']],
  ['.narrow.txt', { ...PLAIN, width: 40 }, ['tls-off', 'expired']],
  ['.colour.txt', { ...PLAIN, colour: true }, ['tls-off']],
];

export interface Rendering {
  readonly report: string;
  readonly file: URL;
  render(): string;
}

const FOLDER = new URL('.', import.meta.url);

export function loadReport(name: string): Report {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
}

/** The saved reports, by the names of their files. */
export function savedReports(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

/** Every saved report in every way: what `npm run golden` writes and the test of the text compares. */
export function renderings(): readonly Rendering[] {
  return savedReports().flatMap((report) =>
    WAYS.filter(([, , only]) => only?.includes(report) ?? true).map(([ending, options]) => ({
      report,
      file: new URL(`${report}${ending}`, FOLDER),
      render: () => renderText(loadReport(report), options),
    })),
  );
}
