import { tryDecode } from '../../bytes/decode-error.ts';
import { Reader } from '../../bytes/reader.ts';
import type { Walker } from '../walker.ts';
import type { NtfsFile } from './file.ts';
import { type FileReference, readFileReference } from './file-record.ts';
import type { IndexEntry } from './index-node.ts';
import { type Collation, openIndex, searchIndex, walkIndex } from './index-tree.ts';
import {
  decodeFileName,
  FILE_NAME_AT,
  FILE_NAME_LENGTH_AT,
  type FileTimes,
  isDirectoryName,
  NAMESPACE_DOS,
} from './metadata.ts';
import { loadUpcase } from './open-volume.ts';
import { codeUnits, codeUnitsOf, UpcaseTable } from './upcase.ts';
import type { Volume } from './volume.ts';

/** A name in a directory. Size and times are the directory's copies, which can lag behind the file's own. */
export interface Entry extends FileTimes {
  /** From the volume's root, spelled as the volume does: `\Windows\System32\config\SYSTEM`. */
  readonly path: string;
  readonly name: string;
  readonly reference: FileReference;
  readonly isDirectory: boolean;
  /** FILE_ATTRIBUTE_* flags. */
  readonly attributes: number;
  readonly reparseTag?: number;
  /** Bytes. */
  readonly size: number;
}

/** A directory is told to be damaged by the first of its faults. */
const PROBLEMS_MAX = 100;

/** The index of a directory's names. */
const NAME_INDEX = '$I30';

export type LookedUp =
  | { readonly kind: 'found'; readonly entry: Entry }
  | { readonly kind: 'absent' }
  | { readonly kind: 'lost'; readonly problem: string };

/**
 * Finds names in a directory by its B-tree, whatever their case, short names too. Rounds: see
 * `searchIndex`; where a node is damaged, those of a listing on top.
 * @param path the directory's own
 */
export function* findNames(
  volume: Volume,
  directory: NtfsFile,
  path: string,
  names: readonly string[],
): Walker<readonly LookedUp[]> {
  const tree = openIndex(volume, directory, NAME_INDEX);
  if (typeof tree === 'string') return names.map(() => ({ kind: 'lost', problem: tree }));
  const units = names.map(codeUnits);
  const collation: Collation<Uint16Array, Uint16Array> = {
    *keys(entries) {
      const spelled = entries.map(({ key }) => nameUnits(key));
      yield* loadUpcase(volume, volume.upcase.missing([...spelled, ...units]));
      return spelled.map((name) => volume.upcase.upcase(name));
    },
    compare: (target, key) => UpcaseTable.compare(volume.upcase.upcase(target), key),
  };
  const results = yield* searchIndex(tree, units, collation);
  const lost = results.some(({ kind }) => kind === 'lost');
  const listed = lost ? yield* listNames(volume, directory, path, true) : undefined;
  const byName = new Map<string, Entry>();
  const fold = (text: string) => volume.upcase.upcase(codeUnits(text)).join();
  if (listed?.kind === 'found') for (const entry of listed.entries) byName.set(fold(entry.name), entry);
  return results.map((result, index): LookedUp => {
    if (result.kind === 'absent') return result;
    if (result.kind === 'lost') {
      const entry = byName.get(fold(names[index] ?? ''));
      return entry === undefined ? result : { kind: 'found', entry };
    }
    const entry = decodeEntry(result.entry, path);
    return typeof entry === 'string' ? { kind: 'lost', problem: entry } : { kind: 'found', entry };
  });
}

export type Listed =
  | { readonly kind: 'found'; readonly entries: readonly Entry[]; readonly problems: readonly string[] }
  | { readonly kind: 'lost'; readonly problem: string };

/**
 * Everything in a directory, in no order; short (8.3) names that stand beside long ones are left out
 * unless `withShortNames`. Rounds: see `walkIndex`.
 */
export function* listNames(
  volume: Volume,
  directory: NtfsFile,
  path: string,
  withShortNames = false,
): Walker<Listed> {
  const tree = openIndex(volume, directory, NAME_INDEX);
  if (typeof tree === 'string') return { kind: 'lost', problem: tree };
  const walked = yield* walkIndex(tree);
  const entries: Entry[] = [];
  const problems = [...walked.problems];
  for (const one of walked.entries) {
    const entry = decodeEntry(one, path, withShortNames);
    if (entry === undefined) continue;
    if (typeof entry !== 'string') entries.push(entry);
    else if (problems.length < PROBLEMS_MAX) problems.push(entry);
  }
  return { kind: 'found', entries, problems };
}

/** The name of a $FILE_NAME key; what is missing of it is empty. */
function nameUnits(key: Uint8Array): Uint16Array {
  const length = key[FILE_NAME_LENGTH_AT] ?? 0;
  return codeUnitsOf(key.subarray(FILE_NAME_AT, FILE_NAME_AT + length * 2));
}

function decodeEntry(entry: IndexEntry, path: string): Entry | string;
function decodeEntry(entry: IndexEntry, path: string, withShortNames: boolean): Entry | string | undefined;
function decodeEntry(entry: IndexEntry, path: string, withShortNames = true): Entry | string | undefined {
  const decoded = tryDecode(() => ({
    reference: readFileReference(new Reader(entry.bytes, 'index entry')),
    fileName: decodeFileName(entry.key),
  }));
  if (!decoded.ok) return decoded.error.message;
  const { reference, fileName } = decoded.value;
  if (fileName.namespace === NAMESPACE_DOS && !withShortNames) return undefined;
  // The root directory lists itself.
  if (fileName.name === '.' && !withShortNames) return undefined;
  const { name, size, attributes, reparseTag, created, modified, changed, accessed } = fileName;
  return {
    path: `${path}\\${name}`,
    name,
    reference,
    isDirectory: isDirectoryName(fileName),
    attributes,
    ...(reparseTag === undefined ? {} : { reparseTag }),
    size,
    created,
    modified,
    changed,
    accessed,
  };
}
