import { Attempts } from '../../app/attempts.ts';
import { lookAtTarget } from '../../app/diagnose-target.ts';
import type { DiskToOpen } from '../../app/gather/disk/vantage.ts';
import type { MachineToAsk } from '../../app/gather/machine/vantage.ts';
import type { Credential } from '../../app/gather/outside/look.ts';
import { type DiagnosisInput, diagnose } from '../../core/engine/diagnosis.ts';
import { CLIENTS, findClient } from '../../core/knowledge/clients.ts';
import type { NamedUser } from '../../core/model/cause.ts';
import type { ClientProfile } from '../../core/model/client.ts';
import { createNetwork } from '../network/driver.ts';
import { noTranscript } from '../network/transcript.ts';
import { withoutSecrets } from '../secrets.ts';
import { systemClock } from '../system/clock.ts';
import { systemRandom } from '../system/random.ts';
import { splitUser } from './account.ts';
import type { DiagnoseFlags } from './diagnose-flags.ts';
import { checkMachineFlags, namedMachines, namesMachine } from './machines.ts';
import { canObtainPassword, obtainPassword, SIGN_IN } from './password.ts';
import { type Judged, keepCase, present } from './present.ts';
import { tell } from './say.ts';
import { parseTarget } from './target.ts';
import { UsageError } from './usage-error.ts';

/** Seconds for everything; a look at every cipher suite makes a hundred connections or more. */
const DEFAULT_SECONDS = 10;
const DEFAULT_SECONDS_FULL = 60;
const MOST_SECONDS = 600;

/** A disk behind a URL at the end of a slow line; a running machine with long event logs. */
const DEFAULT_SECONDS_DEEP = 60;

/** Near, a block is read in no time and small ones waste the least; over HTTP each costs a round trip. */
const FILE_BLOCK = 16 * 1024;
const HTTP_BLOCK = 128 * 1024;

/** However long starting took, so much is left to look. */
const LEAST_MILLIS = 500;

/**
 * `rdpdoctor diagnose`: prints the report, returns the exit status.
 * @param startedAt when the user began to wait, on `performance.now`: starting counts, a prompt does not
 */
export async function runDiagnose(
  targetText: string | undefined,
  flags: DiagnoseFlags,
  startedAt: number,
): Promise<number> {
  const target = targetText === undefined ? undefined : parseTarget(targetText);
  const isInside = namesMachine(flags);
  const { client, seconds } = checkFlags(target !== undefined, flags);
  const user =
    flags.user === undefined
      ? undefined
      : splitUser(flags.user, '--user', `a prompt, ${SIGN_IN.variable} or ${SIGN_IN.option}`);
  const startedIn = performance.now() - startedAt;
  const askedAt = performance.now();
  const credential =
    user === undefined || target === undefined
      ? undefined
      : await obtainCredential(user, flags, seconds * 1000 - startedIn);
  // A person at a prompt takes the time that it takes; what a file or a pipe took counts.
  const askedFor = flags.passwordFile === undefined ? 0 : performance.now() - askedAt;
  const askedInsideAt = performance.now();
  const named = await namedMachines(flags, credential, seconds * 1000 - startedIn - askedFor, user);
  const isInsidePrompted =
    (flags.rpc !== undefined && flags.rpcPasswordFile === undefined) ||
    (flags.answers === '-' && process.stdin.isTTY);
  const askedInsideFor = isInsidePrompted ? 0 : performance.now() - askedInsideAt;
  const readAt = performance.now();
  // Like a prompt, a terminal into which somebody pastes a log is waited for.
  const isPasted = flags.error === '-' && process.stdin.isTTY;
  const symptom = await explainError(
    flags.error,
    isPasted ? undefined : seconds * 1000 - startedIn - askedFor - askedInsideFor,
  );
  const readFor = isPasted ? 0 : performance.now() - readAt;
  const kept = await keepCase(flags.case, flags.redact === true);

  const timeoutMillis = Math.max(
    LEAST_MILLIS,
    seconds * 1000 - startedIn - askedFor - askedInsideFor - readFor,
  );
  const disk =
    flags.disk === undefined
      ? undefined
      : await diskToOpen(flags.disk, flags.parent ?? [], timeoutMillis, target === undefined && !isInside);
  const names = [targetText, disk?.name, ...named.map((machine) => machine.name)];
  const name = [...new Set(names.filter((part) => part !== undefined))].join(', ');
  const transcript = kept?.transcript ?? noTranscript;
  const ports = {
    transcript,
    network: createNetwork(systemClock, transcript),
    clock: systemClock,
    random: systemRandom,
  };
  const attempts = new Attempts(systemClock);
  const machines: MachineToAsk[] = [];
  for (const machine of named) machines.push(await machine.ready(ports, attempts, user, timeoutMillis));
  if (process.stderr.isTTY) {
    tell(`Looking at ${name}, for at most ${seconds} s …\n`);
  }
  const seen = await lookAtTarget(ports, {
    target: name,
    timeoutMillis,
    ...(target === undefined
      ? {}
      : {
          outside: {
            ...target,
            timeoutMillis: Math.min(timeoutMillis, outsideMillis(flags, timeoutMillis)),
            full: flags.full === true,
            credential,
          },
        }),
    ...(disk === undefined ? {} : { disk }),
    machines,
    attempts,
    client,
    ...(user === undefined ? {} : { user }),
    ...symptom,
  });
  return present(await judge(seen, flags.redact === true), flags, kept);
}

