import type { Command, Step } from './command.ts';

/** How cmd.exe is started for a script on its standard input: without the machine's AutoRun, without echo. */
export const CMD_ON_INPUT = 'cmd.exe /d /q /v:off /e:on';

/** The longest line that cmd.exe takes (support.microsoft.com, "Command prompt line string limitation"). */
const LONGEST_LINE = 8191;

/**
 * A script for the standard input of `CMD_ON_INPUT`: each step between a line that begins and one that ends it.
 * ASCII with CRLF. `%errorlevel%` and `%SystemRoot%` are all that cmd expands in it.
 * @param mark letters and digits that nobody can know ahead begin every line of the frame: what is read cannot forge one
 */
export function writeInputScript(steps: readonly Step[], mark: string): string {
  const lines = [
    '@echo off',
    HIDE_NOTHING,
    // The console is the script's own: in UTF-8 nothing is lost.
    `"${inSystem32('chcp.com')}" 65001 < NUL > NUL 2>&1`,
    `echo ${mark} start ${steps.length}`,
    `echo ${mark} page begin`,
    `"${inSystem32('chcp.com')}" < NUL 2>&1`,
    `echo ${mark} page end`,
  ];
  if (steps.some(isOfOwnDomain)) lines.push(...ownDomain('%'));
  for (const [index, step] of steps.entries()) {
    const frame = `echo ${mark} ${index + 1}`;
    lines.push(`${frame} begin`);
    if ('paths' in step) {
      lines.push(...step.paths.map((path, at) => `if exist "${path}" echo ${at}`), `${frame} end 0`);
    } else {
      const program = inSystem32(step.program);
      lines.push(
        `if not exist "${program}" ${frame} none`,
        ...(isOfOwnDomain(step) ? [`if not defined rdpdoctor_domain ${frame} skip`] : []),
        `${testOf(step)} "${program}"${wordsOf(step)} < NUL 2>&1${filterOf(step)}`,
        `${frame} end %errorlevel%`,
      );
    }
  }
  return linesOf([...lines, `echo ${mark} done`, 'exit 0']);
}

/**
 * A script that a person saves as .cmd and runs, and whose answer comes back by copy and paste: `script/frame.ts` with
 * a raw section a step. Its first line is the step's id in quotes, its last the exit status or `none`. Every
 * program runs twice: once for its status, once for its lines, since cmd cannot have both; `RAN` behind the lines
 * proves that the second run came to its end. The console stays as it is.
 * Blank lines are left out, and lines of more than some 8,000 characters come back shortened: cmd cannot do better.
 * @param intro what the script says of itself, a line each
 */
export function writeFileScript(steps: readonly Step[], intro: readonly string[]): string {
  const lines = [
    '@echo off',
    ...intro.map((line) => `rem ${line}`.trimEnd()),
    'setlocal EnableExtensions DisableDelayedExpansion',
    HIDE_NOTHING,
    ...(steps.some(isOfOwnDomain) ? ownDomain('%%') : []),
    'echo -----BEGIN RDPDOCTOR ANSWER 1-----',
  ];
  for (const [index, step] of [PAGE, ...steps].entries()) {
    lines.push(`echo [r${index + 1}]`, `echo 1:"${step.id}"`, 'set rdpdoctor_n=1');
    if ('paths' in step) {
      for (const [at, path] of step.paths.entries()) {
        lines.push(`if exist "${path}" set /a rdpdoctor_n+=1`, `if exist "${path}" echo %rdpdoctor_n%:${at}`);
      }
      lines.push('set rdpdoctor_status=0', 'set /a rdpdoctor_n+=1', `echo %rdpdoctor_n%:${RAN}`);
    } else {
      const program = inSystem32(step.program);
      const [filter, words] = [filterOf(step), wordsOf(step)];
      // Unquoted: `cmd /c` strips the quotes of a command that begins with one. SystemRoot has no blanks.
      const again = `${program}${words} ^<NUL 2^>^&1${filter.replaceAll('|', '^|')} ^& echo ${RAN}`;
      lines.push(
        'set rdpdoctor_status=none',
        ...(isOfOwnDomain(step) ? ['if not defined rdpdoctor_domain set rdpdoctor_status=skip'] : []),
        ...(step.isLong === true
          ? [`${testOf(step)} set rdpdoctor_status=0`]
          : [
              `${testOf(step)} "${program}"${words} < NUL > NUL 2>&1`,
              `${testOf(step)} set rdpdoctor_status=%errorlevel%`,
            ]),
        `${testOf(step)} for /f "delims=" %%L in ('${again}') do (`,
        '  set /a rdpdoctor_n+=1',
        '  set "rdpdoctor_line=%%L"',
        '  setlocal EnableDelayedExpansion',
        '  echo !rdpdoctor_n!:!rdpdoctor_line!',
        '  endlocal',
        ')',
      );
    }
    lines.push(
      'set /a rdpdoctor_n+=1',
      'echo %rdpdoctor_n%:%rdpdoctor_status%',
      `echo [/r${index + 1}:%rdpdoctor_n%]`,
    );
  }
  return linesOf([...lines, `echo -----END RDPDOCTOR ANSWER:${steps.length + 1}-----`, 'exit /b 0']);
}

