// A Windows machine in memory that answers an inquiry: a registry, files and event logs, and places that cannot be read.
import assert from 'node:assert/strict';
import type {
  ListenerOwner,
  ResourcesState,
  SecureChannel,
  ServiceStatus,
} from '../../../src/core/model/windows-facts.ts';
import type {
  Answer,
  AnswerValue,
  EventRecord,
  FileInfo,
  HiveName,
  Inquiry,
  LiveQuestion,
  LiveTimeSource,
  PlaceQuestion,
  Question,
  RegistryValue,
} from '../../../src/core/windows/inquiry.ts';
import { LogonCounter } from '../../../src/core/windows/logon-tally.ts';
import { throughRegistry } from '../../../src/core/windows/through-registry.ts';

/** REG_DWORD for a number, REG_SZ for a text, REG_MULTI_SZ for texts, REG_BINARY for bytes; or a value with its type. */
export type Data = number | string | readonly string[] | Uint8Array | Pick<RegistryValue, 'type' | 'data'>;

/** Values by their name; '' is the default value. */
export type Key = Readonly<Record<string, Data>>;

/** An event; `fields` are none where they are left out, the record id counts from the oldest on. */
export type FakeEvent = Omit<EventRecord, 'channel' | 'recordId' | 'fields'> &
  Partial<Pick<EventRecord, 'recordId' | 'fields'>>;

export interface FakeMachine {
  /** By hive and path: `SYSTEM\CurrentControlSet\Control\Lsa`. A key exists where it, or one below it, stands here. */
  readonly registry?: Readonly<Record<string, Key>>;
  readonly files?: Readonly<Record<string, Partial<FileInfo> & { readonly content?: Uint8Array }>>;
  /** Events by channel, the last one written first; a channel that is not here has no log. */
  readonly logs?: Readonly<Record<string, readonly FakeEvent[]>>;
  /** Places that cannot be read: a value (`…!Name`), a key, a hive, a path or a channel. */
  readonly unreadable?: readonly string[];
  /** Keys of which some values cannot be read. */
  readonly incomplete?: readonly string[];
  /** Left out: it is a disk. */
  readonly live?: LiveMachine;
}

/** What a running machine says of itself; what is left out it cannot tell, `null` is not there. */
export interface LiveMachine {
  readonly services?: Readonly<Record<string, ServiceStatus | null>>;
  /** By TCP port. */
  readonly owners?: Readonly<Record<number, ListenerOwner | null>>;
  readonly channel?: {
    readonly verify?: Omit<SecureChannel, 'asked'>;
    readonly query?: Omit<SecureChannel, 'asked'>;
  };
  /** ISO 8601, UTC. */
  readonly startedAt?: string;
  /** The machine's clock minus ours. */
  readonly offsetSeconds?: number;
  readonly time?: LiveTimeSource | null;
  readonly resources?: ResourcesState;
  /** Kinds of questions that are denied. */
  readonly denied?: readonly LiveQuestion['kind'][];
}

export const CONTEXT = { channel: 'fake', observedAt: '2026-01-01T00:00:00.000Z' } as const;

/** Performs an inquiry on such a machine; counts the rounds. */
export function ask<T>(
  machine: FakeMachine,
  inquiry: Inquiry<T>,
): { readonly value: T; readonly rounds: number } {
  let rounds = 0;
  const places = throughRegistry(machine.live === undefined ? inquiry : withLive(machine.live, inquiry));
  let step = places.next();
  while (!step.done) {
    rounds += 1;
    if (step.value.length === 0) throw new Error('an empty batch');
    step = places.next(step.value.map((question) => answer(machine, question)));
  }
  return { value: step.value, rounds };
}

/** Answers what only a running machine knows, and passes the rest on. */
function* withLive<T>(live: LiveMachine, inquiry: Inquiry<T>): Inquiry<T> {
  let step = inquiry.next();
  while (!step.done) {
    const asked: readonly Question[] = step.value;
    const own = asked.map((question) => (isLive(question) ? liveAnswer(live, question) : undefined));
    const rest = asked.filter((_, index) => own[index] === undefined);
    const answers = rest.length === 0 ? [] : yield rest;
    let taken = 0;
    step = inquiry.next(
      own.map((answered): Answer => answered ?? answers[taken++] ?? assert.fail('an answer is missing')),
    );
  }
  return step.value;
}

const LIVE_KINDS: readonly Question['kind'][] = [
  ...(['service-status', 'listener-owner', 'secure-channel', 'start-time'] as const),
  ...(['clock', 'time-source', 'resources'] as const),
];

function isLive(question: Question): question is LiveQuestion {
  return LIVE_KINDS.includes(question.kind);
}

function liveAnswer(live: LiveMachine, question: LiveQuestion): Answer {
  const at = `live:${question.kind}`;
  if (live.denied?.includes(question.kind) === true) {
    return { state: 'unknown', at, why: 'denied', detail: `${question.kind} is denied` };
  }
  const value = liveValue(live, question);
  if (value === null) return { state: 'absent', at };
  return value === undefined
    ? { state: 'unknown', at, why: 'no-channel', detail: `no ${question.kind} here` }
    : { state: 'present', at, value };
}

/** `null`: it is not there; undefined: nobody can tell. */
function liveValue(live: LiveMachine, question: LiveQuestion): AnswerValue | null | undefined {
  switch (question.kind) {
    case 'service-status': {
      const status = live.services?.[question.name];
      return status ? { kind: 'service-status', status } : status;
    }
    case 'listener-owner': {
      const owner = live.owners?.[question.port];
      return owner ? { kind: 'listener-owner', owner } : owner;
    }
    case 'secure-channel': {
      const channel = live.channel?.[question.asked];
      return channel && { kind: 'secure-channel', channel: { asked: question.asked, ...channel } };
    }
    case 'start-time':
      return live.startedAt === undefined ? undefined : { kind: 'time', at: live.startedAt };
    case 'clock':
      return live.offsetSeconds === undefined
        ? undefined
        : { kind: 'clock', offsetSeconds: live.offsetSeconds };
    case 'time-source':
      return live.time ? { kind: 'time-source', source: live.time } : live.time;
    case 'resources':
      return live.resources && { kind: 'resources', resources: live.resources };
  }
}

