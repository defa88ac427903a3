import type { Attempts } from '../../app/attempts.ts';
import type { MachineToAsk } from '../../app/gather/machine/vantage.ts';
import type { Credential, OutsidePorts } from '../../app/gather/outside/look.ts';
import { parseAccountAtHost } from './account.ts';
import type { DiagnoseFlags } from './diagnose-flags.ts';
import { isInEnvironment, obtainPassword, RPC } from './password.ts';
import { UsageError } from './usage-error.ts';

/** Where file sharing, and with it RPC over named pipes, listens. */
const SMB_PORT = 445;

/** A way to the running machine that was named. */
export interface NamedMachine {
  /** The machine, as the report names it. */
  readonly name: string;
  open(ports: OutsidePorts, attempts: Attempts): MachineToAsk;
}

/** Says what is wrong with the options for running machines, before anybody is asked for a password. Throws UsageError. */
export function checkMachineFlags({ rpc, rpcPasswordFile, passwordFile, error }: DiagnoseFlags): void {
  if (rpc !== undefined) parseRpc(rpc);
  if (rpcPasswordFile !== undefined && rpc === undefined)
    throw new UsageError('--rpc-password-file is for --rpc: give --rpc USER@HOST as well');
  if (rpcPasswordFile !== '-') return;
  if (error === '-') throw new UsageError('--error and --rpc-password-file cannot both read standard input');
  if (passwordFile === '-')
    throw new UsageError('--password-file and --rpc-password-file cannot both read standard input');
}

/**
 * The running machines to ask, each with its secret.
 * @param known what the sign-in attempt was given: one account is asked about once
 * @param millis how long a pipe or standard input may take for a secret
 */
export async function namedMachines(
  { rpc, rpcPasswordFile }: DiagnoseFlags,
  known: Credential | undefined,
  millis: number,
): Promise<readonly NamedMachine[]> {
  if (rpc === undefined) return [];
  const { account, user, host, port } = parseRpc(rpc);
  const isKnown =
    known?.user === account.name &&
    known.domain === account.domain &&
    rpcPasswordFile === undefined &&
    !isInEnvironment(RPC);
  const password = isKnown ? known.password : await obtainPassword(RPC, user, rpcPasswordFile, millis);
  const { rpcMachine } = await import('../guest/rpc/rpc-machine.ts');
  return [
    {
      name: host,
      open: (ports, attempts) => ({
        look: '--rpc',
        machine: rpcMachine({ ...ports, attempts }, { host, port, account, password }),
      }),
    },
  ];
}

function parseRpc(text: string) {
  return parseAccountAtHost(text, {
    option: '--rpc',
    password: `a prompt, ${RPC.variable} or ${RPC.option}`,
    port: SMB_PORT,
  });
}
