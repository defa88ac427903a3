// Self-relative security descriptors for tests, laid out as NTFS keeps them: header, owner and group, DACL last.
import { Writer } from '../../../src/core/bytes/writer.ts';

export interface Entry {
  readonly kind: 'allow' | 'deny';
  readonly sid: string;
  readonly mask: number;
  /** AceFlags. */
  readonly flags?: number;
}

/** `S-1-5-32-544` → its packet form. */
export function encodeSid(text: string): Uint8Array {
  const [, , authority = '', ...parts] = text.split('-');
  const w = new Writer().u8(1).u8(parts.length).u16be(0).u32be(Number(authority));
  for (const part of parts) w.u32le(Number(part));
  return w.toBytes();
}

/** `undefined`: no DACL at all. */
export function descriptor(entries: readonly Entry[] | undefined): Uint8Array {
  const owner = encodeSid('S-1-5-18');
  const header = 20;
  const w = new Writer()
    .u8(1)
    .u8(0)
    .u16le(entries === undefined ? 0x8000 : 0x8004)
    .u32le(header)
    .u32le(header + owner.length)
    .u32le(0)
    .u32le(entries === undefined ? 0 : header + 2 * owner.length)
    .bytes(owner)
    .bytes(owner);
  if (entries === undefined) return w.toBytes();
  const aces = entries.map(({ kind, sid, mask, flags = 0 }) => {
    const bytes = encodeSid(sid);
    return new Writer()
      .u8(kind === 'allow' ? 0 : 1)
      .u8(flags)
      .u16le(8 + bytes.length)
      .u32le(mask)
      .bytes(bytes)
      .toBytes();
  });
  const size = 8 + aces.reduce((sum, ace) => sum + ace.length, 0);
  w.u8(2).u8(0).u16le(size).u16le(aces.length).u16le(0);
  for (const ace of aces) w.bytes(ace);
  return w.toBytes();
}
