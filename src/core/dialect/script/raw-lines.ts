/** A line that a program printed. Of one that was wrapped on the way nobody can say whether there was a blank at the joint. */
export interface RawLine {
  /** One piece, or as many as the line was broken into. */
  readonly pieces: readonly string[];
}

/**
 * Lines that a program printed, each with its number and a colon before it (`findstr /n "^"`). A line without the
 * next number is what a terminal or a mail client broke off the one before it.
 *
 * @returns `undefined` where a number is missing
 */
export function readRaw(text: string): readonly RawLine[] | undefined {
  const lines: string[][] = [];
  for (const physical of text.split(/\r\n|\r|\n/)) {
    const line = physical.replace(/^(?:[\s]*>)+ ?/, '').replaceAll('\u00a0', ' ');
    const numbered = /^\s*(\d{1,7}):(.*)$/s.exec(line);
    if (numbered !== null && Number(numbered[1]) === lines.length + 1) {
      lines.push([numbered[2] ?? '']);
      continue;
    }
    if (line.trim() === '') continue;
    const last = lines.at(-1);
    if (last === undefined) return undefined;
    last.push(line);
  }
  return lines.map((pieces) => ({ pieces }));
}

/** The text of a line that is whole; `undefined` where it was broken and nothing tells whether at a blank. */
export function textOf({ pieces }: RawLine): string | undefined {
  return pieces.length === 1 ? pieces[0] : undefined;
}

/** What a broken line may have been: with nothing at its joints, or with a blank. For who can tell by the content. */
export function candidatesOf({ pieces }: RawLine): readonly string[] {
  return pieces.length === 1 ? pieces : [pieces.join(''), pieces.map((piece) => piece.trim()).join(' ')];
}
