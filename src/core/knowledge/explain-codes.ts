import type { EventRow } from './event-row.ts';
import { findEvents } from './events.ts';
import { findKerberosError, KERBEROS_ERRORS } from './kerberos-errors.ts';
import { squash } from './match-text.ts';
import {
  findMstscExtended,
  findMstscReason,
  MSTSC_EXTENDED,
  MSTSC_REASONS,
  mstscStage,
} from './mstsc-codes.ts';
import { findNegotiationFailure, NEGOTIATION_FAILURES } from './negotiation-failures.ts';
import { findNtStatus, NTSTATUS, ntStatusFromHresult } from './ntstatus.ts';
import { common, formatCode, type Reading, type ReadingKind, readCode, readEvent } from './reading.ts';
import type { CodeRow } from './row.ts';
import { findSecurityStatus, SECURITY_STATUS } from './security-status.ts';
import { findTlsAlert, TLS_ALERTS } from './tls-alerts.ts';
import { findWin32Error, WIN32_ERRORS, win32FromWrapped } from './win32-errors.ts';

type CodeKind = Exclude<ReadingKind, 'error-text' | 'event'>;

const TABLES: readonly (readonly [CodeKind, readonly CodeRow[], (code: number) => CodeRow | undefined])[] = [
  ['ntstatus', NTSTATUS, findNtStatus],
  ['security-status', SECURITY_STATUS, findSecurityStatus],
  ['win32', WIN32_ERRORS, findWin32Error],
  ['kerberos', KERBEROS_ERRORS, findKerberosError],
  ['tls-alert', TLS_ALERTS, findTlsAlert],
  ['negotiation-failure', NEGOTIATION_FAILURES, findNegotiationFailure],
  ['mstsc', MSTSC_REASONS, findMstscReason],
  ['mstsc-extended', MSTSC_EXTENDED, findMstscExtended],
];

/** More numbers than this in one text are not looked up. */
const MAX_NUMBERS = 32;
/** Longer words are no symbolic names. */
const MAX_NAME = 64;

// ---------------------------------------------------------------- by name

const byName = new Map<string, readonly Reading[]>();
for (const [kind, rows] of TABLES) {
  for (const row of rows) {
    for (const name of [row.name, ...(row.aliases ?? [])]) {
      const key = name.toLowerCase();
      byName.set(key, [...(byName.get(key) ?? []), readCode(kind, row)]);
    }
  }
}

/** Readings of every symbolic name in `text`; case does not matter. */
export function readByName(text: string): readonly Reading[] {
  const readings: Reading[] = [];
  for (const [token] of text.matchAll(/[A-Za-z][A-Za-z0-9_]{5,}/g)) {
    // One word of prose must not become a name: a name has an underscore, unless it is all there is.
    if (token.length <= MAX_NAME && (token.includes('_') || token === text || /[a-z][A-Z]/.test(token))) {
      readings.push(...(byName.get(token.toLowerCase()) ?? []));
    }
    if (readings.length >= MAX_NUMBERS) {
      break;
    }
  }
  return readings;
}

