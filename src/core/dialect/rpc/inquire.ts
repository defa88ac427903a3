import type { Evidence } from '../../model/facts.ts';
import type { Dialog } from '../../protocol/dialog.ts';
import { SMB2_COMMAND } from '../../protocol/smb2/header.ts';
import { Lanes } from '../../protocol/smb2/lanes.ts';
import type { SmbSession } from '../../protocol/smb2/session.ts';
import { encodeEmptyRequest } from '../../protocol/smb2/session-setup.ts';
import { sideBySide } from '../../protocol/smb2/side-by-side.ts';
import { NO_ANSWER } from '../../windows/answers.ts';
import type { Answer, Inquiry, Question } from '../../windows/inquiry.ts';
import { askedLater } from './ahead.ts';
import type { LogQuestion } from './event-readers.ts';
import { RemoteFiles } from './files.ts';
import { isSlow, RpcMachine, type SlowQuestion } from './machine.ts';
import type { PipeOptions } from './pipes.ts';
import { ofFailure, type Refused, unknown } from './refusals.ts';
import type { SecureChannelQuestion } from './secure-channel.ts';
import { throughRpc } from './through-rpc.ts';

/** What a session brought beside the facts. */
export interface InquiredOverRpc {
  /** Why the pipes of the machine were not open to us at all. */
  readonly noPipes?: Refused;
  /** Why its registry could not be read. */
  readonly noRegistry?: Refused;
  /** It let the account in and denied it everything. */
  readonly deniesAll: boolean;
  /** NetBIOS name of the machine, by its NTLM challenge: the domain of its own accounts. */
  readonly computer?: string;
}

/**
 * Has inquiries answered over one session, side by side, and gives each one's evidence when it is done.
 * What is quick goes on while event logs are read and controllers are asked. A connection that breaks
 * answers the rest with `unknown`.
 * @param inquiries made anew each time: once to be answered, once to see what will be asked later
 */
export function* inquireOverRpc(
  session: SmbSession,
  options: PipeOptions,
  inquiries: () => readonly Inquiry<Evidence>[],
  give: (index: number, evidence: Evidence) => void,
): Dialog<InquiredOverRpc> {
  const files = new RemoteFiles(session);
  const [pipes] = yield* sideBySide([session.connectShare('IPC$'), files.connect()] as const);
  const machine = pipes.kind === 'tree' ? new RpcMachine(files, pipes, options) : undefined;
  const noPipes = pipes.kind === 'failed' ? ofFailure(pipes) : undefined;
  const run = new Run(machine, noPipes, inquiries());
  yield* run.all(askedLater(inquiries()), give);
  // Nobody waits for the answer: the connection ends with the dialog.
  yield* session.connection.post({
    what: 'LOGOFF',
    command: SMB2_COMMAND.LOGOFF,
    body: encodeEmptyRequest(),
  });
  const { noRegistry } = machine ?? {};
  const computer = session.agreement.challenge.targetInfo?.nbComputerName;
  return {
    ...(noPipes === undefined ? {} : { noPipes }),
    ...(noRegistry === undefined ? {} : { noRegistry }),
    deniesAll: machine?.deniesAll ?? false,
    ...(computer === undefined ? {} : { computer }),
  };
}

/** One inquiry that waits for the answers to its batch. */
interface Waiting {
  readonly inquiry: Inquiry<void>;
  readonly questions: readonly Question[];
  readonly answers: (Answer | undefined)[];
}

class Run {
  readonly #machine: RpcMachine | undefined;
  readonly #noPipes: Refused | undefined;
  readonly #inquiries: readonly Inquiry<Evidence>[];
  readonly #lanes = new Lanes();
  /** Answered before they were asked for. */
  readonly #ahead = new Map<string, Answer>();
  #ready: Waiting[] = [];
  #quickRuns = false;
  #logs: (readonly [waiting: Waiting, index: number, question: LogQuestion])[] = [];
  #logsRun = false;

  constructor(
    machine: RpcMachine | undefined,
    noPipes: Refused | undefined,
    inquiries: readonly Inquiry<Evidence>[],
  ) {
    this.#machine = machine;
    this.#noPipes = noPipes;
    this.#inquiries = inquiries;
  }

