import { cmdFile } from '../../core/dialect/cmd/index.ts';
import { powershellScript } from '../../core/dialect/powershell/index.ts';
import { usualOperations } from '../../core/dialect/script/usual.ts';
import { VERSION } from '../version.ts';
import { print } from './say.ts';
import { UsageError } from './usage-error.ts';

export interface CollectFlags {
  readonly shell?: string;
  readonly maskNames?: true;
}

/** `rdpdoctor collect`: prints a script for whoever can reach the machine; returns the exit status. Throws `UsageError`. */
export function runCollect({ shell = 'powershell', maskNames }: CollectFlags): number {
  const operations = usualOperations();
  switch (shell) {
    case 'powershell':
      print(powershellScript(operations, { version: VERSION, maskNames: maskNames === true }));
      return 0;
    case 'cmd':
      if (maskNames === true) {
        throw new UsageError(
          '--mask-names is for PowerShell: cmd has nothing to replace names with. Mask the report instead, with diagnose --redact',
        );
      }
      print(cmdFile(operations, INTRO));
      return 0;
    default:
      throw new UsageError(`"${shell}" is not a shell that collect writes for: expected powershell or cmd`);
  }
}

const INTRO: readonly string[] = [
  `Questions of rdpdoctor ${VERSION} to a Windows that cannot be signed in to by Remote Desktop.`,
  'Save it as ask.cmd and run it as an administrator:  ask.cmd > answer.txt',
  'Then, wherever rdpdoctor is:  rdpdoctor diagnose --answers answer.txt',
];
