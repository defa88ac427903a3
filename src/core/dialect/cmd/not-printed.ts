import type { Answer } from '../../windows/inquiry.ts';
import type { Output } from './command.ts';

/** The answer where a program was not there, or where what it printed did not arrive. */
export function notPrinted(
  output: Exclude<Output, { readonly state: 'printed' }> | undefined,
  program: string,
  at: string,
): Answer & { readonly state: 'unknown' } {
  if (output?.state === 'no-program') {
    return { state: 'unknown', at, why: 'no-channel', detail: `the machine has no ${program}` };
  }
  if (output?.state === 'not-run') {
    return { state: 'unknown', at, why: 'no-channel', detail: `${program} was not run` };
  }
  const detail = `what ${program} printed was lost on the way${output === undefined ? '' : `: ${output.problem}`}`;
  return { state: 'unknown', at, why: 'corrupt', detail };
}

/** The answer where it ended with a failure, or without a word. */
export function failed(
  { text, status }: Extract<Output, { readonly state: 'printed' }>,
  program: string,
  at: string,
): Answer & { readonly state: 'unknown' } {
  const said = text.trim().replace(/\s+/g, ' ');
  const detail = `${program} ended with ${status} and said ${said === '' ? 'nothing' : said.slice(0, 200)}`;
  return { state: 'unknown', at, why: status === ACCESS_DENIED ? 'denied' : 'corrupt', detail };
}

const ACCESS_DENIED = 5;
