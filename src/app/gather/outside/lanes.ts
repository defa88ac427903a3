import type { Dialog } from '../../../core/protocol/dialog.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ConnectResult, Conversation, Endpoint, Network } from '../../ports/network.ts';

/**
 * How many connections a listener is asked to hold at once. Servers differ: xrdp's backlog is 2,
 * FreeRDP's shadow server's 10, Windows 2008 stops listening above 50 pending connections. So the
 * first round is small, and only when it was answered cleanly does it grow.
 */
const FIRST_ROUND = 3;

/**
 * On a long line the waiting is in the wire and more lanes save whole round trips. On a short one
 * it is in the server, and more lanes only fill its accept queue (xrdp overflows at four).
 */
const WIDE = 8;
const NARROW = 3;
/** From the start of a connection to the first answer on it: two round trips and the server's own time. */
const SHORT_LINE_MILLIS = 40;

/**
 * Pause between two connection starts, in milliseconds. A burst overflows a small accept queue,
 * and the kernel then makes the connection wait a whole second: measured against xrdp, 2 ms were
 * too few and 5 ms enough.
 */
const PACING_MILLIS = 6;

/** A connect that took this much longer than the fastest one was dropped once by a full accept queue. */
const DROPPED_SYN_MILLIS = 900;

/** Runs conversations with one endpoint, as many at a time as the listener has shown that it bears. */
export class Lanes {
  readonly #network: Network;
  readonly #clock: Clock;
  readonly #endpoint: Endpoint;
  readonly #queue: (() => void)[] = [];
  readonly #idlers: (() => void)[] = [];
  #width = FIRST_ROUND;
  #running = 0;
  #cleanAnswers = 0;
  #lastStart = Number.NEGATIVE_INFINITY;
  #pumping = false;
  #connections = 0;
  #fastestConnect = Number.POSITIVE_INFINITY;
  #fastestAnswer = Number.POSITIVE_INFINITY;

  constructor(network: Network, clock: Clock, endpoint: Endpoint) {
    this.#network = network;
    this.#clock = clock;
    this.#endpoint = endpoint;
  }

  /** Connections made so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Whether any connection has opened: where none has, there is nothing to ask again. */
  get everOpened(): boolean {
    return this.#fastestConnect < Number.POSITIVE_INFINITY;
  }

  /** Resolves when nothing is under way or waiting. */
  idle(): Promise<void> {
    if (this.#running === 0 && this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idlers.push(resolve));
  }

  /** Waits for a free lane, then talks. `deadline` on `Clock.monotonic`; a lane that comes free later than that answers at once with a timeout. */
  ask<T>(
    label: string,
    dialog: () => Dialog<T>,
    deadline: number,
    opened?: (connect: ConnectResult) => void,
  ): Promise<Conversation<T>> {
    return new Promise((resolve, reject) => {
      const start = (): void => {
        this.#running += 1;
        this.#connections += 1;
        const started = this.#clock.monotonic();
        this.#network
          .converse(this.#endpoint, dialog(), {
            label,
            deadline,
            opened: (connect) => {
              this.#measure(connect);
              opened?.(connect);
            },
            answered: (clean) => this.#learn(clean, this.#clock.monotonic() - started),
          })
          .then(resolve, reject)
          .finally(() => {
            this.#running -= 1;
            this.#pump();
            if (this.#running === 0 && this.#queue.length === 0) {
              for (const resolveIdle of this.#idlers.splice(0)) resolveIdle();
            }
          });
      };
      this.#queue.push(start);
      this.#pump();
    });
  }

  #measure(connect: ConnectResult): void {
    if (connect.state !== 'open') return;
    this.#fastestConnect = Math.min(this.#fastestConnect, connect.millis);
    if (connect.millis > this.#fastestConnect + DROPPED_SYN_MILLIS) this.#width = 1;
  }

  #learn(clean: boolean, millis: number): void {
    if (!clean) {
      this.#width = 1;
    } else if (this.#width > 1) {
      this.#fastestAnswer = Math.min(this.#fastestAnswer, millis);
      this.#cleanAnswers += 1;
      if (this.#cleanAnswers >= FIRST_ROUND) {
        this.#width = this.#fastestAnswer < SHORT_LINE_MILLIS ? NARROW : WIDE;
      }
    }
    this.#pump();
  }

  /** Starts what may start now, with the pause between two starts. */
  #pump(): void {
    if (this.#pumping || this.#queue.length === 0 || this.#running >= this.#width) return;
    const wait = this.#lastStart + PACING_MILLIS - this.#clock.monotonic();
    if (wait > 0) {
      this.#pumping = true;
      void this.#clock.sleep(wait).then(() => {
        this.#pumping = false;
        this.#pump();
      });
      return;
    }
    this.#lastStart = this.#clock.monotonic();
    this.#queue.shift()?.();
    this.#pump();
  }
}
