import { withoutSecrets } from '../secrets.ts';

// INVARIANT: everything that leaves the command line goes through here, and leaves without secrets.

/** The result, on stdout. */
export function print(text: string): void {
  process.stdout.write(withoutSecrets(text));
}

/** What is told beside it, on stderr. */
export function tell(text: string): void {
  process.stderr.write(withoutSecrets(text));
}
