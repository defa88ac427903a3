import { UNDECODABLE } from '../../bytes/code-page.ts';
import type { RegistryValue } from '../../windows/inquiry.ts';

/**
 * What `reg query` prints of a key, with or without `/s`: its path and its values, a blank line, the paths of its
 * subkeys. A value is four blanks, its name, four blanks, its type, four blanks, its data; names and data are not
 * quoted. What that leaves open is told as `damage`, never guessed.
 * Source: the outputs that Wine's tests of reg.exe compare with Windows' (programs/reg/tests/query.c).
 */
export interface PrintedKey {
  /** As printed, below HKEY_LOCAL_MACHINE. */
  readonly path: string;
  readonly values: readonly RegistryValue[];
  /** Values that are there and cannot be read, by their names in lower case: why. */
  readonly unreadable: ReadonlyMap<string, string>;
  /** Why values may be missing here. */
  readonly damage?: string;
}

const TYPES: Readonly<Record<string, number>> = {
  REG_NONE: 0,
  REG_SZ: 1,
  REG_EXPAND_SZ: 2,
  REG_BINARY: 3,
  REG_DWORD: 4,
  REG_DWORD_BIG_ENDIAN: 5,
  REG_LINK: 6,
  REG_MULTI_SZ: 7,
  REG_RESOURCE_LIST: 8,
  REG_FULL_RESOURCE_DESCRIPTOR: 9,
  REG_RESOURCE_REQUIREMENTS_LIST: 10,
  REG_QWORD: 11,
};

const ROOT = 'HKEY_LOCAL_MACHINE\\';
const GAP = '    ';
/** A type with the gaps around it; the last gap may have been lost on the way where no data follows. */
const TYPE = / {4}(REG_[A-Z_]+)(?= {4}|$)/g;

/** What is needed to read what a machine's own reg.exe prints. */
export interface RegDialect {
  /** How it calls the value without a name: `(Default)`, `(Standard)`, `(既定)`; `undefined` where that is not known. */
  readonly defaultName: string | undefined;
  /** The page has not every character: what it lacks was printed as `?`, or as one that looks like it. */
  readonly isLossy: boolean;
}

/** The keys in an output, in their order. Text that belongs to no key is left out. */
export function readRegQuery(text: string, dialect: RegDialect): readonly PrintedKey[] {
  const keys: KeyBeingRead[] = [];
  let blanks = 0;
  for (const line of text.replace(/\n$/, '').split('\n')) {
    if (line.trim() === '') {
      blanks += 1;
      continue;
    }
    const key = keys.at(-1);
    if (line.startsWith(ROOT)) {
      if (blanks > 1) key?.continue();
      keys.push(new KeyBeingRead(line.slice(ROOT.length).trimEnd()));
    } else {
      const read = line.startsWith(GAP) ? readValueLine(line, dialect) : undefined;
      // The values of a key follow each other: a blank line before one was a part of the value above it.
      if (read === undefined || blanks > 0) key?.continue();
      // A value has no second line before it has a first: somebody says something in place of the values.
      if (read === undefined && blanks === 0) key?.speak(line.trim());
      if (read !== undefined) key?.add(read);
    }
    blanks = 0;
  }
  if (blanks > 1) keys.at(-1)?.continue();
  return keys.map((key) => key.printed());
}

/** Whether a line is none that tells of a key or a value: of a tree reg.exe then may have left something out. */
export function hasWords(text: string): boolean {
  return text
    .split('\n')
    .some((line) => line.trim() !== '' && !line.startsWith(ROOT) && !line.startsWith(GAP));
}

class KeyBeingRead {
  readonly #path: string;
  readonly #values = new Map<string, RegistryValue>();
  readonly #unreadable = new Map<string, string>();
  #damage: string | undefined;
  /** The value that a line which is none of its own belongs to. */
  #open: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  add(read: ValueLine): void {
    this.#open = undefined;
    if ('damage' in read) {
      this.#damage ??= read.damage;
      return;
    }
    const id = read.name.toLowerCase();
    if ('unreadable' in read) this.#spoil(id, read.unreadable);
    // A key has no two values of one name: one of them is text of another.
    else if (this.#values.has(id)) this.#spoil(id, `${read.name} was printed twice`);
    else if (!this.#unreadable.has(id)) {
      this.#values.set(id, read);
      this.#open = id;
    }
  }

