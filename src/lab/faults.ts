import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Death, LabConfig } from './config.ts';

export type WireFaults = Pick<LabConfig, 'deadAfterBytes' | 'drip'>;

/** A reset that arrives together with bytes reads as an end, and one right after the handshake as a refusal: so it comes this much later. */
const RESET_MILLIS = 15;

/**
 * A TCP connection whose sending side is ill in the way the lab was told: it dies after so many
 * bytes, or lets them out one by one. TLS runs on top of it, so its bytes are counted as well.
 *
 * INVARIANT: what was written is sent before the connection ends, however it was ended; only a death
 * loses bytes. Nothing that the peer does is an error here: a reset reads as an end.
 */
export class Wire extends Duplex {
  readonly #socket: Socket;
  readonly #by: Death;
  readonly #drip: number | undefined;
  #budget: number;
  #queue: Uint8Array[] = [];
  #ending = false;
  #dead = false;
  #dripping = false;
  #over = false;

  constructor(socket: Socket, faults: WireFaults) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#by = faults.deadAfterBytes?.by ?? 'end';
    this.#budget = faults.deadAfterBytes?.count ?? Number.POSITIVE_INFINITY;
    this.#drip = faults.drip;
    socket.on('data', (chunk) => {
      if (!this.#over && !this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.#finishReading());
    socket.on('error', () => this.#finishReading());
    socket.on('close', () => this.#finishReading());
  }

  /** Ends the connection now, or after what was sent has left: from here on nothing is sent any more. */
  die(by: Death): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#queue = [];
    if (by === 'end') this.#socket.end();
    if (by === 'reset') setTimeout(() => this.#socket.resetAndDestroy(), RESET_MILLIS);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    if (!this.#dead) this.#queue.push(chunk);
    this.#flush();
    done();
  }

  override _final(done: (error?: Error) => void): void {
    this.#ending = true;
    this.#flush();
    done();
  }

  override _destroy(_error: Error | null, done: (error: Error | null) => void): void {
    this.#over = true;
    this.#ending = true;
    this.#flush();
    // Whatever still comes in is read and forgotten: unread bytes would turn the end into a reset.
    this.#socket.resume();
    done(null);
  }

  #flush(): void {
    if (this.#dripping || this.#dead) return;
    for (let chunk = this.#queue.shift(); chunk !== undefined; chunk = this.#queue.shift()) {
      const count = Math.min(chunk.length, this.#budget, this.#drip === undefined ? chunk.length : 1);
      if (count > 0) this.#send(chunk.subarray(0, count));
      this.#budget -= count;
      if (this.#budget === 0) {
        this.die(this.#by);
        return;
      }
      if (count < chunk.length) this.#queue.unshift(chunk.subarray(count));
      if (this.#drip !== undefined) {
        this.#dripping = true;
        setTimeout(() => {
          this.#dripping = false;
          this.#flush();
        }, this.#drip);
        return;
      }
    }
    if (this.#ending) this.#socket.end();
  }

  #send(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  #finishReading(): void {
    if (this.#over) return;
    this.#over = true;
    this.push(null);
  }
}
