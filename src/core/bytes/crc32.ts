/**
 * A CRC over bits in reversed order, four bytes at a time: for each polynomial one table for a byte,
 * and three more for a byte with one, two and three zero bytes behind it.
 */
function tableOf(reversedPolynomial: number): Int32Array {
  const table = new Int32Array(4 * 256);
  for (let index = 0; index < 256; index += 1) {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ reversedPolynomial : value >>> 1;
    table[index] = value;
  }
  for (let index = 256; index < table.length; index += 1) {
    const value = table[index - 256] ?? 0;
    table[index] = (value >>> 8) ^ (table[value & 0xff] ?? 0);
  }
  return table;
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

function run(table: Int32Array, bytes: Uint8Array, before: number): number {
  let value = ~before;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    value ^=
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    value =
      (table[768 + (value & 0xff)] ?? 0) ^
      (table[512 + ((value >>> 8) & 0xff)] ?? 0) ^
      (table[256 + ((value >>> 16) & 0xff)] ?? 0) ^
      (table[value >>> 24] ?? 0);
  }
  for (; at < bytes.length; at += 1) value = (value >>> 8) ^ (table[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return ~value >>> 0;
}
