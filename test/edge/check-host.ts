import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnoseHost } from '../../src/app/diagnose-host.ts';
import { exitStatusOf } from '../../src/core/engine/diagnosis.ts';
import { findClient } from '../../src/core/knowledge/clients.ts';
import type { Report } from '../../src/core/model/report.ts';
import type { Stage } from '../../src/core/model/stage.ts';
import { renderText } from '../../src/core/report/text.ts';
import { createNetwork } from '../../src/edge/network/driver.ts';
import { systemClock } from '../../src/edge/system/clock.ts';
import { systemRandom } from '../../src/edge/system/random.ts';
import { checkReport } from './check-report.ts';
import { type Behaviour, serve } from './hostile-servers.ts';

/** Seconds for those that answer, so that a busy machine does not make them silent; they take a fraction of it. */
const AMPLE = 10;

/** Seconds for those that do not answer, which cost all of it. */
export const SHORT = 3;

/** A busy machine's timers are late. */
const SLACK_MILLIS = 2_000;

export interface Expected {
  readonly status: number;
  /** The stage that failed; none when left out. */
  readonly failed?: Stage;
  /** Part of the verbose text, its line breaks taken for blanks. */
  readonly says: string;
  readonly seconds?: number;
  readonly full?: true;
  readonly client?: string;
}

/** A diagnosis of a port of loopback, over sockets, in this process. */
export function diagnosePort(
  port: number,
  seconds: number,
  options: Pick<Expected, 'full' | 'client'> = {},
): Promise<Report> {
  return diagnoseHost(
    { network: createNetwork(systemClock), clock: systemClock, random: systemRandom },
    {
      target: `127.0.0.1:${port}`,
      host: '127.0.0.1',
      port,
      timeoutMillis: seconds * 1_000,
      full: options.full === true,
      client: options.client === undefined ? undefined : findClient(options.client),
      credential: undefined,
      suspected: [],
    },
  );
}

/** What the run on such a port comes to; and that it ends in its time, whole, with every connection closed. */
export function checkHost(name: string, behaviour: Behaviour, expected: Expected): void {
  test(name, async (t) => {
    const server = await serve(behaviour);
    t.after(() => server.close());
    await checkPort(server.port, expected);
    await server.idle();
  });
}

export async function checkPort(port: number, expected: Expected): Promise<void> {
  const { status, failed, says, seconds = AMPLE } = expected;
  const began = performance.now();
  const report = await diagnosePort(port, seconds, expected);
  const millis = performance.now() - began;
  checkReport(report);
  const text = renderText(report, { width: 80, colour: false, verbose: true });
  assert.ok(text.replace(/\s+/g, ' ').includes(says), `expected "${says}" in\n${text}`);
  assert.equal(report.stages.find(({ state }) => state === 'failed')?.stage, failed, text);
  assert.equal(exitStatusOf(report), status, text);
  assert.ok(millis < seconds * 1_000 + SLACK_MILLIS, `${millis} ms`);
}
