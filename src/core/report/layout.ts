/** Lines of plain text within a width, and colours that repeat what the words already say. */

export interface Style {
  /** Columns. */
  readonly width: number;
  readonly colour: boolean;
  /** Our own marks and every text in ASCII. */
  readonly ascii?: true;
}

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Colour = keyof typeof CODES;

export function paint(style: Style, colour: Colour, text: string): string {
  return style.colour ? `\x1b[${CODES[colour]}m${text}\x1b[0m` : text;
}

/**
 * Breaks a paragraph between words so that no line is longer than the width; a single word that is
 * longer stays whole, so that a path or a command can still be copied.
 */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** With fewer columns beside it, a text stands below its head. */
const LEAST_ROOM = 16;
/** A head as short as this leaves room enough on any terminal. */
const SHORT_HEAD = 8;
const INDENT = 2;

/**
 * A paragraph with its first line after `head` and the others indented below it; `head` alone where
 * there is no text. On a narrow terminal the text stands below the head.
 */
export function paragraph(style: Style, head: string, text: string): readonly string[] {
  if (style.ascii === true) return layOut(style, inAscii(head), inAscii(text));
  return layOut(style, head, text);
}

function layOut(style: Style, head: string, text: string): readonly string[] {
  const room = style.width - head.length;
  const blanks = /^ */.exec(head)?.[0].length ?? 0;
  if (room < LEAST_ROOM && head.length > SHORT_HEAD) {
    const indent = ' '.repeat(Math.min(blanks + INDENT, style.width >> 2));
    return [
      ' '.repeat(Math.min(blanks, INDENT)) + head.trim(),
      ...wrap(text, style.width - indent.length).map((line) => `${indent}${line}`),
    ];
  }
  const [first, ...more] = wrap(text, room);
  if (first === undefined) return [head.trimEnd()];
  const indent = ' '.repeat(head.length);
  return [`${head}${first}`, ...more.map((line) => `${indent}${line}`)];
}

/**
 * Characters that could drive a terminal (C0, DEL, C1), end a line, turn the direction of writing or
 * not be seen at all, and halves of surrogate pairs.
 */
const HARMFUL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Makes text from a stranger harmless: what could do harm becomes visible, as `\u001b`. */
export function harmless(text: string): string {
  return text.replace(HARMFUL, escaped);
}

/**
 * A value as JSON in lines, ended by a line feed. JSON.stringify leaves alone what is above U+001F; in
 * a terminal U+009B starts a control sequence all the same, so it is escaped as well. What a program
 * reads from it stays the same.
 */
export function renderJson(value: unknown): string {
  // JSON's own line feeds stand between its tokens, never inside a string.
  const lines = JSON.stringify(value, undefined, 2).split('\n');
  return `${lines.map((line) => line.replace(HARMFUL, escaped)).join('\n')}\n`;
}

/** What stands for the characters of our own texts where a terminal has only ASCII. */
const IN_ASCII: Readonly<Record<string, string>> = {
  '✓': 'ok',
  '✗': 'x',
  '☠': '#',
  '→': '->',
  '…': '...',
  '–': '-',
  '—': '-',
  '×': 'x',
  '─': '-',
  '·': '-',
  '’': "'",
  '“': '"',
  '”': '"',
};

/** A text in ASCII: our own marks by others, anything else as `\u00fc`. */
export function inAscii(text: string): string {
  return text.replace(/[\u0080-\u{10ffff}]/gu, (character) => IN_ASCII[character] ?? escaped(character));
}

/** JSON in ASCII; what a program reads from it stays the same. */
export function jsonInAscii(json: string): string {
  return json.replace(/[\u0080-\u{10ffff}]/gu, escaped);
}

function escaped(character: string): string {
  // One beyond U+FFFF is two of them, as in JSON.
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
