import { together } from '../../bytes/batched.ts';
import { tryDecode } from '../../bytes/decode-error.ts';
import { type Anomaly, NO_ANSWER, type Walker } from '../walker.ts';
import { AttributeType } from './attribute.ts';
import { type Entry, findNames, type Listed, listNames } from './directory.ts';
import { findStream, type NtfsFile, readFiles, residentValue } from './file.ts';
import { decodeStandardInformation } from './metadata.ts';
import { RecordNumber, type Volume } from './volume.ts';
import { decodeReparsePoint } from './wof.ts';

/** A file with its record, ready for `openFile`. Size and times are its own, not its directory's copies. */
export interface FoundFile extends Entry {
  readonly file: NtfsFile;
}

/** What became of a path: there, not there, or not to be told. */
export type Lookup =
  | {
      readonly kind: 'found';
      readonly path: string;
      /** One; for a pattern as many as match, or none. */
      readonly files: readonly FoundFile[];
      /** What may be missing from a pattern's files. */
      readonly problems: readonly string[];
    }
  /** `missing`: the part of the path that is not there. */
  | { readonly kind: 'absent'; readonly path: string; readonly missing: string }
  | { readonly kind: 'unreadable'; readonly path: string; readonly problem: string };

export interface FoundFiles {
  /** One a path, in their order. */
  readonly lookups: readonly Lookup[];
  readonly anomalies: readonly Anomaly[];
}

/** Directories that stand for others. They are not followed: their targets can lie on other volumes. */
const REPARSE_TAG_MOUNT_POINT = 0xa000_0003;
const REPARSE_TAG_SYMLINK = 0xa000_000c;

/** What has to be found below one directory; paths by their index. */
interface Step {
  readonly name: string;
  readonly paths: number[];
  /** By name in lower case, which only shares work: the volume decides which names are equal. */
  readonly steps: Map<string, Step>;
  readonly patterns: { readonly path: number; readonly pattern: string }[];
}

/**
 * Finds many files at once, whatever the case of their names. Paths are separated by `\` (or `/`) and
 * begin at the volume's root; the last part may hold `*` and `?`. Shared beginnings are walked once,
 * and all paths go forward together.
 *
 * Rounds, for each part of the deepest path: one for the records of what was found, and before it one
 * for every level that its directory's index has below its root (one at most for an index of up to
 * 1 MiB, none for a directory of a few names; for a pattern one up to 4 MiB). The root directory's
 * record came with `openVolume`.
 */
export function* findFiles(volume: Volume, paths: readonly string[]): Walker<FoundFiles> {
  const lookups: Lookup[] = paths.map((path) => ({ kind: 'unreadable', path, problem: 'not looked at' }));
  const anomalies: Anomaly[] = [];
  const top = planSteps(paths);
  const [root = NO_ANSWER] = yield* readFiles(volume, [{ record: RecordNumber.Root, sequence: 0 }]);
  const walk = new Search(volume, paths, lookups, anomalies);
  if (root.ok) yield* walk.enter(rootEntry(root.file), root.file, top);
  else walk.give(top, (path) => ({ kind: 'unreadable', path, problem: root.problem }));
  return { lookups, anomalies };
}

export type ListedDirectory =
  | { readonly kind: 'found'; readonly entries: readonly Entry[]; readonly anomalies: readonly Anomaly[] }
  | { readonly kind: 'absent'; readonly missing: string }
  | { readonly kind: 'unreadable'; readonly problem: string };

/**
 * Everything in a directory, by its path, in no order and without short (8.3) names.
 * Rounds: those of `findFiles`, then one (one a level for an index of more than 4 MiB).
 */
export function* listDirectory(volume: Volume, path: string): Walker<ListedDirectory> {
  const { lookups, anomalies } = yield* findFiles(volume, [path]);
  const [lookup] = lookups;
  if (lookup === undefined) return { kind: 'unreadable', problem: 'not looked at' };
  if (lookup.kind !== 'found') return lookup;
  const [found] = lookup.files;
  if (found === undefined) return { kind: 'absent', missing: path };
  const listed = yield* listNames(volume, found.file, found.path);
  if (listed.kind === 'lost') return { kind: 'unreadable', problem: listed.problem };
  const problems = listed.problems.map((problem) => ({ where: `directory ${found.path}`, problem }));
  return { kind: 'found', entries: listed.entries, anomalies: [...anomalies, ...problems] };
}

function planSteps(paths: readonly string[]): Step {
  const step = (name: string): Step => ({ name, paths: [], steps: new Map(), patterns: [] });
  const top = step('');
  for (const [path, text] of paths.entries()) {
    const parts = text.split(/[\\/]/).filter((part) => part !== '');
    const last = parts.at(-1);
    const isPattern = last !== undefined && /[*?]/.test(last);
    let at = top;
    for (const part of isPattern ? parts.slice(0, -1) : parts) {
      const key = part.toLowerCase();
      const next = at.steps.get(key) ?? step(part);
      at.steps.set(key, next);
      at = next;
    }
    if (isPattern) at.patterns.push({ path, pattern: last });
    else at.paths.push(path);
  }
  return top;
}

/** One run of `findFiles`: where answers go. */
class Search {
  readonly #volume: Volume;
  readonly #paths: readonly string[];
  readonly #lookups: Lookup[];
  readonly #anomalies: Anomaly[];

  constructor(volume: Volume, paths: readonly string[], lookups: Lookup[], anomalies: Anomaly[]) {
    this.#volume = volume;
    this.#paths = paths;
    this.#lookups = lookups;
    this.#anomalies = anomalies;
  }

