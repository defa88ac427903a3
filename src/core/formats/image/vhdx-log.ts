import { tryDecode } from '../../bytes/decode-error.ts';
import type { Medium, ReadResult, Walker } from '../walker.ts';
import { placeIn, readWhole } from './block-map.ts';
import {
  decodeVhdxLogEntry,
  decodeVhdxLogEntryHeader,
  VHDX_LOG_SECTOR,
  type VhdxHeader,
  type VhdxLogEntryHeader,
  type VhdxLogWrite,
} from './vhdx-records.ts';

/** A log has 1 MiB in practice; one that says more than this is not read, since it is held in memory, for each disk of a chain. */
const LONGEST_LOG = 4 * 1024 * 1024;

/** Entries do not overlap, but leftovers of older rounds may lie between them; each is read whole to be checked. */
const MOST_ROUNDS_OF_LEFTOVERS = 4;

/** Zero descriptors may cover whole blocks; more than this in all is kept out of memory by refusing. */
const MOST_PAGES = 65_536;

/** The same page may be written again and again: so many writes of a page in all, by descriptors that cost 32 bytes each. */
const MOST_PAGE_WRITES = 4 * MOST_PAGES;

export type ReplayedLog =
  | { readonly ok: true; readonly file: Medium; readonly entries: number }
  | { readonly ok: false; readonly problem: string };

/**
 * [MS-VHDX] 2.3.3 Log Replay, in memory: the file with the active sequence's writes laid over it.
 * The active sequence is the valid one with the highest sequence number; entries of an older life of
 * the log, and those after a gap, do not count. One dependent round.
 */
export function* replayVhdxLog(file: Medium, header: VhdxHeader): Walker<ReplayedLog> {
  if (header.logVersion !== 0)
    return { ok: false, problem: `its log has the unknown version ${header.logVersion}` };
  if (
    !(header.logLength > 0 && header.logLength % VHDX_LOG_SECTOR === 0 && header.logLength <= LONGEST_LOG)
  ) {
    return { ok: false, problem: `its log cannot be ${header.logLength} bytes long` };
  }
  const log = yield* readWhole(file, placeIn(file, header.logOffset), header.logLength);
  if (log === undefined)
    return { ok: false, problem: 'its log lies outside the file: the image is truncated' };
  const sequence = findActiveSequence(readEntries(log, header.logGuid), log.length);
  const head = sequence?.at(-1);
  if (sequence === undefined || head === undefined)
    return { ok: false, problem: 'its log has no complete sequence of entries' };
  const { flushedFileOffset, lastFileOffset } = head.header;
  if (file.size < flushedFileOffset) {
    return {
      ok: false,
      problem: `the file has ${file.size} bytes and needs at least ${flushedFileOffset}: the image is truncated`,
    };
  }
  const pages = new Map<number, Uint8Array | undefined>();
  let size = Math.max(file.size, lastFileOffset);
  let written = 0;
  for (const write of sequence.flatMap((entry) => entry.writes)) {
    const count = write.kind === 'zero' ? write.length / VHDX_LOG_SECTOR : 1;
    written += count;
    if (pages.size + count > MOST_PAGES || written > MOST_PAGE_WRITES)
      return { ok: false, problem: 'its log writes more than can be kept in memory' };
    for (let index = 0; index < count; index += 1) {
      pages.set(write.offset / VHDX_LOG_SECTOR + index, write.kind === 'data' ? write.bytes : undefined);
    }
    size = Math.max(size, write.offset + count * VHDX_LOG_SECTOR);
  }
  return { ok: true, file: overlay(file, size, pages), entries: sequence.length };
}

interface LogEntry {
  /** Where it begins in the log. */
  readonly at: number;
  readonly header: VhdxLogEntryHeader;
  readonly writes: readonly VhdxLogWrite[];
}

/** All valid entries of this life of the log, by where they begin. */
function readEntries(log: Uint8Array, logGuid: string): ReadonlyMap<number, LogEntry> {
  const entries = new Map<number, LogEntry>();
  let budget = MOST_ROUNDS_OF_LEFTOVERS * log.length;
  for (let at = 0; at < log.length; at += VHDX_LOG_SECTOR) {
    const decoded = tryDecode(() => decodeVhdxLogEntryHeader(log.subarray(at, at + 64)));
    if (!decoded.ok || decoded.value.logGuid !== logGuid) continue;
    const header = decoded.value;
    if (header.length > log.length || header.length > budget) continue;
    budget -= header.length;
    const writes = tryDecode(() => decodeVhdxLogEntry(wrapped(log, at, header.length)));
    if (writes.ok) entries.set(at, { at, header, writes: writes.value });
  }
  return entries;
}

/** The newest sequence that is complete: from the tail that its last entry names to that entry, without a gap. */
function findActiveSequence(
  entries: ReadonlyMap<number, LogEntry>,
  logLength: number,
): readonly LogEntry[] | undefined {
  const following = (entry: LogEntry): LogEntry | undefined => {
    const next = entries.get((entry.at + entry.header.length) % logLength);
    return next?.header.sequenceNumber === entry.header.sequenceNumber + 1n ? next : undefined;
  };
  const heads = [...entries.values()].filter((entry) => following(entry) === undefined);
  heads.sort((a, b) => (a.header.sequenceNumber > b.header.sequenceNumber ? -1 : 1));
  for (const head of heads) {
    const sequence: LogEntry[] = [];
    // Numbers rise from entry to entry, so this comes to an end.
    let length = 0;
    for (let entry = entries.get(head.header.tail); entry !== undefined; entry = following(entry)) {
      sequence.push(entry);
      length += entry.header.length;
      // Entries of one life of the log do not lie over each other.
      if (length > logLength) break;
      if (entry === head) return sequence;
    }
  }
  return undefined;
}

/** Bytes of the ring, which may run over the log's end to its start. */
function wrapped(log: Uint8Array, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const first = log.subarray(at, at + length);
  bytes.set(first);
  bytes.set(log.subarray(0, length - first.length), first.length);
  return bytes;
}

/** The file, extended to `size`, with these 4 KiB pages in place of its own; `undefined` stands for zeros. */
function overlay(file: Medium, size: number, pages: ReadonlyMap<number, Uint8Array | undefined>): Medium {
  return {
    size,
    *read(ranges) {
      const results = yield* file.read(ranges);
      return results.map((result, index): ReadResult => {
        const range = ranges[index];
        if (!result.ok || range === undefined) return result;
        const end = Math.min(range.offset + range.length, size);
        // Only what lies behind the file's own end is made of zeros; a source that gives less is told from that.
        const there = Math.max(0, Math.min(end, file.size) - range.offset);
        if (result.bytes.length < there) return result;
        const bytes = new Uint8Array(Math.max(end - range.offset, 0));
        bytes.set(result.bytes);
        const first = Math.floor(range.offset / VHDX_LOG_SECTOR);
        for (let page = first; page * VHDX_LOG_SECTOR < end; page += 1) {
          if (!pages.has(page)) continue;
          const from = Math.max(range.offset, page * VHDX_LOG_SECTOR);
          const to = Math.min(end, (page + 1) * VHDX_LOG_SECTOR);
          const content = pages.get(page);
          const within = from - page * VHDX_LOG_SECTOR;
          if (content === undefined) bytes.fill(0, from - range.offset, to - range.offset);
          else bytes.set(content.subarray(within, within + to - from), from - range.offset);
        }
        return { ok: true, bytes };
      });
    },
  };
}
