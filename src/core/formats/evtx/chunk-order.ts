import type { Anomaly, Walker } from '../walker.ts';
import { Anomalies } from './anomalies.ts';
import type { ChunkHeader } from './chunk-header.ts';
import { type EventLog, readSlots, type Slot } from './log.ts';

/** Up to so many slots all headers are read at once (32 KiB); beyond, the newest chunk is searched for. */
const HEADERS_AT_ONCE = 64;

/** Headers looked at in one round of the search: a round costs more than a header. */
const PROBES = 16;

/** Headers read in one round where all are wanted; each may stand in a block of its own that is fetched for it. */
const HEADERS_A_ROUND = 256;

/** Where the chunks of a log stand, from the newest to the oldest. */
export interface ChunkOrder {
  /**
   * Slots, newest first. Of a log that was searched they are all slots, backwards round the file from
   * the newest chunk, unused ones included.
   */
  readonly slots: readonly number[];
  /** Slot of the oldest chunk. */
  readonly oldest: number | undefined;
  /** The chunk that is written to, in a log that was not closed: there records may stand that no header knows. */
  readonly open: OpenChunk | undefined;
  /**
   * Not all headers were looked at. That the rest are in order is to be seen while reading: each
   * chunk's last record comes right before the first of the one read before it.
   */
  readonly searched: boolean;
  readonly anomalies: readonly Anomaly[];
}

/** The newest chunk of a log that is flagged dirty. */
export interface OpenChunk {
  readonly slot: number;
  /** What the first record that no header knows must be called. */
  readonly nextRecordId: number;
}

/**
 * Finds the newest chunk. Chunks are written one after the other, and once the file is full again from
 * its first slot on; so identifiers rise round the file from the oldest to the newest.
 * One round up to 64 slots, two up to about a thousand, three beyond; some more where the order turns
 * out not to be that, and one where the log was not closed and the chunk behind the newest is not known.
 */
export function* orderChunks(log: EventLog): Walker<ChunkOrder> {
  if (log.slots <= HEADERS_AT_ONCE) return yield* sortChunks(log);
  const seen = new Map<number, Slot>();
  let from = 0;
  let to = log.slots;
  while (to - from > 1) {
    const step = to - from <= HEADERS_AT_ONCE ? 1 : Math.ceil((to - from) / PROBES);
    const probes = new Set<number>();
    for (let slot = from; slot < to; slot += step) probes.add(slot);
    // What its header takes for the newest, and the one after that: right, if the log was closed properly.
    if (seen.size === 0 && log.header !== undefined) {
      for (const slot of [log.header.lastChunk, log.header.lastChunk + 1])
        if (slot < log.slots) probes.add(slot);
    }
    const unseen = [...probes].filter((slot) => !seen.has(slot));
    for (const [index, slot] of (yield* readSlots(log, unseen)).entries()) seen.set(unseen[index] ?? 0, slot);
    const newest = newestOf(seen);
    if (newest === undefined) return yield* sortChunks(log);
    from = newest;
    to = Math.min(log.slots, ...[...seen.keys()].filter((slot) => slot > newest));
  }
  if (!isInOrder(log, seen, from)) return yield* sortChunks(log);
  const behind = (from + 1) % log.slots;
  if (log.header?.dirty === true && !seen.has(behind)) {
    const [slot] = yield* readSlots(log, [behind]);
    if (slot !== undefined) seen.set(behind, slot);
  }
  const known = seen.get(from);
  const open =
    known?.kind === 'chunk'
      ? openChunkOf(log, { slot: from, header: known.header }, (slot) => seen.get(slot)?.kind === 'empty')
      : undefined;
  const newest = open?.slot ?? from;
  const slots = Array.from({ length: log.slots }, (_, back) => (newest - back + log.slots) % log.slots);
  return { slots, oldest: oldestOf(log, seen, from), open, searched: true, anomalies: [] };
}

interface PlacedChunk {
  readonly slot: number;
  readonly header: ChunkHeader;
}

/** @param newest the chunk with the greatest identifiers; an empty one right behind it is the one written to */
function openChunkOf(
  log: EventLog,
  { slot, header }: PlacedChunk,
  isEmpty: (slot: number) => boolean,
): OpenChunk | undefined {
  if (log.header?.dirty !== true) return undefined;
  const behind = (slot + 1) % log.slots;
  return { slot: isEmpty(behind) ? behind : slot, nextRecordId: header.lastRecordId + 1 };
}

/** Reads all headers, and sorts by what they say. A round for each 256. */
export function* sortChunks(log: EventLog): Walker<ChunkOrder> {
  const chunks: PlacedChunk[] = [];
  const empty = new Set<number>();
  const anomalies = new Anomalies();
  for (let from = 0; from < log.slots; from += HEADERS_A_ROUND) {
    const length = Math.min(HEADERS_A_ROUND, log.slots - from);
    const slots = yield* readSlots(
      log,
      Array.from({ length }, (_, index) => from + index),
    );
    for (const [index, slot] of slots.entries()) {
      if (slot.kind === 'chunk') chunks.push({ slot: from + index, header: slot.header });
      else if (slot.kind === 'empty') empty.add(from + index);
      else if (slot.kind === 'unreadable') anomalies.addAll([slot.anomaly]);
    }
  }
  chunks.sort((a, b) => b.header.lastRecordId - a.header.lastRecordId || b.slot - a.slot);
  const [newest] = chunks;
  const open =
    newest === undefined ? firstChunkOf(log, empty) : openChunkOf(log, newest, (slot) => empty.has(slot));
  const slots = chunks.map(({ slot }) => slot);
  return {
    slots: open === undefined || slots.includes(open.slot) ? slots : [open.slot, ...slots],
    oldest: chunks.at(-1)?.slot ?? open?.slot,
    open,
    searched: false,
    anomalies: anomalies.list(),
  };
}

/** A log whose first chunk was never finished: its header alone knows how records are to be called. */
function firstChunkOf({ header }: EventLog, empty: ReadonlySet<number>): OpenChunk | undefined {
  const [slot] = empty;
  return header?.dirty === true && slot !== undefined
    ? { slot, nextRecordId: header.nextRecordId }
    : undefined;
}

function newestOf(seen: ReadonlyMap<number, Slot>): number | undefined {
  let newest: { readonly slot: number; readonly id: number } | undefined;
  for (const [slot, found] of seen) {
    if (found.kind !== 'chunk') continue;
    const id = found.header.lastRecordId;
    if (newest === undefined || id > newest.id) newest = { slot, id };
  }
  return newest?.slot;
}

/** The first chunk behind the newest one, going round the file. */
function oldestOf({ slots }: EventLog, seen: ReadonlyMap<number, Slot>, newest: number): number | undefined {
  for (let step = 1; step <= slots; step += 1) {
    const slot = (newest + step) % slots;
    if (seen.get(slot)?.kind === 'chunk') return slot;
  }
  return undefined;
}

/** Whether what was seen of the headers rises round the file, and a file header that was closed properly agrees. */
function isInOrder({ header, slots }: EventLog, seen: ReadonlyMap<number, Slot>, newest: number): boolean {
  let previous = -1;
  for (let step = 1; step <= slots; step += 1) {
    const found = seen.get((newest + step) % slots);
    if (found?.kind === 'unreadable') return false;
    if (found?.kind !== 'chunk') continue;
    if (!(found.header.firstRecordId > previous)) return false;
    previous = found.header.lastRecordId;
  }
  return header === undefined || header.dirty || header.nextRecordId === previous + 1;
}
