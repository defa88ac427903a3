import { fromBase64, toBase64 } from '../../bytes/base64.ts';
import { sha256 } from '../../crypto/digest.ts';
import { readDense } from './dense.ts';
import { type RawLine, readRaw } from './raw-lines.ts';

/**
 * The frame around what a script prints:
 *
 *     -----BEGIN RDPDOCTOR ANSWER 1-----
 *     [1] …lines of fields, see dense.ts… [/1:LINES:CHARACTERS]
 *     [r2] …what a program printed, each line with its number and a colon, see raw-lines.ts… [/r2:LINES]
 *     [z3] …base64 of gzip of further sections… [/z3:CHARACTERS:SHA-256 of the gzip, in base64]
 *     -----END RDPDOCTOR ANSWER:3-----        (sections, those inside a [z] not counted)
 *
 * White space counts in `r` alone. Everywhere else, within the marks too, it may be lost, added or changed, and so
 * may `>`: that is what a paste does. Sections have numbers of their own, those inside a [z] too. Whatever
 * does not arrive whole is lost, and never taken for what it was not.
 */
const FRAME_VERSION = 1;

/** Undoes gzip: `undefined` where the data is damaged, or would be longer than `limit` bytes. */
export type Unpack = (gzip: Uint8Array, limit: number) => Uint8Array | undefined;

export type Section =
  | { readonly form: 'fields'; readonly lines: readonly (readonly string[])[] }
  | { readonly form: 'raw'; readonly lines: readonly RawLine[] };

export interface Frame {
  /** What arrived whole, by number. */
  readonly sections: ReadonlyMap<number, Section>;
  /** Numbers of sections of which something arrived, but not all. */
  readonly damaged: readonly number[];
  /** Compressed parts that did not arrive whole. */
  readonly damagedParts: number;
  /** Nothing is missing between the first mark and the last. */
  readonly whole: boolean;
}

export type FrameRead =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly problem: string };

/** A machine with thousands of certificates or events brings some megabytes. */
const MOST_UNPACKED = 64 * 1024 * 1024;
const MOST_TEXT = 64 * 1024 * 1024;
const MOST_SECTIONS = 20_000;
const MOST_ANSWERS = 20;

/** Finds the answer in a text with anything around it. Of several the one of which most arrived, of equals the last. */
export function readFrame(text: string, unpack: Unpack): FrameRead {
  if (text.length > MOST_TEXT) return { ok: false, problem: `it is longer than ${MOST_TEXT} characters` };
  const paste = squeeze(text);
  const begins = [...paste.squeezed.matchAll(/-----BEGINRDPDOCTORANSWER(\d{1,9})-----/g)].slice(
    -MOST_ANSWERS,
  );
  const ours = begins.filter(([, version]) => Number(version) === FRAME_VERSION);
  if (begins[0] === undefined) return { ok: false, problem: problemWithout(paste.squeezed) };
  if (ours.length === 0) {
    const problem = `its form has the number ${begins[0][1]}, and this rdpdoctor reads number ${FRAME_VERSION}`;
    return { ok: false, problem };
  }
  let best: Frame | undefined;
  for (const begin of ours) {
    const next = begins[begins.indexOf(begin) + 1]?.index ?? paste.squeezed.length;
    const frame = readBetween(paste, begin.index + begin[0].length, next, unpack);
    if (best === undefined || frame.sections.size >= best.sections.size) best = frame;
  }
  return best === undefined || best.sections.size === 0
    ? { ok: false, problem: 'no part of the answer arrived whole' }
    : { ok: true, frame: best };
}

function problemWithout(squeezed: string): string {
  return squeezed.includes('-----ENDRDPDOCTORANSWER')
    ? 'its beginning is missing: no line says BEGIN RDPDOCTOR ANSWER'
    : 'there is no answer in it: no line says BEGIN RDPDOCTOR ANSWER';
}

/** A text as it was pasted and without its white space and quote marks, with the place of each character that is left. */
interface Paste {
  readonly text: string;
  readonly squeezed: string;
  readonly places: Uint32Array;
}

/** Neither white space of any kind, nor what no one sees, nor the mark of a quotation. */
const INK = /[^\s>\u00ad\u200b-\u200f\u2060]+/g;

function squeeze(text: string): Paste {
  const places = new Uint32Array(text.length + 1);
  const runs: string[] = [];
  let length = 0;
  for (const { 0: run, index } of text.matchAll(INK)) {
    for (let at = 0; at < run.length; at += 1) places[length + at] = index + at;
    runs.push(run);
    length += run.length;
  }
  places[length] = text.length;
  return { text, squeezed: runs.join(''), places };
}

interface Reading {
  readonly sections: Map<number, Section>;
  readonly damaged: Set<number>;
  damagedParts: number;
  /** Sections that arrived whole, those inside others not counted. */
  top: number;
  /** Bytes that may still be unpacked. */
  left: number;
}

