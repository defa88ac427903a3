import { ERROR_TEXTS, type ErrorText } from './error-texts.ts';

/** Shorter pieces than this match by chance. */
const MIN_PART = 12;
/** Share of a fragment's telling words that must be in the input when it is not there letter by letter. */
const WORDS_ENOUGH = 0.8;
/** Fragments with fewer telling words than this are matched letter by letter only. */
const MIN_WORDS = 4;
/** Shorter words (an, has, the, not) tell nothing. */
const MIN_TELLING = 4;

/**
 * `text` without anything but letters and digits, case folded: `can’t  connect` and `Can't connect`
 * give the same. Marks (accents) stay with their letters.
 */
export function squash(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}\p{M}]+/gu, '');
}

/** The words of `text`, case folded, apostrophes taken out. */
export function words(text: string): readonly string[] {
  return fold(text)
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
}

/** Apostrophes go first: NFKC would make a combining accent of the acute one. */
function fold(text: string): string {
  return text
    .replace(/['’‘`´]/g, '')
    .normalize('NFKC')
    .toLowerCase();
}

/** The words that tell texts apart, each once. */
function telling(text: string): ReadonlySet<string> {
  return new Set(words(text).filter((word) => word.length >= MIN_TELLING));
}

interface Prepared {
  readonly text: ErrorText;
  readonly fragments: readonly { readonly squashed: string; readonly telling: ReadonlySet<string> }[];
  readonly shared: readonly string[];
}

const PREPARED: readonly Prepared[] = ERROR_TEXTS.map((text) => ({
  text,
  fragments: text.fragments.map((fragment) => ({ squashed: squash(fragment), telling: telling(fragment) })),
  shared: (text.shared ?? []).map(squash),
}));

/**
 * The client texts that `input` contains or is a part of, best match first. Texts that match word by
 * word (typing errors, a sentence in other words) count only where none matches letter by letter, and a
 * sentence that several texts share only where none of them is told apart.
 */
export function matchErrorTexts(input: string): readonly ErrorText[] {
  const whole = squash(input);
  const shared = ranked((text) => (text.shared.some((sentence) => contains(sentence, whole)) ? 1 : 0));
  // A piece of a shared sentence is a piece of every text that has it.
  if (
    shared.length > 0 &&
    PREPARED.some((text) => text.shared.some((sentence) => sentence.includes(whole)))
  ) {
    return shared;
  }
  const exact = ranked(({ fragments }) =>
    Math.max(...fragments.map(({ squashed }) => (contains(squashed, whole) ? squashed.length : 0))),
  );
  if (exact.length > 0) {
    return exact;
  }
  if (shared.length > 0) {
    return shared;
  }
  const heard = telling(input);
  return ranked(({ fragments }) =>
    Math.max(
      ...fragments.map((fragment) => {
        const found = inCommon(fragment.telling, heard);
        const enough = fragment.telling.size >= MIN_WORDS && found / fragment.telling.size >= WORDS_ENOUGH;
        return enough ? found : 0;
      }),
    ),
  );
}

/** Titles of the texts that have most telling words in common with `input`, at most `limit`. */
export function similarErrorTexts(input: string, limit: number): readonly string[] {
  const heard = telling(input);
  return ranked(({ fragments }) => {
    const found = Math.max(...fragments.map((fragment) => inCommon(fragment.telling, heard)));
    return found >= 2 ? found : 0;
  })
    .slice(0, limit)
    .map(({ title }) => title);
}

/** The texts with a score above 0, highest first; the order of the table where scores are equal. */
function ranked(score: (prepared: Prepared) => number): readonly ErrorText[] {
  return PREPARED.map((prepared) => ({ text: prepared.text, points: score(prepared) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ text }) => text);
}

function inCommon(some: ReadonlySet<string>, others: ReadonlySet<string>): number {
  let count = 0;
  for (const word of some) {
    count += others.has(word) ? 1 : 0;
  }
  return count;
}

/** Either one holds the other; a part must be long enough to mean something. */
function contains(sentence: string, whole: string): boolean {
  return whole.includes(sentence) || (whole.length >= MIN_PART && sentence.includes(whole));
}
