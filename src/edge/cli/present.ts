import { exitStatusOf } from '../../core/engine/diagnosis.ts';
import type { Report } from '../../core/model/report.ts';
import { renderText } from '../../core/report/text.ts';
import type { Case } from '../store/case.ts';
import { print, printJson, tell } from './say.ts';
import { styleOf } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** How a diagnosis is shown, and where it is kept. */
export interface PresentFlags {
  readonly case?: string;
  readonly json?: true;
  readonly verbose?: true;
}

export interface Judged {
  readonly report: Report;
  /** Of a redacted run: masks any further text of it. */
  text?(text: string): string;
}

/** Prints the report and completes its case; the exit status. */
export async function present(judged: Judged, flags: PresentFlags, kept: Case | undefined): Promise<number> {
  const { report } = judged;
  if (flags.json === true) printJson(report);
  else print(renderText(report, { ...styleOf(process.stdout), verbose: flags.verbose === true }));
  if (kept !== undefined) {
    await closeOrExplain(kept, judged, flags.case ?? '');
    tell(`The case is in ${flags.case}\n`);
  }
  return exitStatusOf(report);
}

/** The folder of `--case`, made before anything is looked at; `undefined` where none was named. */
export async function keepCase(folder: string | undefined, redacted: boolean): Promise<Case | undefined> {
  if (folder === undefined) return undefined;
  if (folder === '') throw new UsageError('--case needs the name of a folder');
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(folder)) {
    throw new UsageError('--case names a URL: expected the name of a new folder on this machine');
  }
  try {
    const { openCase } = await import('../store/case.ts');
    return await openCase(folder, redacted);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : `the folder ${folder} cannot be used`);
  }
}

/** The report is out by now: what is lost is the case alone. */
async function closeOrExplain(kept: Case, { report, text }: Judged, folder: string): Promise<void> {
  try {
    await kept.close(report, text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
    throw new UsageError(
      code === 'EEXIST'
        ? `the case in ${folder} is incomplete: someone else wrote to the folder in the meantime; name a new one`
        : `the case in ${folder} is incomplete (${code})`,
    );
  }
}
