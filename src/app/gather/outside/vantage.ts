import type { Look } from '../../../core/model/cause.ts';
import { OUTSIDE_FACT_NAMES } from '../../../core/model/facts.ts';
import type { Attempts } from '../../attempts.ts';
import type { Vantage } from '../../vantage.ts';
import { lookFromOutside, type OutsidePorts, type OutsideRequest } from './look.ts';

/** The listener, from the network. Its own time may be shorter than that of the run. */
export function outsideVantage(ports: OutsidePorts, request: OutsideRequest, attempts: Attempts): Vantage {
  const taken: readonly Look[] = [
    'HOST',
    ...(request.full ? (['--full'] as const) : []),
    ...(request.credential === undefined ? [] : (['--user'] as const)),
  ];
  return {
    look: 'HOST',
    needs: [],
    provides: OUTSIDE_FACT_NAMES,
    async start(_, millis) {
      const timeoutMillis = Math.min(request.timeoutMillis, millis);
      const { evidence, warnings } = await lookFromOutside(ports, { ...request, timeoutMillis }, attempts);
      return { evidence, warnings, taken };
    },
  };
}