function readBetween(paste: Paste, from: number, until: number, unpack: Unpack): Frame {
  const end = /-----ENDRDPDOCTORANSWER:(\d{1,6})-----/.exec(paste.squeezed.slice(from, until));
  const reading: Reading = {
    sections: new Map(),
    damaged: new Set(),
    damagedParts: 0,
    top: 0,
    left: MOST_UNPACKED,
  };
  readSections(paste, from, end === null ? until : from + end.index, reading, unpack);
  return {
    sections: reading.sections,
    damaged: [...reading.damaged].filter((number) => !reading.sections.has(number)).sort((a, b) => a - b),
    damagedParts: reading.damagedParts,
    whole: end !== null && Number(end[1]) === reading.top,
  };
}

interface Mark {
  readonly closes: boolean;
  readonly form: string;
  readonly number: number;
  readonly counts: readonly string[];
  readonly from: number;
  readonly to: number;
}

function marksIn(squeezed: string, from: number, until: number): readonly Mark[] {
  const found = squeezed
    .slice(from, until)
    .matchAll(/\[(\/?)([rz]?)(\d{1,6})((?::[A-Za-z0-9+/=]{1,50})*)\]/g);
  return [...found].map(({ 0: whole, 1: slash, 2: form = '', 3: number, 4: counts = '', index }) => ({
    closes: slash !== '',
    form,
    number: Number(number),
    counts: counts.split(':').slice(1),
    from: from + index,
    to: from + index + whole.length,
  }));
}

/** @param unpack left out inside a compressed part: there is none within another */
function readSections(paste: Paste, from: number, until: number, reading: Reading, unpack?: Unpack): void {
  const marks = marksIn(paste.squeezed, from, until);
  const rawEnds = rawEndsIn(marks);
  for (let at = 0; at < marks.length && reading.sections.size < MOST_SECTIONS; at += 1) {
    const open = marks[at];
    if (open === undefined) break;
    // What a program printed may hold something that looks like a mark; elsewhere the next one must be the end.
    const to =
      open.closes === true
        ? -1
        : open.form === 'r'
          ? endAfter(at, rawEnds.get(open.number))
          : isEndOf(marks[at + 1], open)
            ? at + 1
            : -1;
    const close = marks[to];
    const isWhole = close !== undefined && readSection(paste, open, close, reading, unpack);
    if (isWhole && unpack !== undefined) reading.top += 1;
    if (close !== undefined) at = to;
    if (isWhole) continue;
    if (open.form === 'z') reading.damagedParts += 1;
    else if (reading.damaged.size < MOST_SECTIONS) reading.damaged.add(open.number);
  }
}

/** Where marks that end a raw section stand, by its number; the first is last. */
function rawEndsIn(marks: readonly Mark[]): ReadonlyMap<number, number[]> {
  const ends = new Map<number, number[]>();
  for (let at = marks.length - 1; at >= 0; at -= 1) {
    const mark = marks[at];
    if (mark?.closes !== true || mark.form !== 'r') continue;
    const known = ends.get(mark.number);
    if (known === undefined) ends.set(mark.number, [at]);
    else known.push(at);
  }
  return ends;
}

/** The first of them behind a mark; those before it are taken away, since marks are gone through in their order. */
function endAfter(at: number, ends: number[] = []): number {
  while ((ends.at(-1) ?? Number.POSITIVE_INFINITY) <= at) ends.pop();
  return ends.at(-1) ?? -1;
}

function isEndOf(mark: Mark | undefined, open: Mark): boolean {
  return mark?.closes === true && mark.form === open.form && mark.number === open.number;
}

function readSection(paste: Paste, open: Mark, close: Mark, reading: Reading, unpack?: Unpack): boolean {
  const body = paste.squeezed.slice(open.to, close.from);
  if (open.form === 'z') return unpack !== undefined && readPart(body, close.counts, reading, unpack);
  const section =
    open.form === 'r'
      ? rawSection(paste.text.slice(paste.places[open.to - 1] ?? 0, paste.places[close.from]), close.counts)
      : fieldSection(body, close.counts);
  if (section === undefined) return false;
  if (!reading.sections.has(open.number)) reading.sections.set(open.number, section);
  return true;
}

function readPart(
  body: string,
  [characters, hash]: readonly string[],
  reading: Reading,
  unpack: Unpack,
): boolean {
  if (Number(characters) !== body.length) return false;
  const gzip = fromBase64(body);
  if (gzip === undefined || toBase64(sha256(gzip)) !== hash) return false;
  const bytes = unpack(gzip, reading.left);
  if (bytes === undefined) return false;
  reading.left -= bytes.length;
  const inner = squeeze(new TextDecoder('utf-8').decode(bytes));
  readSections(inner, 0, inner.squeezed.length, reading);
  return true;
}

function fieldSection(body: string, [count, characters]: readonly string[]): Section | undefined {
  if (Number(characters) !== body.length) return undefined;
  const lines = readDense(body);
  return lines === undefined || lines.length !== Number(count) ? undefined : { form: 'fields', lines };
}

function rawSection(text: string, [count]: readonly string[]): Section | undefined {
  // The text begins with the bracket that ends the mark.
  const lines = readRaw(text.slice(1));
  return lines === undefined || lines.length !== Number(count) ? undefined : { form: 'raw', lines };
}
