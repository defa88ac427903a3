// Azurite, Microsoft's emulator of Azure Storage, as a peer. What the tests ask of it is signed here, since an
// SDK would hide what goes over the line.
import { createHmac, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { freePort, type Peer, type Scope, startPeer, temporaryFolder, waitUntilReady } from './processes.ts';
import { requireProgram } from './require-peer.ts';

const PROGRAM = 'azurite-blob';
const VERSION = '2021-12-02';
const ACCOUNT = 'peeraccount';
const CONTAINER = 'vhds';
/** Put Page takes 4 MiB at the most. */
const MOST_PAGES = 4 * 1024 * 1024;

export function requireAzurite(t: TestContext): boolean {
  return requireProgram(
    t,
    PROGRAM,
    'npm install --prefix DIR azurite@3.35.0, and DIR/node_modules/.bin on the PATH',
  );
}

export interface Extent {
  readonly start: number;
  readonly length: number;
}

export interface SasOptions {
  /** Seconds from now; negative: it has expired. */
  readonly expiresIn?: number;
  /** Its time, where the SAS is for a snapshot. */
  readonly snapshot?: string;
}

export interface Azurite {
  readonly peer: Peer;
  /** Makes a page blob as large as this file and uploads these extents of it (multiples of 512 bytes). */
  uploadPageBlob(name: string, path: string, size: number, extents: readonly Extent[]): Promise<void>;
  /** Writes pages (multiples of 512 bytes) into a blob. */
  putPages(name: string, offset: number, bytes: Uint8Array): Promise<void>;
  /** Takes a snapshot and gives its time, which is its name. */
  snapshot(name: string): Promise<string>;
  /** A URL with a SAS for reading this blob, and nothing else. */
  readOnlySas(name: string, options?: SasOptions): URL;
}

/** Starts it with an empty container. It ends with the scope. */
export async function startAzurite(scope: Scope): Promise<Azurite> {
  const port = await freePort();
  const key = randomBytes(64);
  const peer = startPeer(
    scope,
    PROGRAM,
    [
      ...['--silent', '--skipApiVersionCheck', '--disableTelemetry', '--disableProductStyleUrl'],
      ...['--location', temporaryFolder(scope, 'azurite')],
      ...['--blobHost', '127.0.0.1', '--blobPort', String(port)],
    ],
    // An account of its own, so that no key stands in the repository.
    { env: { ...process.env, AZURITE_ACCOUNTS: `${ACCOUNT}:${key.toString('base64')}` } },
  );
  const base = `http://127.0.0.1:${port}`;
  await waitUntilReady(peer, PROGRAM, () =>
    fetch(base).then(
      (response) => response.body?.cancel().then(() => true) ?? true,
      () => false,
    ),
  );
  const sign = (text: string) => createHmac('sha256', key).update(text, 'utf8').digest('base64');

  /** An account SAS for everything, for the next hour. */
  const mayAll = (): URLSearchParams => {
    const se = timeIn(3600);
    const fields = { sv: VERSION, ss: 'b', srt: 'sco', sp: 'rwdlac', se };
    const text = [ACCOUNT, fields.sp, fields.ss, fields.srt, '', se, '', '', VERSION, '', ''].join('\n');
    return new URLSearchParams({ ...fields, sig: sign(text) });
  };

  const put = async (
    path: string,
    query: Record<string, string>,
    headers: Record<string, string>,
    body: Uint8Array<ArrayBuffer> = new Uint8Array(0),
  ): Promise<Headers> => {
    const url = new URL(`${base}/${ACCOUNT}/${path}`);
    url.search = new URLSearchParams([...mayAll(), ...Object.entries(query)]).toString();
    const response = await fetch(url, {
      method: 'PUT',
      headers: { 'x-ms-version': VERSION, ...headers },
      body,
    });
    const said = await response.text();
    if (!response.ok) throw new Error(`${PROGRAM} answered HTTP ${response.status} to ${path}: ${said}`);
    return response.headers;
  };

  const putPages = async (name: string, offset: number, bytes: Uint8Array): Promise<void> => {
    const range = `bytes=${offset}-${offset + bytes.length - 1}`;
    await put(
      `${CONTAINER}/${name}`,
      { comp: 'page' },
      { range, 'x-ms-page-write': 'update' },
      bytes.slice(),
    );
  };

  await put(CONTAINER, { restype: 'container' }, {});
  return {
    peer,
    putPages,
    async uploadPageBlob(name, path, size, extents) {
      await put(
        `${CONTAINER}/${name}`,
        {},
        {
          'x-ms-blob-type': 'PageBlob',
          'x-ms-blob-content-length': String(size),
        },
      );
      const file = await open(path);
      try {
        for (const { start, length } of extents) {
          for (let at = start; at < start + length; at += MOST_PAGES) {
            const bytes = new Uint8Array(Math.min(MOST_PAGES, start + length - at));
            await file.read(bytes, 0, bytes.length, at);
            await putPages(name, at, bytes);
          }
        }
      } finally {
        await file.close();
      }
    },
    async snapshot(name) {
      const headers = await put(`${CONTAINER}/${name}`, { comp: 'snapshot' }, {});
      return headers.get('x-ms-snapshot') ?? '';
    },
    readOnlySas(name, { expiresIn = 3600, snapshot } = {}) {
      const se = timeIn(expiresIn);
      const sr = snapshot === undefined ? 'b' : 'bs';
      const resource = `/blob/${ACCOUNT}/${CONTAINER}/${name}`;
      // Permissions, start, expiry, resource, identifier, IP, protocol, version, kind, snapshot, scope, five headers.
      const text = ['r', '', se, resource, '', '', '', VERSION, sr, snapshot ?? '', '', '', '', '', '', ''];
      const url = new URL(`${base}/${ACCOUNT}/${CONTAINER}/${name}`);
      url.search = new URLSearchParams({
        ...(snapshot === undefined ? {} : { snapshot }),
        ...{ sv: VERSION, sr, sp: 'r', se, sig: sign(text.join('\n')) },
      }).toString();
      return url;
    },
  };
}

/** As a SAS wants it: without fractions of a second. */
function timeIn(seconds: number): string {
  return `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;
}
