/**
 * Marvin32: the checksum that Windows puts over entries of a registry transaction log, and that .NET
 * keeps its string tables with ([SymCrypt] lib/marvin32.c; .NET's MarvinTests.cs has the vectors).
 * @param seed 64 bits
 * @returns 64 bits: the second word of the state above the first
 */
export function marvin32(bytes: Uint8Array, seed: bigint): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length >>> 2;

  // The bytes that fill no word, with 0x80 behind the last; a word of zero ends it.
  let last = 0x80;
  for (let at = bytes.length - 1; at >= whole * 4; at -= 1) last = (last << 8) | view.getUint8(at);

  let low = Number(BigInt.asUintN(32, seed)) | 0;
  let high = Number(BigInt.asUintN(32, seed >> 32n)) | 0;
  // One loop with its mixing inline: a log is megabytes, and every call would return a pair of words.
  for (let index = 0; index < whole + 2; index += 1) {
    const word = index < whole ? view.getInt32(index * 4, true) : index === whole ? last : 0;
    low = (low + word) | 0;
    high ^= low;
    low = (((low << 20) | (low >>> 12)) + high) | 0;
    high = ((high << 9) | (high >>> 23)) ^ low;
    low = (((low << 27) | (low >>> 5)) + high) | 0;
    high = (high << 19) | (high >>> 13);
  }
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