/** What the flags come to where they go together; throws UsageError where they do not. */
function checkFlags(
  hasTarget: boolean,
  flags: DiagnoseFlags,
): { readonly client: ClientProfile | undefined; readonly seconds: number } {
  const isInside = namesMachine(flags);
  if (!hasTarget && flags.disk === undefined && !isInside) {
    throw new UsageError(
      'nothing to look at: name a HOST, a --disk, --rpc USER@HOST, --ssh USER@HOST, --answers FILE, or several of them',
    );
  }
  if (flags.parent !== undefined && flags.disk === undefined) {
    throw new UsageError(
      '--parent names the parent of a differencing disk: name that disk with --disk as well',
    );
  }
  if (!hasTarget && flags.full === true) {
    throw new UsageError('--full looks at a listener: name its HOST as well');
  }
  const client = flags.client === undefined ? undefined : findClient(flags.client);
  if (flags.client !== undefined && client === undefined) {
    throw new UsageError(
      `"${flags.client}" is not a known client: expected one of ${CLIENTS.map(({ id }) => id).join(', ')}`,
    );
  }
  const seconds = parseSeconds(
    flags.timeout,
    flags.disk !== undefined || isInside
      ? DEFAULT_SECONDS_DEEP
      : flags.full === true
        ? DEFAULT_SECONDS_FULL
        : DEFAULT_SECONDS,
  );
  if (flags.passwordFile !== undefined && flags.user === undefined) {
    throw new UsageError('--password-file needs an account: give --user NAME as well');
  }
  if (flags.passwordFile !== undefined && !hasTarget) {
    throw new UsageError('--password-file is for a sign-in attempt at a listener: name its HOST as well');
  }
  checkMachineFlags(flags);
  return { client, seconds };
}

/** A text longer than this is a log: the report names what was read in it instead of repeating it. */
const LONGEST_SYMPTOM = 400;
const MOST_TITLES = 3;

/** What the report says of the error that the user sees, and which causes it makes likelier. */
async function explainError(
  error: string | undefined,
  withinMillis: number | undefined,
): Promise<Pick<DiagnosisInput, 'symptom' | 'suspected'>> {
  if (error === undefined) return { suspected: [] };
  const { askedText } = await import('./asked-text.ts');
  const { explain } = await import('../../core/knowledge/explain.ts');
  const { text, place } = await askedText(error, withinMillis);
  const { causes, readings } = explain(text);
  const titles = readings.slice(0, MOST_TITLES).map(({ title }) => title);
  const said =
    place === undefined || text.length <= LONGEST_SYMPTOM
      ? text.trim()
      : `${place === '-' ? 'a log' : place}: ${titles.join('; ') || 'rdpdoctor recognises nothing in it'}`;
  return { symptom: withoutSecrets(said), suspected: causes.map(({ id }) => id) };
}

async function judge(seen: DiagnosisInput, redacted: boolean): Promise<Judged> {
  if (!redacted) return { report: diagnose(seen) };
  const { judgeRedacted } = await import('../../app/judge-saved.ts');
  return judgeRedacted(seen);
}

function parseSeconds(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (!(seconds >= 1 && seconds <= MOST_SECONDS)) {
    throw new UsageError(
      `"${text}" is not a time limit: expected a number of seconds from 1 to ${MOST_SECONDS}`,
    );
  }
  return seconds;
}

/** A listener is given no longer than without a disk beside it, unless the user says so. */
function outsideMillis(flags: DiagnoseFlags, timeoutMillis: number): number {
  if (flags.timeout !== undefined) return timeoutMillis;
  return (flags.full === true ? DEFAULT_SECONDS_FULL : DEFAULT_SECONDS) * 1000;
}

/**
 * @param parents what --parent names, the disk's own parent first
 * @param alone nothing else is looked at: a disk that cannot be opened ends the run
 */
async function diskToOpen(
  place: string,
  parents: readonly string[],
  timeoutMillis: number,
  alone: boolean,
): Promise<DiskToOpen & { readonly name: string }> {
  const { isUrl, nameOfDisk, openDisk } = await import('../disk/open-disk.ts');
  const { parentOpener } = await import('../disk/parent-disk.ts');
  return {
    name: nameOfDisk(place),
    async open() {
      const opened = await openDisk(place, timeoutMillis);
      if (!opened.ok && alone) throw new UsageError(`${opened.problem}. ${opened.advice}`);
      if (!opened.ok) return opened;
      return {
        ok: true,
        disk: {
          source: opened.source,
          openParent: parentOpener(isUrl(place) ? undefined : place, parents),
          blockSize: isUrl(place) ? HTTP_BLOCK : FILE_BLOCK,
        },
      };
    },
  };
}

/**
 * What the one sign-in attempt needs. Where nobody can be asked for a password and another vantage can
 * look the account up, it is only looked up.
 */
async function obtainCredential(
  { name, domain }: NamedUser,
  { user = name, passwordFile, ...flags }: DiagnoseFlags,
  withinMillis: number,
): Promise<Credential | undefined> {
  const isLookedUp = flags.disk !== undefined || namesMachine(flags);
  if (isLookedUp && passwordFile === undefined && !canObtainPassword(SIGN_IN)) return undefined;
  return { user: name, domain, password: await obtainPassword(SIGN_IN, user, passwordFile, withinMillis) };
}
