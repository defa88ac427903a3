import { tryDecode } from '../../bytes/decode-error.ts';
import { Reader } from '../../bytes/reader.ts';
import { type Medium, NO_ANSWER, readAt, type Walker } from '../walker.ts';
import { AttributeType } from './attribute.ts';
import { findStream, type NtfsFile, openStream, readFiles } from './file.ts';
import { type Collation, openIndex, searchIndex } from './index-tree.ts';
import { decodeStandardInformation } from './metadata.ts';
import { RecordNumber, type Volume } from './volume.ts';

export type SecurityDescriptor =
  /** `bytes`: a self-relative [MS-DTYP] 2.4.6 SECURITY_DESCRIPTOR. */
  { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly problem: string };

/** Hash, security id, offset and size stand before every descriptor in $SDS. */
const SDS_HEADER_SIZE = 20;
/** An access control list counts its bytes in 16 bits; a descriptor has two, and two SIDs. */
const DESCRIPTOR_SIZE_MAX = 3 << 16;
/** Every 256 KiB of $SDS are followed by a copy of themselves. */
const SDS_COPY_DISTANCE = 1 << 18;

/**
 * The security descriptor of a file: by its security id in $Secure's index $SII, which tells the place
 * in $SDS; or, for files without an id, its own $SECURITY_DESCRIPTOR.
 * Two rounds where $Secure's record is among the first 64 KiB of the $MFT (as it is) and its index
 * has at most 1 MiB, else one more a level; none where the file holds its own.
 * Source: "New Technologies File System (NTFS)" of libfsntfs, "$Secure metadata file".
 */
export function* readSecurityDescriptor(volume: Volume, file: NtfsFile): Walker<SecurityDescriptor> {
  const value = findStream(file, AttributeType.StandardInformation)?.value;
  const information = value && tryDecode(() => decodeStandardInformation(value));
  const id = information?.ok ? information.value.securityId : 0;
  if (id !== 0) return yield* readShared(volume, id);
  const own = findStream(file, AttributeType.SecurityDescriptor);
  if (own === undefined) return lost('it has neither a security id nor a descriptor of its own');
  const opened = openStream(volume, own);
  if (!opened.ok) return opened;
  if (!(own.size <= DESCRIPTOR_SIZE_MAX)) return lost(`a descriptor of ${own.size} bytes is not read`);
  return yield* readAt(opened.medium, 0, own.size);
}

interface SdsPlace {
  readonly hash: number;
  readonly id: number;
  readonly offset: number;
  readonly size: number;
}

function* readShared(volume: Volume, id: number): Walker<SecurityDescriptor> {
  const [secure = NO_ANSWER] = yield* readFiles(volume, [{ record: RecordNumber.Secure, sequence: 0 }]);
  if (!secure.ok) return lost(`$Secure: ${secure.problem}`);
  const tree = openIndex(volume, secure.file, '$SII');
  if (typeof tree === 'string') return lost(`$Secure: ${tree}`);
  const [found] = yield* searchIndex(tree, [id], BY_SECURITY_ID);
  if (found?.kind === 'absent') return lost(`$Secure has no descriptor ${id}`);
  if (found?.kind !== 'found') return lost(`$Secure: ${found?.problem ?? NO_ANSWER.problem}`);
  const bytes = found.entry.bytes;
  const place = tryDecode(() => {
    const reader = new Reader(bytes, '$SII entry');
    reader.seek(reader.u16le());
    return readPlace(reader);
  });
  if (!place.ok) return lost(place.error.message);
  const stream = findStream(secure.file, AttributeType.Data, '$SDS');
  const opened = stream && openStream(volume, stream);
  if (!opened?.ok) return lost(`$Secure: ${opened?.problem ?? 'it has no stream $SDS'}`);
  return yield* readDescriptor(opened.medium, place.value);
}

/** Reads a descriptor, or its copy where the first is not what the index says. */
function* readDescriptor(sds: Medium, place: SdsPlace): Walker<SecurityDescriptor> {
  const { id, size } = place;
  if (!(size > SDS_HEADER_SIZE && size <= DESCRIPTOR_SIZE_MAX))
    return lost(`descriptor ${id} of ${size} bytes`);
  let problem = '';
  for (const offset of [place.offset, place.offset + SDS_COPY_DISTANCE]) {
    const result = yield* readAt(sds, offset, size);
    if (!result.ok) {
      problem ||= result.problem;
      continue;
    }
    const decoded = tryDecode(() => {
      const reader = new Reader(result.bytes, '$SDS entry');
      const stated = readPlace(reader);
      const descriptor = reader.bytes(size - SDS_HEADER_SIZE);
      if (!(stated.id === id)) reader.fail(`descriptor ${stated.id} where ${id} should be`);
      if (!(hashDescriptor(descriptor) === stated.hash))
        reader.fail(`descriptor ${id} does not have its hash`);
      return descriptor;
    });
    if (decoded.ok) return { ok: true, bytes: decoded.value };
    problem ||= decoded.error.message;
  }
  return lost(problem);
}

function readPlace(reader: Reader): SdsPlace {
  return { hash: reader.u32le(), id: reader.u32le(), offset: reader.u64leNumber(), size: reader.u32le() };
}

/** The hash that $SDH is sorted by: of every 32-bit word, added to the sum before, turned left by 3. */
function hashDescriptor(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = 0;
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    hash = (view.getUint32(at, true) + ((hash << 3) | (hash >>> 29))) | 0;
  }
  return hash >>> 0;
}

/** COLLATION_NTOFS_ULONG. */
const BY_SECURITY_ID: Collation<number, number> = {
  *keys(entries) {
    return entries.map(({ key }) =>
      key.length < 4 ? Number.NaN : new DataView(key.buffer, key.byteOffset, 4).getUint32(0, true),
    );
  },
  compare: (target, key) => target - key,
};

function lost(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}