/** The line behind those of a program that ran. */
export const RAN = 'rdpdoctor';

/** Which code page the machine prints in. */
export const PAGE: Command = { id: 'page', program: 'chcp.com', words: '' };

/** A variable of that name would hide the exit status. It is one of this process alone. */
const HIDE_NOTHING = 'set "ERRORLEVEL="';

function isOfOwnDomain(step: Step): boolean {
  return 'ofOwnDomain' in step && step.ofOwnDomain === true;
}

/** The program is there, and what its words need is known. */
function testOf(step: Command): string {
  const there = `if exist "${inSystem32(step.program)}"`;
  return isOfOwnDomain(step) ? `if defined rdpdoctor_domain ${there}` : there;
}

/** Characters of a DNS or NetBIOS name. */
const NAME = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_';

/**
 * Keeps the domain that dsregcmd names in a variable, if its line consists of nothing but the characters of a name: what
 * it is put into is a command line. Variables of `for` are filled in after a line was taken apart, so that here
 * no character of it is anything but text; a line of delimiters alone has no part, and is passed over.
 */
function ownDomain(percent: '%' | '%%'): readonly string[] {
  const program = inSystem32('dsregcmd.exe');
  const line = `'${program} /status ^<NUL 2^>NUL ^| ${inSystem32('find.exe')} "DomainName"'`;
  const [name, value] = ['A', 'B'].map((letter) => `${percent}${letter}`);
  const each = (options: string) => `if exist "${program}" for /f "${options}" ${name} in (${line}) do`;
  return [
    'set "rdpdoctor_domain="',
    'set "rdpdoctor_odd="',
    `${each('tokens=1,2 delims=: ')} if "${name}"=="DomainName" set "rdpdoctor_domain=${value}"`,
    `${each(`delims=${NAME}: `)} set "rdpdoctor_odd=1"`,
    'if defined rdpdoctor_odd set "rdpdoctor_domain="',
  ];
}

function inSystem32(program: string): string {
  return `%SystemRoot%\\System32\\${program}`;
}

function wordsOf({ words }: Command): string {
  return words === '' ? '' : ` ${words}`;
}

function filterOf({ containing }: Command): string {
  return containing === undefined ? '' : ` | ${inSystem32('find.exe')} "${containing}"`;
}

/** @throws where cmd would not take a line: the steps are ours, and the names in them were looked at before */
function linesOf(lines: readonly string[]): string {
  for (const line of lines) {
    if (line.length > LONGEST_LINE) throw new Error(`a line of the script has ${line.length} characters`);
    if (!/^[\x20-\x7e]*$/.test(line)) throw new Error('a line of the script is not ASCII');
  }
  return lines.map((line) => `${line}\r\n`).join('');
}
