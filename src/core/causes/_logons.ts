import type { Evidence, FactName } from '../model/facts.ts';
import type { EventTimeline, LogonFailureRow, LogonSuccess, RelevantEvent } from '../model/windows-facts.ts';
import { type EventTest, fieldOf, isEvent, PROVIDER } from './_events.ts';
import { citing, type FactNames, seenValue } from './_judge.ts';
import { statusCode } from './_words.ts';

const LOGON_FAILED = 4625;
const LOGON_SUCCEEDED = 4624;

/** Logon types: over the network, which NLA does before the session, and Remote Desktop. */
export const REMOTE_LOGONS: readonly number[] = [3, 10];

/** The server's own word on the wire: the status of the sign-in attempt, or the one it broke off with before. */
export function refusedOnTheWire(
  evidence: Pick<Evidence, 'nla.logon' | 'ntlm.refusal'>,
  statuses: ReadonlySet<number>,
): { readonly fact: 'nla.logon' | 'ntlm.refusal'; readonly words: string } | undefined {
  for (const fact of ['nla.logon', 'ntlm.refusal'] as const) {
    const { status, name } = seenValue<{ status?: number; name: string }>(evidence[fact]) ?? {};
    if (status !== undefined && statuses.has(status)) {
      const when = fact === 'nla.logon' ? '' : ' before any name was sent';
      return { fact, words: `The server refused the sign-in${when} with ${statusCode(status)} (${name})` };
    }
  }
  return undefined;
}

/**
 * The timeline with the sign-ins that were counted: under a brute-force attack the newest events of a
 * Security log are all alike, and the one that tells stands far behind them.
 */
export function timelineWithLogons(
  evidence: Pick<Evidence, 'events.relevant' | 'logon.failures'>,
): EventTimeline | undefined {
  const timeline = seenValue(evidence['events.relevant']);
  const tally = seenValue(evidence['logon.failures']);
  if (tally === undefined) return timeline;
  return {
    ...timeline,
    spans: timeline?.spans ?? [],
    events: [
      ...(timeline?.events ?? []),
      ...[...tally.statuses, ...tally.accounts].map(failureEvent),
      ...tally.successes.map(successEvent),
    ],
  };
}

/** What `timelineWithLogons` was made of, to be cited, and what else was seen. */
export function citingLogs(
  evidence: Pick<Evidence, 'events.relevant' | 'logon.failures'>,
  ...others: readonly FactName[]
): FactNames {
  return seenValue(evidence['events.relevant']) === undefined
    ? citing(evidence, 'logon.failures', ...others)
    : citing(evidence, 'events.relevant', ...others, 'logon.failures');
}

/** Whether the event is a sign-in that failed with one of these: SubStatus where it is not zero, else Status. */
export function refusedWith(statuses: ReadonlySet<number>, types?: readonly number[]): EventTest {
  return (event) => {
    if (!isEvent(event, PROVIDER.security, LOGON_FAILED)) return false;
    const status = numberOf(event, 'SubStatus') || numberOf(event, 'Status');
    return statuses.has(status) && (types === undefined || types.includes(numberOf(event, 'LogonType')));
  };
}

/** `The sign-in of alice was refused with 0xC000015B`, of an event that `refusedWith` chose. */
export function describeRefused(event: RelevantEvent): string {
  const user = fieldOf(event, 'TargetUserName') ?? '';
  const status = numberOf(event, 'SubStatus') || numberOf(event, 'Status');
  return `${user === '' || user === '-' ? 'A sign-in' : `The sign-in of ${user}`} was refused with ${statusCode(status)}`;
}

function numberOf(event: RelevantEvent, field: string): number {
  const value = Number(fieldOf(event, field));
  return Number.isSafeInteger(value) ? value : 0;
}

function failureEvent(row: LogonFailureRow): RelevantEvent {
  return {
    ...SECURITY,
    id: LOGON_FAILED,
    at: row.last,
    fields: {
      TargetUserName: row.account,
      TargetDomainName: row.domain,
      Status: statusCode(row.status),
      LogonType: String(row.logonType),
    },
    locator: row.locator,
  };
}

function successEvent(success: LogonSuccess): RelevantEvent {
  return {
    ...SECURITY,
    id: LOGON_SUCCEEDED,
    at: success.at,
    fields: {
      TargetUserName: success.account,
      TargetDomainName: success.domain,
      LogonType: String(success.logonType),
      AuthenticationPackageName: success.authentication,
    },
    locator: success.locator,
  };
}

/** What a counted event proves depends on its status, so that its causes ask for it and the tables say nothing. */
const SECURITY = { channel: 'Security', provider: PROVIDER.security, proves: [], refutes: [] } as const;
