import { HEX_PAIRS } from '../../bytes/hex.ts';
import { type ChunkBytes, textAt } from './chunk-bytes.ts';
import { ARRAY, VALUE } from './tokens.ts';

/** Seconds between FILETIME's zero, 1601-01-01, and 1970-01-01. */
const UNIX_EPOCH_SECONDS = 11_644_473_600;

/** Bytes of one element of an array, by type; strings end with a zero, and a SID says its own length. */
const ITEM_SIZES: Readonly<Record<number, number>> = {
  [VALUE.INT8]: 1,
  [VALUE.UINT8]: 1,
  [VALUE.INT16]: 2,
  [VALUE.UINT16]: 2,
  [VALUE.INT32]: 4,
  [VALUE.UINT32]: 4,
  [VALUE.INT64]: 8,
  [VALUE.UINT64]: 8,
  [VALUE.REAL32]: 4,
  [VALUE.REAL64]: 8,
  [VALUE.BOOL]: 4,
  [VALUE.GUID]: 16,
  [VALUE.FILETIME]: 8,
  [VALUE.SYSTEMTIME]: 16,
  [VALUE.HEX_INT32]: 4,
  [VALUE.HEX_INT64]: 8,
};

/**
 * [MS-EVEN6] 3.1.4.7.3 Type System: a value as Windows writes it into XML, not escaped.
 * A size that does not fit the type is met in the wild (booleans of one byte): what is there is shown.
 * @param type not an array, and not binary XML
 */
export function valueText(source: ChunkBytes, type: number, at: number, size: number): string {
  const { bytes, view } = source;
  switch (type) {
    case VALUE.NULL:
      return '';
    case VALUE.STRING:
      return untilZero(textAt(source, at, size));
    case VALUE.ANSI_STRING:
      return untilZero(ansiText(bytes, at, size));
    case VALUE.INT8:
    case VALUE.INT16:
    case VALUE.INT32:
    case VALUE.INT64:
      return signedText(source, at, size);
    case VALUE.UINT8:
    case VALUE.UINT16:
    case VALUE.UINT32:
    case VALUE.UINT64:
      return unsignedText(source, at, size, 10);
    case VALUE.REAL32:
      return size === 4 ? String(view.getFloat32(at, true)) : hexText(bytes, at, size);
    case VALUE.REAL64:
      return size === 8 ? String(view.getFloat64(at, true)) : hexText(bytes, at, size);
    case VALUE.BOOL:
      return bytes.subarray(at, at + size).some((byte) => byte !== 0) ? 'true' : 'false';
    case VALUE.GUID:
      if (size !== 16) return hexText(bytes, at, size);
      return guidText(source, at);
    case VALUE.SIZE_T:
    case VALUE.HEX_INT32:
    case VALUE.HEX_INT64:
      return unsignedText(source, at, size, 16);
    case VALUE.FILETIME:
      return size === 8 ? filetimeText(view.getBigUint64(at, true)) : hexText(bytes, at, size);
    case VALUE.SYSTEMTIME:
      return size === 16 ? systemTimeText(view, at) : hexText(bytes, at, size);
    case VALUE.SID:
      return sidText(source, at, size);
    default:
      return hexText(bytes, at, size);
  }
}

/**
 * The elements of an array, each as a text: as many as there are whole ones.
 * @param type with ARRAY set
 */
export function arrayTexts(source: ChunkBytes, type: number, at: number, size: number): string[] {
  const item = type & ~ARRAY;
  if (item === VALUE.STRING) return splitAtZeros(textAt(source, at, size));
  if (item === VALUE.ANSI_STRING) return splitAtZeros(ansiText(source.bytes, at, size));
  const texts: string[] = [];
  if (item === VALUE.SID) {
    for (let from = at; from < at + size; ) {
      const length = Math.min(8 + (source.bytes[from + 1] ?? 0) * 4, at + size - from);
      texts.push(sidText(source, from, length));
      from += length;
    }
    return texts;
  }
  const itemSize = ITEM_SIZES[item];
  if (itemSize === undefined) return [hexText(source.bytes, at, size)];
  for (let from = at; from + itemSize <= at + size; from += itemSize) {
    texts.push(valueText(source, item, from, itemSize));
  }
  return texts;
}

