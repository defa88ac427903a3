import { together } from '../../bytes/batched.ts';
import { copyBytes } from '../../bytes/copy.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import { concat } from '../../bytes/writer.ts';
import { type Anomaly, type Medium, readAt, type Walker } from '../walker.ts';
import {
  BASE_BLOCK_SIZE,
  type BaseBlock,
  FILE_TYPE,
  isHiveBinsSize,
  LOG_BASE_BLOCK_SIZE,
  MAX_HIVE_BINS_SIZE,
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

/** The longest read: what a log says of its entries must not decide how much is held at once. */
const LONGEST_LOG_READ = 4 << 20;

/** Of one log that are read: Windows writes the primary file long before. */
const MAX_LOG_BYTES = 256 << 20;

/** Of one entry, which is held whole to be checked: what is flushed at once is a few mebibytes at the most. */
const MAX_ENTRY_BYTES = 16 << 20;

/** Bytes of log entries that are kept to be laid over a hive, whichever sectors they are for. */
export const MAX_KEPT_BYTES = 64 << 20;

/** What the logs of several hives may keep in memory together; whoever keeps something takes it from here. */
export interface LogBudget {
  left: number;
}

/**
 * [msuhanov/regf] Log entries, Multiple transaction log files: what Windows would do to a dirty hive
 * when it loads it. Logs are taken in the order of their sequence numbers, whatever their names.
 * Rounds: one for logs of less than a mebibyte, one more each time the part in use doubles, up to 4 MiB
 * a round; two for the old format.
 */
export function* replay(primary: Primary, logs: readonly Log[], budget: LogBudget): Walker<Replay> {
  const current = logs.filter(({ base }) => base.fileType === FILE_TYPE.LOG_NEW);
  if (current.length > 0) return yield* replayEntries(primary, inOrder(current), budget);
  return yield* replayDirtyPages(primary, inOrder(logs), budget);
}

/** Sequence numbers may pass 2^32 and start again. */
function isBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

function inOrder(logs: readonly Log[]): Log[] {
  return logs.toSorted((a, b) => (a.base.primarySequence - b.base.primarySequence) | 0);
}

function* replayEntries(primary: Primary, logs: readonly Log[], budget: LogBudget): Walker<Replay> {
  const anomalies: Anomaly[] = [];
  // With a damaged base block Windows takes the latest log alone, since nothing tells where the primary stands.
  const usable =
    primary.base === undefined ? logs.slice(-1) : logs.filter((log) => !isStale(log, primary.base));
  const read = yield* together(usable.map((log) => readEntries(log, budget)));

  const sectors = new Map<number, Uint8Array>();
  let base = primary.base;
  let last: LogEntry | undefined;
  let applied = 0;
  for (const { log, entries, anomaly } of read) {
    if (last !== undefined && log.base.primarySequence !== (last.sequence + 1) >>> 0) {
      const expected = `the log before it ends with entry ${last.sequence}, but its own entries begin with ${log.base.primarySequence}`;
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

function* readEntries(log: Log, budget: LogBudget): Walker<ReadEntries> {
  const entries: LogEntry[] = [];
  const window = new Window(log.medium);
  let sequence = log.base.primarySequence;
  for (let at = LOG_BASE_BLOCK_SIZE; ; ) {
    const stop = (problem: string): ReadEntries => {
      const told = `entry ${sequence} and those after it were not applied: ${problem}`;
      return { log, entries, anomaly: { where: log.name, problem: told } };
    };
    const first = yield* window.at(at, SECTOR_SIZE);
    if (typeof first === 'string') return first === 'end' ? { log, entries } : stop(first);
    const header = peekLogEntry(first);
    if (header?.sequence !== sequence) return { log, entries };
    const { size } = header;
    if (at + size > log.medium.size) return stop('the log ends inside it');
    if (size > MAX_ENTRY_BYTES) return stop(`an entry of ${size} bytes is too long`);
    if (size > budget.left) return stop('the logs hold more than can be kept in memory');
    const whole = yield* window.at(at, size);
    if (typeof whole === 'string') return stop(whole === 'end' ? 'the log ends inside it' : whole);
    budget.left -= size;
    // A copy, since what is read later stands in the same buffer.
    const entry = tryDecode(() => decodeLogEntry(copyBytes(whole)));
    if (!entry.ok) return stop(problemOf(entry.error));
    entries.push(entry.value);
    at += size;
    sequence = (sequence + 1) >>> 0;
  }
}

/** A part of a medium that moves from its start to its end: what lies before it is forgotten. */
class Window {
  readonly #medium: Medium;
  /** Where `#bytes` begin in the medium. */
  #start = 0;
  #bytes: Uint8Array = new Uint8Array();
  #next = FIRST_LOG_READ;

  constructor(medium: Medium) {
    this.#medium = medium;
  }

  /** `length` bytes at `offset`, which never goes back; else why not: `end`, or the problem in reading. A view for now. */
  *at(offset: number, length: number): Walker<Uint8Array | string> {
    const end = offset + length;
    if (end > MAX_LOG_BYTES) return `only the first ${MAX_LOG_BYTES} bytes of a log are read`;
    while (this.#start + this.#bytes.length < end) {
      const from = this.#start + this.#bytes.length;
      const upTo = Math.min(this.#medium.size, MAX_LOG_BYTES, from + this.#next);
      this.#next = Math.min(this.#next * 2, LONGEST_LOG_READ);
      if (upTo <= from) return 'end';
      const more = yield* readAt(this.#medium, from, upTo - from);
      if (!more.ok) return more.problem;
      if (more.bytes.length === 0) return 'end';
      const kept = this.#bytes.subarray(Math.min(this.#bytes.length, offset - this.#start));
      this.#start = from - kept.length;
      this.#bytes = kept.length === 0 ? more.bytes : concat(kept, more.bytes);
    }
    return this.#bytes.subarray(offset - this.#start, end - this.#start);
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
function* replayDirtyPages(primary: Primary, logs: readonly Log[], budget: LogBudget): Walker<Replay> {
  const anomalies: Anomaly[] = [];
  for (const log of logs.toReversed()) {
    if (log.base.lastWritten !== primary.lastWritten) {
      anomalies.push({
        where: log.name,
        problem: 'not applied: it was not written at the same time as the hive',
      });
      continue;
    }
    const pages = yield* readDirtyPages(log, budget);
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

function* readDirtyPages({ base, medium }: Log, budget: LogBudget): Walker<DirtyPages> {
  const { hiveBinsSize } = base;
  if (!(isHiveBinsSize(hiveBinsSize) && hiveBinsSize <= MAX_HIVE_BINS_SIZE))
    return { ok: false, problem: `hive bins of ${hiveBinsSize} bytes are impossible` };
  const start = LOG_BASE_BLOCK_SIZE + dirtyVectorSize(hiveBinsSize);
  if (start > medium.size) return { ok: false, problem: 'the log ends inside its dirty vector' };
  const vector = yield* readAt(medium, LOG_BASE_BLOCK_SIZE, start - LOG_BASE_BLOCK_SIZE);
  if (!vector.ok) return vector;
  const room = Math.floor((medium.size - start) / SECTOR_SIZE);
  const decoded = tryDecode(() => decodeDirtyVector(vector.bytes, hiveBinsSize, room));
  if (!decoded.ok) return { ok: false, problem: problemOf(decoded.error) };
  const dirty = decoded.value;
  const length = dirty.length * SECTOR_SIZE;
  // Half of what belongs together would be worse than none of it.
  if (length > budget.left) {
    return { ok: false, problem: `its ${dirty.length} dirty pages are more than can be kept in memory` };
  }
  budget.left -= length;
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