  *all(later: readonly Question[], give: (index: number, evidence: Evidence) => void): Dialog<void> {
    for (const [index, inquiry] of this.#inquiries.entries()) {
      this.#advance(
        throughRpc(
          (function* (): Inquiry<void> {
            give(index, yield* inquiry);
          })(),
        ),
        [],
      );
    }
    this.#startQuick(later);
    yield* this.#lanes.run();
  }

  /** Continues an inquiry up to its next batch. */
  #advance(inquiry: Inquiry<void>, answers: readonly Answer[]): void {
    let step = inquiry.next(answers);
    while (!step.done && step.value.length === 0) step = inquiry.next([]);
    if (step.done) return;
    const questions = step.value;
    const waiting: Waiting = { inquiry, questions, answers: questions.map(() => undefined) };
    this.#ready.push(waiting);
    for (const [index, question] of questions.entries()) {
      if (isSlow(question)) this.#startSlow(waiting, index, question);
    }
  }

  /** Takes one answer; with the last of its batch the inquiry goes on. */
  #take(waiting: Waiting, index: number, answer: Answer): void {
    waiting.answers[index] = answer;
    if (waiting.answers.includes(undefined)) return;
    this.#advance(
      waiting.inquiry,
      waiting.answers.map((each) => each ?? NO_ANSWER),
    );
  }

  #startQuick(later: readonly Question[] = []): void {
    if (this.#quickRuns) return;
    this.#quickRuns = true;
    this.#lanes.add(this.#quick(later));
  }

  /** Rounds of quick questions, as long as an inquiry has any. */
  *#quick(later: readonly Question[]): Dialog<void> {
    let ahead = later;
    while (this.#ready.length > 0) {
      const batch = this.#ready;
      this.#ready = [];
      const asked = batch.flatMap((waiting) =>
        waiting.questions.flatMap((question, index) =>
          isSlow(question) ? [] : [{ waiting, index, question }],
        ),
      );
      const open = asked.filter(({ question }) => !this.#ahead.has(keyOf(question)));
      const questions = [...open.map(({ question }) => question), ...ahead];
      const answers = yield* this.#answer(questions);
      for (const [index, question] of ahead.entries()) {
        this.#ahead.set(keyOf(question), answers[open.length + index] ?? NO_ANSWER);
      }
      ahead = [];
      for (const { waiting, index, question } of asked) {
        const at = open.findIndex((each) => each.waiting === waiting && each.index === index);
        this.#take(waiting, index, (at === -1 ? this.#ahead.get(keyOf(question)) : answers[at]) ?? NO_ANSWER);
      }
    }
    this.#quickRuns = false;
  }

  *#answer(questions: readonly Question[]): Dialog<readonly Answer[]> {
    if (questions.length === 0) return [];
    if (this.#machine !== undefined) return yield* this.#machine.answer(questions);
    return questions.map(() => this.#nobody());
  }

  #nobody(): Answer {
    return this.#noPipes === undefined ? NO_ANSWER : unknown('IPC$', this.#noPipes);
  }

  #startSlow(waiting: Waiting, index: number, question: SlowQuestion): void {
    if (question.kind === 'secure-channel') {
      this.#lanes.add(this.#secureChannel(waiting, index, question));
      return;
    }
    this.#logs.push([waiting, index, question]);
    if (this.#logsRun) return;
    this.#logsRun = true;
    this.#lanes.add(this.#readLogs());
  }

  *#secureChannel(waiting: Waiting, index: number, question: SecureChannelQuestion): Dialog<void> {
    const machine = this.#machine;
    const answer = machine === undefined ? this.#nobody() : yield* machine.answerSecureChannel(question);
    this.#take(waiting, index, answer);
    this.#goOn();
  }

  /** All that is asked of logs at the time is read together. */
  *#readLogs(): Dialog<void> {
    while (this.#logs.length > 0) {
      const asked = this.#logs;
      this.#logs = [];
      const machine = this.#machine;
      const answers =
        machine === undefined ? [] : yield* machine.answerLogs(asked.map(([, , question]) => question));
      for (const [at, [waiting, index]] of asked.entries()) {
        this.#take(waiting, index, answers[at] ?? this.#nobody());
      }
    }
    this.#logsRun = false;
    this.#goOn();
  }

  /** An inquiry that went on after something slow may have quick questions. */
  #goOn(): void {
    if (this.#ready.length > 0) this.#startQuick();
  }
}

function keyOf(question: Question): string {
  return JSON.stringify(question);
}
