import { readPasswordFile, readPasswordFromStdin } from './password-file.ts';
import { problemOfPassword, prompt } from './prompt.ts';
import { UsageError } from './usage-error.ts';

/** The variable that carries a password past the command line, which every user of a machine can read. */
const VARIABLE = 'RDPDOCTOR_PASSWORD';

/**
 * The password for the one sign-in attempt: from `--password-file` (`-` is standard input), else
 * from the environment, else from a prompt that shows nothing. Never from an option.
 * @param millis how long a pipe or standard input may take; a person is not hurried
 */
export async function obtainPassword(
  user: string,
  file: string | undefined,
  millis: number,
): Promise<string> {
  const ask = (): Promise<string> => prompt(`Password for ${user} (one sign-in attempt will be made): `);
  // On a terminal standard input is a person, who needs a question and no echo.
  if (file === '-') return process.stdin.isTTY ? ask() : readPasswordFromStdin(process.stdin, millis);
  if (file !== undefined) return readPasswordFile(file, millis);
  const fromEnvironment = process.env[VARIABLE];
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    const problem = problemOfPassword(fromEnvironment);
    if (problem !== undefined) throw new UsageError(`${VARIABLE}: ${problem}`);
    return fromEnvironment;
  }
  if (!process.stdin.isTTY) {
    throw new UsageError(
      `no password was given: set ${VARIABLE}, or give --password-file FILE (- reads standard input)`,
    );
  }
  return ask();
}

/** Whether there is a password without a file, or somebody to ask for one. */
export function canObtainPassword(): boolean {
  return (process.env[VARIABLE] ?? '') !== '' || process.stdin.isTTY;
}
