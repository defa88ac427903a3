import type { Answer, HiveName, RegistryValue } from '../../windows/inquiry.ts';
import { type Command, isPlain, type Output, type Transcript } from './command.ts';
import { notPrinted } from './not-printed.ts';
import { hasWords, type PrintedKey, type RegDialect, readRegQuery } from './reg-query.ts';

/** A key with its values and the names of its subkeys, or with everything below it. */
export interface RegTarget {
  readonly hive: HiveName;
  readonly key: string;
  readonly deep: boolean;
}

/** `undefined` where cmd cannot hand the name on. */
export function queryOf({ hive, key, deep }: RegTarget): Command | undefined {
  if (!isPlain(key)) return undefined;
  const path = `${hive}\\${key}`;
  return regQuery(`reg${deep ? ' tree' : ''} ${path}`, `query "HKLM\\${path}"${deep ? ' /s' : ''} /reg:64`);
}

/**
 * Keys beside whose values stand what nobody is to carry away: DefaultPassword of an automatic sign-in, the product's
 * key. `reg query` prints a whole key, so of these each value is asked for by its name.
 */
const GUARDED: readonly string[] = [
  'software\\microsoft\\windows nt\\currentversion\\winlogon',
  'software\\microsoft\\windows nt\\currentversion',
];

export function isGuarded({ hive, key }: Pick<RegTarget, 'hive' | 'key'>): boolean {
  return GUARDED.includes(`${hive}\\${key}`.toLowerCase());
}

/** One value of a key and nothing else; `undefined` where cmd cannot hand the names on. */
export function valueQueryOf(hive: HiveName, key: string, name: string): Command | undefined {
  if (!isPlain(key) || !isPlain(name)) return undefined;
  const path = `${hive}\\${key}`;
  return regQuery(
    `reg value ${path}!${name}`,
    `query "HKLM\\${path}" ${name === '' ? '/ve' : `/v "${name}"`} /reg:64`,
  );
}

function regQuery(id: string, words: string): Command {
  return { id, program: 'reg.exe', words };
}

/**
 * What tells how this machine's reg.exe says things, since its words are in the machine's language and its exit
 * status is 1 for every failure: of a key that does not exist, of one that only SYSTEM may read, of a value that
 * every Windows has, and of a value without a name.
 */
const ABSENT = regQuery(
  'reg says absent',
  'query "HKLM\\SOFTWARE\\rdpdoctor asks for what is not there" /reg:64',
);
const DENIED = regQuery('reg says denied', 'query "HKLM\\SECURITY\\Policy" /reg:64');
const PRESENT = regQuery(
  'reg says present',
  'query "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion" /v "CurrentBuildNumber" /reg:64',
);
/** And how it says that a key has no such value. Wine has other words for that than for a key. */
export const NO_VALUE = regQuery(
  'reg says no value',
  'query "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion" /v "rdpdoctor asks for what is not there" /reg:64',
);
const UNNAMED = regQuery('reg says unnamed', 'query "HKLM\\SOFTWARE\\Classes\\.exe" /ve /reg:64');

export const CALIBRATION: readonly Command[] = [ABSENT, DENIED, PRESENT, UNNAMED];

/** How a machine's reg.exe says things. */
export interface RegWords extends RegDialect {
  /** `undefined` where it has no words for it that could be told from others. */
  readonly absent: string | undefined;
  /** The same of a value. */
  readonly noValue: string | undefined;
  readonly denied: string | undefined;
  /** It prints what it finds, and says so where it finds nothing. */
  readonly works: boolean;
}

export function wordsOfReg({ outputs, page }: Transcript): RegWords {
  const isLossy = page !== UTF_8;
  const failed = ({ id }: Command): string | undefined => {
    const output = outputs.get(id);
    return output?.state === 'printed' && output.status !== 0
      ? sentenceOf(output.text) || undefined
      : undefined;
  };
  const found = ({ id }: Command): readonly PrintedKey[] => {
    const output = outputs.get(id);
    return output?.state === 'printed' && output.status === 0
      ? readRegQuery(output.text, { defaultName: undefined, isLossy })
      : [];
  };
  const [absent, denied] = [failed(ABSENT), failed(DENIED)];
  const noValue = failed(NO_VALUE);
  const [unnamed] = found(UNNAMED).flatMap(({ values }) => values);
  return {
    isLossy,
    defaultName: unnamed?.name === '' ? '(Default)' : unnamed?.name,
    absent: absent === denied ? onlyOf(absent, outputs.get(DENIED.id)) : absent,
    noValue: noValue === denied ? onlyOf(noValue, outputs.get(DENIED.id)) : noValue,
    denied: absent === denied ? undefined : denied,
    works: absent !== undefined && found(PRESENT).some(({ values }) => values.length > 0),
  };
}

const UTF_8 = 65001;

/** Same words for both: they mean that there is no such key only where nothing is denied to us. */
function onlyOf(absent: string | undefined, denied: Output | undefined): string | undefined {
  return denied?.state === 'printed' && denied.status === 0 ? absent : undefined;
}