  /** What stands here is a part of the value above it. */
  continue(): void {
    if (this.#open === undefined && this.#values.size === 0) return;
    this.#damage ??= MANY_LINES;
    if (this.#open !== undefined) this.#spoil(this.#open, MANY_LINES);
  }

  /** Words stand here. */
  speak(words: string): void {
    if (this.#open === undefined && this.#values.size === 0) {
      this.#damage ??= `reg query said: ${words.slice(0, 200)}`;
    }
  }

  #spoil(id: string, why: string): void {
    this.#values.delete(id);
    this.#unreadable.set(id, why);
  }

  printed(): PrintedKey {
    return {
      path: this.#path,
      values: [...this.#values.values()],
      unreadable: this.#unreadable,
      ...(this.#damage === undefined ? {} : { damage: this.#damage }),
    };
  }
}

type ValueLine =
  | RegistryValue
  | { readonly name: string; readonly unreadable: string }
  /** Its name cannot be told. */
  | { readonly damage: string };

const MANY_LINES = 'a value has several lines, which reg query does not tell from further values';

/** `undefined` where the line is none of a value of its own. */
function readValueLine(line: string, dialect: RegDialect): ValueLine | undefined {
  const types = [...line.slice(GAP.length).matchAll(TYPE)];
  const [type] = types;
  if (type === undefined) return undefined;
  const printed = line.slice(GAP.length, GAP.length + type.index);
  if (types.length > 1) {
    return { damage: `where ${printed} ends cannot be told: a type stands in its name or data` };
  }
  if (hasLost(printed, dialect)) return { damage: `the name ${printed} cannot be read` };
  const isDefault = printed === '' || printed === (dialect.defaultName ?? '(Default)');
  const name = isDefault ? '' : printed;
  const number = TYPES[type[1] ?? ''];
  if (number === undefined)
    return { name, unreadable: `${printed} has a type that is not known, ${type[1]}` };
  const from = GAP.length + type.index + type[0].length + GAP.length;
  const data = dataOf(number, line.slice(from), dialect);
  return data === undefined
    ? { name, unreadable: `what reg query prints of ${printed} does not tell what it is` }
    : { name, type: number, data };
}

function dataOf(type: number, printed: string, dialect: RegDialect): RegistryValue['data'] | undefined {
  switch (type) {
    case 1:
    case 2:
    case 6:
      return hasLost(printed.replace(NT_PATHS, '$1'), dialect) ? undefined : printed;
    case 7:
      return hasLost(printed.replace(NT_PATHS, '$1'), dialect) ? undefined : textsOf(printed);
    case 4:
    case 5: {
      const number = hexOf(printed, 8);
      return number === undefined ? undefined : Number(number);
    }
    case 11:
      return hexOf(printed, 16);
    default:
      return bytesOf(printed.trimEnd());
  }
}

function hexOf(printed: string, digits: number): bigint | undefined {
  const text = printed.trimEnd();
  return /^0x[0-9a-f]+$/i.test(text) && text.length <= digits + 2 ? BigInt(text) : undefined;
}

function bytesOf(printed: string): Uint8Array | undefined {
  if (!/^(?:[0-9a-f]{2})*$/i.test(printed)) return undefined;
  return Uint8Array.from({ length: printed.length / 2 }, (_, at) =>
    Number.parseInt(printed.slice(at * 2, at * 2 + 2), 16),
  );
}

/**
 * Strings with `\0` between. A path may have the same two characters in it (`D:\0data`): where there are other
 * backslashes, or a drive stands before them, it cannot be told what they are.
 */
function textsOf(printed: string): readonly string[] | undefined {
  if (NT_PATH.test(printed)) return ntPathsOf(printed);
  const parts = printed.split('\\0');
  if (parts.length > 1 && parts.some((part) => part.includes('\\') || /(?:^|[^:]):$/.test(part))) {
    return undefined;
  }
  const end = parts.indexOf('');
  // What follows an empty string was not printed by anybody's list: an element may itself end in the separator.
  if (end !== -1 && parts.slice(end).some((part) => part !== '')) return undefined;
  return end === -1 ? parts : parts.slice(0, end);
}

/** Paths of the object manager, as in PendingFileRenameOperations: no name in them has a question mark. */
const NT_PATH = /^!?\\\?\?\\/;
/** How each of them begins: these question marks are none that a code page put there. */
const NT_PATHS = /(^|\\0)!?\\\?\?\\/g;

/**
 * Where another such path follows, or nothing, `\0` is a separator; elsewhere it belongs to a path. An empty string,
 * which is how the deletion of a file ends, ends the list, as it does for everybody who reads REG_MULTI_SZ.
 */
function ntPathsOf(printed: string): readonly string[] {
  const paths: string[] = [];
  for (const [index, part] of printed.split('\\0').entries()) {
    if (part === '' && index > 0) break;
    if (index === 0 || NT_PATH.test(part)) paths.push(part);
    else paths.push(`${paths.pop() ?? ''}\\0${part}`);
  }
  return paths;
}

/** Whether a character may have been lost: to an undecodable byte, or to a code page that lacks it. */
function hasLost(text: string, { isLossy }: RegDialect): boolean {
  return text.includes(UNDECODABLE) || (isLossy && text.includes('?'));
}
