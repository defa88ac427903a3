// A machine of its own for Samba, made of namespaces: network, mounts and processes. Every folder that Samba
// has compiled in is mounted from one folder, so a machine that was set up once starts anywhere as a copy.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Finished, type Peer, run, type Scope, startPeer } from '../processes.ts';

/** What Samba uses, by the folder of the machine that stands for it. */
const FOLDERS: Readonly<Record<string, string>> = {
  etc: '/etc/samba',
  lib: '/var/lib/samba',
  cache: '/var/cache/samba',
  log: '/var/log/samba',
  run: '/run/samba',
};

/** Files of /etc that decide how names are looked up. */
const FILES = ['hosts', 'resolv.conf', 'nsswitch.conf'] as const;

export interface HostOptions {
  /** Of this machine in the lab's network. */
  readonly address: string;
  /** Lines of /etc/hosts. */
  readonly hosts: readonly string[];
  /** Lines of /etc/resolv.conf. */
  readonly resolver: readonly string[];
}

export interface Host {
  readonly address: string;
  /** Where its files are, seen from outside. */
  readonly folder: string;
  /** The process id of its first process: who ends that ends everything on the machine. */
  readonly pid: number;
  /** Runs a program on the machine to its end. */
  run(
    command: string,
    args: readonly string[],
    limitMillis?: number,
    secrets?: NodeJS.ProcessEnv,
  ): Promise<Finished>;
  /** The same, for a program that must succeed; its standard output. */
  must(command: string, args: readonly string[], limitMillis?: number): Promise<string>;
  /** Starts a program on the machine that stays. */
  start(scope: Scope, command: string, args: readonly string[]): Peer;
  /** Ends everything on it at once, as pulling the plug does. */
  end(): Promise<void>;
}

/** Makes the machine; nothing runs on it yet. `folder` may hold what an earlier one left, and has its name. */
export async function startHost(scope: Scope, folder: string, options: HostOptions): Promise<Host> {
  const at = (name: string): string => join(folder, name);
  for (const name of Object.keys(FOLDERS)) mkdirSync(at(name), { recursive: true, mode: 0o755 });
  writeFileSync(at('hosts'), `127.0.0.1 localhost\n${options.hosts.join('\n')}\n`);
  writeFileSync(at('resolv.conf'), `${options.resolver.join('\n')}\n`);
  writeFileSync(at('nsswitch.conf'), 'passwd: files winbind\ngroup: files winbind\nhosts: files dns\n');
  const binds = [
    ...Object.entries(FOLDERS).map(
      ([name, target]) => `mkdir -p ${target} && mount --bind "$0/${name}" ${target}`,
    ),
    ...FILES.map((name) => `mount --bind "$0/${name}" "$(readlink -f /etc/${name})"`),
  ];
  const named = 'echo "$1" > /proc/sys/kernel/hostname';
  // The first process takes in whoever loses its parent: smbd takes a dead helper for a living one else.
  const stay = 'echo ready; sleep infinity & while :; do wait; done';
  const script = `${[...binds, named, 'ip link set lo up'].join(' && ')} && { ${stay}; }`;
  const namespaces = ['--net', '--mount', '--uts', '--pid', '--fork', '--kill-child', '--mount-proc'];
  // A test process that is killed takes its machines with it.
  const withUs = ['--pdeathsig', 'KILL', 'unshare', ...namespaces];
  const holder = startPeer(scope, 'setpriv', [...withUs, 'sh', '-c', script, folder, basename(folder)]);
  const until = Date.now() + 10_000;
  while (!holder.output().includes('ready')) {
    if (!holder.running() || Date.now() > until) throw new Error(`no namespaces: ${holder.output()}`);
    await sleep(5);
  }
  // unshare waits outside; the first process of the machine is its child.
  const [first = ''] = readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'utf8').split(' ');
  const pid = Number(first);
  if (!(pid > 1)) throw new Error(`no first process: ${holder.output()}`);

  const inside = ['-t', String(pid), '-n', '-m', '-u', '-p', '--'];
  const env = {
    ...process.env,
    PATH: `${process.env['PATH']}:/usr/sbin`,
    KRB5CCNAME: 'MEMORY:lab',
    KRB5_CONFIG: '/etc/samba/krb5.conf',
  };
  const runInside: Host['run'] = (command, args, limitMillis = 60_000, secrets = {}) =>
    run('nsenter', [...inside, command, ...args], { env: { ...env, ...secrets }, limitMillis });
  const end = async (): Promise<void> => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
    await holder.stop();
  };
  scope.after(end);
  return {
    address: options.address,
    folder,
    pid,
    run: runInside,
    async must(command, args, limitMillis) {
      const { status, stdout, stderr } = await runInside(command, args, limitMillis);
      if (status !== 0)
        throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
      return stdout;
    },
    start: (within, command, args) => startPeer(within, 'nsenter', [...inside, command, ...args], { env }),
    end,
  };
}

/** Joins machines to one network: the first has a bridge, and a cable to each of the others. */
export async function connectHosts([first, ...others]: readonly [Host, ...Host[]]): Promise<void> {
  const ip = async (...words: readonly string[]): Promise<void> => {
    const { status, stderr } = await run('ip', words);
    if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`);
  };
  await first.must('ip', ['link', 'add', 'lab0', 'type', 'bridge']);
  for (const [index, other] of others.entries()) {
    const cable = `cable${index}`;
    await ip(
      ...[
        'link',
        'add',
        cable,
        'netns',
        String(first.pid),
        'type',
        'veth',
        'peer',
        'name',
        'lab0',
        'netns',
        String(other.pid),
      ],
    );
    await first.must('sh', ['-c', `ip link set ${cable} master lab0 && ip link set ${cable} up`]);
  }
  for (const { address, must } of [first, ...others])
    await must('sh', ['-c', `ip addr add ${address}/24 dev lab0 && ip link set lab0 up`]);
}