/** What the machine says to one question. */
export function answer(machine: FakeMachine, question: PlaceQuestion): Answer {
  const at = placeOf(question);
  const hive = 'hive' in question ? question.hive : undefined;
  const key = 'key' in question ? `${question.hive}\\${question.key}` : undefined;
  if (machine.unreadable?.some((place) => place === at || place === hive || place === key) === true) {
    return { state: 'unknown', at, why: 'corrupt', detail: `${at} is damaged` };
  }
  const value = valueFor(machine, question);
  return value === undefined ? { state: 'absent', at } : { state: 'present', at, value };
}

export function placeOf(question: PlaceQuestion): string {
  switch (question.kind) {
    case 'value':
      return `${question.hive}\\${question.key}!${question.name}`;
    case 'values':
    case 'subkeys':
      return `${question.hive}\\${question.key}`;
    case 'events':
    case 'logons':
      return question.channel;
    default:
      return question.path;
  }
}

function valueFor(machine: FakeMachine, question: PlaceQuestion): AnswerValue | undefined {
  switch (question.kind) {
    case 'value': {
      const data = find(keyOf(machine, question.hive, question.key) ?? {}, question.name);
      return data === undefined ? undefined : { kind: 'value', value: registryValue(question.name, data) };
    }
    case 'values': {
      const key = keyOf(machine, question.hive, question.key);
      const incomplete = machine.incomplete?.includes(`${question.hive}\\${question.key}`) === true;
      if (key === undefined) return undefined;
      const values = Object.entries(key).map(([name, data]) => registryValue(name, data));
      return { kind: 'values', values, ...(incomplete ? { incomplete: 'value list is damaged' } : {}) };
    }
    case 'subkeys': {
      const path = `${question.hive}\\${question.key}\\`.toLowerCase();
      const below = Object.keys(machine.registry ?? {}).filter((key) => key.toLowerCase().startsWith(path));
      const names = new Set(below.map((key) => key.slice(path.length).split('\\')[0] ?? ''));
      const exists = names.size > 0 || keyOf(machine, question.hive, question.key) !== undefined;
      return exists ? { kind: 'names', names: [...names] } : undefined;
    }
    case 'file': {
      const file = machine.files?.[question.path];
      if (file === undefined) return undefined;
      const { content: _, ...info } = file;
      return { kind: 'file', file: { size: 1, modifiedAt: '2025-01-01T00:00:00.000Z', ...info } };
    }
    case 'content': {
      const content = machine.files?.[question.path]?.content;
      return content === undefined
        ? undefined
        : { kind: 'content', bytes: content.subarray(0, question.limit) };
    }
    case 'folder':
      return undefined;
    case 'events': {
      const log = machine.logs?.[question.channel];
      return log === undefined ? undefined : eventsFor(log, question);
    }
    case 'logons': {
      const log = machine.logs?.[question.channel];
      return log === undefined ? undefined : logonsFor(log, question);
    }
  }
}

/** As the disk answers: in the order of the log, nothing older than asked for; the span is that of the whole log. */
function eventsFor(
  log: readonly FakeEvent[],
  { channel, select, withinMillis, limit }: PlaceQuestion & { readonly kind: 'events' },
): AnswerValue {
  // By time, not by place: clocks are set back.
  const times = log.map(({ at }) => at).sort();
  const oldest = times[0];
  const newest = times.at(-1);
  const since = newest === undefined ? 0 : Date.parse(newest) - withinMillis;
  const events = log.flatMap((event, index) =>
    Date.parse(event.at) >= since &&
    select.some(
      ({ provider, ids }) =>
        provider.toLowerCase() === event.provider.toLowerCase() && ids.includes(event.id),
    )
      ? [{ recordId: log.length - index, fields: {}, ...event, channel }]
      : [],
  );
  return {
    kind: 'events',
    events: events.slice(0, limit),
    ...(oldest === undefined ? {} : { oldest }),
    ...(newest === undefined ? {} : { newest }),
  };
}

function logonsFor(
  log: readonly FakeEvent[],
  question: PlaceQuestion & { readonly kind: 'logons' },
): AnswerValue {
  const select = [{ provider: 'Microsoft-Windows-Security-Auditing', ids: [4624, 4625] }];
  const found = eventsFor(log, { ...question, kind: 'events', select });
  if (found.kind !== 'events') throw new Error('no events');
  const counter = new LogonCounter(question.account);
  for (const event of found.events) counter.add(event, `${question.channel}.evtx#${event.recordId}`);
  const { oldest: since, newest: until } = found;
  return {
    kind: 'logons',
    tally: {
      ...counter.result(),
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      endedBy: 'log',
    },
  };
}

function keyOf(machine: FakeMachine, hive: HiveName, key: string): Key | undefined {
  return find(machine.registry ?? {}, `${hive}\\${key}`);
}

function find<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.entries(record).find(([own]) => own.toLowerCase() === name.toLowerCase())?.[1];
}

function registryValue(name: string, data: Data): RegistryValue {
  if (typeof data === 'number') return { name, type: 4, data };
  if (typeof data === 'string') return { name, type: 1, data };
  if (data instanceof Uint8Array) return { name, type: 3, data };
  return 'type' in data ? { name, ...data } : { name, type: 7, data };
}
