import { decodeEventLogRecords, type EventLogRecord } from './event-log-record.ts';
import type { NdrReader } from './ndr-reader.ts';
import { operationOf, type Returned, type RpcInterface, returned } from './operation.ts';

// [MS-EVEN] 3.1.4 Message Processing Events and Sequencing Rules: the classic logs, by pipe.

/** [MS-EVEN] 1.9 Standards Assignments. */
export const EVENTLOG: RpcInterface = {
  name: 'eventlog',
  syntax: { uuid: '82273fdc-e32a-18c3-3f78-827929dc23ea', major: 0, minor: 0 },
  pipe: 'eventlog',
};

/** ReadFlags, [MS-EVEN] 3.1.4.7: one of the first two with one of the others. */
export const READ_FLAG = { SEQUENTIAL: 1, SEEK: 2, FORWARDS: 4, BACKWARDS: 8 } as const;

/** [MS-ERREF] 2.3: what these methods answer beside success. */
const EVENTLOG_STATUS = {
  /** All was read. */
  STATUS_END_OF_FILE: 0xc000_0011,
  STATUS_ACCESS_DENIED: 0xc000_0022,
  STATUS_BUFFER_TOO_SMALL: 0xc000_0023,
  STATUS_OBJECT_PATH_INVALID: 0xc000_0039,
} as const;

/** 20 bytes. */
export type LogHandle = Uint8Array;

const operation = operationOf(EVENTLOG);

const readNumber = (r: NdrReader): Returned<number> => {
  const value = r.u32();
  return returned(r.u32(), value);
};

/** ElfrOpenELW, [MS-EVEN] 3.1.4.3 (Opnum 7). `log`: `System`, `Application`, `Security`. Windows opens Application where there is no such log. */
export const openLog = operation<{ readonly log: string }, Returned<LogHandle>>(
  'ElfrOpenELW',
  7,
  (w, { log }) =>
    w
      .pointer(false /* UNCServerName */)
      .unicodeString(log)
      .unicodeHeader(undefined, false /* RegModuleName: MUST be empty */)
      .u32(1 /* MajorVersion */)
      .u32(1 /* MinorVersion */),
  (r) => {
    const handle = r.handle();
    return returned(r.u32(), handle);
  },
);

/** ElfrCloseEL, [MS-EVEN] 3.1.4.21 (Opnum 2). */
export const closeLog = operation<{ readonly log: LogHandle }, Returned<undefined>>(
  'ElfrCloseEL',
  2,
  (w, { log }) => w.handle(log),
  (r) => {
    r.handle();
    return returned(r.u32(), undefined);
  },
);

/** ElfrNumberOfRecords, [MS-EVEN] 3.1.4.18 (Opnum 4). */
export const numberOfRecords = operation<{ readonly log: LogHandle }, Returned<number>>(
  'ElfrNumberOfRecords',
  4,
  (w, { log }) => w.handle(log),
  readNumber,
);

/** ElfrOldestRecord, [MS-EVEN] 3.1.4.19 (Opnum 5): its record number. */
export const oldestRecord = operation<{ readonly log: LogHandle }, Returned<number>>(
  'ElfrOldestRecord',
  5,
  (w, { log }) => w.handle(log),
  readNumber,
);

export type ReadRecords =
  | Returned<readonly EventLogRecord[]>
  /** The next record alone needs so many bytes. */
  | { readonly kind: 'more-data'; readonly needed: number };

/**
 * ElfrReadELW, [MS-EVEN] 3.1.4.7 (Opnum 10): as many whole records as `room` bytes hold (0x7ffff bytes ([MS-EVEN] 2.2.9 MAX_BATCH_BUFF)
 * at the most). The answer has that size however few there are. STATUS_END_OF_FILE ends the log.
 */
export const readLog = operation<
  {
    readonly log: LogHandle;
    /** READ_FLAG bits. */
    readonly flags: number;
    /** Record number; with SEEK only. */
    readonly record: number;
    readonly room: number;
  },
  ReadRecords
>(
  'ElfrReadELW',
  10,
  (w, { log, flags, record, room }) => w.handle(log).u32(flags).u32(record).u32(room),
  (r) => {
    const buffer = r.conformantBytes();
    const read = r.u32();
    const needed = r.u32();
    const status = r.u32();
    if (status === EVENTLOG_STATUS.STATUS_BUFFER_TOO_SMALL) return { kind: 'more-data', needed };
    if (status !== 0) return { kind: 'error', status };
    if (!(read <= buffer.length)) r.fail(`${read} bytes of records in a buffer of ${buffer.length}`);
    return { kind: 'ok', value: decodeEventLogRecords(buffer.subarray(0, read)) };
  },
);
