import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { NamedUser } from '../../core/model/cause.ts';
import { answersMachine } from '../guest/answers/answers-machine.ts';
import { readAnswers } from '../guest/answers/read-answers.ts';
import type { NamedMachine } from './named-machine.ts';
import { readInput } from './standard-input.ts';
import { UsageError } from './usage-error.ts';

/** Answers have a hundred kilobytes; of a machine with very long logs some megabytes, twice that in UTF-16. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The machine of which a file has the answers, or `-` for standard input. Throws `UsageError` where there are none in it.
 * @param user whose sign-ins are all kept
 * @param millis how long standard input is waited for; as for a prompt, a terminal into which somebody pastes them
 * is waited for without a limit
 */
export async function namedAnswers(
  place: string,
  user: NamedUser | undefined,
  millis: number,
): Promise<NamedMachine> {
  const isInput = place === '-';
  const limit = isInput && process.stdin.isTTY ? undefined : millis;
  const name = isInput ? 'standard input' : place;
  const { bytes, writtenAt } = isInput
    ? { bytes: await readInput(process.stdin, MOST_BYTES, limit), writtenAt: new Date().toISOString() }
    : await readFile(place);
  if (bytes === 'late')
    throw new UsageError('standard input was not closed within the time limit: it holds the answers');
  if (bytes.length > MOST_BYTES)
    throw new UsageError(`${name} is larger than 64 MiB: answers are never that long`);
  const read = readAnswers(bytes, user);
  if (!read.ok) {
    throw new UsageError(
      `${name} holds no answers: ${read.problem}. Save all that the script of "rdpdoctor collect" printed, from BEGIN to END`,
    );
  }
  const { answers } = read;
  return {
    name: isInput ? 'answers' : basename(place),
    ready: async ({ clock }) => ({ look: '--answers', machine: answersMachine(clock, answers, writtenAt) }),
  };
}

async function readFile(
  place: string,
): Promise<{ readonly bytes: Uint8Array | 'late'; readonly writtenAt: string }> {
  try {
    const stats = await stat(place);
    if (!stats.isFile()) throw new UsageError(`${place} is not a file: expected what the script printed`);
    return {
      bytes: await readInput(createReadStream(place), MOST_BYTES),
      writtenAt: stats.mtime.toISOString(),
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
    throw new UsageError(`${place} cannot be read (${code})`);
  }
}
