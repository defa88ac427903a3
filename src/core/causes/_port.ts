import type { Observation } from '../model/observation.ts';
import { isSeen } from './_judge.ts';

/** The highest TCP port; 0 is reserved ([RFC 6335] 6). */
const LAST_PORT = 65_535;

/** Whether a listener can have the number. */
export function isPort(port: number): boolean {
  return port > 0 && port <= LAST_PORT;
}

/** The port of `tcp://10.0.0.4:3389`, where something was seen from the network: one run tries one port. */
export function portOf(observation: Observation<unknown> | undefined): number | undefined {
  if (!isSeen(observation)) return undefined;
  const port = /:(\d{1,5})$/.exec(observation.from.locator)?.[1];
  return port === undefined ? undefined : Number(port);
}
