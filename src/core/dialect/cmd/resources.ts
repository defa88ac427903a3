import type { Answer } from '../../windows/inquiry.ts';
import type { Output } from './command.ts';
import { failed, notPrinted } from './not-printed.ts';

/**
 * How many processes there are, by `tasklist /svc /fo csv /nh`, and sessions that somebody can sign in to: each has a
 * winlogon.exe, the console before the first sign-in too. Of memory and handles cmd tells nothing that is the
 * same in all languages.
 */
export function readProcessCount(output: Output | undefined, at: string): Answer {
  if (output?.state !== 'printed') return notPrinted(output, 'tasklist.exe', at);
  const images = output.text.split('\n').flatMap((line) => /^"([^"]+)","\d{1,10}",/.exec(line)?.[1] ?? []);
  if (images.length === 0) return failed(output, 'tasklist', at);
  const sessions = images.filter((image) => image.toLowerCase() === 'winlogon.exe').length;
  return {
    state: 'present',
    at,
    value: {
      kind: 'resources',
      resources: { processes: images.length, ...(sessions === 0 ? {} : { sessions }) },
    },
  };
}
