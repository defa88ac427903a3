import type { Duplex } from 'node:stream';
import { tryDecode } from '../../core/bytes/decode-error.ts';
import type { Framing, Received } from '../../core/protocol/dialog.ts';

/** While nobody reads, a peer may fill this much; then the socket is paused and TCP holds it back. */
const UNREAD_LIMIT = 256 * 1024;

/** How long to wait for more of an answer that cannot be ours, so that the banner can be named. */
const FOREIGN_GRACE_MILLIS = 30;

/** How much of a foreign answer is kept. */
const FOREIGN_KEPT = 512;

/** The TLS alert that an error of Node's OpenSSL tells of; it has no field of its own. */
export function alertIn(error: Error): number | undefined {
  const alert = /SSL alert number (\d+)/.exec(error.message)?.[1];
  return alert === undefined ? undefined : Number(alert);
}

/** Whole packets out of a socket's chunks, in bounded memory and time. */
export class ByteStream {
  readonly #now: () => number;
  #socket: Duplex;
  #buffered: Uint8Array = new Uint8Array(0);
  #ended: 'end' | 'reset' | undefined;
  #alert: number | undefined;
  #wake: (() => void) | undefined;
  readonly #onData = (chunk: Uint8Array): void => {
    const joined = new Uint8Array(this.#buffered.length + chunk.length);
    joined.set(this.#buffered);
    joined.set(chunk, this.#buffered.length);
    this.#buffered = joined;
    if (joined.length > UNREAD_LIMIT) this.#socket.pause();
    this.#wake?.();
  };
  readonly #onEnd = (): void => this.#end('end');
  readonly #onError = (error: Error): void => {
    this.#alert ??= alertIn(error);
    this.#end('reset');
  };

  constructor(socket: Duplex, now: () => number) {
    this.#socket = socket;
    this.#now = now;
    // A socket that is gone already tells nobody any more.
    if (socket.destroyed) this.#ended = 'reset';
    this.#attach();
  }

  /** Takes the stream off its socket and gives back what was read ahead, for TLS to start there. */
  release(): Uint8Array {
    this.#detach();
    const unread = this.#buffered;
    this.#buffered = new Uint8Array(0);
    return unread;
  }

  /** Goes on reading from another socket: the inside of TLS. */
  moveTo(socket: Duplex): void {
    this.#detach();
    this.#socket = socket;
    this.#attach();
  }

  /** Whether the peer has ended the connection, and how. */
  get ended(): 'end' | 'reset' | undefined {
    return this.#ended;
  }

  /**
   * Waits for one packet. `left` tells the milliseconds that remain; at zero the answer is
   * `timeout`. Never rejects because of what the peer does.
   */
  async read(framing: Framing, limit: number, left: () => number): Promise<Received> {
    for (;;) {
      const framed = tryDecode(() => framing(this.#buffered));
      if (!framed.ok) {
        await this.#waitForRest(left);
        return {
          kind: 'foreign',
          partial: this.#take(Math.min(this.#buffered.length, FOREIGN_KEPT)),
          problem: framed.error.message,
          at: this.#now(),
        };
      }
      const length = framed.value;
      if (length !== undefined && length > limit) {
        return {
          kind: 'too-long',
          partial: this.#take(Math.min(this.#buffered.length, FOREIGN_KEPT)),
          announced: length,
          limit,
          at: this.#now(),
        };
      }
      if (length !== undefined && this.#buffered.length >= length) {
        return { kind: 'received', bytes: this.#take(length), at: this.#now() };
      }
      if (this.#ended !== undefined) {
        return {
          kind: 'closed',
          how: this.#ended,
          ...(this.#alert === undefined ? {} : { alert: this.#alert }),
          partial: this.#take(this.#buffered.length),
          at: this.#now(),
        };
      }
      if (!(await this.#waitForMore(left()))) {
        return { kind: 'timeout', partial: this.#take(this.#buffered.length), at: this.#now() };
      }
    }
  }

  /** Waits for what comes within the grace, which a banner in pieces needs. */
  async #waitForRest(left: () => number): Promise<void> {
    const until = Math.max(0, left() - FOREIGN_GRACE_MILLIS);
    while (this.#ended === undefined && this.#buffered.length < FOREIGN_KEPT) {
      if (!(await this.#waitForMore(left() - until))) return;
    }
  }

  /** Resolves true when bytes or the end arrive, false after `millis`. */
  #waitForMore(millis: number): Promise<boolean> {
    if (millis <= 0) return Promise.resolve(false);
    this.#socket.resume();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#wake = undefined;
        resolve(false);
      }, millis);
      this.#wake = () => {
        this.#wake = undefined;
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  #take(count: number): Uint8Array {
    const taken = this.#buffered.slice(0, count);
    this.#buffered = this.#buffered.subarray(count);
    return taken;
  }

  #end(how: 'end' | 'reset'): void {
    this.#ended ??= how;
    this.#wake?.();
  }

  #attach(): void {
    this.#socket.on('data', this.#onData);
    this.#socket.on('end', this.#onEnd);
    this.#socket.on('close', this.#onEnd);
    this.#socket.on('error', this.#onError);
  }

  #detach(): void {
    this.#socket.pause();
    this.#socket.off('data', this.#onData);
    this.#socket.off('end', this.#onEnd);
    this.#socket.off('close', this.#onEnd);
    this.#socket.off('error', this.#onError);
  }
}
