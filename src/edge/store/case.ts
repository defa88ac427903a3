import { createWriteStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Report } from '../../core/model/report.ts';
import { renderText } from '../../core/report/text.ts';
import type { Transcript, TranscriptEntry } from '../network/transcript.ts';

/** The folder that goes into the ticket: the report for people and for programs, and the wire. */
export interface Case {
  readonly transcript: Transcript;
  /** Writes the report and closes the transcript. */
  close(report: Report): Promise<void>;
}

/** Creates a case in a new or empty folder. The error is a sentence for the user. */
export async function openCase(folder: string): Promise<Case> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new Error(`the folder ${folder} is not empty; a case needs a new one, so that none is overwritten`);
  }
  // What a listener says of itself is nobody else's business on a shared machine.
  const stream = createWriteStream(join(folder, 'transcript.jsonl'), { mode: 0o600 });
  return {
    transcript: {
      record: (entry: TranscriptEntry) => void stream.write(`${JSON.stringify(entry)}\n`),
    },
    async close(report) {
      stream.end();
      await finished(stream);
      await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`, {
        mode: 0o600,
      });
      await writeFile(
        join(folder, 'report.txt'),
        renderText(report, { width: 80, colour: false, verbose: true }),
        {
          mode: 0o600,
        },
      );
    },
  };
}
