import type { NamedUser } from '../../model/cause.ts';
import type { LogonTally } from '../../model/windows-facts.ts';
import type { EventRecord } from '../../windows/inquiry.ts';
import { LogonCounter } from '../../windows/logon-tally.ts';

/** What is known of the log beside the sign-ins that were listed. Times are ISO 8601, UTC. */
export interface ListedLog {
  readonly channel: string;
  readonly oldest?: string;
  readonly newest?: string;
  /** As far back as was asked for, where the log goes further. */
  readonly bound: string | undefined;
  /** There were more sign-ins than were listed. */
  readonly isCut: boolean;
}

/** Sign-ins that a script listed, the newest first, counted. */
export function tallyOf(
  events: readonly EventRecord[],
  { channel, oldest, newest, bound, isCut }: ListedLog,
  account: NamedUser | undefined,
): LogonTally {
  const counter = new LogonCounter(account);
  for (const event of events) counter.add(event, `${channel}#${event.recordId}`);
  const since = isCut ? events.at(-1)?.at : (bound ?? oldest);
  return {
    ...counter.result(),
    ...(since === undefined ? {} : { since }),
    ...(newest === undefined ? {} : { until: newest }),
    endedBy: isCut ? 'limit' : bound === undefined ? 'log' : 'since',
  };
}
