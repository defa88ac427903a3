import { type Attempts, FAILED_BEFORE, type Turn } from '../../../app/attempts.ts';
import { inquireInBatches } from '../../../app/gather/machine/in-batches.ts';
import type { Clock } from '../../../app/ports/clock.ts';
import type { Inquiries, Machine, MachineSeen } from '../../../app/ports/machine.ts';
import type { NamedUser } from '../../../core/model/cause.ts';
import type { Warning } from '../../../core/model/report.ts';
import { harmless } from '../../../core/report/layout.ts';
import { type Transcript, transcribe } from '../../network/transcript.ts';
import { type Asker, ScriptedMachine } from './asking.ts';
import type { PasswordAttempt } from './authentication.ts';
import { type Carried, carry, type RemoteCommand } from './carry.ts';
import { failed, type SshFailure } from './failure.ts';
import { type OpenedSsh, openSsh, type SshAccount } from './open.ts';
import { Patience, type Person } from './person.ts';
import { PROBE, type Shell, shellOf } from './shell.ts';
import type { SshSurroundings } from './surroundings.ts';

export interface SshMachineRequest {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  readonly keyFile?: string;
  /** The password for an account, where one was given or somebody can be asked. */
  readonly password: (account: SshAccount) => Promise<string | undefined>;
  /** Who can answer questions; then the machine is opened before the time of the run begins. */
  readonly person: Person | undefined;
  /** The account that cannot sign in, where it was named. */
  readonly account?: NamedUser;
}

export interface SshPorts {
  readonly clock: Clock;
  readonly attempts: Attempts;
  readonly surroundings: SshSurroundings;
  /** Dialects in the order in which they are tried, the best first. */
  readonly askers: readonly Asker[];
  /** What was run there and what it printed is written down; nothing of signing in is. */
  readonly transcript: Transcript;
}

/** More than the answer of a machine with thousands of certificates and events has. */
const MOST_BYTES = 32 * 1024 * 1024;

/** How long a shell may take to say one line: the first PowerShell of a small machine is slow. */
const PROBE_MILLIS = 20_000;

/** A script is cut off this long before the end, so that what it brought is read. */
const READING_MILLIS = 500;

/** A running machine over SSH. */
export class SshMachine implements Machine {
  readonly #ports: SshPorts;
  readonly #request: SshMachineRequest;
  #opened: Promise<OpenedSsh | SshFailure> | undefined;

  constructor(ports: SshPorts, request: SshMachineRequest) {
    this.#ports = ports;
    this.#request = request;
  }

  /**
   * Opens the connection ahead of `inquire`, so that what a person is asked costs no time of the run.
   * @param millis for everything but the person's answers
   */
  async open(millis: number): Promise<void> {
    await this.#open(new Patience(millis));
  }

  async inquire(inquiries: Inquiries, deadline: number): Promise<MachineSeen> {
    const { clock } = this.#ports;
    const ssh = await this.#open(new Patience(deadline - clock.monotonic()));
    if (!ssh.ok) return ssh;
    try {
      const machine = await this.#findDialect(ssh, deadline);
      if (!(machine instanceof ScriptedMachine)) return machine;
      const observedAt = new Date(clock.now()).toISOString();
      const asked = inquiries({ channel: 'ssh', observedAt });
      const ask = machine.answer.bind(machine);
      const parts = await inquireInBatches(clock, asked, ask, deadline);
      return { ok: true, parts, warnings: [...skippedWarnings(ssh.skipped), ...machine.warnings] };
    } finally {
      ssh.close();
    }
  }

