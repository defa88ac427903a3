import type { Clock } from '../../src/app/ports/clock.ts';

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock whose time passes only when everybody waits for it: a run of ten seconds takes milliseconds. */
export class FakeClock implements Clock {
  /** What `now` says when `monotonic` says 0. */
  readonly epoch: number;
  #millis = 0;
  #timers: Timer[] = [];

  constructor(epoch = Date.UTC(2026, 2, 1, 12)) {
    this.epoch = epoch;
  }

  now(): number {
    return this.epoch + this.#millis;
  }

  monotonic(): number {
    return this.#millis;
  }

  within<T>(promise: Promise<T>, millis: number): Promise<T | undefined> {
    return Promise.race([promise, this.sleep(millis).then(() => undefined)]);
  }

  sleep(millis: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timers.push({ at: this.#millis + Math.max(0, millis), wake: resolve });
    });
  }

  /** Lets time pass until the promise settles. Throws when everybody waits for something that never comes. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      // Whatever can go on without time passing goes on first.
      await new Promise((resolve) => setImmediate(resolve));
      if (settled) return promise;
      const next = this.#timers.reduce<Timer | undefined>(
        (earliest, timer) => (earliest === undefined || timer.at < earliest.at ? timer : earliest),
        undefined,
      );
      if (next === undefined) throw new Error('everybody waits, and nobody for the time');
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#millis = next.at;
      next.wake();
    }
  }
}
