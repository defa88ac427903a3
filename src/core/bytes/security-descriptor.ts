import { Reader } from './reader.ts';
import { readSid } from './sid.ts';

/** One access control entry of the simple kinds. */
export interface AccessEntry {
  readonly kind: 'allow' | 'deny';
  readonly sid: string;
  /** ACCESS_MASK ([MS-DTYP] 2.4.3). */
  readonly mask: number;
  /** It is only for what is created below. */
  readonly inheritOnly: boolean;
}

const SELF_RELATIVE = 0x8000;
const DACL_PRESENT = 0x0004;
const ACCESS_ALLOWED = 0;
const ACCESS_DENIED = 1;
const INHERIT_ONLY = 0x08;

/** An ACL's size is two bytes, so it holds no more entries than this. */
const MOST_ENTRIES = 4096;

/**
 * [MS-DTYP] 2.4.6 SECURITY_DESCRIPTOR, self-relative → the entries of its DACL, in order.
 * `undefined` where it has no DACL, which lets everybody in. Entries of other kinds are passed over.
 */
export function decodeDacl(bytes: Uint8Array): readonly AccessEntry[] | undefined {
  const r = new Reader(bytes, 'SECURITY_DESCRIPTOR');
  r.skip(2); // revision, Sbz1
  const control = r.u16le();
  if (!((control & SELF_RELATIVE) !== 0)) r.fail('it is not self-relative');
  r.skip(4 + 4 + 4); // owner, group, SACL
  const offset = r.u32le();
  if ((control & DACL_PRESENT) === 0 || offset === 0) return undefined;
  if (!(offset >= r.offset)) r.fail(`a DACL at byte ${offset} overlaps the header`);
  r.skip(offset - r.offset);
  r.skip(2); // AclRevision, Sbz1
  const size = r.u16le();
  const count = r.u16le();
  r.skip(2);
  if (!(size >= 8 && count <= MOST_ENTRIES)) r.fail(`an ACL of ${size} bytes cannot have ${count} entries`);
  const acl = r.sub(size - 8, 'ACL');
  const entries: AccessEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    const type = acl.u8();
    const flags = acl.u8();
    const length = acl.u16le();
    if (!(length >= 8)) acl.fail(`expected an ACE of at least 8 bytes, received ${length}`);
    const body = acl.sub(length - 4, 'ACE');
    if (type !== ACCESS_ALLOWED && type !== ACCESS_DENIED) continue;
    const mask = body.u32le();
    entries.push({
      kind: type === ACCESS_ALLOWED ? 'allow' : 'deny',
      sid: readSid(body),
      mask,
      inheritOnly: (flags & INHERIT_ONLY) !== 0,
    });
  }
  return entries;
}

/** FILE_READ_DATA, GENERIC_READ, GENERIC_ALL: each lets its holder read a file's content. */
const READS = [0x0000_0001, 0x8000_0000, 0x1000_0000] as const;

/** Whether a token with these SIDs may read the file: the first entry that speaks of it decides. */
export function mayRead(dacl: readonly AccessEntry[] | undefined, sids: readonly string[]): boolean {
  if (dacl === undefined) return true;
  for (const { kind, sid, mask, inheritOnly } of dacl) {
    if (inheritOnly || !sids.includes(sid)) continue;
    if (READS.some((bit) => (mask & bit) !== 0)) return kind === 'allow';
  }
  return false;
}
