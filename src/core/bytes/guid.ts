import type { Reader } from './reader.ts';

/**
 * [MS-DTYP] 2.3.4.2 GUID--Packet Representation: 16 bytes, the first three fields little-endian →
 * the text form without braces, lower case: `c12a7328-f81f-11d2-ba4b-00a0c93ec93b`.
 */
export function readGuid(reader: Reader): string {
  const digits = (value: number, width: number) => value.toString(16).padStart(width, '0');
  const data1 = digits(reader.u32le(), 8);
  const data2 = digits(reader.u16le(), 4);
  const data3 = digits(reader.u16le(), 4);
  const clock = digits(reader.u16be(), 4);
  const node = digits(reader.u16be(), 4) + digits(reader.u32be(), 8);
  return `${data1}-${data2}-${data3}-${clock}-${node}`;
}
