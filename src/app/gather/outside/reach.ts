import type { TcpConnect } from '../../../core/model/facts.ts';
import { type Observation, present, unknown } from '../../../core/model/observation.ts';
import type { ConnectResult, Resolution } from '../../ports/network.ts';
import { type Outside, provenance } from './outside.ts';

export interface ReachedAddress {
  readonly address: string;
  readonly connect: ConnectResult;
}

/** `tcp.connect`: one entry an address; `chosen` is the one that the rest was asked of. */
export function observeReach(outside: Outside, reached: readonly ReachedAddress[]): Observation<TcpConnect> {
  const addresses = reached.map(({ address, connect }) => ({
    address,
    state: connect.state,
    millis: round(connect.millis),
  }));
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

function round(millis: number): number {
  return Math.round(millis * 10) / 10;
}
