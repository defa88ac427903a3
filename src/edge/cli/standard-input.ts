import { setTimeout as sleep } from 'node:timers/promises';

/** What can be read to its end and given up before. */
export type Input = AsyncIterable<Uint8Array | string> & { destroy(): unknown };

/**
 * All of an input, or as much of it as shows that it holds more than `mostBytes`; `late` where it was not
 * closed in time.
 * @param millis left out: it is waited for as long as it takes
 */
export async function readInput(
  input: Input,
  mostBytes: number,
  millis?: number,
): Promise<Uint8Array | 'late'> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reading = (async () => {
    for await (const chunk of input) {
      const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
      chunks.push(bytes);
      length += bytes.length;
      if (length > mostBytes) break;
    }
    return 'read' as const;
  })();
  if ((await inTime(reading, millis)) === 'late') {
    reading.catch(() => undefined);
    input.destroy();
    return 'late';
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

async function inTime(reading: Promise<'read'>, millis: number | undefined): Promise<'read' | 'late'> {
  if (millis === undefined) return reading;
  const timer = new AbortController();
  const late = sleep(Math.max(0, millis), 'late' as const, { signal: timer.signal }).catch(
    () => 'late' as const,
  );
  try {
    return await Promise.race([reading, late]);
  } finally {
    timer.abort();
  }
}
