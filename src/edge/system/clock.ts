import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../app/ports/clock.ts';

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (millis) => sleep(millis),
  async within<T>(promise: Promise<T>, millis: number): Promise<T | undefined> {
    const waiting = new AbortController();
    const late = sleep(millis, undefined, { signal: waiting.signal }).catch(() => undefined);
    try {
      return await Promise.race([promise, late]);
    } finally {
      waiting.abort();
    }
  },
};
