import type { HiveName, Inquiry, Question } from '../../windows/inquiry.ts';
import { throughRegistry } from '../../windows/through-registry.ts';

/**
 * What one part of a script does. Coarser than a question: one look at a key answers every question for its
 * values and for the names of its subkeys, and a tree answers those below it as well.
 */
export type Operation =
  | KeyOperation
  /** The keys of services below CurrentControlSet\Services, and of all that they name in DependOnService. */
  | { readonly kind: 'services'; readonly names: readonly string[] }
  /** The newest `limit` files of a folder, with size, time and security. */
  | { readonly kind: 'listing'; readonly path: string; readonly limit: number }
  | AskedOperation;

export interface KeyOperation {
  readonly kind: 'key';
  readonly hive: HiveName;
  readonly key: string;
  /** How many levels of subkeys are read with it. */
  readonly depth: number;
  /**
   * Only these values; none: its subkeys alone. Left out: all of them.
   * INVARIANT: a value that nobody asked for is not carried. Beside `CachedLogonsCount` stands `DefaultPassword`.
   */
  readonly names?: readonly string[];
}

/** A question that is put as it is. */
export interface AskedOperation {
  readonly kind: 'ask';
  readonly question: Exclude<Question, { readonly kind: 'value' | 'values' | 'subkeys' }>;
}

/**
 * The operations that answer these questions, each once, in the order of the first question for it. What Windows
 * keeps at one known place of the registry is read there; who is a member of what, and who has which right,
 * is asked as it is.
 */
export function operationsFor(questions: readonly Question[]): readonly Operation[] {
  const found = new Map<string, Operation>();
  for (const operation of questions.flatMap(placesOf).map(operationFor)) {
    const id = idOf(operation);
    const known = found.get(id);
    if (known === undefined) found.set(id, operation);
    else if (known.kind === 'key' && operation.kind === 'key') found.set(id, both(known, operation));
  }
  return [...found.values()];
}

function both(one: KeyOperation, other: KeyOperation): KeyOperation {
  const { names, ...whole } = one;
  if (names === undefined || other.names === undefined) return whole;
  return { ...one, names: [...new Set([...names, ...other.names])] };
}

function placesOf(question: Question): readonly Question[] {
  if (question.kind !== 'policy-refresh' && question.kind !== 'machine-password') return [question];
  const step = throughRegistry(asking(question)).next();
  return step.done ? [] : step.value;
}

function* asking(question: Question): Inquiry<void> {
  yield [question];
}

/**
 * Leaves out what another of them answers as well: a key without levels where a tree or the list of services
 * has it.
 */
export function withoutCovered(operations: readonly Operation[]): readonly Operation[] {
  return operations.filter(
    (one, index) =>
      one.kind !== 'key' || !operations.some((other, at) => at !== index && covers(other, one, at < index)),
  );
}

function covers(other: Operation, { hive, key, depth, names }: KeyOperation, isEarlier: boolean): boolean {
  if (other.kind === 'services') {
    const wanted = new Set(other.names.map((name) => `${SERVICES}${name}`.toLowerCase()));
    return hive === 'SYSTEM' && depth === 0 && wanted.has(key.toLowerCase());
  }
  if (other.kind !== 'key' || other.hive !== hive) return false;
  if (other.names !== undefined && names?.every((name) => other.names?.includes(name)) !== true) return false;
  const path = `${key}\\`.toLowerCase();
  const root = `${other.key}\\`.toLowerCase();
  if (!path.startsWith(root)) return false;
  const below = path.slice(root.length).split('\\').length - 1;
  return below === 0 && depth === other.depth ? isEarlier : below + depth <= other.depth;
}

/** Below SYSTEM. */
export const SERVICES = 'CurrentControlSet\\Services\\';

function operationFor(question: Question): Operation {
  switch (question.kind) {
    case 'value':
      return { kind: 'key', hive: question.hive, key: question.key, depth: 0, names: [question.name] };
    case 'values':
      return { kind: 'key', hive: question.hive, key: question.key, depth: 0 };
    case 'subkeys':
      return { kind: 'key', hive: question.hive, key: question.key, depth: 0, names: [] };
    default:
      return { kind: 'ask', question };
  }
}

/** What makes an operation the same as another: two of one id bring the same. */
export function idOf(operation: Operation): string {
  switch (operation.kind) {
    case 'key':
      return `key ${operation.hive}\\${operation.key} ${operation.depth}`.toLowerCase();
    case 'services':
      return `services ${operation.names.join(' ')}`.toLowerCase();
    case 'listing':
      return `listing ${operation.path}`.toLowerCase();
    case 'ask':
      return idOfQuestion(operation.question);
  }
}

/**
 * What makes a question the same as another for a script. Which events of a log, how many, and whose sign-ins
 * are kept, is not part of it: a script brings what the tables know, and its reader chooses.
 */
export function idOfQuestion(question: Question): string {
  switch (question.kind) {
    case 'value':
      return `value ${question.hive}\\${question.key}!${question.name}`.toLowerCase();
    case 'values':
    case 'subkeys':
      return `${question.kind} ${question.hive}\\${question.key}`.toLowerCase();
    case 'file':
    case 'content':
    case 'folder':
    case 'file-version':
      return `${question.kind} ${question.path}`.toLowerCase();
    case 'events':
    case 'logons':
      return `${question.kind} ${question.channel}`.toLowerCase();
    case 'service-status':
      return `service-status ${question.name}`.toLowerCase();
    case 'listener-owner':
      return `listener-owner ${question.port}`;
    case 'secure-channel':
      return `secure-channel ${question.asked}`;
    default:
      return question.kind;
  }
}
