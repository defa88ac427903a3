export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Milliseconds that only ever grow; for deadlines and durations. */
  monotonic(): number;
  sleep(millis: number): Promise<void>;
}
