import type { Answer } from '../../windows/inquiry.ts';
import type { Output } from './command.ts';
import { failed, notPrinted } from './not-printed.ts';

/** How many processes there are, by `tasklist /svc /fo csv /nh`. Of memory and handles cmd tells nothing that is the same in all languages. */
export function readProcessCount(output: Output | undefined, at: string): Answer {
  if (output?.state !== 'printed') return notPrinted(output, 'tasklist.exe', at);
  const processes = output.text.split('\n').filter((line) => /^"[^"]+","\d{1,10}",/.test(line)).length;
  if (processes === 0) return failed(output, 'tasklist', at);
  return { state: 'present', at, value: { kind: 'resources', resources: { processes } } };
}
