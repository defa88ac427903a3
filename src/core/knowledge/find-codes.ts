import { classify, type Label, labelBefore } from './code-labels.ts';
import { parseCode, readKrb5, readOne, readSmall, readStatus, readUnlisted } from './code-readings.ts';
import type { EventRow } from './event-row.ts';
import { findEvents } from './events.ts';
import { squash } from './match-text.ts';
import { findMstscExtended, findMstscReason } from './mstsc-codes.ts';
import { withoutNoise } from './noise.ts';
import { type Reading, readCode, readEvent } from './reading.ts';

export interface FoundCodes {
  readonly readings: readonly Reading[];
  /** As written: what is surely a code and stands in no table. */
  readonly unknown: readonly string[];
}

/** In a longer text a number counts only where words say what it is. */
const SHORT_TEXT = 400;
/** So many different codes of a log are read; the rest says nothing that these do not. */
const MAX_READINGS = 200;
const MAX_UNKNOWN = 20;

/** A number right after another stands in a table of numbers: nothing says what it is. */
const TOKEN =
  /(?<![\p{L}\p{N}_.])(%%\d{4,5}|0x[0-9a-f]{1,8}|-\d{9,10}|[cd8][0-9a-f]{7}|000[12][0-9a-f]{4}|(?<!(?:^|[^\p{L}\d])\d{1,10} )\d{1,10})(?![\p{L}\p{N}_]|\.\d)/giu;
/** `Error code: 0x904 … 0x7`, whatever the language of the words between: the second is the extended code. */
const PAIR =
  /(?<![\p{L}\p{N}_])(0x[0-9a-f]{3,4})(?![\p{L}\p{N}_])[^0-9]{1,60}?(0x[0-9a-f]{1,2})(?![\p{L}\p{N}_])/iu;
const BARE_PAIR = /^\s*(0x[0-9a-f]{1,4}|\d{1,5})[\s,;/+]{1,4}(0x[0-9a-f]{1,4}|\d{1,5})\s*$/i;

/**
 * Readings of every code in a text of words, and the codes in it that nobody knows.
 * @param squashed the text squashed, to see which providers it names
 */
