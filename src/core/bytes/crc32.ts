/** Bytes that are taken at a time. */
const STRIDE = 16;

/**
 * A CRC over bits in reversed order, sixteen bytes at a time (M. Kounavis and F. Berry, "A Systematic
 * Approach to Building High Performance, Software-based, CRC Generators", 2005): for each polynomial one
 * table for a byte, and fifteen more for a byte with one to fifteen zero bytes behind it.
 */
function tableOf(reversedPolynomial: number): Int32Array {
  const table = new Int32Array(STRIDE * 256);
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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let value = ~before;
  let at = 0;
  for (; at + STRIDE <= bytes.length; at += STRIDE) {
    value =
      four(table, 12, value ^ view.getInt32(at, true)) ^
      four(table, 8, view.getInt32(at + 4, true)) ^
      four(table, 4, view.getInt32(at + 8, true)) ^
      four(table, 0, view.getInt32(at + 12, true));
  }
  for (; at < bytes.length; at += 1) value = (value >>> 8) ^ (table[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return ~value >>> 0;
}

/** Four bytes with `zeros` bytes behind them. */
function four(table: Int32Array, zeros: number, bytes: number): number {
  const base = zeros * 256;
  return (
    (table[base + 768 + (bytes & 0xff)] ?? 0) ^
    (table[base + 512 + ((bytes >>> 8) & 0xff)] ?? 0) ^
    (table[base + 256 + ((bytes >>> 16) & 0xff)] ?? 0) ^
    (table[base + (bytes >>> 24)] ?? 0)
  );
}
