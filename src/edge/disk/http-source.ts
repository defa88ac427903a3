import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ByteSource, OpenedSource } from '../../app/ports/byte-source.ts';
import type { Range, ReadResult } from '../../core/formats/walker.ts';

/** Requests at a time. A page blob serves far more; a line of a laptop does not carry more. */
const CONNECTIONS = 8;

/** Tries of one request, the first included, with pauses of 0.2, 0.4 and 0.8 seconds and a little more. */
const TRIES = 4;
const FIRST_PAUSE_MILLIS = 200;
const LONGEST_PAUSE_MILLIS = 5000;

/** What waiting and time depend on; tests bring their own. */
export interface HttpSurroundings {
  /** Where the host is; without them the system looks the name up, which nothing can stop. */
  readonly addresses?: readonly string[];
  /** How long a connection may stay silent. */
  readonly silenceMillis: number;
  /** Milliseconds until everything ends, however lively a server is; left out, nothing ends it. */
  left?(): number;
  sleep(millis: number): Promise<void>;
  /** Milliseconds since 1970-01-01 UTC: whether a SAS has expired. */
  now(): number;
  /** From 0 up to 1: spreads the tries of several that failed together. */
  random(): number;
}

export const REAL_SURROUNDINGS: HttpSurroundings = {
  silenceMillis: 15_000,
  sleep: (millis) => sleep(millis),
  now: Date.now,
  random: Math.random,
};

/** The first request brings the size and the ETag, and bytes that every look at a disk needs. */
const FIRST_BYTES = 131_072;

const LATE = {
  problem: 'the server did not finish its answer in time',
  advice: 'Allow more time with --timeout, or copy the disk to this machine.',
};

/** The longest that a timer of Node can wait. */
const LONGEST_TIMER_MILLIS = 0x7fffffff;

const CHANGED = {
  problem: 'the blob changed while it was being read',
  advice: 'Use a snapshot, which does not change.',
};

type Fetched =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array;
      readonly total: number;
      readonly etag: string | undefined;
    }
  | {
      readonly ok: false;
      readonly problem: string;
      readonly advice: string;
      readonly again: boolean;
      readonly after?: number;
    };

/**
 * Opens a blob behind an HTTP(S) URL, such as a snapshot's SAS, by its first bytes. Only GET with a
 * single range is ever sent; a read-only SAS is enough. The URL's query holds the signature: it is
 * sent to the server and appears nowhere else.
 */
export async function openHttpSource(
  url: URL,
  surroundings: HttpSurroundings = REAL_SURROUNDINGS,
): Promise<OpenedSource> {
  const source = new HttpSource(url, surroundings);
  const first = await source.open();
  if (first.ok) return { ok: true, source };
  await source.close();
  return { ok: false, problem: first.problem, advice: first.advice };
}

function notHttp(host: string, code: string): { readonly problem: string; readonly advice: string } {
  return code === 'HPE_HEADER_OVERFLOW'
    ? {
        problem: `${host} sends more headers than any storage service does`,
        advice: 'Check the URL of the disk.',
      }
    : {
        problem: `what answers at ${host} does not speak HTTP (${code})`,
        advice: 'Check the URL of the disk: its host, its port, http or https.',
      };
}

class HttpSource implements ByteSource {
  readonly name: string;
  size = 0;
  readonly cost = { bytes: 0, requests: 0, rounds: 0 };
  readonly #url: URL;
  readonly #surroundings: HttpSurroundings;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #request: typeof httpRequest;
  #etag: string | undefined;
  /** The bytes that opening brought; nobody fetches them again. */
  #head: Uint8Array = new Uint8Array(0);
  #closed = false;

