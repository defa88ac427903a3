/** Why something was not seen. Three different answers (absent, unknown, not gathered) never share a word. */
export type UnknownWhy = (typeof UNKNOWN_WHYS)[number];

export const UNKNOWN_WHYS = [
  'not-gathered',
  'no-channel',
  'denied',
  'timeout',
  'corrupt',
  'host-key',
  'encrypted',
] as const;

/** Where a fact comes from, exactly enough to look again. */
export interface Provenance {
  /** The gatherer that provided it, by its file name. */
  readonly gatherer: string;
  /** How it was reached: `tcp`, later `disk`, `rpc`, `ssh`, … */
  readonly channel: string;
  /** Registry path, `System.evtx#48213`, `tcp://10.0.0.4:3389`. */
  readonly locator: string;
  /** ISO 8601, UTC. */
  readonly observedAt: string;
}

/**
 * INVARIANT: `present` was seen, `absent` was looked for and is not there, `unknown` was not seen
 * and says why. A cause must never read one as another.
 */
export type Observation<T> =
  | Present<T>
  | { readonly state: 'absent'; readonly detail?: string; readonly from: Provenance }
  | Unseen;

export interface Present<T> {
  readonly state: 'present';
  readonly value: T;
  readonly from: Provenance;
}

export interface Unseen {
  readonly state: 'unknown';
  readonly why: UnknownWhy;
  readonly detail?: string;
}

/** What the best witness saw of a fact, and beside it what the others saw. */
export type Reading<T> = Observation<T> & { readonly others?: readonly Observation<T>[] };

export function present<T>(value: T, from: Provenance): Observation<T> {
  return { state: 'present', value, from };
}

export function absent<T>(from: Provenance, detail?: string): Observation<T> {
  return detail === undefined ? { state: 'absent', from } : { state: 'absent', detail, from };
}

export function unknown<T>(why: UnknownWhy, detail?: string): Observation<T> {
  return unseen(why, detail);
}

/** The same, where absent is no answer. */
export function unseen(why: UnknownWhy, detail?: string): Unseen {
  return detail === undefined ? { state: 'unknown', why } : { state: 'unknown', why, detail };
}

/** Whether no vantage of the run was asked for it. An option that was not given, such as --full, is told in the detail. */
export function isUnasked(observation: Observation<unknown> | undefined): boolean {
  if (observation === undefined) return true;
  return (
    observation.state === 'unknown' && observation.why === 'not-gathered' && observation.detail === undefined
  );
}
