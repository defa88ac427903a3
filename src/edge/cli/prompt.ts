import { UsageError } from './usage-error.ts';

/** Longer than any Windows password can be (127 characters). */
export const MOST_CHARACTERS = 256;

/** What a prompt needs of standard input. */
export interface Keyboard {
  setRawMode(raw: boolean): unknown;
  setEncoding(encoding: 'utf8'): unknown;
  on(event: 'data' | 'end', listener: (chunk: string) => void): unknown;
  off(event: 'data' | 'end', listener: (chunk: string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** What a prompt needs of the process, so that no signal leaves the terminal without its echo. */
export interface Signals {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
  /** Sends this process the signal. */
  raise(signal: NodeJS.Signals): void;
}

const PROCESS_SIGNALS: Signals = {
  on: (signal, listener) => process.on(signal, listener),
  off: (signal, listener) => process.off(signal, listener),
  raise: (signal) => void process.kill(process.pid, signal),
};

/** Signals that end a process, and that Node would let end it with the terminal as it is. SIGINT is the command's own. */
const ENDING: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** A process that was told to stop and still runs after this was not stopped. */
const UNSTOPPED_MILLIS = 100;

/** A paste as terminals mark it where that was switched on. */
const PASTE_BEGINS = '\u001b[200~';
const PASTE_ENDS = '\u001b[201~';

/** Asks on the terminal without an echo. The question goes to stderr: stdout carries the result only. */
export function prompt(
  question: string,
  keyboard: Keyboard = process.stdin,
  screen: { write(text: string): unknown } = process.stderr,
  signals: Signals = PROCESS_SIGNALS,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const line = new Line();
    const finish = (): void => {
      clearTimeout(stopped);
      keyboard.off('data', onData);
      keyboard.off('end', onEnd);
      for (const signal of ENDING) signals.off(signal, leave[signal] ?? onEnd);
      signals.off('SIGTSTP', suspend);
      signals.off('SIGCONT', goOn);
      keyboard.setRawMode(false);
      keyboard.pause();
      screen.write('\n');
    };
    const onEnd = (): void => {
      finish();
      reject(new Interrupted());
    };
    const dieOf = (signal: NodeJS.Signals) => (): void => {
      finish();
      // Nobody listens any more: it has its usual effect, and whoever sent it sees that it had.
      signals.raise(signal);
    };
    const leave: Partial<Record<NodeJS.Signals, () => void>> = Object.fromEntries(
      ENDING.map((signal) => [signal, dieOf(signal)]),
    );
    let stopped: NodeJS.Timeout | undefined;
    const suspend = (): void => {
      keyboard.setRawMode(false);
      signals.off('SIGTSTP', suspend);
      signals.raise('SIGTSTP');
      // Where no shell could continue it a process is not stopped either, and no SIGCONT will come.
      stopped = setTimeout(goOn, UNSTOPPED_MILLIS);
    };
    const goOn = (): void => {
      clearTimeout(stopped);
      // Also after a stop that nobody could see coming (SIGSTOP), in which a shell took the terminal back.
      signals.off('SIGTSTP', suspend);
      signals.on('SIGTSTP', suspend);
      keyboard.setRawMode(true);
      screen.write(`\n${question}`);
    };
    const onData = (chunk: string): void => {
      for (const key of line.type(chunk)) {
        switch (key) {
          case 'enter': {
            finish();
            const problem = line.problem();
            if (problem === undefined) resolve(line.text());
            else reject(new UsageError(problem));
            return;
          }
          case 'interrupt':
            onEnd();
            return;
          case 'quit':
            dieOf('SIGQUIT')();
            return;
          case 'suspend':
            suspend();
        }
      }
    };
    // Before anything that they would have to put back.
    for (const signal of ENDING) signals.on(signal, leave[signal] ?? onEnd);
    signals.on('SIGTSTP', suspend);
    signals.on('SIGCONT', goOn);
    // Before the question: from there on nothing that is typed may show.
    keyboard.setRawMode(true);
    screen.write(question);
    keyboard.setEncoding('utf8');
    keyboard.on('data', onData);
    keyboard.on('end', onEnd);
    keyboard.resume();
  });
}

type Key = 'enter' | 'interrupt' | 'quit' | 'suspend';

/** What was typed so far, with the editing keys of a shell. */
class Line {
  /** Characters, not units: one backspace takes away a whole one. */
  #typed: string[] = [];
  #isPaste = false;
  /** The beginning of a mark of a paste that has not wholly come. */
  #begun = '';

  /** Takes what came from the terminal; yields the keys that are not editing. What follows Enter is left. */
  *type(chunk: string): Generator<Key> {
    let rest = this.#begun + chunk;
    this.#begun = '';
    while (rest !== '') {
      const mark = this.#isPaste ? PASTE_ENDS : PASTE_BEGINS;
      if (rest.startsWith(mark)) {
        this.#isPaste = !this.#isPaste;
        rest = rest.slice(mark.length);
        // A line that was copied with its end is not sent yet, as in a shell.
        if (!this.#isPaste) while (/^[\r\n]$/.test(this.#typed.at(-1) ?? '')) this.#typed.pop();
        continue;
      }
      if (rest.length < mark.length && mark.startsWith(rest) && rest.length > 1) {
        this.#begun = rest;
        return;
      }
      const [character = ''] = rest;
      rest = rest.slice(character.length);
      const key = this.#isPaste ? undefined : this.#press(character);
      if (key !== undefined) yield key;
      else if (this.#isPaste) this.#typed.push(character);
    }
  }

  #press(character: string): Key | undefined {
    switch (character) {
      case '\r':
      case '\n':
        return 'enter';
      case '\u0003': // Ctrl-C
      case '\u0004': // Ctrl-D
        return 'interrupt';
      case '\u001c': // Ctrl-\
        return 'quit';
      case '\u001a': // Ctrl-Z
        return 'suspend';
      case '\u007f':
      case '\b':
        this.#typed.pop();
        return undefined;
      case '\u0015': // Ctrl-U
        this.#typed = [];
        return undefined;
      case '\u0017': // Ctrl-W: blanks, and the word before them
        while (this.#typed.at(-1) === ' ') this.#typed.pop();
        while (this.#typed.length > 0 && this.#typed.at(-1) !== ' ') this.#typed.pop();
        return undefined;
      default:
        this.#typed.push(character);
        return undefined;
    }
  }

  text(): string {
    return this.#typed.join('');
  }

  /** Why this is no password; `undefined` where it may be one. */
  problem(): string | undefined {
    return problemOfPassword(this.text());
  }
}

/** Why a text is no password: the one attempt is not spent on it. */
export function problemOfPassword(text: string): string | undefined {
  if (text === '') return 'the password is empty';
  if ([...text].length > MOST_CHARACTERS) return `a password has at most ${MOST_CHARACTERS} characters`;
  const control = /\p{Cc}/u.exec(text)?.[0];
  if (control === undefined) return undefined;
  const code = control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `the password contains a control character (U+${code}), as an arrow key or Tab produces: nothing was sent`;
}

/** The user ended the program at a prompt: exit status 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