/** An integer of any type as a number; `undefined` where the value is none, or too large to be exact. */
export function integerAt({ view }: ChunkBytes, type: number, at: number, size: number): number | undefined {
  switch (type) {
    case VALUE.INT8:
    case VALUE.UINT8:
    case VALUE.INT16:
    case VALUE.UINT16:
    case VALUE.INT32:
    case VALUE.UINT32:
    case VALUE.INT64:
    case VALUE.UINT64:
    case VALUE.HEX_INT32:
    case VALUE.HEX_INT64:
      break;
    default:
      return undefined;
  }
  if (size === 1) return view.getUint8(at);
  if (size === 2) return view.getUint16(at, true);
  if (size === 4) return view.getUint32(at, true);
  if (size !== 8) return undefined;
  const value = view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** [MS-DTYP] 2.3.3 FILETIME in ISO 8601, UTC, with all seven digits of its fraction. */
export function filetimeText(filetime: bigint): string {
  const seconds = Number(filetime / 10_000_000n) - UNIX_EPOCH_SECONDS;
  const date = new Date(seconds * 1000);
  const fraction = String(filetime % 10_000_000n).padStart(7, '0');
  return `${date.toISOString().slice(0, -5)}.${fraction}Z`;
}

/** [MS-DTYP] 2.3.4.3 GUID curly braced string, in lower case. */
function guidText({ bytes, view }: ChunkBytes, at: number): string {
  const hex = (number: number, width: number): string => number.toString(16).padStart(width, '0');
  const pairs = (from: number, to: number): string => {
    let text = '';
    for (let index = from; index < to; index += 1) text += HEX_PAIRS[bytes[at + index] ?? 0];
    return text;
  };
  const first = hex(view.getUint32(at, true), 8);
  const middle = `${hex(view.getUint16(at + 4, true), 4)}-${hex(view.getUint16(at + 6, true), 4)}`;
  return `{${first}-${middle}-${pairs(8, 10)}-${pairs(10, 16)}}`;
}

/** [MS-DTYP] 2.3.13 SYSTEMTIME in ISO 8601, UTC. */
function systemTimeText(view: DataView, at: number): string {
  const part = (index: number, width: number) =>
    String(view.getUint16(at + index * 2, true)).padStart(width, '0');
  return `${part(0, 4)}-${part(1, 2)}-${part(3, 2)}T${part(4, 2)}:${part(5, 2)}:${part(6, 2)}.${part(7, 3)}Z`;
}

/** [MS-DTYP] 2.4.2.1 SID String Format Syntax. */
function sidText({ bytes, view }: ChunkBytes, at: number, size: number): string {
  const count = size < 8 ? 0 : view.getUint8(at + 1);
  if (size < 8 + count * 4) return hexText(bytes, at, size);
  const authority = view.getUint16(at + 2, false) * 0x1_0000_0000 + view.getUint32(at + 4, false);
  // An authority that needs more than 32 bits is written in hexadecimal.
  const shown = authority > 0xffff_ffff ? `0x${authority.toString(16)}` : String(authority);
  let text = `S-${view.getUint8(at)}-${shown}`;
  for (let index = 0; index < count; index += 1) text += `-${view.getUint32(at + 8 + index * 4, true)}`;
  return text;
}

function signedText({ bytes, view }: ChunkBytes, at: number, size: number): string {
  if (size === 1) return String(view.getInt8(at));
  if (size === 2) return String(view.getInt16(at, true));
  if (size === 4) return String(view.getInt32(at, true));
  if (size === 8) return String(view.getBigInt64(at, true));
  return hexText(bytes, at, size);
}

function unsignedText({ bytes, view }: ChunkBytes, at: number, size: number, radix: 10 | 16): string {
  const prefix = radix === 16 ? '0x' : '';
  if (size === 1) return prefix + view.getUint8(at).toString(radix);
  if (size === 2) return prefix + view.getUint16(at, true).toString(radix);
  if (size === 4) return prefix + view.getUint32(at, true).toString(radix);
  if (size !== 8) return hexText(bytes, at, size);
  const high = view.getUint32(at + 4, true);
  const low = view.getUint32(at, true);
  if (high === 0) return prefix + low.toString(radix);
  if (radix === 16) return prefix + high.toString(16) + low.toString(16).padStart(8, '0');
  return String(view.getBigUint64(at, true));
}

/** The code page of the machine is not recorded: bytes beyond ASCII are shown as Latin-1. */
function ansiText(bytes: Uint8Array, at: number, size: number): string {
  let text = '';
  for (const byte of bytes.subarray(at, at + size)) text += String.fromCharCode(byte);
  return text;
}

function hexText(bytes: Uint8Array, at: number, size: number): string {
  let text = '';
  for (const byte of bytes.subarray(at, at + size)) text += HEX_DIGITS[byte];
  return text;
}

const HEX_DIGITS = HEX_PAIRS.map((pair) => pair.toUpperCase());

function untilZero(text: string): string {
  const zero = text.indexOf('\0');
  return zero === -1 ? text : text.slice(0, zero);
}

/** Each text of an array ends with a zero, the last one not always. */
function splitAtZeros(text: string): string[] {
  const texts = text.split('\0');
  if (texts.at(-1) === '') texts.pop();
  return texts;
}
