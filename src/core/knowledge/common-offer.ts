import type { ClientProfile } from '../model/client.ts';
import type { TlsVersion } from '../model/tls.ts';

/** What several clients all offer: a server that goes on with this goes on with each of them. */
export interface CommonOffer {
  readonly suites: readonly number[];
  readonly groups: readonly number[];
  readonly signatures: readonly number[];
}

/** The version that every supported client speaks, so that one hello can stand for all of theirs. */
export const COMMON_VERSION: TlsVersion = '1.2';

/** What those of `clients` that speak TLS 1.2 all offer in it, in the first one's order. */
export function commonOffer(clients: readonly ClientProfile[]): CommonOffer {
  const speaking = clients.filter(({ tlsVersions }) => tlsVersions.includes(COMMON_VERSION));
  const inAll = (part: (client: ClientProfile) => readonly number[]): readonly number[] => {
    const [first = [], ...others] = speaking.map(part);
    return first.filter((id) => others.every((ids) => ids.includes(id)));
  };
  return {
    suites: inAll(({ tlsSuites }) => tlsSuites),
    groups: inAll(({ tlsGroups }) => tlsGroups),
    signatures: inAll(({ tlsSignatures }) => tlsSignatures),
  };
}
