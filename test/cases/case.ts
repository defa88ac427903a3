// A fault case is data: a healthy machine, what is changed on it, what is seen on the wire, and what must be said first.
import type { FakeMachine, LiveMachine } from '../core/windows/fake-machine.ts';
import { findBase, machineOf } from './bases.ts';
import { healthyLive } from './live.ts';
import { withEvents } from './logs.ts';
import type { Run, Wire } from './run.ts';
import { change, type Settings } from './settings.ts';

export interface Expectation {
  /** The cause of the first finding, one of these; left out: there is no finding, none confirmed and none likely. */
  readonly first?: string | readonly string[];
  /** Left out: both will do. */
  readonly verdict?: 'confirmed' | 'likely';
  /** Causes that must not be ruled out. */
  readonly open?: readonly string[];
  /** Causes that must be neither confirmed nor likely. */
  readonly never?: readonly string[];
  /** A remark must speak of this cause. */
  readonly remark?: string;
}

export interface Case {
  /** Short, and never used twice: the list of pending ones names it. */
  readonly id: string;
  /** Left out: nothing is known of the machine but the wire. */
  readonly base?: string;
  readonly set?: Settings;
  readonly files?: NonNullable<FakeMachine['files']>;
  /** Events on top of the healthy ones, by channel. */
  readonly events?: NonNullable<FakeMachine['logs']>;
  readonly unreadable?: readonly string[];
  /** The machine runs, in order but for this; left out: its disk is read. */
  readonly live?: LiveMachine;
  readonly wire?: Wire;
  readonly client?: string;
  readonly user?: NonNullable<Run['user']>;
  readonly suspected?: readonly string[];
  readonly expect: Expectation;
  /** Where the expectation is from: document and section, or KB number. */
  readonly source: string;
}

export function runOf(row: Case): Run {
  const { base, set = {}, files = {}, events = {}, unreadable, live, wire, client, user, suspected } = row;
  const healthy = base === undefined ? undefined : machineOf(findBase(base));
  let machine = healthy === undefined ? undefined : change(healthy, set);
  if (machine !== undefined) {
    let logs = machine.logs ?? {};
    for (const [channel, added] of Object.entries(events)) logs = withEvents(logs, channel, added);
    const kept = Object.entries({ ...machine.files, ...files }).filter(([, file]) => file !== GONE);
    machine = {
      ...machine,
      logs,
      files: Object.fromEntries(kept),
      ...(unreadable === undefined ? {} : { unreadable }),
      ...(live === undefined || base === undefined ? {} : { live: liveOf(findBase(base), live) }),
    };
  }
  return {
    ...(machine === undefined ? {} : { machine }),
    ...(wire === undefined ? {} : { wire }),
    ...(client === undefined ? {} : { client }),
    ...(user === undefined ? {} : { user }),
    ...(suspected === undefined ? {} : { suspected }),
  };
}

/** A machine that runs in order, but for what is given; of services and ports each alone. */
function liveOf(base: ReturnType<typeof findBase>, but: LiveMachine): LiveMachine {
  const healthy = healthyLive(base);
  return {
    ...healthy,
    ...but,
    services: { ...healthy.services, ...but.services },
    owners: { ...healthy.owners, ...but.owners },
  };
}

/** A file that is taken away. */
export const GONE: NonNullable<FakeMachine['files']>[string] = {};
