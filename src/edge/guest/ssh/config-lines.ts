/** One setting of a file in the syntax of ssh_config(5). */
export interface ConfigLine {
  /** In lower case. */
  readonly keyword: string;
  /** Without quotes. */
  readonly words: readonly string[];
  /** Its number in the file. */
  readonly line: number;
}

/** Reads the lines of ssh_config(5): keywords, `=` or blanks, quoted words, comments. */
export function parseConfigLines(text: string): readonly ConfigLine[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const found = /^[ \t\f]*([^ \t\f=#"]+)(?:[ \t\f]*=[ \t\f]*|[ \t\f]+)(.*)$/.exec(line);
    if (found === null) return [];
    const words = splitWords(found[2] ?? '');
    return words.length === 0 ? [] : [{ keyword: (found[1] ?? '').toLowerCase(), words, line: index + 1 }];
  });
}

/** Words as OpenSSH splits them: quotes of both kinds, a backslash before a quote or a backslash, `#` begins a comment. */
function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    const isEscape =
      character === '\\' &&
      (next === '"' || next === "'" || next === '\\' || (quote === undefined && next === ' '));
    if (isEscape) {
      word = (word ?? '') + next;
      at += 1;
    } else if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/[ \t\f\r]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '#' && word === undefined) {
      break;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}
