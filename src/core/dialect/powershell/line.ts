import { UNKNOWN_WHYS, type UnknownWhy } from '../../model/observation.ts';

/** What a reader of some lines does. */
export interface LineReader {
  take(word: string, fields: readonly string[]): void;
  /** After the last line of a section. */
  end(): void;
}

/** `2026-11-27T01:51:53.3692475Z` → ISO 8601 with milliseconds. */
export function isoOf(text: string | undefined): string | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(text ?? '')) return undefined;
  const millis = Date.parse((text ?? '').replace(/(\.\d{3})\d*Z$/, '$1Z'));
  return Number.isNaN(millis) ? undefined : new Date(millis).toISOString();
}

/** `unknown`, why and detail, as a line says them. */
export function unreadOf([, why, detail]: readonly string[]): {
  readonly state: 'unknown';
  readonly why: UnknownWhy;
  readonly detail?: string;
} {
  const known = UNKNOWN_WHYS.find((one) => one === why) ?? 'no-channel';
  return { state: 'unknown', why: known, ...(detail === undefined || detail === '' ? {} : { detail }) };
}
