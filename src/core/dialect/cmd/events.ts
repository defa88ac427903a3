import { UNDECODABLE, UTF_8 } from '../../bytes/code-page.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import type { Answer, EventRecord, EventSelector, PlaceQuestion } from '../../windows/inquiry.ts';
import { LOGON_FAILED, LOGON_SUCCEEDED } from '../../windows/logon-tally.ts';
import { readEventXml } from '../script/event-xml.ts';
import { tallyOf } from '../script/logons.ts';
import { type Command, isDoubtful, isPlain, type Transcript } from './command.ts';
import { failed, notPrinted } from './not-printed.ts';

type Ask<K extends PlaceQuestion['kind']> = Extract<PlaceQuestion, { readonly kind: K }>;

/** XPath of an event log takes some twenty comparisons in one query. Practice: the page that limits it gives no number. */
const MOST_TERMS = 20;

/** Of one query, newest first: an event is a line of one or two kilobytes. */
const MOST_EVENTS = 400;
const MOST_LOGONS = 1000;

/** ERROR_EVT_CHANNEL_NOT_FOUND, winerror.h. */
const NO_SUCH_CHANNEL = 15007;

function query(id: string, channel: string, filter: string | undefined, words: string): Command {
  const path = filter === undefined ? '' : ` "/q:${filter}"`;
  return { id, program: 'wevtutil.exe', words: `qe "${channel}"${path} /f:xml ${words}` };
}

const newest = (channel: string): Command =>
  query(`newest event ${channel}`, channel, undefined, '/rd:true /c:1');
const oldest = (channel: string): Command =>
  query(`oldest event ${channel}`, channel, undefined, '/rd:false /c:1');

/** Every Windows writes to it: a wevtutil that prints nothing of it prints nothing at all. */
const WITNESS = newest('System');

export function eventQueries({ channel, select }: Ask<'events'>): readonly Command[] | undefined {
  if (!isPlain(channel)) return undefined;
  const filters = filtersOf(select);
  if (filters.length === 0) return undefined;
  return [
    WITNESS,
    newest(channel),
    oldest(channel),
    ...filters.map((filter, index) =>
      query(`events ${channel} ${index + 1}`, channel, filter, `/rd:true /c:${MOST_EVENTS}`),
    ),
  ];
}

/** As few filters as hold all selectors. Names of providers are our own tables'. */
function filtersOf(select: readonly EventSelector[]): readonly string[] {
  const filters: string[] = [];
  let parts: string[] = [];
  let terms = 0;
  const close = (): void => {
    if (parts.length > 0) filters.push(`*[System[${parts.join(' or ')}]]`);
    parts = [];
    terms = 0;
  };
  for (const { provider, ids } of select) {
    for (let from = 0; from < ids.length; ) {
      if (terms > MOST_TERMS - 2) close();
      const some = ids.slice(from, from + MOST_TERMS - terms - 1);
      parts.push(`(Provider[@Name='${provider}'] and (${some.map((id) => `EventID=${id}`).join(' or ')}))`);
      terms += some.length + 1;
      from += some.length;
    }
  }
  close();
  return filters;
}

/** All kinds of logon but those that nobody makes: of the system, a task, a service. */
const LOGON_TYPES = [2, 3, 7, 8, 9, 10, 11, 12, 13];

export function logonQueries({ channel }: Ask<'logons'>): readonly Command[] | undefined {
  if (!isPlain(channel)) return undefined;
  const types = LOGON_TYPES.map((type) => `Data[@Name='LogonType']='${type}'`).join(' or ');
  const filter = `*[System[Provider[@Name='Microsoft-Windows-Security-Auditing'] and (EventID=${LOGON_SUCCEEDED} or EventID=${LOGON_FAILED})] and EventData[${types}]]`;
  return [
    WITNESS,
    newest(channel),
    oldest(channel),
    query(`logons ${channel}`, channel, filter, `/rd:true /c:${MOST_LOGONS}`),
  ];
}

/** Event 12 of Kernel-General, which every start of Windows writes and which tells its time. */
export const LAST_START = query(
  'last start',
  'System',
  "*[System[Provider[@Name='Microsoft-Windows-Kernel-General'] and (EventID=12)]]",
  '/rd:true /c:1',
);

export function readStartTime(transcript: Transcript, at: string): Answer {
  const read = recordsIn(transcript, LAST_START.id, 'System', true);
  if ('state' in read) return { ...read, at };
  const [event] = read;
  const text = event?.fields['StartTime'];
  const millis = Date.parse(text?.replace(/(\.\d{3})\d*Z$/, '$1Z') ?? '');
  if (event === undefined || Number.isNaN(millis)) {
    return {
      state: 'unknown',
      at,
      why: 'corrupt',
      detail: 'the System log does not tell when Windows started',
    };
  }
  return { state: 'present', at, value: { kind: 'time', at: new Date(millis).toISOString() } };
}

