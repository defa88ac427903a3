/** What is fuzzed under one name. */
export interface Target {
  /** Valid inputs, small, so that a run tries many. */
  readonly seeds: () => readonly Uint8Array[];
  /** Reads everything in it. Throws only where our code has a fault. */
  readonly read: (bytes: Uint8Array) => void;
}
