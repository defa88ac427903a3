import type { Answer, LiveTimeSource } from '../../windows/inquiry.ts';
import type { Command, Output } from './command.ts';
import { failed, notPrinted } from './not-printed.ts';

export const TIME_STATUS: Command = {
  id: 'time status',
  program: 'w32tm.exe',
  words: '/query /status /verbose',
};
export const TIME_SOURCE: Command = { id: 'time source', program: 'w32tm.exe', words: '/query /source' };

/** HRESULT of ERROR_SERVICE_NOT_ACTIVE and of ERROR_ACCESS_DENIED, as w32tm prints them. */
const NOT_RUNNING = '80070426';
const ACCESS_DENIED = '80070005';

/**
 * Whom Windows Time follows, by `w32tm /query /source` (a name alone, with flags behind a comma), and how far off it
 * was, by `/status /verbose`: after the row that repeats the source and that of the poll interval
 * the phase offset is the first of seconds alone. The words are in the machine's language, the rows are not.
 * Source: "Windows Time service tools and settings" (learn.microsoft.com).
 */
export function readTimeSource(source: Output | undefined, status: Output | undefined, at: string): Answer {
  if (source?.state !== 'printed') return notPrinted(source, 'w32tm.exe', at);
  const line = source.text.trim();
  const error = /\(?0x([0-9a-f]{8})\)?/i.exec(line)?.[1]?.toLowerCase();
  if (error === NOT_RUNNING) {
    return { state: 'unknown', at, why: 'no-channel', detail: 'the Windows Time service does not run' };
  }
  if (error === ACCESS_DENIED) return failed({ ...source, status: 5 }, 'w32tm', at);
  if (error !== undefined || source.status !== 0 || line === '' || line.includes('\n'))
    return failed(source, 'w32tm', at);
  // `time.windows.com,0x9`, `dc1.corp.example`; the machine's own clock is said in words, with blanks.
  const server = /^([A-Za-z0-9._:-]+?)(?:,0x[0-9a-f]+)?$/i.exec(line)?.[1];
  const offsetSeconds = server === undefined ? undefined : offsetIn(status, line);
  const value: LiveTimeSource = {
    ...(server === undefined ? {} : { server }),
    ...(offsetSeconds === undefined ? {} : { offsetSeconds }),
  };
  return { state: 'present', at, value: { kind: 'time-source', source: value } };
}

function offsetIn(output: Output | undefined, source: string): number | undefined {
  if (output?.state !== 'printed' || output.status !== 0) return undefined;
  const rows = output.text.split('\n').flatMap((line) => {
    const at = line.indexOf(':');
    return at === -1 ? [] : [line.slice(at + 1).trim()];
  });
  const here = rows.indexOf(source);
  if (here === -1) return undefined;
  const seconds = /^(-?\d{1,12}(?:[.,]\d{1,12})?)s$/.exec(rows[here + 2] ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds.replace(',', '.'));
}
