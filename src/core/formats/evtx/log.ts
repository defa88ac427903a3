import { tryDecode } from '../../bytes/decode-error.ts';
import { type Anomaly, type Medium, NO_ANSWER, readAt, type Walker } from '../walker.ts';
import type { Anomalies } from './anomalies.ts';
import { Chunk, chunkName } from './chunk.ts';
import {
  CHUNK_HEADER_SIZE,
  CHUNK_SIZE,
  type ChunkHeader,
  checkChunk,
  decodeChunkHeader,
  isUnused,
} from './chunk-header.ts';
import { decodeFileHeader, type FileHeader, HEADER_BLOCK_SIZE } from './file-header.ts';

/** An event log that was opened: its chunks are counted by the size of the file, whatever its header says. */
export interface EventLog {
  readonly medium: Medium;
  /** `undefined` where it cannot be read, which keeps nothing from the records. */
  readonly header: FileHeader | undefined;
  /** How many chunks the file has room for, MAX_SLOTS at the most; the last may be cut off. */
  readonly slots: number;
  readonly anomalies: readonly Anomaly[];
}

/** A log counts its chunks in 16 bits: 4 GiB. What a file has beyond that, a hole for one, is not looked at. */
const MAX_SLOTS = 0xffff;

/** Opens a log. One round. */
export function* openLog(medium: Medium): Walker<EventLog> {
  const anomalies: Anomaly[] = [];
  const where = 'file header';
  const read = yield* readAt(medium, 0, Math.min(HEADER_BLOCK_SIZE, medium.size));
  let header: FileHeader | undefined;
  if (!read.ok) anomalies.push({ where, problem: read.problem });
  else {
    const decoded = tryDecode(() => decodeFileHeader(read.bytes));
    if (decoded.ok) header = decoded.value;
    else anomalies.push({ where, problem: decoded.error.message });
    if (header?.checksum === 'wrong') anomalies.push({ where, problem: 'its checksum is wrong' });
  }
  const room = Math.max(0, Math.ceil((medium.size - HEADER_BLOCK_SIZE) / CHUNK_SIZE));
  const slots = Math.min(room, MAX_SLOTS);
  if (room > slots) {
    const problem = `it has ${medium.size} bytes, of which only the first ${slots} chunks are read`;
    anomalies.push({ where: 'log', problem });
  }
  return { medium, header, slots, anomalies };
}

/** What a slot turned out to hold. */
export type Slot =
  | { readonly kind: 'chunk'; readonly header: ChunkHeader }
  /** Prepared for records that its header does not know of yet. */
  | { readonly kind: 'empty'; readonly header: ChunkHeader }
  /** Nothing was ever written there. */
  | { readonly kind: 'unused' }
  | { readonly kind: 'unreadable'; readonly anomaly: Anomaly };

/** The headers of the chunks in some slots. One round, or none for no slots. */
export function* readSlots(log: EventLog, slots: readonly number[]): Walker<readonly Slot[]> {
  const results = yield* log.medium.read(
    slots.map((slot) => ({ offset: slotOffset(slot), length: CHUNK_HEADER_SIZE })),
  );
  return slots.map((slot, index) => {
    const result = results[index] ?? NO_ANSWER;
    if (!result.ok) {
      return unreadable(slot, result.problem);
    }
    return judgeSlot(slot, result.bytes);
  });
}

function judgeSlot(slot: number, bytes: Uint8Array): Slot {
  if (isUnused(bytes)) return { kind: 'unused' };
  const decoded = tryDecode(() => decodeChunkHeader(bytes));
  if (decoded.ok) return { kind: decoded.value.isEmpty ? 'empty' : 'chunk', header: decoded.value };
  return unreadable(slot, decoded.error.message);
}

function unreadable(slot: number, problem: string): Slot {
  return { kind: 'unreadable', anomaly: { where: chunkName(slot), problem } };
}

/** Whole chunks out of some slots; unused and unreadable ones are `undefined`, and what is wrong with them is noted. */
export function* readChunks(
  log: EventLog,
  slots: readonly number[],
  anomalies: Anomalies,
): Walker<readonly (Chunk | undefined)[]> {
  const results = yield* log.medium.read(
    slots.map((slot) => ({ offset: slotOffset(slot), length: CHUNK_SIZE })),
  );
  return slots.map((slot, index) => {
    const result = results[index] ?? NO_ANSWER;
    if (result.ok) return openChunk(slot, result.bytes, anomalies);
    anomalies.add(chunkName(slot), result.problem);
    return undefined;
  });
}

/** A chunk whose header is damaged is opened without it: its records may be whole. */
function openChunk(slot: number, bytes: Uint8Array, anomalies: Anomalies): Chunk | undefined {
  const where = chunkName(slot);
  const judged = judgeSlot(slot, bytes.subarray(0, CHUNK_HEADER_SIZE));
  if (judged.kind === 'unused' && isUnused(bytes)) return undefined;
  if (judged.kind === 'unused') anomalies.add(where, 'it has no header');
  if (judged.kind === 'unreadable') anomalies.add(where, judged.anomaly.problem);
  const header = judged.kind === 'chunk' || judged.kind === 'empty' ? judged.header : undefined;
  if (bytes.length < CHUNK_SIZE) {
    anomalies.add(where, `the file ends after ${bytes.length} of its 65536 bytes`);
  } else if (header !== undefined) {
    const checksums = checkChunk(bytes, header);
    if (checksums.header === 'wrong') anomalies.add(where, 'the checksum of its header is wrong');
    if (checksums.records === 'wrong') anomalies.add(where, 'the checksum of its records is wrong');
  }
  return new Chunk(slot, bytes, header);
}

function slotOffset(slot: number): number {
  return HEADER_BLOCK_SIZE + slot * CHUNK_SIZE;
}
