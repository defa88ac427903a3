import type { Anomaly } from '../walker.ts';
import { type Chunk, chunkName, type StoredRecord } from './chunk.ts';
import { CHUNK_HEADER_SIZE } from './chunk-header.ts';

/** [libevtx] Event record: signature, size, identifier, FILETIME; the size again at its end. */
export const RECORD_HEADER_SIZE = 4 + 4 + 8 + 8;
const TRAILER_SIZE = 4;

/** "**" and two zeros, as a little-endian number. */
const SIGNATURE = 0x2a2a;

/** Windows pads records to this. */
const ALIGNMENT = 8;

/** The records of a chunk, and what was met between them. */
export interface RecordScan {
  /** In the order of the chunk. */
  readonly records: readonly StoredRecord[];
  /** How many of them stand behind a damaged place, or in a chunk without a header. */
  readonly recovered: number;
  readonly anomalies: readonly Anomaly[];
}

/**
 * Finds the records of a chunk from the first to the one at its free space. Where a record is torn, the
 * search goes on at the next thing that looks like one.
 * Beyond the free space stand leftovers, but in the chunk that was being written to when a log was left
 * open: its header is older than its records, which go on there with the next identifier.
 * @param nextRecordId in that chunk alone: the identifier with which they go on
 */
export function scanRecords(chunk: Chunk, nextRecordId?: number): RecordScan {
  const { bytes, header } = chunk;
  const records: StoredRecord[] = [];
  const anomalies: Anomaly[] = [];
  const where = chunkName(chunk.slot);
  const free = Math.min(header?.freeSpace ?? bytes.length, bytes.length);
  let at = CHUNK_HEADER_SIZE;
  let isBehindDamage = header === undefined;
  let recovered = 0;
  while (at < free) {
    const record = recordAt(chunk, at);
    if (record !== undefined) {
      records.push(record);
      if (isBehindDamage) recovered += 1;
      at += record.size;
      continue;
    }
    const next = findRecord(chunk, at + 1, free);
    // Without a header nobody says where its records end.
    const isEnd = next === undefined && header === undefined;
    if (!isEnd)
      anomalies.push({ where: `${where} at 0x${at.toString(16)}`, problem: 'there is no complete record' });
    if (next === undefined) return { records, recovered, anomalies };
    isBehindDamage = true;
    at = next;
  }
  let expected = nextRecordId;
  let beyond = 0;
  while (header !== undefined && expected !== undefined) {
    const record = recordAt(chunk, at);
    if (record === undefined || record.id !== expected) break;
    records.push(record);
    at += record.size;
    expected = record.id + 1;
    beyond += 1;
  }
  if (beyond > 0) {
    anomalies.push({ where, problem: `records follow the last one that its header lists (${beyond})` });
  }
  return { records, recovered, anomalies };
}

/** The record at an offset, where a whole one with both its sizes alike stands there. */
function recordAt(chunk: Chunk, offset: number): StoredRecord | undefined {
  const { bytes, view } = chunk;
  if (offset + RECORD_HEADER_SIZE + TRAILER_SIZE > bytes.length) return undefined;
  if (view.getUint32(offset, true) !== SIGNATURE) return undefined;
  const size = view.getUint32(offset + 4, true);
  if (size < RECORD_HEADER_SIZE + TRAILER_SIZE || size > bytes.length - offset) return undefined;
  if (view.getUint32(offset + size - TRAILER_SIZE, true) !== size) return undefined;
  const id = view.getUint32(offset + 12, true) * 0x1_0000_0000 + view.getUint32(offset + 8, true);
  if (!Number.isSafeInteger(id)) return undefined;
  return { chunk, offset, size, id, written: view.getBigUint64(offset + 16, true) };
}

function findRecord(chunk: Chunk, from: number, end: number): number | undefined {
  for (let at = Math.ceil(from / ALIGNMENT) * ALIGNMENT; at < end; at += ALIGNMENT) {
    if (recordAt(chunk, at) !== undefined) return at;
  }
  return undefined;
}
