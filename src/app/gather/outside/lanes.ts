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

/** A connection that is given less time than a busy listener takes makes it silent, and so is not begun. */
const LEAST_MILLIS = 100;

/** A conversation that has not begun yet. */
interface Turn {
  /** Until when it may last, asked when its turn has come; undefined: it is not wanted any more. */
  deadline(): number | undefined;
  /** Never rejects. */
  begin(deadline: number): Promise<void>;
  /** Instead of `begin`, when there is no time for it. */
  giveUp(): void;
}

/** Runs conversations with one endpoint, as many at a time as the listener has shown that it bears. */
export class Lanes {
  readonly #network: Network;
  readonly #clock: Clock;
  readonly #endpoint: Endpoint;
  readonly #queue: Turn[] = [];
  /** Those that want to be alone. */
  readonly #last: Turn[] = [];
  #width = FIRST_ROUND;
  #running = 0;
  #isHeld = false;
  #cleanAnswers = 0;
  #lastStart = Number.NEGATIVE_INFINITY;
  #isPausing = false;
  #connections = 0;
  #failedConnects = 0;
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

  /** Whether nobody is there: a whole round of connections, and none opened. */
  get #isDead(): boolean {
    return !this.everOpened && this.#failedConnects >= FIRST_ROUND;
  }

  /**
   * Waits for a free lane, then talks. `deadline` on `Clock.monotonic`: where no lane comes free before
   * it nothing is asked, and the answer is a timeout without a result: a connection that is given no
   * time would make a listener silent that was never asked. The same where no connection opens at all.
   */
  ask<T>(
    label: string,
    dialog: () => Dialog<T>,
    deadline: number,
    opened?: (connect: ConnectResult) => void,
  ): Promise<Conversation<T>> {
    return this.#wait(this.#queue, label, dialog, () => deadline, opened);
  }

  /**
   * The same, alone: begins when nothing is under way or waiting, one of these after the other, and
   * what comes meanwhile waits until it is over. `deadline` is asked when that time has come; where it
   * gives none nothing is asked.
   */
  askAlone<T>(
    label: string,
    dialog: () => Dialog<T>,
    deadline: () => number | undefined,
  ): Promise<Conversation<T>> {
    return this.#wait(this.#last, label, dialog, deadline);
  }

  #wait<T>(
    turns: Turn[],
    label: string,
    dialog: () => Dialog<T>,
    deadline: () => number | undefined,
    opened?: (connect: ConnectResult) => void,
  ): Promise<Conversation<T>> {
    return new Promise((resolve, reject) => {
      turns.push({
        deadline,
        begin: (until) => this.#converse(label, dialog, until, opened).then(resolve, reject),
        giveUp: () => resolve({ connect: { state: 'timeout', millis: 0 } }),
      });
      this.#pump();
    });
  }

  async #converse<T>(
    label: string,
    dialog: () => Dialog<T>,
    deadline: number,
    opened: ((connect: ConnectResult) => void) | undefined,
  ): Promise<Conversation<T>> {
    this.#connections += 1;
    const started = this.#clock.monotonic();
    return this.#network.converse(this.#endpoint, dialog(), {
      label,
      deadline,
      opened: (connect) => {
        this.#measure(connect);
        opened?.(connect);
      },
      answered: (clean) => this.#learn(clean, this.#clock.monotonic() - started),
    });
  }

  #measure(connect: ConnectResult): void {
    if (connect.state !== 'open') {
      this.#failedConnects += 1;
      return;
    }
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

  /** Begins what may begin now, with the pause between two. */
  #pump(): void {
    while (!this.#isPausing && !this.#isHeld) {
      const alone = this.#queue.length === 0;
      const turns = alone ? this.#last : this.#queue;
      const [turn] = turns;
      if (turn === undefined || this.#running >= (alone ? 1 : this.#width)) return;
      const now = this.#clock.monotonic();
      const deadline = turn.deadline();
      if (deadline === undefined || deadline - now < LEAST_MILLIS || this.#isDead) {
        turns.shift();
        turn.giveUp();
        continue;
      }
      const pause = this.#lastStart + PACING_MILLIS - now;
      if (pause > 0) {
        this.#isPausing = true;
        void this.#clock.sleep(pause).then(() => {
          this.#isPausing = false;
          this.#pump();
        });
        return;
      }
      turns.shift();
      this.#lastStart = now;
      this.#running += 1;
      this.#isHeld = alone;
      void turn.begin(deadline).then(() => {
        this.#running -= 1;
        this.#isHeld = false;
        this.#pump();
      });
    }
  }
}
