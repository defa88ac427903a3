import { tryDecode } from '../../bytes/decode-error.ts';
import type { Medium, ReadResult, Walker } from '../walker.ts';
import { readWhole } from './block-map.ts';
import {
  decodeVhdxLogEntry,
  decodeVhdxLogEntryHeader,
  VHDX_LOG_SECTOR,
  type VhdxHeader,
  type VhdxLogEntryHeader,
  type VhdxLogWrite,
} from './vhdx-records.ts';

/** A log has 1 MiB; one that says more than this is not read. */
const LONGEST_LOG = 64 * 1024 * 1024;

/** Zero descriptors may cover whole blocks; more than this in all is kept out of memory by refusing. */
const MOST_PAGES = 65_536;

export type ReplayedLog =
  | { readonly ok: true; readonly file: Medium; readonly entries: number }
  | { readonly ok: false; readonly problem: string };

/**
 * [MS-VHDX] 2.3.3 Log Replay, in memory: the file with the active sequence's writes laid over it.
 * The active sequence is the valid one with the highest sequence number; entries of an older life of
 * the log, and those after a gap, do not count. One dependent round.
 */
export function* replayVhdxLog(file: Medium, header: VhdxHeader): Walker<ReplayedLog> {
  if (
    !(header.logLength > 0 && header.logLength % VHDX_LOG_SECTOR === 0 && header.logLength <= LONGEST_LOG)
  ) {
    return { ok: false, problem: `its log cannot have ${header.logLength} bytes` };
  }
  const log = yield* readWhole(file, Number(header.logOffset), header.logLength);
  if (log === undefined)
    return { ok: false, problem: 'its log lies outside the file: the image is truncated' };
  const sequence = findActiveSequence(log, header.logGuid);
  if (sequence === undefined) return { ok: false, problem: 'its log has no complete sequence of entries' };
  const pages = new Map<number, Uint8Array | undefined>();
  for (const write of sequence.flatMap((entry) => entry.writes)) {
    const count = write.kind === 'zero' ? Math.ceil(write.length / VHDX_LOG_SECTOR) : 1;
    if (pages.size + count > MOST_PAGES)
      return { ok: false, problem: 'its log writes more than can be kept in memory' };
    for (let index = 0; index < count; index += 1) {
      pages.set(write.offset / VHDX_LOG_SECTOR + index, write.kind === 'data' ? write.bytes : undefined);
    }
  }
  return { ok: true, file: overlay(file, pages), entries: sequence.length };
}

interface LogEntry {
  readonly header: VhdxLogEntryHeader;
  readonly writes: readonly VhdxLogWrite[];
}

function findActiveSequence(log: Uint8Array, logGuid: string): readonly LogEntry[] | undefined {
  const entries = new Map<number, LogEntry>();
  for (let at = 0; at < log.length; at += VHDX_LOG_SECTOR) {
    const entry = readEntry(log, at);
    if (entry !== undefined && entry.header.logGuid === logGuid) entries.set(at, entry);
  }
  let best: readonly LogEntry[] | undefined;
  for (const start of entries.keys()) {
    const sequence: LogEntry[] = [];
    // Entries follow one another round the log with numbers that rise by one.
    for (let at = start; ; ) {
      const entry = entries.get(at);
      const last = sequence.at(-1);
      if (entry === undefined) break;
      if (last !== undefined && entry.header.sequenceNumber !== last.header.sequenceNumber + 1n) break;
      sequence.push(entry);
      at = (at + entry.header.length) % log.length;
    }
    const head = sequence.at(-1);
    // The last entry's tail says where its sequence begins; one that begins elsewhere is only a part.
    if (head === undefined || head.header.tail !== start) continue;
    const bestHead = best?.at(-1);
    if (bestHead === undefined || head.header.sequenceNumber > bestHead.header.sequenceNumber)
      best = sequence;
  }
  return best;
}

/** The entry at this place of the ring, which may run over the log's end to its start. */
function readEntry(log: Uint8Array, at: number): LogEntry | undefined {
  const header = tryDecode(() => decodeVhdxLogEntryHeader(log.subarray(at, at + 64)));
  if (!header.ok || header.value.length > log.length) return undefined;
  const bytes = new Uint8Array(header.value.length);
  const first = log.subarray(at, at + bytes.length);
  bytes.set(first);
  bytes.set(log.subarray(0, bytes.length - first.length), first.length);
  const writes = tryDecode(() => decodeVhdxLogEntry(bytes));
  return writes.ok ? { header: header.value, writes: writes.value } : undefined;
}

/** The file with these 4 KiB pages in place of its own; `undefined` stands for zeros. */
function overlay(file: Medium, pages: ReadonlyMap<number, Uint8Array | undefined>): Medium {
  const last = Math.max(...pages.keys());
  return {
    size: Math.max(file.size, (last + 1) * VHDX_LOG_SECTOR),
    *read(ranges) {
      const results = yield* file.read(ranges);
      return results.map((result, index): ReadResult => {
        const range = ranges[index];
        if (!result.ok || range === undefined) return result;
        const end = Math.min(range.offset + range.length, this.size);
        const bytes = new Uint8Array(Math.max(result.bytes.length, end - range.offset, 0));
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
