import { Reader } from './reader.ts';
import { decodeUtf16le } from './utf16.ts';

/** [MS-RRP] 3.1.1.5 Values: the types whose data has a form. */
export const REG = {
  NONE: 0,
  SZ: 1,
  EXPAND_SZ: 2,
  BINARY: 3,
  DWORD: 4,
  DWORD_BIG_ENDIAN: 5,
  LINK: 6,
  MULTI_SZ: 7,
  QWORD: 11,
} as const;

/** A value's data with its type: what all readers of a registry give, offline or not. */
export interface TypedData {
  readonly type: number;
  readonly data: Uint8Array;
}

/**
 * What a value means: a number for both kinds of DWORD, a bigint for a QWORD, a text for SZ,
 * EXPAND_SZ (not expanded) and LINK, texts for MULTI_SZ; else, and where the data has not the
 * length its type calls for, the bytes.
 * Anyone may store anything under any type: a text ends at its first NUL or, where there is none,
 * with the data; an odd last byte is passed over.
 */
export function decodeValue({ type, data }: TypedData): number | bigint | string | string[] | Uint8Array {
  const reader = new Reader(data, 'value data');
  switch (type) {
    case REG.SZ:
    case REG.EXPAND_SZ:
      return upToNul(text(data));
    case REG.LINK:
      // Stored without a terminator, and nothing forbids a NUL in the name of a key.
      return text(data);
    case REG.MULTI_SZ:
      return texts(text(data));
    case REG.DWORD:
      return data.length === 4 ? reader.u32le() : data;
    case REG.DWORD_BIG_ENDIAN:
      return data.length === 4 ? reader.u32be() : data;
    case REG.QWORD:
      return data.length === 8 ? reader.u64le() : data;
    default:
      return data;
  }
}

function text(data: Uint8Array): string {
  return decodeUtf16le(data.subarray(0, data.length - (data.length % 2)));
}

function upToNul(whole: string): string {
  const end = whole.indexOf('\0');
  return end === -1 ? whole : whole.slice(0, end);
}

/** Texts that each end in NUL; an empty one ends the list, and so does the end of the data. */
function texts(whole: string): string[] {
  const parts = whole.split('\0');
  const end = parts.indexOf('');
  return end === -1 ? parts : parts.slice(0, end);
}
