import type { CauseId } from './cause-catalogue.ts';
import type { Row, Sure } from './row.ts';

/** One event that matters for a sign-in. Found by provider and id; ids alone are not unique. */
export interface EventRow extends Row {
  /** As Windows names the channel: `System`, `Microsoft-Windows-NTLM/Operational`. */
  readonly channel: string;
  /** As the event's Provider element names it. */
  readonly provider: string;
  readonly id: number;
  /** Names of the data fields that matter, or what the position holds where they have no names. */
  readonly fields: readonly string[];
  /** Causes that it establishes by itself at the time it was written. */
  readonly proves: readonly CauseId[];
  /** Causes that it speaks against at the time it was written. */
  readonly refutes: readonly CauseId[];
}

/** What all events of one provider share. */
export interface EventOrigin {
  readonly channel: string;
  readonly provider: string;
  readonly source: string;
  readonly sure: Sure;
}

interface Details {
  readonly fields?: readonly string[];
  readonly causes?: readonly CauseId[];
  readonly proves?: readonly CauseId[];
  readonly refutes?: readonly CauseId[];
  readonly look?: readonly string[];
  readonly sure?: Sure;
  readonly source?: string;
}

/** A row for one event of `origin`; what `details` leaves out is empty or that of the origin. */
export function event(
  origin: EventOrigin,
  id: number,
  name: string,
  meaning: string,
  details: Details = {},
): EventRow {
  return {
    channel: origin.channel,
    provider: origin.provider,
    id,
    name,
    meaning,
    fields: details.fields ?? [],
    causes: details.causes ?? details.proves ?? [],
    proves: details.proves ?? [],
    refutes: details.refutes ?? [],
    look: details.look ?? [],
    source: details.source ?? origin.source,
    sure: details.sure ?? origin.sure,
  };
}
