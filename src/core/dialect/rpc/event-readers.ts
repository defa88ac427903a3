import { toHex } from '../../bytes/hex.ts';
import { stringName } from '../../knowledge/event-strings.ts';
import type { LogonTally } from '../../model/windows-facts.ts';
import type { EventLogRecord } from '../../protocol/rpc/event-log-record.ts';
import type { Answer, EventRecord, PlaceQuestion } from '../../windows/inquiry.ts';
import { LOGON_FAILED, LOGON_SUCCEEDED, LogonCounter } from '../../windows/logon-tally.ts';
import { present } from './refusals.ts';

/** Questions for event logs. */
export type LogQuestion = Extract<PlaceQuestion, { readonly kind: 'events' | 'logons' }>;

/** Takes records of one log in, newest first, and answers one question with them. */
export interface LogReader {
  /** From the start, also for the second time. */
  begin(): void;
  /** Whether it wants older ones. */
  take(record: EventLogRecord): boolean;
  /** Reading ended before the log did. */
  cut(): void;
  /** The record that the log begins with. */
  oldest(record: EventLogRecord): void;
  answer(): Answer;
}

const AUDIT = 'microsoft-windows-security-auditing';

export function readerOf(question: LogQuestion): LogReader {
  return question.kind === 'events' ? new EventReader(question) : new LogonReader(question);
}

/** How far back was read. */
class Span {
  readonly #withinMillis: number;
  newest: number | undefined;
  last: number | undefined;
  begins: number | undefined;
  isCut = false;

  constructor(withinMillis: number) {
    this.#withinMillis = withinMillis;
  }

  /** Whether the record is within the time that was asked for. */
  has({ generatedAt }: EventLogRecord): boolean {
    this.newest ??= generatedAt;
    if (generatedAt < this.newest - this.#withinMillis) return false;
    this.last = generatedAt;
    return true;
  }

  get bound(): number | undefined {
    return this.newest === undefined ? undefined : this.newest - this.#withinMillis;
  }
}

class EventReader implements LogReader {
  readonly #question: Extract<LogQuestion, { readonly kind: 'events' }>;
  readonly #wanted: ReadonlySet<string>;
  #span: Span;
  #events: EventRecord[] = [];

  constructor(question: Extract<LogQuestion, { readonly kind: 'events' }>) {
    this.#question = question;
    this.#span = new Span(question.withinMillis);
    this.#wanted = new Set(
      question.select.flatMap(({ provider, ids }) => ids.map((id) => `${provider.toLowerCase()}/${id}`)),
    );
  }

  begin(): void {
    this.#span = new Span(this.#question.withinMillis);
    this.#events = [];
  }

  take(record: EventLogRecord): boolean {
    if (!this.#span.has(record)) return false;
    if (this.#wanted.has(`${record.source.toLowerCase()}/${record.id}`))
      this.#events.push(eventOf(this.#question.channel, record));
    return this.#events.length < this.#question.limit;
  }

  cut(): void {
    this.#span.isCut = true;
  }

  oldest({ generatedAt }: EventLogRecord): void {
    this.#span.begins = generatedAt;
  }

  answer(): Answer {
    const { newest, last, begins, isCut } = this.#span;
    // A log that was not read to its end is vouched for as far as it was read.
    const oldest = isCut ? last : (begins ?? last);
    return present(this.#question.channel, {
      kind: 'events',
      events: this.#events,
      ...(oldest === undefined ? {} : { oldest: isoOf(oldest) }),
      ...(newest === undefined ? {} : { newest: isoOf(newest) }),
    });
  }
}

class LogonReader implements LogReader {
  readonly #question: Extract<LogQuestion, { readonly kind: 'logons' }>;
  #span: Span;
  #counter: LogonCounter;
  #count = 0;
  #lastCounted: number | undefined;
  #ended: LogonTally['endedBy'] = 'log';

  constructor(question: Extract<LogQuestion, { readonly kind: 'logons' }>) {
    this.#question = question;
    this.#span = new Span(question.withinMillis);
    this.#counter = new LogonCounter(question.account);
  }

  begin(): void {
    this.#span = new Span(this.#question.withinMillis);
    this.#counter = new LogonCounter(this.#question.account);
    this.#count = 0;
    this.#lastCounted = undefined;
    this.#ended = 'log';
  }

  take(record: EventLogRecord): boolean {
    if (!this.#span.has(record)) {
      this.#ended = 'since';
      return false;
    }
    const { id, source, generatedAt } = record;
    if (source.toLowerCase() !== AUDIT || (id !== LOGON_SUCCEEDED && id !== LOGON_FAILED)) return true;
    const { channel, limit } = this.#question;
    this.#counter.add(eventOf(channel, record), `${channel}#${record.recordNumber}`);
    this.#lastCounted = generatedAt;
    this.#count += 1;
    if (this.#count < limit) return true;
    this.#ended = 'limit';
    return false;
  }

  cut(): void {
    this.#ended = 'limit';
  }

  oldest({ generatedAt }: EventLogRecord): void {
    this.#span.begins = generatedAt;
  }

  answer(): Answer {
    const { newest, last, begins, bound } = this.#span;
    const since =
      this.#ended === 'limit'
        ? (this.#lastCounted ?? last)
        : this.#ended === 'since'
          ? bound
          : (begins ?? last);
    return present(this.#question.channel, {
      kind: 'logons',
      tally: {
        ...this.#counter.result(),
        ...(since === undefined ? {} : { since: isoOf(since) }),
        ...(newest === undefined ? {} : { until: isoOf(newest) }),
        endedBy: this.#ended,
      },
    });
  }
}

/** EventType, [MS-EVEN] 2.2.2, as the levels of the newer logs; audits have none. */
const LEVELS: Readonly<Record<number, number>> = { 0: 4, 1: 2, 2: 3, 4: 4, 8: 0, 16: 0 };

/** A record as the newer interface would give it, as far as the classic one tells. */
function eventOf(channel: string, record: EventLogRecord): EventRecord {
  const { source, id, recordNumber, generatedAt, computer, strings, data, type } = record;
  const level = LEVELS[type];
  const fields = strings.map((text, position) => [stringName(source, id, position), text] as const);
  return {
    channel,
    provider: source,
    id,
    recordId: recordNumber,
    at: isoOf(generatedAt),
    ...(level === undefined ? {} : { level }),
    ...(computer === '' ? {} : { computer }),
    fields: Object.fromEntries([
      ...fields,
      ...(data.length === 0 ? [] : [['binary', toHex(data).toUpperCase()] as const]),
    ]),
  };
}

/** Seconds of 32 bits: every one of them is a date. */
function isoOf(millis: number): string {
  return new Date(millis).toISOString();
}
