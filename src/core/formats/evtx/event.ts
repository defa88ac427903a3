import { type Decoded, DecodeError, tryDecode } from '../../bytes/decode-error.ts';
import { unixMillisToFiletime } from '../../bytes/filetime.ts';
import type { StoredRecord } from './chunk.ts';
import type { EventField } from './event-field.ts';
import { type Collected, collectFields } from './event-fields.ts';
import type { EventPlan, Place } from './event-plan.ts';
import { Expansion, plainText, textOf } from './expand.ts';
import type { Fragment } from './fragment.ts';
import { RECORD_HEADER_SIZE } from './records.ts';
import { VALUE } from './tokens.ts';
import { integerAt } from './value-text.ts';
import { hasValue } from './values.ts';

/** An event: the fields of its System element by the names of the Event.xsd, and what it is about. */
export interface EventRecordData {
  /** EventRecordID: in a log that was saved from another one, the number that it had there. */
  readonly recordId: number;
  /** FILETIME: TimeCreated, or when the record was written where the event has none. */
  readonly timeCreated: bigint;
  readonly provider: string;
  /** With braces, lower case as a rule. */
  readonly providerGuid: string | undefined;
  /** Under this name classic events of a provider with a manifest are registered. */
  readonly eventSourceName: string | undefined;
  /** Without qualifiers. */
  readonly id: number;
  readonly qualifiers: number | undefined;
  readonly version: number | undefined;
  /** 1 critical, 2 error, 3 warning, 4 information, 5 verbose; 0 is always logged. */
  readonly level: number | undefined;
  readonly task: number | undefined;
  readonly opcode: number | undefined;
  readonly keywords: string | undefined;
  readonly activityId: string | undefined;
  readonly relatedActivityId: string | undefined;
  readonly processId: number | undefined;
  readonly threadId: number | undefined;
  readonly channel: string | undefined;
  readonly computer: string | undefined;
  /** A SID. */
  readonly userId: string | undefined;
  readonly fields: readonly EventField[];
  /** Its text, where the event was forwarded with it; otherwise that is in the provider's files. */
  readonly message: string | undefined;
}

/** A record whose nodes and values are known, and whose texts are not yet read. */
export interface OpenRecord {
  readonly record: StoredRecord;
  readonly fragment: Fragment;
  readonly plan: EventPlan;
  /** One for all that is read of it. */
  readonly expansion: Expansion;
}

/** Throws `DecodeError`. */
export function openRecord(record: StoredRecord): OpenRecord {
  const { chunk, offset, size } = record;
  const fragment = chunk.fragmentAt(offset + RECORD_HEADER_SIZE, offset + size - 4);
  return { record, fragment, plan: chunk.planOf(fragment), expansion: new Expansion(chunk) };
}

/** The event's identifier without qualifiers; old providers carry those in the upper half. */
export function eventIdOf(open: OpenRecord): number | undefined {
  const id = integer(open, open.plan.eventId);
  return id === undefined ? undefined : id & 0xffff;
}

export function providerOf(open: OpenRecord): string {
  return text(open, open.plan.provider) ?? '';
}

export function eventSourceNameOf(open: OpenRecord): string | undefined {
  return text(open, open.plan.eventSourceName);
}

export function recordIdOf(open: OpenRecord): number {
  return integer(open, open.plan.recordId) ?? open.record.id;
}

/** FILETIME. */
export function timeCreatedOf(open: OpenRecord): bigint {
  const { record, fragment, plan } = open;
  const place = plan.timeCreated;
  const { chunk } = record;
  if (place?.kind === 'value' && hasValue(fragment.values, place.index)) {
    const { values } = fragment;
    if (values.typeAt(place.index) === VALUE.FILETIME && values.sizeAt(place.index) === 8) {
      return chunk.view.getBigUint64(values.offsetAt(place.index), true);
    }
  }
  return parseTime(text(open, place)) ?? record.written;
}

/** What could be read of an event, and what kept the rest from it. */
export interface ReadEvent {
  readonly event: EventRecordData;
  /** Fields may be missing. Lower case, no final stop. */
  readonly problem: string | undefined;
}

/** Decodes a record. Throws `DecodeError` where not even its System element can be read. */
export function readEvent(open: OpenRecord): ReadEvent {
  const { record, fragment, plan } = open;
  const id = integer(open, plan.eventId);
  if (id === undefined) throw noEvent(record);
  const collected: Collected = { fields: [], message: undefined };
  const payload = tryDecode(() => {
    collectFields(record.chunk, plan.payload, fragment.values, open.expansion, collected);
  });
  const event: EventRecordData = {
    recordId: recordIdOf(open),
    timeCreated: timeCreatedOf(open),
    provider: providerOf(open),
    providerGuid: text(open, plan.providerGuid),
    eventSourceName: eventSourceNameOf(open),
    id: id & 0xffff,
    qualifiers: integer(open, plan.qualifiers) ?? (id > 0xffff ? id >>> 16 : undefined),
    version: integer(open, plan.version),
    level: integer(open, plan.level),
    task: integer(open, plan.task),
    opcode: integer(open, plan.opcode),
    keywords: text(open, plan.keywords),
    activityId: text(open, plan.activityId),
    relatedActivityId: text(open, plan.relatedActivityId),
    processId: integer(open, plan.processId),
    threadId: integer(open, plan.threadId),
    channel: text(open, plan.channel),
    computer: text(open, plan.computer),
    userId: text(open, plan.userId),
    fields: collected.fields,
    message: collected.message,
  };
  return { event, problem: payload.ok ? undefined : payload.error.message };
}

/** Decodes a record, whichever log it came from: for those who walk the records themselves. */
export function decodeEvent(record: StoredRecord): Decoded<ReadEvent> {
  return tryDecode(() => readEvent(openRecord(record)));
}

function noEvent({ offset }: StoredRecord): DecodeError {
  return new DecodeError('EVTX record', offset, { kind: 'invalid', message: 'it has no event identifier' });
}

function text({ record, fragment, expansion }: OpenRecord, place: Place | undefined): string | undefined {
  switch (place?.kind) {
    case undefined:
      return undefined;
    case 'constant':
      return place.text;
    case 'value':
      return hasValue(fragment.values, place.index)
        ? textOf(record.chunk, fragment.values, place.index)
        : undefined;
    case 'parts':
      return plainText(record.chunk, place.nodes, fragment.values, expansion);
  }
}

function integer(open: OpenRecord, place: Place | undefined): number | undefined {
  if (place === undefined) return undefined;
  if (place.kind === 'value') {
    const { values } = open.fragment;
    const { index } = place;
    const value = integerAt(
      open.record.chunk,
      values.typeAt(index),
      values.offsetAt(index),
      values.sizeAt(index),
    );
    if (value !== undefined) return value;
  }
  const written = text(open, place)?.trim();
  return written !== undefined && /^\d{1,10}$/.test(written) ? Number(written) : undefined;
}

/** ISO 8601 with up to seven digits of a fraction, as events without a template carry their time → FILETIME. */
function parseTime(written: string | undefined): bigint | undefined {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z?$/.exec(written ?? '');
  const millis = parts === null ? Number.NaN : Date.parse(`${parts[1]}Z`);
  if (Number.isNaN(millis)) return undefined;
  return unixMillisToFiletime(millis) + BigInt((parts?.[2] ?? '').slice(0, 7).padEnd(7, '0'));
}
