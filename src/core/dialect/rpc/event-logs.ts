import type { Dialog } from '../../protocol/dialog.ts';
import { prepare, type RpcAssociation } from '../../protocol/rpc/association.ts';
import type { EventLogRecord } from '../../protocol/rpc/event-log-record.ts';
import {
  EVENTLOG,
  type LogHandle,
  oldestRecord,
  openLog,
  READ_FLAG,
  type ReadRecords,
  readLog,
} from '../../protocol/rpc/eventlog.ts';
import { NT_STATUS, statusText } from '../../protocol/smb2/status.ts';
import type { Answer } from '../../windows/inquiry.ts';
import { type LogQuestion, type LogReader, readerOf } from './event-readers.ts';
import type { Pipes } from './pipes.ts';
import { absent, ofCall, type Refused, refused, unknown } from './refusals.ts';

/** The logs that [MS-EVEN] has. The others are told by MS-EVEN6 alone, which listens on a TCP port of its own. */
const CLASSIC = ['System', 'Application', 'Security'];

/** STATUS_PRIVILEGE_NOT_HELD, [MS-ERREF] 2.3: of the Security log. */
const STATUS_PRIVILEGE_NOT_HELD = 0xc000_0061;

/** Bytes of records in one answer; the whole of it is sent however few there are. */
const ROOM = 256 * 1024;
/** [MS-EVEN] 2.2.9 MAX_BATCH_BUFF. */
const MOST_ROOM = 0x7ffff;
/** A log as large as Windows makes it at first (20 MB) is read whole. */
const MOST_BYTES = 24 * 1024 * 1024;
/** Room for the one record that says how far back the log goes. */
const ONE_RECORD = 16 * 1024;
/** Bytes of the answer in one fragment, at the least: Windows and Samba send fragments of 4280 bytes over a pipe. */
const FRAGMENT = 4096;

/** For all logs together, from when they are first asked for: the rest of the machine is not to wait for them. */
const MOST_MILLIS = 20_000;

/** The classic event logs, each read once for all that is asked of it. */
export class RemoteEventLogs {
  readonly #pipes: Pipes;

  constructor(pipes: Pipes) {
    this.#pipes = pipes;
  }

  *answer(questions: readonly LogQuestion[]): Dialog<readonly Answer[]> {
    const readers = questions.map((question) => readerOf(question));
    const answers = questions.map(({ channel }): Answer => unknown(channel, notClassic(channel)));
    const clock = new Stopwatch();
    for (const log of CLASSIC) {
      const asked = readers.filter((_, index) => questions[index]?.channel === log);
      if (asked.length === 0) continue;
      const read = yield* clock.watch(
        this.#pipes.use(EVENTLOG, (association) => readOn(association, log, asked, clock)),
      );
      for (const [index, reader] of readers.entries()) {
        if (!asked.includes(reader)) continue;
        answers[index] =
          read.kind === 'refused'
            ? unknown(log, read)
            : read.kind === 'absent'
              ? absent(log)
              : reader.answer();
      }
    }
    return answers;
  }
}

function notClassic(channel: string): Refused {
  return refused(
    'no-channel',
    `${channel} is no classic log: over port 445 only System, Application and Security can be read; use --ssh or rdpdoctor collect`,
  );
}

/** How much time has passed, by what a driver says of its answers. */
class Stopwatch {
  #first: number | undefined;
  #last = 0;

  get over(): boolean {
    return this.#first !== undefined && this.#last - this.#first > MOST_MILLIS;
  }

  /** Lets a dialog go on, and looks at the times of its answers. */
  *watch<T>(dialog: Dialog<T>): Dialog<T> {
    let step = dialog.next();
    while (!step.done) {
      const answer = yield step.value;
      if (answer.at > 0) {
        this.#first ??= answer.at;
        this.#last = answer.at;
      }
      step = dialog.next(answer);
    }
    return step.value;
  }
}

type Read = { readonly kind: 'read' } | { readonly kind: 'absent' } | Refused;

