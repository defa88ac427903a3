import type { CauseId } from './cause-catalogue.ts';
import type { Row, Sure } from './row.ts';

/**
 * What a program shows or logs. Fragments are compared after everything but letters and digits is taken
 * out and case is folded, so spacing, quotes, punctuation and line breaks do not matter.
 */
export interface ErrorText extends Row {
  /** S1 and on for what the client of Windows shows, a telling word for all others. */
  readonly id: string;
  /** Headline. */
  readonly title: string;
  /** Sentences or parts that belong to this text alone; any one of them is enough. */
  readonly fragments: readonly string[];
  /** Sentences that other texts share; they count only where nothing better matches. */
  readonly shared?: readonly string[];
  /** Number of the message in Microsoft's article. */
  readonly article?: 1 | 2 | 3;
}

/** What all texts of one program share. */
export interface TextOrigin {
  readonly source: string;
  readonly sure: Sure;
}

/** A row for a text of `origin`. Its title is its first fragment, unless another is given. */
export function text(
  origin: TextOrigin,
  id: string,
  fragments: readonly [string, ...string[]],
  meaning: string,
  causes: readonly CauseId[],
  more: {
    readonly title?: string;
    readonly name?: string;
    readonly look?: readonly string[];
    readonly source?: string;
  } = {},
): ErrorText {
  return {
    id,
    name: more.name ?? id,
    title: more.title ?? fragments[0],
    fragments,
    meaning,
    causes,
    look: more.look ?? [],
    source: more.source ?? origin.source,
    sure: origin.sure,
  };
}
