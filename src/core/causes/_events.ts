import type { EventTimeline, RelevantEvent } from '../model/windows-facts.ts';

export type EventTest = (event: RelevantEvent) => boolean;

/**
 * The newest event that speaks for the cause, the newest that speaks against it, and which of them came
 * later: what an event proved is over once a later one refutes it.
 */
export type EventWord = Found<'proving', 'refuting'> | Found<'refuting', 'proving'> | NothingFound;

type Found<Later extends string, Earlier extends string> = { readonly later: Later } & {
  readonly [K in Later]: RelevantEvent;
} & { readonly [K in Earlier]: RelevantEvent | undefined };

interface NothingFound {
  readonly later: 'neither';
  readonly proving?: undefined;
  readonly refuting?: undefined;
}

/**
 * What the logs say of a cause.
 * @param but tests that replace the table's word for a cause: an event speaks of many causes and often
 *   only its fields tell which
 */
export function weighEvents(
  { events }: EventTimeline,
  cause: string,
  but: { readonly proves?: EventTest; readonly refutes?: EventTest } = {},
): EventWord {
  const proves = but.proves ?? ((event) => event.proves.includes(cause));
  const refutes = but.refutes ?? ((event) => event.refutes.includes(cause));
  const proving = newest(events.filter(proves));
  const refuting = newest(events.filter(refutes));
  if (proving !== undefined && (refuting === undefined || proving.at > refuting.at)) {
    return { later: 'proving', proving, refuting };
  }
  return refuting === undefined ? { later: 'neither' } : { later: 'refuting', refuting, proving };
}

function newest(events: readonly RelevantEvent[]): RelevantEvent | undefined {
  return events.reduce<RelevantEvent | undefined>(
    (latest, event) => (latest === undefined || event.at > latest.at ? event : latest),
    undefined,
  );
}

/** Whether the event is one of these, by provider and id. */
export function isEvent(event: RelevantEvent, provider: string, ...ids: readonly number[]): boolean {
  return event.provider.toLowerCase() === provider.toLowerCase() && ids.includes(event.id);
}

export const PROVIDER = {
  netlogon: 'NETLOGON',
  policy: 'Microsoft-Windows-GroupPolicy',
  lsa: 'LsaSrv',
  security: 'Microsoft-Windows-Security-Auditing',
  connections: 'Microsoft-Windows-TerminalServices-RemoteConnectionManager',
  sessions: 'Microsoft-Windows-TerminalServices-LocalSessionManager',
  dns: 'Microsoft-Windows-DNS-Client',
  time: 'Microsoft-Windows-Time-Service',
  kerberos: 'Microsoft-Windows-Security-Kerberos',
  services: 'Service Control Manager',
  schannel: 'Schannel',
  exhaustion: 'Microsoft-Windows-Resource-Exhaustion-Detector',
  server: 'srv',
} as const;

/** A field by its name, whatever its capitals. */
export function fieldOf({ fields }: RelevantEvent, name: string): string | undefined {
  return Object.entries(fields).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Whether any field holds the text, whatever its capitals. */
export function mentions({ fields }: RelevantEvent, text: string): boolean {
  return Object.values(fields).some((value) => value.toLowerCase().includes(text.toLowerCase()));
}

/** `NETLOGON event 3210 of 2026-03-01T11:58:00Z (System.evtx#48213)`. */
export function describeEvent({ provider, id, at, locator }: RelevantEvent): string {
  return `${provider.replace(/^Microsoft-Windows-/, '')} event ${id} at ${at} (${locator})`;
}

/** When the machine last wrote to a log: it lived then, and its settings were in force. */
export function lastAlive({ spans }: EventTimeline): string | undefined {
  return spans
    .flatMap(({ newest: at }) => (at === undefined ? [] : [at]))
    .sort()
    .at(-1);
}