  /** Answers everything at and below a step alike. */
  give(step: Step, lookup: (path: string) => Lookup): void {
    for (const path of [...step.paths, ...step.patterns.map((one) => one.path)]) {
      this.#lookups[path] = lookup(this.#paths[path] ?? '');
    }
    for (const below of step.steps.values()) this.give(below, lookup);
  }

  /** A file or directory was found: answers the paths that end in it and goes on below it. */
  *enter(entry: Entry, file: NtfsFile, step: Step): Walker<void> {
    this.#anomalies.push(...file.anomalies);
    for (const path of step.paths) {
      const files = [withOwnFigures(entry, file)];
      this.#lookups[path] = { kind: 'found', path: this.#paths[path] ?? '', files, problems: [] };
    }
    if (step.steps.size === 0 && step.patterns.length === 0) return;
    const below = { ...step, paths: [] };
    if (!file.isDirectory) {
      this.give(below, (path) => ({ kind: 'absent', path, missing: `${entry.path} is not a directory` }));
    } else if (isLink(file)) {
      const problem = `${entry.path} is a link to another directory`;
      this.give(below, (path) => ({ kind: 'unreadable', path, problem }));
    } else {
      yield* together([
        this.#descend(entry, file, [...step.steps.values()]),
        this.#match(entry, file, step.patterns),
      ]);
    }
  }

  *#descend(entry: Entry, directory: NtfsFile, steps: readonly Step[]): Walker<void> {
    if (steps.length === 0) return;
    const names = steps.map(({ name }) => name);
    const found = yield* findNames(this.#volume, directory, entry.path, names);
    const hits: { readonly entry: Entry; readonly step: Step }[] = [];
    for (const [index, step] of steps.entries()) {
      const result = found[index];
      const path = `${entry.path}\\${step.name}`;
      if (result?.kind === 'found') hits.push({ entry: result.entry, step });
      else if (result?.kind === 'absent') {
        this.give(step, (whole) => ({ kind: 'absent', path: whole, missing: path }));
      } else {
        const problem = `directory ${entry.path}: ${result?.problem ?? NO_ANSWER.problem}`;
        this.give(step, (whole) => ({ kind: 'unreadable', path: whole, problem }));
      }
    }
    const files = yield* readFiles(
      this.#volume,
      hits.map((hit) => hit.entry.reference),
    );
    yield* together(
      hits.flatMap((hit, index) => {
        const result = files[index] ?? NO_ANSWER;
        if (result.ok) return [this.enter(hit.entry, result.file, hit.step)];
        const problem = `${hit.entry.path}: ${result.problem}`;
        this.give(hit.step, (path) => ({ kind: 'unreadable', path, problem }));
        return [];
      }),
    );
  }

  *#match(entry: Entry, directory: NtfsFile, patterns: Step['patterns']): Walker<void> {
    if (patterns.length === 0) return;
    const listed: Listed = yield* listNames(this.#volume, directory, entry.path);
    if (listed.kind === 'lost') {
      const problem = `directory ${entry.path}: ${listed.problem}`;
      for (const { path } of patterns) {
        this.#lookups[path] = { kind: 'unreadable', path: this.#paths[path] ?? '', problem };
      }
      return;
    }
    for (const problem of listed.problems)
      this.#anomalies.push({ where: `directory ${entry.path}`, problem });
    const matches = patterns.map(({ pattern }) => {
      const isMatch = matcher(pattern);
      return new Set(listed.entries.filter(({ name }) => isMatch(name)));
    });
    const wanted = listed.entries.filter((one) => matches.some((set) => set.has(one)));
    const files = yield* readFiles(
      this.#volume,
      wanted.map(({ reference }) => reference),
    );
    for (const [at, { path }] of patterns.entries()) {
      const problems = [...listed.problems];
      const found: FoundFile[] = [];
      for (const [index, one] of wanted.entries()) {
        if (matches[at]?.has(one) !== true) continue;
        const result = files[index] ?? NO_ANSWER;
        if (result.ok) found.push(withOwnFigures(one, result.file));
        else problems.push(`${one.path}: ${result.problem}`);
      }
      this.#lookups[path] = { kind: 'found', path: this.#paths[path] ?? '', files: found, problems };
    }
    for (const result of files) if (result.ok) this.#anomalies.push(...result.file.anomalies);
  }
}

/** Matches names by `*` and `?`, without regard to case. */
function matcher(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  const expression = new RegExp(`^${source}$`, 'isu');
  return (name) => expression.test(name);
}

function isLink(file: NtfsFile): boolean {
  const value = residentValue(file, AttributeType.ReparsePoint);
  const point = value && tryDecode(() => decodeReparsePoint(value));
  return point?.ok === true && [REPARSE_TAG_MOUNT_POINT, REPARSE_TAG_SYMLINK].includes(point.value.tag);
}

function withOwnFigures(entry: Entry, file: NtfsFile): FoundFile {
  const size = findStream(file, AttributeType.Data)?.size ?? 0;
  const value = residentValue(file, AttributeType.StandardInformation);
  const decoded = value && tryDecode(() => decodeStandardInformation(value));
  if (!decoded?.ok) return { ...entry, size, file };
  // FILE_ATTRIBUTE_DIRECTORY does not stand in $STANDARD_INFORMATION.
  const { securityId: _, ...own } = decoded.value;
  return { ...entry, ...own, isDirectory: file.isDirectory, size, file };
}

function rootEntry(file: NtfsFile): Entry {
  const { reference } = file;
  const times = { created: 0n, modified: 0n, changed: 0n, accessed: 0n };
  return { path: '', name: '', reference, isDirectory: file.isDirectory, attributes: 0, size: 0, ...times };
}
