import type { Resolution } from '../../app/ports/network.ts';
import { familyOf } from './ip-literal.ts';
import { Resolver } from './resolver.ts';

/** One for the whole program, however many names it asks for. */
const RESOLVER = new Resolver();

/**
 * Every address of a name, in the order in which the system would try them; an address stands for itself.
 * @param millis how long it may take
 */
export async function resolveHost(
  host: string,
  millis: number,
  resolver: Resolver = RESOLVER,
): Promise<Resolution> {
  if (familyOf(host) !== 0) return { kind: 'addresses', addresses: [host] };
  if (millis <= 0) return failed(host, undefined);
  const found = await resolver.lookUp(host, millis);
  return found !== undefined && 'addresses' in found && found.addresses.length > 0
    ? { kind: 'addresses', addresses: [...new Set(found.addresses)] }
    : failed(host, found === undefined ? undefined : 'code' in found ? found.code : 'ENOTFOUND');
}

function failed(host: string, code: string | undefined): Resolution {
  const problem = (() => {
    switch (code) {
      case undefined:
        return `the name ${host} was not resolved in time`;
      case 'ENOTFOUND':
        return `the name ${host} does not resolve to an address`;
      case 'EAI_AGAIN':
        return `no name server answered for the name ${host} (EAI_AGAIN)`;
      default:
        return `the name ${host} could not be looked up (${code})`;
    }
  })();
  return { kind: 'failed', problem };
}
