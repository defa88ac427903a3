// Bodies of an SMB 2 server's replies, by hand from [MS-SMB2].
import { Writer } from '../../../../src/core/bytes/writer.ts';

/** [MS-SMB2] 2.2.2 */
export function errorBody(): Uint8Array {
  return new Writer().u16le(9).u8(0).u8(0).u32le(0).u8(0).toBytes();
}

/** [MS-SMB2] 2.2.6 */
export function setupBody(sessionFlags: number, token: Uint8Array): Uint8Array {
  return new Writer().u16le(9).u16le(sessionFlags).u16le(72).u16le(token.length).bytes(token).toBytes();
}

/** [MS-SMB2] 2.2.14 */
export function createBody(size: number, handle: number): Uint8Array {
  const w = new Writer().u16le(89).u8(0).u8(0).u32le(1).u64le(0n).u64le(0n).u64le(0n);
  w.u64le(0n).u64le(BigInt(size)).u64le(BigInt(size)).u32le(0x80).u32le(0);
  return w.u8(handle).zeros(15).u32le(0).u32le(0).toBytes();
}

/** [MS-SMB2] 2.2.20 */
export function readBody(data: Uint8Array): Uint8Array {
  return new Writer().u16le(17).u8(80).u8(0).u32le(data.length).u32le(0).u32le(0).bytes(data).toBytes();
}

/** [MS-SMB2] 2.2.32 */
export function ioctlBody(output: Uint8Array): Uint8Array {
  const w = new Writer().u16le(49).u16le(0).u32le(0).zeros(16).u32le(0).u32le(0);
  return w.u32le(112).u32le(output.length).u32le(0).u32le(0).bytes(output).toBytes();
}
