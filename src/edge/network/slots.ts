/**
 * A number of places that are taken and given back. Whoever finds none waits in line.
 */
export class Slots {
  #free: number;
  #line: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Takes a place. Who got one must `leave`.
   * @param millis how long to wait for it
   * @returns whether there was one in time
   */
  enter(millis: number): Promise<boolean> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const next = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(
        () => {
          this.#line = this.#line.filter((waiting) => waiting !== next);
          resolve(false);
        },
        Math.max(0, millis),
      );
      this.#line.push(next);
    });
  }

  leave(): void {
    const next = this.#line.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
