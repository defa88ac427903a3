import type { CodeKind } from './reading.ts';

/** The row that a wording stands for: a text by its id, a code by kind and number, an event by provider and id. */
export type Meaning =
  | readonly ['error-text', string]
  | readonly [CodeKind, number]
  | readonly ['event', string, number];

/** Words that a program shows for something that another table knows. */
export interface Wording {
  readonly means: Meaning;
  readonly text: string;
  /** ISO 639-1. */
  readonly language: string;
  /** Where it was taken from. */
  readonly source: string;
}

/** Wordings of one language from one source. */
export function wordings(
  language: string,
  source: string,
  rows: readonly (readonly [means: Meaning, ...texts: readonly string[]])[],
): readonly Wording[] {
  return rows.flatMap(([means, ...texts]) => texts.map((text) => ({ means, text, language, source })));
}
