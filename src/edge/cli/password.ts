import { readPasswordFile, readPasswordFromStdin } from './password-file.ts';
import { problemOfPassword, prompt } from './prompt.ts';
import { UsageError } from './usage-error.ts';

/** What a secret is for, and where it comes from: every vantage with an account has its own. */
export interface SecretPurpose {
  /** The option that names a file: `--password-file`. */
  readonly option: string;
  /** The variable that carries it past the command line, which every user of a machine can read. */
  readonly variable: string;
  /** What the prompt says that it is used for. */
  readonly use: string;
}

/** The account that cannot sign in, for one attempt at the listener. */
export const SIGN_IN: SecretPurpose = {
  option: '--password-file',
  variable: 'RDPDOCTOR_PASSWORD',
  use: 'one sign-in attempt will be made',
};

/** An administrator's account for remote registry and services. */
export const RPC: SecretPurpose = {
  option: '--rpc-password-file',
  variable: 'RDPDOCTOR_RPC_PASSWORD',
  use: 'for --rpc; one sign-in attempt will be made',
};

/** An account for SSH, where no key serves. */
export const SSH: SecretPurpose = {
  option: '--ssh-password-file',
  variable: 'RDPDOCTOR_SSH_PASSWORD',
  use: 'for --ssh; one attempt will be made',
};

/**
 * A password: from the purpose's file (`-` is standard input), else from the environment, else from a
 * prompt that shows nothing. Never from an option.
 * @param millis how long a pipe or standard input may take; a person is not hurried
 */
export async function obtainPassword(
  { option, variable, use }: SecretPurpose,
  user: string,
  file: string | undefined,
  millis: number,
): Promise<string> {
  const ask = (): Promise<string> => prompt(`Password for ${user} (${use}): `);
  // On a terminal standard input is a person, who needs a question and no echo.
  if (file === '-') return process.stdin.isTTY ? ask() : readPasswordFromStdin(process.stdin, millis);
  if (file !== undefined) return readPasswordFile(file, millis, option);
  const fromEnvironment = process.env[variable];
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    const problem = problemOfPassword(fromEnvironment);
    if (problem !== undefined) throw new UsageError(`${variable}: ${problem}`);
    return fromEnvironment;
  }
  if (!process.stdin.isTTY) {
    throw new UsageError(
      `no password was given: set ${variable}, or give ${option} FILE (- reads standard input)`,
    );
  }
  return ask();
}

/** Whether there is a password without a file, or somebody to ask for one. */
export function canObtainPassword(purpose: SecretPurpose): boolean {
  return isInEnvironment(purpose) || process.stdin.isTTY;
}

/** Whether the purpose's variable holds one. */
export function isInEnvironment({ variable }: SecretPurpose): boolean {
  return (process.env[variable] ?? '') !== '';
}