function* readOn(
  association: RpcAssociation,
  log: string,
  readers: readonly LogReader[],
  clock: Stopwatch,
): Dialog<Read> {
  for (const reader of readers) reader.begin();
  const opened = yield* association.call(openLog, { log });
  if (opened.kind !== 'answered') return ofCall(`opening the log ${log}`, opened);
  if (opened.value.kind === 'error') return ofStatus(log, opened.value.status);
  const handle = opened.value.value;
  const flags = READ_FLAG.SEQUENTIAL | READ_FLAG.BACKWARDS;
  const first = yield* readSome(association, handle, flags, ROOM);
  if ('kind' in first) return first;
  if (first.length > 0) {
    yield* feed(association, handle, flags, first, readers, clock);
    yield* tellOldest(association, handle, readers);
    return { kind: 'read' };
  }
  // A log of Samba says nothing backwards. Forwards it is read whole, and turned round.
  const forwards = READ_FLAG.SEQUENTIAL | READ_FLAG.FORWARDS;
  const all: EventLogRecord[] = [];
  for (let bytes = 0; bytes < MOST_BYTES && !clock.over; bytes += ROOM) {
    const more = yield* readSome(association, handle, forwards, ROOM);
    if ('kind' in more) return more;
    if (more.length === 0) break;
    all.push(...more);
  }
  const [oldest] = all;
  const newestFirst = [...all].reverse();
  for (const reader of readers) {
    newestFirst.every((record) => reader.take(record));
    if (oldest) reader.oldest(oldest);
  }
  return { kind: 'read' };
}

/** Hands records to the readers, newest first, until none wants more. */
function* feed(
  association: RpcAssociation,
  handle: LogHandle,
  flags: number,
  first: readonly EventLogRecord[],
  readers: readonly LogReader[],
  clock: Stopwatch,
): Dialog<void> {
  let batch = first;
  let open = readers;
  for (let bytes = ROOM; ; bytes += ROOM) {
    open = open.filter((reader) => batch.every((record) => reader.take(record)));
    if (open.length === 0) return;
    const more =
      bytes >= MOST_BYTES || clock.over ? undefined : yield* readSome(association, handle, flags, ROOM);
    if (more === undefined || 'kind' in more) {
      for (const reader of open) reader.cut();
      return;
    }
    if (more.length === 0) return;
    batch = more;
  }
}

/** The record that the log begins with, wherever reading ended. */
function* tellOldest(
  association: RpcAssociation,
  handle: LogHandle,
  readers: readonly LogReader[],
): Dialog<void> {
  const number = yield* association.call(oldestRecord, { log: handle });
  if (number.kind !== 'answered' || number.value.kind !== 'ok') return;
  const read = yield* association.call(readLog, {
    log: handle,
    flags: READ_FLAG.SEEK | READ_FLAG.FORWARDS,
    record: number.value.value,
    room: ONE_RECORD,
  });
  const [oldest] = read.kind === 'answered' && read.value.kind === 'ok' ? read.value.value : [];
  for (const reader of readers) if (oldest) reader.oldest(oldest);
}

/** The next records; none where the log ends. */
function* readSome(
  association: RpcAssociation,
  log: LogHandle,
  flags: number,
  room: number,
): Dialog<readonly EventLogRecord[] | Refused> {
  const [answer] = yield* association.callAll<ReadRecords>([
    { ...prepare(readLog, { log, flags, record: 0, room }), messages: Math.ceil(room / FRAGMENT) + 1 },
  ]);
  if (answer === undefined) return [];
  if (answer.kind !== 'answered') return ofCall('reading the log', answer);
  const { value } = answer;
  if (value.kind === 'ok') return value.value;
  if (value.kind === 'more-data') {
    return room < value.needed && value.needed <= MOST_ROOM
      ? yield* readSome(association, log, flags, value.needed)
      : refused('corrupt', `a record of ${value.needed} bytes`);
  }
  if (value.status === NT_STATUS.END_OF_FILE) return [];
  const said = ofStatus('reading the log', value.status);
  return said.kind === 'refused' ? said : refused('corrupt', 'the log was there and is not');
}

function ofStatus(log: string, status: number): { readonly kind: 'absent' } | Refused {
  if (status === NT_STATUS.OBJECT_NAME_NOT_FOUND) return { kind: 'absent' };
  if (status === NT_STATUS.ACCESS_DENIED || status === STATUS_PRIVILEGE_NOT_HELD)
    return refused(
      'denied',
      `${log}: access denied; it takes an administrator or a member of Event Log Readers`,
    );
  return refused('no-channel', `${log}: the event log answers with ${statusText(status)}`);
}
