import type { Style } from '../../core/report/layout.ts';

const NARROWEST = 20;
const WIDEST = 100;

/** Width and colour for stdout: 80 columns and none when it is not a terminal; NO_COLOR is obeyed. */
export function styleOf(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): Style {
  // A terminal that does not know its size says 0.
  const columns = stream.isTTY === true && stream.columns > 0 ? stream.columns : 80;
  const refused = (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb';
  return {
    width: Math.min(WIDEST, Math.max(NARROWEST, columns)),
    colour: stream.isTTY === true && !refused,
    ...(isAsciiOnly(stream) ? { ascii: true } : {}),
  };
}

/** Terminals on Windows that bring a font with every mark, by what they put into the environment. */
const WINDOWS_TERMINALS = ['WT_SESSION', 'ConEmuPID', 'TERM_PROGRAM'];

/**
 * Whether what is printed must do with ASCII: a terminal whose locale says another character set than
 * UTF-8; on Windows the old console, whose fonts lack the marks, and every pipe, which PowerShell reads
 * in the code page of the machine.
 */
export function isAsciiOnly(
  stream: Pick<NodeJS.WriteStream, 'isTTY'>,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (platform === 'win32') {
    return stream.isTTY !== true || !WINDOWS_TERMINALS.some((name) => (env[name] ?? '') !== '');
  }
  if (stream.isTTY !== true) return false;
  // POSIX: the first that is set decides. Without any a terminal of today has UTF-8 all the same.
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => (value ?? '') !== '');
  return locale !== undefined && !/utf-?8/i.test(locale);
}
