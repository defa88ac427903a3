import { together } from '../../bytes/batched.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import { type Anomaly, type Medium, readAt, type Walker } from '../walker.ts';
import {
  BASE_BLOCK_SIZE,
  type BaseBlock,
  FILE_TYPE,
  isHiveBinsSize,
  LOG_BASE_BLOCK_SIZE,
} from './base-block.ts';
import { problemOf } from './hive.ts';
import { SECTOR_SIZE, type Sectors } from './overlay.ts';
import {
  decodeDirtyVector,
  decodeLogEntry,
  dirtyVectorSize,
  type LogEntry,
  peekLogEntry,
} from './transaction-log.ts';

/** A transaction log whose base block is sound. */
export interface Log {
  /** For anomalies. */
  readonly name: string;
  readonly medium: Medium;
  readonly base: BaseBlock;
}

/** What the primary file tells about itself; `base` only where its checksum is right. */
export interface Primary {
  readonly base?: BaseBlock;
  /** FILETIME of the base block or, where that is damaged, of the first hive bin. */
  readonly lastWritten?: bigint;
}

/** What logs say about a hive whose primary file is dirty. */
export interface Replay {
  /** The base block that holds: the primary's, or that of the log which was applied. */
  readonly base?: BaseBlock;
  /** Of the last entry that was applied. */
  readonly sequence?: number;
  /** Entries (new format) or logs (old format) that were applied; 0: the primary file is all there is. */
  readonly applied: number;
  readonly hiveBinsSize?: number;
  /** From the start of the primary file. */
  readonly sectors: Sectors;
  readonly anomalies: readonly Anomaly[];
}

/** The first read of a log; each further one is twice as long, so that a log takes few rounds and little too much. */
const FIRST_LOG_READ = 1 << 20;

/** Of one log that are read: Windows writes the primary file long before. */
const MAX_LOG_BYTES = 256 << 20;

/**
 * [msuhanov/regf] Log entries, Multiple transaction log files: what Windows would do to a dirty hive
 * when it loads it. Logs are taken in the order of their sequence numbers, whatever their names.
 * Rounds: one for logs of less than a mebibyte, one more each time the part in use doubles; two for the old format.
 */
export function* replay(primary: Primary, logs: readonly Log[]): Walker<Replay> {
  const current = logs.filter(({ base }) => base.fileType === FILE_TYPE.LOG_NEW);
  if (current.length > 0) return yield* replayEntries(primary, inOrder(current));
  return yield* replayDirtyPages(primary, inOrder(logs));
}

/** Sequence numbers may pass 2^32 and start again. */
function isBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

function inOrder(logs: readonly Log[]): Log[] {
  return logs.toSorted((a, b) => (a.base.primarySequence - b.base.primarySequence) | 0);
}

function* replayEntries(primary: Primary, logs: readonly Log[]): Walker<Replay> {
  const anomalies: Anomaly[] = [];
  // With a damaged base block Windows takes the latest log alone, since nothing tells where the primary stands.
  const usable =
    primary.base === undefined ? logs.slice(-1) : logs.filter((log) => !isStale(log, primary.base));
  const read = yield* together(usable.map(readEntries));

  const sectors = new Map<number, Uint8Array>();
  let base = primary.base;
  let last: LogEntry | undefined;
  let applied = 0;
  for (const { log, entries, anomaly } of read) {
    if (last !== undefined && log.base.primarySequence !== (last.sequence + 1) >>> 0) {
      const expected = `after entry ${last.sequence}, its entries begin with ${log.base.primarySequence}`;
      anomalies.push({ where: log.name, problem: `not applied: ${expected}` });
      continue;
    }
    if (anomaly !== undefined) anomalies.push(anomaly);
    base ??= log.base;
    for (const entry of entries) {
      for (const page of entry.pages) putSectors(sectors, BASE_BLOCK_SIZE + page.offset, page.bytes);
      last = entry;
      applied += 1;
    }
    // An entry is missing or damaged here, so whatever a later log holds builds on what is not known.
    if (last === undefined) break;
  }
  return {
    ...(base === undefined ? {} : { base }),
    ...(last === undefined ? {} : { sequence: last.sequence, hiveBinsSize: last.hiveBinsSize }),
    applied,
    sectors,
    anomalies,
  };
}

/** Whether the primary file was written since the log was begun. */
function isStale(log: Log, base: BaseBlock | undefined): boolean {
  return base !== undefined && isBefore(log.base.primarySequence, base.secondarySequence);
}

interface ReadEntries {
  readonly log: Log;
  /** Numbered without a gap from the log's own sequence number. */
  readonly entries: readonly LogEntry[];
  /** Set where an entry that was to follow is damaged; remains of older entries are none. */
  readonly anomaly?: Anomaly;
}

