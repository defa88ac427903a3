import type { OpenedSource } from '../../app/ports/byte-source.ts';
import { resolveHost } from '../network/resolve.ts';
import { withoutSecrets } from '../secrets.ts';
import { openFileSource } from './file-source.ts';
import { openHttpSource, REAL_SURROUNDINGS } from './http-source.ts';

/** Where a disk lies, by what the user wrote: an http(s) URL, or a path. */
export function isUrl(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

/** No server that serves disks stays silent for longer. */
const LONGEST_SILENCE_MILLIS = 15_000;

/** How a report names a disk: its path, or its URL without the query, which holds the signature. */
export function nameOfDisk(place: string): string {
  if (!isUrl(place) || !URL.canParse(place)) return withoutSecrets(place);
  const url = new URL(place);
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** Opens a disk for reading, in no more than about this time: a name server or a server may be silent. */
export async function openDisk(place: string, timeoutMillis: number): Promise<OpenedSource> {
  const deadline = performance.now() + timeoutMillis;
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(place)?.[0];
  if (scheme !== undefined && !isUrl(place)) {
    return {
      ok: false,
      problem: `${place.replace(/[?#].*$/s, '')} is not a URL that rdpdoctor can read: only http and https are supported`,
      advice: 'Use the SAS URL of the disk, or download it and name the file.',
    };
  }
  if (!isUrl(place)) {
    const opened = await openFileSource(place);
    return opened.ok
      ? opened
      : { ...opened, problem: opened.problem.replaceAll(place, withoutSecrets(place)) };
  }
  const url = URL.canParse(place) ? new URL(place) : undefined;
  if (url === undefined) {
    return {
      ok: false,
      problem: 'the URL of the disk is not valid',
      advice: 'Copy the whole URL and put it in quotes.',
    };
  }
  const resolution = await resolveHost(url.hostname.replace(/^\[|\]$/g, ''), timeoutMillis);
  if (resolution.kind === 'failed') {
    return { ok: false, problem: resolution.problem, advice: 'Check the host of the URL and the network.' };
  }
  return openHttpSource(url, {
    ...REAL_SURROUNDINGS,
    addresses: resolution.addresses,
    // A request is tried several times, each with its own wait.
    silenceMillis: Math.min(LONGEST_SILENCE_MILLIS, timeoutMillis / 4),
    left: () => deadline - performance.now(),
  });
}
