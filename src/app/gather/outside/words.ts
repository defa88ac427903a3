import { unreachable } from '../../../core/bytes/unreachable.ts';
import type { UnknownWhy } from '../../../core/model/observation.ts';
import type { Interruption } from '../../../core/protocol/dialog.ts';

/** Names of machines, domains and certificates stay far below (RFC 5280 allows 64 characters a name, DNS 253). */
const LONGEST_NAME = 256;

/** Why nothing is known of what a connection of its own would have shown. */
export const NO_CONNECTION = 'no connection opened in time for it';

/** A stranger's name, cut where no honest one is that long: a report is to be read. */
export function shorten(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

/** Why an answer did not arrive, in words that follow "the server": `said nothing`. */
export function describeInterruption(by: Interruption): string {
  switch (by.kind) {
    case 'closed':
      return by.how === 'end' ? 'closed the connection' : 'reset the connection';
    case 'timeout':
      return by.partial.length === 0
        ? 'sent nothing in time'
        : `sent only ${by.partial.length} bytes of an answer in time`;
    case 'too-long':
      return `announced a message of ${by.announced} bytes, longer than any can be`;
    case 'foreign':
      return `answered in another protocol (${by.problem})`;
    default:
      return unreachable(by);
  }
}

export function whyOf(by: Interruption): UnknownWhy {
  return by.kind === 'timeout' ? 'timeout' : 'corrupt';
}
