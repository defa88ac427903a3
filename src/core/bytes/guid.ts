import { fromHex, HEX_PAIRS } from './hex.ts';
import type { Reader } from './reader.ts';

/** The order in which the text shows the bytes of a GUID: the first three fields are little-endian. */
const TEXT_ORDER: readonly (number | '-')[] = [
  3,
  2,
  1,
  0,
  '-',
  5,
  4,
  '-',
  7,
  6,
  '-',
  8,
  9,
  '-',
  10,
  11,
  12,
  13,
  14,
  15,
];

/**
 * [MS-DTYP] 2.3.4.2 GUID--Packet Representation: 16 bytes, the first three fields little-endian →
 * the text form without braces, lower case: `c12a7328-f81f-11d2-ba4b-00a0c93ec93b`.
 */
export function readGuid(reader: Reader): string {
  const bytes = reader.bytes(16);
  let text = '';
  for (const at of TEXT_ORDER) text += at === '-' ? at : HEX_PAIRS[bytes[at] ?? 0];
  return text;
}

/** The 16 bytes of a GUID in text form, without braces. For our own constants: another text throws TypeError. */
export function guidBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(16);
  const digits = fromHex(text.replaceAll('-', ''));
  if (!(digits.length === bytes.length)) throw new TypeError('expected a GUID of 32 digits');
  TEXT_ORDER.filter((at) => at !== '-').forEach((at, index) => {
    bytes[at] = digits[index] ?? 0;
  });
  return bytes;
}
