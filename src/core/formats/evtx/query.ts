import { tryDecode } from '../../bytes/decode-error.ts';
import type { Anomaly, Walker } from '../walker.ts';
import { Anomalies } from './anomalies.ts';
import { type Chunk, recordName, type StoredRecord } from './chunk.ts';
import { type ChunkOrder, orderChunks, sortChunks } from './chunk-order.ts';
import { type EventRecordData, openRecord, readEvent, recordIdOf, timeCreatedOf } from './event.ts';
import { type EventLog, readChunks } from './log.ts';
import { scanRecords } from './records.ts';
import { type EventSelector, type Matcher, matcherOf } from './select.ts';

export interface EventQuery {
  /** Events that any of these names; `undefined`: all. */
  readonly select?: readonly EventSelector[] | undefined;
  /** Nothing older than this, in milliseconds before the newest record of the log, whatever it is. */
  readonly sinceMillisBeforeNewest?: number | undefined;
  /** Nothing older than this FILETIME. */
  readonly since?: bigint | undefined;
  /** At most so many events, the newest ones. */
  readonly limit: number;
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
  /** The oldest and the newest record of the log, wanted or not. A log says nothing about the time before its oldest. */
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
  return (yield* readBackwards(log, sorted, query)) ?? new Search(query, sorted.anomalies).answer(undefined);
}

/** `undefined` where an order that was searched for turns out not to hold, which one that was sorted cannot. */
function* readBackwards(
  log: EventLog,
  order: ChunkOrder,
  query: EventQuery,
): Walker<EventAnswer | undefined> {
  const search = new Search(query, order.anomalies);
  let oldest: Moment | undefined;
  let length = FIRST_ROUND;
  for (let from = 0; from < order.slots.length && search.endedBy === 'log'; ) {
    const slots = order.slots.slice(from, from + length);
    const isApart = from === 0 && order.oldest !== undefined && !slots.includes(order.oldest);
    const asked = isApart && order.oldest !== undefined ? [...slots, order.oldest] : slots;
    const chunks = yield* readChunks(log, asked, search.anomalies);
    const oldestAt = order.oldest === undefined ? -1 : asked.indexOf(order.oldest);
    if (oldestAt !== -1) oldest = firstMoment(chunks[oldestAt]);
    for (const [index, chunk] of chunks.slice(0, slots.length).entries()) {
      if (search.endedBy !== 'log') break;
      if (order.searched && !search.continues(chunk)) return undefined;
      if (chunk !== undefined) search.take(chunk);
      // What stands behind it was never used.
      if (index === oldestAt) return search.answer(oldest);
    }
    from += length;
    length = Math.min(length * 2, MAX_ROUND);
  }
  return search.answer(oldest);
}

/** What was found so far, from the newest chunk backwards. */
class Search {
  readonly anomalies = new Anomalies();
  endedBy: EventAnswer['endedBy'] = 'log';
  readonly #query: EventQuery;
  readonly #matches: Matcher | undefined;
  readonly #events: EventRecordData[] = [];
  #newest: Moment | undefined;
  #since: bigint | undefined;
  #chunksRead = 0;
  /** First record of the chunk taken last. */
  #below: number | undefined;

  constructor(query: EventQuery, anomalies: readonly Anomaly[]) {
    this.#query = query;
    this.#matches = query.select && matcherOf(query.select);
    this.#since = query.since;
    this.anomalies.addAll(anomalies);
    if (!(query.limit > 0)) this.endedBy = 'limit';
  }

  /** Whether a chunk is the one written right before the one taken last. */
  continues(chunk: Chunk | undefined): boolean {
    if (chunk?.header === undefined) return false;
    return this.#below === undefined || chunk.header.lastRecordId + 1 === this.#below;
  }

  take(chunk: Chunk): void {
    this.#chunksRead += 1;
    this.#below = chunk.header?.firstRecordId;
    const { records, anomalies } = scanRecords(chunk);
    this.anomalies.addAll(anomalies);
    let young = 0;
    let told = 0;
    for (const record of records.toReversed()) {
      const isYoung = this.#takeRecord(record);
      if (isYoung !== undefined) told += 1;
      if (isYoung) young += 1;
      if (this.endedBy === 'limit') return;
    }
    if (told > 0 && young === 0) this.endedBy = 'since';
  }

  /** Whether the record is young enough; `undefined` where that cannot be told. */
  #takeRecord(record: StoredRecord): boolean | undefined {
    const read = tryDecode(() => {
      const open = openRecord(record);
      const timeCreated = timeCreatedOf(open);
      if (this.#newest === undefined) this.#begin({ recordId: recordIdOf(open), timeCreated });
      const isYoung = this.#since === undefined || timeCreated >= this.#since;
      const isWanted = isYoung && (this.#matches === undefined || this.#matches(open));
      return { isYoung, found: isWanted ? readEvent(open) : undefined };
    });
    if (!read.ok) {
      this.anomalies.add(recordName(record), read.error.message);
      return undefined;
    }
    const { isYoung, found } = read.value;
    if (found !== undefined) {
      this.#events.push(found.event);
      if (found.problem !== undefined) this.anomalies.add(recordName(record), found.problem);
      if (this.#events.length >= this.#query.limit) this.endedBy = 'limit';
    }
    return isYoung;
  }

  /** The first record met is the newest, which a time given by its distance counts from. */
  #begin(moment: Moment): void {
    this.#newest = moment;
    const { sinceMillisBeforeNewest } = this.#query;
    if (sinceMillisBeforeNewest === undefined) return;
    const bound = moment.timeCreated - BigInt(Math.round(sinceMillisBeforeNewest * TICKS_A_MILLI));
    if (this.#since === undefined || bound > this.#since) this.#since = bound;
  }

  answer(oldest: Moment | undefined): EventAnswer {
    return {
      events: this.#events,
      oldest,
      newest: this.#newest,
      endedBy: this.endedBy,
      chunksRead: this.#chunksRead,
      anomalies: this.anomalies.list(),
    };
  }
}

/** The first record of a chunk whose time can be told. */
function firstMoment(chunk: Chunk | undefined): Moment | undefined {
  for (const record of chunk === undefined ? [] : scanRecords(chunk).records) {
    const read = tryDecode((): Moment => {
      const open = openRecord(record);
      return { recordId: recordIdOf(open), timeCreated: timeCreatedOf(open) };
    });
    if (read.ok) return read.value;
  }
  return undefined;
}
