/** RFC 5280 section 4.1.2.5 Validity (Time): UTCTime and GeneralizedTime. */
import { ber, readBerHeader, TAG } from '../bytes/ber.ts';
import type { Reader } from '../bytes/reader.ts';

/** Milliseconds in 400 Gregorian years, after which the calendar repeats. */
const CYCLE_MILLIS = 146_097 * 86_400_000;

/**
 * Reads one Time: milliseconds since 1970-01-01 UTC. Seconds may be missing and an offset may stand for
 * `Z`, as X.690 allows and RFC 5280 does not. Throws `DecodeError`.
 */
export function readTime(r: Reader): number {
  const { tag, length } = readBerHeader(r);
  const content: Reader = r.sub(length, 'Time');
  const text = Array.from(content.bytes(length), (octet) => String.fromCharCode(octet)).join('');
  if (!(tag === TAG.utcTime || tag === TAG.generalizedTime))
    content.fail(`expected UTCTime or GeneralizedTime, received tag 0x${tag.toString(16)}`);
  const yearDigits = tag === TAG.utcTime ? 2 : 4;
  const pattern = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:\.(\d+))?(Z|[+-]\d{4})$/;
  const parts = pattern.exec(text.slice(yearDigits));
  const yearText = text.slice(0, yearDigits);
  if (!(parts !== null && /^\d+$/.test(yearText))) content.fail('expected the digits of a time ending in Z');
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 6)
    .map((part) => Number(part ?? 0));
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 24 && minute <= 59 && second <= 60))
    content.fail('the time lies outside the calendar');
  const fraction = Number(`0.${(parts[6] ?? '0').slice(0, 9)}`);
  // Date.UTC takes years below 100 for years of the last century, so it is asked 400 years later.
  const year = Number(yearText) + (tag === TAG.generalizedTime ? 0 : Number(yearText) < 50 ? 2000 : 1900);
  const local = Date.UTC(year + 400, month - 1, day, hour, minute, second) - CYCLE_MILLIS;
  return local + Math.round(fraction * 1000) - offsetMillis(parts[7] ?? 'Z');
}

/** One Time: UTCTime from 1950 to 2049, GeneralizedTime otherwise, as RFC 5280 demands. Fractions of a second are dropped. */
export function encodeTime(millis: number): Uint8Array {
  const iso = new Date(millis).toISOString();
  if (!/^\d{4}-/.test(iso)) throw new RangeError('a certificate knows the years 0 to 9999');
  const text = `${iso.slice(0, 19).replace(/[-:T]/g, '')}Z`;
  const year = Number(text.slice(0, 4));
  const utc = year >= 1950 && year <= 2049;
  const octets = Array.from(utc ? text.slice(2) : text, (character) => character.charCodeAt(0));
  return ber(utc ? TAG.utcTime : TAG.generalizedTime, octets);
}

function offsetMillis(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
