import type { UnknownWhy } from '../../model/observation.ts';
import type {
  Answer,
  HiveName,
  Inquiry,
  MeaningfulQuestion,
  PlaceQuestion,
  Question,
  RegistryValue,
} from '../../windows/inquiry.ts';
import { keyPath, placeOf } from '../../windows/question-place.ts';
import { throughRegistry } from '../../windows/through-registry.ts';
import { idOfQuestion } from './operation.ts';

/** What a script saw of a registry key. */
export type KeyReading =
  | {
      readonly state: 'present';
      /** `undefined` where its values were not read. */
      readonly values?: readonly RegistryValue[];
      /** `undefined` where its subkeys were not listed. */
      readonly subkeys?: readonly string[];
      /** Why some values may be missing: what is not among them is then unknown. */
      readonly incomplete?: string;
      /** Values that are there and could not be read, by their names in lower case: why. */
      readonly unreadable?: ReadonlyMap<string, string>;
      /** The only names that were looked for; others were not. */
      readonly only?: readonly string[];
    }
  | { readonly state: 'absent' }
  | Unread;

export interface Unread {
  readonly state: 'unknown';
  readonly why: UnknownWhy;
  readonly detail?: string;
}

/** Files of a folder, by name; `complete` where no other is there. */
export interface FolderReading {
  readonly names: readonly string[];
  readonly complete: boolean;
}

/**
 * What one or several scripts brought, and the answers that follow from it. A question that nothing was
 * brought for has no answer here: for it a further script can be run, or `orElse` says why there is none.
 */
export class AnswerSheet {
  readonly #keys = new Map<string, KeyReading>();
  readonly #folders = new Map<string, FolderReading | { readonly state: 'absent' }>();
  readonly #answers = new Map<string, Answer>();
  readonly #lost: string[] = [];
  #parts = 0;

  /** @param key below the hive, as in a question */
  key(hive: HiveName, key: string, reading: KeyReading): void {
    const id = `${hive}\\${key}`.toLowerCase();
    const known = this.#keys.get(id);
    this.#keys.set(id, known === undefined ? reading : merged(known, reading));
  }

  /** Files of a folder. Those that are listed also have answers of their own. */
  folder(path: string, reading: FolderReading | { readonly state: 'absent' }): void {
    this.#folders.set(path.toLowerCase(), reading);
  }

  /** An answer to the question itself. */
  give(question: Question, answer: Answer): void {
    this.#answers.set(idOfQuestion(question), answer);
  }

  /** A part that the script made and that did not arrive whole. */
  lose(part: string): void {
    this.#lost.push(part);
  }

  /** A part that arrived. */
  count(): void {
    this.#parts += 1;
  }

  /** The parts that were lost on the way, by what they were about. */
  get lost(): readonly string[] {
    return this.#lost;
  }

  /** How many parts arrived whole. */
  get parts(): number {
    return this.#parts;
  }

