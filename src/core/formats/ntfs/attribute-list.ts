import { Reader } from '../../bytes/reader.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';
import { type FileReference, readFileReference } from './file-record.ts';

/**
 * One row of an $ATTRIBUTE_LIST (ATTRIBUTE_LIST_ENTRY): which record holds a part of an attribute.
 * Source: "New Technologies File System (NTFS)" of libfsntfs, "The attribute list attribute".
 */
export interface AttributeListEntry {
  readonly type: number;
  readonly name: string;
  readonly lowestVcn: number;
  readonly reference: FileReference;
}

/** Windows never lets a list grow past this. */
export const ATTRIBUTE_LIST_SIZE_MAX = 256 * 1024;

const ENTRY_SIZE_MIN = 26;

export function decodeAttributeList(bytes: Uint8Array): readonly AttributeListEntry[] {
  const reader = new Reader(bytes, '$ATTRIBUTE_LIST');
  const entries: AttributeListEntry[] = [];
  while (reader.remaining > 0) {
    const at = reader.offset;
    const type = reader.u32le();
    const length = reader.u16le();
    if (!(length >= ENTRY_SIZE_MIN)) reader.fail(`an entry of ${length} bytes is not valid`);
    reader.seek(at);
    const entry = reader.sub(length, '$ATTRIBUTE_LIST entry');
    entry.skip(4 + 2);
    const nameLength = entry.u8();
    const nameAt = entry.u8();
    const lowestVcn = entry.u64leNumber();
    const reference = readFileReference(entry);
    let name = '';
    if (nameLength > 0) {
      entry.seek(nameAt);
      name = decodeUtf16le(entry.bytes(nameLength * 2));
    }
    entries.push({ type, name, lowestVcn, reference });
  }
  return entries;
}
