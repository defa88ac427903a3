import { diagnoseHost } from '../../app/diagnose-host.ts';
import { exitStatusOf } from '../../core/engine/diagnosis.ts';
import { CLIENTS, findClient } from '../../core/knowledge/clients.ts';
import { explain } from '../../core/knowledge/explain.ts';
import type { Report } from '../../core/model/report.ts';
import { renderJson } from '../../core/report/layout.ts';
import { renderText } from '../../core/report/text.ts';
import { createNetwork } from '../network/driver.ts';
import { noTranscript } from '../network/transcript.ts';
import { type Case, openCase } from '../store/case.ts';
import { systemClock } from '../system/clock.ts';
import { systemRandom } from '../system/random.ts';
import { obtainPassword } from './password.ts';
import { parseTarget } from './target.ts';
import { styleOf } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Seconds for everything; a look at every cipher suite makes a hundred connections or more. */
const DEFAULT_SECONDS = 10;
const DEFAULT_SECONDS_FULL = 60;
const MOST_SECONDS = 600;

export interface DiagnoseFlags {
  readonly full?: true;
  readonly client?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly error?: string;
  readonly case?: string;
  readonly timeout?: string;
  readonly json?: true;
  readonly verbose?: true;
}

/** However long starting took, so much is left to look. */
const LEAST_MILLIS = 500;

/**
 * `rdpdoctor diagnose`: prints the report, returns the exit status.
 * @param startedAt when the user began to wait, on `performance.now`: starting counts, a prompt does not
 */
export async function runDiagnose(
  targetText: string,
  flags: DiagnoseFlags,
  startedAt: number,
): Promise<number> {
  const startedIn = performance.now() - startedAt;
  const target = parseTarget(targetText);
  const client = flags.client === undefined ? undefined : findClient(flags.client);
  if (flags.client !== undefined && client === undefined) {
    throw new UsageError(
      `"${flags.client}" is not a client that is known; known are ${CLIENTS.map(({ id }) => id).join(', ')}`,
    );
  }
  const seconds = parseSeconds(flags.timeout, flags.full === true);
  if (flags.passwordFile !== undefined && flags.user === undefined) {
    throw new UsageError('--password-file belongs to a user: give --user NAME as well');
  }
  const credential =
    flags.user === undefined
      ? undefined
      : { ...splitUser(flags.user), password: await obtainPassword(flags.user, flags.passwordFile) };
  const kept = flags.case === undefined ? undefined : await openCaseOrExplain(flags.case);

  if (process.stderr.isTTY) {
    process.stderr.write(`Looking at ${targetText} from the network, for at most ${seconds} s …\n`);
  }
  const report = await diagnoseHost(
    {
      network: createNetwork(systemClock, kept?.transcript ?? noTranscript),
      clock: systemClock,
      random: systemRandom,
    },
    {
      ...target,
      target: targetText,
      timeoutMillis: Math.max(LEAST_MILLIS, seconds * 1000 - startedIn),
      full: flags.full === true,
      client,
      credential,
      ...(flags.error === undefined ? {} : { symptom: flags.error }),
      suspected:
        flags.error === undefined
          ? []
          : explain(flags.error).readings.flatMap((reading) => reading.causes.map(({ id }) => id)),
    },
  );
  process.stdout.write(
    flags.json === true
      ? renderJson(report)
      : renderText(report, { ...styleOf(process.stdout), verbose: flags.verbose === true }),
  );
  if (kept !== undefined) {
    await closeOrExplain(kept, report, flags.case ?? '');
    process.stderr.write(`The case is in ${flags.case}\n`);
  }
  return exitStatusOf(report);
}

function parseSeconds(text: string | undefined, full: boolean): number {
  if (text === undefined) return full ? DEFAULT_SECONDS_FULL : DEFAULT_SECONDS;
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (!(seconds >= 1 && seconds <= MOST_SECONDS)) {
    throw new UsageError(`"${text}" is not a time limit: expected seconds from 1 to ${MOST_SECONDS}`);
  }
  return seconds;
}

/** `CORP\alice`, `alice@corp.example` or `alice`. */
function splitUser(text: string): { readonly domain: string; readonly user: string } {
  const [first = '', second, ...others] = text.split('\\');
  if (others.length > 0 || first === '' || second === '') {
    throw new UsageError(`"${text}" is not a user: expected DOMAIN\\user, user@domain or user`);
  }
  return second === undefined ? { domain: '', user: first } : { domain: first, user: second };
}

async function openCaseOrExplain(folder: string): ReturnType<typeof openCase> {
  if (folder === '') throw new UsageError('--case needs the name of a folder');
  try {
    return await openCase(folder);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : `the folder ${folder} cannot be used`);
  }
}

/** The report is out by now: what is lost is the case alone. */
async function closeOrExplain(kept: Case, report: Report, folder: string): Promise<void> {
  try {
    await kept.close(report);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
    throw new UsageError(`the case in ${folder} is incomplete (${code})`);
  }
}
