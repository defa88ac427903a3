import type { Provenance } from '../../../core/model/observation.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Endpoint } from '../../ports/network.ts';

/** What every gatherer of outside facts needs to say where its facts come from. */
export interface Outside {
  readonly endpoint: Endpoint;
  readonly clock: Clock;
}

/** `tcp://10.0.0.4:3389`, with brackets round an IPv6 address. */
export function locate(endpoint: Endpoint): string {
  const host = endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address;
  return `tcp://${host}:${endpoint.port}`;
}

/** Provenance of a fact seen just now, or at `at` (milliseconds since 1970-01-01 UTC). */
export function provenance(outside: Outside, gatherer: string, at = outside.clock.now()): Provenance {
  return {
    gatherer,
    channel: 'tcp',
    locator: locate(outside.endpoint),
    observedAt: new Date(at).toISOString(),
  };
}
