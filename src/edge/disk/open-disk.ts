import { basename, dirname, join, win32 } from 'node:path';
import type { OpenedSource } from '../../app/ports/byte-source.ts';
import type { ParentLink } from '../../core/formats/image/image.ts';
import { openFileSource } from './file-source.ts';
import { openHttpSource } from './http-source.ts';

/** Where a disk lies, by what the user wrote: an http(s) URL, or a path. */
export function isUrl(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

export function openDisk(place: string): Promise<OpenedSource> {
  if (!isUrl(place)) return openFileSource(place);
  const url = URL.canParse(place) ? new URL(place) : undefined;
  return url === undefined
    ? Promise.resolve({
        ok: false,
        problem: 'the URL of the disk is not valid',
        advice: 'Copy it whole, in quotes.',
      })
    : openHttpSource(url);
}

/** The parent of a differencing disk: in the child's folder by its own name, or where the child says. */
export async function openParentOf(child: string, link: ParentLink): Promise<OpenedSource> {
  const folder = dirname(child);
  const places = link.names.flatMap((name) => {
    const parts = name.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
    return [join(folder, win32.basename(name)), join(folder, ...parts), name];
  });
  let last: OpenedSource = { ok: false, problem: 'it names no parent', advice: '' };
  for (const place of new Set(places)) {
    if (isUrl(child) || basename(place) === '') continue;
    last = await openFileSource(place);
    if (last.ok) return last;
  }
  return last;
}
