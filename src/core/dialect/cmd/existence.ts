import type { Answer } from '../../windows/inquiry.ts';
import { type Existence, isPlain, type Output } from './command.ts';
import { notPrinted } from './not-printed.ts';

/**
 * Whether a path on the system drive exists. `if exist` says no as well where a folder may not be listed, so every
 * folder on the way is asked for what is in it: only in one that lists something the next name is missing for certain.
 * @returns `undefined` where cmd cannot hand the path on
 */
export function existenceOf(path: string): Existence | undefined {
  if (!isPlain(path) || !path.startsWith('\\') || /[*?]/.test(path)) return undefined;
  return { id: `exists ${path}`, paths: [...testsOf(path), ...(isRedirected(path) ? [SYSNATIVE] : [])] };
}

/** Only a 32-bit shell on a 64-bit Windows sees it: what it takes for System32 is SysWOW64. Intune runs such ones. */
const SYSNATIVE = '%SystemRoot%\\Sysnative\\*';

function isRedirected(path: string): boolean {
  return /^\\Windows\\System32\\/i.test(path);
}

/** `C:\*`, `C:\Windows`, `C:\Windows\*`, `C:\Windows\System32`, …, the path itself. */
function testsOf(path: string): readonly string[] {
  const names = path.split('\\').slice(1);
  return names.flatMap((_, index) => {
    const folder = ['%SystemDrive%', ...names.slice(0, index)].join('\\');
    return [`${folder}\\*`, `${folder}\\${names[index]}`];
  });
}

/** `'there'`; an answer where it is not, or where that cannot be told. */
export function readExistence(output: Output | undefined, path: string): 'there' | Answer {
  if (output?.state !== 'printed') return notPrinted(output, 'cmd', path);
  const tests = testsOf(path);
  const holds = new Set(
    output.text
      .split(/\s+/)
      .filter((word) => word !== '')
      .map(Number),
  );
  if (isRedirected(path) && holds.has(tests.length)) {
    const detail = 'a 32-bit cmd.exe is shown another System32; run the 64-bit one';
    return { state: 'unknown', at: path, why: 'no-channel', detail };
  }
  if (holds.has(tests.length - 1)) return 'there';
  for (let at = 0; at < tests.length; at += 2) {
    if (!holds.has(at)) {
      return {
        state: 'unknown',
        at: path,
        why: 'denied',
        detail: `${tests[at]?.slice(0, -2)} cannot be listed`,
      };
    }
    if (!holds.has(at + 1)) return { state: 'absent', at: path };
  }
  return { state: 'unknown', at: path, why: 'corrupt', detail: 'what cmd said of it does not fit together' };
}