  constructor(url: URL, surroundings: HttpSurroundings) {
    this.#url = url;
    this.#surroundings = surroundings;
    this.name = `${url.protocol}//${url.host}${url.pathname}`;
    const options = { keepAlive: true, maxSockets: CONNECTIONS };
    this.#agent = url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
    this.#request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  }

  /** Learns size and ETag from the first bytes. From here on the blob must stay what it was. */
  async open(): Promise<Fetched> {
    this.cost.rounds += 1;
    const first = await this.#fetch({ offset: 0, length: FIRST_BYTES });
    if (first.ok) {
      this.size = first.total;
      this.#etag = first.etag;
      this.#head = first.bytes;
    }
    return first;
  }

  async read(ranges: readonly Range[]): Promise<readonly ReadResult[]> {
    if (ranges.some(({ offset, length }) => offset + length > this.#head.length && offset < this.size))
      this.cost.rounds += 1;
    return Promise.all(
      ranges.map(async ({ offset, length }): Promise<ReadResult> => {
        const end = Math.min(offset + length, this.size);
        if (!(end > offset)) return { ok: true, bytes: new Uint8Array(0) };
        const known = this.#head.slice(offset, end);
        if (known.length === end - offset) return { ok: true, bytes: known };
        const start = offset + known.length;
        const fetched = await this.#fetch({ offset: start, length: end - start });
        if (!fetched.ok) return { ok: false, problem: fetched.problem };
        if (known.length === 0) return { ok: true, bytes: fetched.bytes };
        const bytes = new Uint8Array(end - offset);
        bytes.set(known);
        bytes.set(fetched.bytes, known.length);
        return { ok: true, bytes };
      }),
    );
  }

  /** One range, tried again with growing pauses where the server or the line had a bad moment. */
  async #fetch(range: Range): Promise<Fetched> {
    for (let attempt = 1; ; attempt += 1) {
      const fetched = await this.#fetchOnce(range);
      if (fetched.ok || !fetched.again || attempt === TRIES || this.#closed) return fetched;
      const wished = FIRST_PAUSE_MILLIS * 2 ** (attempt - 1) * (1 + this.#surroundings.random() / 2);
      const pause = Math.min(LONGEST_PAUSE_MILLIS, Math.max(wished, fetched.after ?? 0));
      // What would come too late is not begun; what went wrong so far is the better reason.
      if (pause >= this.#left()) return fetched;
      await this.#surroundings.sleep(pause);
    }
  }

  #left(): number {
    return this.#surroundings.left?.() ?? Number.POSITIVE_INFINITY;
  }

  #fetchOnce({ offset, length }: Range): Promise<Fetched> {
    this.cost.requests += 1;
    return new Promise((settle) => {
      const resolve = (fetched: Fetched): void => {
        clearTimeout(timer);
        settle(fetched);
      };
      const failed = (problem: string): void =>
        resolve({ ok: false, problem, advice: 'Check the network and try again.', again: true });
      const outgoing = this.#request(
        this.#url,
        {
          agent: this.#agent,
          ...this.#lookup(),
          timeout: this.#surroundings.silenceMillis,
          headers: {
            // `bytes=-n` and several ranges in one request crash some emulators, and are not needed.
            range: `bytes=${offset}-${offset + length - 1}`,
            // [RFC 9110] 13.1.1: If-Match never holds for a weak ETag; that one is only compared below.
            ...(this.#etag === undefined || this.#etag.startsWith('W/') ? {} : { 'if-match': this.#etag }),
          },
        },
        (response) => {
          // Where the connection ends, what is received here says more than that it did.
          outgoing.removeAllListeners('close');
          this.#receive(response, offset, length).then(resolve, (error: NodeJS.ErrnoException) =>
            failed(`the answer broke off (${error.code ?? 'no reason given'})`),
          );
        },
      );
      // Bytes that drip, and interim answers (1xx) without end, keep a connection from being silent.
      const timer = setTimeout(
        () => {
          resolve({ ok: false, ...LATE, again: false });
          outgoing.destroy();
        },
        Math.max(1, Math.min(LONGEST_TIMER_MILLIS, this.#left())),
      );
      // Without a listener Node ends the connection and tells nobody.
      outgoing.on('upgrade', (_, socket) => {
        socket.destroy();
        resolve(this.#refusal(101, undefined));
      });
      outgoing.on('close', () => failed('the connection ended without an answer'));
      outgoing.on('timeout', () =>
        outgoing.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })),
      );
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        const code = error.code ?? 'no reason given';
        if (code.startsWith('HPE_')) resolve({ ok: false, ...notHttp(this.#url.host, code), again: false });
        else failed(`${this.#url.host} cannot be reached (${code})`);
      });
      outgoing.end();
    });
  }

  /** The addresses that were found beforehand, for every connection of the agent. */
  #lookup(): { readonly lookup?: LookupFunction } {
    const { addresses } = this.#surroundings;
    if (addresses === undefined) return {};
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    return {
      lookup: (_, options, callback) =>
        options.all === true
          ? callback(null, found)
          : callback(null, found[0]?.address ?? '', found[0]?.family),
    };
  }

  async #receive(response: IncomingMessage, offset: number, length: number): Promise<Fetched> {
    const { statusCode = 0, headers } = response;
    if (statusCode !== 206) {
      response.destroy();
      return this.#refusal(statusCode, headers['retry-after']);
    }
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
    const [start, end, total] = (range?.slice(1) ?? []).map(Number);
    if (
      start !== offset ||
      end === undefined ||
      total === undefined ||
      end !== Math.min(offset + length, total) - 1 ||
      !Number.isSafeInteger(total)
    ) {
      response.destroy();
      return {
        ok: false,
        problem: 'the server sent a different range from the one requested',
        advice: 'Download the disk and name the file, or use another URL.',
        again: false,
      };
    }
    // A server that does not know If-Match goes on with another content under the same name.
    if (this.size > 0 && (total !== this.size || headers.etag !== this.#etag)) {
      response.destroy();
      return { ok: false, ...CHANGED, again: false };
    }
    const bytes = new Uint8Array(end - start + 1);
    let filled = 0;
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      if (filled + chunk.length > bytes.length) break;
      bytes.set(chunk, filled);
      filled += chunk.length;
    }
    this.cost.bytes += filled;
    if (filled !== bytes.length) {
      return { ok: false, problem: 'the answer was not complete', advice: 'Try again.', again: true };
    }
    return { ok: true, bytes, total, etag: headers.etag };
  }

  #refusal(status: number, retryAfter: string | undefined): Fetched {
    const refuse = (problem: string, advice: string, again = false): Fetched => ({
      ok: false,
      problem,
      advice,
      again,
      ...(retryAfter === undefined ? {} : { after: Number(retryAfter) * 1000 || 0 }),
    });
    const expiry = this.#url.searchParams.get('se');
    switch (status) {
      case 200:
        return refuse(
          'the server ignores byte ranges and would send the whole disk',
          'Download the disk and name the file.',
        );
      case 401:
      case 403:
        return expiry !== null && Date.parse(expiry) < this.#surroundings.now()
          ? refuse(`the SAS expired at ${expiry}`, 'Create a new one with read permission.')
          : refuse(
              `the server refuses the SAS (HTTP ${status})`,
              'Create one with read permission for this blob (sr=bs for a snapshot), and check the storage firewall.',
            );
      case 404:
        return refuse('there is no blob at this URL', 'Check the URL; the snapshot may have been deleted.');
      case 409:
        return refuse('the blob is in use and cannot be read (HTTP 409)', 'Use a snapshot of the disk.');
      case 412:
        return refuse(CHANGED.problem, CHANGED.advice);
      case 416:
        return refuse('the blob is shorter than expected', 'Check that the copy of the disk is complete.');
      case 101:
        return refuse(
          'the server wants to switch to another protocol (HTTP 101)',
          'Check the URL: no storage service answers like this.',
        );
      case 301:
      case 302:
      case 303:
      case 307:
      case 308:
        return refuse(
          `the server redirects to another address (HTTP ${status}), which rdpdoctor does not follow: the signature would go there too`,
          'Give the URL of the blob itself.',
        );
      default:
        return refuse(
          `the server answered HTTP ${status}`,
          'Try again later.',
          status === 408 || status === 429 || status >= 500,
        );
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#agent.destroy();
    return Promise.resolve();
  }
}
