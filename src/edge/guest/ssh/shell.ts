import type { Carried } from './carry.ts';

/** What runs the commands of an account. */
export type Shell = 'cmd' | 'powershell' | 'sh';

/**
 * Tells the shells apart by what each of them puts in: cmd.exe knows `%ComSpec%` alone, PowerShell and sh know
 * `$PSHOME` (a path, or nothing), and PowerShell's echo makes a line of each word. Harmless in all of them.
 */
export const PROBE = 'echo rdpdoctor-probe %ComSpec% $PSHOME end';

/** @returns `undefined`: nothing that is known */
export function shellOf({ stdout }: Pick<Carried, 'stdout'>): Shell | undefined {
  // Any code page: what is looked for is ASCII.
  const words = Buffer.from(stdout).toString('latin1').trim().split(/\s+/);
  const from = words.indexOf('rdpdoctor-probe');
  if (from === -1) return undefined;
  const said = words.slice(from + 1);
  if (said.includes('$PSHOME')) return said[0] === '%ComSpec%' ? undefined : 'cmd';
  if (said[0] !== '%ComSpec%') return undefined;
  return said[1] === 'end' ? 'sh' : 'powershell';
}
