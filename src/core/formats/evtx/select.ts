import { eventIdOf, eventSourceNameOf, type OpenRecord, providerOf } from './event.ts';

/** Events of one provider. */
export interface EventSelector {
  /**
   * As the event's Provider element names it, by Name or EventSourceName; upper and lower case are
   * the same, as they are to Windows.
   */
  readonly provider: string;
  /** Without qualifiers. `undefined`: all of them. */
  readonly ids?: readonly number[] | undefined;
}

/** Tells wanted records from others. Throws `DecodeError` where a record cannot be told. */
export type Matcher = (open: OpenRecord) => boolean;

/**
 * A matcher for events that any of the selectors names. The identifier is compared first: it is a
 * number at a known place of the record, and turns most of them away before a text is read.
 */
export function matcherOf(selectors: readonly EventSelector[]): Matcher {
  const providers = new Map<string, Set<number> | 'all'>();
  for (const { provider, ids } of selectors) {
    const name = provider.toLowerCase();
    const known = providers.get(name);
    if (known === 'all' || ids === undefined) providers.set(name, 'all');
    else providers.set(name, new Set([...(known ?? []), ...ids]));
  }
  const sets = [...providers.values()];
  const wanted = sets.includes('all') ? undefined : new Set(sets.flatMap((ids) => [...ids]));
  const names = (name: string | undefined, id: number): boolean => {
    const ids = name === undefined ? undefined : providers.get(name.toLowerCase());
    return ids === 'all' || ids?.has(id) === true;
  };
  return (open) => {
    const id = eventIdOf(open);
    if (id === undefined || wanted?.has(id) === false) return false;
    return names(providerOf(open), id) || names(eventSourceNameOf(open), id);
  };
}
