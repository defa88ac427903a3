import type { TcpConnect } from '../../../core/model/facts.ts';
import { type Observation, present, unknown } from '../../../core/model/observation.ts';
import type { ConnectResult, Resolution } from '../../ports/network.ts';
import { type Outside, provenance } from './outside.ts';

export interface ReachedAddress {
  readonly address: string;
  readonly connect: ConnectResult;
}

/** Lacks of this machine with which nothing was sent anywhere. */
const NOT_EVEN_TRIED: readonly ConnectResult['lacks'][] = ['interface', 'zone', 'socket'];

/** `tcp.connect`: one entry an address; `chosen` is the one that the rest was asked of. */
export function observeReach(outside: Outside, reached: readonly ReachedAddress[]): Observation<TcpConnect> {
  const addresses = reached.map(({ address, connect }) => ({
    address,
    state: connect.state,
    millis: round(connect.millis),
    ...(connect.lacks === undefined ? {} : { detail: describeLack(address, connect.lacks) }),
  }));
  // What this machine does not even send says nothing of the target.
  const [first] = reached;
  if (first !== undefined && reached.every(({ connect }) => NOT_EVEN_TRIED.includes(connect.lacks))) {
    return unknown('no-channel', describeLack(first.address, first.connect.lacks ?? 'interface'));
  }
  const chosen = addresses.find((entry) => entry.address === outside.endpoint.address) ?? addresses[0];
  if (chosen === undefined) return unknown('not-gathered');
  const { serverName } = outside.endpoint;
  const name = serverName === undefined ? {} : { name: serverName };
  return present({ ...chosen, ...name, addresses }, provenance(outside, 'reach'));
}

/** `tcp.connect` of a name without an address. */
export function observeUnresolved(resolution: Resolution & { kind: 'failed' }): Observation<TcpConnect> {
  return unknown('no-channel', resolution.problem);
}

function describeLack(address: string, lacks: NonNullable<ConnectResult['lacks']>): string {
  switch (lacks) {
    case 'interface':
      return `this machine has no network interface ${address.split('%')[1] ?? ''}, through which ${address} would be reached`;
    case 'zone':
      return `${address} is on every network: name the interface of this machine as well, as in ${address}%eth0`;
    case 'route':
      return `this machine has no route to ${address}`;
    case 'socket':
      return `this machine had no socket left for a connection to ${address}`;
    case 'address':
      return `this machine has no address from which it could connect to ${address}`;
  }
}

function round(millis: number): number {
  return Math.round(millis * 10) / 10;
}
