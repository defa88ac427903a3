import type { Dialog } from '../../protocol/dialog.ts';
import { pause } from '../../protocol/dialog.ts';
import { WINREG } from '../../protocol/rpc/winreg-interface.ts';
import { WKSSVC, workstationInfo } from '../../protocol/rpc/wkssvc.ts';
import type { SmbTree } from '../../protocol/smb2/session.ts';
import { sideBySide } from '../../protocol/smb2/side-by-side.ts';
import type { Answer, Question } from '../../windows/inquiry.ts';
import { placeOf } from '../../windows/question-place.ts';
import { SERVICES_KEY } from '../../windows/services.ts';
import { RemoteEventLogs } from './event-logs.ts';
import type { LogQuestion } from './event-readers.ts';
import type { FileQuestion, RemoteFiles } from './files.ts';
import { type PipeOptions, Pipes } from './pipes.ts';
import { type PolicyQuestion, RemotePolicy } from './policy.ts';
import { ofCall, present, type Refused, refused, unknown } from './refusals.ts';
import { RemoteRegistry } from './registry.ts';
import type { RegistryQuestion } from './registry-question.ts';
import { registryOff } from './remote-registry-off.ts';
import { askSecureChannel, type SecureChannelQuestion } from './secure-channel.ts';
import { keyAnswer, RemoteServices, type ServiceAnswer, statusAnswer } from './services.ts';
import { askTime, clockAnswer, SHUTDOWN_TIME, startAnswer } from './time.ts';

/** RemoteRegistry is started by the first who opens its pipe, and not at once: milliseconds between the tries. */
const STARTING: readonly number[] = [500, 1000, 2000];

/** What takes long, and is not to hold up the rest. */
export type SlowQuestion = LogQuestion | SecureChannelQuestion;

export function isSlow(question: Question): question is SlowQuestion {
  return question.kind === 'events' || question.kind === 'logons' || question.kind === 'secure-channel';
}

/** A running Windows machine over one SMB session: its pipes, opened when they are first needed, and its files. */
export class RpcMachine {
  readonly #pipes: Pipes;
  /** Pipes of their own for who waits long: each is used by one dialog at a time. */
  readonly #morePipes: () => Pipes;
  readonly #registry: RemoteRegistry;
  readonly #services: RemoteServices;
  readonly #policy: RemotePolicy;
  readonly #files: RemoteFiles;
  readonly #logs: RemoteEventLogs;
  /** Why the registry is not to be had, once that is settled. */
  #noRegistry: Refused | undefined;
  /** Who said that access is denied; `undefined`: was not asked. */
  readonly #denied: { registry?: boolean; services?: boolean } = {};

  constructor(files: RemoteFiles, pipesTree: SmbTree, options: PipeOptions) {
    this.#morePipes = () => new Pipes(pipesTree, options);
    this.#pipes = this.#morePipes();
    this.#registry = new RemoteRegistry(this.#pipes);
    this.#services = new RemoteServices(this.#pipes);
    this.#policy = new RemotePolicy(this.#pipes);
    this.#files = files;
    this.#logs = new RemoteEventLogs(this.#pipes);
  }

  /** Why the registry could not be read; `undefined` where it could, or nobody asked. */
  get noRegistry(): Refused | undefined {
    return this.#noRegistry;
  }

  /** Registry, services and files: every one of them said that access is denied. */
  get deniesAll(): boolean {
    const { registry, services } = this.#denied;
    return registry === true && services !== false && this.#files.refusal?.why === 'denied';
  }

