import type { ErrorText } from './error-texts.ts';
import { readByName, readByNumber, readMarked, similarNames } from './explain-codes.ts';
import { matchErrorTexts, similarErrorTexts } from './match-text.ts';
import { common, type Reading } from './reading.ts';

export type { Reading, ReadingKind } from './reading.ts';

export interface Explanation {
  readonly input: string;
  /** Most plausible first; empty where nothing is known. */
  readonly readings: readonly Reading[];
  /** Near names and titles, where there is no reading. */
  readonly suggestions: readonly string[];
}

/** Everything that matters stands in the first characters; a pasted log is cut here. */
const MAX_INPUT = 16_384;
const MAX_SUGGESTIONS = 5;

/**
 * What an error text, a status code, a symbolic name, an event, a TLS alert or a code of the Remote
 * Desktop client means. Takes any string, also with a dialog's title and buttons around it; never throws.
 * A bare number can mean several things: every reading comes back, each saying what it is.
 */
export function explain(input: string): Explanation {
  const text = input.slice(0, MAX_INPUT).trim();
  const marked = readMarked(text);
  const readings = unique([
    ...matchErrorTexts(text).map(readErrorText),
    ...marked,
    ...readByName(text),
    // Where words say what a small number is, the other things it could be are not offered.
    ...readByNumber(text, marked.length > 0),
  ]);
  return {
    input,
    readings,
    suggestions: readings.length > 0 ? [] : suggest(text),
  };
}

function suggest(text: string): readonly string[] {
  const names = similarNames(text, MAX_SUGGESTIONS);
  return names.length > 0 ? names : similarErrorTexts(text, MAX_SUGGESTIONS);
}

function readErrorText(row: ErrorText): Reading {
  const title =
    row.article === undefined ? row.title : `${row.title} (error message ${row.article} of the article)`;
  return { kind: 'error-text', code: row.id, name: row.name, title, ...common(row) };
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
