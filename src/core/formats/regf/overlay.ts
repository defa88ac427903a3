import { type Medium, NO_ANSWER, type Range, type ReadResult } from '../walker.ts';

/** The unit in which a log replaces parts of a hive. */
export const SECTOR_SIZE = 512;

/** Sectors by number, from the start of the medium, each of SECTOR_SIZE bytes. */
export type Sectors = ReadonlyMap<number, Uint8Array>;

/**
 * A medium with some of its sectors replaced and possibly another size; the one below stays as it is.
 * Where it is longer than the one below, what no sector replaces reads as zeros.
 * Reading takes one round, or none where all that is asked for is replaced.
 * @param size bytes
 */
export function overlay(below: Medium, sectors: Sectors, size: number): Medium {
  return {
    size,
    *read(ranges) {
      const plans = ranges.map((range) => plan(clip(range, size), sectors, below.size));
      const asked = plans.flatMap((parts) => parts.flatMap((part) => (part.kind === 'below' ? [part] : [])));
      const answers = (yield* below.read(asked)).values();
      return plans.map((parts) => assemble(parts, () => answers.next().value));
    },
  };
}

type Part =
  | { readonly kind: 'below'; readonly offset: number; readonly length: number }
  | { readonly kind: 'here'; readonly bytes: Uint8Array }
  | { readonly kind: 'zeros'; readonly length: number };

function clip({ offset, length }: Range, size: number): Range {
  return { offset, length: Math.max(0, Math.min(length, size - offset)) };
}

/** Where each part of a range comes from, in order; neighbours that come from below are one part. */
function plan({ offset, length }: Range, sectors: Sectors, belowSize: number): Part[] {
  const parts: Part[] = [];
  const end = offset + length;
  let from = offset;
  const belowUpTo = (to: number): void => {
    const there = Math.min(to, Math.max(from, belowSize));
    if (there > from) parts.push({ kind: 'below', offset: from, length: there - from });
    if (to > there) parts.push({ kind: 'zeros', length: to - there });
  };
  for (let sector = Math.floor(offset / SECTOR_SIZE); sector * SECTOR_SIZE < end; sector += 1) {
    const bytes = sectors.get(sector);
    if (bytes === undefined) continue;
    const start = Math.max(offset, sector * SECTOR_SIZE);
    const stop = Math.min(end, (sector + 1) * SECTOR_SIZE);
    belowUpTo(start);
    parts.push({
      kind: 'here',
      bytes: bytes.subarray(start - sector * SECTOR_SIZE, stop - sector * SECTOR_SIZE),
    });
    from = stop;
  }
  belowUpTo(end);
  return parts;
}

function assemble(parts: readonly Part[], nextAnswer: () => ReadResult | undefined): ReadResult {
  const pieces: Uint8Array[] = [];
  let problem: string | undefined;
  let cut = false;
  for (const part of parts) {
    const answer: ReadResult | undefined =
      part.kind === 'below'
        ? nextAnswer()
        : { ok: true, bytes: part.kind === 'here' ? part.bytes : new Uint8Array(part.length) };
    if (answer === undefined) problem ??= NO_ANSWER.problem;
    else if (!answer.ok) problem ??= answer.problem;
    // Behind a part that came back short nothing is in its place any more.
    else if (!cut) pieces.push(answer.bytes);
    if (part.kind === 'below' && answer?.ok === true && answer.bytes.length < part.length) cut = true;
  }
  if (problem !== undefined) return { ok: false, problem };
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return { ok: true, bytes: only };
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { ok: true, bytes };
}