  /** Answers what is answered quickly, all pipes side by side. One answer a question, in order. */
  *answer(questions: readonly Question[]): Dialog<readonly Answer[]> {
    const answers: Answer[] = questions.map(notToBeHad);
    const registry = of(questions, isRegistry);
    const policy = of(questions, isPolicy);
    const files = of(questions, isFile);
    const status = of(questions, isStatus);
    const times = questions.flatMap(({ kind }, index) =>
      kind === 'clock' || kind === 'start-time' ? [{ kind, index }] : [],
    );
    const wantsStart = times.some(({ kind }) => kind === 'start-time');
    const places = [...registry.map(({ question }) => question), ...(wantsStart ? [SHUTDOWN_TIME] : [])];

    const [read, rights, found, states, time] = yield* sideBySide([
      this.#readRegistry(places),
      this.#policy.answer(policy.map(({ question }) => question)),
      this.#files.answer(files.map(({ question }) => question)),
      this.#services.ask(status.map(({ question: { name } }) => ({ name, what: 'status' }))),
      times.length === 0 ? nothing() : askTime(this.#pipes),
    ] as const);
    const placed = 'kind' in read ? yield* this.#withoutRegistry(places, read) : read;

    for (const [at, { index }] of registry.entries()) answers[index] = placed[at] ?? NO_ANSWER;
    for (const [at, { index }] of policy.entries()) answers[index] = rights[at] ?? NO_ANSWER;
    for (const [at, { index }] of files.entries()) answers[index] = found[at] ?? NO_ANSWER;
    for (const [at, { index, question }] of status.entries()) {
      const state = 'kind' in states ? states : (states[at] ?? NOTHING);
      answers[index] = statusAnswer(question.name, state);
    }
    if (status.length > 0) this.#noteServices(states);
    const shutdown = placed[registry.length] ?? NO_ANSWER;
    for (const { kind, index } of times) {
      answers[index] = kind === 'clock' ? clockAnswer(time) : startAnswer(time, shutdown);
    }
    return answers;
  }

  /** Answers what takes long. Those of one log are read together; nobody else may use its pipe meanwhile. */
  *answerLogs(questions: readonly LogQuestion[]): Dialog<readonly Answer[]> {
    return yield* this.#logs.answer(questions);
  }

  *answerSecureChannel(question: SecureChannelQuestion): Dialog<Answer> {
    return yield* askSecureChannel(this.#morePipes(), question);
  }

  *#readRegistry(questions: readonly RegistryQuestion[]): Dialog<readonly Answer[] | Refused> {
    if (this.#noRegistry !== undefined && questions.length > 0) return this.#noRegistry;
    const read = yield* this.#registry.answer(questions);
    if (!('kind' in read) && read.length > 0) this.#denied.registry = read.every(isDenied);
    return read;
  }

  /** What can be said all the same where the registry was not to be had at first, or is not at all. */
  *#withoutRegistry(questions: readonly RegistryQuestion[], refusal: Refused): Dialog<readonly Answer[]> {
    let read: readonly Answer[] | Refused = refusal;
    if (this.#noRegistry === undefined) {
      for (const millis of STARTING) {
        if (!('kind' in read) || read.missing !== true) break;
        yield* pause('the remote registry may be starting', millis);
        this.#pipes.forget(WINREG);
        read = yield* this.#readRegistry(questions);
      }
      if (!('kind' in read)) return read;
      this.#noRegistry = read.missing === true ? yield* this.#whyNoRegistry() : read;
      this.#denied.registry = read.why === 'denied';
    }
    return yield* this.#fromOthers(questions, this.#noRegistry ?? refusal);
  }

  #noteServices(asked: readonly ServiceAnswer[] | Refused): void {
    this.#denied.services = 'kind' in asked && asked.why === 'denied';
  }

