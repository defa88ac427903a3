import { Reader } from '../../bytes/reader.ts';

/**
 * A key's or value's name as it is stored: one byte a character ("extended ASCII", which is Latin-1
 * and not Windows-1252) where the compressed flag is set, else UTF-16LE. Unpaired surrogates are
 * legal in names and kept; an odd last byte is passed over.
 */
export function decodeNameUnits(bytes: Uint8Array, compressed: boolean): string {
  let name = '';
  if (compressed) {
    for (const byte of bytes) name += String.fromCharCode(byte);
    return name;
  }
  const reader = new Reader(bytes, 'name');
  while (reader.remaining >= 2) name += String.fromCharCode(reader.u16le());
  return name;
}

/** U+03C2, the final sigma, which Windows raises although no capital comes back down to it. */
const FINAL_SIGMA = 'ς';

/**
 * A name as Windows compares it: each UTF-16 unit raised by itself, so that ß stays what it is.
 * Windows' table raises only letters whose capital comes back down to them (not ı, ſ or µ).
 */
export function upcase(name: string): string {
  // Nearly all names are plain; raising those as a whole is the same and much faster.
  if (/^[ -~]*$/u.test(name)) return name.toUpperCase();
  let raised = '';
  for (let index = 0; index < name.length; index += 1) raised += upcaseUnit(name.charAt(index));
  return raised;
}

function upcaseUnit(unit: string): string {
  const capital = unit.toUpperCase();
  if (capital.length !== 1) return unit;
  return capital.toLowerCase() === unit || unit === FINAL_SIGMA ? capital : unit;
}

/** [msuhanov/regf] Hash leaf, note: 37 times the sum so far plus the next unit of the raised name. `raised`: see upcase. */
export function nameHash(raised: string): number {
  let hash = 0;
  for (let index = 0; index < raised.length; index += 1) {
    hash = (Math.imul(hash, 37) + raised.charCodeAt(index)) | 0;
  }
  return hash >>> 0;
}

/**
 * Whether a key of this name may stand behind a fast leaf's hint: its first four characters, zeros
 * behind a shorter name, or a zero at once where they are not all Latin-1.
 * @param hint 32 bits, the first character in the lowest byte
 */
export function hintAllows(hint: number, raised: string): boolean {
  if ((hint & 0xff) === 0) return true;
  let hinted = '';
  for (let shift = 0; shift < 32; shift += 8) {
    const character = (hint >>> shift) & 0xff;
    if (character === 0) break;
    hinted += String.fromCharCode(character);
  }
  return upcase(hinted) === raised.slice(0, 4);
}
