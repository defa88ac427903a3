import type { NamedUser } from '../../model/cause.ts';
import type { Frame } from '../script/frame.ts';
import { AnswerSheet } from '../script/sheet.ts';
import { isoOf } from './line.ts';
import { FileReader } from './read-files.ts';
import { KeyReader } from './read-keys.ts';
import { LiveReader } from './read-live.ts';
import { LogReader } from './read-logs.ts';

/** What a PowerShell script brought, and what it says of itself. */
export interface PowerShellAnswer {
  readonly sheet: AnswerSheet;
  /** rdpdoctor's version that made the script. */
  readonly madeBy?: string;
  /** `5.1.20348.2340`. */
  readonly shell?: string;
  /** `FullLanguage`, `ConstrainedLanguage`. */
  readonly languageMode?: string;
  /** ISO 8601, UTC, by the machine's clock: when the script began and ended. */
  readonly began?: string;
  readonly ended?: string;
  /** Names in it are not the machine's own. */
  readonly masked: boolean;
}

/** Whether a frame is one of a PowerShell script. */
export function isFromPowerShell({ sections }: Frame): boolean {
  for (const section of sections.values()) {
    if (section.form === 'raw') return false;
  }
  return true;
}

/**
 * Reads the lines of a frame that a PowerShell script printed. Never throws: a line that says what no script says
 * is passed over, and what it would have answered stays open.
 * @param account whose sign-ins are all kept
 */
export function readPowerShell(frame: Frame, account?: NamedUser): PowerShellAnswer {
  const sheet = new AnswerSheet();
  const about: { -readonly [K in keyof Omit<PowerShellAnswer, 'sheet' | 'masked'>]: PowerShellAnswer[K] } =
    {};
  let masked = false;
  const titles = new Map<number, string>();
  for (const [number, section] of frame.sections) {
    if (section.form === 'raw') continue;
    sheet.count();
    const readers = [
      new KeyReader(sheet),
      new FileReader(sheet),
      new LogReader(sheet, account),
      new LiveReader(sheet),
    ];
    for (const line of section.lines) {
      const [word = '', ...fields] = line;
      if (number === 1 && word === 'section') titles.set(Number(fields[0]), fields[1] ?? '');
      else if (word === 'rdpdoctor') about.madeBy = fields[0] ?? '';
      else if (word === 'shell')
        [, about.shell, about.languageMode] = [fields[0], fields[1] ?? '', fields[2] ?? ''];
      else if (word === 'began' || word === 'ended') about[word] = isoOf(fields[0]) ?? '';
      else if (word === 'masked') masked = true;
      else for (const reader of readers) reader.take(word, fields);
    }
    for (const reader of readers) reader.end();
  }
  const lost = new Set([...titles.keys()].filter((number) => !frame.sections.has(number)));
  for (const number of frame.damaged) lost.add(number);
  for (const number of lost) sheet.lose(titles.get(number) ?? `part ${number}`);
  // What was lost without a trace of its number.
  if (lost.size === 0 && !frame.whole) sheet.lose('an unknown part');
  const { began, ended, ...rest } = about;
  return {
    sheet,
    masked,
    ...rest,
    ...(began === undefined || began === '' ? {} : { began }),
    ...(ended === undefined || ended === '' ? {} : { ended }),
  };
}
