import type { NamedUser } from '../model/cause.ts';
import {
  absent,
  type Observation,
  type Present,
  type Provenance,
  present,
  type Unseen,
  unknown,
  unseen,
} from '../model/observation.ts';
import type { Setting } from '../model/windows-facts.ts';
import type { Answer, AnswerValue, Inquiry, Question, RegistryValue } from './inquiry.ts';

/** Who answers, and when: what every fact of an inquiry says of its origin. */
export interface InquiryContext {
  /** `disk`, later `rpc`, `ssh`, … */
  readonly channel: string;
  /** ISO 8601, UTC. */
  readonly observedAt: string;
  /** The account that cannot sign in, where it was named: what the logs have of it is kept. */
  readonly account?: NamedUser;
}

/** A registry value that somebody looked for. */
export type Sought<T> =
  | { readonly state: 'present'; readonly value: T; readonly at: string }
  | { readonly state: 'absent'; readonly at: string }
  | {
      readonly state: 'unknown';
      readonly why: Extract<Answer, { state: 'unknown' }>['why'];
      readonly detail?: string;
    };

export function provenance(context: InquiryContext, gatherer: string, locator: string): Provenance {
  return { gatherer, channel: context.channel, locator, observedAt: context.observedAt };
}

/** The questions of a module and the answers to them, by the names that the module gives them. */
export type Named<K extends string> = Readonly<Record<K, Answer>>;

/** Asks a record of questions as one batch and hands the answers back under the same names. */
export function* askAll<K extends string, Asked extends Question>(
  questions: Readonly<Record<K, Asked>>,
): Inquiry<Named<K>, Asked> {
  const names = Object.keys(questions) as K[];
  const answers = yield names.map((name) => questions[name]);
  return Object.fromEntries(names.map((name, index) => [name, answers[index] ?? NO_ANSWER])) as Named<K>;
}

/** Stands in where whoever answers left an answer out. */
export const NO_ANSWER: Answer = {
  state: 'unknown',
  at: '',
  why: 'no-channel',
  detail: 'there was no answer',
};

/** Takes a present answer apart; one that has another shape than asked for is corrupt, never a default. */
export function seek<T>(
  answer: Answer,
  take: (value: AnswerValue) => T | undefined,
  expected: string,
): Sought<T> {
  if (answer.state === 'absent') return { state: 'absent', at: answer.at };
  if (answer.state === 'unknown') {
    return answer.detail === undefined
      ? { state: 'unknown', why: answer.why }
      : { state: 'unknown', why: answer.why, detail: answer.detail };
  }
  const value = take(answer.value);
  return value === undefined
    ? { state: 'unknown', why: 'corrupt', detail: `${answer.at} is not ${expected}` }
    : { state: 'present', value, at: answer.at };
}

/** The value, if it is there. Only for questions to which absent and unknown are the same answer. */
export function foundIn<T>(sought: Sought<T>): T | undefined {
  return sought.state === 'present' ? sought.value : undefined;
}

/** Makes an answer of what was sought, for whoever answers a question out of others. */
export function answerOf<T>(sought: Sought<T>, at: string, wrap: (value: T) => AnswerValue): Answer {
  if (sought.state === 'unknown') return { ...sought, at };
  return sought.state === 'absent' ? sought : { state: 'present', at: sought.at, value: wrap(sought.value) };
}

/** A DWORD or QWORD. Windows does not read a number out of a text, whatever somebody hoped who wrote one. */
export function seekNumber(answer: Answer): Sought<number> {
  return seek(answer, (value) => (value.kind === 'value' ? numberOf(value.value) : undefined), 'a number');
}

/** One of the few numbers that Windows keeps as a text: `CachedLogonsCount`, `CurrentBuildNumber`. */
export function seekDecimal(answer: Answer): Sought<number> {
  const take = (value: AnswerValue): number | undefined => {
    const data = value.kind === 'value' ? value.value.data : undefined;
    return typeof data === 'string' && /^\d{1,10}$/.test(data) ? Number(data) : undefined;
  };
  return seek(answer, take, 'a decimal number as text');
}

/** A number that some Windows keep as a number and others as a text: `WinStationsDisabled`. */
export function seekNumberOrDecimal(answer: Answer): Sought<number> {
  const number = seekNumber(answer);
  return number.state === 'unknown' ? seekDecimal(answer) : number;
}

export function seekText(answer: Answer): Sought<string> {
  return seek(
    answer,
    (value) =>
      value.kind === 'value' && typeof value.value.data === 'string' ? value.value.data : undefined,
    'a text',
  );
}