  *#whyNoRegistry(): Dialog<Refused> {
    const name = 'RemoteRegistry';
    const asked = yield* this.#services.ask([
      { name, what: 'config' },
      { name, what: 'status' },
    ]);
    this.#noteServices(asked);
    if ('kind' in asked) return registryOff(asked, asked);
    return registryOff(asked[0] ?? NOTHING, asked[1] ?? NOTHING);
  }

  /** Services by their manager and the machine's name by its workstation service: the little that others know of the registry. */
  *#fromOthers(questions: readonly RegistryQuestion[], refusal: Refused): Dialog<readonly Answer[]> {
    const names = [...new Set(questions.flatMap((question) => serviceOf(question) ?? []))];
    const wantsName = questions.some(isComputerName);
    const [configs, computerName] = yield* sideBySide([
      this.#services.ask(names.map((name) => ({ name, what: 'config' }))),
      wantsName ? this.#computerName() : nothing(),
    ] as const);
    return questions.map((question) => {
      const at = placeOf(question);
      if (isComputerName(question))
        return typeof computerName === 'string' ? nameAnswer(computerName) : unknown(at, refusal);
      const service = serviceOf(question);
      if (service === undefined) return unknown(at, refusal);
      const config = 'kind' in configs ? configs : (configs[names.indexOf(service)] ?? NOTHING);
      // Why there is no registry is what helps; a manager that refuses as well adds nothing.
      return config.kind === 'refused' ? unknown(at, refusal) : ofKey(question, keyAnswer(service, config));
    });
  }

  *#computerName(): Dialog<string | Refused> {
    const association = yield* this.#pipes.bound(WKSSVC);
    if ('kind' in association) return association;
    const answer = yield* association.call(workstationInfo, { level: 100 });
    if (answer.kind !== 'answered') return ofCall('the name of the machine', answer);
    return answer.value.kind === 'ok' ? answer.value.value.computerName : NOTHING;
  }
}

const NOTHING: Refused = refused('no-channel', 'there was no answer');
const NO_ANSWER: Answer = unknown('', NOTHING);

// biome-ignore lint/correctness/useYield: there is nothing to ask
function* nothing(): Dialog<Refused> {
  return NOTHING;
}

/** What nobody answers over RPC. */
function notToBeHad(question: Question): Answer {
  return unknown(
    '',
    refused('no-channel', `${question.kind} is not to be had over RPC; use --ssh or rdpdoctor collect`),
  );
}

function of<Q extends Question>(
  questions: readonly Question[],
  is: (question: Question) => question is Q,
): readonly { readonly question: Q; readonly index: number }[] {
  return questions.flatMap((question, index) => (is(question) ? [{ question, index }] : []));
}

function isRegistry(question: Question): question is RegistryQuestion {
  return question.kind === 'value' || question.kind === 'values' || question.kind === 'subkeys';
}

function isPolicy(question: Question): question is PolicyQuestion {
  return (
    question.kind === 'membership' || question.kind === 'machine-sid' || question.kind === 'account-rights'
  );
}

function isFile(question: Question): question is FileQuestion {
  return question.kind === 'file' || question.kind === 'content' || question.kind === 'folder';
}

function isStatus(question: Question): question is Extract<Question, { readonly kind: 'service-status' }> {
  return question.kind === 'service-status';
}

function isDenied(answer: Answer): boolean {
  return answer.state === 'unknown' && answer.why === 'denied';
}

const NAME_KEY = 'CurrentControlSet\\Control\\ComputerName\\ComputerName';

function isComputerName(question: RegistryQuestion): boolean {
  return question.kind === 'value' && question.key === NAME_KEY && question.name === 'ComputerName';
}

function nameAnswer(name: string): Answer {
  return present('wkssvc NetrWkstaGetInfo', {
    kind: 'value',
    value: { name: 'ComputerName', type: 1, data: name },
  });
}

/** The service whose key is asked about, in lower case. */
function serviceOf({ hive, key, kind }: RegistryQuestion): string | undefined {
  const below = `${SERVICES_KEY}\\`.toLowerCase();
  if (hive !== 'SYSTEM' || kind === 'subkeys' || !key.toLowerCase().startsWith(below)) return undefined;
  const name = key.slice(below.length).toLowerCase();
  return name.includes('\\') ? undefined : name;
}

/** The answer for a key, or for one value of it. What the manager does not tell is not absent. */
function ofKey(question: RegistryQuestion, answer: Answer): Answer {
  if (question.kind !== 'value' || answer.state !== 'present' || answer.value.kind !== 'values')
    return answer;
  const { values, incomplete = '' } = answer.value;
  const found = values.find(({ name }) => name.toLowerCase() === question.name.toLowerCase());
  return found === undefined
    ? unknown(answer.at, refused('no-channel', incomplete))
    : present(answer.at, { kind: 'value', value: found });
}
