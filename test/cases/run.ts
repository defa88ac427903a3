// Performs a case: the real inquiry on a machine in memory, the real look from outside at a listener in memory, and the engine.

import { Attempts } from '../../src/app/attempts.ts';
import { AVAILABLE_LOOKS } from '../../src/app/diagnose-target.ts';
import { lookFromOutside } from '../../src/app/gather/outside/look.ts';
import { diagnose } from '../../src/core/engine/diagnosis.ts';
import { CLIENTS, findClient } from '../../src/core/knowledge/clients.ts';
import type { Look } from '../../src/core/model/cause.ts';
import type { Evidence } from '../../src/core/model/facts.ts';
import type { Report } from '../../src/core/model/report.ts';
import { inquireMachine } from '../../src/core/windows/machine.ts';
import { FakeClock } from '../app/fake-clock.ts';
import { FakeNetwork, type Peer } from '../app/fake-network.ts';
import { type FakeRdpOptions, fakeRdp } from '../app/fake-rdp.ts';
import { ask, type FakeMachine } from '../core/windows/fake-machine.ts';

/** What the listener does on the wire. */
export interface Wire {
  /** What TCP says; open when left out. */
  readonly connect?: 'refused' | 'timeout';
  readonly server?: Partial<FakeRdpOptions>;
  /** In place of a listener: whatever answers there. */
  readonly peer?: () => Peer;
  /** Address or name; an address when left out. */
  readonly host?: string;
  readonly port?: number;
  readonly full?: boolean;
  /** A sign-in attempt is made with the account of `user`. */
  readonly tries?: boolean;
}

export interface Run {
  readonly machine?: FakeMachine;
  readonly wire?: Wire;
  readonly client?: string;
  readonly user?: { readonly name: string; readonly domain: string };
  /** Causes that the error points to which the user sees (`--error`). */
  readonly suspected?: readonly string[];
}

const ROUND_TRIP = 10;
const AT = '2026-03-01T12:00:00.000Z';

/** As app/diagnose-target.ts puts a diagnosis together, without the disk between the machine and its registry. */
export async function perform({ machine, wire, client: id, user, suspected = [] }: Run): Promise<Report> {
  const client = id === undefined ? undefined : findClient(id);
  if (id !== undefined && client === undefined) throw new Error(`no client ${id}`);
  const channel = machine?.live === undefined ? 'disk' : 'rpc';
  const inside: Evidence =
    machine === undefined ? {} : ask(machine, inquireMachine({ channel, observedAt: AT })).value;
  const outside = wire === undefined ? undefined : await look(wire, client, user);
  const taken: Look[] = [];
  if (wire !== undefined) taken.push('HOST');
  if (wire?.full === true) taken.push('--full');
  if (client !== undefined) taken.push('--client');
  if (wire?.tries === true) taken.push('--user');
  if (machine !== undefined) taken.push(`--${channel}`);
  return diagnose({
    target: 'vm1.corp.example',
    at: AT,
    evidence: { ...inside, ...outside },
    context: {
      client,
      supportedClients: CLIENTS.filter(({ supported }) => supported),
      ...(user === undefined ? {} : { user }),
      suspected,
    },
    warnings: [],
    taken,
    available: AVAILABLE_LOOKS,
    suspected,
  });
}

async function look(
  { connect, server = {}, peer, host = '192.0.2.4', port = 3389, full = false, tries = false }: Wire,
  client: ReturnType<typeof findClient>,
  user: Run['user'],
): Promise<Evidence> {
  const clock = new FakeClock();
  const listener = (): Peer => {
    const answering = peer?.() ?? fakeRdp(clock, ROUND_TRIP, { tlsVersions: [0x0303, 0x0304], ...server });
    return connect === undefined ? answering : { ...answering, connect: { state: connect } };
  };
  const network = new FakeNetwork(clock, {
    roundTrip: ROUND_TRIP,
    resolution: { kind: 'addresses', addresses: ['192.0.2.4'] },
    peer: listener,
  });
  const random = { bytes: (count: number) => new Uint8Array(count).fill(1) };
  const { evidence } = await clock.run(
    lookFromOutside(
      { network, clock, random },
      {
        host,
        port,
        timeoutMillis: 30_000,
        full,
        client,
        credential:
          tries && user !== undefined ? { domain: user.domain, user: user.name, password: 'x' } : undefined,
      },
      new Attempts(clock),
    ),
  );
  return evidence;
}
