import { inputOf, judgeRedacted } from '../../app/judge-saved.ts';
import { type DiagnosisInput, diagnose } from '../../core/engine/diagnosis.ts';
import { renderText } from '../../core/report/text.ts';
import { readCase, type SavedCase } from '../store/saved-case.ts';
import type { DiagnoseFlags } from './diagnose-flags.ts';
import { type Judged, keepCase, present } from './present.ts';
import { UsageError } from './usage-error.ts';

/** What looks, or says for whom: the case has its own. */
const OF_THE_CASE = [
  'disk',
  'parent',
  'ssh',
  'sshKey',
  'sshPasswordFile',
  'full',
  'client',
  'user',
  'passwordFile',
  'error',
  'timeout',
] as const;

/**
 * `rdpdoctor diagnose --from CASE`: judges the evidence of a saved case with the causes of today, and
 * looks at nothing. Prints the report, returns the exit status.
 */
export async function runFrom(
  place: string,
  targetText: string | undefined,
  flags: DiagnoseFlags,
): Promise<number> {
  if (place === '') throw new UsageError('--from needs the folder of a case, or its report.json');
  if (targetText !== undefined) {
    throw new UsageError('--from judges a saved case and connects to no HOST: leave one of them out');
  }
  const other = OF_THE_CASE.find((name) => flags[name] !== undefined);
  if (other !== undefined) {
    const option = other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--from uses only what the case recorded: leave --${option} out`);
  }
  const saved = await readOrExplain(place);
  const judged = judgeOrExplain(inputOf(saved.report), flags.redact === true, place);
  const kept = await keepCase(flags.case, flags.redact === true);
  for (const entry of saved.transcript) kept?.transcript.record(entry);
  return present(judged, flags, kept);
}

async function readOrExplain(place: string): Promise<SavedCase> {
  try {
    return await readCase(place);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : `${place} cannot be read`);
  }
}

/** A file that somebody changed may hold values that no fact has. */
function judgeOrExplain(input: DiagnosisInput, redacted: boolean, place: string): Judged {
  try {
    const judged: Judged = redacted ? judgeRedacted(input) : { report: diagnose(input) };
    // What cannot be shown is found out here, before a case is made for it.
    renderText(judged.report, { width: 80, colour: false, verbose: true });
    return judged;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no reason given';
    throw new UsageError(`the evidence in ${place} cannot be judged (${reason})`);
  }
}
