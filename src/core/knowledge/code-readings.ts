import { CODE_TABLES } from './code-tables.ts';
import { findEvents } from './events.ts';
import { findMstscReason, mstscStage } from './mstsc-codes.ts';
import { ntStatusFromHresult } from './ntstatus.ts';
import { type CodeKind, common, formatCode, type Reading, readCode, readEvent } from './reading.ts';
import type { CodeRow } from './row.ts';
import { win32FromWrapped } from './win32-errors.ts';

/** A bare number with what people put around it. */
const MAX_BARE = 40;
/** The data of one event, as the Event Viewer shows it. */
const MAX_DATA = 2048;
/** ERROR_TABLE_BASE_krb5 of MIT Kerberos: its codes are this plus the code of RFC 4120. */
const KRB5_BASE = -1765328384;

/** Unsigned value of `0x…`, decimal or negative decimal; NaN beyond 32 bits. */
export function parseCode(token: string): number {
  const value = token.startsWith('-') ? -Number(token.slice(1)) : Number(token);
  return value >= -0x80000000 && value <= 0xffffffff ? value >>> 0 : Number.NaN;
}

/** The reading of one code of one kind, or none. */
export function readOne(kind: CodeKind, code: number): readonly Reading[] {
  const row = CODE_TABLES[kind].find(code);
  return row === undefined ? [] : [readCode(kind, row)];
}

/**
 * What a text means that is nothing but a number or eight hexadecimal digits; undefined where it is
 * something else. A bare number can mean several things: every reading comes back.
 */
export function readBare(text: string): readonly Reading[] | undefined {
  if (text.length > MAX_BARE) return undefined;
  const reason = /^%%(\d{4,5})$/.exec(text)?.[1];
  if (reason !== undefined) return readOne('failure-reason', Number(reason));
  const token = /^[\s"'(]*(-?(?:0x)?[0-9a-f]{1,10})h?[\s"').,]*$/i.exec(text)?.[1];
  if (token === undefined) return undefined;
  const hex = /^0x/i.test(token);
  const digits = /^-?\d+$/.test(token);
  if (!hex && !digits) {
    // `C000006D`: hexadecimal for sure, since it has a letter.
    return token.length === 8 && !token.startsWith('-') ? readWords(Number.parseInt(token, 16)) : undefined;
  }
  const kerberos = readKrb5(token);
  if (kerberos.length > 0) return kerberos;
  const value = parseCode(token);
  if (Number.isNaN(value)) return [];
  // `0x0207`: Guacamole writes its codes with four digits.
  if (/^0x0[0-9a-f]{3}$/i.test(token)) return [...readOne('guacamole', value), ...readSmall(value, hex)];
  const asWritten = value > 0xffff ? readStatus(value) : readSmall(value, hex);
  // Eight decimal digits can be a status that happens to have no letter: 80090302.
  return asWritten.length === 0 && digits && token.length === 8
    ? readWords(Number.parseInt(token, 16))
    : asWritten;
}

/** `-1765328228`: a code of MIT Kerberos. */
export function readKrb5(token: string): readonly Reading[] {
  const value = token.startsWith('-17653') ? Number(token) - KRB5_BASE : -1;
  return value >= 0 && value <= 127 ? readOne('kerberos', value) : [];
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

/** Hexadecimal data of TermDD 56 or NETLOGON: the last four bytes, read backwards, are the status. */
export function readEventData(text: string): readonly Reading[] {
  if (text.length > MAX_DATA) return [];
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

/** Readings of a 32-bit status: NTSTATUS, HRESULT, FreeRDP, or a Win32 error or NTSTATUS wrapped in one. */
export function readStatus(value: number, how?: string): readonly Reading[] {
  const readings: Reading[] = [];
  const add = (kind: CodeKind, row: CodeRow | undefined, detour = how): void => {
    if (row !== undefined) {
      readings.push(readCode(kind, row, detour));
    }
  };
  add('ntstatus', CODE_TABLES.ntstatus.find(value));
  add('security-status', CODE_TABLES['security-status'].find(value));
  add('freerdp', CODE_TABLES.freerdp.find(value));
  const inner = ntStatusFromHresult(value);
  if (inner !== undefined) {
    add('ntstatus', CODE_TABLES.ntstatus.find(inner), how ?? 'as an HRESULT: the leading D stands for C');
    add('security-status', CODE_TABLES['security-status'].find(inner), how);
  }
  const win32 = win32FromWrapped(value);
  if (win32 !== undefined) {
    add('win32', CODE_TABLES.win32.find(win32), `inside ${formatCode('security-status', value)}`);
  }
  return readings;
}

/**
 * Readings of a number up to 0xFFFF. Weights order them: hexadecimal is how the client and Kerberos
 * write their codes, decimal how events, Win32 errors, alerts and negotiation failures are written.
 */
export function readSmall(value: number, hex: boolean): readonly Reading[] {
  const weighed: { reading: Reading; weight: number }[] = [];
  const add = (kind: CodeKind, weight: number): void => {
    for (const reading of readOne(kind, value)) weighed.push({ reading, weight });
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
  add('freerdp-exit', value >= 128 && !hex ? 56 : 4);
  add('guacamole', hex ? 35 : 3);
  add('failure-reason', 3);
  for (const row of findEvents(value)) {
    weighed.push({ reading: readEvent(row), weight: hex ? 10 : long ? 80 : 57 });
  }
  if (hex) {
    for (const reading of readUnlisted(value)) weighed.push({ reading, weight: 15 });
  }
  return weighed.sort((a, b) => b.weight - a.weight).map(({ reading }) => reading);
}

/** A disconnect reason that is not in the table, of which only the stage can be told. */
export function readUnlisted(value: number): readonly Reading[] {
  const stage = findMstscReason(value) === undefined ? mstscStage(value) : undefined;
  if (stage === undefined) return [];
  const code = formatCode('mstsc', value);
  return [
    {
      kind: 'mstsc',
      code,
      title: `error code of the Remote Desktop client ${code}, not in the published table`,
      ...common({
        name: code,
        meaning: `Its low byte suggests that the connection stopped ${stage}. That is a pattern in the published codes, not a rule.`,
        causes: [],
        look: ['rdpdoctor diagnose HOST shows at which stage it stops'],
        source: 'practice: pattern of IMsTscAxEvents::OnDisconnected',
        sure: 'unsure',
      }),
    },
  ];
}