function sentenceOf(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** What was seen of a key. */
type KeySeen =
  | {
      readonly state: 'present';
      readonly values: readonly RegistryValue[];
      /** `undefined` where not all of them were printed. */
      readonly subkeys: readonly string[] | undefined;
      readonly unreadable: ReadonlyMap<string, string>;
      readonly damage?: string;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly why: 'denied' | 'corrupt' | 'no-channel'; readonly detail: string };

/** The key that was asked for and, of a tree, all keys below it, by their paths below the hive. */
export function keysSeen(
  target: RegTarget,
  output: Output | undefined,
  words: RegWords,
): ReadonlyMap<string, KeySeen> {
  const only = (seen: KeySeen) => new Map([[target.key, seen]]);
  if (output === undefined || output.state === 'lost' || output.state === 'not-run') {
    return only({
      state: 'unknown',
      why: 'corrupt',
      detail: `lost on the way: ${output?.state === 'lost' ? output.problem : 'it was not run'}`,
    });
  }
  if (output.state === 'no-program') {
    return only({ state: 'unknown', why: 'no-channel', detail: 'the machine has no reg.exe' });
  }
  const keys = readRegQuery(output.text, words);
  if (output.status !== 0 && keys.length === 0) return only(failureOf(output.text, words));
  if (keys.length === 0 && output.text.trim() !== '') {
    return only({ state: 'unknown', why: 'corrupt', detail: `reg query said: ${shortened(output.text)}` });
  }
  // A key with neither values nor subkeys prints nothing; so does a program that does nothing.
  if (keys.length === 0 && !words.works) {
    return only({ state: 'unknown', why: 'corrupt', detail: 'reg query ended with 0 and printed nothing' });
  }
  return seenIn(target, keys, output.status === 0 && !(target.deep && hasWords(output.text)));
}

/** The answer of `valueQueryOf`. */
export function valueSeen(
  { hive, key, name }: { readonly hive: HiveName; readonly key: string; readonly name: string },
  output: Output | undefined,
  words: RegWords,
): Answer {
  const at = `${hive}\\${key}!${name}`;
  if (output?.state !== 'printed') return notPrinted(output, 'reg.exe', at);
  const [printed] = readRegQuery(output.text, words);
  const value = printed?.values.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (output.status === 0 && value !== undefined)
    return { state: 'present', at, value: { kind: 'value', value } };
  const said = sentenceOf(output.text);
  if (output.status !== 0 && said !== '' && said === words.noValue) return { state: 'absent', at };
  const [why] = printed?.unreadable.values() ?? [];
  if (output.status === 0) {
    const detail = why ?? `reg query said: ${said === '' ? 'nothing' : shortened(said)}`;
    return { state: 'unknown', at, why: 'corrupt', detail };
  }
  return { ...failureOf(output.text, words), at };
}

function failureOf(
  text: string,
  { absent, denied }: RegWords,
): Exclude<KeySeen, { readonly state: 'present' }> {
  const said = sentenceOf(text);
  if (said !== '' && said === absent) return { state: 'absent' };
  const detail = said === '' ? 'reg query failed and printed nothing' : `reg query said: ${shortened(said)}`;
  if (said !== '' && said === denied) return { state: 'unknown', why: 'denied', detail };
  // Two failures are usual. Where the one is known and this is not it, it is most likely the other: never an absence.
  const isOther = said !== '' && absent !== undefined && denied === undefined;
  return { state: 'unknown', why: isOther ? 'denied' : 'corrupt', detail };
}

function shortened(text: string): string {
  const line = sentenceOf(text);
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

interface Node {
  printed: PrintedKey | undefined;
  /** By their names in lower case. */
  readonly subkeys: Map<string, string>;
  damage: string | undefined;
}

function seenIn(
  target: RegTarget,
  keys: readonly PrintedKey[],
  complete: boolean,
): ReadonlyMap<string, KeySeen> {
  const root = `${target.hive}\\${target.key}`;
  const nodes = new Map<string, Node>();
  const at = (path: string): Node => {
    const id = path.toLowerCase();
    const node = nodes.get(id) ?? { printed: undefined, subkeys: new Map(), damage: undefined };
    nodes.set(id, node);
    return node;
  };
  const own = at(target.key);
  for (const printed of keys) {
    const below = printed.path.slice(root.length);
    const names = below.split('\\').slice(1);
    const isBelow = printed.path.toLowerCase().startsWith(root.toLowerCase()) && /^(?:\\|$)/.test(below);
    if (!isBelow || names.includes('') || (!target.deep && names.length > 1)) {
      own.damage ??= 'something in it looks like a key elsewhere';
      continue;
    }
    let parent = target.key;
    for (const name of names) {
      const { subkeys } = at(parent);
      if (!subkeys.has(name.toLowerCase())) subkeys.set(name.toLowerCase(), name);
      parent = `${parent}\\${name}`;
    }
    const node = at(parent);
    if (node.printed !== undefined) node.damage ??= 'it was printed twice';
    node.printed ??= printed;
    node.damage ??= printed.damage;
  }
  const areListed = complete && own.damage === undefined;
  // Without /s only the names of the subkeys are printed.
  const told = target.deep ? [...nodes] : [[target.key.toLowerCase(), own] as const];
  return new Map(
    told.map(([id, { printed, subkeys, damage }]): [string, KeySeen] => [
      id,
      {
        state: 'present',
        values: printed?.values ?? [],
        unreadable: printed?.unreadable ?? new Map(),
        subkeys: areListed ? [...subkeys.values()] : undefined,
        ...(damage === undefined ? {} : { damage }),
      },
    ]),
  );
}
