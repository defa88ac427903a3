/**
 * How a shell that can count characters writes its lines: without any white space, so that whatever a terminal, an
 * editor or a mail client does to blanks and line ends can be undone. A line ends in `;`, its fields are
 * divided by `|`, a blank is `_`, and every other character that somebody may change is `%hh` or `%uhhhh`
 * (the number of a UTF-16 unit).
 */

/** Characters that stand for themselves; `[` and `]` belong to the frame, `<` and `>` to mail clients. */
const PLAIN = /^[A-Za-z0-9./\\:(){}@$*+=?!-]$/;

/** One field as it is written. */
export function toDense(text: string): string {
  let dense = '';
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    const unit = text.charCodeAt(at);
    if (letter === ' ') dense += '_';
    else if (PLAIN.test(letter)) dense += letter;
    else if (unit < 0x100) dense += `%${hex(unit, 2)}`;
    else dense += `%u${hex(unit, 4)}`;
  }
  return dense;
}

/** What was written; `undefined` where it cannot have been written so. */
export function fromDense(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9./\\:(){}@$*+=?!_-]|%[0-9A-F]{2}|%u[0-9A-F]{4})*$/.test(text)) return undefined;
  return text.replace(/_|%u([0-9A-F]{4})|%([0-9A-F]{2})/g, (_, long?: string, short?: string) => {
    const digits = long ?? short;
    return digits === undefined ? ' ' : String.fromCharCode(Number.parseInt(digits, 16));
  });
}

/** Lines of fields out of a body without white space; `undefined` where a part of it is none. */
export function readDense(body: string): readonly (readonly string[])[] | undefined {
  if (body === '') return [];
  if (!body.endsWith(';')) return undefined;
  const lines: (readonly string[])[] = [];
  for (const line of body.slice(0, -1).split(';')) {
    const fields: string[] = [];
    for (const field of line.split('|')) {
      const text = fromDense(field);
      if (text === undefined) return undefined;
      fields.push(text);
    }
    lines.push(fields);
  }
  return lines;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
