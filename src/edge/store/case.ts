import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { chmod, lstat, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Report } from '../../core/model/report.ts';
import { renderJson } from '../../core/report/layout.ts';
import { renderText } from '../../core/report/text.ts';
import type { Transcript, TranscriptEntry } from '../network/transcript.ts';

/** The folder that goes into the ticket: the report for people and for programs, and the wire. */
export interface Case {
  readonly transcript: Transcript;
  /**
   * Writes the report and closes the transcript. Throws what the file system says.
   * @param mask of a redacted case: masks the names in a text
   */
  close(report: Report, mask?: (text: string) => string): Promise<void>;
}

/** What a listener says of itself is nobody else's business on a shared machine. */
const PRIVATE = 0o600;

/**
 * Creates a case in a new or empty folder. The error is a sentence for the user.
 * @param redacted the transcript keeps no bytes, in which names cannot be masked, and is written at the end, when every name is known
 */
export async function openCase(folder: string, redacted = false): Promise<Case> {
  const file = await openTranscript(folder);
  const stream = file.createWriteStream();
  // Without a listener a full disk would end the process in the middle; `close` tells of it.
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure ??= error;
  });
  const write = (entry: TranscriptEntry): void => void stream.write(`${JSON.stringify(entry)}\n`);
  const held: TranscriptEntry[] = [];
  return {
    transcript: { record: redacted ? (entry) => void held.push(withoutBytes(entry)) : write },
    async close(report, mask = (text) => text) {
      for (const entry of held) write({ ...entry, what: mask(entry.what) });
      if (failure !== undefined) throw failure;
      stream.end();
      await finished(stream);
      await writeNew(join(folder, 'report.json'), renderJson(report));
      const text = renderText(report, { width: 80, colour: false, verbose: true });
      await writeNew(join(folder, 'report.txt'), text);
    },
  };
}

/** Hexadecimal digits only: what was left out before says so already. */
function withoutBytes(entry: TranscriptEntry): TranscriptEntry {
  return entry.bytes === undefined || !/^[0-9a-f]*$/.test(entry.bytes)
    ? entry
    : { ...entry, bytes: `(${entry.bytes.length / 2} bytes left out: redacted)` };
}

async function openTranscript(folder: string): Promise<FileHandle> {
  let entries: readonly string[];
  try {
    const isNew = await makeFolder(resolve(folder), OURS_ALONE);
    if (!isNew) await closeToOthers(folder);
    entries = await readdir(folder);
    if (entries.length === 0) return await createExclusively(join(folder, 'transcript.jsonl'));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : 'no reason given';
    throw new Error(`the case cannot be saved in the folder ${folder} (${code})`, { cause: error });
  }
  throw new Error(
    `the folder ${folder} is not empty; a case needs a new or empty one, so that nothing is overwritten`,
  );
}

/** A sentence that says it all already. */
class Refusal extends Error {}

const OURS_ALONE = 0o700;
/** Of the folders around it: nobody else may put anything in the way. */
const OTHERS_READ = 0o755;
const OTHERS_WRITE = 0o022;

/**
 * A folder that was there before: whoever else may write to it could put a link where a file of the
 * case will be, and whoever owns it can do so at any time. One that others may only read is closed.
 */
async function closeToOthers(folder: string): Promise<void> {
  const stats = await lstat(folder);
  if (stats.isSymbolicLink()) {
    throw new Refusal(`the folder ${folder} is a link; name the folder itself, or a new one`);
  }
  const user = process.getuid?.();
  // Windows has rights of another kind, and a folder inherits them.
  if (user === undefined || !stats.isDirectory()) return;
  if (stats.uid !== user) {
    throw new Refusal(`the folder ${folder} belongs to another user (${stats.uid}); name a new one`);
  }
  if ((stats.mode & OTHERS_WRITE) !== 0) {
    throw new Refusal(
      `other users may write to the folder ${folder}; name a new one, or check what is in it and run chmod 700 on it`,
    );
  }
  await chmod(folder, OURS_ALONE);
}

/** A file that was not there: neither another one nor what a link points to is ever written. */
function createExclusively(path: string): Promise<FileHandle> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants;
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, PRIVATE);
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await createExclusively(path);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/**
 * Makes a folder and those that it lies in; whether it is a new one. Node's own `recursive` goes round
 * for ever, on a thread that nothing can stop, where a file system says ENOENT although the parent is
 * there: /proc does.
 */
async function makeFolder(folder: string, mode: number): Promise<boolean> {
  try {
    await mkdir(folder, mode);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return false;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder), OTHERS_READ);
    await mkdir(folder, mode);
    return true;
  }
}
