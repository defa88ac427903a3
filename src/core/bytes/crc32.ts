/** A CRC over bits in reversed order: one table for each of its polynomials. */
function tableOf(reversedPolynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ reversedPolynomial : value >>> 1;
    return value;
  });
}

/** The polynomial 0x04c11db7, bits reversed. */
const CRC32 = tableOf(0xedb8_8320);
/** The polynomial 0x1edc6f41, bits reversed. */
const CRC32C = tableOf(0x82f6_3b78);

/**
 * [RFC 1952] 8. CRC-32 (also ISO 3309, GPT, EVTX), as an unsigned 32-bit number.
 * `before`: the CRC of what came before, for data in several parts.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  return run(CRC32, bytes, before);
}

/** [RFC 3720] B.4 CRC-32C (also VHDX), as an unsigned 32-bit number; `before` as in `crc32`. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  return run(CRC32C, bytes, before);
}

function run(table: Uint32Array, bytes: Uint8Array, before: number): number {
  let value = ~before;
  for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0);
  return ~value >>> 0;
}