function* readEntries(log: Log): Walker<ReadEntries> {
  const entries: LogEntry[] = [];
  const window = new Window(log.medium);
  let sequence = log.base.primarySequence;
  for (let at = LOG_BASE_BLOCK_SIZE; ; ) {
    const stop = (problem: string): ReadEntries => {
      const told = `entry ${sequence} is not applied, nor what follows: ${problem}`;
      return { log, entries, anomaly: { where: log.name, problem: told } };
    };
    const cut = yield* window.reach(at + SECTOR_SIZE);
    if (cut !== undefined && window.bytes.length < at + SECTOR_SIZE) {
      return cut === 'end' ? { log, entries } : stop(cut);
    }
    const header = peekLogEntry(window.bytes.subarray(at));
    if (header?.sequence !== sequence) return { log, entries };
    const end = at + header.size;
    if (end > log.medium.size) return stop('the log ends inside it');
    const problem = yield* window.reach(end);
    if (problem !== undefined) return stop(problem === 'end' ? 'the log ends inside it' : problem);
    const entry = tryDecode(() => decodeLogEntry(window.bytes.subarray(at, end)));
    if (!entry.ok) return stop(problemOf(entry.error));
    entries.push(entry.value);
    at = end;
    sequence = (sequence + 1) >>> 0;
  }
}

/** The beginning of a medium, read as far as it is needed. */
class Window {
  bytes: Uint8Array = new Uint8Array();
  readonly #medium: Medium;
  #next = FIRST_LOG_READ;

  constructor(medium: Medium) {
    this.#medium = medium;
  }

  /** Makes at least `length` bytes available; else says why not: `end`, or the problem in reading. */
  *reach(length: number): Walker<string | undefined> {
    if (length > MAX_LOG_BYTES) return `more than ${MAX_LOG_BYTES} bytes of a log are not read`;
    while (this.bytes.length < length) {
      const from = this.bytes.length;
      const upTo = Math.min(this.#medium.size, Math.max(length, from + this.#next), MAX_LOG_BYTES);
      this.#next *= 2;
      if (upTo <= from) return 'end';
      const more = yield* readAt(this.#medium, from, upTo - from);
      if (!more.ok) return more.problem;
      if (more.bytes.length === 0) return 'end';
      const joined = new Uint8Array(from + more.bytes.length);
      joined.set(this.bytes);
      joined.set(more.bytes, from);
      this.bytes = joined;
    }
    return undefined;
  }
}

function putSectors(sectors: Map<number, Uint8Array>, offset: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += SECTOR_SIZE) {
    sectors.set((offset + at) / SECTOR_SIZE, bytes.subarray(at, at + SECTOR_SIZE));
  }
}

/**
 * [msuhanov/regf] Old format, Base block, note 3: a log belongs to a dirty hive when both say the same
 * time. One log is all: where both would do, the later.
 */
function* replayDirtyPages(primary: Primary, logs: readonly Log[]): Walker<Replay> {
  const anomalies: Anomaly[] = [];
  for (const log of logs.toReversed()) {
    if (log.base.lastWritten !== primary.lastWritten) {
      anomalies.push({
        where: log.name,
        problem: 'not applied: it was written at another time than the hive',
      });
      continue;
    }
    const pages = yield* readDirtyPages(log);
    if (pages.ok) {
      return {
        base: primary.base ?? log.base,
        sequence: log.base.primarySequence,
        applied: 1,
        hiveBinsSize: log.base.hiveBinsSize,
        sectors: pages.sectors,
        anomalies,
      };
    }
    anomalies.push({ where: log.name, problem: `not applied: ${pages.problem}` });
  }
  return {
    ...(primary.base === undefined ? {} : { base: primary.base }),
    applied: 0,
    sectors: new Map(),
    anomalies,
  };
}

type DirtyPages =
  | { readonly ok: true; readonly sectors: Sectors }
  | { readonly ok: false; readonly problem: string };

function* readDirtyPages({ base, medium }: Log): Walker<DirtyPages> {
  const { hiveBinsSize } = base;
  if (!isHiveBinsSize(hiveBinsSize))
    return { ok: false, problem: `hive bins of ${hiveBinsSize} bytes cannot be` };
  const start = LOG_BASE_BLOCK_SIZE + dirtyVectorSize(hiveBinsSize);
  if (start > medium.size) return { ok: false, problem: 'the log ends inside its dirty vector' };
  const vector = yield* readAt(medium, LOG_BASE_BLOCK_SIZE, start - LOG_BASE_BLOCK_SIZE);
  if (!vector.ok) return vector;
  const decoded = tryDecode(() => decodeDirtyVector(vector.bytes, hiveBinsSize));
  if (!decoded.ok) return { ok: false, problem: problemOf(decoded.error) };
  const dirty = decoded.value;
  const length = dirty.length * SECTOR_SIZE;
  // Half of what belongs together would be worse than none of it.
  if (start + length > Math.min(medium.size, MAX_LOG_BYTES)) {
    return { ok: false, problem: `its ${dirty.length} dirty pages run past its end` };
  }
  const pages = yield* readAt(medium, start, length);
  if (!pages.ok) return pages;
  if (pages.bytes.length < length) return { ok: false, problem: 'it ends inside its dirty pages' };
  const sectors = new Map<number, Uint8Array>();
  for (const [index, sector] of dirty.entries()) {
    const at = index * SECTOR_SIZE;
    sectors.set(BASE_BLOCK_SIZE / SECTOR_SIZE + sector, pages.bytes.subarray(at, at + SECTOR_SIZE));
  }
  return { ok: true, sectors };
}