export function findCodes(text: string, squashed: string): FoundCodes {
  const readings: Reading[] = [...readPair(text), ...readPlaceAndId(text)];
  const unknown = new Set<string>();
  const clean = withoutNoise(text.replace(/<EventID[^>]{0,80}>/gi, ' Event ID: '));
  const context: Context = {
    text,
    short: text.length <= SHORT_TEXT,
    kerberos: /\b(?:4768|4769|4771|kerberos|krbtgt|krb5?)\b/i.test(text),
    guacamole: /guac/i.test(text),
    squashed,
  };
  const seen = new Set<string>();
  for (const match of clean.matchAll(TOKEN)) {
    const token = match[1] ?? '';
    const label = classify(labelBefore(clean, match.index));
    const key = `${label} ${token.toLowerCase()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const found = readToken(token, label, context);
    if (found === 'unknown') {
      if (unknown.size < MAX_UNKNOWN) unknown.add(label === 'event' ? `event ${token}` : token);
    } else {
      readings.push(...found);
      if (readings.length >= MAX_READINGS) break;
    }
  }
  return { readings, unknown: [...unknown] };
}

interface Context {
  readonly text: string;
  readonly short: boolean;
  readonly kerberos: boolean;
  readonly guacamole: boolean;
  readonly squashed: string;
}

function readToken(token: string, label: Label, context: Context): readonly Reading[] | 'unknown' {
  if (token.startsWith('%%')) return orUnknown(readOne('failure-reason', Number(token.slice(2))));
  if (token.startsWith('-17653')) return orUnknown(readKrb5(token));
  const hex = /^0x/i.test(token);
  const words = !hex && (/^[cd8][0-9a-f]{7}$/i.test(token) || /^000[12]/.test(token));
  if (words) {
    const value = Number.parseInt(token, 16);
    const status = readStatus(value);
    // Eight decimal digits that happen to begin with 8 are a number unless a table knows them.
    if (status.length > 0) return status;
    return /[a-f]/i.test(token) && label === 'code' ? 'unknown' : [];
  }
  const value = parseCode(token);
  if (Number.isNaN(value) || value === 0) return [];
  if (value > 0xffff) {
    if (label === 'other' || label === 'event') return [];
    // A decimal number is a status only where it is as large as they are, or negative.
    if (!hex && value < 0x80000000) return [];
    const status = readStatus(value);
    if (status.length > 0) return status;
    return label !== 'none' || (context.short && hex && value >= 0x80000000) ? 'unknown' : [];
  }
  return readLabelled(token, value, hex, label, context);
}

function readLabelled(
  token: string,
  value: number,
  hex: boolean,
  label: Label,
  context: Context,
): readonly Reading[] | 'unknown' {
  switch (label) {
    case 'event':
      return readEventId(value, context);
    case 'alert':
      return orUnknown(readOne('tls-alert', value));
    case 'exit':
      return readOne('freerdp-exit', value);
    case 'kerberos':
      return orUnknown(readOne('kerberos', value));
    case 'extended':
      return orUnknown(readOne('mstsc-extended', value));
    case 'win32':
      return orUnknown(readOne('win32', value));
    case 'reason': {
      const extended = value < 256 ? readOne('mstsc-extended', value) : [];
      return extended.length > 0 ? extended : orUnknown(readOne('mstsc', value));
    }
    case 'failure': {
      const negotiation = context.kerberos || hex ? [] : readOne('negotiation-failure', value);
      return negotiation.length > 0 ? negotiation : readLabelled(token, value, hex, 'code', context);
    }
    case 'client':
    case 'code': {
      if (context.kerberos && hex) {
        const kerberos = readOne('kerberos', value);
        if (kerberos.length > 0) return kerberos;
      }
      if (context.guacamole && hex) {
        const guacamole = readOne('guacamole', value);
        if (guacamole.length > 0) return guacamole;
      }
      const first = hex || label === 'client' ? readOne('mstsc', value) : readOne('win32', value);
      if (first.length > 0) return first;
      const second = hex
        ? [...readUnlisted(value), ...readOne('win32', value)]
        : readOne(label === 'client' ? 'win32' : 'mstsc', value);
      if (second.length > 0) return second;
      // `status 1` and the like of every program on earth are no codes of ours.
      return hex || (value >= 1000 && label === 'client') ? 'unknown' : [];
    }
    case 'none':
      return context.short && hex && !readsAsPair(context.text) ? readSmall(value, true) : [];
    case 'other':
      return [];
  }
}

function orUnknown(readings: readonly Reading[]): readonly Reading[] | 'unknown' {
  return readings.length > 0 ? readings : 'unknown';
}

// ---------------------------------------------------------------- the two numbers of the client's dialog

function pairOf(text: string): readonly [string, string] | undefined {
  const match = BARE_PAIR.exec(text) ?? PAIR.exec(text);
  return match === null ? undefined : [match[1] ?? '', match[2] ?? ''];
}

function readsAsPair(text: string): boolean {
  return readPair(text).length > 0;
}

/** `0x904 0x7`, with or without the words of the dialog: the second number is the extended code. */
function readPair(text: string): readonly Reading[] {
  const pair = pairOf(text);
  const first = pair && findMstscReason(parseCode(pair[0]));
  const second = pair && findMstscExtended(parseCode(pair[1]));
  if (!first || !second) {
    return [];
  }
  // The extended code is the more telling one, save where it has nothing to add.
  const both = [readCode('mstsc-extended', second), readCode('mstsc', first)];
  if (second.code === 0 && !BARE_PAIR.test(text)) return both.slice(1);
  return second.causes.length > 0 ? both : both.reverse();
}

// ---------------------------------------------------------------- events

/** Ids below this are used by many providers: they count only where the provider is named. */
const COMMON_ID = 100;

function readEventId(id: number, context: Context): readonly Reading[] | 'unknown' {
  const rows = findEvents(id);
  if (rows.length === 0) return 'unknown';
  const whole = context.squashed;
  const named = rows.filter(
    (row) => whole.includes(shortProvider(row)) || whole.includes(squash(row.provider)),
  );
  if (named.length > 0) return named.map(readEvent);
  return context.short || id >= COMMON_ID ? rows.map(readEvent) : [];
}

/** `Schannel 36871`, `System/36871`: nothing but a place and an id. */
function readPlaceAndId(text: string): readonly Reading[] {
  const named =
    text.length > SHORT_TEXT
      ? null
      : /^\s*([\p{L}][\p{L}\p{N}\s()./_-]{0,119}?)[\s/:#,-]{1,4}(?:event\s?(?:id)?\s?)?(\d{1,5})\s*$/iu.exec(
          text,
        );
  if (named === null) return [];
  return findEvents(parseCode(named[2] ?? ''))
    .filter((row) => belongs(row, named[1] ?? ''))
    .map(readEvent);
}

function belongs(row: EventRow, place: string): boolean {
  const wanted = squash(place).replace(/event(?:id)?$/, '');
  return (
    wanted.length >= 3 &&
    (squash(row.provider).includes(wanted) ||
      squash(row.channel).includes(wanted) ||
      wanted === squash(row.channel + row.provider))
  );
}

/** `Microsoft-Windows-Security-Kerberos` is `kerberos` to those who talk about it. */
function shortProvider(row: EventRow): string {
  return squash(row.provider.slice(row.provider.lastIndexOf('-') + 1));
}
