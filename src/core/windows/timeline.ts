import type { EventRow } from '../knowledge/event-row.ts';
import { EVENTS } from '../knowledge/events.ts';
import { isChange } from '../knowledge/events-changes.ts';
import type { Evidence } from '../model/facts.ts';
import { type Observation, present, unknown } from '../model/observation.ts';
import type { EventLogSpan, EventTimeline, RelevantEvent } from '../model/windows-facts.ts';
import { type InquiryContext, provenance } from './answers.ts';
import { wordOf } from './event-word.ts';
import type { Answer, EventRecord, EventSelector, Inquiry } from './inquiry.ts';

/** How far back before a log's newest record is looked: a machine nobody reaches may have stood for days. */
const WITHIN_MILLIS = 14 * 86_400_000;

/** Of one channel, newest first: under a brute-force attack a log holds nothing but failures. */
const MOST_A_CHANNEL = 400;

/** Of all channels, kept for the report. */
const MOST_KEPT = 500;

/** Events that speak for or against a cause, from every channel that the tables know. One round. */
export function* inquireTimeline(context: InquiryContext): Inquiry<Evidence> {
  const channels = [...new Set(EVENTS.map((row) => row.channel))];
  const answers = yield channels.map((channel) => ({
    kind: 'events' as const,
    channel,
    select: selectorsOf(channel),
    withinMillis: WITHIN_MILLIS,
    limit: MOST_A_CHANNEL,
  }));
  return { 'events.relevant': observeTimeline(context, channels, answers) };
}

function selectorsOf(channel: string): readonly EventSelector[] {
  const byProvider = new Map<string, number[]>();
  for (const row of EVENTS) {
    if (row.channel !== channel) continue;
    byProvider.set(row.provider, [...(byProvider.get(row.provider) ?? []), row.id]);
  }
  return [...byProvider].map(([provider, ids]) => ({ provider, ids }));
}

function observeTimeline(
  context: InquiryContext,
  channels: readonly string[],
  answers: readonly Answer[],
): Observation<EventTimeline> {
  const spans: EventLogSpan[] = [];
  const found: { readonly event: RelevantEvent; readonly isSignIn: boolean }[] = [];
  let blind: (Answer & { readonly state: 'unknown' }) | undefined;
  const unread: { readonly channel: string; readonly problem: string }[] = [];
  let where = '';
  for (const [index, answer] of answers.entries()) {
    if (answer.state === 'unknown') {
      blind = answer;
      unread.push({ channel: channels[index] ?? '', problem: answer.detail ?? answer.why });
    }
    if (answer.state !== 'present' || answer.value.kind !== 'events') continue;
    const { oldest, newest, events } = answer.value;
    where ||= answer.at;
    spans.push({
      channel: channels[index] ?? '',
      ...(oldest === undefined ? {} : { oldest }),
      ...(newest === undefined ? {} : { newest }),
    });
    found.push(...events.map((record) => relevant(record, answer.at)));
  }
  if (spans.length === 0)
    return unknown(blind?.why ?? 'not-gathered', blind?.detail ?? 'no event log was found');
  // Stable: of the same moment, those of one log stay in its order.
  found.sort((a, b) => Number(a.event.at < b.event.at) - Number(b.event.at < a.event.at));
  const events = found.slice(0, MOST_KEPT).map(({ event }) => event);
  return present(
    { events, spans, ...turningPoints(found), ...(unread.length === 0 ? {} : { unread }) },
    provenance(context, 'timeline', where),
  );
}

const ROWS: ReadonlyMap<string, EventRow> = new Map(EVENTS.map((row) => [keyOf(row.provider, row.id), row]));

function keyOf(provider: string, id: number): string {
  return `${provider.toLowerCase()}/${id}`;
}

function relevant(
  record: EventRecord,
  log: string,
): { readonly event: RelevantEvent; readonly isSignIn: boolean } {
  const { proves, refutes, isSignIn } = wordOf(record, ROWS.get(keyOf(record.provider, record.id)));
  return {
    event: {
      channel: record.channel,
      provider: record.provider,
      id: record.id,
      at: record.at,
      fields: record.fields,
      locator: `${log}#${record.recordId}`,
      proves,
      refutes,
    },
    isSignIn,
  };
}

/** The newest sign-in by Remote Desktop, and the first event after it that speaks for a cause. `found`: newest first. */
function turningPoints(
  found: readonly { readonly event: RelevantEvent; readonly isSignIn: boolean }[],
): Pick<EventTimeline, 'firstFailure' | 'lastSuccess' | 'changes'> {
  const lastSuccess = found.find(({ isSignIn }) => isSignIn)?.event.at;
  const firstFailure = found.findLast(
    // A change is no failure: it may be what one began with.
    ({ event }) =>
      event.proves.length > 0 &&
      !isChange(event.provider, event.id) &&
      (lastSuccess === undefined || event.at > lastSuccess),
  )?.event.at;
  const changes = changesBefore(
    found.map(({ event }) => event),
    firstFailure,
    lastSuccess,
  );
  return {
    ...(lastSuccess === undefined ? {} : { lastSuccess }),
    ...(firstFailure === undefined ? {} : { firstFailure }),
    ...(changes.length === 0 ? {} : { changes }),
  };
}

/** Without a success to begin with, what changed longer ago than this is not likely the reason. */
const CHANGES_WITHIN_MILLIS = 7 * 86_400_000;
const MOST_CHANGES = 50;

function changesBefore(
  events: readonly RelevantEvent[],
  firstFailure: string | undefined,
  lastSuccess: string | undefined,
): readonly RelevantEvent[] {
  if (firstFailure === undefined) return [];
  const since = lastSuccess ?? new Date(Date.parse(firstFailure) - CHANGES_WITHIN_MILLIS).toISOString();
  return events
    .filter(({ provider, id, at }) => isChange(provider, id) && at >= since && at <= firstFailure)
    .slice(0, MOST_CHANGES);
}