/** REG_MULTI_SZ, or a REG_SZ list with commas or blanks between. */
export function seekTexts(answer: Answer): Sought<readonly string[]> {
  return seek(
    answer,
    (value) => (value.kind === 'value' ? textsOf(value.value) : undefined),
    'a list of strings',
  );
}

export function seekBytes(answer: Answer): Sought<Uint8Array> {
  return seek(
    answer,
    (value) =>
      value.kind === 'value' && value.value.data instanceof Uint8Array ? value.value.data : undefined,
    'binary',
  );
}

export function seekNames(answer: Answer): Sought<readonly string[]> {
  return seek(answer, (value) => (value.kind === 'names' ? value.names : undefined), 'a list of names');
}

/** The values of a key that was read whole. */
export interface KeyValues {
  readonly values: readonly RegistryValue[];
  /** Why some may be missing; what is not among `values` is then unknown, not absent. */
  readonly incomplete?: string;
}

export function seekValues(answer: Answer): Sought<KeyValues> {
  return seek(answer, (value) => (value.kind === 'values' ? value : undefined), 'a list of values');
}

/** One value out of a key that was read whole, by its name without regard to case. */
export function seekIn<T>(
  key: Sought<KeyValues>,
  name: string,
  take: (value: RegistryValue) => T | undefined,
  expected: string,
): Sought<T> {
  if (key.state !== 'present') return key;
  const { values, incomplete } = key.value;
  const at = `${key.at}!${name}`;
  const found = values.find((value) => value.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) {
    return incomplete === undefined
      ? { state: 'absent', at }
      : { state: 'unknown', why: 'corrupt', detail: `${key.at}: ${incomplete}` };
  }
  const value = take(found);
  return value === undefined
    ? { state: 'unknown', why: 'corrupt', detail: `${at} is not ${expected}` }
    : { state: 'present', value, at };
}

export function numberOf({ data }: RegistryValue): number | undefined {
  if (typeof data === 'number') return data;
  // The LSA writes its numbers without a type.
  if (data instanceof Uint8Array)
    return data.length === 4 ? new DataView(data.buffer, data.byteOffset, 4).getUint32(0, true) : undefined;
  return typeof data === 'bigint' ? Number(data) : undefined;
}

export function textsOf({ data }: RegistryValue): readonly string[] | undefined {
  const list = typeof data === 'string' ? data.split(/[,\s]+/) : Array.isArray(data) ? data : undefined;
  return list?.map((text) => String(text).trim()).filter((text) => text !== '');
}

/** Turns what was sought into an observation; `locate` stands in where nothing said where it looked. */
export function observe<T>(context: InquiryContext, gatherer: string, sought: Sought<T>): Observation<T> {
  if (sought.state === 'unknown') return unknown(sought.why, sought.detail);
  const from = provenance(context, gatherer, sought.at);
  return sought.state === 'present' ? present(sought.value, from) : absent(from);
}

/** A setting is never absent: where nobody set it, its default holds. */
export type Settled<T> = Present<Setting<T>> | Unseen;

/**
 * Effective value = policy, else machine, else the OS version's default.
 * An unknown layer makes the whole unknown, unless a layer above it decides; an unknown default
 * (the OS is not known) does so only where nothing is set.
 */
export function settle<T>(
  context: InquiryContext,
  gatherer: string,
  layers: { readonly policy?: Sought<T>; readonly machine: Sought<T>; readonly default: T | undefined },
): Settled<T> {
  const { policy, machine } = layers;
  if (policy?.state === 'unknown') return unseen(policy.why, policy.detail);
  const parts = {
    ...(policy?.state === 'present' ? { policy: policy.value } : {}),
    ...(machine.state === 'present' ? { machine: machine.value } : {}),
    ...(layers.default === undefined ? {} : { default: layers.default }),
  };
  const decided = (effective: T, setBy: Setting<T>['setBy'], where: string): Settled<T> => ({
    state: 'present',
    value: { effective, setBy, ...parts, where },
    from: provenance(context, gatherer, where),
  });
  if (policy?.state === 'present') return decided(policy.value, 'policy', policy.at);
  if (machine.state === 'unknown') return unseen(machine.why, machine.detail);
  if (machine.state === 'present') return decided(machine.value, 'machine', machine.at);
  return layers.default === undefined
    ? unseen('corrupt', `${machine.at} is not set, and the default of this Windows version is not known`)
    : decided(layers.default, 'default', machine.at);
}
