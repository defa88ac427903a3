import { open, stat } from 'node:fs/promises';
import { explain, MAX_INPUT } from '../../core/knowledge/explain.ts';
import { readInput } from './standard-input.ts';
import { UsageError } from './usage-error.ts';

/** What somebody wants explained. */
export interface AskedText {
  readonly text: string;
  /** The file it was read from, `-` for standard input; absent where it was typed. */
  readonly place?: string;
}

/** What this says of a text that is too long: the cut is for the person to make, who knows when it happened. */
const TOO_LONG = 'is larger than 1 MiB: cut it down to the minutes around the failure';

/**
 * The text behind an argument of `explain` or `--error`: `-` is standard input, the name of an existing
 * regular file is that file, unless it is a code that is known; everything else is the text itself.
 * @param millis how long standard input is waited for; left out, as long as it takes
 */
export async function askedText(argument: string, millis?: number): Promise<AskedText> {
  if (argument === '-') return { text: decodeText(await readStandardInput(millis)), place: '-' };
  if (!isKnownCode(argument) && (await isRegularFile(argument))) {
    return { text: decodeText(await readWhole(argument)), place: argument };
  }
  if (argument.length > MAX_INPUT) throw new UsageError(`the text ${TOO_LONG}`);
  return { text: argument };
}

/** A word without spaces that a table knows; sentences are never the name of a file and a code at once. */
function isKnownCode(argument: string): boolean {
  return !/\s/.test(argument) && explain(argument).readings.some(({ kind }) => kind !== 'error-text');
}

async function isRegularFile(name: string): Promise<boolean> {
  try {
    return (await stat(name)).isFile();
  } catch {
    // Too long, with a NUL, or simply a sentence: no file.
    return false;
  }
}

async function readWhole(name: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAX_INPUT + 1);
  let length = 0;
  try {
    const file = await open(name, 'r');
    try {
      while (length < bytes.length) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
        if (bytesRead === 0) return bytes.subarray(0, length);
        length += bytesRead;
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
    throw new UsageError(`${name} cannot be read (${code})`);
  }
  throw new UsageError(`${name} ${TOO_LONG}`);
}

async function readStandardInput(millis: number | undefined): Promise<Uint8Array> {
  const bytes = await readInput(process.stdin, MAX_INPUT, millis);
  if (bytes === 'late') {
    throw new UsageError(
      'standard input was not closed within the time limit: it holds the error or the log',
    );
  }
  if (bytes.length > MAX_INPUT) throw new UsageError(`standard input ${TOO_LONG}`);
  return bytes;
}

/**
 * Text of a file that nobody labelled: UTF-16 as the Event Viewer and PowerShell 5 write it, with or
 * without its mark, UTF-8, or else what Windows called ANSI in the West.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const zeros = zeroBytes(bytes);
  if (zeros !== undefined) return new TextDecoder(zeros).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Text in UTF-16 has a zero in every second byte, unless it is in a language of the East. */
function zeroBytes(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const looked = Math.min(bytes.length, 4096) & ~1;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < looked; i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  const many = looked / 4;
  if (looked >= 4 && odd > many && even < many / 4) return 'utf-16le';
  return looked >= 4 && even > many && odd < many / 4 ? 'utf-16be' : undefined;
}
