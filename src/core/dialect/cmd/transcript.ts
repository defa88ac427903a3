import { decodeCodePage, isUtf8, UTF_8 } from '../../bytes/code-page.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';
import type { Output, Step, Transcript } from './command.ts';

/**
 * Takes apart what a script on standard input printed. What stands before and behind the frame (a banner, a
 * greeting, a prompt) is skipped.
 * @param bytes in the code page that the machine says itself, or UTF-8
 */
export function readTranscript(bytes: Uint8Array, steps: readonly Step[], mark: string): Transcript {
  const { text, page } = decodePrinted(bytes, (readable) => {
    const inside = between(printedIn(readable, mark), 'page');
    return inside === undefined ? undefined : pageOf(inside.text);
  });
  const printed = printedIn(text, mark);
  const outputs = new Map<string, Output>();
  for (const [index, step] of steps.entries()) outputs.set(step.id, outputOf(printed, `${index + 1}`));
  const said = (words: string): boolean =>
    printed.lines.some((line) => 'words' in line && line.words === words);
  return { outputs, page, complete: said(`start ${steps.length}`) && said('done') };
}

/**
 * Text of what a console printed: UTF-16 by its mark, UTF-8 where it is UTF-8 throughout, else in the code page that
 * stands in it. Every page of a console has ASCII at its place, so that can be read before the page is known.
 */
export function decodePrinted(
  bytes: Uint8Array,
  findPage: (readable: string) => number | undefined,
): { readonly text: string; readonly page: number | undefined } {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const unicode = isUtf16
    ? decodeUtf16le(bytes.subarray(2))
    : isUtf8(bytes)
      ? decodeCodePage(bytes, UTF_8).replace(/^\ufeff/, '')
      : undefined;
  const page = findPage(unicode ?? decodeCodePage(bytes, NO_PAGE));
  return { text: unicode ?? decodeCodePage(bytes, page ?? NO_PAGE), page };
}

/** ASCII alone. */
const NO_PAGE = -1;

/** The number in what `chcp` says: `Active code page: 437`, `Aktive Codepage: 850.` */
export function pageOf(text: string): number | undefined {
  const number = /(\d{1,5})\D*$/.exec(text.trim())?.[1];
  return number === undefined ? undefined : Number(number);
}

type Line = { readonly text: string } | { readonly words: string };

interface Printed {
  readonly lines: readonly Line[];
  /** Where lines of the frame stand, by their first two words: `7 begin`. */
  readonly places: ReadonlyMap<string, readonly number[]>;
}

function printedIn(text: string, mark: string): Printed {
  const lines = text.split('\n').flatMap((ended): readonly Line[] => {
    const line = withoutReturns(ended);
    const at = line.indexOf(`${mark} `);
    if (at === -1) return [{ text: line }];
    const frame = { words: line.slice(at + mark.length).trim() };
    // A program whose last line has no end is followed by the frame on the same line.
    return at === 0 ? [frame] : [{ text: line.slice(0, at) }, frame];
  });
  const places = new Map<string, number[]>();
  for (const [at, line] of lines.entries()) {
    if (!('words' in line)) continue;
    const id = line.words.split(' ').slice(0, 2).join(' ');
    const known = places.get(id);
    if (known === undefined) places.set(id, [at]);
    else known.push(at);
  }
  return { lines, places };
}

/** Some programs end a line in more than one carriage return. */
function withoutReturns(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return line.slice(0, end);
}

function outputOf(printed: Printed, number: string): Output {
  const inside = between(printed, number);
  if (inside === undefined) return { state: 'lost', problem: 'it is not in the answer' };
  const { text, end, others } = inside;
  if (others.includes(`${number} none`)) return { state: 'no-program' };
  if (others.includes(`${number} skip`)) return { state: 'not-run' };
  if (others.length > 0) return { state: 'lost', problem: 'parts of the answer stand inside each other' };
  const status = end.slice(`${number} end `.length);
  return /^-?\d{1,10}$/.test(status)
    ? { state: 'printed', text, status: Number(status) }
    : { state: 'lost', problem: 'its exit status is missing' };
}

interface Between {
  readonly text: string;
  /** The line that ends it. */
  readonly end: string;
  /** Lines of the frame inside. */
  readonly others: readonly string[];
}

/** What stands between the line that begins a part and the one that ends it; `undefined` where either is missing or comes twice. */
function between({ lines, places }: Printed, part: string): Between | undefined {
  const [from, ...moreStarts] = places.get(`${part} begin`) ?? [];
  const [to, ...moreEnds] = places.get(`${part} end`) ?? [];
  if (from === undefined || to === undefined || to < from || moreStarts.length + moreEnds.length > 0) {
    return undefined;
  }
  const last = lines[to];
  const inside = lines.slice(from + 1, to);
  return {
    text: inside.map((line) => ('text' in line ? `${line.text}\n` : '')).join(''),
    end: last !== undefined && 'words' in last ? last.words : '',
    others: inside.flatMap((line) => ('words' in line ? [line.words] : [])),
  };
}
