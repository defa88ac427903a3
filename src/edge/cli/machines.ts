import type { Credential } from '../../app/gather/outside/look.ts';
import type { NamedUser } from '../../core/model/cause.ts';
import { parseAccountAtHost } from './account.ts';
import type { DiagnoseFlags } from './diagnose-flags.ts';
import type { NamedMachine } from './named-machine.ts';
import { isInEnvironment, obtainPassword, RPC } from './password.ts';
import { parseSshTarget } from './ssh-target.ts';
import { UsageError } from './usage-error.ts';

/** Where file sharing, and with it RPC over named pipes, listens. */
const SMB_PORT = 445;

/** Whether a way to the running machine was named. */
export function namesMachine({ rpc, ssh, answers }: DiagnoseFlags): boolean {
  return rpc !== undefined || ssh !== undefined || answers !== undefined;
}

/** Says what is wrong with the options for running machines, before anybody is asked for a password. Throws UsageError. */
export function checkMachineFlags(flags: DiagnoseFlags): void {
  const { rpc, rpcPasswordFile, ssh, sshKey, sshPasswordFile, passwordFile, error, answers } = flags;
  if (rpc !== undefined) parseRpc(rpc);
  if (ssh !== undefined) parseSshTarget(ssh);
  if (rpcPasswordFile !== undefined && rpc === undefined)
    throw new UsageError('--rpc-password-file is for --rpc: give --rpc USER@HOST as well');
  if (sshKey !== undefined && ssh === undefined)
    throw new UsageError('--ssh-key is for --ssh: give --ssh USER@HOST as well');
  if (sshPasswordFile !== undefined && ssh === undefined)
    throw new UsageError('--ssh-password-file is for --ssh: give --ssh USER@HOST as well');
  const readers = {
    '--answers': answers,
    '--error': error,
    '--password-file': passwordFile,
    '--rpc-password-file': rpcPasswordFile,
    '--ssh-password-file': sshPasswordFile,
  };
  const [one, other] = Object.entries(readers).flatMap(([option, value]) => (value === '-' ? [option] : []));
  if (other !== undefined) throw new UsageError(`${one} and ${other} cannot both read standard input`);
}

/**
 * The running machines to ask, each with its secret.
 * @param known what the sign-in attempt was given: one account is asked about once
 * @param millis how long a pipe or standard input may take for a secret, or for answers
 * @param user the account that cannot sign in
 */
export async function namedMachines(
  flags: DiagnoseFlags,
  known: Credential | undefined,
  millis: number,
  user: NamedUser | undefined,
): Promise<readonly NamedMachine[]> {
  const machines = flags.rpc === undefined ? [] : [await namedRpc(flags.rpc, flags, known, millis)];
  if (flags.ssh !== undefined) {
    const { namedSsh } = await import('./ssh.ts');
    machines.push(await namedSsh(flags.ssh, flags, millis));
  }
  if (flags.answers !== undefined) {
    const { namedAnswers } = await import('./answers.ts');
    machines.push(await namedAnswers(flags.answers, user, millis));
  }
  return machines;
}

async function namedRpc(
  rpc: string,
  { rpcPasswordFile }: DiagnoseFlags,
  known: Credential | undefined,
  millis: number,
): Promise<NamedMachine> {
  const { account, user, host, port } = parseRpc(rpc);
  const isKnown =
    known?.user === account.name &&
    known.domain === account.domain &&
    rpcPasswordFile === undefined &&
    !isInEnvironment(RPC);
  const password = isKnown ? known.password : await obtainPassword(RPC, user, rpcPasswordFile, millis);
  const { rpcMachine } = await import('../guest/rpc/rpc-machine.ts');
  return {
    name: host,
    ready: async (ports, attempts) => ({
      look: '--rpc',
      machine: rpcMachine({ ...ports, attempts }, { host, port, account, password }),
    }),
  };
}

function parseRpc(text: string) {
  return parseAccountAtHost(text, {
    option: '--rpc',
    password: `a prompt, ${RPC.variable} or ${RPC.option}`,
    port: SMB_PORT,
  });
}
