import type { Dialog } from '../../../core/protocol/dialog.ts';
import type { Endpoint, Network } from '../../ports/network.ts';
import type { ReachedAddress } from './reach.ts';

/** Addresses of a name that are tried; a zone could list thousands. */
export const MOST_ADDRESSES = 8;

export interface Chosen {
  /** The first that opened; where none did, the first of all. */
  readonly endpoint: Endpoint;
  readonly isOpen: boolean;
  /** What became of every address. */
  readonly reached: Promise<readonly ReachedAddress[]>;
}

/** Connects to all endpoints of a name at once, and chooses the one that opens first. Needs at least one. */
export async function chooseAddress(
  network: Network,
  endpoints: readonly [Endpoint, ...Endpoint[]],
  deadline: number,
): Promise<Chosen> {
  const knocks = endpoints.map(async (endpoint): Promise<ReachedAddress> => {
    const { connect } = await network.converse(endpoint, knock(), { label: 'knock', deadline });
    return { address: endpoint.address, connect };
  });
  const reached = Promise.all(knocks);
  const opened = knocks.map(async (knocked, index) => {
    const { connect } = await knocked;
    if (connect.state !== 'open') throw new Error(connect.state);
    return endpoints[index] ?? endpoints[0];
  });
  const first = await Promise.any(opened).catch(() => undefined);
  return { endpoint: first ?? endpoints[0], isOpen: first !== undefined, reached };
}

/** Opens a connection and says nothing. */
// biome-ignore lint/correctness/useYield: a dialog without a word is still a dialog
function* knock(): Dialog<undefined> {
  return undefined;
}
