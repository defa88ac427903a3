import { Reader } from '../../bytes/reader.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';
import { type FileReference, readFileReference } from './file-record.ts';

/**
 * The attributes that say what a file or a volume is.
 * Source: "New Technologies File System (NTFS)" of libfsntfs, "The attributes".
 */

/** Times as FILETIME: 100 ns intervals since 1601-01-01 UTC. */
export interface FileTimes {
  readonly created: bigint;
  readonly modified: bigint;
  /** When the record itself changed. */
  readonly changed: bigint;
  readonly accessed: bigint;
}

/** $STANDARD_INFORMATION. */
export interface StandardInformation extends FileTimes {
  /** FILE_ATTRIBUTE_* flags. */
  readonly attributes: number;
  /** The key into $Secure; from NTFS 3.0 on, and 0 where the file holds its own descriptor. */
  readonly securityId: number;
}

/** $FILE_NAME, which is also the key of a directory's index. */
export interface FileName extends FileTimes {
  readonly parent: FileReference;
  /** Bytes, as of the last time that somebody updated this copy. */
  readonly size: number;
  readonly attributes: number;
  /** Where the attributes say that there is a reparse point. */
  readonly reparseTag?: number;
  readonly namespace: number;
  readonly name: string;
}

/** $VOLUME_INFORMATION. */
export interface VolumeInformation {
  readonly major: number;
  readonly minor: number;
  readonly flags: number;
}

const FileAttribute = { Directory: 0x10, ReparsePoint: 0x400, Encrypted: 0x4000 } as const;
/** Set in $FILE_NAME only: the record has an index of names. */
const DUPLICATE_DIRECTORY = 0x1000_0000;

/** A name of 8.3 characters that stands beside a long one. */
export const NAMESPACE_DOS = 2;
export const VOLUME_FLAG_DIRTY = 0x0001;

/** Where $FILE_NAME has its length in characters, then its namespace, then its name. */
export const FILE_NAME_LENGTH_AT = 64;
export const FILE_NAME_AT = 66;

export function decodeStandardInformation(bytes: Uint8Array): StandardInformation {
  const reader = new Reader(bytes, '$STANDARD_INFORMATION');
  const times = readTimes(reader);
  const attributes = reader.u32le();
  reader.skip(4 + 4 + 4); // maximum versions, version number, class id
  if (reader.remaining < 8) return { ...times, attributes, securityId: 0 };
  reader.skip(4); // owner id
  return { ...times, attributes, securityId: reader.u32le() };
}

export function decodeFileName(bytes: Uint8Array): FileName {
  const reader = new Reader(bytes, '$FILE_NAME');
  const parent = readFileReference(reader);
  const times = readTimes(reader);
  reader.skip(8); // allocated size
  const size = reader.u64leNumber();
  const attributes = reader.u32le();
  const reparseTag = reader.u32le();
  const length = reader.u8();
  const namespace = reader.u8();
  const name = decodeUtf16le(reader.bytes(length * 2));
  const isReparsePoint = (attributes & FileAttribute.ReparsePoint) !== 0;
  return { parent, ...times, size, attributes, ...(isReparsePoint ? { reparseTag } : {}), namespace, name };
}

export function isDirectoryName(name: FileName): boolean {
  return (name.attributes & (DUPLICATE_DIRECTORY | FileAttribute.Directory)) !== 0;
}

export function decodeVolumeInformation(bytes: Uint8Array): VolumeInformation {
  const reader = new Reader(bytes, '$VOLUME_INFORMATION');
  reader.skip(8);
  return { major: reader.u8(), minor: reader.u8(), flags: reader.u16le() };
}

function readTimes(reader: Reader): FileTimes {
  return {
    created: reader.u64le(),
    modified: reader.u64le(),
    changed: reader.u64le(),
    accessed: reader.u64le(),
  };
}
