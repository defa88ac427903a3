import { ERROR_TEXTS, type ErrorText } from './error-texts.ts';
import type { Meaning, Wording } from './wording.ts';
import { ASIAN_WORDINGS } from './wordings-asia.ts';
import { CODE_WORDINGS } from './wordings-codes.ts';
import { EUROPEAN_WORDINGS } from './wordings-europe.ts';
import { EVENT_WORDINGS } from './wordings-events.ts';

/** Every wording that a code, an event or a text of another language has. */
export const WORDINGS: readonly Wording[] = [
  ...CODE_WORDINGS,
  ...EVENT_WORDINGS,
  ...EUROPEAN_WORDINGS,
  ...ASIAN_WORDINGS,
];

/** Shorter pieces of a sentence than this match by chance. */
const MIN_PART = 12;
/** Only what somebody typed or a dialog showed is compared word by word; a log has too many words. */
const MAX_FUZZY = 600;
/** Share of a fragment's telling words that must be in the input when it is not there letter by letter. */
const WORDS_ENOUGH = 0.8;
/** Fragments with fewer telling words than this are matched letter by letter only. */
const MIN_WORDS = 4;
/** Shorter words (an, has, the, not) tell nothing. */
const MIN_TELLING = 4;
/** Fragments are looked up by so many first letters; none is shorter. */
const KEY = 4;

/**
 * `text` without anything but letters and digits, case folded: `can’t  connect` and `Can't connect`
 * give the same. Marks (accents) stay with their letters.
 */
