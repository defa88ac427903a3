import { readFile } from 'node:fs/promises';
import { UsageError } from './usage-error.ts';

/** The variable that carries a password past the command line, which every user of a machine can read. */
const VARIABLE = 'RDPDOCTOR_PASSWORD';

/** Longer than any Windows password can be (127 characters). */
const MOST_CHARACTERS = 256;

/**
 * The password for the one sign-in attempt: from `--password-file` (`-` is standard input), else
 * from the environment, else from a prompt that shows nothing. Never from an option.
 */
export async function obtainPassword(user: string, file: string | undefined): Promise<string> {
  if (file !== undefined)
    return firstLine(file === '-' ? await readStandardInput() : await readFileOrExplain(file));
  const fromEnvironment = process.env[VARIABLE];
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  if (!process.stdin.isTTY) {
    throw new UsageError(
      `no password for ${user}: set ${VARIABLE}, or give --password-file FILE (- reads standard input)`,
    );
  }
  return prompt(`Password of ${user} (one attempt is made): `);
}

async function readFileOrExplain(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
    throw new UsageError(`the password file ${file} cannot be read (${code})`);
  }
}

async function readStandardInput(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > MOST_CHARACTERS * 4) break;
  }
  return text;
}

function firstLine(text: string): string {
  const line = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw new UsageError('the password that was given is empty');
  if (line.length > MOST_CHARACTERS)
    throw new UsageError(`a password has at most ${MOST_CHARACTERS} characters`);
  return line;
}

/** Asks on the terminal without an echo. The question goes to stderr: stdout carries the result only. */
function prompt(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  return new Promise((resolve, reject) => {
    let typed = '';
    const finish = (): void => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
    };
    const onData = (chunk: string): void => {
      for (const character of chunk) {
        if (character === '\r' || character === '\n') {
          finish();
          if (typed === '') reject(new UsageError('the password that was given is empty'));
          else resolve(typed);
          return;
        }
        if (character === '\u0003' || character === '\u0004') {
          finish();
          reject(new Interrupted());
          return;
        }
        if (character === '\u007f' || character === '\b') typed = typed.slice(0, -1);
        else if (typed.length < MOST_CHARACTERS) typed += character;
      }
    };
    stdin.setRawMode(true);
    stdin.setEncoding('utf8');
    stdin.on('data', onData);
    stdin.resume();
  });
}

/** The user ended the program at a prompt: exit status 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
