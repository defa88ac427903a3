import { inAscii, jsonInAscii, renderJson } from '../../core/report/layout.ts';
import { withoutSecrets } from '../secrets.ts';
import { isAsciiOnly } from './terminal.ts';

// INVARIANT: everything that leaves the command line goes through here, and leaves without secrets and in
// characters that the other side can show.

/** The result, on stdout. */
export function print(text: string): void {
  process.stdout.write(fit(process.stdout, text));
}

/** The result as JSON, on stdout. */
export function printJson(value: unknown): void {
  const json = withoutSecrets(renderJson(value));
  process.stdout.write(isAsciiOnly(process.stdout) ? jsonInAscii(json) : json);
}

/** What is told beside it, on stderr. */
export function tell(text: string): void {
  process.stderr.write(fit(process.stderr, text));
}

function fit(stream: NodeJS.WriteStream, text: string): string {
  const told = withoutSecrets(text);
  return isAsciiOnly(stream) ? inAscii(told) : told;
}
