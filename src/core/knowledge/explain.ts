import { readBare, readEventData, readOne } from './code-readings.ts';
import { findNames, similarNames } from './code-tables.ts';
import { ERROR_TEXTS, type ErrorText } from './error-texts.ts';
import { findEvent } from './events.ts';
import { findCodes } from './find-codes.ts';
import { matchTexts, similarErrorTexts, squash } from './match-text.ts';
import { type RankedCause, rankCauses } from './rank-causes.ts';
import { common, type Reading, readEvent } from './reading.ts';
import type { Meaning } from './wording.ts';

export type { RankedCause } from './rank-causes.ts';
export type { Reading, ReadingKind } from './reading.ts';

export interface Explanation {
  readonly input: string;
  /** What fits everything that was read together, likeliest first. */
  readonly causes: readonly RankedCause[];
  /** Everything that was read; empty where nothing is known. */
  readonly readings: readonly Reading[];
  /** Whether the readings are different things that one number can mean, and not parts of one text. */
  readonly alternatives: boolean;
  /** Codes in the text that stand in no table. */
  readonly unknown: readonly string[];
  /** Near names and titles, where there is no reading. */
  readonly suggestions: readonly string[];
}

/** A longer text is refused where it is read; here it is cut. One mebibyte. */
export const MAX_INPUT = 1_048_576;
const MAX_SUGGESTIONS = 5;

/**
 * What an error text, a status code, a symbolic name, an event, a TLS alert or a code of the Remote
 * Desktop client means, or a whole log with any number of them. Takes any string, also with a dialog's
 * title and buttons around it; never throws.
 */
export function explain(input: string): Explanation {
  const text = plain(input.slice(0, MAX_INPUT)).trim();
  const bare = readBare(text);
  if (bare !== undefined) {
    const known = bare.length > 0 || !/\d/.test(text);
    return {
      ...answer(input, bare, known ? [] : [text], text),
      // The likeliest meaning decides; what the others point to comes after it.
      causes: unique(bare)
        .flatMap((reading) => rankCauses([reading]))
        .filter(({ id }, index, all) => all.findIndex((cause) => cause.id === id) === index),
      alternatives: bare.length > 1,
    };
  }
  const data = readEventData(text);
  if (data.length > 0) return answer(input, data, [], text);
  const names = findNames(text);
  // A name with underscores is no prose, known or not.
  if (/^\w*[A-Za-z]_\w*$/.test(text)) return answer(input, names.readings, names.unknown, text);
  const whole = squash(text);
  const codes = findCodes(text, whole);
  return answer(
    input,
    [...matchTexts(text, whole).flatMap(readMeaning), ...codes.readings, ...names.readings],
    [...codes.unknown, ...names.unknown],
    text,
  );
}

function answer(
  input: string,
  found: readonly Reading[],
  unknown: readonly string[],
  text: string,
): Explanation {
  const readings = unique(found).filter((reading) => !isOverruled(reading, found));
  return {
    input,
    causes: rankCauses(readings),
    readings,
    alternatives: false,
    unknown: [...new Set(unknown)],
    suggestions: readings.length > 0 ? [] : suggest(text),
  };
}

/** Event 36871 has one number for both ends: where its words say that the client failed, the server did not. */
function isOverruled(reading: Reading, all: readonly Reading[]): boolean {
  return (
    reading.kind === 'event' &&
    reading.code === '36871' &&
    all.some(({ kind, code }) => kind === 'error-text' && code === 'schannel-client-credential')
  );
}

/** Event XML has entities, JSON has escapes: `\r\n\tStatus:\t0xC000006D`. */
function plain(text: string): string {
  const unescaped = /\\r\\n|\\t\\t/.test(text) ? text.replace(/\\{1,4}[rnt]/g, ' ') : text;
  return unescaped.replace(
    /&(?:#x?[0-9a-f]{1,4}|lt|gt|amp|quot|apos);/gi,
    (entity) => ENTITIES[entity] ?? ' ',
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
};

const textById = new Map(ERROR_TEXTS.map((row) => [row.id, row]));

/** The readings of what words stand for. */
function readMeaning(means: Meaning): readonly Reading[] {
  if (means[0] === 'event') {
    const row = findEvent(means[1], means[2]);
    return row === undefined ? [] : [readEvent(row)];
  }
  if (means[0] === 'error-text') {
    const row = textById.get(means[1]);
    return row === undefined ? [] : [readErrorText(row)];
  }
  return readOne(means[0], means[1]);
}

function readErrorText(row: ErrorText): Reading {
  const title =
    row.article === undefined ? row.title : `${row.title} (error message ${row.article} of the article)`;
  return { kind: 'error-text', code: row.id, name: row.name, title, ...common(row) };
}

function suggest(text: string): readonly string[] {
  const names = similarNames(text, MAX_SUGGESTIONS);
  return names.length > 0 ? names : similarErrorTexts(text, MAX_SUGGESTIONS);
}

/** The first reading of each row, in order. */
function unique(readings: readonly Reading[]): readonly Reading[] {
  const seen = new Set<string>();
  return readings.filter((reading) => {
    const key =
      reading.kind === 'event'
        ? reading.title
        : `${reading.kind} ${reading.code ?? ''} ${reading.name ?? ''}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}
