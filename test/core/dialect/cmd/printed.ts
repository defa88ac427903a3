// Answers of a Windows machine at its console, step by step, put together as a script would have printed them.
import { cmdScript } from '../../../../src/core/dialect/cmd/index.ts';
import type { Operation } from '../../../../src/core/dialect/script/operation.ts';
import type { AnswerSheet } from '../../../../src/core/dialect/script/sheet.ts';

export interface Printed {
  readonly text: string;
  readonly status?: number;
}

/** By the beginning of a step's command line behind the program's path: `reg.exe query "HKLM\…"`. */
export type Machine = Readonly<Record<string, Printed | string>>;

/** What the machine says its domain is called, in `Machine`. */
export const OWN_DOMAIN = 'own domain';

export const MARK = 'mark7f3a';

/** How a machine of a language says what every machine is asked. */
export interface Language {
  readonly page: string;
  readonly absent: string;
  readonly denied: string;
  readonly unnamed: string;
  readonly encode: (text: string) => Uint8Array;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Bytes of a single-byte page, for the few characters that the sentences need. */
const bytesBy =
  (page: Readonly<Record<string, number>>) =>
  (text: string): Uint8Array =>
    Uint8Array.from([...text].flatMap((letter) => page[letter] ?? [letter.charCodeAt(0)]));

/** The sentences of reg.exe as they are printed by machines of these languages (public forum posts and pages). */
export const LANGUAGES = {
  english: {
    page: 'Active code page: 65001',
    absent: 'ERROR: The system was unable to find the specified registry key or value.',
    denied: 'ERROR: Access is denied.',
    unnamed: '(Default)',
    encode: utf8,
  },
  german: {
    page: 'Aktive Codepage: 850.',
    absent: 'FEHLER: Der angegebene Registrierungsschlüssel bzw. Wert wurde nicht gefunden.',
    denied: 'FEHLER: Zugriff verweigert',
    unnamed: '(Standard)',
    encode: bytesBy({ ü: 0x81, ö: 0x94, ä: 0x84, ß: 0xe1 }),
  },
  japanese: {
    page: '現在のコード ページ: 65001',
    absent: 'エラー: 指定されたレジストリ キーまたは値が見つかりませんでした。',
    denied: 'エラー: アクセスが拒否されました。',
    unnamed: '(既定)',
    encode: utf8,
  },
} as const satisfies Readonly<Record<string, Language>>;

/** What every machine of a language answers: how its reg.exe says things. */
export function calibrated({ absent, denied, unnamed }: Language): Machine {
  return {
    'reg.exe query "HKLM\\SOFTWARE\\rdpdoctor': { text: `${absent}\n`, status: 1 },
    'reg.exe query "HKLM\\SECURITY\\': { text: `${denied}\n`, status: 1 },
    'reg.exe query "HKLM\\SAM\\': { text: `${denied}\n`, status: 1 },
    'reg.exe query "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion" /v "CurrentBuildNumber" /reg:64':
      '\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\n    CurrentBuildNumber    REG_SZ    20348\n\n',
    'reg.exe query "HKLM\\SOFTWARE\\Classes\\.exe" /ve': `\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\.exe\n    ${unnamed}    REG_SZ    exefile\n\n`,
    // A key that is not in the machine.
    'reg.exe query': { text: `${absent}\n`, status: 1 },
  };
}

/** Runs a script against such a machine: the longest beginning that fits answers. */
export function printedBy(script: string, machine: Machine, language: Language): Uint8Array {
  const out = [
    'Microsoft Windows [Version 10.0.20348.2340]',
    '(c) Microsoft Corporation. All rights reserved.',
    '',
  ];
  const heads = Object.keys(machine).sort((a, b) => b.length - a.length);
  let status = 0;
  for (const line of script.split('\r\n')) {
    const echo = /^echo (.*)$/.exec(line)?.[1];
    if (echo !== undefined) out.push(echo.replace('%errorlevel%', `${status}`));
    else if (/^"[^"]*chcp\.com" </.test(line) && !line.includes('65001')) out.push(language.page);
    const exists = /^if exist "([^"]*)" echo (\d+)$/.exec(line);
    if (exists !== null && machine[`exists ${exists[1]}`] !== undefined) out.push(exists[2] ?? '');
    const call =
      /^(if defined rdpdoctor_domain )?if exist "[^"]*\\([\w.]+)" "[^"]*"(.*?) < NUL 2>&1(?: \| .*)?$/.exec(
        line,
      );
    if (call === null) continue;
    const domain = machine[OWN_DOMAIN];
    if (call[1] !== undefined && domain === undefined) {
      out.push(`${out.at(-1)?.replace(/ begin$/, '') ?? ''} skip`);
      continue;
    }
    const command = `${call[2]}${call[3]?.replace('%rdpdoctor_domain%', typeof domain === 'string' ? domain : '')}`;
    const head = heads.find((one) => command.startsWith(one));
    const answer = head === undefined ? undefined : machine[head];
    if (answer === undefined) {
      // The program is not there: its line before this one says so.
      out.push(`${out.at(-1)?.replace(/ begin$/, '') ?? ''} none`);
      continue;
    }
    const { text, status: ended = 0 } = typeof answer === 'string' ? { text: answer } : answer;
    status = ended;
    for (const printed of (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')) out.push(printed);
  }
  return language.encode(out.map((line) => `${line}\r\n`).join(''));
}

/** Asks such a machine. */
export function askPrinted(
  operations: readonly Operation[],
  machine: Machine,
  language: Language,
): AnswerSheet {
  const script = cmdScript(operations, MARK);
  return script.read(printedBy(script.text, { ...calibrated(language), ...machine }, language));
}
