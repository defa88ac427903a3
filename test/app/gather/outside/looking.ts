import { Attempts } from '../../../../src/app/attempts.ts';
import {
  lookFromOutside,
  type OutsideLook,
  type OutsideRequest,
} from '../../../../src/app/gather/outside/look.ts';
import type { Endpoint, Resolution } from '../../../../src/app/ports/network.ts';
import { FakeClock } from '../../fake-clock.ts';
import { FakeNetwork, type Peer, type Sent } from '../../fake-network.ts';
import { type FakeRdpOptions, fakeRdp } from '../../fake-rdp.ts';

export interface Looked extends OutsideLook {
  readonly network: FakeNetwork;
  /** Virtual milliseconds that it took. */
  readonly millis: number;
}

export interface LookOptions {
  readonly roundTrip?: number;
  readonly thinking?: number;
  readonly resolution?: Resolution;
  readonly resolving?: number;
  readonly request?: Partial<OutsideRequest>;
  /** A listener like a healthy Windows, except for this. */
  readonly server?: Partial<FakeRdpOptions>;
  /** What is different on the n-th connection, counted from 1. */
  readonly peer?: (connection: number, endpoint: Endpoint, clock: FakeClock) => Partial<Peer>;
}

export const ALICE = { domain: 'CORP', user: 'alice', password: 'Passw0rd!' };

/** A whole look from outside in virtual time. */
export async function look(options: LookOptions = {}): Promise<Looked> {
  const { roundTrip = 100, server = {}, peer } = options;
  const clock = new FakeClock();
  const network = new FakeNetwork(clock, {
    ...options,
    roundTrip,
    peer: (connection, endpoint) => ({
      ...fakeRdp(clock, roundTrip, server),
      ...peer?.(connection, endpoint, clock),
    }),
  });
  let drawn = 0;
  const random = {
    bytes: (count: number): Uint8Array => {
      drawn += 1;
      return new Uint8Array(count).fill(drawn);
    },
  };
  const looked = await clock.run(
    lookFromOutside(
      { network, clock, random },
      {
        host: '192.0.2.4',
        port: 3389,
        timeoutMillis: 10_000,
        full: false,
        client: undefined,
        credential: undefined,
        ...options.request,
      },
      new Attempts(clock),
    ),
  );
  return { ...looked, network, millis: clock.monotonic() };
}

/** What carried an AUTHENTICATE_MESSAGE, the only thing that derives from a password. */
export function authentications({ sent }: FakeNetwork): readonly Sent[] {
  return sent.filter(({ bytes }) => holdsAuthenticate(bytes));
}

const SIGNATURE = [...'NTLMSSP\0'].map((character) => character.charCodeAt(0));

function holdsAuthenticate(bytes: Uint8Array): boolean {
  const message = [...SIGNATURE, 3, 0, 0, 0];
  return bytes.some((_, at) => message.every((byte, index) => bytes[at + index] === byte));
}
