import type { Duplex } from 'node:stream';
import { tryDecode } from '../core/bytes/decode-error.ts';
import type { Framing } from '../core/protocol/dialog.ts';

/** Whole packets from a connection, clear or inside TLS, in bounded memory. */
export class Line {
  readonly stream: Duplex;
  #buffered: Uint8Array = new Uint8Array(0);
  #over = false;
  #wake: (() => void) | undefined;
  readonly #onData = (chunk: Uint8Array): void => {
    const joined = new Uint8Array(this.#buffered.length + chunk.length);
    joined.set(this.#buffered);
    joined.set(chunk, this.#buffered.length);
    this.#buffered = joined;
    // One chunk is read for each time somebody waits, so a peer cannot fill the memory.
    this.stream.pause();
    this.#wake?.();
  };
  readonly #onEnd = (): void => {
    this.#over = true;
    this.#wake?.();
  };

  constructor(stream: Duplex) {
    this.stream = stream;
    this.#over = stream.destroyed || stream.readableEnded;
    stream.on('data', this.#onData);
    for (const event of ['end', 'close', 'error']) stream.on(event, this.#onEnd);
    stream.pause();
  }

  /**
   * Waits for one packet of at most `limit` bytes.
   * @returns `undefined` when the peer ended the connection, or sent what cannot be such a packet
   */
  async receive(framing: Framing, limit: number): Promise<Uint8Array | undefined> {
    for (;;) {
      const framed = tryDecode(() => framing(this.#buffered));
      if (!framed.ok) return undefined;
      const length = framed.value;
      if (length !== undefined && length > limit) return undefined;
      if (length !== undefined && this.#buffered.length >= length) {
        const packet = this.#buffered.slice(0, length);
        this.#buffered = this.#buffered.subarray(length);
        return packet;
      }
      if (!(await this.#more())) return undefined;
    }
  }

  /** Waits until the peer has said anything more, which stays unread. False: it ended the connection. */
  async arrival(): Promise<boolean> {
    return this.#buffered.length > 0 || (await this.#more());
  }

  /** Waits until the peer has ended the connection; what it says is forgotten. */
  async departure(): Promise<void> {
    while (await this.#more()) this.#buffered = new Uint8Array(0);
  }

  send(bytes: Uint8Array): void {
    if (this.stream.writable) this.stream.write(bytes);
  }

  /** Takes the line off its stream, and puts back what was read ahead, for TLS to start there. */
  release(): Duplex {
    this.stream.off('data', this.#onData);
    for (const event of ['end', 'close', 'error']) this.stream.off(event, this.#onEnd);
    if (this.#buffered.length > 0) this.stream.unshift(this.#buffered);
    return this.stream;
  }

  async #more(): Promise<boolean> {
    if (this.#over) return false;
    const before = this.#buffered.length;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.stream.resume();
    });
    this.#wake = undefined;
    return this.#buffered.length > before;
  }
}
