import { tryDecode } from '../../bytes/decode-error.ts';
import { Reader } from '../../bytes/reader.ts';
import { type Attribute, decodeAttribute } from './attribute.ts';
import { undoUpdateSequence } from './update-sequence.ts';

/** A file reference (MFT_SEGMENT_REFERENCE): which record, and which of its successive uses. */
export interface FileReference {
  readonly record: number;
  /** 0 where any use is meant. */
  readonly sequence: number;
}

/**
 * A record of the $MFT (FILE_RECORD_SEGMENT_HEADER and its attributes).
 * Source: "New Technologies File System (NTFS)" of libfsntfs, "MFT entry".
 */
export interface FileRecord {
  readonly sequence: number;
  readonly inUse: boolean;
  readonly isDirectory: boolean;
  /** The record that this one extends. */
  readonly base?: FileReference;
  /** The number that the record says it has, from NTFS 3.1 on. */
  readonly number?: number;
  readonly attributes: readonly Attribute[];
  /** Attributes that could not be decoded. */
  readonly problems: readonly string[];
}

const FLAG_IN_USE = 0x0001;
const FLAG_DIRECTORY = 0x0002;
const ATTRIBUTE_END = 0xffff_ffff;
/** Type, length, form, name length and offset, flags and id. */
const ATTRIBUTE_HEADER_SIZE = 16;
/** From NTFS 3.1 on the header has 48 bytes, and the update sequence array follows it. */
const HEADER_SIZE = 48;

/** Reads eight bytes: 48 bits of record number and the sequence number. */
export function readFileReference(reader: Reader): FileReference {
  const low = reader.u32le();
  return { record: reader.u16le() * 0x1_0000_0000 + low, sequence: reader.u16le() };
}

/**
 * Decodes a FILE record as it lies on disk, fixups included.
 * An attribute that is not right is left out and named in `problems`; the rest is returned.
 * @param size bytes of a record on this volume
 */
export function decodeFileRecord(bytes: Uint8Array, size: number): FileRecord {
  const record = undoUpdateSequence(bytes, size, 'FILE');
  const reader = new Reader(record, 'FILE record');
  reader.skip(4);
  const updateSequenceAt = reader.u16le();
  reader.skip(2 + 8); // update sequence array size, log file sequence number
  const sequence = reader.u16le();
  reader.skip(2); // link count
  const attributesAt = reader.u16le();
  const flags = reader.u16le();
  const usedSize = reader.u32le();
  reader.skip(4); // allocated size
  const base = readFileReference(reader);
  reader.skip(2 + 2); // next attribute id, alignment
  const number = updateSequenceAt >= HEADER_SIZE ? reader.u32le() : undefined;

  const attributes: Attribute[] = [];
  const problems: string[] = [];
  // A wrong used size must not hide attributes: their end marker is what ends them.
  const end = usedSize >= attributesAt && usedSize <= size ? usedSize : size;
  reader.seek(attributesAt);
  while (end - reader.offset >= 8) {
    const at = reader.offset;
    const type = reader.u32le();
    if (type === ATTRIBUTE_END) break;
    const stated = reader.u32le();
    // The upper half of the length has been seen to hold remnants.
    const length = stated > end - at ? stated & 0xffff : stated;
    if (!(length >= ATTRIBUTE_HEADER_SIZE && length <= end - at)) {
      problems.push(`the attribute at byte ${at} has ${stated} bytes`);
      break;
    }
    reader.seek(at);
    const one = reader.bytes(length);
    const decoded = tryDecode(() => decodeAttribute(one));
    if (decoded.ok) attributes.push(decoded.value);
    else problems.push(`attribute 0x${type.toString(16)} at byte ${at}: ${decoded.error.message}`);
  }
  return {
    sequence,
    inUse: (flags & FLAG_IN_USE) !== 0,
    isDirectory: (flags & FLAG_DIRECTORY) !== 0,
    ...(base.record === 0 && base.sequence === 0 ? {} : { base }),
    ...(number === undefined ? {} : { number }),
    attributes,
    problems,
  };
}
