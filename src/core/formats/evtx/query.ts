import { pause } from '../../bytes/batched.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import type { Anomaly, Walker } from '../walker.ts';
import { Anomalies } from './anomalies.ts';
import { type Chunk, recordName, type StoredRecord } from './chunk.ts';
import { type ChunkOrder, type OpenChunk, orderChunks, sortChunks } from './chunk-order.ts';
import {
  type EventRecordData,
  type OpenRecord,
  openRecord,
  readEvent,
  recordIdOf,
  timeCreatedOf,
} from './event.ts';
import { type EventLog, readChunks } from './log.ts';
import { scanRecords } from './records.ts';
import { type EventSelector, type Matcher, matcherOf } from './select.ts';

export interface EventQuery {
  /** Events that any of these names; `undefined`: all. */
  readonly select?: readonly EventSelector[] | undefined;
  /** Nothing older than this, in milliseconds before the newest record by its order, whatever it is. */
  readonly sinceMillisBeforeNewest?: number | undefined;
  /** Nothing older than this FILETIME. */
  readonly since?: bigint | undefined;
  /** At most so many events, the newest ones. */
  readonly limit: number;
  /** At most so many chunks, of 64 KiB each. */
  readonly chunks?: number | undefined;
  /** Takes each event as it is found, instead of the answer: what is counted needs no memory. */
  readonly visit?: EventVisitor | undefined;
}

export interface EventVisitor {
  /** The search begins, or begins again where the order of the chunks was not what it seemed: what came before is void. */
  begin(): void;
  /** Newest first, by their order in the log. */
  take(event: EventRecordData): void;
}

/** A record by its place in the log and in time. */
export interface Moment {
  readonly recordId: number;
  /** FILETIME. */
  readonly timeCreated: bigint;
}

export interface EventAnswer {
  /** Newest first, by their order in the log: clocks are set back. */
  readonly events: readonly EventRecordData[];
  /**
   * The earliest and the latest record, wanted or not, by their times, of all that was read: the newest
   * chunks and the oldest one. A log says nothing about the time before its oldest.
   */
  readonly oldest: Moment | undefined;
  readonly newest: Moment | undefined;
  /** What ended the search: older ones may be there unless it was the log itself. */
  readonly endedBy: 'log' | 'since' | 'limit';
  readonly chunksRead: number;
  readonly anomalies: readonly Anomaly[];
}

/** Chunks of the first round; each further one reads twice as many, up to a megabyte. */
const FIRST_ROUND = 2;
const MAX_ROUND = 16;
/** Where nothing is kept, four megabytes: a whole log is counted in a few round trips. */
const MAX_ROUND_VISITED = 64;

/** Of all events of an answer: a record grows to many times its size, and a query may ask for hundreds. */
const MAX_CHARACTERS = 1 << 22;

/** FILETIME's unit is 100 nanoseconds. */
const TICKS_A_MILLI = 10_000;

/**
 * The newest wanted events of a log: reads from its newest chunk backwards until a whole chunk is
 * older than asked for, or there are enough. Records that are not wanted are told by two or three of
 * their values and not decoded.
 * Rounds: those of the search for the newest chunk (`orderChunks`), then one for the two newest chunks
 * and the oldest one, and further ones for 4, 8, 16, 16, … chunks. Holds about a megabyte at the most.
 */
export function* queryEvents(log: EventLog, query: EventQuery): Walker<EventAnswer> {
  const order = yield* orderChunks(log);
  const answer = yield* readBackwards(log, order, query);
  if (answer !== undefined) return answer;
  const sorted = yield* sortChunks(log);
  return (yield* readBackwards(log, sorted, query)) ?? new Search(query, sorted).answer();
}

/** `undefined` where an order that was searched for turns out not to hold, which one that was sorted cannot. */
function* readBackwards(
  log: EventLog,
  order: ChunkOrder,
  query: EventQuery,
): Walker<EventAnswer | undefined> {
  const search = new Search(query, order);
  let length = FIRST_ROUND;
  for (let from = 0; from < order.slots.length && search.endedBy === 'log'; ) {
    const slots = order.slots.slice(from, from + length);
    const isApart = from === 0 && order.oldest !== undefined && !slots.includes(order.oldest);
    const asked = isApart && order.oldest !== undefined ? [...slots, order.oldest] : slots;
    const chunks = [...(yield* readChunks(log, asked, search.anomalies))];
    const oldestAt = order.oldest === undefined ? -1 : asked.indexOf(order.oldest);
    if (oldestAt !== -1) search.see(chunks[oldestAt]);
    for (let index = 0; index < slots.length && search.endedBy === 'log'; index += 1) {
      const chunk = chunks[index];
      // What was read from it is many times its size.
      chunks[index] = undefined;
      if (order.searched && !search.continues(chunk)) return undefined;
      if (chunk !== undefined) search.take(chunk);
      yield* pause();
      // What stands behind it was never used.
      if (index === oldestAt) return search.answer();
    }
    from += length;
    length = Math.min(length * 2, query.visit === undefined ? MAX_ROUND : MAX_ROUND_VISITED);
  }
  return search.answer();
}

/** A record with what is needed to choose it. */
interface Timed {
  readonly open: OpenRecord;
  readonly timeCreated: bigint;
}

