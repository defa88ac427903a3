import { toBase64 } from '../../bytes/base64.ts';
import { encodeUtf16le } from '../../bytes/utf16.ts';
import type { NamedUser } from '../../model/cause.ts';
import { readFrame, type Unpack } from '../script/frame.ts';
import { type PowerShellAnswer, readPowerShell } from './read.ts';

export { isFromPowerShell, type PowerShellAnswer, readPowerShell } from './read.ts';
export { powershellScript, type ScriptOptions } from './script.ts';

/** Takes all of the standard input as one script, in every language mode. */
const FROM_INPUT = 'Invoke-Expression (@($input) -join [char]10)';

/**
 * How Windows PowerShell is started for a script on its standard input. `-Command -` would read line by line and pass
 * over functions in silence. Encoded, since each shell that the command passes through has quotes of its own.
 */
export const POWERSHELL_ON_INPUT = `powershell.exe -NoLogo -NoProfile -NonInteractive -EncodedCommand ${toBase64(encodeUtf16le(FROM_INPUT))}`;

export type PowerShellRead =
  | { readonly ok: true; readonly answer: PowerShellAnswer }
  /** Lower case, no final stop. */
  | { readonly ok: false; readonly problem: string };

/**
 * What a script printed, out of everything that came on standard output. Of a script that was cut short it is what it
 * had printed by then.
 * @param account whose sign-ins are all kept
 */
export function readPowerShellOutput(printed: string, unpack: Unpack, account?: NamedUser): PowerShellRead {
  const read = readFrame(printed, unpack);
  return read.ok ? { ok: true, answer: readPowerShell(read.frame, account) } : read;
}
