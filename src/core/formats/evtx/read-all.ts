import { pause } from '../../bytes/batched.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import type { Anomaly, Walker } from '../walker.ts';
import { Anomalies } from './anomalies.ts';
import { recordName, type StoredRecord } from './chunk.ts';
import { orderChunks } from './chunk-order.ts';
import { type EventRecordData, openRecord, readEvent } from './event.ts';
import { type EventLog, readChunks } from './log.ts';
import { scanRecords } from './records.ts';

/** Chunks read in one round: a megabyte. */
const CHUNKS_A_ROUND = 16;

/** What reading a whole log came to. */
export interface LogSummary {
  /** Records found, with those that could not be decoded. */
  readonly records: number;
  /** Of these, how many stand behind a damaged place of their chunk, or in one without a header. */
  readonly recovered: number;
  readonly events: number;
  /** Chunks that hold anything. */
  readonly chunks: number;
  readonly anomalies: readonly Anomaly[];
}

/**
 * Reads every event of a log, in the order of the file (that of time, up to where it begins anew).
 * A megabyte is held at a time, and costs one round; a log that was not closed costs those of
 * `orderChunks` before. A record that cannot be decoded is an anomaly.
 * @param visit is given each event with its record, which holds on to the 64 KiB around it
 */
export function* readAllEvents(
  log: EventLog,
  visit: (event: EventRecordData, record: StoredRecord) => void,
): Walker<LogSummary> {
  const anomalies = new Anomalies();
  const open = log.header?.dirty === true ? (yield* orderChunks(log)).open : undefined;
  const count = { records: 0, recovered: 0, events: 0, chunks: 0 };
  for (let from = 0; from < log.slots; from += CHUNKS_A_ROUND) {
    const length = Math.min(CHUNKS_A_ROUND, log.slots - from);
    const slots = Array.from({ length }, (_, index) => from + index);
    const chunks = [...(yield* readChunks(log, slots, anomalies))];
    for (let index = 0; index < chunks.length; index += 1) {
      const chunk = chunks[index];
      // What is read from it is many times its size.
      chunks[index] = undefined;
      if (chunk === undefined) continue;
      yield* pause();
      count.chunks += 1;
      const scan = scanRecords(chunk, chunk.slot === open?.slot ? open.nextRecordId : undefined);
      anomalies.addAll(scan.anomalies);
      count.records += scan.records.length;
      count.recovered += scan.recovered;
      for (const record of scan.records) {
        const read = tryDecode(() => readEvent(openRecord(record)));
        if (!read.ok) {
          anomalies.add(recordName(record), read.error.message);
          continue;
        }
        if (read.value.problem !== undefined) anomalies.add(recordName(record), read.value.problem);
        count.events += 1;
        visit(read.value.event, record);
      }
    }
  }
  return { ...count, anomalies: anomalies.list() };
}