/** What was found so far, from the newest chunk backwards. */
class Search {
  readonly anomalies = new Anomalies();
  endedBy: EventAnswer['endedBy'] = 'log';
  readonly #query: EventQuery;
  readonly #open: OpenChunk | undefined;
  readonly #matches: Matcher | undefined;
  readonly #events: EventRecordData[] = [];
  #found = 0;
  #oldest: Moment | undefined;
  #newest: Moment | undefined;
  #since: bigint | undefined;
  #hasBegun = false;
  #chunksRead = 0;
  #characters = 0;
  /** First record of the chunk taken last. */
  #below: number | undefined;

  constructor(query: EventQuery, { open, anomalies }: Pick<ChunkOrder, 'open' | 'anomalies'>) {
    this.#query = query;
    this.#open = open;
    this.#matches = query.select && matcherOf(query.select);
    this.#since = query.since;
    this.anomalies.addAll(anomalies);
    query.visit?.begin();
    if (!(query.limit > 0)) this.endedBy = 'limit';
  }

  /** Whether a chunk is the one written right before the one taken last. */
  continues(chunk: Chunk | undefined): boolean {
    if (chunk?.header === undefined) return false;
    if (chunk.header.isEmpty) return chunk.slot === this.#open?.slot;
    return this.#below === undefined || chunk.header.lastRecordId + 1 === this.#below;
  }

  /** Looks at a chunk for the time that its records are of, and nothing else. */
  see(chunk: Chunk | undefined): void {
    if (chunk === undefined) return;
    for (const record of scanRecords(chunk).records) {
      const timed = tryDecode(() => timedOf(record));
      if (timed.ok) this.#note(timed.value);
    }
  }

  take(chunk: Chunk): void {
    this.#chunksRead += 1;
    this.#below = chunk.header?.isEmpty === true ? undefined : chunk.header?.firstRecordId;
    const next = chunk.slot === this.#open?.slot ? this.#open.nextRecordId : undefined;
    const { records, anomalies } = scanRecords(chunk, next);
    this.anomalies.addAll(anomalies);
    let told = 0;
    let young = 0;
    // Times are looked at to the end of the chunk, events until there are enough.
    for (const record of records.toReversed()) {
      const timed = tryDecode(() => timedOf(record));
      if (!timed.ok) {
        this.anomalies.add(recordName(record), timed.error.message);
        continue;
      }
      const { timeCreated, open } = timed.value;
      told += 1;
      this.#note(timed.value);
      if (!this.#hasBegun) this.#begin(timeCreated);
      if (this.#since !== undefined && timeCreated < this.#since) continue;
      young += 1;
      if (this.endedBy !== 'limit') this.#takeRecord(open);
    }
    if (this.endedBy === 'limit') return;
    if (told > 0 && young === 0) this.endedBy = 'since';
    else if (this.#chunksRead >= (this.#query.chunks ?? Number.POSITIVE_INFINITY)) this.endedBy = 'limit';
  }

  #takeRecord(open: OpenRecord): void {
    const read = tryDecode(() =>
      this.#matches === undefined || this.#matches(open) ? readEvent(open) : undefined,
    );
    if (!read.ok) this.anomalies.add(recordName(open.record), read.error.message);
    const found = read.ok ? read.value : undefined;
    if (found === undefined) return;
    if (found.problem !== undefined) this.anomalies.add(recordName(open.record), found.problem);
    this.#found += 1;
    if (this.#query.visit === undefined) {
      this.#events.push(found.event);
      this.#characters += lengthOf(found.event);
    } else this.#query.visit.take(found.event);
    if (this.#characters > MAX_CHARACTERS) {
      this.anomalies.add(
        'log',
        `its events hold more than ${MAX_CHARACTERS} characters: older ones are left out`,
      );
    } else if (this.#found < this.#query.limit) return;
    this.endedBy = 'limit';
  }

  /** Clocks are set back and forth, so that the order of records says nothing about the time that they span. */
  #note({ open, timeCreated }: Timed): void {
    if (this.#newest === undefined || timeCreated > this.#newest.timeCreated) {
      this.#newest = { recordId: recordIdOf(open), timeCreated };
    }
    if (this.#oldest === undefined || timeCreated < this.#oldest.timeCreated) {
      this.#oldest = { recordId: recordIdOf(open), timeCreated };
    }
  }

  /** A time given by its distance counts from the newest record by its order: from the clock as it was last. */
  #begin(last: bigint): void {
    this.#hasBegun = true;
    const { sinceMillisBeforeNewest } = this.#query;
    if (sinceMillisBeforeNewest === undefined) return;
    const bound = last - BigInt(Math.round(sinceMillisBeforeNewest * TICKS_A_MILLI));
    if (this.#since === undefined || bound > this.#since) this.#since = bound;
  }

  answer(): EventAnswer {
    return {
      events: this.#events,
      oldest: this.#oldest,
      newest: this.#newest,
      endedBy: this.endedBy,
      chunksRead: this.#chunksRead,
      anomalies: this.anomalies.list(),
    };
  }
}

function timedOf(record: StoredRecord): Timed {
  const open = openRecord(record);
  return { open, timeCreated: timeCreatedOf(open) };
}

function lengthOf({ fields, message = '' }: EventRecordData): number {
  return fields.reduce((sum, { name, value }) => sum + name.length + value.length, message.length);
}
