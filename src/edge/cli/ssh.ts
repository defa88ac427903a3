import { randomBytes } from 'node:crypto';
import { systemClock } from '../system/clock.ts';
import { confirm } from './confirm.ts';
import type { DiagnoseFlags } from './diagnose-flags.ts';
import type { NamedMachine } from './named-machine.ts';
import { isInEnvironment, obtainPassword, SSH } from './password.ts';
import { Interrupted, prompt } from './prompt.ts';
import { parseSshTarget } from './ssh-target.ts';
import { UsageError } from './usage-error.ts';

/** What `--ssh` and its options mean; throws UsageError where they mean nothing. Reads the password where one is given. */
export async function namedSsh(
  place: string,
  { sshKey, sshPasswordFile }: DiagnoseFlags,
  millis: number,
): Promise<NamedMachine> {
  const target = parseSshTarget(place);
  const { systemSurroundings } = await import('../guest/ssh/surroundings.ts');
  const surroundings = systemSurroundings();
  if (sshKey !== undefined && surroundings.readKey(sshKey) === undefined) {
    throw new UsageError('--ssh-key names no file that can be read: expected the file of a private key');
  }
  const isGiven = sshPasswordFile !== undefined || isInEnvironment(SSH);
  const isPerson = process.stdin.isTTY;
  const given =
    isGiven && !(sshPasswordFile === '-' && isPerson)
      ? await obtainPassword(SSH, target.user ?? target.host, sshPasswordFile, millis)
      : undefined;
  return {
    name: target.host,
    async ready({ transcript }, attempts, account, within) {
      const { SshMachine } = await import('../guest/ssh/machine.ts');
      const { cmdAsker, powershellAsker } = await import('../guest/ssh/askers.ts');
      const { VERSION } = await import('../version.ts');
      // What ends the program at a prompt ends it, however deep inside the connection it was asked.
      let interrupted: Interrupted | undefined;
      const asking = async <T>(ask: () => Promise<T>): Promise<T> => {
        try {
          return await ask();
        } catch (error) {
          if (error instanceof Interrupted) interrupted = error;
          throw error;
        }
      };
      const mark = (): string => `rdpdoctor${randomBytes(12).toString('hex')}`;
      const machine = new SshMachine(
        {
          clock: systemClock,
          attempts,
          surroundings,
          askers: [powershellAsker(VERSION), cmdAsker(mark)],
          transcript,
        },
        {
          ...target,
          ...(sshKey === undefined ? {} : { keyFile: sshKey }),
          async password({ user, host, isTarget }) {
            // A password is given for the machine itself; hosts on the way to it have their own.
            if (isTarget && given !== undefined) return given;
            if (!isPerson) return undefined;
            return asking(() => obtainPassword(SSH, `${user}@${host}`, '-', within));
          },
          person: isPerson
            ? {
                confirm: (text) => asking(() => confirm(text)),
                secret: (question) => asking(() => askSecret(question)),
              }
            : undefined,
          ...(account === undefined ? {} : { account }),
        },
      );
      if (isPerson) await machine.open(within);
      if (interrupted !== undefined) throw interrupted;
      return { look: '--ssh', machine };
    },
  };
}

/** Nothing, or what no secret can be, is no answer. */
async function askSecret(question: string): Promise<string | undefined> {
  try {
    return await prompt(question);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