  #open(patience: Patience): Promise<OpenedSsh | SshFailure> {
    const { host, user, port, keyFile, person } = this.#request;
    this.#opened ??= openSsh(
      {
        host,
        ...(user === undefined ? {} : { user }),
        ...(port === undefined ? {} : { port }),
        ...(keyFile === undefined ? {} : { keyFile }),
        passwordFor: (account) => this.#passwordFor(account, patience),
        person: person && unhurried(person, patience),
        patience,
      },
      this.#ports.surroundings,
    );
    return this.#opened;
  }

  #passwordFor(account: SshAccount, patience: Patience): PasswordAttempt {
    const { attempts, clock } = this.#ports;
    let turn: Turn | undefined;
    return {
      obtain: () => patience.whileAsking(() => this.#request.password(account)),
      async enter() {
        const entered = await attempts.enter(
          { domain: '', name: account.user },
          clock.monotonic() + patience.left(),
        );
        if (entered === 'failed-before') return FAILED_BEFORE;
        if (entered === 'late') return 'an attempt before it with the same account was not settled in time';
        turn = entered;
        return undefined;
      },
      settle: (outcome) => turn?.settle(outcome),
    };
  }

  /** The first dialect that the machine answers in, with what it answered at once. */
  async #findDialect(ssh: OpenedSsh, deadline: number): Promise<ScriptedMachine | SshFailure> {
    const { clock, askers } = this.#ports;
    const end = deadline - READING_MILLIS;
    const run =
      (millis: number) =>
      async (command: RemoteCommand): Promise<Carried> => {
        const left = Math.max(0, Math.min(millis, end - clock.monotonic()));
        this.#record('send', `ssh: ${command.command}`, command.stdin);
        const carried = await carry(ssh.client, ssh.ended, command, { millis: left, bytes: MOST_BYTES });
        this.#record(
          'receive',
          `ssh: ended by ${carried.endedBy}, exit ${carried.exitCode ?? 'none'}`,
          carried.stdout,
        );
        return carried;
      };
    const probed = await run(PROBE_MILLIS)({ command: PROBE, stdin: new Uint8Array(0) });
    const shell = shellOf(probed);
    if (shell === undefined) return noShell(ssh.where, probed);
    const problems: string[] = [];
    for (const asker of askers) {
      const machine = new ScriptedMachine(clock, run(Number.POSITIVE_INFINITY), shell, asker);
      const problem = await machine.begin(this.#request.account);
      if (problem === undefined) return machine;
      problems.push(`${NAMES[asker.name]}: ${problem}`);
      if (clock.monotonic() >= end) break;
    }
    return noAnswer(ssh.where, shell, problems, clock.monotonic() >= end);
  }

  #record(event: 'send' | 'receive', what: string, bytes: Uint8Array): void {
    const { clock, transcript } = this.#ports;
    const at = new Date(clock.now()).toISOString();
    transcript.record({ at, connection: SSH_CONNECTION, event, what, bytes: transcribe(bytes) });
  }
}

/** The connections of the network are numbered from 1. */
const SSH_CONNECTION = 0;

const NAMES = { powershell: 'PowerShell', cmd: 'cmd.exe' } as const;

function noShell(where: string, probed: Carried): SshFailure {
  if (probed.endedBy === 'timeout') {
    return failed(
      'timeout',
      `${where}: the shell of the account did not answer in time`,
      'Allow more with --timeout.',
    );
  }
  if (probed.endedBy === 'disconnected') {
    return failed('no-channel', `${where} broke the connection when a command was started`, TRY_SSH);
  }
  if (probed.endedBy === 'not-started') {
    return failed('no-channel', `${where} lets the account in, but runs no commands for it`, TRY_SSH);
  }
  const said = [probed.stdout, probed.stderr].map((bytes) => Buffer.from(bytes).toString('latin1').trim());
  const [line = ''] = said
    .filter((text) => text !== '')
    .join(' ')
    .split(/[\r\n]/, 1);
  return failed(
    'no-channel',
    line === ''
      ? `${where} runs commands, but the shell of the account prints nothing`
      : `${where} runs commands in a shell that is not known: it says "${harmless(line.slice(0, 80))}"`,
    TRY_SSH,
  );
}

const TRY_SSH =
  'Try the account with ssh USER@HOST echo works; rdpdoctor needs cmd.exe, PowerShell or a Unix-like shell there (DefaultShell of OpenSSH).';

function noAnswer(where: string, shell: Shell, problems: readonly string[], isLate: boolean): SshFailure {
  const said = problems.join('; ');
  if (isLate) {
    return failed(
      'timeout',
      `${where} did not answer the script in time (${said})`,
      'Allow more with --timeout.',
    );
  }
  if (shell === 'sh' && problems.every((problem) => problem.includes('exit status 127'))) {
    return failed(
      'no-channel',
      `${where} is no Windows: neither PowerShell nor cmd.exe is found there`,
      'Check the name after --ssh, and ProxyJump in the configuration of ssh.',
    );
  }
  return failed(
    'no-channel',
    `${where} answered no script: ${said}`,
    'Check that the account may run PowerShell or cmd.exe there (AppLocker, DisableCMD), or let a person run rdpdoctor collect.',
  );
}

function skippedWarnings(skipped: readonly string[]): readonly Warning[] {
  return skipped.map((text) => ({ code: 'ssh-config-skipped', text }));
}

/** The clock stands still while a person is asked. */
function unhurried(person: Person, patience: Patience): Person {
  return {
    confirm: (text) => patience.whileAsking(() => person.confirm(text)),
    secret: (question) => patience.whileAsking(() => person.secret(question)),
  };
}
