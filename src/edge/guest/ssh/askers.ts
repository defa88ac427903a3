import { CMD_ON_INPUT, cmdScript } from '../../../core/dialect/cmd/index.ts';
import type { Asker } from './asking.ts';

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
          return sheet.parts === 0 ? 'no part of the answer is in what it printed' : sheet;
        },
      };
    },
  };
}
