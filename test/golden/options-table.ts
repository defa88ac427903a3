// The options of `diagnose` as README's table shows them.
import { DIAGNOSE_OPTIONS } from '../../src/edge/cli/diagnose-options.ts';

export const OPTIONS_HEAD = '| option | what it does |\n|---|---|\n';

export function optionsTable(): string {
  return (
    OPTIONS_HEAD + DIAGNOSE_OPTIONS.map(({ readme: [shown, text] }) => `| ${shown} | ${text} |\n`).join('')
  );
}