export function squash(text: string): string {
  if (PLAIN.test(text)) return squashPlain(text);
  // Line by line: in a long log few lines have letters beyond ASCII, and those cost ten times as much.
  return text
    .split('\n')
    .map((line) => (PLAIN.test(line) ? squashPlain(line) : fold(line).replace(/[^\p{L}\p{N}\p{M}]+/gu, '')))
    .join('');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const PLAIN = /^[\x00-\x7f]*$/;

function squashPlain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

/** The words of `text`, case folded, apostrophes taken out. */
export function words(text: string): readonly string[] {
  return fold(text)
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
}

/** Apostrophes go first: NFKC would make a combining accent of the acute one. */
function fold(text: string): string {
  const bare = text.replace(/['’‘`´]/g, '');
  const normal = bare.normalize('NFKC');
  // Some signs become eighteen letters: no sentence of any program is made of them.
  return (normal.length > 2 * bare.length + 64 ? bare : normal).toLowerCase();
}

/** The words that tell texts apart, each once. */
function telling(text: string): ReadonlySet<string> {
  return new Set(words(text).filter((word) => word.length >= MIN_TELLING));
}

// ---------------------------------------------------------------- the index

interface Fragment {
  readonly squashed: string;
  readonly means: Meaning;
  /** The text as it was written, for comparing word by word. */
  readonly text: string;
}

interface Index {
  readonly fragments: readonly Fragment[];
  readonly byKey: ReadonlyMap<string, readonly Fragment[]>;
  /** One bit for each hash of a key: most places of a log begin no fragment. */
  readonly filter: Uint8Array;
  readonly shared: readonly { readonly sentence: string; readonly texts: readonly ErrorText[] }[];
}

let made: Index | undefined;

/** Made when first asked for: a code alone needs none of it. */
function index(): Index {
  if (made === undefined) {
    const fragments = [
      ...ERROR_TEXTS.flatMap((row) =>
        row.fragments.map((text) => ({
          text,
          squashed: squash(text),
          means: ['error-text', row.id] as const,
        })),
      ),
      ...WORDINGS.map(({ text, means }) => ({ text, squashed: squash(text), means })),
    ];
    const byKey = new Map<string, Fragment[]>();
    const filter = new Uint8Array(0x10000);
    for (const fragment of fragments) {
      const key = fragment.squashed.slice(0, KEY);
      byKey.set(key, [...(byKey.get(key) ?? []), fragment]);
      filter[hash(key, 0)] = 1;
    }
    const sentences = new Map<string, ErrorText[]>();
    for (const row of ERROR_TEXTS) {
      for (const sentence of (row.shared ?? []).map(squash)) {
        sentences.set(sentence, [...(sentences.get(sentence) ?? []), row]);
      }
    }
    const shared = [...sentences].map(([sentence, texts]) => ({ sentence, texts }));
    made = { fragments, byKey, filter, shared };
  }
  return made;
}

function hash(text: string, at: number): number {
  return (
    (text.charCodeAt(at) +
      text.charCodeAt(at + 1) * 31 +
      text.charCodeAt(at + 2) * 967 +
      text.charCodeAt(at + 3) * 29989) &
    0xffff
  );
}

// ---------------------------------------------------------------- looking

/**
 * What the words of `input` mean, best match first. Texts that match word by word (typing errors, a
 * sentence in other words) count only where none matches letter by letter, and a sentence that several
 * texts share only where none of them is told apart.
 * @param whole `input` squashed, where the caller has it
 */
export function matchTexts(input: string, whole = squash(input)): readonly Meaning[] {
  const { fragments, shared } = index();
  const said = shared.filter(({ sentence }) => contains(sentence, whole));
  const sharing = said.flatMap(({ texts }) => texts.map(({ id }): Meaning => ['error-text', id]));
  // A piece of a shared sentence is a piece of every text that has it.
  if (shared.some(({ sentence }) => whole.length >= MIN_PART && sentence.includes(whole))) return sharing;
  const inside = findInside(whole);
  if (inside.length > 0) return inside;
  const around = whole.length < MIN_PART ? [] : fragments.filter(({ squashed }) => squashed.includes(whole));
  if (around.length > 0) return ranked(around, ({ squashed }) => squashed.length);
  if (sharing.length > 0) return sharing;
  if (input.length > MAX_FUZZY) return [];
  const heard = telling(input);
  return ranked(fragments, ({ text }) => {
    const wanted = telling(text);
    const found = inCommon(wanted, heard);
    return wanted.size >= MIN_WORDS && found / wanted.size >= WORDS_ENOUGH ? found : 0;
  });
}

/** Meanings of the fragments in `whole`, longest first. A fragment inside a longer one does not count. */
function findInside(whole: string): readonly Meaning[] {
  const { byKey, filter } = index();
  const hits: { readonly start: number; readonly end: number; readonly fragment: Fragment }[] = [];
  const seen = new Set<Fragment>();
  for (let at = 0; at + KEY <= whole.length; at++) {
    if (filter[hash(whole, at)] === 0) continue;
    for (const fragment of byKey.get(whole.slice(at, at + KEY)) ?? []) {
      if (!seen.has(fragment) && whole.startsWith(fragment.squashed, at)) {
        seen.add(fragment);
        hits.push({ start: at, end: at + fragment.squashed.length, fragment });
      }
    }
  }
  const outer = hits.filter(
    (hit) =>
      !hits.some(
        (other) =>
          other.start <= hit.start && other.end >= hit.end && other.end - other.start > hit.end - hit.start,
      ),
  );
  return ranked(
    outer.map(({ fragment }) => fragment),
    ({ squashed }) => squashed.length,
  );
}

/** Meanings with a score above 0, highest first, each once; the order of the table where scores are equal. */
function ranked(fragments: readonly Fragment[], score: (fragment: Fragment) => number): readonly Meaning[] {
  const best = new Map<string, { readonly means: Meaning; readonly points: number }>();
  for (const fragment of fragments) {
    const points = score(fragment);
    const key = fragment.means.join(' ');
    if (points > (best.get(key)?.points ?? 0)) best.set(key, { means: fragment.means, points });
  }
  return [...best.values()].sort((a, b) => b.points - a.points).map(({ means }) => means);
}

/** Titles of the texts that have most telling words in common with `input`, at most `limit`. */
export function similarErrorTexts(input: string, limit: number): readonly string[] {
  if (input.length > MAX_FUZZY) return [];
  const heard = telling(input);
  return ERROR_TEXTS.map(({ title, fragments }) => ({
    title,
    found: Math.max(...fragments.map((fragment) => inCommon(telling(fragment), heard))),
  }))
    .filter(({ found }) => found >= 2)
    .sort((a, b) => b.found - a.found)
    .slice(0, limit)
    .map(({ title }) => title);
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
