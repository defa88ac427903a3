import { CMD_ON_INPUT, cmdScript } from '../../../core/dialect/cmd/index.ts';
import {
  POWERSHELL_ON_INPUT,
  type PowerShellAnswer,
  powershellScript,
  readPowerShellOutput,
} from '../../../core/dialect/powershell/index.ts';
import type { Operation } from '../../../core/dialect/script/operation.ts';
import type { NamedUser } from '../../../core/model/cause.ts';
import type { Answer } from '../../../core/windows/inquiry.ts';
import { limitsOf } from '../answers/read-answers.ts';
import { unpackGzip } from '../unpack.ts';
import type { Asker } from './asking.ts';

/**
 * PowerShell from 3.0 on, which sees more than cmd: types as they are, files' security, the LSA.
 * @param version rdpdoctor's own
 */
export function powershellAsker(version: string): Asker {
  return {
    name: 'powershell',
    command: () => POWERSHELL_ON_INPUT,
    script: (operations) => ({
      stdin: new TextEncoder().encode(powershellScript(operations, { version })),
      read(printed, _, receivedAt) {
        // The answer is ASCII, whatever stands around it.
        const text = Buffer.from(printed).toString('latin1');
        const read = readPowerShellOutput(text, unpackGzip, accountOf(operations));
        if (!read.ok) return read.problem;
        const { sheet, shell, languageMode } = read.answer;
        if (/^[12]\./.test(shell ?? '')) return `its PowerShell ${shell} is older than 3.0`;
        sheet.give({ kind: 'clock' }, clockOf(read.answer, receivedAt));
        return { sheet, warnings: limitsOf(languageMode) };
      },
    }),
  };
}

function accountOf(operations: readonly Operation[]): NamedUser | undefined {
  for (const operation of operations) {
    if (operation.kind === 'ask' && operation.question.kind === 'logons') return operation.question.account;
  }
  return undefined;
}

/**
 * The script says the time as its last word, and the shell ends with it: what lies between that and the end here is
 * half a round trip and the shell's own end, some tenths of a second. Its beginning says less: the shell starts before it.
 */
function clockOf({ ended }: PowerShellAnswer, receivedAt: number): Answer {
  if (ended === undefined) {
    return {
      state: 'unknown',
      at: 'clock',
      why: 'timeout',
      detail: 'the script was not done when the time was up',
    };
  }
  const offsetSeconds = Math.round((Date.parse(ended) - receivedAt) / 100) / 10;
  return { state: 'present', at: 'clock', value: { kind: 'clock', offsetSeconds } };
}

/**
 * cmd.exe, which every Windows has.
 * @param mark letters and digits that nobody can know ahead, new each time
 */
export function cmdAsker(mark: () => string): Asker {
  return {
    name: 'cmd',
    // The shells of Git and MSYS take words that begin with a slash for paths, unless they are told not to.
    command: (shell) =>
      shell === 'sh' ? `MSYS_NO_PATHCONV=1 MSYS2_ARG_CONV_EXCL='*' ${CMD_ON_INPUT}` : CMD_ON_INPUT,
    script(operations) {
      const { text, read } = cmdScript(operations, mark());
      return {
        stdin: new TextEncoder().encode(text),
        read(printed) {
          const sheet = read(printed);
          return sheet.parts === 0 ? 'no part of the answer is in what it printed' : { sheet, warnings: [] };
        },
      };
    },
  };
}
