import { UNDECODABLE } from '../../bytes/code-page.ts';
import type { Frame } from '../script/frame.ts';
import type { RawLine } from '../script/raw-lines.ts';
import type { Output, Transcript } from './command.ts';
import { PAGE, RAN } from './script.ts';
import { decodePrinted, pageOf } from './transcript.ts';

/**
 * The text of an answer that a person saved: pasted into an editor it is in UTF-8 or UTF-16, sent into a file by `>` it
 * is in the code page that stands in it.
 */
export function decodeAnswer(bytes: Uint8Array): string {
  return decodePrinted(bytes, (readable) => {
    const first = '1:"page"';
    const at = readable.indexOf(first);
    const said = /^\s{1,8}\W{0,8}2:(.*)$/m.exec(readable.slice(at + first.length, at + PAGE_CHARACTERS))?.[1];
    return at === -1 || said === undefined ? undefined : pageOf(said);
  }).text;
}

/** More than `chcp` says in any language. */
const PAGE_CHARACTERS = 400;

/** Whether the frame is one of `writeFileScript`: its first section says the code page. */
export function isFromCmd({ sections }: Frame): boolean {
  const first = sections.get(1);
  return first?.form === 'raw' && idOf(first.lines) === PAGE.id;
}

/** What `writeFileScript` printed, out of its frame. Every section says itself which step it is of. */
export function transcriptOf({ sections, whole }: Frame): Transcript {
  const outputs = new Map<string, Output>();
  for (const section of sections.values()) {
    const id = section.form === 'raw' ? idOf(section.lines) : undefined;
    if (id !== undefined && section.form === 'raw') outputs.set(id, outputOf(section.lines));
  }
  const page = outputs.get(PAGE.id);
  outputs.delete(PAGE.id);
  return { outputs, page: page?.state === 'printed' ? pageOf(page.text) : undefined, complete: whole };
}

function idOf([first]: readonly RawLine[]): string | undefined {
  return first === undefined
    ? undefined
    : /^"(.*)"\s*$/.exec(first.pieces.map((piece) => piece.trim()).join(' '))?.[1];
}

function outputOf(lines: readonly RawLine[]): Output {
  const status = lines.length < 2 ? undefined : lines.at(-1)?.pieces.join('').trim();
  if (status === 'none') return { state: 'no-program' };
  if (status === 'skip') return { state: 'not-run' };
  if (status === undefined || !/^-?\d{1,10}$/.test(status)) {
    return { state: 'lost', problem: 'its exit status is missing' };
  }
  if (lines.length < 3 || lines.at(-2)?.pieces.join('').trim() !== RAN) {
    return { state: 'lost', problem: 'what it printed did not come to its end' };
  }
  const text = lines
    .slice(1, -2)
    .map((line) => `${textOf(line)}\n`)
    .join('');
  return { state: 'printed', text, status: Number(status) };
}

/** Where a line was broken nobody knows whether there was a blank: only in hexadecimal there was none. */
function textOf({ pieces }: RawLine): string {
  if (pieces.length === 1) return pieces[0] ?? '';
  const [first = '', ...more] = pieces.map((piece) => piece.trimEnd());
  const isHex =
    / {4}REG_(?:BINARY|NONE) {4}[0-9A-F]*$/i.test(first) && more.every((piece) => /^[0-9A-F]+$/i.test(piece));
  return [first, ...more].join(isHex ? '' : UNDECODABLE);
}
