import { UNDECODABLE } from '../../bytes/code-page.ts';

/**
 * One thing that a batch script does: a program of Windows that only reads. What it prints is found again by its
 * `id`; steps of one id are the same step.
 * INVARIANT: no command can prompt, writes a file or changes a setting. Its input is closed.
 */
export interface Command {
  /** Printable ASCII that `isPlain`. */
  readonly id: string;
  /** In System32: `reg.exe`. By its whole path, since PATH is the machine's. */
  readonly program: string;
  /** Behind the program's name, quoted where it has to be. */
  readonly words: string;
  /** Only lines with this text are printed. The exit status is then that of the search: 1 where no line has it. */
  readonly containing?: string;
  /** Its words name `OWN_DOMAIN_VARIABLE`: it is run where the machine says which domain that is. */
  readonly ofOwnDomain?: true;
  /** It takes long, and what it prints says by itself whether it failed: no second run for the exit status, which is 0 then. */
  readonly isLong?: true;
}

/** What stands in a command's words for the domain that dsregcmd names, once it was looked at: a name and nothing else. */
export const OWN_DOMAIN_VARIABLE = '%rdpdoctor_domain%';

/** Several tests whether a file or a folder exists; each that does prints its number. */
export interface Existence {
  readonly id: string;
  readonly paths: readonly string[];
}

export type Step = Command | Existence;

/** What a step printed. */
export type Output =
  | {
      readonly state: 'printed';
      /** Lines end in LF. Both streams of the program. */
      readonly text: string;
      /** The program's exit status, as `%errorlevel%` says it. */
      readonly status: number;
    }
  /** The machine has no such program. */
  | { readonly state: 'no-program' }
  /** There was nothing to run it with. */
  | { readonly state: 'not-run' }
  /** It did not arrive whole. */
  | { readonly state: 'lost'; readonly problem: string };

/** What came back of a script. */
export interface Transcript {
  /** By the steps' ids. */
  readonly outputs: ReadonlyMap<string, Output>;
  /** The code page that the machine said it prints in; `undefined` where it did not say. */
  readonly page: number | undefined;
  /** The script ran to its end. */
  readonly complete: boolean;
}

/** Whether a character of it may have been another: a byte that was not decoded, or one that the code page lacks. */
export function isDoubtful(text: string): boolean {
  return text.includes('?') || text.includes(UNDECODABLE);
}

/**
 * Whether cmd hands a word on as it stands, in quotes: neither expanded (`%`, `!`) nor ended (`"`), and whatever the
 * code page. An apostrophe ends the command of a `for /f`.
 */
export function isPlain(word: string): boolean {
  return /^[\x20-\x7e]*$/.test(word) && !/["%!']/.test(word) && !word.endsWith('\\');
}
