import type { Dialog } from '../../protocol/dialog.ts';
import {
  type CallAnswer,
  type PreparedCall,
  prepare,
  type RpcAssociation,
} from '../../protocol/rpc/association.ts';
import type { EventLogRecord } from '../../protocol/rpc/event-log-record.ts';
import {
  EVENTLOG,
  type LogHandle,
  numberOfRecords,
  oldestRecord,
  openLog,
  READ_FLAG,
  type ReadRecords,
  readLog,
} from '../../protocol/rpc/eventlog.ts';
import { NT_STATUS, statusText } from '../../protocol/smb2/status.ts';
import type { Answer } from '../../windows/inquiry.ts';
import { type LogQuestion, type LogReader, readerOf } from './event-readers.ts';
import { job, runJobs } from './jobs.ts';
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
  const begun = yield* begin(association, handle);
  if (begun.kind === 'refused') return begun;
  const { oldest, first, newestNumber } = begun;
  const [newest] = first;
  if (newest === undefined ? newestNumber === undefined : newest.recordNumber >= (newestNumber ?? 0)) {
    yield* feed(association, handle, BACKWARDS, first, readers, clock);
    yield* tellOldest(association, handle, oldest, readers);
    return { kind: 'read' };
  }
  // Samba does not begin with the newest record. Forwards a log is read whole, and turned round.
  const again = yield* association.call(openLog, { log });
  if (again.kind !== 'answered') return ofCall(`opening the log ${log}`, again);
  if (again.value.kind === 'error') return ofStatus(log, again.value.status);
  const all: EventLogRecord[] = [];
  // What comes last is the newest: without the end nothing can be said.
  for (let bytes = 0; ; bytes += ROOM) {
    if (bytes >= MOST_BYTES) return refused('no-channel', `the log ${log} is longer than is read of it`);
    if (clock.over) return refused('timeout', `the log ${log} was not read to its end in time`);
    const more = yield* readSome(association, again.value.value, FORWARDS, ROOM);
    if ('kind' in more) return more;
    if (more.length === 0) break;
    all.push(...more);
  }
  const newestFirst = [...all].reverse();
  for (const reader of readers) {
    newestFirst.every((record) => reader.take(record));
    if (all[0]) reader.oldest(all[0]);
  }
  return { kind: 'read' };
}

const BACKWARDS = READ_FLAG.SEQUENTIAL | READ_FLAG.BACKWARDS;
const FORWARDS = READ_FLAG.SEQUENTIAL | READ_FLAG.FORWARDS;

interface Begun {
  readonly kind: 'begun';
  /** The number of the oldest record, where the log says. */
  readonly oldest?: number;
  /** The number that the newest record has at least; `undefined`: there is none, or the log does not say. */
  readonly newestNumber?: number;
  readonly first: readonly EventLogRecord[];
}

/** How long the log is, and its newest records: in one round trip. */
function* begin(association: RpcAssociation, log: LogHandle): Dialog<Begun | Refused> {
  let count: number | undefined;
  let oldest: number | undefined;
  let first: readonly EventLogRecord[] | Refused | MoreRoom = [];
  yield* runJobs(association, [
    job(prepare(numberOfRecords, { log }), (answer) => {
      if (answer.kind === 'answered' && answer.value.kind === 'ok') count = answer.value.value;
    }),
    job(prepare(oldestRecord, { log }), (answer) => {
      if (answer.kind === 'answered' && answer.value.kind === 'ok') oldest = answer.value.value;
    }),
    job(readCall(log, BACKWARDS, ROOM), (answer) => {
      first = recordsIn(answer);
    }),
  ]);
  // A record of more than the room is read again, as the next one is.
  const records = yield* withRoom(association, log, BACKWARDS, ROOM, first);
  if ('kind' in records) return records;
  const isKnown = count !== undefined && count > 0 && oldest !== undefined;
  return {
    kind: 'begun',
    first: records,
    ...(oldest === undefined ? {} : { oldest }),
    ...(isKnown ? { newestNumber: (oldest ?? 0) + (count ?? 0) - 1 } : {}),
  };
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
  log: LogHandle,
  record: number | undefined,
  readers: readonly LogReader[],
): Dialog<void> {
  if (record === undefined) return;
  const flags = READ_FLAG.SEEK | READ_FLAG.FORWARDS;
  const read = yield* association.call(readLog, { log, flags, record, room: ONE_RECORD });
  const [oldest] = read.kind === 'answered' && read.value.kind === 'ok' ? read.value.value : [];
  for (const reader of readers) if (oldest) reader.oldest(oldest);
}

/** The next record needs so much room. */
interface MoreRoom {
  readonly kind: 'more-room';
  readonly needed: number;
}

function readCall(log: LogHandle, flags: number, room: number): PreparedCall<ReadRecords> {
  const messages = Math.ceil(room / FRAGMENT) + 1;
  return { ...prepare(readLog, { log, flags, record: 0, room }), messages };
}

/** The next records; none where the log ends. */
function* readSome(
  association: RpcAssociation,
  log: LogHandle,
  flags: number,
  room: number,
): Dialog<readonly EventLogRecord[] | Refused> {
  const [answer] = yield* association.callAll([readCall(log, flags, room)]);
  const read = answer === undefined ? [] : recordsIn(answer);
  return yield* withRoom(association, log, flags, room, read);
}

/** What was read, or what is with the room that the next record needs. */
function* withRoom(
  association: RpcAssociation,
  log: LogHandle,
  flags: number,
  room: number,
  read: readonly EventLogRecord[] | Refused | MoreRoom,
): Dialog<readonly EventLogRecord[] | Refused> {
  if (!('kind' in read) || read.kind !== 'more-room') return read;
  return room < read.needed && read.needed <= MOST_ROOM
    ? yield* readSome(association, log, flags, read.needed)
    : refused('corrupt', `a record of ${read.needed} bytes`);
}

function recordsIn(answer: CallAnswer<ReadRecords>): readonly EventLogRecord[] | Refused | MoreRoom {
  if (answer.kind !== 'answered') return ofCall('reading the log', answer);
  const { value } = answer;
  if (value.kind === 'ok') return value.value;
  if (value.kind === 'more-data') return { kind: 'more-room', needed: value.needed };
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