  /** Takes over what another script brought; what it says of the same thing is newer. */
  add(other: AnswerSheet): void {
    for (const [id, reading] of other.#keys) this.#keys.set(id, reading);
    for (const [path, reading] of other.#folders) this.#folders.set(path, reading);
    for (const [id, answer] of other.#answers) this.#answers.set(id, answer);
    this.#lost.push(...other.#lost);
    this.#parts += other.#parts;
  }

  /** What was brought for a question; `undefined` where nobody looked for it. */
  answer(question: Question): Answer | undefined {
    const own = this.#answers.get(idOfQuestion(question));
    if (own !== undefined) return own;
    switch (question.kind) {
      case 'value':
      case 'values':
      case 'subkeys':
        return this.#ofKey(question);
      case 'file':
      case 'content':
        return this.#ofFile(question.path);
      case 'membership':
      case 'machine-sid':
      case 'account-rights':
      case 'machine-password':
      case 'file-version':
      case 'policy-refresh':
        return this.#throughRegistry(question);
      default:
        return undefined;
    }
  }

  /** The answer where there will be no further script: what is missing is unknown, lost parts are said. */
  orElse(question: Question): Answer {
    const answer = this.answer(question);
    if (answer !== undefined) return answer;
    const at = placeOf(question);
    if (this.#lost.length === 0) {
      return { state: 'unknown', at, why: 'not-gathered', detail: 'the script did not look for it' };
    }
    const detail = `parts of the answer were lost on the way, ${this.#lost.length} of ${this.#lost.length + this.#parts}`;
    return { state: 'unknown', at, why: 'corrupt', detail };
  }

  #ofKey(question: PlaceQuestion & { readonly kind: 'value' | 'values' | 'subkeys' }): Answer | undefined {
    const at = placeOf(question);
    const reading = this.#keys.get(`${question.hive}\\${question.key}`.toLowerCase());
    if (reading === undefined) return this.#aboveKey(question.hive, question.key, at);
    if (reading.state !== 'present') return { ...reading, at };
    if (question.kind === 'subkeys') {
      return reading.subkeys && { state: 'present', at, value: { kind: 'names', names: reading.subkeys } };
    }
    const { values, incomplete, only, unreadable } = reading;
    if (values === undefined) return undefined;
    if (question.kind === 'values') {
      if (only !== undefined) return undefined;
      const [why = incomplete] = unreadable?.values() ?? [];
      const cut = why === undefined ? {} : { incomplete: why };
      return { state: 'present', at, value: { kind: 'values', values, ...cut } };
    }
    const name = question.name.toLowerCase();
    const value = values.find((one) => one.name.toLowerCase() === name);
    if (value !== undefined) return { state: 'present', at, value: { kind: 'value', value } };
    const detail = unreadable?.get(name);
    if (detail !== undefined) return { state: 'unknown', at, why: 'corrupt', detail };
    if (only !== undefined && !only.some((one) => one.toLowerCase() === name)) return undefined;
    return incomplete === undefined
      ? { state: 'absent', at }
      : { state: 'unknown', at, why: 'corrupt', detail: `${keyPath(question)}: ${incomplete}` };
  }

  /** A key whose parent is not there, or does not have it, is not there; one below what was denied is denied. */
  #aboveKey(hive: HiveName, key: string, at: string): Answer | undefined {
    const parts = key.split('\\');
    for (let length = parts.length - 1; length > 0; length -= 1) {
      const above = this.#keys.get(`${hive}\\${parts.slice(0, length).join('\\')}`.toLowerCase());
      if (above === undefined) continue;
      if (above.state !== 'present') return { ...above, at };
      const next = parts[length]?.toLowerCase();
      if (above.subkeys === undefined) return undefined;
      return above.subkeys.some((name) => name.toLowerCase() === next) ? undefined : { state: 'absent', at };
    }
    return undefined;
  }

  #ofFile(path: string): Answer | undefined {
    const cut = path.lastIndexOf('\\');
    const folder = this.#folders.get(path.slice(0, cut).toLowerCase());
    if (folder === undefined) return undefined;
    if ('state' in folder) return { state: 'absent', at: path };
    const name = path.slice(cut + 1).toLowerCase();
    if (folder.names.some((one) => one.toLowerCase() === name)) return undefined;
    return folder.complete ? { state: 'absent', at: path } : undefined;
  }

  /** Out of the places where Windows keeps it, if all of those were looked at. */
  #throughRegistry(question: MeaningfulQuestion): Answer | undefined {
    const places = throughRegistry(asking(question));
    let step = places.next();
    while (!step.done) {
      const answers = step.value.map((place) => this.answer(place));
      if (answers.includes(undefined)) return undefined;
      step = places.next(answers.filter((answer) => answer !== undefined));
    }
    return step.value;
  }
}

function* asking(question: Question): Inquiry<Answer> {
  const [answer] = yield [question];
  return answer ?? { state: 'unknown', at: placeOf(question), why: 'no-channel' };
}

/** Two looks at one key: what either brought. */
function merged(one: KeyReading, other: KeyReading): KeyReading {
  if (one.state !== 'present' || other.state !== 'present') return other.state === 'unknown' ? one : other;
  // A look at all values is worth more than one at some.
  const [values, subkeys] = [
    other.values === undefined ||
    (other.only !== undefined && one.values !== undefined && one.only === undefined)
      ? one
      : other,
    other.subkeys === undefined ? one : other,
  ];
  return {
    state: 'present',
    ...(values.values === undefined ? {} : { values: values.values }),
    ...(values.incomplete === undefined ? {} : { incomplete: values.incomplete }),
    ...(values.unreadable === undefined ? {} : { unreadable: values.unreadable }),
    ...(values.only === undefined ? {} : { only: values.only }),
    ...(subkeys.subkeys === undefined ? {} : { subkeys: subkeys.subkeys }),
  };
}
