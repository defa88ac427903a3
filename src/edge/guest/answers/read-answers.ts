import { decodeAnswer, isFromCmd, readCmdFrame } from '../../../core/dialect/cmd/index.ts';
import { isFromPowerShell, readPowerShell } from '../../../core/dialect/powershell/index.ts';
import { readFrame } from '../../../core/dialect/script/frame.ts';
import type { AnswerSheet } from '../../../core/dialect/script/sheet.ts';
import { usualOperations } from '../../../core/dialect/script/usual.ts';
import type { NamedUser } from '../../../core/model/cause.ts';
import type { Warning } from '../../../core/model/report.ts';
import { VERSION } from '../../version.ts';
import { unpackGzip } from '../unpack.ts';

/** What a person brought. */
export interface BroughtAnswers {
  readonly sheet: AnswerSheet;
  /** ISO 8601, UTC: by the machine's own clock; where the script does not say, `undefined`. */
  readonly madeAt?: string;
  readonly warnings: readonly Warning[];
}

export type AnswersRead =
  | { readonly ok: true; readonly answers: BroughtAnswers }
  /** Lower case, no final stop. */
  | { readonly ok: false; readonly problem: string };

/**
 * Reads what a script of `rdpdoctor collect` printed: of either shell, in whatever encoding it was saved, with anything
 * around it.
 * @param account whose sign-ins are all kept
 */
export function readAnswers(bytes: Uint8Array, account: NamedUser | undefined): AnswersRead {
  const read = readFrame(decodeAnswer(bytes), unpackGzip);
  if (!read.ok) return read;
  const { frame } = read;
  if (isFromCmd(frame)) {
    const sheet = readCmdFrame(usualOperations(account), frame);
    return { ok: true, answers: { sheet, warnings: lossOf(sheet, frame.whole) } };
  }
  if (!isFromPowerShell(frame)) return { ok: false, problem: 'no script of rdpdoctor prints such an answer' };
  const { sheet, began, languageMode, madeBy, masked } = readPowerShell(frame, account);
  const warnings: Warning[] = [...lossOf(sheet, frame.whole), ...limitsOf(languageMode)];
  if (masked) {
    const text = 'names and SIDs in the answers are masked: the same word always stands for the same one';
    warnings.push({ code: 'answers-limited', text });
  }
  if (madeBy !== undefined && madeBy !== VERSION) {
    const text = `the script was made by rdpdoctor ${madeBy}, and this is ${VERSION}: what only this version asks is missing`;
    warnings.push({ code: 'answers-limited', text });
  }
  return {
    ok: true,
    answers: { sheet, warnings, ...(began === undefined ? {} : { madeAt: began }) },
  };
}

/** What PowerShell does not tell in a language mode. */
export function limitsOf(languageMode: string | undefined): readonly Warning[] {
  if (languageMode === undefined || languageMode === 'FullLanguage') return [];
  const text = `PowerShell ran in ${languageMode}, in which it does not tell who may sign in, the SID of the machine and of its domain, and who may read a key; texts with variables came with those filled in`;
  return [{ code: 'answers-limited', text }];
}

/** Named one by one as long as a person would read them. */
const MOST_NAMED = 8;

function lossOf({ lost, parts }: AnswerSheet, whole: boolean): readonly Warning[] {
  if (lost.length === 0 && whole) return [];
  const named = lost.slice(0, MOST_NAMED).join('; ');
  const more = lost.length > MOST_NAMED ? ` and ${lost.length - MOST_NAMED} more` : '';
  const which = lost.length === 0 ? 'which, cannot be told' : `${named}${more}`;
  const text = `parts of the answers were lost on the way, ${parts} arrived. Missing: ${which}. Send them as a file, or copy all of them, from BEGIN to END`;
  return [{ code: 'answers-incomplete', text }];
}
