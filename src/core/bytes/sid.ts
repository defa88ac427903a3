import type { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** [MS-DTYP] 2.4.2: a SID has at most 15 subauthorities. */
const MOST_SUBAUTHORITIES = 15;

/** [MS-DTYP] 2.4.2.2 SID--Packet Representation → its text form, `S-1-5-21-…`. */
export function readSid(r: Reader): string {
  const revision = r.u8();
  if (!(revision === 1)) r.fail(`expected revision 1, received ${revision}`);
  const count = r.u8();
  if (!(count <= MOST_SUBAUTHORITIES))
    r.fail(`expected at most ${MOST_SUBAUTHORITIES} subauthorities, received ${count}`);
  // The authority is a big-endian number of six bytes; the subauthorities are little-endian.
  const [high, low] = [r.u16be(), r.u32be()];
  const hex = () => `0x${high.toString(16).padStart(4, '0')}${low.toString(16).padStart(8, '0')}`;
  // [MS-DTYP] 2.4.2.1: from 2^32 on it is written in hexadecimal.
  const authority = high === 0 ? low : hex();
  const parts = Array.from({ length: count }, () => r.u32le());
  return ['S-1', authority, ...parts].join('-');
}

/** The text form of a SID → [MS-DTYP] 2.4.2.2 SID--Packet Representation; `undefined` where the text is no SID. */
export function sidBytes(text: string): Uint8Array | undefined {
  const match = /^S-1-(\d{1,10}|0x[0-9a-f]{12})((?:-\d{1,10}){0,15})$/i.exec(text);
  if (match === null) return undefined;
  const authority = Number(match[1]);
  const parts = (match[2] ?? '').split('-').slice(1).map(Number);
  if (parts.some((part) => part > 0xffff_ffff)) return undefined;
  const w = new Writer(8 + 4 * parts.length)
    .u8(1 /* Revision */)
    .u8(parts.length)
    .u16be(Math.floor(authority / 0x1_0000_0000))
    .u32be(authority % 0x1_0000_0000);
  for (const part of parts) w.u32le(part);
  return w.toBytes();
}
