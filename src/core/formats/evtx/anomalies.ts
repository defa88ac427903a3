import type { Anomaly } from '../walker.ts';

/** A log of four gigabytes has room for a hundred million damaged records; nobody reads more than this many lines. */
const MAX_TOLD = 500;

/** What was found wrong: each thing once, and of many the first. */
export class Anomalies {
  readonly #told = new Map<string, Anomaly>();
  #more = 0;

  add(where: string, problem: string): void {
    const key = `${where}: ${problem}`;
    if (this.#told.has(key)) return;
    if (this.#told.size < MAX_TOLD) this.#told.set(key, { where, problem });
    else this.#more += 1;
  }

  addAll(anomalies: readonly Anomaly[]): void {
    for (const { where, problem } of anomalies) this.add(where, problem);
  }

  list(): readonly Anomaly[] {
    const told = [...this.#told.values()];
    if (this.#more > 0)
      told.push({ where: 'log', problem: `more anomalies were found, which are not listed (${this.#more})` });
    return told;
  }
}
