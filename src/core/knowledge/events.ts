import type { EventRow } from './event-row.ts';
import { CHANGE_EVENTS } from './events-changes.ts';
import { DOMAIN_EVENTS } from './events-domain.ts';
import { LISTENER_EVENTS } from './events-listener.ts';
import { LOGON_EVENTS } from './events-logon.ts';
import { MACHINE_EVENTS } from './events-machine.ts';
import { SCHANNEL_EVENTS } from './events-schannel.ts';

export type { EventRow } from './event-row.ts';

/** Every event that matters for a sign-in. */
export const EVENTS: readonly EventRow[] = [
  ...SCHANNEL_EVENTS,
  ...LISTENER_EVENTS,
  ...LOGON_EVENTS,
  ...DOMAIN_EVENTS,
  ...MACHINE_EVENTS,
  ...CHANGE_EVENTS,
];

/** The rows of an event id, of every provider that has one. */
export function findEvents(id: number): readonly EventRow[] {
  return EVENTS.filter((row) => row.id === id);
}

/** The row of an event by provider and id, as a log names them; case does not matter. */
export function findEvent(provider: string, id: number): EventRow | undefined {
  const wanted = provider.toLowerCase();
  return EVENTS.find((row) => row.id === id && row.provider.toLowerCase() === wanted);
}
