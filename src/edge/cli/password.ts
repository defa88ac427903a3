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
      `no password was given: set ${VARIABLE}, or give --password-file FILE (- reads standard input)`,
    );
  }
  return prompt(`Password of ${user} (one attempt is made): `);
}

async function readFileOrExplain(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
    throw new UsageError(`the file of --password-file cannot be read (${code})`);
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

/** What a prompt needs of standard input. */
export interface Keyboard {
  setRawMode(raw: boolean): unknown;
  setEncoding(encoding: 'utf8'): unknown;
  on(event: 'data' | 'end', listener: (chunk: string) => void): unknown;
  off(event: 'data' | 'end', listener: (chunk: string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** Asks on the terminal without an echo. The question goes to stderr: stdout carries the result only. */
export function prompt(
  question: string,
  keyboard: Keyboard = process.stdin,
  screen: { write(text: string): unknown } = process.stderr,
): Promise<string> {
  screen.write(question);
  return new Promise((resolve, reject) => {
    // Characters, not units: one backspace takes away a whole one.
    const typed: string[] = [];
    const finish = (): void => {
      keyboard.off('data', onData);
      keyboard.off('end', onEnd);
      keyboard.setRawMode(false);
      keyboard.pause();
      screen.write('\n');
    };
    const onEnd = (): void => {
      finish();
      reject(new Interrupted());
    };
    const onData = (chunk: string): void => {
      for (const character of chunk) {
        if (character === '\r' || character === '\n') {
          finish();
          if (typed.length === 0) reject(new UsageError('the password that was given is empty'));
          else resolve(typed.join(''));
          return;
        }
        if (character === '\u0003' || character === '\u0004') {
          onEnd();
          return;
        }
        if (character === '\u007f' || character === '\b') typed.pop();
        else if (typed.length < MOST_CHARACTERS) typed.push(character);
      }
    };
    keyboard.setRawMode(true);
    keyboard.setEncoding('utf8');
    keyboard.on('data', onData);
    keyboard.on('end', onEnd);
    keyboard.resume();
  });
}

/** The user ended the program at a prompt: exit status 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
