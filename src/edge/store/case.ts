import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
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
const PRIVATE = { mode: 0o600 } as const;

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
      await writeFile(join(folder, 'report.json'), renderJson(report), PRIVATE);
      const text = renderText(report, { width: 80, colour: false, verbose: true });
      await writeFile(join(folder, 'report.txt'), text, PRIVATE);
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
    await makeFolder(resolve(folder));
    entries = await readdir(folder);
    if (entries.length === 0) return await open(join(folder, 'transcript.jsonl'), 'wx', PRIVATE.mode);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'no reason given';
    throw new Error(`no case can be kept in the folder ${folder} (${code})`, { cause: error });
  }
  throw new Error(`the folder ${folder} is not empty; a case needs a new one, so that none is overwritten`);
}

/**
 * Makes a folder and those that it lies in. Node's own `recursive` goes round for ever, on a thread
 * that nothing can stop, where a file system says ENOENT although the parent is there: /proc does.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder);
  }
}