/** The newest and the oldest record of a log, which may be empty. */
interface Span {
  readonly newest?: string;
  readonly oldest?: string;
}

function spanOf(transcript: Transcript, channel: string, at: string): Span | Answer {
  const works = recordsIn(transcript, WITNESS.id, 'System', true);
  if ('state' in works) return { ...works, at };
  const first = transcript.outputs.get(newest(channel).id);
  if (first?.state === 'printed' && first.status === NO_SUCH_CHANNEL) return { state: 'absent', at };
  const ends = [newest(channel), oldest(channel)].map(({ id }) => recordsIn(transcript, id, channel, false));
  for (const end of ends) if ('state' in end) return { ...end, at };
  const [to, from] = ends.map((end) => ('state' in end ? undefined : end[0]?.at));
  return { ...(to === undefined ? {} : { newest: to }), ...(from === undefined ? {} : { oldest: from }) };
}

/** @param mustHave an output without any event proves nothing here */
function recordsIn(
  { outputs, page }: Transcript,
  id: string,
  channel: string,
  mustHave: boolean,
): readonly EventRecord[] | (Answer & { readonly state: 'unknown' }) {
  const output = outputs.get(id);
  if (output?.state !== 'printed') return notPrinted(output, 'wevtutil.exe', channel);
  if (output.status !== 0) return failed(output, 'wevtutil', channel);
  const { texts, rest } = eventsIn(output.text);
  const records: EventRecord[] = [];
  let wrapped = false;
  for (const text of texts) {
    const read = tryDecode(() => readEventXml(text, channel));
    if (read.ok) records.push(page === UTF_8 ? read.value : withoutDoubt(read.value));
    else wrapped ||= text.includes(UNDECODABLE);
  }
  // As on a disk, one that cannot be read hides no other; what was broken on the way is another matter.
  const isBlind = records.length === 0 && (mustHave || texts.length > 0);
  if (rest !== '' || isBlind || wrapped) {
    return failed({ ...output, text: rest || output.text }, 'wevtutil', channel);
  }
  return records;
}

/** Fields that say what was written, whatever the code page lacks. */
function withoutDoubt(record: EventRecord): EventRecord {
  const fields = Object.entries(record.fields).filter(([, value]) => !isDoubtful(value));
  return { ...record, fields: Object.fromEntries(fields) };
}

const END = '</Event>';

/** Events one behind the other, and what stands beside them. */
function eventsIn(text: string): { readonly texts: readonly string[]; readonly rest: string } {
  const texts: string[] = [];
  let at = 0;
  for (;;) {
    const from = text.indexOf('<', at);
    const isOne = from !== -1 && text.startsWith('<Event', from) && text.slice(at, from).trim() === '';
    const to = isOne ? text.indexOf(END, from) : -1;
    if (to === -1) return { texts, rest: text.slice(at).trim() };
    at = to + END.length;
    texts.push(text.slice(from, at));
  }
}

export function readEvents(transcript: Transcript, question: Ask<'events'>): Answer {
  const { channel, select, withinMillis, limit } = question;
  const span = spanOf(transcript, channel, channel);
  if ('state' in span) return span;
  const records: EventRecord[] = [];
  for (const { id } of eventQueries(question)?.slice(3) ?? []) {
    const read = recordsIn(transcript, id, channel, false);
    if ('state' in read) return { ...read, at: channel };
    records.push(...read);
  }
  const since = span.newest === undefined ? 0 : Date.parse(span.newest) - withinMillis;
  const wanted = new Set(
    select.flatMap(({ provider, ids }) => ids.map((id) => `${provider.toLowerCase()} ${id}`)),
  );
  const events = records
    .filter(
      ({ provider, id, at }) => Date.parse(at) >= since && wanted.has(`${provider.toLowerCase()} ${id}`),
    )
    .sort((a, b) => b.recordId - a.recordId)
    .slice(0, limit);
  return { state: 'present', at: channel, value: { kind: 'events', events, ...span } };
}

export function readLogons(transcript: Transcript, question: Ask<'logons'>): Answer {
  const { channel, withinMillis, limit, account } = question;
  const span = spanOf(transcript, channel, channel);
  if ('state' in span) return span;
  const read = recordsIn(transcript, `logons ${channel}`, channel, false);
  if ('state' in read) return { ...read, at: channel };
  const bound = span.newest === undefined ? 0 : Date.parse(span.newest) - withinMillis;
  const most = Math.min(limit, MOST_LOGONS);
  const counted = read.filter(({ at }) => Date.parse(at) >= bound).slice(0, most);
  const goesBack = span.oldest !== undefined && Date.parse(span.oldest) < bound;
  const listed = {
    ...span,
    channel,
    bound: goesBack ? new Date(bound).toISOString() : undefined,
    isCut: counted.length === most,
  };
  return {
    state: 'present',
    at: channel,
    value: { kind: 'logons', tally: tallyOf(counted, listed, account) },
  };
}
