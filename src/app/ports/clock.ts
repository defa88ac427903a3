export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Milliseconds that only ever grow; for deadlines and durations. */
  monotonic(): number;
  sleep(millis: number): Promise<void>;
  /** What the promise brings, or `undefined` after `millis`; the wait itself keeps nothing alive. */
  within<T>(promise: Promise<T>, millis: number): Promise<T | undefined>;
}
