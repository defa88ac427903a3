import type { Clock } from '../../../app/ports/clock.ts';
import { type Operation, operationsFor, withoutCovered } from '../../../core/dialect/script/operation.ts';
import { AnswerSheet } from '../../../core/dialect/script/sheet.ts';
import { usualOperations } from '../../../core/dialect/script/usual.ts';
import type { NamedUser } from '../../../core/model/cause.ts';
import type { Warning } from '../../../core/model/report.ts';
import type { Answer, Question } from '../../../core/windows/inquiry.ts';
import type { Carried, RemoteCommand } from './carry.ts';
import type { Shell } from './shell.ts';

/** How a shell is asked: pure code of a dialect behind it. */
export interface Asker {
  readonly name: 'powershell' | 'cmd';
  /** The command to start for the script, by what runs it. */
  command(shell: Shell): string;
  script(operations: readonly Operation[]): AskedScript;
}

export interface AskedScript {
  readonly stdin: Uint8Array;
  /**
   * What it brought; a text where that is nothing at all: why, lower case, no final stop.
   * @param sentAt when it was sent and when its answer was there, in milliseconds since 1970
   */
  read(printed: Uint8Array, sentAt: number, receivedAt: number): Brought | string;
}

export interface Brought {
  readonly sheet: AnswerSheet;
  readonly warnings: readonly Warning[];
}

/** Runs a command there, within the time that is left. */
export type Run = (command: RemoteCommand) => Promise<Carried>;

/** Scripts in one diagnosis: the usual one, and what its answers make worth asking. */
const MOST_SCRIPTS = 4;

/** Asks a machine with scripts: one for what is usually asked, and further ones for what that did not bring. */
export class ScriptedMachine {
  readonly #clock: Clock;
  readonly #run: Run;
  readonly #shell: Shell;
  readonly #asker: Asker;
  readonly #sheet = new AnswerSheet();
  readonly #warnings = new Map<string, Warning>();
  #scripts = 0;
  #isDone = false;
  /** What is said of questions without an answer, where a script did not come to its end. */
  #cut: Pick<Extract<Answer, { state: 'unknown' }>, 'why' | 'detail'> | undefined;

  constructor(clock: Clock, run: Run, shell: Shell, asker: Asker) {
    this.#clock = clock;
    this.#run = run;
    this.#shell = shell;
    this.#asker = asker;
  }

  /**
   * Runs the first script.
   * @returns why it brought nothing, where it did not
   */
  async begin(account: NamedUser | undefined): Promise<string | undefined> {
    return this.#ask(usualOperations(account));
  }

  /** What is to be said of the answers, each once. */
  get warnings(): readonly Warning[] {
    return [...this.#warnings.values()];
  }

  /** One answer a question, in order. */
  async answer(questions: readonly Question[]): Promise<readonly Answer[]> {
    const open = questions.filter((question) => this.#sheet.answer(question) === undefined);
    if (open.length > 0 && this.#scripts < MOST_SCRIPTS && !this.#isDone) {
      this.#isDone = (await this.#ask(withoutCovered(operationsFor(open)))) !== undefined;
    }
    return questions.map(
      (question) => this.#sheet.answer(question) ?? this.#unanswered(this.#sheet.orElse(question)),
    );
  }

  #unanswered(answer: Answer): Answer {
    return answer.state !== 'unknown' || this.#cut === undefined ? answer : { ...answer, ...this.#cut };
  }

  async #ask(operations: readonly Operation[]): Promise<string | undefined> {
    this.#scripts += 1;
    const script = this.#asker.script(operations);
    const sentAt = this.#clock.now();
    const carried = await this.#run({ command: this.#asker.command(this.#shell), stdin: script.stdin });
    const brought = script.read(carried.stdout, sentAt, this.#clock.now());
    if (carried.endedBy !== 'exit') {
      // Nothing more is to be had; what came before it stays.
      this.#isDone = true;
      this.#cut = {
        why: carried.endedBy === 'timeout' ? 'timeout' : 'no-channel',
        detail: whyNothing(carried, ''),
      };
    }
    if (typeof brought === 'string') return whyNothing(carried, brought);
    this.#sheet.add(brought.sheet);
    for (const warning of brought.warnings) this.#warnings.set(warning.text, warning);
    return undefined;
  }
}

/** Why a script brought nothing: by how it ended, and by what it said. */
export function whyNothing({ endedBy, exitCode, stdout, stderr }: Carried, problem: string): string {
  switch (endedBy) {
    case 'timeout':
      return 'the script was not done when the time was up';
    case 'limit':
      return 'the script printed far more than an answer has';
    case 'disconnected':
      return 'the connection broke while the script ran';
    case 'not-started':
      return 'the server did not start the script';
    case 'exit': {
      const status = exitCode === undefined ? 'without an exit status' : `with exit status ${exitCode}`;
      if (stdout.length === 0 && stderr.length === 0) return `the script ended ${status} and printed nothing`;
      return `the script ended ${status}, and ${problem}`;
    }
  }
}
