// The lab of set-up.ts, running. To set it up takes most of a minute, so that is done once and kept; tests
// work on copies.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, type Scope, temporaryFolder } from '../processes.ts';
import type { Host } from './host.ts';
import { forget, kept } from './kept.ts';
import { reach } from './relay.ts';
import { type HostName, LAB, makeHosts, setUp, signInAs, startController, until } from './set-up.ts';

export { LAB, signInAs };

const RECIPE = ['set-up.ts', 'host.ts'].map((name) => new URL(name, import.meta.url));

export interface MemberLab {
  /** The controller, from which other clients ask the member. */
  readonly controller: Host;
  readonly member: Host;
  /** Of its SMB on 127.0.0.1. */
  readonly port: number;
}

/** The controller of CORP and its member VM1, running. */
export function startMemberLab(scope: Scope): Promise<MemberLab> {
  return fromKept(scope, async (source, folder, within) => {
    const { dc1, vm1 } = await startCopies(within, source, folder, ['dc1', 'vm1']);
    await startController(within, dc1, LAB.domain);
    await startMember(within, vm1);
    return { controller: dc1, member: vm1, port: await reach(within, vm1, 445) };
  });
}

export interface TrustLab {
  /** The controller that is asked about its trust. */
  readonly controller: Host;
  /** The controller of the other domain. */
  readonly other: Host;
  /** SMB of `controller` on 127.0.0.1. */
  readonly port: number;
  restartOther(): Promise<void>;
  /** Puts the other domain back to what it was when the lab was set up, as a snapshot does. */
  rollBackOther(): Promise<void>;
}

/** The controllers of CORP and OTHER, which trust each other, running. */
export function startTrustLab(scope: Scope): Promise<TrustLab> {
  return fromKept(scope, async (source, folder, within) => {
    const { dc1, odc } = await startCopies(within, source, folder, ['dc1', 'odc']);
    let [running] = await Promise.all([
      startController(within, odc, LAB.other.domain),
      startController(within, dc1, LAB.domain),
    ]);
    const restartOther = async (meanwhile?: () => Promise<void>): Promise<void> => {
      await odc.must('sh', ['-c', 'kill "$(cat /run/samba/samba.pid)"']);
      for (let turn = 0; turn < 100 && running.running(); turn += 1) await sleep(50);
      await meanwhile?.();
      running = await startController(within, odc, LAB.other.domain);
    };
    return {
      controller: dc1,
      other: odc,
      port: await reach(within, dc1, 445),
      restartOther: () => restartOther(),
      rollBackOther: () =>
        restartOther(async () => {
          await odc.must('sh', ['-c', 'rm -rf /var/lib/samba/*']);
          await copy(join(source, 'odc', 'lib'), join(folder, 'odc', 'lib'));
        }),
    };
  });
}

async function startMember(scope: Scope, host: Host): Promise<void> {
  const winbindd = host.start(scope, 'setsid', ['winbindd', '--foreground', '--no-process-group']);
  await until('winbindd', async () => {
    if (!winbindd.running()) throw new Error(`winbindd ended: ${winbindd.output()}`);
    return (await host.run('wbinfo', ['-t'], 10_000)).status === 0;
  });
  const smbd = host.start(scope, 'setsid', ['smbd', '--foreground', '--no-process-group']);
  await until('smbd', async () => {
    if (!smbd.running()) throw new Error(`smbd ended: ${smbd.output()}`);
    return (
      (await host.run('rpcclient', [host.address, ...signInAs(LAB.administrator), '-c', 'srvinfo'], 20_000))
        .status === 0
    );
  });
}

/** Starts from the kept lab; one that does not start is set up anew, once. */
async function fromKept<T>(
  scope: Scope,
  start: (source: string, folder: string, within: Scope) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const source = await kept(RECIPE, setUp);
    const ends: (() => void | Promise<void>)[] = [];
    const last: typeof ends = [];
    // A machine that ends takes everything with it that runs on it; the files go when nobody has them open.
    const end = async (): Promise<void> => {
      for (const each of [...ends.splice(0), ...last.splice(0)]) await each();
    };
    scope.after(end);
    const folder = temporaryFolder({ after: (each) => last.push(each) }, 'guest');
    try {
      return await start(source, folder, { after: (each) => ends.push(each) });
    } catch (error) {
      await end();
      if (attempt === 2) throw error;
      forget(source);
    }
  }
}

async function startCopies<N extends HostName>(
  scope: Scope,
  source: string,
  folder: string,
  names: readonly N[],
): Promise<Record<N, Host>> {
  for (const name of names) await copy(join(source, name), join(folder, name));
  return makeHosts(scope, folder, names);
}

/** With owners and extended attributes, which Samba has its own security in. */
async function copy(from: string, to: string): Promise<void> {
  const { status, stderr } = await run('cp', ['-a', '--reflink=auto', '-T', from, to]);
  if (status !== 0) throw new Error(`cp: ${stderr}`);
}
