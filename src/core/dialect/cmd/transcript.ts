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
    const inside = between(linesOf(readable, mark), 'page begin', 'page end');
    return inside === undefined ? undefined : pageOf(inside.text);
  });
  const lines = linesOf(text, mark);
  const outputs = new Map<string, Output>();
  for (const [index, step] of steps.entries()) outputs.set(step.id, outputOf(lines, `${index + 1}`));
  const said = (words: string) => lines.some((line) => 'words' in line && line.words === words);
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

/** A program whose last line has no end is followed by the frame on the same line. */
function linesOf(text: string, mark: string): readonly Line[] {
  return text.split(/\r*\n/).flatMap((line): readonly Line[] => {
    const at = line.indexOf(`${mark} `);
    if (at === -1) return [{ text: line }];
    const frame = { words: line.slice(at + mark.length).trim() };
    return at === 0 ? [frame] : [{ text: line.slice(0, at) }, frame];
  });
}

function outputOf(lines: readonly Line[], number: string): Output {
  const inside = between(lines, `${number} begin`, `${number} end `);
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

/** What stands between the line that begins and the one that ends; `undefined` where either is missing or comes twice. */
function between(lines: readonly Line[], begin: string, end: string): Between | undefined {
  const find = (fits: (words: string) => boolean): readonly number[] =>
    lines.flatMap((line, at) => ('words' in line && fits(line.words) ? [at] : []));
  const [from, ...moreStarts] = find((words) => words === begin);
  const [to, ...moreEnds] = find((words) => words === end || (end.endsWith(' ') && words.startsWith(end)));
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
