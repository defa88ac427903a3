import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OpenedSource } from '../../app/ports/byte-source.ts';
import type { ParentLink } from '../../core/formats/image/image.ts';
import { openFileSource } from './file-source.ts';

/** Names that a sentence shows, and how much of each: they are whatever somebody wrote into the disk. */
const MOST_SHOWN = 3;
const LONGEST_SHOWN = 200;

/** Windows takes these for devices, in every folder and whatever their extension is. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[\d¹²³])(?:\.|$)/i;

/** What no name of a file on Windows has in it: a `:` would be a drive, or a stream of another file. */
const NOT_IN_A_NAME = /[<>:"|?*]|\p{Cc}|[. ]$/u;

/** Where a name that a disk gives its parent may be opened. */
export type ParentPlace =
  /** In the child's folder, or in one below it: the parts of the path. */
  | { readonly kind: 'below'; readonly parts: readonly string[] }
  /** Nowhere. */
  | { readonly kind: 'refused'; readonly why: string };

/**
 * What a name that a disk gives its parent is good for. It is a text of Windows on every platform:
 * \\server\share would send a user's credentials to whoever wrote it into the disk, \\.\ and \\?\ name
 * devices, and an absolute path or one with `..` any file at all.
 */
export function placeOfParent(name: string): ParentPlace {
  if (/^[\\/]{2}/.test(name)) return { kind: 'refused', why: 'it names another machine or a device' };
  if (/^(?:[\\/]|[a-z]:)/i.test(name)) return { kind: 'refused', why: 'it is an absolute path' };
  const parts = name.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return { kind: 'refused', why: 'it leads out of the folder of the disk' };
  if (parts.length === 0) return { kind: 'refused', why: 'it is empty' };
  if (parts.some((part) => NOT_IN_A_NAME.test(part) || DEVICE.test(part))) {
    return { kind: 'refused', why: 'it is not a file name' };
  }
  return { kind: 'below', parts };
}

/**
 * Opens the parents of one disk, each in its turn: those that the user names with --parent first, in
 * their order, then what the disk names, in its own folder alone. A path that leads elsewhere is never
 * followed: only its last part is looked for beside the disk.
 * A link in that folder is not followed either: whoever handed over the folder could have put it there.
 * @param child path of the disk; `undefined` where it has no folder, behind a URL
 */
export function parentOpener(
  child: string | undefined,
  named: readonly string[],
): (link: ParentLink) => Promise<OpenedSource> {
  const left = [...named];
  let folder = child === undefined ? undefined : dirname(child);
  return async (link) => {
    const given = left.shift();
    if (given !== undefined) {
      folder = dirname(given);
      return openFileSource(given);
    }
    const wanted = describe(link);
    if (folder === undefined) {
      return refuse(`it builds on ${wanted}, which cannot be looked for beside a URL`);
    }
    let why = '';
    for (const parts of placesBeside(link)) {
      const found = await openWithoutLinks(folder, parts);
      if (typeof found !== 'string') return found;
      why ||= found;
    }
    const outside = link.names.map(placeOfParent).find((place) => place.kind === 'refused');
    const refused =
      outside?.kind === 'refused'
        ? ` (rdpdoctor does not open the place that the disk names: ${outside.why})`
        : '';
    return refuse(
      `it builds on ${wanted}, and ${why || 'there is no file of that name in its folder'}${refused}`,
    );
  };
}

/** What to look for beside the child: each name itself where it stays below, and the last part of every other. */
function placesBeside({ names }: ParentLink): readonly (readonly string[])[] {
  const places = new Map<string, readonly string[]>();
  const add = (name: string): void => {
    const place = placeOfParent(name);
    if (place.kind === 'below') places.set(place.parts.join('/'), place.parts);
  };
  for (const name of names) {
    add(name.split(/[\\/]/).at(-1) ?? '');
    add(name);
  }
  return [...places.values()];
}

/** A text says why it was not opened; it is empty where there is nothing of that name. */
async function openWithoutLinks(folder: string, parts: readonly string[]): Promise<OpenedSource | string> {
  let path = folder;
  for (const [index, part] of parts.entries()) {
    path = join(path, part);
    const stats = await lstat(path).catch(() => undefined);
    if (stats === undefined) return '';
    if (stats.isSymbolicLink()) return `${path} is a link, which is not followed`;
    const isLast = index === parts.length - 1;
    if (isLast && !stats.isFile()) return `${path} is not a file`;
  }
  return openFileSource(path);
}

function describe({ names, id }: ParentLink): string {
  const shown = names.slice(0, MOST_SHOWN).map((name) => {
    const cut = name.length > LONGEST_SHOWN ? `${name.slice(0, LONGEST_SHOWN)}…` : name;
    return `"${cut}"`;
  });
  return shown.length === 0 ? `the disk ${id}` : shown.join(' or ');
}

function refuse(problem: string): OpenedSource {
  return {
    ok: false,
    problem,
    advice:
      'Put the parent into the folder of the disk, or name it with --parent FILE; repeat --parent for each further disk of a chain.',
  };
}
