import type { Reader } from './reader.ts';

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
