/** Somebody at the terminal. What they type takes the time that it takes, and no time limit counts it. */
export interface Person {
  /** Shows a text and a question; true where the answer is the word `yes`. */
  confirm(text: string): Promise<boolean>;
  /** Asks without an echo; `undefined` where nothing usable was typed. */
  secret(question: string): Promise<string | undefined>;
}

/** A time limit that stands still while a person is asked. */
export class Patience {
  #deadline: number;

  constructor(millis: number) {
    this.#deadline = performance.now() + millis;
  }

  /** Milliseconds, never less than none. */
  left(): number {
    return Math.max(0, this.#deadline - performance.now());
  }

  /** Asks, without the time counting. */
  async whileAsking<T>(ask: () => Promise<T>): Promise<T> {
    const since = performance.now();
    // While the question is open nothing may run out.
    this.#deadline += ASKING_MILLIS;
    try {
      return await ask();
    } finally {
      this.#deadline += performance.now() - since - ASKING_MILLIS;
    }
  }
}

const ASKING_MILLIS = 24 * 60 * 60 * 1000;
