import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { problemOfPassword } from './prompt.ts';
import { type Input, readInput } from './standard-input.ts';
import { UsageError } from './usage-error.ts';

/** A password in any encoding is far shorter; what is longer is another file. */
const MOST_BYTES = 4096;

/** How often a pipe is looked at that nobody has written to yet. */
const PAUSE_MILLIS = 20;

/**
 * The password in a file or a named pipe: one line, with or without its end. The text of the option
 * itself comes back in no message, since somebody may have given the password there.
 * @param millis how long a pipe is waited for
 * @param option as the command line spells it, for the messages
 */
export async function readPasswordFile(path: string, millis: number, option: string): Promise<string> {
  const deadline = performance.now() + millis;
  let file: FileHandle;
  try {
    // Opening a pipe would wait for its writer otherwise, on a thread that nothing can stop. Windows has no such flag.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new UsageError(whyNotOpened(codeOf(error), option));
  }
  try {
    return passwordIn(await readWhole(file, deadline, option), `the file given with ${option}`);
  } finally {
    await file.close();
  }
}

async function readWhole(file: FileHandle, deadline: number, option: string): Promise<Uint8Array> {
  const stats = await file.stat();
  if (stats.isDirectory()) throw new UsageError(`${option} names a folder: expected a file or a pipe`);
  if (!stats.isFile() && !stats.isFIFO()) {
    throw new UsageError(`${option} names a device: expected a file or a pipe (- reads standard input)`);
  }
  // One byte more shows that there is too much.
  const bytes = new Uint8Array(MOST_BYTES + 1);
  let filled = 0;
  while (filled < bytes.length) {
    const count = await readSome(file, bytes, filled, option);
    if (count === 0 && (stats.isFile() || filled > 0)) break;
    filled += count ?? 0;
    if (count !== undefined && count > 0) continue;
    if (performance.now() >= deadline) {
      throw new UsageError(`nothing came through the pipe given with ${option} within the time limit`);
    }
    await sleep(PAUSE_MILLIS);
  }
  return bytes.subarray(0, filled);
}

/** `undefined`: the writer of a pipe has nothing to say yet. */
async function readSome(
  file: FileHandle,
  bytes: Uint8Array,
  at: number,
  option: string,
): Promise<number | undefined> {
  try {
    return (await file.read(bytes, at, bytes.length - at)).bytesRead;
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return undefined;
    throw new UsageError(`the file given with ${option} cannot be read (${codeOf(error)})`);
  }
}

/** The same for an option of `-`. */
export async function readPasswordFromStdin(stdin: Input, millis: number): Promise<string> {
  const bytes = await readInput(stdin, MOST_BYTES, millis);
  if (bytes === 'late') {
    throw new UsageError(
      'standard input was not closed within the time limit: it must hold nothing but the password',
    );
  }
  return passwordIn(bytes, 'standard input');
}

/** One line of UTF-8; or of UTF-16, as the redirections of Windows PowerShell 5.1 write it. */
function passwordIn(bytes: Uint8Array, where: string): string {
  if (bytes.length > MOST_BYTES) {
    throw new UsageError(`${where} contains more than ${MOST_BYTES} bytes: expected a password in one line`);
  }
  const text = decode(bytes, where).replace(/[\r\n]+$/, '');
  if (text === '') throw new UsageError(`${where} is empty: expected a password in one line`);
  if (text.includes('\0')) {
    throw new UsageError(
      `${where} contains a NUL character, which no password can contain: save it as UTF-8`,
    );
  }
  if (/[\r\n]/.test(text)) {
    throw new UsageError(
      `${where} contains several lines: expected a password in one line, and nothing else`,
    );
  }
  const problem = problemOfPassword(text);
  if (problem !== undefined) throw new UsageError(problem);
  return text;
}

function decode(bytes: Uint8Array, where: string): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    // Both take away the byte order mark.
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${where} is not UTF-8 text: save it as UTF-8`);
  }
}

function whyNotOpened(code: string, option: string): string {
  switch (code) {
    case 'ENOENT':
      return `${option} names a file that does not exist: expected the name of a file that holds the password`;
    case 'EISDIR':
      return `${option} names a folder: expected a file or a pipe`;
    case 'EACCES':
    case 'EPERM':
      return `this user may not read the file given with ${option}`;
    default:
      return `the file given with ${option} cannot be opened (${code})`;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
}