/** Symbolic names that are near to the first name-like word of `text`, at most `limit`, nearest first. */
export function similarNames(text: string, limit: number): readonly string[] {
  const word = /[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+/.exec(text)?.[0].slice(0, MAX_NAME).toLowerCase();
  if (word === undefined) {
    return [];
  }
  return [...byName]
    .map(([key, [first]]) => ({
      name: first?.name ?? key,
      // A missing prefix (LOGON_FAILURE) is a nearer miss than any typing error.
      distance: key.endsWith(`_${word}`) ? 0 : editDistance(word, key),
    }))
    .filter(({ distance }) => distance <= Math.max(2, word.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name)
    .filter((name, index, all) => all.indexOf(name) === index)
    .slice(0, limit);
}

/** Levenshtein's distance; both words are short (MAX_NAME). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

// ---------------------------------------------------------------- by a number with a word beside it

const NUMBER = '(0x[0-9a-f]{1,8}|\\d{1,10})';

/** A word in front of the number says what it is. */
const MARKS: readonly (readonly [RegExp, CodeKind])[] = [
  [
    new RegExp(`\\balert\\b[^0-9a-z]{0,4}(?:number|code|level)?[^0-9a-z]{0,4}${NUMBER}\\b`, 'gi'),
    'tls-alert',
  ],
  [
    new RegExp(`\\bfailure(?:\\s?code)?[^0-9a-z]{0,4}(?:code)?[^0-9a-z]{0,4}${NUMBER}\\b`, 'gi'),
    'negotiation-failure',
  ],
  [
    new RegExp(`\\b(?:krb5?|kerberos|kdc)[^0-9a-z]{1,4}(?:error|code|err)?[^0-9a-z]{0,4}${NUMBER}\\b`, 'gi'),
    'kerberos',
  ],
  [new RegExp(`\\b(?:win32|system error)(?:\\s?(?:error|code))?[^0-9a-z]{1,4}${NUMBER}\\b`, 'gi'), 'win32'],
  [/\berror[^0-9a-z]{1,4}(\d{1,5})\b/gi, 'win32'],
  [new RegExp(`(?<!extended )\\berror\\s?code[^0-9a-z]{0,4}${NUMBER}\\b`, 'gi'), 'mstsc'],
  [
    new RegExp(
      `\\bextended(?:\\s(?:error|disconnect))?(?:\\s(?:code|reason))?[^0-9a-z]{0,4}${NUMBER}\\b`,
      'gi',
    ),
    'mstsc-extended',
  ],
  [new RegExp(`\\bmstsc[^0-9a-z]{0,4}${NUMBER}\\b`, 'gi'), 'mstsc'],
];

/** Readings of numbers whose meaning the words beside them tell. */
export function readMarked(text: string): readonly Reading[] {
  const readings: Reading[] = [...readTermDd(text), ...readClientPair(text)];
  for (const [pattern, kind] of MARKS) {
    for (const match of limited(text.matchAll(pattern))) {
      const row = findIn(kind, parse(match[1] ?? ''));
      if (row !== undefined) {
        readings.push(readCode(kind, row));
      }
    }
  }
  return [...readings, ...readNamedEvents(text)];
}

/** `0x904 0x7`, with or without the words of the dialog: the second number is the extended code. */
function readClientPair(text: string): readonly Reading[] {
  const match =
    /^\s*(0x[0-9a-f]{1,4}|\d{1,5})[\s,;/+]{1,4}(0x[0-9a-f]{1,4}|\d{1,5})\s*$/i.exec(text) ??
    /error code:?\s{0,3}(0x[0-9a-f]{1,4})\b[\s\S]{0,20}?extended error code:?\s{0,3}(0x[0-9a-f]{1,4})\b/i.exec(
      text,
    );
  const first = match && findMstscReason(parse(match[1] ?? ''));
  const second = match && findMstscExtended(parse(match[2] ?? ''));
  if (!first || !second) {
    return [];
  }
  // The extended code is the more telling one, save where it has nothing to add.
  const pair = [readCode('mstsc-extended', second), readCode('mstsc', first)];
  return second.causes.length > 0 ? pair : pair.reverse();
}

/** Hexadecimal data of TermDD 56 or NETLOGON: the last four bytes, read backwards, are the status. */
function readTermDd(text: string): readonly Reading[] {
  const data = text
    .replace(/\b(?:termdd|netlogon|data|event|56|5719|3210)\b/gi, ' ')
    .replace(/^\s*[0-9a-f]{4}:/gim, ' ');
  const digits = data.replace(/[\s:,-]+/g, '');
  if (!/^[0-9a-f]{8,512}$/i.test(digits) || digits.length % 8 !== 0) {
    return [];
  }
  const bytes = digits.slice(-8).match(/../g) ?? [];
  const value = Number.parseInt(bytes.reverse().join(''), 16);
  return readStatus(value, 'the last four bytes of the data, read backwards');
}

/** `event 5719`, `Schannel 36871`, `System/36871`, `Event ID: 4625`. */
function readNamedEvents(text: string): readonly Reading[] {
  const readings: Reading[] = [];
  for (const match of limited(text.matchAll(/\bevent(?:\s?id)?s?\b[^0-9a-z]{0,4}(\d{1,5})\b/gi))) {
    readings.push(...narrowed(findEvents(parse(match[1] ?? '')), text).map(readEvent));
  }
  const named =
    /^\s*([\p{L}][\p{L}\p{N}\s()./_-]{0,119}?)[\s/:#,-]{1,4}(?:event\s?(?:id)?\s?)?(\d{1,5})\s*$/iu.exec(
      text,
    );
  if (named !== null) {
    const place = named[1] ?? '';
    readings.push(
      ...findEvents(parse(named[2] ?? ''))
        .filter((row) => belongs(row, place))
        .map(readEvent),
    );
  }
  return readings;
}

/** Those of `rows` whose provider or channel stands in `text`, or all where none does. */
function narrowed(rows: readonly EventRow[], text: string): readonly EventRow[] {
  const whole = squash(text);
  const there = rows.filter(
    (row) => whole.includes(shortProvider(row)) || whole.includes(squash(row.provider)),
  );
  return there.length > 0 ? there : rows;
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

// ---------------------------------------------------------------- by number alone

/**
 * Readings of status codes anywhere in `text`, and of `text` itself where it is nothing but a number.
 * With `longOnly` numbers up to 0xFFFF are passed over.
 */
export function readByNumber(text: string, longOnly: boolean): readonly Reading[] {
  const bare = /^[\s"'(]*(-?(?:0x)?[0-9a-f]{1,10})h?[\s"').,]*$/i.exec(text)?.[1];
  if (bare !== undefined) {
    return readBare(bare);
  }
  const readings: Reading[] = [];
  for (const match of limited(text.matchAll(/\b0x[0-9a-f]{1,8}\b|\b[c8][0-9a-f]{7}\b|-\d{9,10}\b/gi))) {
    const token = match[0];
    const value = parse(/^[c8]/i.test(token) ? `0x${token}` : token);
    if (value > 0xffff) {
      readings.push(...readStatus(value));
    } else if (!longOnly) {
      readings.push(...readSmall(value, true));
    }
  }
  return readings;
}

function readBare(token: string): readonly Reading[] {
  const hex = /^0x/i.test(token);
  const digits = /^-?\d+$/.test(token);
  if (!hex && !digits) {
    // `C000006D`: hexadecimal for sure, since it has a letter.
    return token.length === 8 && !token.startsWith('-') ? readWords(Number.parseInt(token, 16)) : [];
  }
  const value = parse(token);
  if (Number.isNaN(value)) {
    return [];
  }
  const asWritten = value > 0xffff ? readStatus(value) : readSmall(value, hex);
  // Eight decimal digits can be a status that happens to have no letter: 80090302.
  return asWritten.length === 0 && digits && token.length === 8
    ? readWords(Number.parseInt(token, 16))
    : asWritten;
}

/** A status of eight digits, as written or with its bytes turned round (raw event data). */
function readWords(value: number): readonly Reading[] {
  const straight = readStatus(value);
  return straight.length > 0
    ? straight
    : readStatus(swapBytes(value), 'its bytes read backwards, as in the data of an event');
}

function swapBytes(value: number): number {
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}

/** Readings of a 32-bit status: NTSTATUS, HRESULT, or a Win32 error or NTSTATUS wrapped in one. */
function readStatus(value: number, how?: string): readonly Reading[] {
  const readings: Reading[] = [];
  const add = (kind: CodeKind, row: CodeRow | undefined, detour = how): void => {
    if (row !== undefined) {
      readings.push(readCode(kind, row, detour));
    }
  };
  add('ntstatus', findNtStatus(value));
  add('security-status', findSecurityStatus(value));
  const inner = ntStatusFromHresult(value);
  if (inner !== undefined) {
    add('ntstatus', findNtStatus(inner), how ?? 'as an HRESULT: the leading D stands for C');
    add('security-status', findSecurityStatus(inner), how);
  }
  const win32 = win32FromWrapped(value);
  if (win32 !== undefined) {
    add('win32', findWin32Error(win32), `inside ${formatCode('security-status', value)}`);
  }
  return readings;
}

/**
 * Readings of a number up to 0xFFFF. Weights order them: hexadecimal is how the client and Kerberos
 * write their codes, decimal how events, Win32 errors, alerts and negotiation failures are written.
 */
function readSmall(value: number, hex: boolean): readonly Reading[] {
  const weighed: { reading: Reading; weight: number }[] = [];
  const add = (kind: CodeKind, weight: number): void => {
    const row = findIn(kind, value);
    if (row !== undefined) {
      weighed.push({ reading: readCode(kind, row), weight });
    }
  };
  const long = value >= 1000;
  add('mstsc', value <= 3 ? 20 : hex ? 95 : 70);
  add('win32', long ? 75 : 60);
  add('kerberos', hex ? 65 : 20);
  // 4096 to 32767 is a range of its own, and any number falls into it.
  const telling = value >= 7 && value <= 9;
  add('mstsc-extended', value >= 4096 ? 5 : hex ? (telling ? 70 : 50) : value >= 256 ? 30 : 45);
  add('tls-alert', hex ? 30 : 55);
  add('negotiation-failure', hex ? 40 : 58);
  for (const row of findEvents(value)) {
    weighed.push({ reading: readEvent(row), weight: hex ? 10 : long ? 80 : 57 });
  }
  if (findMstscReason(value) === undefined && hex) {
    const stage = mstscStage(value);
    if (stage !== undefined) {
      weighed.push({ reading: unknownReason(value, stage), weight: 15 });
    }
  }
  return weighed.sort((a, b) => b.weight - a.weight).map(({ reading }) => reading);
}

/** A disconnect reason that is not in the table, of which only the stage can be told. */
function unknownReason(value: number, stage: string): Reading {
  const code = formatCode('mstsc', value);
  return {
    kind: 'mstsc',
    code,
    title: `error code of the Remote Desktop client ${code}, not in the published table`,
    ...common({
      name: code,
      meaning: `By its low byte the connection stopped ${stage}. That is a pattern of the published codes, not a rule.`,
      causes: [],
      look: ['rdpdoctor diagnose HOST shows at which stage it stops'],
      source: 'practice: pattern of IMsTscAxEvents::OnDisconnected',
      sure: 'unsure',
    }),
  };
}

function findIn(kind: CodeKind, code: number): CodeRow | undefined {
  return TABLES.find(([name]) => name === kind)?.[2](code);
}

/** Unsigned value of `0x…`, decimal or negative decimal; NaN beyond 32 bits. */
function parse(token: string): number {
  const value = token.startsWith('-') ? -Number(token.slice(1)) : Number(token);
  return value >= -0x80000000 && value <= 0xffffffff ? value >>> 0 : Number.NaN;
}

function* limited<T>(items: Iterable<T>): Generator<T> {
  let left = MAX_NUMBERS;
  for (const item of items) {
    if (left-- <= 0) {
      return;
    }
    yield item;
  }
}
