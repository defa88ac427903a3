import { DecodeError } from '../../bytes/decode-error.ts';
import type { Anomaly } from '../walker.ts';
import type { Pages } from './pages.ts';

/** An opened hive: what its base block says, and its pages, read when something in them is asked for. */
export interface Hive {
  readonly pages: Pages;
  /** From the start of the hive bins; NO_CELL where no root key could be found. */
  readonly rootCell: number;
  /** Bytes. */
  readonly hiveBinsSize: number;
  readonly minorVersion: number;
}

/** A value, or why there is none. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly anomaly: Anomaly };

/** A hive with thousands of bad cells is one finding, not thousands. */
const MAX_ANOMALIES = 200;

/**
 * What one operation may look at, all keys together. No hive of a Windows machine comes near; in a
 * hostile one a million keys may share one list of a million values.
 */
export interface Allowance {
  readonly subkeys: number;
  readonly values: number;
  readonly dataBytes: number;
  /** Characters of all names: keys may lie over each other, and each then has its own name out of the same bytes. */
  readonly nameLength: number;
}

const DEFAULT_ALLOWANCE: Allowance = {
  subkeys: 1 << 20,
  values: 1 << 20,
  dataBytes: 1 << 27,
  nameLength: 1 << 25,
};

/**
 * One operation on a hive and what it came upon.
 * INVARIANT: what it looks at never exceeds its allowance.
 */
export class Reading {
  readonly hive: Hive;
  readonly #anomalies = new Map<string, Anomaly>();
  readonly #left: Record<keyof Allowance, number>;
  #more = 0;

  constructor(hive: Hive, allowance: Partial<Allowance> = {}) {
    this.hive = hive;
    this.#left = { ...DEFAULT_ALLOWANCE, ...allowance };
  }

  /** Takes so much from the allowance; false, and nothing taken, where there is not enough left. */
  spend(what: keyof Allowance, amount: number): boolean {
    if (amount > this.#left[what]) return false;
    this.#left[what] -= amount;
    return true;
  }

  /** Takes a name's length from the allowance; throws DecodeError where that is used up. */
  spendName(name: string, context: string): void {
    if (this.spend('nameLength', name.length)) return;
    const message = 'its name and those before it are longer than what is read';
    throw new DecodeError(context, 0, { kind: 'invalid', message });
  }

  /** Each once, in the order they were met. */
  get anomalies(): readonly Anomaly[] {
    const met = [...this.#anomalies.values()];
    for (const anomaly of this.hive.pages.bins.anomalies(this.hive.hiveBinsSize)) {
      const isKnown = this.#anomalies.has(`${anomaly.where}: ${anomaly.problem}`);
      if (!isKnown && met.length < MAX_ANOMALIES) met.push(anomaly);
    }
    return this.#more === 0 ? met : [...met, { where: 'hive', problem: `${this.#more} more anomalies` }];
  }

  note(anomaly: Anomaly): void {
    const id = `${anomaly.where}: ${anomaly.problem}`;
    if (this.#anomalies.has(id)) return;
    if (this.#anomalies.size < MAX_ANOMALIES) this.#anomalies.set(id, anomaly);
    else this.#more += 1;
  }

  /** Notes it and gives the attempt that failed by it. */
  fail(where: string, problem: string): { readonly ok: false; readonly anomaly: Anomaly } {
    const anomaly = { where, problem };
    this.note(anomaly);
    return { ok: false, anomaly };
  }
}

/** What was wrong, without the place, which an anomaly names itself. */
export function problemOf({ problem }: DecodeError): string {
  return problem.kind === 'invalid'
    ? problem.message
    : `expected ${problem.needed} more bytes, ${problem.remaining} are left`;
}

/** `key node at 0x1a20`: the offset counts from the start of the hive bins. */
export function cellName(what: string, cell: number): string {
  return `${what} at 0x${cell.toString(16)}`;
}
